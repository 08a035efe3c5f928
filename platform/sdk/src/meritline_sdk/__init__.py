"""The language of after-sales appraisal: everything a plugin author imports stands here."""

from meritline_sdk.hookspecs import hookimpl
from meritline_sdk.model import rules
from meritline_sdk.model.bands import LOWER_INCLUSIVE, UPPER_INCLUSIVE, Grade, GradeBands
from meritline_sdk.model.canonical import canonical, content_hash
from meritline_sdk.model.expressions import (
    Expr,
    ExpressionError,
    Parameter,
    Quotient,
    days,
    hours,
    minutes,
    seconds,
)  # fmt: skip
from meritline_sdk.model.fields import Choice, Code, Day, Flag, Instant, Int, Number, People, Person, Team
from meritline_sdk.model.indicators import Indicator, RatedIndicator
from meritline_sdk.model.measures import (
    Change,
    Count,
    Credit,
    Mean,
    Percentile,
    Ratio,
    Sum,
    company_only,
    divided,
    each,
)  # fmt: skip
from meritline_sdk.model.records import Attribution, DeclarationError, RecordType
from meritline_sdk.model.rewards import ByGrade, ByRank, Fine, PerReading, Pool, RewardTable, WhenMet
from meritline_sdk.model.schemes import (
    AS_GIVEN,
    FULL,
    MUST_SUM_TO_100,
    RENORMALISE,
    RENORMALISED,
    ZERO,
    Event,
    Item,
    Part,
    PeriodKind,
    Ranking,
    Scheme,
    SchemeTemplate,
    SubjectKind,
)  # fmt: skip
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import (
    COUNT,
    DAYS,
    HIGHER,
    HOURS,
    LOWER,
    MINUTES,
    MONEY,
    NEITHER,
    PER_MINUTE,
    PERCENT,
    PERCENTAGE_POINT,
    POINTS,
    SCORE_5,
    SCORE_100,
    SECONDS,
    YES_NO,
    Direction,
    Unit,
)  # fmt: skip


class MeritlineDeprecationWarning(DeprecationWarning):
    """Something of the SDK that will be removed; the message names the version and what to use instead."""


__all__ = [
    "AS_GIVEN", "COUNT", "DAYS", "FULL", "HIGHER", "HOURS", "LOWER", "LOWER_INCLUSIVE", "MINUTES", "MONEY",
    "MUST_SUM_TO_100", "NEITHER", "PERCENT", "PERCENTAGE_POINT", "PER_MINUTE", "POINTS", "RENORMALISE",
    "RENORMALISED", "SCORE_5", "SCORE_100", "SECONDS", "UPPER_INCLUSIVE", "YES_NO", "ZERO", "Attribution",
    "ByGrade", "ByRank", "Change", "Choice", "Code", "Count", "Credit", "Day", "DeclarationError", "Direction",
    "Event", "Expr", "ExpressionError", "Fine", "Flag", "Grade", "GradeBands", "Indicator", "IndicatorSet",
    "Instant", "Int", "Item", "Mean", "MeritlineDeprecationWarning", "Number", "Parameter", "Part", "People",
    "PerReading", "Percentile", "PeriodKind", "Person", "Pool", "Quotient", "Ranking", "RatedIndicator", "Ratio",
    "RecordType", "RewardTable", "Scheme", "SchemeTemplate", "SubjectKind", "Sum", "Team", "Text", "Unit", "WhenMet",
    "canonical", "company_only", "content_hash", "days", "divided", "each", "hookimpl", "hours", "minutes",
    "rules", "seconds",
]  # fmt: skip

"""An indicator's formula as a sentence: what is counted, whose it is, which moment decides the period."""

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce

from meritline_sdk.explain.phrases import index
from meritline_sdk.explain.ratings import rated_sentence
from meritline_sdk.explain.vocabulary import SENTENCES
from meritline_sdk.explain.words import Wording, known_records
from meritline_sdk.model.indicators import AnyIndicator, RatedIndicator
from meritline_sdk.model.measures import (
    OF_NO_RECORDS,
    Change,
    ChosenCredit,
    Complete,
    Count,
    Credit,
    Distinct,
    EmployedDays,
    Largest,
    Mean,
    Measure,
    Percentile,
    PeriodDays,
    Pooled,
    PythonMeasure,
    Ratio,
    Side,
    Smallest,
    Sum,
    Tally,
    Total,
    Weighted,
    tallies_of,
)  # fmt: skip
from meritline_sdk.model.nodes import Both, Node
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.units import Direction


def sentence(indicator: AnyIndicator, language: str,
             records: Mapping[str, RecordDeclaration] | None = None) -> str:
    """The indicator's formula as an HR administrator reads it.

    ``records`` are the record types whose titles are used; without it those declared in this process.
    """
    wording = Wording(language, known_records() if records is None else records)
    if isinstance(indicator, RatedIndicator):
        return rated(indicator, language)
    body = say(language, "unit", text=measured(indicator.measure, wording),
               unit=indicator.unit.title.in_language(language))
    told = [body, *attribution(indicator.measure, wording)]
    told += [say(language, "beside", title=each.title.in_language(language),
                 text=lowered(measured(each.measure, wording))) for each in indicator.beside]
    if indicator.minimum_sample > 1:
        told.append(say(language, "minimum", count=indicator.minimum_sample))
    if indicator.settles_after is not None:
        told.append(say(language, "settles", time=wording.say(indicator.settles_after)))
    told.append(direction(indicator.better, language))
    return say(language, "space").join(told)


def say(language: str, key: str, **values: object) -> str:
    """The phrase in the language, filled."""
    return SENTENCES[key][index(language)].format(**values)


def direction(better: Direction, language: str) -> str:
    """Which way is better."""
    return say(language, better.value)


def rated(indicator: RatedIndicator, language: str) -> str:
    """Who rates, on which scale, and how the ratings become one number."""
    return say(language, "space").join([*rated_sentence(indicator, language), direction(indicator.better, language)])


def measured(measure: Measure, wording: Wording) -> str:
    """What is counted, added up or divided."""
    language = wording.language
    match measure:
        case Change():
            key = "relative" if measure.relative else "change"
            return say(language, key, measure=measured(measure.measure, wording))
        case Ratio():
            if (further := narrower(measure)) is not None:
                assert isinstance(measure.denominator, Tally)
                return tallied(measure.denominator, "share", wording, condition=wording.condition(further))
            return say(language, "ratio", above=side(measure.numerator, wording),
                       below=lowered(side(measure.denominator, wording)))
        case Percentile():
            return tallied(measure.tally, "percentile", wording, percent=measure.percent)
        case Total():
            return side(measure, wording)
        case Pooled():
            return say(language, "pooled", parts=say(language, "semicolon").join(
                lowered(tallied(part, "mean", wording)) for part in measure.parts))
        case Weighted():
            return say(language, "weighted", parts=say(language, "semicolon").join(
                say(language, "weighted_part", measure=lowered(measured(one, wording)), weight=wording.say(weight))
                for one, weight in measure.parts))
        case Complete():
            return say(language, "complete", pairs=say(language, "and").join(
                say(language, "complete_pair", part=lowered(side(part, wording)), whole=lowered(side(whole, wording)))
                for part, whole in measure.pairs))
        case Count() | Distinct() | Sum() | EmployedDays() | PeriodDays():
            return side(measure.tally, wording)
        case PythonMeasure():
            records = lowered(tallied(measure.tally, "rows", wording))
            return say(language, "python", says=measure.says.in_language(language).rstrip(".。 "), name=measure.name,
                       records=records)
        case Mean() | Largest() | Smallest():
            return tallied(measure.tally, type(measure).__name__.lower(), wording)


def side(part: Side, wording: Wording) -> str:
    """A count, a sum or several of them together."""
    if isinstance(part, Total):
        first, *others = (side(each, wording) for each in part.parts)
        return reduce(lambda left, right: say(wording.language, "plus", left=left, right=lowered(right)), others, first)
    if part.how in OF_NO_RECORDS:
        return say(wording.language, part.how)
    if part.how == "distinct":
        return tallied(part, "distinct" if len(part.by) > 1 else "distinct_one", wording, by=wording.listed(part.by))
    return tallied(part, "sum" if part.value else "count", wording)


def lowered(text: str) -> str:
    """The text inside a sentence."""
    return text[:1].lower() + text[1:]


def narrower(ratio: Ratio) -> Node | None:
    """What the numerator asks for beyond the denominator, where that is all that tells them apart."""
    above, below = ratio.numerator, ratio.denominator
    if isinstance(above, Total) or isinstance(below, Total):
        return None
    if above.how != "count" or replace(above, where=None) != replace(below, where=None):
        return None
    asked, granted = conjuncts(above.where), conjuncts(below.where)
    further = [part for part in asked if part not in granted]
    if not further or any(part not in asked for part in granted):
        return None
    return reduce(Both, further)


def conjuncts(node: Node | None) -> tuple[Node, ...]:
    """The conditions that are joined by AND."""
    if node is None:
        return ()
    return (*conjuncts(node.left), *conjuncts(node.right)) if isinstance(node, Both) else (node,)


def tallied(tally: Tally, phrase: str, wording: Wording, **values: object) -> str:
    """One tally in words."""
    key = "records" if tally.where is None else "records_where"
    records = say(wording.language, key, record=wording.record(tally.record),
                  condition="" if tally.where is None else wording.condition(tally.where))
    value = "" if tally.value is None else wording.say(tally.value)
    if tally.over is not None:
        value = wording.word("quotient", left=value, right=wording.say(tally.over))
    return say(wording.language, phrase, records=records, value=value, **values)


def attribution(measure: Measure, wording: Wording) -> list[str]:
    """Moment and credit; said more than once only where the parts differ."""
    language = wording.language
    parts = [part for part in tallies_of(measure) if not part.earlier and part.how not in OF_NO_RECORDS]
    told = list(dict.fromkeys((part.record, attributed(part, wording)) for part in parts))
    if len({text for _, text in told}) <= 1:
        return [text for _, text in told[:1]]
    if isinstance(measure, Ratio) and len(told) == 2 and not any(
            isinstance(each, Total) for each in (measure.numerator, measure.denominator)):
        return [say(language, "above_line", text=told[0][1]), say(language, "below_line", text=told[1][1])]
    return [say(language, "of_part", record=wording.record(record), text=text) for record, text in told]


def attributed(part: Tally, wording: Wording) -> str:
    """Which moment decides the period and whom a record counts for."""
    language = wording.language
    moment = (say(language, "all_time") if part.at is None else say(language, "period", at=wording.say(part.at)))
    return say(language, "space").join((moment, credited(part.credit, wording)))


def credited(credit: Credit | ChosenCredit, wording: Wording) -> str:
    """Whom a record counts for, or among what the tenant chooses."""
    language = wording.language
    if isinstance(credit, ChosenCredit):
        return say(language, "credit_chosen", options=say(language, "semicolon").join(
            say(language, "credit_option", name=name, text=credited(one, wording).rstrip(".。"))
            for name, one in credit.options))
    holder = "" if credit.field is None else wording.field(credit.field)
    divisor = "" if credit.divisor is None else wording.say(credit.divisor)
    return say(language, f"credit_{credit.mode}", holder=holder, divisor=divisor)

"""Measures: what an indicator divides, compares or ranks, made of tallies. Decides which tallies go together.

A tally looks at records; a measure looks at what its tallies found. Division happens here, exactly, and never in a
tally.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from meritline_sdk.model.credits import ChosenCredit, Credit, Credited, company_only, credit_choice, divided, each
from meritline_sdk.model.expressions import Expr, ExpressionError, as_expr, parameters_of
from meritline_sdk.model.functions import PythonMeasure
from meritline_sdk.model.kinds import NUMERIC, SUMMABLE, Kind
from meritline_sdk.model.nodes import Field, Literal, Node, ParameterRef, kind_of, walk
from meritline_sdk.model.records import RecordType
from meritline_sdk.model.tallies import (
    AS_THINGS_STAND,
    EMPLOYED_DAYS,
    OF_NO_RECORDS,
    PERIOD_DAYS,
    Tally,
    days_tally,
    require_whole,
    settled,
    tally,
)  # fmt: skip

__all__ = [
    "AS_THINGS_STAND", "OF_NO_RECORDS", "Change", "ChosenCredit", "Complete", "Count", "Credit", "Distinct",
    "EmployedDays", "Largest", "Mean", "Measure", "Percentile", "PeriodDays", "Pooled", "PythonMeasure", "Ratio",
    "Side", "Smallest", "Sum", "Tally", "Total", "Weighted", "company_only", "credit_choice", "divided", "each",
    "measure_parameters", "settled", "side_tallies", "tallies_of", "value_kind",
]  # fmt: skip

OF_EMPLOYMENT, OF_THE_PERIOD = days_tally(EMPLOYED_DAYS), days_tally(PERIOD_DAYS)


@dataclass(frozen=True, slots=True, init=False)
class Count:
    """How many records, of those for which ``where`` is true; in COUNT. Of none it is 0 where the source delivered the
    period, else not measured.

    ``credit`` says whose a record is and ``at`` which moment decides its period, where that is not as the record type
    says. People who share a record get their parts of it, so a count may be a fraction. Raises ``ExpressionError`` for
    a condition that is none, or that names another record type.

    >>> Count(Callout, where=Callout.visits == 1).tally.record
    'doc_callout'
    """

    tally: Tally

    def __init__(self, record: type[RecordType], where: Expr | None = None, *, credit: Credited | None = None,
                 at: Expr | str | None = None) -> None:
        object.__setattr__(self, "tally", tally("count", record, where, credit, at, None))


@dataclass(frozen=True, slots=True, init=False)
class Distinct:
    """How many different things there are, told apart by ``by``; in COUNT.

    A record that lacks one of them is left out. What several people did together counts once for their team and the
    company. Raises ``ExpressionError`` without ``by``, and for people.

    >>> len(Distinct(Callout, by=[Callout.order_no, local_day(Callout.opened_at)]).tally.by)
    2
    """

    tally: Tally

    def __init__(self, record: type[RecordType], by: Sequence[Expr], where: Expr | None = None, *,
                 credit: Credited | None = None, at: Expr | str | None = None) -> None:
        for part in by:
            if not isinstance(part, Expr) or kind_of(part.node) is Kind.PEOPLE:
                raise ExpressionError(f"what is counted once is told apart by single values: got {part!r}")
        if not by:
            raise ExpressionError("say by=[...]: what makes two records the same thing")
        found = tally("distinct", record, where, credit, at, None, by)
        object.__setattr__(self, "tally", require_whole(found, "count of different things"))


@dataclass(frozen=True, slots=True, init=False)
class Sum:
    """The sum of a number or a duration, in the indicator's unit; records without it are left out.

    Of none it is 0 where the source delivered the period.

    ``over`` divides each value exactly. ``record`` is only needed where the value names no field. Raises
    ``ExpressionError`` for what cannot be added up.

    >>> Sum(Callout.cost, where=Callout.outcome == "fixed").tally.how
    'sum'
    """

    tally: Tally

    def __init__(self, value: Expr, where: Expr | None = None, *,
                 credit: Credited | None = None, at: Expr | str | None = None,
                 record: type[RecordType] | None = None, over: Expr | None = None) -> None:
        object.__setattr__(self, "tally", summed("sum", value, where, credit, at, record, over))


@dataclass(frozen=True, slots=True, init=False)
class Mean:
    """The mean of a number or a duration over the records that have it, in the indicator's unit; nothing to average is
    not measured.

    ``over`` divides each record's value exactly: ``Mean(a.mark * 100, over=a.scale_max)``. Raises ``ExpressionError``
    where the credit is shared in parts: the mean of three people's thirds would be a third of the mean.

    >>> Mean(Callout.closed_at - Callout.opened_at).tally.how
    'sum'
    """

    tally: Tally

    def __init__(self, value: Expr, where: Expr | None = None, *,
                 credit: Credited | None = None, at: Expr | str | None = None,
                 record: type[RecordType] | None = None, over: Expr | None = None) -> None:
        object.__setattr__(self, "tally", require_whole(summed("sum", value, where, credit, at, record, over), "mean"))


@dataclass(frozen=True, slots=True, init=False)
class Percentile:
    """The value below which ``percent`` of a hundred records lie, by nearest rank (``ceil(percent * n / 100)``): always
    a value that a record has. Nothing to rank is not measured.

    ``percent`` is a whole number from 1 to 100, else ``ExpressionError``.

    >>> Percentile(Callout.closed_at - Callout.opened_at, 90).percent
    90
    """

    tally: Tally
    percent: int

    def __init__(self, value: Expr, percent: int, where: Expr | None = None, *, credit: Credited | None = None,
                 at: Expr | str | None = None, record: type[RecordType] | None = None) -> None:
        if not isinstance(percent, int) or not 1 <= percent <= 100:
            raise ExpressionError(f"a percentile is a whole number from 1 to 100: got {percent!r}")
        found = require_whole(summed("values", value, where, credit, at, record), "percentile")
        object.__setattr__(self, "tally", found)
        object.__setattr__(self, "percent", percent)


@dataclass(frozen=True, slots=True, init=False)
class Largest:
    """The largest value, in the indicator's unit.

    ``nothing`` is what it is where the source delivered and no record has one; without it that is not measured.

    >>> Largest(Callout.visits, nothing=0).nothing
    0
    """

    tally: Tally
    nothing: int | None

    def __init__(self, value: Expr, where: Expr | None = None, *,
                 credit: Credited | None = None, at: Expr | str | None = None,
                 record: type[RecordType] | None = None, nothing: int | None = None) -> None:
        found = require_whole(summed("values", value, where, credit, at, record), "largest value")
        object.__setattr__(self, "tally", found)
        object.__setattr__(self, "nothing", nothing)


@dataclass(frozen=True, slots=True, init=False)
class Smallest:
    """The smallest value; ``nothing`` as in ``Largest``.

    >>> Smallest(Callout.visits).nothing is None
    True
    """

    tally: Tally
    nothing: int | None

    def __init__(self, value: Expr, where: Expr | None = None, *,
                 credit: Credited | None = None, at: Expr | str | None = None,
                 record: type[RecordType] | None = None, nothing: int | None = None) -> None:
        found = require_whole(summed("values", value, where, credit, at, record), "smallest value")
        object.__setattr__(self, "tally", found)
        object.__setattr__(self, "nothing", nothing)


@dataclass(frozen=True, slots=True)
class EmployedDays:
    """How many days of the period the employee was employed, in days; for a team and the company, all days of it. What
    is divided by it is a rate per day employed.

    >>> Ratio(Count(Callout), EmployedDays()).denominator.how
    'employed_days'
    """

    tally: Tally = OF_EMPLOYMENT


@dataclass(frozen=True, slots=True)
class PeriodDays:
    """How many days the period has: 31 in May, 92 in its quarter.

    >>> Ratio(EmployedDays(), PeriodDays()).denominator.how
    'period_days'
    """

    tally: Tally = OF_THE_PERIOD


@dataclass(frozen=True, slots=True, init=False)
class Total:
    """Several counts or sums together, also of different record types: work orders and tickets.

    Record types that a company has no source of are left aside. Raises ``ExpressionError`` for a single one, and where
    times are added to numbers.

    >>> len(Total(Count(Callout), Count(Callout, where=Callout.visits > 1)).parts)
    2
    """

    parts: tuple[Tally, ...]

    def __init__(self, *parts: Count | Sum | Distinct) -> None:
        if len(parts) < 2 or not all(isinstance(part, Count | Sum | Distinct) for part in parts):
            raise ExpressionError(f"a total is of at least two counts or sums: got {parts!r}")
        found = tuple(part.tally for part in parts)
        if len({timed(part) for part in found}) > 1:
            raise ExpressionError("a total adds like to like: times to times, or numbers to numbers")
        object.__setattr__(self, "parts", found)


@dataclass(frozen=True, slots=True, init=False)
class Pooled:
    """One mean over the records of several types: of all cases, be they work orders or tickets. Every record weighs the
    same.

    >>> len(Pooled(Mean(Callout.cost), Mean(Callout.visits)).parts)
    2
    """

    parts: tuple[Tally, ...]

    def __init__(self, *parts: Mean) -> None:
        if len(parts) < 2 or not all(isinstance(part, Mean) for part in parts):
            raise ExpressionError(f"a pooled mean is of at least two means: got {parts!r}")
        found = tuple(part.tally for part in parts)
        if len({timed(part) for part in found}) > 1:
            raise ExpressionError("a pooled mean adds like to like: times to times, or numbers to numbers")
        object.__setattr__(self, "parts", found)


type Side = Tally | Total


type Countable = Count | Sum | Distinct | EmployedDays | PeriodDays | Total
"""What a ratio divides."""


@dataclass(frozen=True, slots=True, init=False)
class Ratio:
    """One count, sum or total divided by another, which may be of another record type; exact, and in PERCENT times 100.

    Divided by nothing it is not measured. Its sample is how many records stand below the bar. Raises
    ``ExpressionError`` for what is no count, sum or total.

    >>> share = Ratio(Count(Callout, where=Callout.visits == 1), Count(Callout))
    >>> share.numerator.where is not None, share.denominator.where
    (True, None)
    """

    numerator: Side
    denominator: Side

    def __init__(self, numerator: Countable, denominator: Countable) -> None:
        object.__setattr__(self, "numerator", side_of(numerator))
        object.__setattr__(self, "denominator", side_of(denominator))


def side_of(part: Countable) -> Side:
    """One side of a ratio."""
    if isinstance(part, Total):
        return part
    if isinstance(part, Count | Sum | Distinct | EmployedDays | PeriodDays):
        return part.tally
    raise ExpressionError(f"a ratio is of two counts, sums or totals: got {part!r}")


def side_tallies(side: Side) -> tuple[Tally, ...]:
    """The tallies of a side."""
    return side.parts if isinstance(side, Total) else (side,)


@dataclass(frozen=True, slots=True, init=False)
class Weighted:
    """The weighted mean of several measures over those that are measured; none measured is not measured.

    Each part is ``(measure, weight)``; a weight is a number from 0 on, or a Parameter.

    >>> len(Weighted((Mean(Callout.visits), 2), (Mean(Callout.cost), Parameter("cost_weight", 1))).parts)
    2
    """

    parts: "tuple[tuple[Measure, Literal | ParameterRef], ...]"

    def __init__(self, *parts: "tuple[Measure, Expr | int | Decimal]") -> None:
        if len(parts) < 2:
            raise ExpressionError("a weighted mean is of at least two measures with their weights")
        object.__setattr__(self, "parts", tuple((checked_part(one), weight_of(weight)) for one, weight in parts))


def checked_part(measure: Any) -> "Measure":
    """A measure that gives one number of its own."""
    if isinstance(measure, Ratio | Mean | Pooled | Percentile | Largest | Smallest | Sum | Count | Distinct | Total):
        return measure
    raise ExpressionError(f"a weighted mean is of measures: got {measure!r}")


def weight_of(weight: Any) -> Literal | ParameterRef:
    """A number of at least zero, or a parameter."""
    node = as_expr(weight).node
    if not isinstance(node, Literal | ParameterRef) or node.kind not in NUMERIC:
        raise ExpressionError(f"a weight is a number or a Parameter: got {weight!r}")
    if isinstance(node, Literal) and Decimal(str(node.value)) < 0:
        raise ExpressionError(f"a weight is not below zero: got {weight!r}")
    return node


@dataclass(frozen=True, slots=True, init=False)
class Complete:
    """1 where each part is its whole and the whole is not nothing, else 0: full attendance.

    ``Complete((Count(d, where=unbroken), Count(d)), (EmployedDays(), PeriodDays()))``. Where a record type of it was
    not delivered it is not measured.
    """

    pairs: tuple[tuple[Tally, Tally], ...]

    def __init__(self, *pairs: tuple[Countable, Countable]) -> None:
        if not pairs:
            raise ExpressionError("Complete needs a (part, whole)")
        found = tuple((side_of(part), side_of(whole)) for part, whole in pairs)
        if any(isinstance(side, Total) for pair in found for side in pair):
            raise ExpressionError("Complete compares single counts or sums")
        object.__setattr__(self, "pairs", found)


@dataclass(frozen=True, slots=True)
class Change:
    """A measure less the same one a period earlier (the month or quarter before); not measured unless both are.

    It is in the measure's unit, that of a percentage in PERCENTAGE_POINT. ``relative``: divided by the earlier one, in
    PERCENT; not measured where that is zero.

    >>> Change(Count(Callout), relative=True).measure.tally.earlier
    0
    """

    measure: "Count | Sum | Distinct | Mean | Ratio | Percentile | Total | Pooled | Largest | Smallest"
    relative: bool = False


type Measure = (
    Count | Distinct | Sum | Mean | Percentile | Largest | Smallest | EmployedDays | PeriodDays | Total | Pooled
    | Ratio | Weighted | Complete | Change | PythonMeasure
)


def summed(how: str, value: Expr, where: Expr | None, credit: Credited | None, at: Expr | str | None,
           record: type[RecordType] | None, over: Expr | None = None) -> Tally:
    """A tally of a value; the record type is the one whose fields the value names."""
    if not isinstance(value, Expr) or kind_of(value.node) not in SUMMABLE:
        raise ExpressionError(f"only a number or a duration can be added up or ranked: got {value!r}")
    return tally(how, record or owner(value), where, credit, at, value, over=over)


def timed(found: Tally) -> bool:
    """Whether it adds up or collects durations."""
    return found.value is not None and kind_of(found.value) is Kind.DURATION


def owner(value: Expr) -> Any:
    """The record type whose fields the expression names."""
    keys = {node.record for node in walk(value.node) if isinstance(node, Field)}
    known = {kind.declaration.key: kind for kind in every_record_type(RecordType)}
    if len(keys) != 1 or not keys <= known.keys():
        raise ExpressionError(f"say record=...: the value names fields of {sorted(keys) or 'no record type'}")
    return known[keys.pop()]


def every_record_type(base: type) -> list[Any]:
    """All declared record types, the youngest first."""
    below: list[type] = type.__subclasses__(base)
    return [found for sub in reversed(below) for found in (sub, *every_record_type(sub))]


def tallies_of(measure: Measure) -> tuple[Tally, ...]:
    """The tallies a measure needs, without repetition, in a fixed order."""
    found: tuple[Tally, ...]
    match measure:
        case Ratio():
            found = (*side_tallies(measure.numerator), *side_tallies(measure.denominator))
        case Total() | Pooled():
            found = measure.parts
        case Weighted():
            found = tuple(each for one, _ in measure.parts for each in tallies_of(one))
        case Complete():
            found = tuple(each for pair in measure.pairs for each in pair)
        case Change():
            now = tallies_of(measure.measure)
            found = (*now, *(part.before() for part in now))
        case _:
            found = (measure.tally,)
    return tuple(dict.fromkeys(found))


def value_kind(measure: Measure) -> Kind | None:
    """The kind of what is added up or ranked: a number, a duration, or None for counts and ratios."""
    match measure:
        case Change():
            return value_kind(measure.measure)
        case Sum() | Mean() | Percentile() | Largest() | Smallest():
            return kind_summed(measure.tally)
        case Total() | Pooled():
            return kind_summed(measure.parts[0])
        case Weighted():
            return value_kind(measure.parts[0][0])
        case _:
            return None


def kind_summed(found: Tally) -> Kind | None:
    """Number or duration; None for what only counts."""
    if found.value is None:
        return None
    kind = kind_of(found.value)
    return Kind.NUMBER if kind in NUMERIC else kind


def measure_parameters(measure: Measure) -> tuple[ParameterRef, ...]:
    """The parameters a tenant may set, by name."""
    looked_at = measure.settings if isinstance(measure, PythonMeasure) else weights_of(measure)
    return parameters_of((*(node for part in tallies_of(measure) for node in part.nodes()), *looked_at))


def weights_of(measure: Measure) -> tuple[Node, ...]:
    """The weights of a weighted mean."""
    return tuple(weight for _, weight in measure.parts) if isinstance(measure, Weighted) else ()

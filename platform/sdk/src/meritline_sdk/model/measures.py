"""Measures: the mergeable state an indicator needs, made of tallies. Decides credit and time attribution.

A tally looks at one record at a time: it counts, adds up or collects. Each has its own record type, filter, credit
and moment. A measure divides, compares or ranks what its tallies found; division happens there, exactly, and never
in a tally.
"""

from dataclasses import dataclass, replace
from typing import Any

from meritline_sdk.model.expressions import Expr, ExpressionError, condition, describe, parameters_of
from meritline_sdk.model.kinds import NUMERIC, SUMMABLE, Kind
from meritline_sdk.model.nodes import Field, Node, ParameterRef, kind_of, walk
from meritline_sdk.model.records import RecordType


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom a record counts for.

    ``field`` is a Person, People or Team field, or None for what counts for the company alone.
    ``mode``: ``whole`` (the person gets it whole), ``share`` (People: each their part of the whole),
    ``each`` (People: each gets it whole; a team and the company still count it once), ``divided`` (a Person gets
    one ``divisor``-th, the rest stays visibly unassigned).
    """

    field: Field | None
    mode: str = "whole"
    divisor: Node | None = None


def each(people: Expr) -> Credit:
    """Every one of the people gets the record whole."""
    return Credit(credited_field(people, Kind.PEOPLE), "each")


def divided(person: Expr, by: Expr) -> Credit:
    """The person gets one ``by``-th of the record (``by`` a whole number of at least one)."""
    if kind_of(by.node) is not Kind.INT:
        raise ExpressionError(f"credit is divided by a whole number, but {describe(by.node)} is a {kind_of(by.node)}")
    return Credit(credited_field(person, Kind.PERSON), "divided", by.node)


def company_only() -> Credit:
    """The record counts for the company and for nobody else."""
    return Credit(None, "company")


def credited_field(chosen: Expr, *kinds: Kind) -> Field:
    """The field behind the proxy, if it is of one of the kinds."""
    node = chosen.node if isinstance(chosen, Expr) else chosen
    if not isinstance(node, Field) or node.kind not in kinds:
        raise ExpressionError(f"credit goes to a field of kind {' or '.join(kinds)}: got {node!r}")
    return node


@dataclass(frozen=True, slots=True)
class Tally:
    """What one pass over the records of a type finds for a subject and a period.

    ``how``: ``count`` records, ``sum`` of ``value``, or the sorted ``values`` themselves; records whose ``value``
    is missing are left out. ``earlier`` moves the window back by so many periods.
    """

    how: str
    record: str
    credit: Credit
    at: Field
    where: Node | None = None
    value: Node | None = None
    earlier: int = 0

    def nodes(self) -> tuple[Node, ...]:
        """Every expression in it."""
        parts = (self.where, self.value, self.credit.divisor)
        return tuple(part for part in parts if part is not None)

    def before(self, periods: int = 1) -> "Tally":
        """The same, so many periods earlier."""
        return replace(self, earlier=self.earlier + periods)


def tally(how: str, record: Any, where: Expr | None, credit: Any, at: Expr | None, value: Expr | None) -> Tally:
    """A checked tally with the record type's defaults filled in."""
    if not (isinstance(record, type) and issubclass(record, RecordType)):
        raise ExpressionError(f"a measure is of a record type such as Callout: got {record!r}")
    found = Tally(
        how, record.declaration.key, chosen_credit(record, credit), chosen_moment(record, at),
        None if where is None else condition(where), None if value is None else value.node,
    )  # fmt: skip
    for node in (*found.nodes(), found.at, *((found.credit.field,) if found.credit.field else ())):
        for below in walk(node):
            if isinstance(below, Field) and below.record != found.record:
                raise ExpressionError(f"{describe(below)} stands in a measure of {found.record!r}")
    return found


def chosen_credit(record: Any, credit: Any) -> Credit:
    """The credit asked for, or the record type's own."""
    if isinstance(credit, Credit):
        return credit
    if credit is None:
        default = record.declaration.credit
        if default is None:
            return company_only()
        credit = getattr(record, default)
    found = credited_field(credit, Kind.PERSON, Kind.TEAM, Kind.PEOPLE)
    return Credit(found, "share" if found.kind is Kind.PEOPLE else "whole")


def chosen_moment(record: Any, at: Expr | None) -> Field:
    """The moment asked for, or the record type's own."""
    node = (getattr(record, record.declaration.at) if at is None else at).node
    if not isinstance(node, Field) or node.kind not in (Kind.INSTANT, Kind.DAY):
        raise ExpressionError(f"at= names an instant or a day of the record: got {node!r}")
    return node


@dataclass(frozen=True, slots=True, init=False)
class Count:
    """How many records: ``Count(c, where=c.visits == 1)``."""

    tally: Tally

    def __init__(self, record: Any, where: Expr | None = None, *, credit: Any = None, at: Expr | None = None) -> None:
        object.__setattr__(self, "tally", tally("count", record, where, credit, at, None))


@dataclass(frozen=True, slots=True, init=False)
class Sum:
    """The sum of a number or a duration; records without it are left out."""

    tally: Tally

    def __init__(self, value: Expr, where: Expr | None = None, *, credit: Any = None, at: Expr | None = None,
                 record: Any = None) -> None:
        object.__setattr__(self, "tally", summed("sum", value, where, credit, at, record))


@dataclass(frozen=True, slots=True, init=False)
class Mean:
    """The mean of a number or a duration over the records that have it; nothing to average is not measured."""

    tally: Tally

    def __init__(self, value: Expr, where: Expr | None = None, *, credit: Any = None, at: Expr | None = None,
                 record: Any = None) -> None:
        object.__setattr__(self, "tally", require_whole(summed("sum", value, where, credit, at, record), "mean"))


@dataclass(frozen=True, slots=True, init=False)
class Percentile:
    """Nearest-rank percentile (rank ``ceil(p * n / 100)``) over the records that have the value."""

    tally: Tally
    percent: int

    def __init__(self, value: Expr, percent: int, where: Expr | None = None, *, credit: Any = None,
                 at: Expr | None = None, record: Any = None) -> None:
        if not isinstance(percent, int) or not 1 <= percent <= 100:
            raise ExpressionError(f"a percentile is a whole number from 1 to 100: got {percent!r}")
        found = require_whole(summed("values", value, where, credit, at, record), "percentile")
        object.__setattr__(self, "tally", found)
        object.__setattr__(self, "percent", percent)


@dataclass(frozen=True, slots=True, init=False)
class Ratio:
    """One tally divided by another, which may be of another record type; by nothing is not measured."""

    numerator: Tally
    denominator: Tally

    def __init__(self, numerator: Count | Sum, denominator: Count | Sum) -> None:
        for part in (numerator, denominator):
            if not isinstance(part, Count | Sum):
                raise ExpressionError(f"a ratio is of two counts or sums: got {part!r}")
        object.__setattr__(self, "numerator", numerator.tally)
        object.__setattr__(self, "denominator", denominator.tally)


@dataclass(frozen=True, slots=True)
class Change:
    """A measure less the same one period earlier; not measured unless both are."""

    measure: "Count | Sum | Mean | Ratio | Percentile"


type Measure = Count | Sum | Mean | Ratio | Percentile | Change


def summed(how: str, value: Expr, where: Expr | None, credit: Any, at: Expr | None, record: Any) -> Tally:
    """A tally of a value; the record type is the one whose fields the value names."""
    if not isinstance(value, Expr) or kind_of(value.node) not in SUMMABLE:
        raise ExpressionError(f"only a number or a duration can be added up or ranked: got {value!r}")
    return tally(how, record or owner(value), where, credit, at, value)


def require_whole(found: Tally, what: str) -> Tally:
    """The tally, if its records are credited whole: the mean of three people's thirds would be a third of the mean."""
    if found.credit.mode in ("share", "divided"):
        raise ExpressionError(f"a {what} cannot be shared: say credit= with a person, or each(people), "
                              "who then get every record whole")
    return found


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
            found = (measure.numerator, measure.denominator)
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
        case Sum() | Mean() | Percentile():
            assert measure.tally.value is not None
            kind = kind_of(measure.tally.value)
            return Kind.NUMBER if kind in NUMERIC else kind
        case _:
            return None


def measure_parameters(measure: Measure) -> tuple[ParameterRef, ...]:
    """The parameters a tenant may set, by name."""
    return parameters_of(node for part in tallies_of(measure) for node in part.nodes())

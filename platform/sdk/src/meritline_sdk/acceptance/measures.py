"""Whether a measure is one that an author could have written: its tallies, and how they go together."""

from collections.abc import Callable, Mapping
from typing import Any

from meritline_sdk.acceptance.expressions import Records, again, require_field, require_meaning
from meritline_sdk.model import measures
from meritline_sdk.model.credits import ChosenCredit, Credit, credits_of
from meritline_sdk.model.expressions import Expr, ExpressionError, condition
from meritline_sdk.model.functions import ROWS, PythonMeasure, checked_rows
from meritline_sdk.model.indicators import Indicator, indicator_tallies
from meritline_sdk.model.kinds import NUMERIC, SUMMABLE, Kind
from meritline_sdk.model.nodes import kind_of
from meritline_sdk.model.records import DeclarationError
from meritline_sdk.model.tallies import EMPLOYED_DAYS, OF_NO_RECORDS, PERIOD_DAYS, Tally, days_tally, require_whole

EARLIEST = 120
MODES: Mapping[str, frozenset[Kind]] = {
    "whole": frozenset({Kind.PERSON, Kind.TEAM}), "share": frozenset({Kind.PEOPLE}), "each": frozenset({Kind.PEOPLE}),
    "divided": frozenset({Kind.PERSON}),
}
HOW: dict[type, tuple[str, ...]] = {
    measures.Count: ("count",), measures.Distinct: ("distinct",), measures.Sum: ("sum",), measures.Mean: ("sum",),
    measures.Percentile: ("values",), measures.Largest: ("values",), measures.Smallest: ("values",),
    measures.EmployedDays: (EMPLOYED_DAYS,), measures.PeriodDays: (PERIOD_DAYS,), PythonMeasure: (ROWS,),
}
SIDES = ("count", "sum", "distinct", EMPLOYED_DAYS, PERIOD_DAYS)
ADDED = ("count", "sum", "distinct")
WHOLE = (measures.Distinct, measures.Mean, measures.Percentile, measures.Largest, measures.Smallest, PythonMeasure)


def require_measurable(indicator: Indicator, records: Records) -> None:
    """Raise where the measure, or what stands beside it, could not have been written."""
    require_measure(indicator.measure)
    for beside in indicator.beside:
        require_measure(beside.measure)
    for tally in indicator_tallies(indicator):
        require_tally(tally, records)
    if indicator.settles_after is not None:
        again(indicator.settles_after)
    indicator.parameters()  # two of one name must be the same


def require_measure(measure: Any) -> None:
    """Raise where its tallies do not go together."""
    match measure:
        case measures.Ratio():
            for side in (measure.numerator, measure.denominator):
                require_how(measures.side_tallies(side), SIDES, "a ratio is of counts, sums or totals")
        case measures.Total():
            require_how(measure.parts, ADDED, "a total is of counts or sums")
            require_alike(measure.parts)
        case measures.Pooled():
            require_how(measure.parts, ("sum",), "a pooled mean is of means")
            require_alike(measure.parts)
        case measures.Weighted():
            require_several(measure.parts)
            for part, weight in measure.parts:
                require_measure(measures.checked_part(part))
                again(measures.weight_of(Expr(weight)))
        case measures.Complete():
            require_how([side for pair in measure.pairs for side in pair], SIDES, "Complete compares counts or sums")
            if not measure.pairs:
                raise ExpressionError("Complete needs a (part, whole)")
        case measures.Change():
            require_measure(measure.measure)
        case _:
            require_single(measure)


def require_single(measure: Any) -> None:
    """Raise where a measure of one tally has another's."""
    require_how((measure.tally,), HOW[type(measure)], f"{type(measure).__name__} has another's tally")
    if isinstance(measure, WHOLE):
        require_whole(measure.tally, type(measure).__name__.lower())
    if isinstance(measure, measures.Percentile) and not 1 <= measure.percent <= 100:
        raise ExpressionError(f"a percentile is a whole number from 1 to 100: got {measure.percent!r}")
    if isinstance(measure, PythonMeasure):
        require_python(measure)


def require_python(measure: PythonMeasure) -> None:
    """Raise where the rows have not the names that they should, or the function no name."""
    if len(measure.names) != len(measure.tally.by) or len(set(measure.names)) != len(measure.names):
        raise DeclarationError("each value of a row has one name")
    checked_rows(dict(zip(measure.names, map(Expr, measure.tally.by), strict=True)))
    if not measure.module or not measure.name.isidentifier() or not all(map(str.isidentifier,
                                                                            measure.module.split("."))):
        raise DeclarationError(f"function {measure.function!r}: a function is named module:name")
    if len(measure.module_digest) != 64 or set(measure.module_digest) - set("0123456789abcdef"):
        raise DeclarationError(f"function {measure.function!r}: the digest of its module is no SHA-256")
    for setting in measure.settings:
        again(setting)


def require_how(tallies: Any, known: tuple[str, ...], why: str) -> None:
    """Raise unless every tally is of one of the ways."""
    for tally in tallies:
        if tally.how not in known:
            raise ExpressionError(f"{why}: got {tally.how!r}")


def require_several(parts: tuple[Any, ...]) -> None:
    """Raise where there is only one part."""
    if len(parts) < 2:
        raise ExpressionError("it is made of at least two parts")


def require_alike(parts: tuple[Tally, ...]) -> None:
    """Raise where times are added to numbers."""
    require_several(parts)
    if len({measures.timed(part) for part in parts}) > 1:
        raise ExpressionError("like is added to like: times to times, or numbers to numbers")


def require_tally(tally: Tally, records: Records) -> None:
    """Raise where the tally could not have been made."""
    if tally.how in OF_NO_RECORDS:
        if tally.before(-tally.earlier) != days_tally(tally.how):
            raise ExpressionError(f"{tally.how} looks at no records")
        return
    if tally.record not in records:
        raise DeclarationError(f"record type {tally.record!r} is declared by none of the sets; list it in records=, "
                               "or its set in uses=")
    for node in tally.nodes():
        require_meaning(node, tally.record, records)
    for check in CHECKS:
        check(tally, records)


def require_place(tally: Tally, _: Records) -> None:
    """Raise where the moment is none, the filter says neither yes nor no, or the period lies nowhere."""
    if tally.at is not None and kind_of(tally.at) not in (Kind.INSTANT, Kind.DAY):
        raise ExpressionError(f"at= is an instant or a day: got a {kind_of(tally.at)}")
    if tally.where is not None:
        condition(Expr(tally.where))
    if not 0 <= tally.earlier <= EARLIEST:
        raise ExpressionError(f"earlier is from 0 to {EARLIEST} periods: got {tally.earlier}")


def require_value(tally: Tally, _: Records) -> None:
    """Raise where what is added up cannot be, or is said where nothing is added up."""
    summing, apart = tally.how in ("sum", "values"), tally.how in ("distinct", ROWS)
    if (tally.value is not None) != summing or bool(tally.by) != apart or (tally.over is not None and not summing):
        raise ExpressionError(f"a tally of {tally.how!r} has a value, or tells records apart, where that means nothing")
    if tally.value is not None and kind_of(tally.value) not in SUMMABLE:
        raise ExpressionError(f"only a number or a duration can be added up: got a {kind_of(tally.value)}")
    if tally.over is not None and not {kind_of(tally.over), kind_of(tally.value or tally.over)} <= NUMERIC:
        raise ExpressionError("over= divides a number by a number")
    if any(kind_of(part) is Kind.PEOPLE for part in tally.by):
        raise ExpressionError("what is counted once is told apart by single values")


def require_credit(tally: Tally, records: Records) -> None:
    """Raise where records are credited in a way that there is not."""
    if isinstance(tally.credit, ChosenCredit):
        names = [name for name, _ in tally.credit.options]
        if set(names) != set(tally.credit.parameter.options) or len(set(names)) != len(names):
            raise ExpressionError(f"parameter {tally.credit.parameter.name!r}: its options are not those of the credit")
    for one in credits_of(tally.credit):
        require_way(one, tally, records)


def require_way(one: Credit, tally: Tally, records: Records) -> None:
    """Raise where the field cannot be credited in that way."""
    if one.field is None:
        if (one.mode, one.divisor) != ("company", None):
            raise ExpressionError(f"credit {one.mode!r} names nobody")
        return
    require_field(one.field, records)
    if one.field.record != tally.record or one.field.kind not in MODES.get(one.mode, ()):
        raise ExpressionError(f"credit {one.mode!r} of {one.field.record}.{one.field.name} in a measure of "
                              f"{tally.record!r} means nothing")
    if (one.mode == "divided") != (one.divisor is not None) or (
            one.divisor is not None and kind_of(one.divisor) is not Kind.INT):
        raise ExpressionError("credit is divided by a whole number, and only where it says so")


CHECKS: tuple[Callable[[Tally, Records], None], ...] = (require_place, require_value, require_credit)

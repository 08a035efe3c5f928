"""What a starter sets of the indicators that it reads. Decides how that is written, checked and said.

A starter says ``settings=((RESPONSE_RATE, (("default_promise", hours(2)),)),)``; what it keeps is the indicator's full
name and plain values, each of its parameter's kind. A company's own setting always comes before it.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from meritline_sdk.model.expressions import Expr, literal
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, NUMERIC, TEXTUAL, Kind
from meritline_sdk.model.nodes import Literal, ParameterRef, Scalar
from meritline_sdk.model.records import DeclarationError

type Settings = tuple[tuple[str, tuple[tuple[str, Scalar], ...]], ...]
"""(indicator's full name, ((parameter, value), ...)) for each indicator."""

type Written = Sequence[tuple[AnyIndicator | str, Sequence[tuple[str, Expr | Scalar]]]]
"""The same as a starter writes it."""

TIMES = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
SHORTEST_DAYS = 2  # below it hours are what people say: 24 h, 48 h


def plain_values(given: Iterable[tuple[str, Any]]) -> tuple[tuple[str, Scalar], ...]:
    """The values of one indicator: ``hours(2)`` as its microseconds, a float refused."""
    found: list[tuple[str, Scalar]] = []
    for name, value in given:
        node = value.node if isinstance(value, Expr) else literal(value)
        if not isinstance(node, Literal):
            raise DeclarationError(f"setting {name!r}: it is a constant such as 5 or hours(2)")
        found.append((name, node.value))
    return tuple(found)


def fitting(indicator: AnyIndicator, values: tuple[tuple[str, Scalar], ...],
            where: str) -> tuple[tuple[str, Scalar], ...]:
    """The values as their parameters have them; refused where the indicator knows no such parameter or value.

    Of a rated indicator nothing is set: a starter reads one that has its name.
    """
    if not isinstance(indicator, Indicator):
        raise DeclarationError(f"{where}: settings are of measured indicators, and {indicator.key!r} is rated")
    known = {one.name: one for one in indicator.parameters()}
    return tuple((name, fitted(known.get(name), name, value, f"{where}: setting {indicator.key}.{name}"))
                 for name, value in values)


def fitted(parameter: ParameterRef | None, name: str, value: Scalar, where: str) -> Scalar:
    """One value of its parameter's kind."""
    if parameter is None:
        raise DeclarationError(f"{where}: the indicator has no parameter {name!r}")
    kind = literal(value).kind
    allowed = {Kind.DURATION: {Kind.INT}, Kind.NUMBER: NUMERIC, Kind.CHOICE: TEXTUAL, Kind.CODE: TEXTUAL}
    if kind not in allowed.get(parameter.kind, {parameter.kind}):
        raise DeclarationError(f"{where}: {value!r} is no {parameter.kind}")
    if parameter.options and value not in parameter.options:
        raise DeclarationError(f"{where}: {value!r} is none of {', '.join(map(str, parameter.options))}")
    return Decimal(value) if parameter.kind is Kind.NUMBER else value  # type: ignore[arg-type]


def open_parameters(indicator: AnyIndicator, settings: Iterable[str] = ()) -> tuple[str, ...]:
    """What keeps the indicator from being measured until somebody sets it: blanks that are not among the settings.

    A rated one waits for a name alone: the weight of a group that nobody asks may stay open.
    """
    if not isinstance(indicator, Indicator):
        return ("name",) if indicator.needs_name else ()
    given = set(settings)
    return tuple(one.name for one in indicator.parameters() if one.default is None and one.name not in given)


def spoken(value: Scalar, kind: Kind) -> str:
    """A parameter's value as one writes it: ``48 h``, ``20 s``, ``5``."""
    if kind is not Kind.DURATION or not isinstance(value, int):
        return str(value)
    seconds = Decimal(value) / MICROSECONDS_PER_SECOND
    size, unit = next(((size, unit) for size, unit in TIMES
                       if seconds % size == 0 and (unit != "d" or seconds > SHORTEST_DAYS * size)), (1, "s"))
    return f"{(seconds / size).normalize():f} {unit}"

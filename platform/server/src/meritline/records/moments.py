"""From which fields a tally's moment comes. Decides which times of the records of a type are indexed for it.

A moment is a field as a rule, else the first or latest of several, or one and a fixed time: then a record can only
count in a period if one of these fields lies in it, give or take the fixed time. Records come in about the order of
their times, so one block range index over all these fields is enough to leave out the past, and costs imports nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from meritline_sdk.model import nodes
from meritline_sdk.model.indicators import AnyIndicator, Indicator, indicator_tallies
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Field, Node, Scalar, kind_of

type Parameters = Mapping[str, Scalar]


class Source(NamedTuple):
    """A field that gives the moment, and what is added to it."""

    field: Field
    later: timedelta = timedelta()


def sources(at: Node, parameters: Parameters) -> tuple[Source, ...] | None:
    """Where the moment comes from, whatever the record holds; None where that cannot be said."""
    match at:
        case Field():
            return (Source(at),)
        case nodes.Titled():
            return sources(at.item, parameters)
        case nodes.If():
            return united([at.then] if at.otherwise is None else [at.then, at.otherwise], parameters)
        case nodes.FirstPresent() | nodes.Extreme():
            return united(at.items, parameters)
        case nodes.Arithmetic("+" | "-", left, right) if kind_of(left) is Kind.INSTANT:
            return moved(left, right, parameters, 1 if at.op == "+" else -1)
        case nodes.Arithmetic("+", left, right):
            return moved(right, left, parameters, 1)
    return None


def united(parts: Iterable[Node], parameters: Parameters) -> tuple[Source, ...] | None:
    """The sources of all parts."""
    found = [sources(part, parameters) for part in parts]
    return None if None in found else tuple(dict.fromkeys(one for each in found for one in each or ()))


def moved(instant: Node, by: Node, parameters: Parameters, sign: int) -> tuple[Source, ...] | None:
    """The sources of an instant, so much later."""
    if not isinstance(by, nodes.Literal | nodes.ParameterRef):
        return None
    given = by.value if isinstance(by, nodes.Literal) else parameters.get(by.name, by.default)
    found = sources(instant, parameters)
    if found is None or given is None:
        return found if given is not None else ()
    step = given if isinstance(given, timedelta) else timedelta(microseconds=int(given))  # type: ignore[arg-type]
    return tuple(Source(one.field, one.later + sign * step) for one in found)


def moments_of(indicators: Iterable[AnyIndicator]) -> Mapping[str, tuple[str, ...]]:
    """For each record type the fields from which moments come, by name."""
    found: dict[str, set[str]] = {}
    for indicator in indicators:
        for tally in indicator_tallies(indicator) if isinstance(indicator, Indicator) else ():
            names = {one.field.name for one in (sources(tally.at, {}) if tally.at is not None else None) or ()}
            found.setdefault(tally.record, set()).update(names)
    return {record: tuple(sorted(names)) for record, names in sorted(found.items()) if names}

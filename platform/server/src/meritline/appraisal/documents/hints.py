"""What a reader of a scheme may overlook. Decides only what is told; nothing here refuses.

A limit on the mean decides nothing where every single case must stay within less: whoever keeps the one has kept the
other. Such a pair is found where both look at the same times of the same records.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from meritline.documents import Path, Table
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, Kind
from meritline_sdk.model.measures import Mean, Pooled, Ratio, side_tallies, tallies_of
from meritline_sdk.model.nodes import Compare, Field, Literal, Node, walk
from meritline_sdk.model.units import PERCENT, SECONDS

type Timed = frozenset[tuple[str, str]]
type Asked = tuple[Path, str, str, object]
"""Where a line stands, what it is called, its indicator, its target."""


def tell_overshadowed(table: Table, lines: list[Asked], indicators: Mapping[str, AnyIndicator]) -> None:
    """Tell of a mean whose limit another line makes superfluous."""
    whole = [(name, limit) for _, name, key, target in lines if target == 100
             for limit in each_within(indicators.get(key))]
    for path, name, key, target in lines:
        indicator = indicators.get(key)
        asked = seconds_of(indicator, target)
        if asked is None or not isinstance(indicator, Indicator):
            continue
        times = set(mean_times(indicator))
        for other, (found, seconds) in whole:
            if found in times and seconds <= asked:
                table.report("E-TARGET-OVERSHADOWED", *path, "target", value=target, unit=indicator.unit.key,
                             first=name, second=other, each=shown(seconds))
                break


def each_within(indicator: AnyIndicator | None) -> Iterator[tuple[Timed, Fraction]]:
    """The times that a share compares with a fixed limit, and the limit in seconds."""
    measure = indicator.measure if isinstance(indicator, Indicator) and indicator.unit is PERCENT else None
    for tally in side_tallies(measure.numerator) if isinstance(measure, Ratio) else ():
        for node in walk(tally.where) if tally.where is not None else ():
            time, limit = sides(node)
            if time is not None and isinstance(limit, Literal) and limit.kind is Kind.DURATION:
                yield times_in(time), Fraction(int(str(limit.value)), MICROSECONDS_PER_SECOND)


def sides(node: Node) -> tuple[Node | None, Node | None]:
    """What a comparison wants to be small, and what it is compared with."""
    if isinstance(node, Compare) and node.op in ("<", "<="):
        return node.left, node.right
    return (node.right, node.left) if isinstance(node, Compare) and node.op in (">", ">=") else (None, None)


def mean_times(indicator: Indicator) -> Iterator[Timed]:
    """The times of which it is the mean."""
    if isinstance(indicator.measure, Mean | Pooled):
        yield from (times_in(tally.value) for tally in tallies_of(indicator.measure) if tally.value is not None)


def times_in(node: Node) -> Timed:
    """The fields between which a time runs."""
    return frozenset((one.record, one.name) for one in walk(node) if isinstance(one, Field))


def seconds_of(indicator: AnyIndicator | None, target: object) -> Fraction | None:
    """A target of time in seconds."""
    if indicator is None or indicator.unit.seconds is None or not isinstance(target, int | Decimal):
        return None
    return Fraction(target) * indicator.unit.seconds


def shown(seconds: Fraction) -> str:
    """A limit as it is told."""
    return f"{Decimal(seconds.numerator) / Decimal(seconds.denominator):f} {SECONDS.symbol}"

"""Which measures have a state, and what names it. Decides what can be kept: what a record brings by itself.

Kept are counts, exact sums and whole values of one record at a time, by a moment that stands in a column. What looks
at other records, at the edges of the period or at every record whenever it was shares the pass over the records, and
so does what tells things apart or is divided record by record. Measures of the same record type, credit and moment are
kept in one row, so that one scan makes them and one row reads them.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

from meritline.measuring.binds import Binds
from meritline.measuring.compiler import Compiler
from meritline.measuring.requests import Pass, TallyRequest, bound_in, untitled
from meritline_sdk.evaluate.calendars import Clock, WorkCalendar
from meritline_sdk.evaluate.hours import calendar_from, plain_of
from meritline_sdk.model import nodes
from meritline_sdk.model.canonical import from_plain, to_plain
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Field, kind_of, walk

KEPT_HOW: Final = frozenset({"count", "sum", "values"})
OF_OTHERS: Final = (nodes.Related, nodes.Other, nodes.OtherFirst, nodes.PeriodEdge)
OF_THE_CLOCK: Final = (nodes.LocalDay, nodes.ClockTime, nodes.WorkedTime, nodes.WorkDays)
ANY_CLOCK: Final = Clock("UTC", WorkCalendar(((),) * 7), date(2000, 1, 1), date(2000, 1, 2))


@dataclass(frozen=True, slots=True)
class Kept:
    """Measures that are kept together, in the order of their cells. ``clock`` where one of them asks it: what it says
    depends on the period appraised, so the state is then of that period alone."""

    one: Pass
    requests: tuple[TallyRequest, ...]
    zone: str
    clock: Clock | None = None

    @property
    def pass_digest(self) -> str:
        """What names the record type, credit, moment and calendar."""
        return pass_digest(self.one, self.zone, self.clock)

    @property
    def measures(self) -> tuple[str, ...]:
        """What names each measure."""
        return tuple(map(measure_digest, self.requests))

    @property
    def hows(self) -> tuple[str, ...]:
        """How each is tallied."""
        return tuple(each.tally.how for each in self.requests)

    @property
    def digest(self) -> str:
        """What names all of it."""
        return hashed([self.pass_digest, *self.measures])

    def definition(self) -> str:
        """Enough to make the state again."""
        return json.dumps({"zone": self.zone, "clock": plain_clock(self.clock), "requests": [
            [to_plain(each.tally), to_plain(each.bound)] for each in self.requests]})  # fmt: skip

    @property
    def by_subject(self) -> bool:
        """Whether each row is of one person or team; else all rows of a day are nobody's."""
        field = self.one.credit.field
        return field is not None and field.kind is not Kind.PEOPLE

    @property
    def in_days(self) -> bool:
        """Whether its moments are local days."""
        return self.one.at is not None and kind_of(self.one.at) is Kind.DAY


def kept_of(definition: str) -> Kept:
    """What was defined so."""
    plain = json.loads(definition)
    requests = tuple(TallyRequest(from_plain(tally), from_plain(bound)) for tally, bound in plain["requests"])
    return Kept(state_pass(requests[0]), requests, plain["zone"], clock_of(plain["clock"], plain["zone"]))


def plain_clock(clock: Clock | None) -> Any:
    """The clock as JSON has it."""
    if clock is None:
        return None
    return [clock.first_day.isoformat(), clock.end_day.isoformat(), clock.calendar and plain_of(clock.calendar)]


def clock_of(plain: Any, zone: str) -> Clock | None:
    """The clock again."""
    if plain is None:
        return None
    first, end = map(date.fromisoformat, plain[:2])
    return Clock(zone, None if plain[2] is None else calendar_from(plain[2]), first, end)


def state_pass(request: TallyRequest) -> Pass:
    """The pass whose state answers the request, whatever its period."""
    tally, credit = request.tally, request.credit
    assert tally.at is not None
    parts = tuple(part for part in (credit.divisor, tally.at) if part is not None)
    return Pass(tally.record, credit, untitled(tally.at), bound_in(parts, request.parameters))


def groups_of(requests: Iterable[TallyRequest], zone: str, clock: Clock | None) -> list[tuple[Kept, dict[str, Any]]]:
    """The requests that can be kept, by the state that would answer them, each with its requests by digest."""
    found: dict[tuple[Pass, bool], dict[str, tuple[TallyRequest, list[TallyRequest]]]] = {}
    for request in requests:
        if qualifies(request, clock):
            plain = request.plain
            group = found.setdefault((state_pass(request), asks_clock(request)), {})
            group.setdefault(measure_digest(plain), (plain, []))[1].append(request)
    return [(Kept(one, tuple(group[each][0] for each in sorted(group)), zone, clock if asks else None),
             {name: asked for name, (_, asked) in group.items()}) for (one, asks), group in found.items()]


def qualifies(request: TallyRequest, clock: Clock | None) -> bool:
    """Whether the request can be answered from state."""
    tally = request.tally
    if tally.how not in KEPT_HOW or tally.over is not None or tally.by or tally.at is None:
        return False
    if not isinstance(untitled(tally.at), Field):
        return False
    if looks_beyond(request) or (clock is None and asks_clock(request)):
        return False
    return tally.how != "values" or whole_values(request)


@lru_cache(maxsize=4096)
def looks_beyond(request: TallyRequest) -> bool:
    """Whether it looks at other records, or at the period."""
    return any(isinstance(node, OF_OTHERS) for part in request.tally.nodes() for node in walk(part))


@lru_cache(maxsize=4096)
def asks_clock(request: TallyRequest) -> bool:
    """Whether it asks for local days or working time."""
    return any(isinstance(node, OF_THE_CLOCK) for part in request.tally.nodes() for node in walk(part))


@lru_cache(maxsize=4096)
def whole_values(request: TallyRequest) -> bool:
    """Whether the values are whole numbers that a bigint holds, by any calendar."""
    assert request.tally.value is not None
    found = Compiler(Binds(), clock=ANY_CLOCK).piece(request.tally.value, request.parameters)
    return found.whole


def pass_digest(one: Pass, zone: str, clock: Clock | None) -> str:
    """What names a pass with its calendar."""
    return hashed([one.record, to_plain(one.credit), to_plain(one.at), to_plain(one.bound), zone, plain_clock(clock)])


@lru_cache(maxsize=4096)
def measure_digest(request: TallyRequest) -> str:
    """What names a measure with its parameters bound, whatever its period: ``count:`` and a hash."""
    tally = replace(request.tally, earlier=0)
    return f"{tally.how}:{hashed([to_plain(tally), to_plain(request.bound)])}"


def hashed(parts: Any) -> str:
    """A name of 32 hexadecimal digits."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:32]

"""Hypothesis strategies for records: two types that look at each other, with few distinct keys so that they meet.

Decides which values are worth trying: nothing at all, ties, limits of periods and of days to the microsecond, clocks
that are put forward and back, the largest and the smallest numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from meritline_sdk.evaluate.calendars import DAY_MICROSECONDS, Clock, WorkCalendar
from meritline_sdk.evaluate.numbers import EXACT
from meritline_sdk.evaluate.windows import CALENDAR_MONTHS, FiscalCalendar, Window, earlier, window
from meritline_sdk.model.fields import Choice, Code, Day, Flag, Instant, Int, Number, People, Person, Team
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.records import Attribution, RecordType
from meritline_sdk.model.text import Text

WIDEST = 10**18 - 1
PERIODS = ("2026-03", "2026-04", "2026-Q1")
FISCAL = (CALENDAR_MONTHS, CALENDAR_MONTHS, FiscalCalendar(26, 4))
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "America/Santiago", "Asia/Kathmandu",
         "Australia/Lord_Howe", "Africa/Cairo", "America/Havana")  # fmt: skip
CHANGES = tuple(datetime(2026, *change, tzinfo=UTC) for change in (
    (3, 8, 7), (3, 29, 1), (4, 5, 3), (4, 4, 15), (4, 23, 22), (3, 8, 5)))  # fmt: skip
"""When the clocks of those zones change, in their order from New York on."""
EMPLOYEES = ("E1", "E2", "E3", "E4")
PARENTS = {"D0": None, "D1": "D0", "D2": "D0", "D3": "D1", "D4": None}
WORDS = ("a", "A", "á", "售后", "", " a", "%", "'")
MET = ("a", "a", "a", "A", "A", "售后", "á", " a", "%", "", "'")
"""Words as records hold them: some often, so that records meet."""
FEW = tuple(datetime(2026, *moment, tzinfo=UTC) for moment in (
    (3, 2, 12), (3, 3, 12), (3, 31, 12), (4, 1, 1), (4, 2, 1)))  # fmt: skip
IDS = ("a", "10", "9", "A", "售后", "%", "Z", "á", "\U0001f600", "\uffff")
NAMES = tuple(Random(5).sample([(name, source) for name in IDS for source in ("s", "S", "é")], 30))
"""(outside id, source) of records, in no particular order; some ids are words that records hold, some are from several
sources."""


class Probe(RecordType, key="meaning_probe", title=Text("Probe", "探针")):
    agent = Person()
    helper = Person(optional=True)
    crew = People(optional=True)
    queue = Team(optional=True)
    opened = Instant()
    closed = Instant(optional=True)
    day = Day(optional=True)
    other = Day(optional=True)
    n = Int(optional=True)
    m = Int(optional=True)
    x = Number(places=9, optional=True)
    y = Number(places=2, optional=True)
    yes = Flag(optional=True)
    word = Code(optional=True)
    mode = Choice(options=WORDS, optional=True)
    defaults = Attribution(credit=agent, at=opened)


class Mate(RecordType, key="meaning_mate", title=Text("Mate", "同伴")):
    who = Person(optional=True)
    place = Team(optional=True)
    at = Instant(optional=True)
    on = Day(optional=True)
    k = Int(optional=True)
    z = Number(places=2, optional=True)
    fine = Flag(optional=True)
    ref = Code(optional=True)
    defaults = Attribution(credit=who, at=at)


def instant(source: Random) -> datetime:
    """An instant; many are equal, some lie at the edge of a period or day or where a clock changes, to the microsecond.
    """
    match source.randrange(5):
        case 0 | 1:
            return source.choice(FEW)
        case 2:
            edge = window(source.choice(PERIODS), source.choice(ZONES))
            moment = source.choice((edge.start, edge.end, edge.start + timedelta(days=10), *CHANGES))
            return moment + timedelta(microseconds=source.choice((-1, 0, 1, 86_399_999_999)))
    return datetime(2026, 2, 20, tzinfo=UTC) + timedelta(microseconds=source.randrange(80 * DAY_MICROSECONDS))


def some_day(source: Random) -> date:
    """A day; many are equal."""
    if source.randrange(2):
        return source.choice((date(2026, 3, 1), date(2026, 3, 3), date(2026, 3, 31), date(2026, 4, 1),
                              date(2024, 2, 29)))
    return date(2026, 2, 20) + timedelta(days=source.randrange(80))


def whole_number(source: Random) -> int:
    """A whole number: small ones that meet, the largest there are, anything between."""
    match source.randrange(4):
        case 0 | 1:
            return source.randint(-3, 3)
        case 2:
            return source.choice((0, 1, -1, 2, WIDEST, -WIDEST))
    return source.randint(-WIDEST, WIDEST)


def decimal(source: Random, places: int) -> Decimal:
    """A number of so many decimals: zeros, ties, the largest and the smallest there are."""
    smallest = Decimal(1).scaleb(-places)
    match source.randrange(4):
        case 0 | 1:
            found = source.choice((Decimal(0), Decimal("0.5"), Decimal("-0.5"), Decimal(2), smallest, -smallest,
                                   Decimal(WIDEST)))
            return EXACT.add(found, Decimal(0).scaleb(-places)) if source.randrange(2) else found  # 2.00 is 2
        case 2:
            return Decimal(source.randint(-10**6, 10**6)).scaleb(-places)
    return Decimal(source.randint(-WIDEST, WIDEST)).scaleb(-places)


def made(record: Any, seed: int) -> dict[str, Any]:
    """The record of the seed; that of 0 has hardly a value."""
    source = Random(seed)
    return {spec.name: None if (seed == 0 and spec.kind is not Kind.INSTANT) or (spec.optional and not (
        source.randrange(6))) else VALUES[spec.kind](source, spec) for spec in record.declaration.fields}


def crew(source: Random) -> tuple[tuple[str | None, int], ...]:
    """People with their parts, some of them unknown, some twice."""
    return tuple((source.choice((*EMPLOYEES, None)), source.randint(1, 7)) for _ in range(source.randint(1, 4)))


VALUES: Mapping[Kind, Callable[[Random, Any], Any]] = {
    Kind.PERSON: lambda source, spec: source.choice((*EMPLOYEES, "E1", None)),
    Kind.PEOPLE: lambda source, spec: crew(source),
    Kind.TEAM: lambda source, spec: source.choice((*PARENTS, None)),
    Kind.INSTANT: lambda source, spec: instant(source),
    Kind.DAY: lambda source, spec: some_day(source),
    Kind.INT: lambda source, spec: whole_number(source),
    Kind.NUMBER: lambda source, spec: decimal(source, spec.places),
    Kind.FLAG: lambda source, spec: source.randrange(2) == 1,
    Kind.CODE: lambda source, spec: source.choice(MET),
    Kind.CHOICE: lambda source, spec: source.choice(MET),
}

seeds = st.integers(0, 2**40)
instants = seeds.map(lambda seed: instant(Random(seed)))
some_days = seeds.map(lambda seed: some_day(Random(seed)))
ints = st.sampled_from([0, 1, -1, 2, WIDEST, -WIDEST]) | st.integers(-5, 5) | st.integers(-WIDEST, WIDEST)
probes, mates = seeds.map(lambda seed: made(Probe, seed)), seeds.map(lambda seed: made(Mate, seed))


@cache
def decimals(places: int) -> st.SearchStrategy[Decimal]:
    """Numbers of so many decimals."""
    return seeds.map(lambda seed: decimal(Random(seed), places) if seed else Decimal(0))


type Heap = Mapping[str, Sequence[dict[str, Any]]]


@st.composite
def heaps(draw: st.DrawFn, most: int = 12) -> Heap:
    """Records of both types, each with a name of its own; now and then there are none."""
    least = draw(st.sampled_from([0, 3, 3, 5]))
    return {"meaning_probe": named(draw(st.lists(probes, min_size=min(least, most), max_size=most))),
            "meaning_mate": named(draw(st.lists(mates, min_size=least, max_size=10)))}


def named(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records with their names."""
    return [{**record, "external_id": name, "source": source}
            for record, (name, source) in zip(records, NAMES, strict=False)]


# What surrounds them --------------------------------------------------------------------------------------------------

DAILY, NIGHTLY = ((32_400, 43_200), (46_800, 64_800)), ((0, 21_600), (79_200, 86_400))
CALENDARS = (
    WorkCalendar((DAILY,) * 5 + ((), ()), ((date(2026, 3, 3), ()), (date(2026, 3, 7), ((36_000, 36_001),)))),
    WorkCalendar((NIGHTLY,) * 3 + ((),) + (NIGHTLY,) * 3),
    WorkCalendar((((0, 86_400),),) * 6 + ((),), ((date(2026, 3, 31), ()), (date(2026, 4, 1), ()))),
    None,
)
RANGES = ((date(2026, 2, 24), date(2026, 5, 7)), (date(2026, 3, 2), date(2026, 4, 2)))
"""Clocks reach some way; what lies outside is missing, so there must be something outside."""


@dataclass(frozen=True)
class Surroundings:
    """Where and when a company counts."""

    zone: str
    period: str
    fiscal: FiscalCalendar
    clock: Clock | None

    def window(self, periods: int = 0) -> Window:
        """The window so many periods before."""
        return window(earlier(self.period, periods), self.zone, self.fiscal)


@cache
def clock(zone: str, calendar: int, reach: int) -> Clock:
    """A clock, made once."""
    return Clock(zone, CALENDARS[calendar], *RANGES[reach])


@st.composite
def surroundings(draw: st.DrawFn) -> Surroundings:
    """Any zone, period and clock; seldom none."""
    zone = draw(st.sampled_from(ZONES))
    found = clock(zone, draw(st.sampled_from([0, 0, 0, 1, 1, 2, 2, 3])), draw(st.integers(0, len(RANGES) - 1)))
    return Surroundings(zone, draw(st.sampled_from(PERIODS)), draw(st.sampled_from(FISCAL)),
                        found if draw(st.integers(0, 15)) < 15 else None)

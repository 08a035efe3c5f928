"""What of the tallies the state can answer. Decides which state answers which requests, for which window.

A state answers for a window that is made of months which it has, each no newer than what was known at the moment.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from meritline.db.pools import Connection
from meritline.measuring.memberships import Memberships
from meritline.measuring.requests import TallyRequest
from meritline.measuring.state import store
from meritline.measuring.state.cells import Place, places
from meritline.measuring.state.kept import Kept, groups_of, measure_digest
from meritline.measuring.state.months import months_of
from meritline_sdk.evaluate.calendars import Clock
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.schemes import SubjectKind


@dataclass(frozen=True, slots=True)
class Asked:
    """What the tallies are asked for."""

    tenant_id: UUID
    window_of: Callable[[int], Window]
    people: Memberships
    levels: frozenset[SubjectKind]
    known_at: datetime | None
    employees: Collection[UUID] | None
    clock: Clock | None


@dataclass(frozen=True, slots=True)
class Part:
    """What one state answers for one window. ``places`` say where each request stands in the rows of the state, ``own``
    where it stands in what is taken of the records by ``kept``."""

    kept: Kept
    state_id: UUID
    window: Window
    months: tuple[date, ...]
    requests: tuple[TallyRequest, ...]
    places: tuple[Place, ...]
    own: tuple[Place, ...]

    @property
    def collects(self) -> bool:
        """Whether it needs values."""
        return any(each.how == "values" for each in self.places)


def wanted_of(requests: Iterable[TallyRequest], window_of: Callable[[int], Window], zone: str,
              clock: Clock | None) -> list[tuple[Kept, tuple[date, ...]]]:
    """The states, with their months, from which all requests that can be kept are answered."""
    found = []
    for kept, named in groups_of(requests, zone, clock):
        earlier = {each.tally.earlier for some in named.values() for each in some}
        if months := sorted({month for each in earlier for month in months_of(window_of(each))}):
            found.append((kept, tuple(months)))
    return found


@dataclass(slots=True)
class Known:
    """A state with the months that it has."""

    id: UUID
    measures: list[str]
    months: set[date] = field(default_factory=set)


async def parts_of(conn: Connection, asked: Asked, requests: Iterable[TallyRequest]) -> list[Part]:
    """The parts of the requests that the state answers; nothing outside a snapshot, where statements see different
    moments."""
    groups = groups_of(requests, asked.people.zone, asked.clock)
    earlier = {each.tally.earlier for _, named in groups for some in named.values() for each in some}
    months = {each: months_of(asked.window_of(each)) for each in earlier}
    every = sorted({month for some in months.values() for month in some})
    if not every:
        return []
    rows = await store.found_states(conn, asked.tenant_id, [kept.pass_digest for kept, _ in groups], every)
    states = states_by_pass((row for row in rows if row["snapshot"]), asked.known_at)
    return [part for kept, named in groups for each, wanted in sorted(months.items()) if wanted
            if (part := part_of(kept, [one for some in named.values() for one in some if one.tally.earlier == each],
                                asked.window_of(each), wanted, states.get(kept.pass_digest, ()))) is not None]


def states_by_pass(rows: Iterable[Any], known_at: datetime | None) -> dict[str, list[Known]]:
    """The states with those of their months that know no more than was known."""
    found: dict[UUID, Known] = {}
    passes: dict[str, list[Known]] = {}
    for row in rows:
        known = found.get(row["id"])
        if known is None:
            known = found[row["id"]] = Known(row["id"], list(row["measures"]))
            passes.setdefault(row["pass"], []).append(known)
        if known_at is None or row["known_from"] <= known_at:
            known.months.add(row["month"])
    return passes


def part_of(kept: Kept, requests: list[TallyRequest], window: Window, months: tuple[date, ...],
            states: Iterable[Known]) -> Part | None:
    """What a state with all of the months answers of the requests; the one that answers most."""
    able = [each for each in states if each.months.issuperset(months)]
    names = {request: measure_digest(request) for request in requests}
    best = max(able, key=lambda each: sum(name in each.measures for name in names.values()), default=None)
    answered = tuple(each for each, name in names.items() if best is not None and name in best.measures)
    if best is None or not answered:
        return None
    at = dict(zip(best.measures, places(each.partition(":")[0] for each in best.measures), strict=True))
    asked = Kept(kept.one, tuple(each.plain for each in answered), kept.zone, kept.clock)
    return Part(asked, best.id, window, months, answered, tuple(at[names[each]] for each in answered),
                places(asked.hows))

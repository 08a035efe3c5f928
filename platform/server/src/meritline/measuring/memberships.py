"""Which department an employee belongs to at a moment. Decides where the people of a record stand in the tree.

A stay runs from the local midnight of its first day to that of the day after its last. Python turns days into
instants here, so that SQL never needs a time zone. Whoever is appraised by two schemes in one period has parts of it:
the records of each part are tallied under an id of its own, beside those of the whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from meritline.tenancy.people import Employments
from meritline_sdk.evaluate.windows import Window, midnight

type Moment = datetime | date


class Stay(NamedTuple):
    """An employee in one department (or in none) from a day up to another, exclusive; open where that is None."""

    employee: UUID
    department: UUID | None
    first_day: date
    end_day: date | None = None


class Spell(NamedTuple):
    """A stay of a known employee, with its edges as days and as instants."""

    department: UUID | None
    days: tuple[date, date | None]
    instants: tuple[datetime, datetime | None]

    def edges(self, moment: Moment) -> tuple[Moment, Moment | None]:
        """The edges of the moment's sort."""
        return self.instants if isinstance(moment, datetime) else self.days

    def holds(self, moment: Moment) -> bool:
        """Whether the instant or local day lies in it."""
        first, end = self.edges(moment)
        return first <= moment and (end is None or moment < end)


class Piece(NamedTuple):
    """A part of somebody's period: under which id its records are tallied, and on which days they lie."""

    employee: UUID
    id: UUID
    spans: Sequence[tuple[date, date]]


@dataclass(frozen=True, slots=True)
class Moves:
    """Who changes department inside a span, and at which moments anybody does."""

    start: Moment
    movers: tuple[UUID, ...] = ()
    thresholds: tuple[Moment, ...] = ()

    def moment(self, segment: int | None) -> Moment:
        """A moment of the segment between two thresholds; without a segment nobody moves, so any moment will do."""
        return self.thresholds[segment - 1] if segment else self.start


class Memberships:
    """Everybody's stays, and the tree of departments."""

    def __init__(self, stays: Iterable[Stay], parents: Mapping[UUID, UUID | None], zone: str,
                 pieces: Iterable[Piece] = (), since: date | None = None) -> None:
        """``stays`` of one employee do not overlap; ``parents`` names every department; ``since`` is the first day of
        the period whose ``pieces`` these are: what lies before it counts for each of them."""
        self.zone = zone
        self._parents = parents
        self._stays = stays
        self._lineages: dict[UUID, tuple[UUID, ...]] = {}
        self.pieces: dict[UUID, list[tuple[Piece, list[Spell]]]] = {}
        for piece in pieces:
            spells = [Spell(None, days, (midnight(days[0], zone), midnight(days[1], zone))) for days in piece.spans]
            self.pieces.setdefault(piece.employee, []).append((piece, spells))
        self._since = None if since is None else (since, midnight(since, zone))

    @classmethod
    def of(cls, people: Employments, zone: str) -> "Memberships":
        """Those of a company's employments, in its time zone."""
        return cls(map(Stay._make, people.stays()), people.parents, zone)

    @cached_property
    def _spells(self) -> Mapping[UUID, Sequence[Spell]]:
        """Everybody's stays; a run that looks at nobody's department does without."""
        found: dict[UUID, list[Spell]] = defaultdict(list)
        midnights: dict[date, datetime] = {}
        for employee, department, first, end in self._stays:
            for day in (first, end):
                if day is not None and day not in midnights:
                    midnights[day] = midnight(day, self.zone)
            instants = (midnights[first], None if end is None else midnights[end])
            found[employee].append(Spell(department, (first, end), instants))
        return found

    @property
    def employees(self) -> Iterable[UUID]:
        """Everybody with a stay."""
        return self._spells.keys()

    @property
    def departments(self) -> Iterable[UUID]:
        """Every department."""
        return self._parents.keys()

    def days_of(self, employee: UUID) -> list[tuple[date, date | None]]:
        """The employee's stays as days."""
        return [spell.days for spell in self._spells.get(employee, ())]

    def department_at(self, employee: UUID, moment: Moment) -> UUID | None:
        """The department the employee is in at the instant or on the local day."""
        return next((spell.department for spell in self._spells.get(employee, ()) if spell.holds(moment)), None)

    def pieces_at(self, employee: UUID, moment: Moment | None) -> list[UUID]:
        """Under which ids the employee's record of this moment is tallied too; without a moment under all of them."""
        every = self.pieces.get(employee, ())
        if moment is None or self.before_all(moment):
            return [piece.id for piece, _ in every]
        return [piece.id for piece, spells in every if any(spell.holds(moment) for spell in spells)]

    def before_all(self, moment: Moment) -> bool:
        """Whether the moment lies in an earlier period."""
        return self._since is not None and moment < self._since[isinstance(moment, datetime)]  # type: ignore[operator]

    def lineage(self, department: UUID | None) -> tuple[UUID, ...]:
        """The department and those above it."""
        if department is None:
            return ()
        if department not in self._lineages:
            found, above = [department], self._parents.get(department)
            while above is not None and above not in found:
                found.append(above)
                above = self._parents.get(above)
            self._lineages[department] = tuple(found)
        return self._lineages[department]

    def departments_at(self, employee: UUID, moment: Moment) -> tuple[UUID, ...]:
        """The employee's department at the moment, with those above it."""
        return self.lineage(self.department_at(employee, moment))

    def subtree(self, department: UUID) -> tuple[UUID, ...]:
        """The department and those below it."""
        return tuple(each for each in {department, *self._parents} if department in self.lineage(each))

    def spells_in(self, departments: Iterable[UUID]) -> list[tuple[UUID, Spell]]:
        """Everybody's spells in one of the departments."""
        wanted = set(departments)
        return [(employee, spell) for employee, spells in self._spells.items()
                for spell in spells if spell.department in wanted]  # fmt: skip

    def moves(self, start: Moment, end: Moment, *, departments: bool = True) -> Moves:
        """Who changes department, or scheme, after ``start`` and before ``end``."""
        movers, thresholds = [], set[Moment]()
        for employee, spells in self._spells.items() if departments else ():
            inside = {edge for spell in spells for edge in spell.edges(start)
                      if edge is not None and start < edge < end}  # fmt: skip
            if len({self.department_at(employee, moment) for moment in (start, *inside)}) > 1:
                movers.append(employee)
                thresholds |= inside
        for employee, pieces in self.pieces.items():
            movers.append(employee)
            edges = {edge for _, spells in pieces for spell in spells for edge in spell.edges(start)}
            if self._since is not None:
                edges.add(self._since[isinstance(start, datetime)])
            thresholds |= {edge for edge in edges if edge is not None and start < edge < end}
        return Moves(start, tuple(dict.fromkeys(movers)), tuple(sorted(thresholds)))


def span(windows: Sequence[Window], instants: bool) -> tuple[Moment, Moment]:
    """From the first to the last edge of the windows, as instants or as local days."""
    if instants:
        return min(each.start for each in windows), max(each.end for each in windows)
    return min(each.first_day for each in windows), max(each.end_day for each in windows)


def last_day(window: Window) -> date:
    """The day of which a tally of things as they stand tells."""
    return window.end_day - timedelta(days=1)

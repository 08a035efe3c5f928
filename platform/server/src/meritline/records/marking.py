"""Marks: whose numbers of which local day are out of date. Decides what a record marks, new, changed, and as it was.

A record marks every person and department that it names on every local day that it names, nobody (the nil uuid) where
a field names none. Rows that are new are marked from the values at hand, what was there before by the database; both
take the tenant's offsets from one table, so the days agree. Marks are gathered for a whole delivery and written once,
in an order that all deliveries share.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import compress
from operator import add
from typing import Any, Final
from uuid import UUID

from meritline.db import Connection
from meritline.records.columns import NAMING, ids_column
from meritline.records.copying import EPOCH, EPOCH_DAY, MICROSECOND
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.records import RecordDeclaration

NOBODY: Final = UUID(int=0)
DAY: Final = timedelta(days=1) // MICROSECOND
HALF: Final = 1 << 22
SPAN: Final = 2 * HALF
"""More days than a calendar with years of four digits has, on either side of 2000."""
MOST_GATHERED: Final = 100_000
"""Pairs of a subject and a day that are kept apart before they become bits: most of them come again and again."""
type Offsets = Sequence[tuple[datetime, timedelta]]


@dataclass(frozen=True, slots=True)
class Named:
    """Whom and when the rows of a chunk name: columns of ids, of lists of ids, and of days since 2000."""

    singles: Sequence[Sequence[UUID | None]]
    groups: Sequence[Sequence[Sequence[UUID | None] | None]]
    days: Sequence[Sequence[int | None]]

    def only(self, keep: Sequence[bool]) -> "Named":
        """Some of the rows."""
        return Named(some(self.singles, keep), some(self.groups, keep), some(self.days, keep))


class Numbers(dict[UUID | None, int]):
    """Subjects by their turn, far enough apart for every day to lie between them."""

    def __missing__(self, who: UUID | None) -> int:
        self[who] = found = len(self) * SPAN
        return found


class Marks:
    """The marks of one delivery: a bit for every day of a subject's month, so that they stay few."""

    def __init__(self, record: RecordDeclaration, offsets: Offsets) -> None:
        self.starts = [(start - EPOCH) // MICROSECOND for start, _ in offsets]
        self.offsets = [offset // MICROSECOND for _, offset in offsets]
        self.naming = [spec for spec in record.fields if spec.kind in NAMING]
        self.newest: datetime | None = None
        self._bits: dict[tuple[UUID, date], int] = {}
        self._places: dict[int, tuple[date, int]] = {}
        self._numbers = Numbers({None: 0})
        self._gathered = set[int]()

    def named(self, columns: dict[str, Sequence[Any]], moments: Iterable[Sequence[int | None]],
              days: Iterable[Sequence[date | None]]) -> Named:  # fmt: skip
        """What is marked of a chunk, of the columns that have any value."""
        singles = [columns.get(spec.name, ()) for spec in self.naming if spec.kind is not Kind.PEOPLE]
        groups = [columns.get(ids_column(spec.name), ()) for spec in self.naming if spec.kind is Kind.PEOPLE]
        counted = [[None if one is None else one.toordinal() - EPOCH_DAY for one in column] for column in days]
        return Named(singles, groups, [*map(self.local_days, moments), *counted])

    def local_days(self, moments: Sequence[int | None]) -> Sequence[int | None]:
        """The tenant's day of every moment."""
        seen = moments if None not in moments else [one for one in moments if one is not None]
        if not seen:
            return moments
        first, last = (bisect_right(self.starts, edge(seen)) - 1 for edge in (min, max))  # type: ignore[type-var]
        if first == last:
            by = self.offsets[first]
            if seen is moments:
                return [(one + by) // DAY for one in moments]  # type: ignore[operator]
            return [None if one is None else (one + by) // DAY for one in moments]
        return [None if one is None else (one + self.offsets[bisect_right(self.starts, one) - 1]) // DAY
                for one in moments]  # fmt: skip

    def add(self, *several: Named) -> None:
        """Mark what these rows name; a pair is one number meanwhile, which costs a fraction of two values."""
        pairs, number = self._gathered, self._numbers.__getitem__
        for named in several:
            nobody = not (named.singles or named.groups) or not all(map(len, [*named.singles, *named.groups]))
            whose = [list(map(number, column)) for column in named.singles if column]
            for days in named.days:
                if nobody:
                    pairs.update(day for day in set(days) if day is not None)
                whole = None not in days
                for column in whose:
                    pairs.update(map(add, column, days) if whole else (  # type: ignore[arg-type]
                        who + day for who, day in zip(column, days, strict=True) if day is not None))  # fmt: skip
                for groups in filter(None, named.groups):
                    pairs.update(number(who) + day for group, day in zip(groups, days, strict=True) if day is not None
                                 for who in group or (None,))  # fmt: skip
            if len(pairs) > MOST_GATHERED:
                self.settle()

    def settle(self) -> None:
        """Make bits of the pairs."""
        whom, pairs = list(self._numbers), self._gathered
        self._gathered = set()
        self.add_pairs((whom[(pair + HALF) // SPAN], (pair + HALF) % SPAN - HALF) for pair in pairs)

    def add_pairs(self, pairs: Iterable[tuple[UUID | None, int | None]]) -> None:
        """Mark these subjects on these days since 2000."""
        bits, places = self._bits, self._places
        for who, day in pairs:
            if day is not None:
                month, bit = places.get(day) or self.place(day)
                key = (who or NOBODY, month)
                bits[key] = bits.get(key, 0) | bit

    def place(self, day: int) -> tuple[date, int]:
        """The month of a day, and its bit."""
        on = date.fromordinal(day + EPOCH_DAY)
        found = self._places[day] = on.replace(day=1), 1 << on.day - 1
        return found

    def rows(self, now: datetime) -> tuple[datetime, Sequence[UUID], Sequence[date], Sequence[int]]:
        """What ``touch`` writes: when, and of each mark the subject, the month and the bits of its days."""
        self.settle()
        whose, months = zip(*self._bits, strict=True) if self._bits else ((), ())
        return max(now, self.newest or now), whose, months, list(self._bits.values())

    async def write(self, conn: Connection, tenant_id: UUID, record_type: str, now: datetime) -> None:
        """Write them, whatever is marked already: who rebuilds meanwhile has to see that there is something new."""
        at, *marks = self.rows(now)
        if marks[0]:
            await conn.execute(TOUCH, tenant_id, record_type, at, *marks)


def touch(record: str, at: str, whose: str, months: str, days: str) -> str:
    """The statement that writes marks, by the places of its parameters; $1 is the tenant."""
    return f"""
insert into touched as known (tenant_id, record_type, subject_id, month, days, touched_at)
select $1::uuid, {record}::text, who, month, days, {at}::timestamptz
from unnest({whose}::uuid[], {months}::date[], {days}::int[]) as mark (who, month, days) order by 3, 4
on conflict (tenant_id, record_type, subject_id, month) do update set days = known.days | excluded.days,
  touched_at = greatest(known.touched_at, excluded.touched_at)
"""  # noqa: S608


TOUCH: Final = touch("$2", "$3", "$4", "$5", "$6")


def some[T](columns: Sequence[Sequence[T]], keep: Sequence[bool]) -> list[list[T]]:
    """Some rows of these columns; an empty column stands for one in which nobody is named."""
    return [list(compress(column, keep)) for column in columns]


def chosen(ids: Sequence[str], some: Collection[str]) -> list[bool]:
    """Which of the rows have one of these ids."""
    return [one in some for one in ids]

"""What one tally found of many employees, as columns: a run looks at whole columns, and at few employees one by one.

Decides nothing: it is the mapping of who has any record to what was tallied of him, which is made when somebody asks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import Any, Final, overload

from meritline.measuring.days import SubjectKey
from meritline.measuring.written import Written
from meritline_sdk.evaluate.tallies import NOTHING, Tallied

type Take = Callable[[Sequence[Any]], Sequence[Any]]
"""Of a column, the values of those who were asked for, in their order."""

MOST_KNOWN: Final = 65_536
NOWHERE: Final = -1
"""The last place of every column, where nothing stands."""


class Known(dict[int, Tallied]):
    """So many records, each whole: most people have few, and a run asks a hundred thousand times."""

    def __missing__(self, records: int) -> Tallied:
        found = Tallied(Fraction(records), records)
        if len(self) < MOST_KNOWN:
            self[records] = found
        return found


COUNTED: Final[Mapping[int, Tallied]] = Known()


class Places:
    """Who stands at which place of some columns."""

    __slots__ = ("_at", "_last", "keys")

    def __init__(self, keys: Sequence[SubjectKey]) -> None:
        self.keys = keys
        self._at: dict[SubjectKey, int] | None = None
        self._last: tuple[Sequence[Any], Take] | None = None

    def of(self, key: Any) -> int:
        """The place of somebody."""
        return self._known.get(key, NOWHERE)

    def holds(self, key: Any) -> bool:
        """Whether somebody has a place."""
        return key in self._known

    def taking(self, held: Sequence[Any]) -> Take:
        """Takes these people out of a column. One column after another is asked for the very same list, which nobody
        changes: where its people stand is looked up once."""
        last = self._last
        if last is None or last[0] is not held:
            last = self._last = held, taking(list(map(self._known.get, held, [NOWHERE] * len(held))))
        return last[1]

    @property
    def _known(self) -> dict[SubjectKey, int]:
        if self._at is None:
            self._at = dict(zip(self.keys, range(len(self.keys)), strict=True))
        return self._at


def taking(places: Sequence[int]) -> Take:
    """Takes what stands at these places."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda column: [column[place] for place in places]


class Columns(Mapping[SubjectKey, Tallied]):
    """What a tally found of each employee. ``records`` is how many, 0 of who has nothing; ``amounts`` the whole number
    that they come to, of a count the very same list, 0 of values; ``texts`` the values as they are spelt, ``1,2,30``,
    or None where the tally collects none. Each has one more at its end, of nobody."""

    __slots__ = ("amounts", "places", "records", "texts")

    def __init__(self, places: Places, records: Sequence[int], amounts: Sequence[int] | None = None,
                 texts: Sequence[str] | None = None) -> None:
        self.places = places
        self.records = [*records, 0]
        self.amounts = self.records if amounts is None and texts is None else [*(amounts or [0] * len(records)), 0]
        self.texts = None if texts is None else [*texts, ""]

    def __getitem__(self, key: SubjectKey) -> Tallied:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    @overload
    def get(self, key: SubjectKey, default: None = None, /) -> Tallied | None: ...
    @overload
    def get[T](self, key: SubjectKey, default: T, /) -> Tallied | T: ...
    def get(self, key: SubjectKey, default: Any = None, /) -> Any:
        """What was tallied of somebody."""
        place = self.places.of(key)
        return self._at(place) if self.records[place] else default

    def __contains__(self, key: object) -> bool:
        return bool(self.records[self.places.of(key)])

    def __iter__(self) -> Iterator[SubjectKey]:
        return (key for key, records in zip(self.places.keys, self.records, strict=False) if records)

    def __len__(self) -> int:
        return len(self.records) - self.records.count(0)

    def renew(self, now: Mapping[SubjectKey, Tallied]) -> bool:
        """Be what was found now; False, and nothing has changed, where that does not stand in such columns."""
        if not isinstance(now, Columns):
            if now:
                return False
            now = Columns(Places(()), (), texts=None if self.texts is None else ())
        if (now.texts is None) is not (self.texts is None):
            return False
        self.places, self.records, self.amounts, self.texts = now.places, now.records, now.amounts, now.texts
        return True

    def _at(self, place: int) -> Tallied:
        records = self.records[place]
        if self.texts is not None:
            return Tallied(NOTHING.amount, records, Written(self.texts[place], records))  # type: ignore[arg-type]
        return COUNTED[records] if self.amounts is self.records else Tallied(Fraction(self.amounts[place]), records)


def joined[R](own: Mapping[R, Mapping[SubjectKey, Tallied]], others: Mapping[R, Mapping[SubjectKey, Tallied]],
              ) -> dict[R, Mapping[SubjectKey, Tallied]]:
    """What was found of some people and of others, who are few: behind the columns where it can stand there."""
    more = tuple(dict.fromkeys(who for found in others.values() for who in found))
    if not more:
        return dict(own)
    places: dict[int, Places] = {}
    found: dict[R, Mapping[SubjectKey, Tallied]] = {}
    for request, some in own.items():
        behind = None
        if isinstance(some, Columns) and not any(map(some.places.holds, more)):
            at = places.setdefault(id(some.places), Places([*some.places.keys, *more]))
            behind = lengthened(some, at, [others[request].get(who, NOTHING) for who in more])
        found[request] = {**some, **others[request]} if behind is None else behind
    return found


def lengthened(some: Columns, places: Places, more: Sequence[Tallied]) -> Columns | None:
    """The columns with a few more people; None where what is theirs does not fit into them."""
    if any(one.rows or one.keys or one.amount.denominator > 1 or (bool(one.values) and some.texts is None)
           for one in more):
        return None
    records = [*some.records[:NOWHERE], *[one.records for one in more]]
    if some.texts is not None:
        if any(one.amount or len(one.values) != one.records or any(value.denominator > 1 for value in one.values)
               for one in more):
            return None
        return Columns(places, records, texts=[*some.texts[:NOWHERE],
                                               *[",".join(map(str, one.values)) for one in more]])
    if some.amounts is some.records and all(one.amount == one.records for one in more):
        return Columns(places, records)
    return Columns(places, records, [*some.amounts[:NOWHERE], *[one.amount.numerator for one in more]])


__all__ = ["COUNTED", "Columns", "Places", "joined"]

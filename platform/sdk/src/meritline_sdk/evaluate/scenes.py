"""What an expression may look at besides its own record. Decides how other records are found without reading all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from meritline_sdk.evaluate.calendars import Clock
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.nodes import Scalar

type Record = Mapping[str, object | None]

MICROSECOND = timedelta(microseconds=1)


def plain(value: Any) -> Any:
    """The value as it is compared: instants in UTC, durations as microseconds, nobody as missing.

    Two datetimes that share a zone would be compared by the clock on the wall, wrong where it is put back.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, timedelta):
        return value // MICROSECOND
    return None if value == () else value


class Others(Mapping[str, Sequence[Record]]):
    """All records that are known, by type, found by what they hold: a look-up instead of a walk per record."""

    def __init__(self, records: Mapping[str, Sequence[Record]]) -> None:
        self._records = records
        self._indexes: dict[tuple[str, tuple[str, ...]], dict[tuple[Any, ...], list[Record]]] = {}

    def __getitem__(self, key: str) -> Sequence[Record]:
        return self._records[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def holding(self, record: str, names: tuple[str, ...], values: tuple[Any, ...]) -> Sequence[Record]:
        """The records of the type whose fields hold these values; a missing value is never found."""
        if None in values:
            return ()
        index = self._indexes.get((record, names))
        if index is None:
            index = self._indexes[record, names] = {}
            for each in self._records.get(record, ()):
                index.setdefault(tuple(plain(each.get(name)) for name in names), []).append(each)
        return index.get(values, ())


NO_OTHERS = Others({})


@dataclass(frozen=True, slots=True)
class Scene:
    """What surrounds a record: the tenant's parameters, the tally's own window, the clock of the period appraised,
    all records that are known, and, inside a look at another record, that one."""

    parameters: Mapping[str, Scalar] = field(default_factory=dict)
    window: Window | None = None
    clock: Clock | None = None
    others: Mapping[str, Sequence[Record]] = field(default_factory=lambda: NO_OTHERS)
    other: Record | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.others, Others):
            object.__setattr__(self, "others", Others(self.others))

    def beside(self, other: Record) -> "Scene":
        """The same scene with a look at another record."""
        return Scene(self.parameters, self.window, self.clock, self.others, other)

    def holding(self, record: str, names: tuple[str, ...], values: tuple[Any, ...]) -> Sequence[Record]:
        """The records of the type whose fields hold these values."""
        assert isinstance(self.others, Others)
        return self.others.holding(record, names, values)


def scene_of(given: "Scene | Mapping[str, Scalar]") -> Scene:
    """The scene; parameters alone are one."""
    return given if isinstance(given, Scene) else Scene(given)

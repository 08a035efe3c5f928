"""Rows: objects of the GraphQL types, filled from one result row. Decides how a field finds its value in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from meritline.graphql.kit.declare import Column, Object


class Row:
    """Base of all objects with declared fields; a row, or a part of one that begins at a path."""

    __slots__ = ("__dict__",)
    shape: Object
    #: The plain columns, which are set as attributes so that reading them costs nothing.
    columns: tuple[str, ...]

    @classmethod
    def of(cls, record: Mapping[str, Any], path: str = "") -> Self:
        """The object of a result row."""
        found = cls.__new__(cls)
        values = found.__dict__
        for name in cls.columns:
            values[name] = record[path + name]
        values["_record"] = record
        values["_path"] = path
        return found

    @classmethod
    def of_values(cls, values: Mapping[str, Any]) -> Self:
        """The object of values that Python computed; what is missing is null."""
        return cls.of(Values(values))


class Held(dict[str, Any]):
    """A row that one statement brought with all that hangs on it: ``@path`` are the rows of a selected relation.

    Only what was selected is there; nothing else is read of it.
    """

    def __missing__(self, name: str) -> Any:
        if name[:1] in "#?@^":
            raise KeyError(name)


@dataclass(frozen=True, slots=True)
class HeldPage:
    """The rows of a list inside a row, and how many there are in all where that was asked."""

    rows: list[Held]
    count: int | None
    asked: Any


def held(root: Any, info: Any) -> Any:
    """What the row of this object brought for the field, or nothing."""
    record = root._record
    if type(record) is not Held:
        return None
    return record.get(f"@{root._path}{info._raw_info.path.key}")


class Values(dict[str, Any]):
    """Computed values, found under the names that a result row would use."""

    def __missing__(self, name: str) -> Any:
        if name[:1] in "#?":
            return self.get(name.rpartition(":")[2].lstrip("#?"))
        return self.get("key") if name == "^key" else None


def columns_of(shape: Object) -> tuple[str, ...]:
    """The columns that everyone may read: those without a permission of their own."""
    return tuple(each.name for each in shape.fields if isinstance(each, Column) and each.action is None)


def reading(mark: str, name: str) -> Callable[[Any], Any]:
    """Reads one value of the row that is not an attribute."""

    def read(root: Any) -> Any:
        return root._record[f"{mark}{root._path}{name}"]

    return read

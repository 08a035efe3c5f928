"""Whom the codes of a chunk mean. Decides the columns in which people and departments are stored."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, Protocol
from uuid import UUID

from meritline.records.columns import columns_of
from meritline.records.sources.mapping import FieldMapping
from meritline_sdk.model.kinds import Kind

type Moments = Callable[[], Sequence[datetime]]


class Codes(Protocol):
    """Whom an outside code means at a moment; ``space`` None: the tenant's own numbers and codes."""

    def employee(self, space: str | None, code: str, at: datetime) -> UUID | None:
        """The employee, or None."""

    def department(self, space: str | None, code: str, at: datetime) -> UUID | None:
        """The department, or None."""

    def always(self, space: str | None, kind: Literal["employee", "department"]) -> Mapping[str, UUID]:
        """Codes that mean the same at all times; what is not among them is looked up at its moment."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A code that means nobody at the moment of its row."""

    field: str
    space: str
    code: str


def stored_columns(fields: Sequence[FieldMapping]) -> list[str]:
    """The names of the columns that ``Resolver.resolved`` gives, in its order."""
    return [column.name for mapping in fields for column in columns_of(mapping.spec)]


def codes_in(fields: Iterable[FieldMapping], columns: Mapping[str, Sequence[Any]]) -> set[str]:
    """Every code that names a person or a department in these columns."""
    found = set[str | None]()
    for mapping in fields:
        values = columns.get(mapping.spec.name, ())
        if mapping.spec.kind in (Kind.PERSON, Kind.TEAM):
            found.update(values)
        elif mapping.spec.kind is Kind.PEOPLE:
            found.update(code for value in values if value is not None for code in value[0])
    return {code for code in found if code is not None}


class Resolver:
    """Turns the values of all fields into the columns of the record table."""

    def __init__(self, fields: Sequence[FieldMapping], codes: Codes) -> None:
        self.fields, self.codes = fields, codes

    def resolved(
        self, columns: dict[str, list[Any]], when: Callable[[], Sequence[datetime]]
    ) -> tuple[list[Sequence[Any]], dict[int, list[Unknown]]]:
        """The stored columns, and by row the codes that mean nobody; ``when`` gives the moment of every row."""
        moments = cache(when)
        unknown: dict[int, list[Unknown]] = {}
        stored: list[Sequence[Any]] = []
        for mapping in self.fields:
            values = columns[mapping.spec.name]
            match mapping.spec.kind:
                case Kind.PERSON | Kind.TEAM:
                    stored += self.singles(mapping, values, moments, unknown)
                case Kind.PEOPLE:
                    stored += self.groups(mapping, values, moments, unknown)
                case _:
                    stored.append(values)
        return stored, unknown

    def singles(
        self, mapping: FieldMapping, codes: list[Any], moments: Moments, unknown: dict[int, list[Unknown]]
    ) -> list[Sequence[Any]]:
        """Codes and ids of a Person or Team."""
        team, space = mapping.spec.kind is Kind.TEAM, mapping.code_space
        look = self.codes.department if team else self.codes.employee
        ids = list(map(self.codes.always(space, "department" if team else "employee").get, codes))
        missing = codes.count(None)
        if missing == len(codes):
            return [codes, codes]
        if ids.count(None) > missing:
            for row, code in enumerate(codes):
                if ids[row] is None and code is not None:
                    ids[row] = look(space, code, moments()[row])
        if ids.count(None) > missing:
            note(unknown, mapping, ([code] if who is None else [] for code, who in zip(codes, ids, strict=True)))
        return [codes, ids]

    def groups(
        self, mapping: FieldMapping, values: list[Any], moments: Moments, unknown: dict[int, list[Unknown]]
    ) -> list[Sequence[Any]]:
        """Codes, ids and parts of People."""
        space, look = mapping.code_space, self.codes.employee
        if values.count(None) == len(values):
            return [values, values, values]
        codes = [None if value is None else list(value[0]) for value in values]
        ids: list[list[UUID | None] | None] = [
            None if some is None else [None if code is None else look(space, code, at) for code in some]
            for some, at in zip(codes, moments(), strict=True)
        ]
        note(unknown, mapping, (
            [code for code, who in zip(some or (), who_all or (), strict=True) if who is None]
            for some, who_all in zip(codes, ids, strict=True)
        ))  # fmt: skip
        return [codes, ids, [None if value is None else list(value[1]) for value in values]]


def note(unknown: dict[int, list[Unknown]], mapping: FieldMapping, rows: Iterable[Sequence[str | None]]) -> None:
    """Remember the codes that mean nobody; who has no code is unnamed, not unknown."""
    own = "department" if mapping.spec.kind is Kind.TEAM else "employee"
    for row, codes in enumerate(rows):
        for code in codes:
            if code is not None:
                unknown.setdefault(row, []).append(Unknown(mapping.shown, mapping.code_space or own, code))

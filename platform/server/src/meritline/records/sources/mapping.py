"""Source mappings as values. Decides what a tenant may say of how the columns of an export become records."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from meritline.records.formats import Hints
from meritline_sdk.model.fields import FieldSpec
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.records import RecordDeclaration

type Conditions = Mapping[str, frozenset[str]]
type OrderKind = Literal["instant", "day", "int", "line"]
NONE: frozenset[str] = frozenset()
NO_CONDITIONS: Conditions = MappingProxyType({})
EXTERNAL_ID = "external_id"


class CoverageMode(StrEnum):
    """Which period a file delivers when the import does not say it."""

    BY_ROWS = "by_rows"
    BY_MONTHS = "by_months"
    NONE = "none"


class Twice(StrEnum):
    """Which of the two instants a local time means that comes twice when the clock is put back."""

    FIRST = "first"
    SECOND = "second"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMapping:
    """Where one field comes from and how its text is read."""

    spec: FieldSpec
    columns: tuple[str, ...] = ()
    constant: str | None = None
    alternatives: tuple["FieldMapping", ...] = ()
    when: Conditions = NO_CONDITIONS
    missing: frozenset[str] = frozenset({""})
    formats: tuple[str, ...] = ()
    rolls_over_from: str | None = None
    true: frozenset[str] = NONE
    false: frozenset[str] = NONE
    ignore: frozenset[str] = NONE
    values: Mapping[str, str] = MappingProxyType({})
    otherwise: str | None = None
    code_space: str | None = None
    decimal: str = "."
    thousands: str | None = None
    unit: str | None = None
    separator: str | None = None
    part_separator: str | None = None
    count_column: str | None = None

    @property
    def shown(self) -> str:
        """The field as an author of the file knows it."""
        column = "+".join(self.columns)
        return self.spec.name if column in ("", self.spec.name) else f"{self.spec.name} ({column})"

    def wanted(self) -> set[str]:
        """Every column it looks at."""
        own = {*self.columns, *self.when, *({self.count_column} if self.count_column else ())}
        return own.union(*(each.wanted() for each in self.alternatives))


@dataclass(frozen=True, slots=True)
class OrderPart:
    """One part of the order in which the lines of a case follow each other; ``line`` is the line of the file."""

    kind: OrderKind
    column: str | None = None
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMapping:
    """Everything a source says of its files; parsed, complete and free of contradictions."""

    key: str
    record: RecordDeclaration
    fields: tuple[FieldMapping, ...]
    hints: Hints = field(default_factory=Hints)
    time_zone: str | None = None
    zone_required: bool = False
    twice: Twice = Twice.FIRST
    id_columns: tuple[str, ...] = (EXTERNAL_ID,)
    id_separator: str = ":"
    missing: frozenset[str] = frozenset({""})
    skip_when: Conditions = NO_CONDITIONS
    fold: tuple[OrderPart, ...] = ()
    strict: bool = False
    only_known_columns: bool = False
    columns_may_lack: bool = False
    coverage: CoverageMode = CoverageMode.BY_ROWS

    def wanted(self) -> set[str]:
        """Every column that a file must have."""
        fold = {part.column for part in self.fold if part.column}
        fields = set[str]().union(*(each.wanted() for each in self.fields))
        return {*self.id_columns, *self.skip_when, *fold, *fields}

    def code_spaces(self) -> dict[str, str | None]:
        """The code space of every field that names people or departments; None: the tenant's own numbers."""
        coded = (Kind.PERSON, Kind.PEOPLE, Kind.TEAM)
        return {each.spec.name: each.code_space for each in self.fields if each.spec.kind in coded}


def direct_mapping(record: RecordDeclaration, key: str, like: SourceMapping | None = None) -> SourceMapping:
    """Rows that name the record's own fields, as a program sends them; ``like`` is the source they belong to.

    An unknown name is refused, and an instant carries its zone unless the source has one.
    """
    spaces = like.code_spaces() if like else {}
    common = next(iter(set(spaces.values())), None) if len(set(spaces.values())) == 1 else None
    fields = tuple(
        FieldMapping(spec=spec, columns=(spec.name,), code_space=spaces.get(spec.name, common))
        for spec in record.fields
    )
    mapping = SourceMapping(key=key, record=record, fields=fields, zone_required=True, only_known_columns=True,
                            columns_may_lack=True, coverage=CoverageMode.NONE)  # fmt: skip
    if like is None:
        return mapping
    return replace(mapping, strict=like.strict, time_zone=like.time_zone, twice=like.twice,
                   zone_required=like.time_zone is None)  # fmt: skip

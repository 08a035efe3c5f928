"""The names that a formula may use: record types, their fields, the record that is looked for.

Every name is looked up in a declaration; nothing is asked of a Python object by a name from the text.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

from meritline_sdk.formulas.needs import EVERY_RECORD_HAS
from meritline_sdk.formulas.problems import FormulaError, Source, nearest
from meritline_sdk.formulas.syntax import OF_A_TENANT, Limits
from meritline_sdk.model import nodes
from meritline_sdk.model.expressions import Expr
from meritline_sdk.model.fields import FieldSpec
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import every_record_type
from meritline_sdk.model.records import RecordDeclaration, RecordMeta, RecordType
from meritline_sdk.model.times import CLOCK, FIRST_DAY, LAST_DAY, PERIOD_END, PERIOD_START

OTHER = "other"
CONSTANTS: Mapping[str, Expr] = {
    "PERIOD_START": PERIOD_START, "PERIOD_END": PERIOD_END, "FIRST_DAY": FIRST_DAY, "LAST_DAY": LAST_DAY,
    "CLOCK": CLOCK,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean at a place: ``own`` is the record a measure looks at, ``other`` the one that is looked for."""

    source: Source
    records: Mapping[str, RecordDeclaration]
    own: RecordDeclaration | None = None
    other: RecordDeclaration | None = None
    limits: Limits = OF_A_TENANT

    def of(self, own: RecordDeclaration) -> Self:
        """The scope inside a measure of this record type."""
        return replace(self, own=own, other=None)

    def looking_for(self, other: RecordDeclaration) -> Self:
        """The scope inside a look at other records."""
        return replace(self, other=other)

    def record(self, node: ast.expr) -> RecordDeclaration:
        """The record type that a name means."""
        if not isinstance(node, ast.Name):
            raise self.source.error("E-FORMULA-RECORD", node, known=nearest(self.source.written(node), self.records))
        found = self.find_record(node.id)
        if found is None:
            raise self.source.error("E-FORMULA-RECORD", node, known=nearest(node.id, self.records))
        return found

    def find_record(self, name: str) -> RecordDeclaration | None:
        """By its key, ``work_order``, or in the author's spelling, ``WorkOrder``."""
        return self.records.get(name) or next((one for one in self.records.values() if camel(one.key) == name), None)

    def name(self, node: ast.Name) -> Expr:
        """A bare name: a field of the record that is looked at, or a constant."""
        if self.own is not None and (kind := kind_in(self.own, node.id)) is not None:
            return Expr(nodes.Field(self.own.key, node.id, kind))
        if node.id in CONSTANTS:
            return CONSTANTS[node.id]
        if self.own is None and self.find_record(node.id) is not None:
            raise self.source.error("E-FORMULA-RECORD-ALONE", node, example=f"{node.id}.{first_field(self, node.id)}")
        if self.own is None:
            raise self.source.error("E-FORMULA-NAME", node, known=nearest(node.id, (*self.records, *CONSTANTS)))
        raise self.unknown_field(node, self.own, node.id)

    def attribute(self, node: ast.Attribute) -> Expr:
        """``work_order.visits``, or ``other.visits`` of the record that is looked for."""
        if not isinstance(node.value, ast.Name):
            raise self.source.error("E-FORMULA-FORM", node, self.source.written(node)[:40], form="Attribute")
        if node.value.id == OTHER and self.other is not None:
            return self.field(node, self.other, other=True)
        record = self.record(node.value)
        other = self.other is not None and record.key == self.other.key and (
            self.own is None or record.key != self.own.key)
        return self.field(node, record, other=other)

    def field(self, node: ast.Attribute, record: RecordDeclaration, *, other: bool) -> Expr:
        """A field of a record type."""
        kind = kind_in(record, node.attr)
        if kind is None:
            raise self.unknown_field(node, record, node.attr)
        found = nodes.Field(record.key, node.attr, kind)
        if not other and self.own is not None and record.key != self.own.key:
            raise self.source.error("E-FORMULA-OTHER-RECORD", node, record=self.own.key, other=record.key)
        return Expr(nodes.Other(found) if other else found)

    def unknown_field(self, node: ast.expr, record: RecordDeclaration, name: str) -> FormulaError:
        """The refusal of a field, with the nearest ones."""
        known = nearest(name, [spec.name for spec in record.fields])
        return self.source.error("E-FORMULA-FIELD", node, name, record=record.key, known=known)


def first_field(scope: Scope, name: str) -> str:
    """Some field of the record type, for an example."""
    found = scope.find_record(name)
    return found.fields[0].name if found else "field"


def kind_in(record: RecordDeclaration, name: str) -> Kind | None:
    """The kind of the record type's field."""
    if name in EVERY_RECORD_HAS:
        return Kind.CODE
    spec = spec_in(record, name)
    return None if spec is None else spec.kind


def spec_in(record: RecordDeclaration, name: str) -> FieldSpec | None:
    """The field's declaration."""
    return next((spec for spec in record.fields if spec.name == name), None)


@lru_cache(maxsize=512)
def camel(key: str) -> str:
    """``work_order`` as the name of a class."""
    return "".join(part.capitalize() for part in key.split("_"))


@lru_cache(maxsize=512)
def class_of(record: RecordDeclaration) -> Any:
    """The record type as the author's functions take it: the declared class, or one made for the declaration."""
    for known in every_record_type(RecordType):
        if known.declaration == record:
            return known
    return type.__new__(RecordMeta, camel(record.key), (RecordType,), {"declaration": record})

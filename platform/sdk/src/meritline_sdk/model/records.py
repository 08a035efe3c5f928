"""Record types: one typed fact from outside. Decides how a class body becomes a frozen declaration."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from meritline_sdk.model.expressions import Expr
from meritline_sdk.model.fields import Choice, Day, FieldSpec, Instant, People, Person, Team
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Field
from meritline_sdk.model.text import Text

KEY = re.compile(r"[a-z][a-z0-9_]{0,40}")
RESERVED = frozenset({
    "tenant_id", "source", "external_id", "version", "digest", "fold_key", "recorded_at", "import_id",
    "superseded_at", "declaration", "defaults", "id",
})  # fmt: skip


EXTERNAL_ID = "external_id"
"""The id a record has outside; every record has one, and other records may name it."""


class DeclarationError(ValueError):
    """A declaration that contradicts itself; the message names it and says what to do."""


def require_key(key: str, what: str) -> None:
    """Raise unless the key can name a column, a table and a line in a manifest."""
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise DeclarationError(f"{what} {key!r}: a key is lower case letters, digits and _, begins with a letter, "
                               "and has at most 41 characters")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose a record is and which moment decides its period, unless a measure chooses its own.

    ``credit`` is a Person, People or Team field of the record type, or left out: then its records count for the company
    alone. ``at`` is one of its instants or days.
    """

    credit: Person | People | Team | None = None
    at: Instant | Day | None = None


@dataclass(frozen=True, slots=True)
class RecordDeclaration:
    """A record type as a value: what the server stores and a measure may look at."""

    key: str
    title: Text
    fields: tuple[FieldSpec, ...]
    credit: str | None
    at: str

    def field(self, name: str) -> FieldSpec:
        """The field of this name; the error names the nearest one."""
        for spec in self.fields:
            if spec.name == name:
                return spec
        raise DeclarationError(unknown_field(self.key, name, [spec.name for spec in self.fields]))


@dataclass(frozen=True, slots=True)
class RecordExtension:
    """Fields that a set adds to a record type of another set; each is named ``set__field`` and may be missing."""

    record: str
    by: str
    fields: tuple[FieldSpec, ...]

    def widened(self, declaration: RecordDeclaration) -> RecordDeclaration:
        """The record type with the fields added to it."""
        return replace(declaration, fields=(*declaration.fields, *self.fields))


def unknown_field(record: str, name: str, known: list[str]) -> str:
    """The sentence for a field that does not exist."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; it has {', '.join(known)}"
    return f"record type {record!r} has no field {name!r}{hint}"


class RecordMeta(type):
    """Turns the fields of a class body into proxies for expressions."""

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], **options: Any) -> "RecordMeta":
        cls = super().__new__(mcs, name, bases, {k: v for k, v in body.items() if not isinstance(v, FieldSpec)})
        if bases and "extends" in options:
            extend(cls, body, **options)
        elif bases:
            declare(cls, body, **options)
        return cls

    def __init__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any], **options: Any) -> None:
        super().__init__(name, bases, body)

    if not TYPE_CHECKING:  # a type checker sees the fields themselves, and that a misspelt one is none

        def __getattr__(cls, name: str) -> Expr:
            declaration = cls.__dict__.get("declaration")
            if declaration is None or name.startswith("__"):
                raise AttributeError(name)
            if name == EXTERNAL_ID:
                return Expr(Field(declaration.key, name, Kind.CODE))
            extension = cls.__dict__.get("extension")
            wanted = {name, added(extension.by, name)} if extension else {name}
            for spec in declaration.fields:
                if spec.name in wanted:
                    return Expr(Field(declaration.key, spec.name, spec.kind))
            raise AttributeError(unknown_field(declaration.key, name, [spec.name for spec in declaration.fields]))


def declare(cls: Any, body: dict[str, Any], *, key: str, title: Text) -> None:
    """Check the class body and set its ``declaration``."""
    require_key(key, "record type")
    named = {name: value for name, value in body.items() if isinstance(value, FieldSpec)}
    fields = tuple(checked_field(key, name, spec) for name, spec in named.items())
    if not fields:
        raise DeclarationError(f"record type {key!r} has no fields")
    defaults = body.get("defaults", Attribution())
    names = {id(value): name for name, value in named.items()}
    credit, at = names.get(id(defaults.credit)), names.get(id(defaults.at))
    if defaults.credit is not None and (credit is None or named[credit].kind not in CREDITED):
        raise DeclarationError(f"record type {key!r}: defaults.credit must be one of its own people or team fields")
    if at is None or named[at].kind not in (Kind.INSTANT, Kind.DAY):
        raise DeclarationError(f"record type {key!r}: defaults = Attribution(credit=..., at=...) must name one of its "
                               "own instants or days as the moment that decides the period")
    cls.declaration = RecordDeclaration(key, title, fields, credit, at)


def extend(cls: Any, body: dict[str, Any], *, extends: Any, by: str) -> None:
    """Check the class body and set its ``extension``; ``declaration`` is the whole record type with these fields."""
    require_key(by, "indicator set")
    if not (isinstance(extends, RecordMeta) and "declaration" in extends.__dict__) or "extension" in extends.__dict__:
        raise DeclarationError(f"extends= names a record type that another set declares: got {extends!r}")
    base: RecordDeclaration = extends.__dict__["declaration"]
    if "defaults" in body:
        raise DeclarationError(f"record type {base.key!r}: its credit and moment are decided by the set that declares "
                               "it; a measure may choose its own")
    named = {name: value for name, value in body.items() if isinstance(value, FieldSpec)}
    for name, spec in named.items():
        if not spec.optional:
            raise DeclarationError(f"field {name!r} added to {base.key!r}: say optional=True, since the records of "
                                   "others lack it")
        if any(known.name == name for known in base.fields):
            raise DeclarationError(f"field {name!r} added to {base.key!r}: it has a field of that name; choose another")
    if not named:
        raise DeclarationError(f"the extension of {base.key!r} adds no fields")
    fields = tuple(checked_field(base.key, added(by, name), spec) for name, spec in named.items())
    cls.extension = RecordExtension(base.key, by, fields)
    cls.declaration = cls.extension.widened(base)


def added(by: str, name: str) -> str:
    """The name of a field that another set adds, also of its column."""
    return f"{by}__{name}"


def checked_field(record: str, name: str, spec: FieldSpec) -> FieldSpec:
    """The field with its name, or an error that names it."""
    require_key(name, f"field of {record!r}")
    if name in RESERVED:
        raise DeclarationError(f"record type {record!r}: the name {name!r} is kept for the server; choose another")
    if isinstance(spec, Choice) and not spec.options:
        raise DeclarationError(f"record type {record!r}: choice {name!r} needs its options")
    return replace(spec, name=name)


CREDITED = frozenset({Kind.PERSON, Kind.PEOPLE, Kind.TEAM})
#: What follows a field's name in the columns that it takes, where it takes another or several.
SUFFIXES = {Kind.PERSON: ("_code", ""), Kind.TEAM: ("_code", ""), Kind.PEOPLE: ("_codes", "_ids", "_shares")}


class RecordType(metaclass=RecordMeta):
    """Base of a record type; its attributes are the fields, as expressions.

    >>> from meritline_sdk import Instant, Int, Person
    >>> class Callout(RecordType, key="callout", title=Text("Call-out", "急修单")):
    ...     mechanic = Person()
    ...     closed_at = Instant(optional=True)
    ...     visits = Int(minimum=0)
    ...     defaults = Attribution(credit=mechanic, at=closed_at)
    >>> Callout.declaration.credit
    'mechanic'

    Fields that another set adds, under its own name; its measures look at both:

    >>> class LiftCallout(RecordType, extends=Callout, by="elevator"):
    ...     floors = Int(optional=True)
    >>> [spec.name for spec in LiftCallout.extension.fields]
    ['elevator__floors']
    """

    declaration: ClassVar[RecordDeclaration]
    extension: ClassVar[RecordExtension]

    if TYPE_CHECKING:
        external_id: ClassVar[Expr]

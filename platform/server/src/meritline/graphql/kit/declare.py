"""Declared reads: how a GraphQL type says where its rows live and who may see them.

A feature declares each type once, beside itself, in its ``graphql.py``. From the declaration the kit makes the
GraphQL type and its plain resolvers (``build``, ``resolve``); the read compiler will make its statements from the same.

Types are written as in the schema: ``"String!"``, ``"[ScoreLine!]!"``. SQL fragments may name ``{t}`` (the alias of
the table), ``{tenant}``, ``{employee}`` and ``{today}`` (of the reader), and ``{value}`` (of a filter); every value is
bound, never pasted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

NOTHING: Mapping[str, Any] = {}


ALL = "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """Who sees which rows: the action of the permission table, and a condition for each reach it may be granted with.

    A reach without a condition sees none. The condition is the permission's shape; only the reader's own values are
    bound into it.
    """

    action: str
    company: str = ALL
    team: str | None = None
    own: str | None = None

    def condition(self, reach: str | None) -> str | None:
        """The condition for this reach, or nothing where the reader may not read the type at all."""
        return {"company": self.company, "team": self.team, "own": self.own}.get(reach or "")


@dataclass(frozen=True, slots=True)
class Through:
    """Rows are visible where their owner's row is: a score line through its scorecard. ``key`` is the owner's key."""

    owner: str
    key: str


@dataclass(frozen=True, slots=True)
class Column:
    """A field that is one value of the row. ``sql`` is the expression, by default the column of the same name.

    ``action`` is what the reader must be allowed to do for the whole company to see it (None: whoever sees the row
    sees it); such a field must be nullable, since others get null and an error.
    """

    name: str
    type: str
    description: str
    sql: str | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Translated:
    """A text in the reader's language; ``title(language: ZH)`` chooses one."""

    name: str
    description: str
    en: str
    zh: str
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class GlobalId:
    """The opaque id of the row: made from the type and the key column."""

    name: str = "id"
    description: str = "Opaque and stable; `node` finds the object again."


@dataclass(frozen=True, slots=True)
class Embedded:
    """An object made of the same row: the reading of a score line. ``sql`` replaces expressions of its columns.

    The object is null where the column ``null_without`` of it is.
    """

    name: str
    type: str
    description: str
    sql: Mapping[str, str] = field(default_factory=dict)
    null_without: str | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class ToOne:
    """Another row: the one whose ``on`` equals ``key`` of this one. Null where it is missing or not visible."""

    name: str
    type: str
    description: str
    key: str
    on: str = "{t}.id"


@dataclass(frozen=True, slots=True)
class ToMany:
    """A short list of rows that belong to this one, in ``order``; for long ones use ``Connected``."""

    name: str
    type: str
    description: str
    on: str
    order: tuple[str, ...]
    key: str = "{t}.id"
    where: str = ALL


@dataclass(frozen=True, slots=True)
class Connected:
    """A Relay connection of the rows that belong to this one, with the target's filter and order."""

    name: str
    type: str
    description: str
    on: str
    key: str = "{t}.id"


@dataclass(frozen=True, slots=True)
class Computed:
    """A field that Python computes.

    ``resolve(needed, context, **arguments)`` gets the named expressions of the row (for root fields: nothing), and
    the request; its further parameters, with their annotations, become the arguments. It may be a coroutine. For an
    ``Object`` without a table it returns a mapping of that object's columns.

    ``lasting``: of the request it looks at nothing but the language, and so do the fields of its object: the same
    values have the same answer for everyone. ``passed`` are needs that it only hands on as fields of that name, which
    are read where one is selected.
    """

    name: str
    type: str
    description: str
    resolve: Callable[..., Any]
    needs: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)
    action: str | None = None
    lasting: bool = False
    passed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RootConnection:
    """A root field: the connection over all rows of the type that the reader may see."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class RootById:
    """A root field: one object by its opaque id; null where there is none for the reader."""

    name: str
    type: str
    description: str


type Field = (
    Column | Translated | GlobalId | Embedded | ToOne | ToMany | Connected | Computed | RootConnection | RootById
)

SqlType = Literal["text", "int", "numeric", "uuid", "timestamptz", "date"]
KeyType = SqlType | Literal["uuid.int"]


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to order by: a term of the default order, or a choice of ``orderBy``.

    ``nullable`` terms sort their nulls last, in both directions.
    """

    name: str
    sql: str
    type: SqlType
    description: str = ""
    nullable: bool = False
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of the filter input. With ``of`` the value is an opaque id of that type."""

    name: str
    type: str
    sql: str
    description: str
    of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """A GraphQL object. With ``table`` it is read from there; without, it is embedded in a row or computed.

    A row that has no column of its own to be known by is known by several, ``key_columns`` of the types that
    ``key_type`` tells: its ``key`` is their texts with points between, and it is looked for by the columns.
    """

    name: str
    description: str
    fields: tuple[Field, ...]
    table: str | None = None
    key: str = "{t}.id"
    key_type: KeyType = "uuid"
    key_columns: tuple[str, ...] = ()
    where: str = ALL
    visible: Visible | Through | None = None
    order: tuple[Order, ...] = ()
    orders: tuple[Order, ...] = ()
    filters: tuple[Filter, ...] = ()

    def __post_init__(self) -> None:
        if (self.table is None) != (self.visible is None):
            raise ValueError(f"{self.name}: a type with a table says who may see its rows, and only such a type")
        if len(self.key_columns or (self.key,)) != len(self.key_type.split(".")):
            raise ValueError(f"{self.name}: a key has as many columns as types")
        if self.key_columns:
            object.__setattr__(self, "key", f"({" || '.' || ".join(f'{each}::text' for each in self.key_columns)})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """What one feature adds to the schema. ``extensions`` adds fields to types of the features below it."""

    objects: tuple[Object, ...] = ()
    enums: tuple[type[Enum], ...] = ()
    queries: tuple[Field, ...] = ()
    extensions: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    mutations: tuple[Any, ...] = ()
    subscriptions: tuple[Any, ...] = ()

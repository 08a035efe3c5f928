"""Statements of the plain resolvers. Decides their form: one simple SELECT per level, the page before any join.

Each binds the tenant as ``$1``, and carries the type's own condition and the reader's. Declarations are ours and
trusted; everything that a client sends is bound.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from meritline.graphql.kit.context import Reader
from meritline.graphql.kit.declare import Object, Order, SqlType, Through, Visible
from meritline.graphql.kit.shapes import Shapes

PLACE = re.compile(r"\{(\w+)\}")
NO_EMPLOYEE = UUID(int=0)
type Prepared = tuple[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a page shall hold. ``filters`` are pairs of condition and value."""

    order: tuple[Order, ...]
    limit: int
    after: tuple[object, ...] | None = None
    filters: tuple[tuple[str, object], ...] = ()


class Binds:
    """Collects the values of a statement and fills its fragments."""

    def __init__(self, reader: Reader, today: date) -> None:
        self.values: list[Any] = [reader.tenant_id]
        self.readers: dict[str, Any] = {"employee": reader.employee_id or NO_EMPLOYEE, "today": today}
        self.names: dict[str, str] = {"tenant": "$1"}

    def value(self, value: object, cast: str = "") -> str:
        """The place of a bound value."""
        self.values.append(value)
        return f"${len(self.values)}{cast}"

    def fill(self, fragment: str, alias: str, **given: str) -> str:
        """The fragment with its places filled."""

        def put(found: re.Match[str]) -> str:
            name = found[1]
            if name == "t":
                return alias
            if name in given:
                return given[name]
            if name not in self.names:
                self.names[name] = self.value(self.readers[name])
            return self.names[name]

        return PLACE.sub(put, fragment)


@dataclass(frozen=True, slots=True)
class Statements:
    """Makes the statements of one reader."""

    shapes: Shapes
    reader: Reader
    reach: Callable[[str], str | None]
    today: date

    def may_read(self, shape: Object) -> bool:
        """Whether the reader may read the type at all."""
        return self._visible(shape, "t", Binds(self.reader, self.today)) is not None

    def page(self, shape: Object, wish: Wish) -> Prepared:
        """One page of the type."""
        binds = Binds(self.reader, self.today)
        where = self.where(shape, binds, wish)
        return self._text(shape, binds, wish, where), binds.values

    def count(self, shape: Object, filters: tuple[tuple[str, object], ...]) -> Prepared:
        """How many rows there are in all."""
        binds = Binds(self.reader, self.today)
        where = self.where(shape, binds, Wish(order=(), limit=0, filters=filters))
        return f'select count(*) as "count" from {table(shape)} t where {where}', binds.values  # noqa: S608

    def matching(
        self, shape: Object, on: str, keys: Sequence[object], order: tuple[str, ...] = (), extra: str = "true"
    ) -> Prepared:
        """All rows whose ``on`` is one of the keys; ``^parent`` says which."""
        binds = Binds(self.reader, self.today)
        column = binds.fill(on, "t")
        where = self.where(shape, binds, Wish(order=(), limit=0))
        keyed = among(shape, on, keys, binds)
        by = ", ".join([column, *(binds.fill(term, "t") for term in order)])
        chosen = f'{column} as "^parent", {self._columns(shape, binds)}'
        more = binds.fill(extra, "t")
        text = f"select {chosen} from {table(shape)} t where {where} and {keyed} and {more} order by {by}"  # noqa: S608
        return text, binds.values

    def pages(self, shape: Object, on: str, keys: Sequence[object], wish: Wish) -> Prepared:
        """One page for each of the keys, in one statement."""
        binds = Binds(self.reader, self.today)
        places = binds.value(list(keys), array_of(keys))
        where = f"{self.where(shape, binds, wish)} and {binds.fill(on, 't')} = parent.key"
        inner = self._text(shape, binds, wish, where, placed=True)
        text = (
            f'select parent.key as "^parent", page.* from unnest({places}) with ordinality as parent(key, place) '  # noqa: S608
            f'cross join lateral ({inner}) page order by parent.place, page."^place"'
        )
        return text, binds.values

    def counts(
        self, shape: Object, on: str, keys: Sequence[object], filters: tuple[tuple[str, object], ...]
    ) -> Prepared:
        """How many rows there are for each of the keys."""
        binds = Binds(self.reader, self.today)
        column = binds.fill(on, "t")
        where = self.where(shape, binds, Wish(order=(), limit=0, filters=filters))
        keyed = f"{column} = any({binds.value(list(keys), array_of(keys))})"
        text = f'select {column} as "^parent", count(*) as "count" from {table(shape)} t where {where} and {keyed} group by 1'  # noqa: S608, E501
        return text, binds.values

    def _text(self, shape: Object, binds: Binds, wish: Wish, where: str, *, placed: bool = False) -> str:
        by = ", ".join(ordered(term, binds.fill(term.sql, "t")) for term in wish.order)
        terms = "".join(f', {binds.fill(term.sql, "t")} as "^{n}"' for n, term in enumerate(wish.order))
        terms += f', row_number() over (order by {by}) as "^place"' if placed else ""
        chosen = f"{self._columns(shape, binds)}{terms}"
        return f"select {chosen} from {table(shape)} t where {where} order by {by} limit {binds.value(wish.limit)}"  # noqa: S608

    def _columns(self, shape: Object, binds: Binds) -> str:
        return ", ".join(f'{binds.fill(sql, "t")} as "{name}"' for name, sql in self.shapes.selection(shape.name))

    def where(self, shape: Object, binds: Binds, wish: Wish) -> str:
        """The condition of the rows under ``t``: the tenant's, the type's own, visible, and as wished."""
        parts = ["t.tenant_id = $1", self._visible(shape, "t", binds) or "false"]
        if shape.where != "true":
            parts.append(f"({binds.fill(shape.where, 't')})")
        parts += [f"({binds.fill(sql, 't', value=binds.value(value))})" for sql, value in wish.filters]
        if wish.after is not None:
            parts.append(f"({following(wish.order, wish.after, binds)})")
        return " and ".join(part for part in parts if part != "true")

    def _visible(self, shape: Object, alias: str, binds: Binds) -> str | None:
        match shape.visible:
            case Visible() as visible:
                found = visible.condition(self.reach(visible.action))
                return None if found is None else found if found == "true" else f"({binds.fill(found, alias)})"
            case Through(owner, key):
                above, name = self.shapes[owner], f"{alias}_{owner.lower()}"
                found = self._visible(above, name, binds)
                if found in (None, "true"):
                    return found
                same = f"{name}.tenant_id = $1 and {binds.fill(above.key, name)} = {binds.fill(key, alias)}"
                return f"exists (select 1 from {table(above)} {name} where {same} and {found})"  # noqa: S608
        return None


def table(shape: Object) -> str:
    """The table's quoted name."""
    return f'"{shape.table}"'


def array_of(keys: Sequence[object]) -> str:
    """The SQL type of a list of keys."""
    match keys[0]:
        case UUID():
            return "::uuid[]"
        case int():
            return "::bigint[]"
        case _:
            return "::text[]"


def parts_of(shape: Object) -> tuple[tuple[str, SqlType], ...]:
    """The columns of a key of several, each with its type."""
    return tuple(zip(shape.key_columns, cast("list[SqlType]", shape.key_type.split(".")), strict=True))


def by_key(shape: Object, key: str, binds: Binds) -> str:
    """The condition of the row under ``t`` with this key; one of several columns is a text as ``typed_key`` lets it."""
    if not shape.key_columns:
        return f"{binds.fill(shape.key, 't')} = {key}"
    return " and ".join(f"{binds.fill(column, 't')} = split_part({key}, '.', {place})::{kind}"
                        for place, (column, kind) in enumerate(parts_of(shape), 1))  # fmt: skip


def among(shape: Object, on: str, keys: Sequence[object], binds: Binds) -> str:
    """The condition of the rows under ``t`` whose ``on`` is one of the keys.

    Keys of several columns are taken apart before they are bound: under row level security no index is asked for what
    a function makes of another row, since the function might tell of it.
    """
    if on != shape.key or not shape.key_columns:
        return f"{binds.fill(on, 't')} = any({binds.value(list(keys), array_of(keys))})"
    parts = zip(parts_of(shape), zip(*(str(key).split(".") for key in keys), strict=True), strict=True)
    lists = ", ".join(binds.value(list(some), f"::text[]::{kind}[]") for (_, kind), some in parts)
    columns = ", ".join(binds.fill(each, "t") for each in shape.key_columns)
    return f"({columns}) in (select * from unnest({lists}))"  # noqa: S608


def ordered(term: Order, sql: str) -> str:
    """The term of an ORDER BY."""
    return f"{sql} {'desc' if term.descending else 'asc'}{' nulls last' if term.nullable else ''}"


def following(order: Sequence[Order], after: Sequence[object], binds: Binds) -> str:
    """The condition for rows that stand after these order values."""
    terms = [(term, binds.fill(term.sql, "t")) for term in order]
    if len({term.descending for term in order}) == 1 and not any(term.nullable for term in order):
        places = ", ".join(binds.value(value, f"::{term.type}") for (term, _), value in zip(terms, after, strict=True))
        return f"({', '.join(sql for _, sql in terms)}) {'<' if order[0].descending else '>'} ({places})"
    choices: list[str] = []
    same: list[str] = []
    for (term, sql), value in zip(terms, after, strict=True):
        if value is None:
            same.append(f"{sql} is null")
            continue
        place = binds.value(value, f"::{term.type}")
        beyond = f"{sql} {'<' if term.descending else '>'} {place}"
        beyond = f"({beyond} or {sql} is null)" if term.nullable else beyond
        choices.append(" and ".join([*same, beyond]))
        same.append(f"{sql} = {place}")
    return " or ".join(f"({choice})" for choice in choices) or "false"


def total_order(shape: Object, chosen: tuple[Order, ...]) -> tuple[Order, ...]:
    """The order made total by the key of the row: by its columns where it has several, as their index has them."""
    if not shape.key_columns:
        return (*chosen, Order("key", shape.key, cast("SqlType", shape.key_type)))
    return (*chosen, *(Order(f"key{place}", column, kind) for place, (column, kind) in enumerate(parts_of(shape), 1)))


def filters_of(shape: Object, wanted: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
    """The conditions of the filter fields that were given."""
    return tuple((each.sql, wanted[each.name]) for each in shape.filters if wanted.get(each.name) is not None)

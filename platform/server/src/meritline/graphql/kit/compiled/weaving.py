"""Weaving: the statement of a root field. Decides its form: the page first, in a sub-select; then everything of a row.

JSON is written as text, piece by piece: Postgres' JSON functions take one and a half times as long for the same bytes.
Rows stand under ``r1``, ``r2`` ... and their sub-selects under ``t``, as in the plain statements, whose conditions are
used unchanged.
"""

# ruff: noqa: S608  (fragments of declarations and names of GraphQL; every value of a client is bound)

from collections.abc import Mapping, Sequence

from meritline.graphql.kit import cursors, loading
from meritline.graphql.kit.compiled.choosing import TYPENAME, Chosen
from meritline.graphql.kit.compiled.leaves import (
    NULL,
    Piece,
    Sql,
    base64,
    failure,
    joined,
    leaf,
    moment,
    opaque,
    quoted,
)
from meritline.graphql.kit.compiled.refusing import NotCompiled
from meritline.graphql.kit.compiled.slots import Page, Slots, slotted
from meritline.graphql.kit.declare import (
    Column,
    Connected,
    Embedded,
    GlobalId,
    Object,
    Order,
    ToMany,
    ToOne,
    Translated,
)
from meritline.graphql.kit.shapes import core
from meritline.graphql.kit.statements import Statements, Wish, ordered, table

#: What of a page's info depends on its rows.
OF_ROWS = ("hasNextPage", "startCursor", "endCursor")
FALSE_PAGE = {"hasNextPage": "false", "startCursor": "null", "endCursor": "null"}


class Weaver:
    """Writes one statement. ``languages`` are those of translated texts with arguments, by place."""

    def __init__(
        self,
        statements: Statements,
        enums: Mapping[str, Mapping[str, str]],
        language: str,
        given: Sequence[Page | str],
    ) -> None:
        self.statements = statements
        self.shapes = statements.shapes
        self.enums = enums
        self.language = language
        self.given = given
        self.binds = Slots()
        self.count = 0

    def row(self) -> str:
        """A new alias."""
        self.count += 1
        return f"r{self.count}"

    def fill(self, sql: str, alias: str) -> str:
        """A fragment over a row."""
        return self.binds.fill(sql, alias)

    # Objects and their fields

    def object(self, shape: Object, below: Sequence[Chosen], alias: str, path: str = "", *, parents: int | None = 1,
               row: str = "") -> list[Piece]:  # fmt: skip
        """The object of a row as JSON; ``row`` is the type of the whole row, of which this may be a part."""
        pieces: list[Piece] = ["{"]
        for number, each in enumerate(below):
            pieces.append(f'{"," if number else ""}"{each.key}":')
            pieces += self.field(shape, each, alias, path, parents, row or shape.name)
        return [*pieces, "}"]

    def field(
        self, shape: Object, each: Chosen, alias: str, path: str, parents: int | None, row: str
    ) -> list[Piece]:  # fmt: skip
        """The value of one field."""
        found = self.expressions(row)
        at = f"{path}{each.name}"
        match each.field:
            case None:
                return [f'"{shape.name}"'] if each.name == TYPENAME else []
            case Column() as column:
                self.may(column.action, at)
                return [leaf(column.type, self.fill(found[at], alias), alias, self.enums)]
            case Translated() as text:
                spoken = self.language if each.place is None else self.given[each.place]
                written = "String" if text.nullable else "String!"
                return [leaf(written, self.fill(found[f"{at}_{spoken}"], alias), alias, self.enums)]
            case GlobalId():
                return [opaque(shape.name, self.fill(found["^key"], alias), alias)]
            case Embedded() as embedded:
                self.may(embedded.action, at)
                return self.embedded(embedded, each, alias, f"{at}.", parents, row)
            case ToOne() as relation:
                return [self.to_one(relation, each, self.fill(found[f"#{at}"], alias), parents)]
            case ToMany() as relation:
                return self.to_many(relation, each, self.fill(found[f"#{at}"], alias))
            case Connected() as relation:
                return self.connected(relation, each, self.fill(found[f"#{at}"], alias), parents)
        raise NotCompiled(f"{shape.name}.{each.name} is computed")

    def expressions(self, name: str) -> dict[str, str]:
        """What a row of the type can select, by its name in a result."""
        return dict(self.shapes.selection(name))

    def may(self, action: str | None, at: str) -> None:
        """A field that the reader may not see is an error in every row: the plain resolvers' business."""
        if action is not None and self.statements.reach(action) != "company":
            raise NotCompiled(f"{at} is refused")

    def embedded(
        self, each: Embedded, chosen: Chosen, alias: str, path: str, parents: int | None, row: str
    ) -> list[Piece]:
        """An object made of the same row."""
        pieces = self.object(self.shapes[core(each.type)], chosen.below, alias, path, parents=parents, row=row)
        if each.null_without is None:
            return pieces
        key = self.fill(self.expressions(row)[path + each.null_without], alias)
        otherwise = failure(alias) if each.type.endswith("!") else NULL
        return [Sql(f"case when ({key}) is null then {otherwise} else {joined(pieces)} end")]

    # Relations

    def to_one(self, each: ToOne, chosen: Chosen, key: str, parents: int | None) -> Sql:
        """The related row, or null; two of them are an error, which leaves the choice to the plain resolvers."""
        shape = self.shapes[core(each.type)]
        if not self.statements.may_read(shape):
            return Sql(NULL)
        return self.single(shape, chosen.below, f"{self.fill(each.on, 't')} = ({key})", parents)

    def single(self, shape: Object, below: Sequence[Chosen], condition: str, parents: int | None = 1) -> Sql:
        """The row under this condition as JSON, or null."""
        alias = self.row()
        body = joined(self.object(shape, below, alias, parents=parents))
        return Sql(f"coalesce((select {body} from {self.matching(shape, condition)} {alias}), {NULL})")

    def to_many(self, each: ToMany, chosen: Chosen, key: str) -> list[Piece]:
        """The short list of related rows."""
        shape = self.shapes[core(each.type)]
        if not self.statements.may_read(shape):
            return ["[]"]
        alias = self.row()
        body = joined(self.object(shape, chosen.below, alias, parents=None))
        source = self.belonging(shape, each, key)
        return ["[", Sql(f"coalesce((select string_agg({body}, ',') from {source} {alias}), '')"), "]"]

    def matching(self, shape: Object, condition: str) -> str:
        """The rows under a condition, as a sub-select."""
        return f"(select t.* from {table(shape)} t where {self.where(shape, Wish(order=(), limit=0))} and {condition})"

    def belonging(self, shape: Object, each: ToMany, key: str) -> str:
        """The short list of rows that belong to a key, as a sub-select."""
        by = ", ".join(self.fill(term, "t") for term in each.order)
        more = "" if each.where == "true" else f" and {self.fill(each.where, 't')}"
        return f"{self.matching(shape, f'{self.fill(each.on, "t")} = ({key}){more}')[:-1]} order by {by})"

    def connected(self, each: Connected, chosen: Chosen, key: str, parents: int | None) -> list[Piece]:
        """The page of related rows."""
        shape = self.shapes[core(each.type)]
        assert chosen.place is not None
        page = self.given[chosen.place]
        assert isinstance(page, Page)
        if not self.statements.may_read(shape):
            return self.nothing(shape, chosen.below, page)
        below = self.held(chosen, page, parents)
        condition = f"{self.fill(each.on, 't')} = ({key})"
        return [Sql(f"({self.page(shape, chosen.below, page, chosen.place, condition, below)})")]

    def held(self, chosen: Chosen, page: Page, parents: int | None) -> int:
        """How many rows a list inside a list may hold in all of its parents; the plain resolvers refuse too many."""
        if parents is None or parents * page.arguments.first > loading.MOST_AT_ONCE:
            raise NotCompiled(f"how many rows {chosen.name} would hold is not known beforehand")
        return parents * page.arguments.first

    def where(self, shape: Object, wish: Wish) -> str:
        """The conditions of a sub-select: the tenant, what the reader may see, and the wish."""
        return self.statements.where(shape, self.binds, wish)

    # Pages

    def nothing(self, shape: Object, below: Sequence[Chosen], page: Page) -> list[Piece]:
        """The page of what the reader may not see."""
        values = {TYPENAME: f'"{shape.name}Connection"', "nodes": "[]", "edges": "[]", "totalCount": "0"}
        pieces: list[Piece] = ["{", *(f'{"," if number else ""}"{each.key}":' + (
            "".join(str(piece) for piece in self.info(each.below, page, FALSE_PAGE)) if each.name == "pageInfo"
            else values[each.name]) for number, each in enumerate(below))]  # fmt: skip
        return [*pieces, "}"]

    def page(
        self, shape: Object, below: Sequence[Chosen], page: Page, place: int, condition: str = "", parents: int = 0
    ) -> str:
        """The page as one statement: one row, one JSON text."""
        alias = self.row()
        placed = any(inner.name in OF_ROWS for each in below if each.name == "pageInfo" for inner in each.below)
        parts = PageParts(self, shape, page, alias, placed)
        pieces: list[Piece] = ["{"]
        for number, each in enumerate(below):
            pieces.append(f'{"," if number else ""}"{each.key}":')
            pieces += parts.part(each, condition, place, parents)
        text = f"select {joined([*pieces, '}'])}"
        if not placed and not any(each.name in ("nodes", "edges") for each in below):
            return text
        source = self.rows(shape, slotted(page, place), page.arguments.first + placed, condition)
        if placed:
            source = f'(select t.*, row_number() over () as "^place", count(*) over () as "^held" from {source} t)'
        return f"{text} from {source} {alias}"

    def rows(self, shape: Object, wish: Wish, limit: int, condition: str = "") -> str:
        """The first rows, as a sub-select: what is read of each is read of no more than these."""
        where = self.where(shape, wish) + (f" and {condition}" if condition else "")
        by = ", ".join(ordered(term, self.fill(term.sql, "t")) for term in wish.order)
        return f"(select t.* from {table(shape)} t where {where} order by {by} limit {limit})"

    def total(self, shape: Object, page: Page, place: int, condition: str = "") -> str:
        """How many rows all pages hold together."""
        where = self.where(shape, Wish(order=(), limit=0, filters=slotted(page, place).filters))
        where += f" and {condition}" if condition else ""
        return f"(select count(*)::int from {table(shape)} t where {where})"

    def info(self, below: Sequence[Chosen], page: Page, values: Mapping[str, Piece]) -> list[Piece]:
        """Where the page stands."""
        before: dict[str, Piece] = {
            TYPENAME: '"PageInfo"', "hasPreviousPage": "false" if page.arguments.after is None else "true"
        }  # fmt: skip
        pieces: list[Piece] = ["{"]
        for number, each in enumerate(below):
            pieces.append(f'{"," if number else ""}"{each.key}":')
            pieces.append(before.get(each.name) or values[each.name])
        return [*pieces, "}"]


class PageParts:
    """The parts of one connection, as aggregates over the rows of its page."""

    def __init__(self, weaver: Weaver, shape: Object, page: Page, alias: str, placed: bool) -> None:
        self.weaver, self.shape, self.page, self.alias = weaver, shape, page, alias
        self.first = page.arguments.first
        # One row more than asked tells whether more follow, and is not shown.
        self.shown = f' filter (where {alias}."^place" <= {self.first})' if placed else ""

    def part(self, each: Chosen, condition: str, place: int, parents: int) -> list[Piece]:
        """One selected part."""
        match each.name:
            case "nodes":
                return self.listed(self.weaver.object(self.shape, each.below, self.alias, parents=parents))
            case "edges":
                return self.listed(self.edge(each.below, parents))
            case "pageInfo":
                return self.weaver.info(each.below, self.page, self.standing())
            case "totalCount":
                return [self.total(condition, place)]
        return [f'"{self.shape.name}Connection"']

    def listed(self, pieces: list[Piece]) -> list[Piece]:
        """The rows of the page."""
        return ["[", Sql(f"coalesce(string_agg({joined(pieces)}, ','){self.shown}, '')"), "]"]

    def edge(self, below: Sequence[Chosen], parents: int) -> list[Piece]:
        """A row with its cursor."""
        pieces: list[Piece] = ["{"]
        for number, each in enumerate(below):
            pieces.append(f'{"," if number else ""}"{each.key}":')
            match each.name:
                case "node":
                    pieces += self.weaver.object(self.shape, each.below, self.alias, parents=parents)
                case "cursor":
                    pieces.append(self.cursor())
                case _:
                    pieces.append(f'"{self.shape.name}Edge"')
        return [*pieces, "}"]

    def standing(self) -> dict[str, Piece]:
        """The fields of the page's info that depend on its rows."""
        at, first = self.alias, self.first
        last = f'least({at}."^held", {first})'
        return {
            "hasNextPage": Sql(f"(count(*) > {first})::text"),
            "startCursor": self.cursor_at("1"),
            "endCursor": self.cursor_at(last),
        }

    def cursor_at(self, place: str) -> Sql:
        """The cursor of one row of the page."""
        return Sql(f"""coalesce(max(case when {self.alias}."^place" = {place} then {self.cursor()} end), {NULL})""")

    def cursor(self) -> Sql:
        """The cursor of a row, as ``cursors.encode`` makes it."""
        order = self.page.wish.order
        values = ", ".join(shown(term, f"({self.weaver.fill(term.sql, self.alias)})") for term in order)
        body = f"array_to_json(array[{quoted(cursors.fingerprint(order))}, {values}]::text[])::text"
        return Sql(f"""('"' || {base64(f"convert_to({body}, 'UTF8')")} || '"')""")

    def total(self, condition: str, place: int) -> Sql:
        """How many rows all pages hold together."""
        return Sql(f"{self.weaver.total(self.shape, self.page, place, condition)}::text")


def shown(term: Order, sql: str) -> str:
    """A value of the order as cursors write it, whatever the style of dates that a server was set to."""
    match term.type:
        case "timestamptz":
            return moment(sql)
        case "date":
            return f"to_char({sql}, 'YYYY-MM-DD')"
        case _:
            return f"{sql}::text"

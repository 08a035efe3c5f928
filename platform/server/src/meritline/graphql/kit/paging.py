"""Pages: Relay connections over declared types. Decides the limits of ``first`` and what a page carries."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import strawberry

from meritline.errors import MeritlineError
from meritline.graphql.kit import cursors
from meritline.graphql.kit.context import RequestContext
from meritline.graphql.kit.declare import Object, Order
from meritline.graphql.kit.ids import key_of
from meritline.graphql.kit.rows import HeldPage, Row
from meritline.graphql.kit.shapes import Shapes
from meritline.graphql.kit.statements import Wish, filters_of, total_order

DEFAULT_FIRST, MOST = 20, 100


@strawberry.enum(description="Which way a list is ordered.")
class OrderDirection(Enum):
    """Which way a list is ordered."""

    ASC = strawberry.enum_value("asc", description="Least first.")
    DESC = strawberry.enum_value("desc", description="Greatest first.")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool = strawberry.field(description="Whether more follow.")
    has_previous_page: bool = strawberry.field(description="Whether the page began after a cursor.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first node.")
    end_cursor: str | None = strawberry.field(description="The cursor to go on after.")


@dataclass(frozen=True, slots=True)
class Edge:
    """A node with its cursor."""

    node: Any
    cursor: str


@dataclass(frozen=True, slots=True)
class Connection:
    """A page of a list. ``count`` is asked only when the client wants ``totalCount``."""

    edges: list[Edge]
    pageInfo: PageInfo
    count: Callable[[], Awaitable[int]]

    @property
    def nodes(self) -> list[Any]:
        """The nodes without their cursors."""
        return [edge.node for edge in self.edges]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What a client asked of a list; hashable, so that equal wishes share a loader."""

    first: int = DEFAULT_FIRST
    after: str | None = None
    filters: tuple[tuple[str, object], ...] = ()
    order: tuple[Order, ...] = ()

    def wish(self) -> Wish:
        """The wish for the statement: one row more than asked tells whether more follow."""
        after = cursors.decode(self.after, self.order) if self.after is not None else None
        return Wish(order=self.order, limit=self.first + 1, after=after, filters=self.filters)


def arguments(
    shapes: Shapes,
    shape: Object,
    first: int,
    after: str | None,
    filters: Mapping[str, object],
    order: Sequence[tuple[str, bool]],
) -> Arguments:
    """The checked arguments of a connection field."""
    return Arguments(
        first=page_size(first),
        after=after,
        filters=filters_of(shape, {name: bound(shapes, shape, name, value) for name, value in filters.items()}),
        order=total_order(shape, ordering(shape, order)),
    )


def asked_of(shapes: Shapes, shape: Object, first: int, after: str | None = None, **given: Any) -> Arguments:
    """The checked arguments of a page, as Strawberry gives them to a resolver."""
    wanted, order = given.get("filter"), given.get("order_by")
    return arguments(
        shapes,
        shape,
        first,
        after,
        {name: value for name, value in vars(wanted).items() if value is not strawberry.UNSET} if wanted else {},
        tuple((each.field.value, each.direction is OrderDirection.DESC) for each in order or ()),
    )


def page_size(first: int) -> int:
    """``first`` within its limits, or a refusal."""
    if not 1 <= first <= MOST:
        raise MeritlineError("E-PAGE-SIZE", field="first", value=first, most=MOST)
    return first


def ordering(shape: Object, wanted: Sequence[tuple[str, bool]]) -> tuple[Order, ...]:
    """The order of a list: what the client wants, else the type's own."""
    known = {term.name: term for term in shape.orders}
    chosen = {name: replace(known[name], descending=descending) for name, descending in reversed(wanted)}
    return tuple(reversed(chosen.values())) or shape.order


def bound(shapes: Shapes, shape: Object, name: str, value: object) -> object:
    """The value of a filter field as the database wants it; an unknown id becomes a key that matches nothing."""
    target = next(each.of for each in shape.filters if each.name == name)
    if isinstance(value, list):
        return tuple(bound(shapes, shape, name, each) for each in value)
    if isinstance(value, Enum):
        return value.value
    if target is None or value is None:
        return value
    found = key_of(str(value), target, shapes[target].key_type)
    return found if found is not None else "00000000-0000-0000-0000-000000000000"


def connection(
    row_type: type[Row], records: Sequence[Mapping[str, Any]], asked: Arguments, count: Callable[[], Awaitable[int]]
) -> Connection:
    """The page of these result rows."""
    edges = [
        Edge(row_type.of(record), cursors.encode(asked.order, [record[f"^{n}"] for n in range(len(asked.order))]))
        for record in records[: asked.first]
    ]
    return Connection(edges, page_info(edges, more=len(records) > asked.first, after=asked.after), count)


def held_page(row_type: type[Row], page: HeldPage) -> Connection:
    """The page that a statement has brought already."""

    async def count() -> int:
        assert page.count is not None
        return page.count

    return connection(row_type, page.rows, page.asked, count)


def page_info(edges: Sequence[Edge], *, more: bool, after: str | None) -> PageInfo:
    """Where the page stands."""
    return PageInfo(
        has_next_page=more,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )


BY_KEY = (Order("key", "", "text"),)


def listed(
    row_type: type[Row], items: Sequence[Mapping[str, Any]], first: int, after: str | None, key: str = "key"
) -> Connection:
    """The page of a list that Python holds, in order of a text key."""
    size = page_size(first)
    start = cursors.decode(after, BY_KEY)[0] if after is not None else None
    ordered = sorted(items, key=lambda item: str(item[key]))
    rest = [item for item in ordered if start is None or str(item[key]) > str(start)]
    edges = [Edge(row_type.of_values(item), cursors.encode(BY_KEY, [item[key]])) for item in rest[:size]]

    async def count() -> int:
        return len(ordered)

    return Connection(edges, page_info(edges, more=len(rest) > size, after=after), count)


async def root_page(
    context: RequestContext, row_type: type[Row], asked: Arguments, shape: Object | None = None
) -> Any:
    """The page of a root connection, finished where it is compiled.

    ``shape`` stands where the rows live elsewhere than the type says (record tables).
    """
    found = shape or row_type.shape
    statements = context.declarations.statements(context, found)
    context.declarations.require_readable(context, found)
    finished = await context.declarations.answers.answer(context, statements, found, "page", asked)
    if finished is not context.declarations.plain:
        return finished
    sql, values = statements.page(found, asked.wish())
    records = await context.read(sql, *values)

    async def count() -> int:
        counted, binds = statements.count(found, asked.filters)
        return int((await context.read(counted, *binds))[0]["count"])

    return connection(row_type, records, asked, count)


async def root_first(context: RequestContext, row_type: type[Row], asked: Arguments) -> Any:
    """The first row of a list, or nothing; finished where it is compiled."""
    found = row_type.shape
    context.declarations.require_readable(context, found)
    statements = context.declarations.statements(context, found)
    finished = await context.declarations.answers.answer(context, statements, found, "first", asked)
    if finished is not context.declarations.plain:
        return finished
    page = await root_page(context.but(field=None), row_type, asked)
    return page.nodes[0] if page.nodes else None

"""Loading: the plain resolvers' reads. Decides that all rows of one level come by one statement."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

from meritline.errors import Forbidden, MeritlineError
from meritline.graphql.kit.context import RequestContext
from meritline.graphql.kit.declare import Object, ToMany
from meritline.graphql.kit.paging import Arguments, Connection, connection
from meritline.graphql.kit.rows import Row
from meritline.graphql.kit.shapes import Shapes
from meritline.graphql.kit.statements import Statements

#: Lists inside lists multiply; what one level may hold at most.
MOST_AT_ONCE: Final = 20_000


class Declarations:
    """The declared types with their classes; the resolvers' and, later, the compiler's common ground."""

    def __init__(self, shapes: Shapes, classes: Mapping[str, type[Row]]) -> None:
        self.shapes = shapes
        self.classes = classes
        #: The compiled answers of root fields; set by the builder, since they stand above this.
        self.answers: Any = None
        #: What they say where the plain resolvers are to answer.
        self.plain: Any = None

    def statements(self, context: RequestContext, shape: Object | None = None) -> Statements:
        """The statements of this request's reader; ``shape`` stands in for the declared one of its name."""
        shapes = self.shapes
        if shape is not None and shapes[shape.name] is not shape:
            shapes = Shapes({**shapes.objects, shape.name: shape})
        return Statements(shapes, context.principal, context.reach, context.now.date())

    def require_readable(self, context: RequestContext, shape: Object) -> None:
        """Raise where the role may read no row of the type: an empty list would look like missing data."""
        if not self.statements(context, shape).may_read(shape):
            raise Forbidden(role=str(context.principal.role), action=self.shapes.action(shape))

    async def one(self, context: RequestContext, type_name: str, key: object, on: str = "") -> Row | None:
        """The row of the type with this key, or nothing; unknown and not visible answer alike."""
        if key is None:
            return None
        row_type = self.classes[type_name]
        column = on or row_type.shape.key
        if not self.statements(context).may_read(row_type.shape):
            return None

        async def load(keys: list[Any]) -> Sequence[Row | None]:
            sql, values = self.statements(context).matching(row_type.shape, column, keys)
            found = {record["^parent"]: row_type.of(record) for record in await context.read(sql, *values)}
            return [found.get(each) for each in keys]

        return await context.loader((type_name, column), load).load(key)

    async def root_one(self, context: RequestContext, type_name: str, key: object) -> Any:
        """The row of a root field, finished where it is compiled."""
        shape = self.classes[type_name].shape
        if key is not None and shape.visible is not None:
            statements = self.statements(context)
            if statements.may_read(shape):
                finished = await self.answers.answer(context, statements, shape, "one", key)
                if finished is not self.plain:
                    return finished
        return await self.one(context, type_name, key)

    async def all_of(self, context: RequestContext, type_name: str, on: str, keys: Sequence[object]) -> list[Row]:
        """The rows of these keys, in their order; a key may have none, or several."""
        row_type = self.classes[type_name]
        if not keys or not self.statements(context).may_read(row_type.shape):
            return []
        wanted = list(dict.fromkeys(keys))
        sql, values = self.statements(context).matching(row_type.shape, on, wanted)
        found = grouped(await context.read(sql, *values))
        return [row_type.of(record) for each in wanted for record in found.get(each, ())]

    async def many(self, context: RequestContext, relation: ToMany, type_name: str, key: object) -> list[Row]:
        """The short list of rows that belong to this key."""
        row_type = self.classes[type_name]
        if key is None or not self.statements(context).may_read(row_type.shape):
            return []

        async def load(keys: list[Any]) -> Sequence[list[Row]]:
            sql, values = self.statements(context).matching(
                row_type.shape, relation.on, keys, relation.order, relation.where
            )
            found = grouped(await context.read(sql, *values))
            return [[row_type.of(record) for record in found.get(each, ())] for each in keys]

        return await context.loader((type_name, relation.on, relation.order, relation.where), load).load(key)

    async def page_of(
        self, context: RequestContext, type_name: str, on: str, key: object, asked: Arguments
    ) -> Connection:
        """The page of the rows that belong to this key; the pages of all parents come together."""
        row_type = self.classes[type_name]
        if key is None or not self.statements(context).may_read(row_type.shape):
            return connection(row_type, [], asked, none)
        wish = asked.wish()

        async def load(keys: list[Any]) -> Sequence[list[Mapping[str, Any]]]:
            if len(keys) * asked.first > MOST_AT_ONCE:
                raise MeritlineError("E-TOO-MUCH", value=len(keys) * asked.first, most=MOST_AT_ONCE)
            sql, values = self.statements(context).pages(row_type.shape, on, keys, wish)
            found = grouped(await context.read(sql, *values))
            return [found.get(each, []) for each in keys]

        async def load_counts(keys: list[Any]) -> Sequence[int]:
            sql, values = self.statements(context).counts(row_type.shape, on, keys, asked.filters)
            found = {record["^parent"]: record["count"] for record in await context.read(sql, *values)}
            return [found.get(each, 0) for each in keys]

        async def count() -> int:
            return await context.loader(("count", type_name, on, asked.filters), load_counts).load(key)

        records = await context.loader(("page", type_name, on, asked), load).load(key)
        return connection(row_type, records, asked, count)


def grouped(records: Sequence[Mapping[str, Any]]) -> dict[Hashable, list[Mapping[str, Any]]]:
    """The result rows by the parent they belong to."""
    found: dict[Hashable, list[Mapping[str, Any]]] = {}
    for record in records:
        found.setdefault(record["^parent"], []).append(record)
    return found


async def none() -> int:
    """The count of nothing."""
    return 0

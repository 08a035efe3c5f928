"""Answering a root field by one statement. Decides when the plain resolvers answer instead."""

from typing import Any, Final

import asyncpg
import orjson

from meritline.errors import MeritlineError
from meritline.graphql.kit.compiled.plans import Plans
from meritline.graphql.kit.compiled.refusing import NotCompiled, Told, log
from meritline.graphql.kit.context import RequestContext
from meritline.graphql.kit.declare import Object
from meritline.graphql.kit.paging import Arguments
from meritline.graphql.kit.statements import Statements

#: The statement met a value that the schema does not promise, or two rows for one. The plain resolvers tell where.
UNFIT: Final = (asyncpg.exceptions.DataError, asyncpg.CardinalityViolationError, asyncpg.InterfaceError)
#: The statement itself is wrong: ours to mend, and nobody else's to suffer from.
WRONG: Final = (asyncpg.SyntaxOrAccessError,)


class Answers:
    """The compiled answers of one schema. Each is None where the plain resolvers are to answer."""

    def __init__(self) -> None:
        self.plans = Plans()
        self.told = Told()

    async def page(
        self, context: RequestContext, statements: Statements, shape: Object, asked: Arguments
    ) -> orjson.Fragment | None:
        """A root list."""
        return await self.answer(context, lambda: self.plans.page(context, statements, shape, asked))

    async def first(
        self, context: RequestContext, statements: Statements, shape: Object, asked: Arguments
    ) -> orjson.Fragment | None:
        """The first row of a list."""
        return await self.answer(context, lambda: self.plans.first(context, statements, shape, asked))

    async def one(
        self, context: RequestContext, statements: Statements, shape: Object, key: object
    ) -> orjson.Fragment | None:
        """The row with a key."""
        return await self.answer(context, lambda: self.plans.one(context, statements, shape, key))

    async def answer(self, context: RequestContext, prepare: Any) -> orjson.Fragment | None:
        """The JSON of the statement."""
        if not context.compiled or context.field is None:
            return None
        name = context.field.field_name
        try:
            sql, values = prepare()
            found = await context.read_json(sql, *values)
        except NotCompiled as refused:
            self.told.once(name, str(refused))
        except MeritlineError as error:
            # An argument below the root is refused: in each of its parents, which the plain resolvers know.
            self.told.once(name, error.problem.code)
        except UNFIT as error:
            self.told.once(name, type(error).__name__)
        except WRONG:
            log.exception("the compiled read of '%s' is wrong; the plain resolvers answer", name)
        else:
            return orjson.Fragment(found or "null")
        return None

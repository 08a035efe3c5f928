"""Answering a root field by one statement. Decides when the plain resolvers answer instead."""

from typing import Any, Final

import asyncpg
import orjson
from graphql import GraphQLError

from meritline.errors import MeritlineError
from meritline.graphql.kit.compiled.plans import Form, Plans
from meritline.graphql.kit.compiled.refusing import NotCompiled, Told, log
from meritline.graphql.kit.context import RequestContext
from meritline.graphql.kit.declare import Object
from meritline.graphql.kit.paging import held_page
from meritline.graphql.kit.rows import Held, HeldPage
from meritline.graphql.kit.statements import Statements

#: The statement met a value that the schema does not promise, or two rows for one. The plain resolvers tell where.
UNFIT: Final = (
    asyncpg.DataError, asyncpg.CardinalityViolationError, asyncpg.InterfaceError,
    # One statement may be too much where several are not.
    asyncpg.StatementTooComplexError, asyncpg.TooManyColumnsError,
)  # fmt: skip
#: The statement itself is wrong: ours to mend, and nobody else's to suffer from.
WRONG: Final = (asyncpg.SyntaxOrAccessError,)


#: The plain resolvers are to answer.
PLAIN: Final = object()


class Answers:
    """The compiled answers of one schema."""

    def __init__(self) -> None:
        self.plans = Plans()
        self.told = Told()

    async def answer(
        self, context: RequestContext, statements: Statements, shape: Object, form: Form, wanted: object
    ) -> Any:
        """A list (``wanted`` are its arguments), its first row, or the row with a key; or ``PLAIN``."""
        if not context.compiled or context.field is None:
            return PLAIN
        name = context.field.field_name
        try:
            plan, asked = self.plans.prepared(context, statements, shape, form, wanted)
            assert plan.binds is not None
            found = await context.read_value(plan.text, *plan.binds.filled(asked))
        except NotCompiled as refused:
            self.told.once(name, str(refused))
        except GraphQLError:
            # The error belongs to each of its parents, too.
            self.told.once(name, "a variable does not fit an argument or a directive below the root")
        except MeritlineError as error:
            # An argument below the root is refused: in each of its parents, which the plain resolvers know.
            self.told.once(name, error.problem.code)
        except UNFIT as error:
            self.told.once(name, type(error).__name__)
        except WRONG:
            log.exception("the compiled read of '%s' is wrong; the plain resolvers answer", name)
        else:
            if plan.make is None:
                return orjson.Fragment(found or "null")
            if not plan.gaps:
                return walkable(context, shape, plan.make(found, asked))
            try:
                return plan.make(found, asked)
            except Exception as error:
                # Which field failed, where, and how far its null spreads, the plain resolvers tell.
                self.told.once(name, f"a gap: {type(error).__name__}")
        return PLAIN


def walkable(context: RequestContext, shape: Object, found: list[Held] | HeldPage) -> Any:
    """The rows as the objects that the plain resolvers know."""
    row_type = context.declarations.classes[shape.name]
    if isinstance(found, HeldPage):
        return held_page(row_type, found)
    return row_type.of(found[-1]) if found else None

"""Known documents: queries that were parsed, checked and validated before. Decides that they go straight to execution.

The checks that a known document skips depend on its text alone. The seam for plans of whole documents is here: what
stands beside the document could be the finished statements, once permissions are complete.
"""

from collections import OrderedDict
from typing import Any, Final

from graphql import DocumentNode, GraphQLError, execute
from strawberry.execution import optimized_is_awaitable
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType
from strawberry.utils.await_maybe import await_maybe

MOST_DOCUMENTS: Final = 512
LONGEST: Final = 32 * 1024


class Documents:
    """The documents by their text and the operation that is named."""

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[str, str | None], DocumentNode] = OrderedDict()

    def found(self, query: str | None, operation_name: str | None) -> DocumentNode | None:
        """The document of a query, if it is known."""
        if query is None:
            return None
        document = self.kept.get((query, operation_name))
        if document is not None:
            self.kept.move_to_end((query, operation_name))
        return document

    def keep(self, query: str, operation_name: str | None, document: DocumentNode) -> None:
        """Keep a document in place of the one that was longest not asked for."""
        if len(query) <= LONGEST:
            self.kept[query, operation_name] = document
            if len(self.kept) > MOST_DOCUMENTS:
                self.kept.popitem(last=False)


async def execute_known(
    schema: Any,
    document: DocumentNode,
    *,
    variable_values: dict[str, Any] | None = None,
    context_value: Any = None,
    root_value: Any = None,
    operation_name: str | None = None,
    operation_extensions: dict[str, Any] | None = None,
    allowed_operation_types: Any = (OperationType.QUERY,),
) -> ExecutionResult:
    """Execute a known query as Strawberry's schema does, without asking its extensions again."""
    assert OperationType.QUERY in allowed_operation_types
    fresh = getattr(context_value, "fresh", None)
    is_awaitable: Any = optimized_is_awaitable
    try:
        found = await await_maybe(execute(
            schema._schema, document, root_value, fresh() if fresh else context_value, variable_values, operation_name,
            is_awaitable=is_awaitable, executor_class=schema.execution_context_class,
            operation_extensions=operation_extensions,
        ))  # fmt: skip
    except Exception as error:
        return ExecutionResult(None, [GraphQLError(str(error), original_error=error)])
    return ExecutionResult(found.data, found.errors)

"""The executor. Decides that finished JSON is an answer as it is."""

from typing import Any

import orjson
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


class PassingExecutor(StrawberryGraphQLCoreExecutionContext):
    """GraphQL-core's executor, which does not walk into what the database has finished."""

    def complete_value(self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any,
                       position_context: Any) -> Any:  # fmt: skip
        """Finished JSON passes untouched; everything else is completed as ever."""
        if result.__class__ is orjson.Fragment:
            return result
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)

"""Limits on documents. Decides how long a document may be, and what of it is kept; ``extent`` decides its form.

Each limit is looked at before the work that it limits: length before parsing, extent before validation.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

from graphql import (
    GraphQLError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    ValuesOfCorrectTypeRule,
    print_ast,
    validate,
)
from strawberry.extensions import MaxTokensLimiter, ParserCache, SchemaExtension, ValidationCache
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types.graphql import OperationType

from meritline.errors import MeritlineError
from meritline.graphql.kit.errors import MOST_ERRORS, TellErrors
from meritline.graphql.kit.extent import refusals
from meritline.graphql.kit.scalars import refuse
from meritline.logs.requests import note_document

MOST_TOKENS = 4000
#: What is kept of documents that are not ``known``: mutations, introspection. A parsed one is 270 times its text.
CACHED_DOCUMENTS, LONGEST = 64, 4 * 1024
#: Characters of a query. Its tokens are counted as they are read, but a comment or a text is one, however long.
MOST_CHARACTERS: Final = 128 * 1024
#: Lines of a query: the place of each error is found by counting them.
MOST_LINES: Final = 4000
LINE: Final = re.compile(r"\r\n|[\r\n]")
ABOUT_SCHEMA: Final = re.compile(r"__(schema|type)\b")


class OneOperation(SchemaExtension):
    """A fresh context for each operation; a document with several must say which; introspection is a permission."""

    def on_operation(self) -> Iterator[None]:
        """What an earlier operation of the same connection read is not seen."""
        context = self.execution_context
        if hasattr(context.context, "fresh"):
            context.context = context.context.fresh()
        yield

    def on_validate(self) -> Iterator[None]:
        """Refuse before anything is executed."""
        context = self.execution_context
        assert context.graphql_document is not None
        operations = [
            each for each in context.graphql_document.definitions if isinstance(each, OperationDefinitionNode)
        ]
        if len(operations) > 1 and context._provided_operation_name is None:
            self.refuse("E-OPERATION-NAME")
        elif context.operation_type is OperationType.SUBSCRIPTION and not getattr(context.context, "streams", True):
            self.refuse("E-SUBSCRIPTION-HTTP")
        elif ABOUT_SCHEMA.search(context.query or "") and not self.sees_schema():
            found = validate(context.schema._schema, context.graphql_document, [NoSchemaIntrospectionCustomRule])
            if found:
                self.refuse("E-INTROSPECTION", found[0].nodes)
        yield

    def refuse(self, code: str, nodes: Any = None) -> None:
        """Do not execute."""
        error = MeritlineError(code)
        self.execution_context.pre_execution_errors = [GraphQLError(str(error), nodes, original_error=error)]

    def sees_schema(self) -> bool:
        """Whether the principal may introspect."""
        context = self.execution_context.context
        return getattr(context, "sees_schema", True)


class ParsedCache(ParserCache):
    """The parser cache, which leaves errors to the parser itself: raised here they would end a whole WebSocket."""

    def on_parse(self) -> Iterator[None]:
        """Take the document from the cache if it can be parsed; a very long one would take the place of many."""
        context = self.execution_context
        if len(context.query or "") > LONGEST:
            yield
            return
        with suppress(GraphQLError):
            context.graphql_document = self.cached_parse_document(context.query, **context.parse_options)
        yield


class Values(ValuesOfCorrectTypeRule):
    """The rule for values, which also takes a whole number of more digits than Python reads."""

    def report_error(self, error: GraphQLError) -> None:
        """Python's own refusal, which no reader of GraphQL knows, in the words of ours."""
        if isinstance(error.original_error, ValueError) and error.nodes:
            refused = refuse("Int", print_ast(error.nodes[0]), "a whole number of at most 32 bits")
            error = GraphQLError(refused.message, error.nodes, extensions=refused.extensions)
        super().report_error(error)


def checked(schema: Any, document: Any, rules: tuple[Any, ...]) -> list[GraphQLError]:
    """What is wrong with a document, as far as it is told: each error costs a search for what was meant."""
    rules = tuple(Values if each is ValuesOfCorrectTypeRule else each for each in rules)
    rules = (*rules, MaybeNullValidationRule, OneOfInputValidationRule)
    return validate(schema, document, rules, max_errors=MOST_ERRORS)[:MOST_ERRORS]


class CheckedCache(ValidationCache):
    """The validation cache, which leaves alone what was refused before it, and what is too long to be kept."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.cached_validate_document = lru_cache(most)(checked)

    def on_validate(self) -> Iterator[None]:
        """Validate unless there is an error already, or it would be too much work."""
        context = self.execution_context
        if context.pre_execution_errors:
            yield
            return
        assert context.graphql_document is not None
        refused = refusals(context.schema._schema, context.graphql_document)
        if refused:
            context.pre_execution_errors = refused
            yield
        elif len(context.query or "") > LONGEST:
            context.pre_execution_errors = checked(
                context.schema._schema, context.graphql_document, context.validation_rules
            )
            yield
        else:
            yield from super().on_validate()
        for error in context.pre_execution_errors or ():
            error.extensions = {"code": "GRAPHQL_VALIDATION_FAILED", **(error.extensions or {})}


class Remembered(SchemaExtension):
    """Tells the schema of each query that passed all of the above, so that its next request need not."""

    def on_execute(self) -> Iterator[None]:
        """The document is parsed, allowed and valid."""
        context = self.execution_context
        note_document(context.graphql_document)
        # Introspection is a permission of the reader: it is looked at each time.
        if context.operation_type is OperationType.QUERY and not ABOUT_SCHEMA.search(context.query or ""):
            schema: Any = context.schema
            schema.remember(context.query, context._provided_operation_name, context.graphql_document)
        yield


def too_long(query: str | None) -> GraphQLError | None:
    """The refusal of a query that is not even parsed."""
    if query is None:
        return None
    if len(query) > MOST_CHARACTERS:
        error = MeritlineError("E-QUERY-LONG", value=len(query), most=MOST_CHARACTERS)
    elif len(query) > MOST_LINES and (lines := len(LINE.findall(query)) + 1) > MOST_LINES:
        error = MeritlineError("E-QUERY-LINES", value=lines, most=MOST_LINES)
    else:
        return None
    return GraphQLError(str(error), original_error=error)


def extensions() -> list[Any]:
    """The extensions of the schema, in their order."""
    return [
        TellErrors,
        lambda: MaxTokensLimiter(MOST_TOKENS),
        OneOperation,
        lambda: ParsedCache(CACHED_DOCUMENTS),
        lambda: CheckedCache(CACHED_DOCUMENTS),
        Remembered,
    ]

"""Known documents: queries that were parsed, checked and validated before. Decides that they go straight to execution.

The checks that a known document skips depend on its text alone; what is prepared beside it, on its text and its
variables: their values by the types of the schema, and the arguments of its root fields. Who asks, and what they may
see, is asked each time.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLNonNull,
    GraphQLResolveInfo,
    GraphQLString,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values
from strawberry.execution import optimized_is_awaitable
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType
from strawberry.utils.await_maybe import await_maybe

from meritline.graphql.kit.compiled.executor import Call, Calls, PassingExecutor, replayed

MOST_DOCUMENTS: Final = 512
LONGEST: Final = 32 * 1024
#: Characters of all of them: a parsed document takes up to 270 bytes for each.
MOST_TEXT: Final = 256 * 1024
MOST_PREPARED, LONGEST_VARIABLES = 512, 1024
AWAITABLE: Final[Any] = optimized_is_awaitable


class Documents:
    """The documents by their text and the operation that is named."""

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[str, str | None], DocumentNode] = OrderedDict()
        self.text = 0
        #: What is told of them, which is a function of the same.
        self.notes: dict[tuple[str, str | None], Any] = {}
        #: One of those below for each document and operation that is one call whatever its variables are.
        self.forms: dict[tuple[int, str | None], tuple[DocumentNode, Prepared]] = {}
        #: By document, operation and variables. The document is kept with it, so that no other takes its identity.
        self.ready: OrderedDict[tuple[int, str | None, str], tuple[DocumentNode, Prepared]] = OrderedDict()

    def found(self, query: str | None, operation_name: str | None) -> DocumentNode | None:
        """The document of a query, if it is known."""
        if query is None:
            return None
        document = self.kept.get((query, operation_name))
        if document is not None:
            self.kept.move_to_end((query, operation_name))
        return document

    def noted[T](self, query: str, operation_name: str | None, note: Callable[[Any, str | None], T]) -> T:
        """What is to be told of a query, looked at once where it is known."""
        document = self.kept.get((query, operation_name))
        if document is None:
            return note(None, operation_name)
        found = self.notes.get((query, operation_name))
        if found is None:
            found = self.notes[query, operation_name] = note(document, operation_name)
        return found

    def keep(self, query: str, operation_name: str | None, document: DocumentNode) -> None:
        """Keep a document in place of the one that was longest not asked for."""
        if len(query) > LONGEST:
            return
        before = self.kept.get((query, operation_name))
        self.text += len(query) if before is None else 0
        if before is not None and before is not document:  # two asked for the first time at once
            self._forget(before)
        self.kept[query, operation_name] = document
        while len(self.kept) > MOST_DOCUMENTS or self.text > MOST_TEXT:
            (text, name), gone = self.kept.popitem(last=False)
            self.notes.pop((text, name), None)
            self.text -= len(text)
            self._forget(gone)

    def _forget(self, gone: DocumentNode) -> None:
        """What was prepared of a document goes with it."""
        for key in [key for key in self.ready if key[0] == id(gone)]:
            del self.ready[key]
        for form in [form for form in self.forms if form[0] == id(gone)]:
            del self.forms[form]

    def prepared(self, document: DocumentNode, operation_name: str | None, variables: str) -> "Prepared | None":
        """What was prepared for these variables, as they are written in Python: 1, "1", 1.0 and true are told apart."""
        found = self.ready.get((id(document), operation_name, variables))
        if found is None:
            return None
        self.ready.move_to_end((id(document), operation_name, variables))
        return found[1]

    def prepare(
        self, document: DocumentNode, operation_name: str | None, variables: str, prepared: "Prepared"
    ) -> None:
        """Keep it in place of what was longest not asked for, as long as its document is kept."""
        if not any(each is document for each in self.kept.values()):
            return
        self.ready[id(document), operation_name, variables] = document, prepared
        if single(prepared.operation):
            self.forms[id(document), operation_name] = document, prepared
        if len(self.ready) > MOST_PREPARED:
            self.ready.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a document and its variables decide of an execution, whoever asks; ``texts`` as ``texts_of`` says."""

    operation: Any
    fragment_definitions: Any
    fragments: Any
    variables: Any
    calls: Calls = field(default_factory=dict)
    texts: Mapping[str, str] | None = None

    @property
    def only(self) -> Call | None:
        """The call of the one root field, where there is one and it was called before."""
        if len(self.calls) != 1:
            return None
        (call,) = self.calls.values()
        return call


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
    context = fresh() if fresh else context_value
    try:
        known: Prepared | None = schema.known.prepared(document, operation_name, repr(variable_values)) or renewed(
            schema, document, operation_name, variable_values)  # fmt: skip
        call = known.only if known is not None and root_value is None else None
        calls: Calls | None = None
        if known is not None and call is not None:
            finished, calls = await called(schema, known, call, context)
            if calls is None:
                return ExecutionResult(finished, None)
        executor = executor_of(schema, document, operation_name, variable_values, root_value, context,
                               operation_extensions, known)  # fmt: skip
        if isinstance(executor, list):
            return ExecutionResult(None, executor)
        executor.calls = calls or executor.calls
        found: Any = await await_maybe(executor.execute_operation())
    except Exception as error:
        return ExecutionResult(None, [GraphQLError(str(error), original_error=error)])
    return ExecutionResult(found.data, found.errors)


def single(operation: Any) -> bool:
    """Whether an operation is one field, whatever its variables are."""
    if operation is None or len(operation.selection_set.selections) != 1:
        return False
    (field,) = operation.selection_set.selections
    return field.kind == "field" and not field.directives


def renewed(schema: Any, document: DocumentNode, name: str | None, given: dict[str, Any] | None) -> Prepared | None:
    """What was prepared for other variables, made anew for these; none where they do not fit, which the executor
    tells."""
    kept: tuple[DocumentNode, Prepared] | None = schema.known.forms.get((id(document), name))
    call = kept[1].only if kept is not None else None
    if kept is None or call is None:
        return None
    form = kept[1]
    with suppress(Exception):  # whatever it is, the executor comes upon it again
        if (quick := by_texts(form, call, given)) is not None:
            return quick  # not kept: it is made as soon as found
        found = by_values(schema, form, call, given)
        if found is not None and len(text := repr(given)) <= LONGEST_VARIABLES:
            schema.known.prepare(document, name, text, found)
        return found
    return None


def by_values(schema: Any, form: Prepared, call: Call, given: dict[str, Any] | None) -> Prepared | None:
    """The same by other variables; none where they do not fit."""
    variables = get_variable_values(schema._schema, form.operation.variable_definitions or (), given or {})
    other = call.of(schema, variables) if isinstance(variables, VariableValues) else None
    if other is None:
        return None
    found = replace(form, variables=variables, calls={call.path.key: other})
    return replace(found, texts=texts_of(schema, found, other))


def by_texts(form: Prepared, call: Call, given: dict[str, Any] | None) -> Prepared | None:
    """The same by other texts, which stand in the places of those before; none where anything else is given."""
    if form.texts is None or given is None or given.keys() != form.variables.sources.keys():
        return None
    if any(value.__class__ is not str for value in given.values()):
        return None
    sources = {name: VariableValueSource(source.signature, given[name])
               for name, source in form.variables.sources.items()}  # fmt: skip
    arguments = {**call.arguments, **{place: given[name] for place, name in form.texts.items()}}
    return replace(form, variables=VariableValues(sources, dict(given)),
                   calls={call.path.key: replace(call, arguments=arguments)})


def texts_of(schema: Any, form: Prepared, call: Call) -> Mapping[str, str] | None:
    """The arguments of a call that are nothing but a variable, where all variables of the document are texts and were
    given: a text is taken as it is, so another one needs no look at the types. None where there is any other."""
    sources = form.variables.sources
    if not all(is_text(each.signature.type) and each.value.__class__ is str for each in sources.values()):
        return None
    names = {schema.config.name_converter.from_argument(each): each.python_name for each in call.definition.arguments}
    found: dict[str, str] = {}
    for each in call.nodes[0].arguments:
        if each.value.kind in ("list_value", "object_value"):  # there may be variables in it
            return None
        if each.value.kind == "variable":
            place, name = names[each.name.value], each.value.name.value
            if not is_text(call.field.args[each.name.value].type) or call.arguments[place] is not sources[name].value:
                return None
            found[place] = name
    return found


def is_text(type_: Any) -> bool:
    """Whether it is the built-in scalar."""
    return (type_.of_type if isinstance(type_, GraphQLNonNull) else type_) is GraphQLString


async def called(
    schema: Any, known: Prepared, call: Call, context: Any
) -> tuple[dict[str, Any] | None, Calls | None]:
    """The data of an operation that is one known call, where that comes finished; else what was found, for the
    executor to go on with: to walk over, or to say where an error belongs."""
    info = GraphQLResolveInfo(
        call.nodes[0].name.value, call.nodes, call.field.type, call.parent, call.path, schema._schema,
        known.fragment_definitions, None, known.operation, known.variables, context, AWAITABLE, None, None,  # type: ignore[arg-type]
    )  # fmt: skip
    key: Any = call.path.key
    try:
        found = await call.resolve(**call.given(schema, info))
    except Exception as error:
        return None, {key: replayed(call, None, error)}
    if found.__class__ is orjson.Fragment:
        return {key: found}, None
    return None, {key: replayed(call, found, None)}


def executor_of(
    schema: Any, document: DocumentNode, name: str | None, variables: dict[str, Any] | None, root: Any, context: Any,
    extensions: Any, prepared: Prepared | None,
) -> PassingExecutor | list[GraphQLError]:  # fmt: skip
    """The executor of an operation, by what was ``prepared`` of it; or why there is none."""
    given = repr(variables)
    if prepared is None:
        made: Any = PassingExecutor.build(schema._schema, document, root, context, variables, name,
                                          is_awaitable=AWAITABLE, operation_extensions=extensions)  # fmt: skip
        if isinstance(made, list) or len(given) > LONGEST_VARIABLES:
            return made  # type: ignore[no-any-return]
        prepared = Prepared(made.operation, made.fragment_definitions, made.fragments, made.variable_values)
        schema.known.prepare(document, name, given, prepared)
    else:
        made = PassingExecutor(
            schema._schema, prepared.fragment_definitions, prepared.fragments, root, context, prepared.operation,
            prepared.variables, default_field_resolver, default_type_resolver, default_field_resolver,
            is_awaitable=AWAITABLE, operation_extensions=extensions,
        )  # fmt: skip
    made.calls = prepared.calls
    return made  # type: ignore[no-any-return]

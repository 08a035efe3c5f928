"""The extent of operations. Decides how deep and wide an operation may be, with how many lists inside of lists, and how
often it may say the same.

Each fragment is measured once, however often it is spread: a rule that follows every spread doubles its work with every
line of a document of fragments that spread each other twice, and nothing else is answered meanwhile.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    NoFragmentCyclesRule,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
    validate,
)

from meritline.errors import MeritlineError

DEEPEST, MOST_ALIASES, MOST_FIELDS, MOST_LISTS = 14, 30, 4000, 5
#: Aliases below ``__schema`` and ``__type``, each of which may tell the whole schema once more.
MOST_ABOUT_SCHEMA: Final = 2
#: How often a key may stand at one place. GraphQL compares each pair of them, and of all that is selected below.
MOST_REPEATS: Final = 30
#: How far selections may be nested before they are not followed any more: they are too deep in any case.
FAR: Final = 100
MOST_TOLD: Final = 10


@dataclass(frozen=True, slots=True)
class Extent:
    """Of a selection, with its fragments spread: levels below it, lists inside of lists, fields, aliases."""

    depth: int = 0
    lists: int = 0
    fields: int = 0
    aliases: int = 0
    #: Those of the aliases that stand in introspection.
    about: int = 0

    def beside(self, other: "Extent") -> "Extent":
        """Both of one selection."""
        return Extent(
            max(self.depth, other.depth), max(self.lists, other.lists),
            self.fields + other.fields, self.aliases + other.aliases, self.about + other.about,
        )  # fmt: skip


TOO_FAR: Final = Extent(depth=FAR)


@dataclass(slots=True)
class Measuring:
    """Measures the selections of one document."""

    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    known: dict[str, Extent] = field(default_factory=dict)
    #: The fragments that are being measured; and whether one of them spreads itself.
    within: set[str] = field(default_factory=set)
    endless: bool = False

    def selection(self, found: SelectionSetNode | None, kind: Any, far: int = 0) -> Extent:
        """The extent of a selection of this type; None where the type is not known, which other rules tell."""
        made = Extent()
        if far > FAR:
            return TOO_FAR
        for node in found.selections if found else ():
            made = made.beside(self.node(node, kind, far + 1))
        return made

    def node(self, node: Any, kind: Any, far: int) -> Extent:
        """The extent of one part of a selection."""
        if isinstance(node, FieldNode):
            return self.field(node, kind, far)
        if isinstance(node, FragmentSpreadNode):
            return self.spread(node.name.value, far)
        return self.selection(node.selection_set, self.condition(node) or kind, far)

    def field(self, node: FieldNode, kind: Any, far: int) -> Extent:
        """The extent of a field; introspection is as deep as it is."""
        name, alias = node.name.value, 1 if node.alias else 0
        if name.startswith("__"):
            below = self.selection(node.selection_set, None, far)
            about = alias + below.aliases if node.selection_set else 0
            return Extent(fields=1 + below.fields, aliases=alias + below.aliases, about=about)
        defined = getattr(kind, "fields", {}).get(name)
        below = self.selection(node.selection_set, get_named_type(defined.type) if defined else None, far)
        lists = defined is not None and listed(defined.type)
        return Extent(
            below.depth + (node.selection_set is not None), below.lists + lists, below.fields + 1,
            below.aliases + alias, below.about,
        )  # fmt: skip

    def spread(self, name: str, far: int) -> Extent:
        """The extent of a fragment; one that is nowhere is told by other rules."""
        self.endless = self.endless or name in self.within
        if name not in self.known:
            self.known[name] = Extent()
            found = self.fragments.get(name)
            if found is not None:
                self.within.add(name)
                self.known[name] = self.selection(found.selection_set, self.condition(found), far)
                self.within.discard(name)
        return self.known[name]

    def condition(self, node: Any) -> Any:
        """The type that a fragment is on."""
        return self.schema.type_map.get(node.type_condition.name.value) if node.type_condition else None


def refusals(schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
    """What is too large, or too often the same: asked before the rules of GraphQL, whose work grows with it."""
    measuring = Measuring(schema, {each.name.value: each for each in document.definitions
                                   if isinstance(each, FragmentDefinitionNode)})  # fmt: skip
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    found = [measuring.selection(each.selection_set, schema.get_root_type(each.operation)) for each in operations]
    refused = [error for pair in zip(operations, found, strict=True) for error in judged(*pair)]
    refused += together(found) or unmeasured(measuring, document)
    if measuring.endless:
        return refused or validate(schema, document, [NoFragmentCyclesRule])
    return refused or [error for each in operations for error in repeated(measuring.fragments, [each.selection_set])]


def together(found: Sequence[Extent]) -> list[GraphQLError]:
    """What is too large of all operations: each of them is looked at, whichever is named."""
    fields, aliases, about = (sum(getattr(each, name) for each in found) for name in ("fields", "aliases", "about"))
    told = []
    if fields > MOST_FIELDS >= max((each.fields for each in found), default=0):
        told.append(f"All operations together have {fields} fields with their fragments spread. Allowed: {MOST_FIELDS}")
    if aliases > MOST_ALIASES:
        told.append(f"{aliases} aliases found. Allowed: {MOST_ALIASES}")
    if about > MOST_ABOUT_SCHEMA:
        told.append(f"{about} aliases found in introspection. Allowed: {MOST_ABOUT_SCHEMA}")
    return [GraphQLError(each) for each in told]


def unmeasured(measuring: Measuring, document: DocumentNode) -> list[GraphQLError]:
    """Fragments that no operation spreads, or of one name: they are refused in any case, and nothing measures them."""
    told = []
    for each in document.definitions:
        if isinstance(each, FragmentDefinitionNode):
            name = each.name.value
            if name not in measuring.known:
                told.append(GraphQLError(f"Fragment '{name}' is never used.", [each]))
            elif measuring.fragments[name] is not each:
                told.append(GraphQLError(f"There can be only one fragment named '{name}'.", [each]))
        if len(told) == MOST_TOLD:
            break
    return told


def judged(operation: OperationDefinitionNode, found: Extent) -> Iterator[GraphQLError]:
    """What is too large of one operation."""
    name = operation.name.value if operation.name else "anonymous"
    if found.depth > DEEPEST:
        yield GraphQLError(f"'{name}' exceeds maximum operation depth of {DEEPEST}", [operation])
    if found.lists > MOST_LISTS:
        yield GraphQLError(f"'{name}' has {found.lists} lists inside each other. Allowed: {MOST_LISTS}", [operation])
    if found.fields > MOST_FIELDS:
        yield GraphQLError(
            f"'{name}' has {found.fields} fields with its fragments spread. Allowed: {MOST_FIELDS}", [operation]
        )


def repeated(
    fragments: Mapping[str, FragmentDefinitionNode], together: Sequence[SelectionSetNode]
) -> Iterator[GraphQLError]:
    """The keys that stand too often at one place of the answer: each is compared with each of the others.

    ``together`` are the selections that are merged there. Only for what is neither endless nor too large.
    """
    for key, nodes in merged(fragments, together).items():
        if len(nodes) > MOST_REPEATS:
            error = MeritlineError("E-QUERY-REPEATS", field=key, value=len(nodes), most=MOST_REPEATS)
            yield GraphQLError(str(error), nodes[:2], original_error=error)
        yield from repeated(fragments, [each.selection_set for each in nodes if each.selection_set])


def merged(
    fragments: Mapping[str, FragmentDefinitionNode], together: Sequence[SelectionSetNode]
) -> dict[str, list[FieldNode]]:
    """The fields of one place by their keys."""
    found: dict[str, list[FieldNode]] = {}
    spread: set[str] = set()
    waiting = list(together)
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                found.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                waiting += [fragments[node.name.value].selection_set] if node.name.value in fragments else []
    return found


def listed(kind: Any) -> bool:
    """Whether a field is a list of objects."""
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return isinstance(inner, GraphQLList) and not is_leaf_type(get_named_type(inner))

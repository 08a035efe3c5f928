"""The extent of operations. Decides how deep, how wide and how many lists inside of lists an operation may be.

Each fragment is measured once, however often it is spread: a rule that follows every spread doubles its work with every
line of a document of fragments that spread each other twice, and nothing else is answered meanwhile.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    get_named_type,
    is_leaf_type,
)

DEEPEST, MOST_ALIASES, MOST_FIELDS, MOST_LISTS = 14, 30, 4000, 5
#: How far selections may be nested before they are not followed any more: they are too deep in any case.
FAR: Final = 100


@dataclass(frozen=True, slots=True)
class Extent:
    """Of a selection, with its fragments spread: levels below it, lists inside of lists, fields, aliases."""

    depth: int = 0
    lists: int = 0
    fields: int = 0
    aliases: int = 0

    def beside(self, other: "Extent") -> "Extent":
        """Both of one selection."""
        return Extent(
            max(self.depth, other.depth), max(self.lists, other.lists),
            self.fields + other.fields, self.aliases + other.aliases,
        )  # fmt: skip


TOO_FAR: Final = Extent(depth=FAR)


@dataclass(slots=True)
class Measuring:
    """Measures the selections of one document."""

    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    known: dict[str, Extent] = field(default_factory=dict)

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
            return Extent(fields=1 + below.fields, aliases=alias + below.aliases)
        defined = getattr(kind, "fields", {}).get(name)
        below = self.selection(node.selection_set, get_named_type(defined.type) if defined else None, far)
        lists = defined is not None and listed(defined.type)
        return Extent(
            below.depth + (node.selection_set is not None), below.lists + lists, below.fields + 1, below.aliases + alias
        )

    def spread(self, name: str, far: int) -> Extent:
        """The extent of a fragment; one that spreads itself, or is nowhere, is told by other rules."""
        if name not in self.known:
            self.known[name] = Extent()
            found = self.fragments.get(name)
            if found is not None:
                self.known[name] = self.selection(found.selection_set, self.condition(found), far)
        return self.known[name]

    def condition(self, node: Any) -> Any:
        """The type that a fragment is on."""
        return self.schema.type_map.get(node.type_condition.name.value) if node.type_condition else None


class ExtentRule(ValidationRule):
    """Refuses operations of too large an extent."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        definitions = context.document.definitions
        measuring = Measuring(
            context.schema, {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}
        )
        aliases = 0
        for each in definitions:
            if isinstance(each, OperationDefinitionNode):
                found = measuring.selection(each.selection_set, context.schema.get_root_type(each.operation))
                aliases += found.aliases
                self.judge(each, found)
        if aliases > MOST_ALIASES:
            self.report_error(GraphQLError(f"{aliases} aliases found. Allowed: {MOST_ALIASES}"))

    def judge(self, operation: OperationDefinitionNode, found: Extent) -> None:
        """Refuse one operation."""
        name = operation.name.value if operation.name else "anonymous"
        if found.depth > DEEPEST:
            self.report_error(GraphQLError(f"'{name}' exceeds maximum operation depth of {DEEPEST}", [operation]))
        if found.lists > MOST_LISTS:
            self.report_error(
                GraphQLError(f"'{name}' has {found.lists} lists inside each other. Allowed: {MOST_LISTS}", [operation])
            )
        if found.fields > MOST_FIELDS:
            self.report_error(
                GraphQLError(f"'{name}' has {found.fields} fields with its fragments spread. Allowed: {MOST_FIELDS}",
                             [operation])
            )  # fmt: skip


def listed(kind: Any) -> bool:
    """Whether a field is a list of objects."""
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return isinstance(inner, GraphQLList) and not is_leaf_type(get_named_type(inner))

"""Choosing: what a client selected, as a tree of declared fields.

Fragments, aliases, directives and the merging of repeated fields are GraphQL-core's own ``collect_subfields``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import FieldNode, GraphQLObjectType, GraphQLResolveInfo, Node
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues

from meritline.graphql.kit.declare import Computed, Connected, Embedded, Field, Object, ToMany, ToOne, Translated
from meritline.graphql.kit.shapes import Shapes, core

TYPENAME: Final = "__typename"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selected field: its key in the answer, its declaration, and what was selected below it.

    Parts of a connection (``edges``, ``nodes``, ``pageInfo`` and theirs) have no declaration. ``place`` numbers the
    fields whose arguments the statement depends on.
    """

    key: str
    name: str
    field: Field | None = None
    below: tuple["Chosen", ...] = ()
    place: int | None = None


@dataclass(slots=True)
class Choice:
    """The tree of a root field. ``places`` are the fields with arguments: owning type and node."""

    fields: tuple[Chosen, ...] = ()
    places: list[tuple[str, FieldNode]] = field(default_factory=list)
    #: Computed fields with arguments, on which no statement depends.
    argued: list[tuple[str, FieldNode]] = field(default_factory=list)


class Chooser:
    """Makes the tree of one operation's selection."""

    def __init__(self, info: GraphQLResolveInfo, shapes: Shapes) -> None:
        self.schema = info.schema
        self.operation = info.operation
        self.shapes = shapes
        self.fragments = {name: FragmentDetails(each) for name, each in info.fragments.items()}
        self.variables = variables_of(info)
        self.found = Choice()

    def choice(self, shape: Object, nodes: Sequence[FieldNode], *, connection: bool) -> Choice:
        """What was selected of the type, or of its connection, by these nodes."""
        details = [FieldDetails(node, None) for node in nodes]
        self.found.fields = self.of_connection(shape, details) if connection else self.of_object(shape, details)
        return self.found

    def collected(self, name: str, details: list[FieldDetails]) -> Iterator[tuple[str, list[FieldDetails]]]:
        """The selected fields of a type by their keys."""
        kind = self.schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        yield from collect_subfields(
            self.schema, self.fragments, self.variables, self.operation, kind, details
        ).grouped_field_set.items()

    def of_object(self, shape: Object, details: list[FieldDetails]) -> tuple[Chosen, ...]:
        """The selected fields of a declared type."""
        known = {each.name: each for each in shape.fields}
        return tuple(
            Chosen(key, TYPENAME) if found[0].node.name.value == TYPENAME
            else self.of_field(shape, key, known[found[0].node.name.value], found)
            for key, found in self.collected(shape.name, details)
        )  # fmt: skip

    def of_field(self, shape: Object, key: str, each: Field, details: list[FieldDetails]) -> Chosen:
        """One selected field."""
        match each:
            case Embedded() | ToOne() | ToMany():
                return Chosen(key, each.name, each, self.of_object(self.shapes[core(each.type)], details))
            case Connected():
                place = self.place(shape, details[0].node)
                return Chosen(key, each.name, each, self.of_connection(self.shapes[core(each.type)], details), place)
            case Translated():
                node = details[0].node
                return Chosen(key, each.name, each, (), self.place(shape, node) if node.arguments else None)
            case Computed():
                return self.of_computed(shape, key, each, details)
            case _:
                return Chosen(key, each.name, each)

    def of_computed(self, shape: Object, key: str, each: Computed, details: list[FieldDetails]) -> Chosen:
        """One computed field; what is selected of an object with rows of its own stays the executor's business."""
        node, place = details[0].node, None
        if node.arguments:
            self.found.argued.append((shape.name, node))
            place = len(self.found.argued) - 1
        inner = self.shapes.objects.get(core(each.type))
        if inner is None or inner.table is not None:
            return Chosen(key, each.name, each, (), place)
        return Chosen(key, each.name, each, self.of_made(inner, details), place)

    def of_made(self, shape: Object, details: list[FieldDetails]) -> tuple[Chosen, ...]:
        """The selected fields of a computed object."""
        known: dict[str, Field] = {each.name: each for each in shape.fields}
        made: list[Chosen] = []
        for key, found in self.collected(shape.name, details):
            each = known.get(found[0].node.name.value)
            made.append(self.of_computed(shape, key, each, found) if isinstance(each, Computed)
                        else Chosen(key, found[0].node.name.value, each))  # fmt: skip
        return tuple(made)

    def of_connection(self, shape: Object, details: list[FieldDetails]) -> tuple[Chosen, ...]:
        """The selected parts of a connection."""
        parts = self.collected(f"{shape.name}Connection", details)
        return tuple(self.of_part(shape, key, found) for key, found in parts)

    def of_part(self, shape: Object, key: str, details: list[FieldDetails]) -> Chosen:
        """One selected part of a connection."""
        name = details[0].node.name.value
        match name:
            case "nodes":
                return Chosen(key, name, None, self.of_object(shape, details))
            case "edges":
                return Chosen(key, name, None, tuple(
                    Chosen(inner, found[0].node.name.value, None,
                           self.of_object(shape, found) if found[0].node.name.value == "node" else ())
                    for inner, found in self.collected(f"{shape.name}Edge", details)
                ))  # fmt: skip
            case "pageInfo":
                return Chosen(key, name, None, tuple(
                    Chosen(inner, found[0].node.name.value) for inner, found in self.collected("PageInfo", details)
                ))  # fmt: skip
            case _:
                return Chosen(key, name)

    def place(self, shape: Object, node: FieldNode) -> int:
        """Note a field whose arguments matter."""
        self.found.places.append((shape.name, node))
        return len(self.found.places) - 1


def variables_of(info: GraphQLResolveInfo) -> VariableValues:
    """The variables as GraphQL-core's functions take them; resolvers are given the plain values."""
    values: Any = info.variable_values
    return values if isinstance(values, VariableValues) else VariableValues({}, values)


def deciding_variables(nodes: Sequence[Node], fragments: Mapping[str, Node]) -> frozenset[str]:
    """The variables that decide by ``@skip`` and ``@include`` what is selected below these nodes."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting: list[Any] = list(nodes)
    while waiting:
        node = waiting.pop()
        for directive in getattr(node, "directives", None) or ():
            found |= {each.value.name.value for each in directive.arguments or () if each.value.kind == "variable"}
        if node.kind == "fragment_spread" and node.name.value not in seen:
            seen.add(node.name.value)
            waiting.append(fragments[node.name.value])
        inner = getattr(node, "selection_set", None)
        waiting += inner.selections if inner else ()
    return frozenset(found)

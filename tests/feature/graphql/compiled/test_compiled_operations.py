"""Compiled reads and plain resolvers give the same answer, byte for byte, to whatever can be asked.

hypothesis-graphql makes operations from the schema. They are given arguments that mean something here, and what clients
write besides: aliases, fragments, directives, variables, ``__typename``, the same field twice. Each is answered by both
ways for several principals: data, errors with their paths and extensions must be equal (errors as a set: GraphQL leaves
their order to the moment). HYPOTHESIS_PROFILE=nightly asks many more.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import orjson
from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    SelectionSetNode,
    VariableNode,
    build_schema,
    get_named_type,
    is_leaf_type,
    parse_value,
    print_ast,
    value_from_ast_untyped,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from meritline.graphql.schema import sdl

EXAMPLES: Final = 3000 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 120
MODEL: Final = build_schema(sdl())
#: Dear, and never compiled: they compute from records.
LEFT_OUT: Final = {"simulate", "suggestTargets"}
ROOTS: Final = sorted(set(MODEL.query_type.fields) - LEFT_OUT)  # type: ignore[union-attr]
SCALARS: Final = {each: st.just(nodes.String("?")) for each in ("Decimal", "Date", "DateTime", "JSON")}
PRINCIPALS: Final = ("admin", "manager", "employee", "auditor", "integrator", "hr")
#: An opaque id, known only when there is data: documents name it by a number.
PLACE: Final = re.compile(r"ID([0-9]+)\.")
#: What arguments and filters are given, by their names; the rest from all of them.
WORDS: Final[dict[str, Sequence[str]]] = {
    "period": ("2026-05", "2026-05", "2026-04", "2026", "no period"),
    "scheme": ("engineers", "engineers", "none"),
    "employeeNo": ("E1", "E2", "E4", "E99"), "employeeNos": ("E1", "E2", "E4", "E99"),
    "numbers": ("E1", "E2", "E4", "E99"), "subjectCodes": ("E1", "E2", "E4", "E99"),
    "departmentCode": ("A", "A1", "B", "Z"), "codes": ("A", "A1", "B", "Z"), "department": ("A", "A1", "B", "Z"),
    "recordType": ("call_record", "none"), "indicator": ("set.line0", "none"), "keys": ("set.line0", "draft1"),
    "source": ("source0", "source1", "none"), "search": ("E", "张", "%", "_", "\\", ""), "grade": ("good", "none"),
    "kinds": ("by_grade", "none"), "ruleKeys": ("bonus", "none"), "action": ("key.create", "tenant.create", "none"),
    "actor": ("test", "none"), "position": ("engineer", "none"), "periods": ("2026-05", "2026"),
}  # fmt: skip
SCALAR_WORDS: Final[dict[str, Sequence[str]]] = {
    "Int": ("1", "2", "3", "5", "20", "20", "100", "0", "101"),
    "Boolean": ("true", "false"),
    "Decimal": ('"0"', '"28.41"', '"90"', '"1e3"', "1"),
    "Date": ('"2026-05-01"', '"2026-02-30"'),
    "DateTime": ('"2026-05-31T00:00:00Z"', '"2026-06-01T12:00:00.001+08:00"', '"soon"'),
}  # fmt: skip


@dataclass
class Clients:
    """Rewrites generated operations as clients would have written them."""

    chance: Random
    fragments: list[FragmentDefinitionNode] = field(default_factory=list)
    variables: dict[str, tuple[str, Any]] = field(default_factory=dict)
    aliases: int = 0
    #: How many more fields may be added.
    room: int = 40

    def sometimes(self, often: float) -> bool:
        return self.chance.random() < often

    def selections(self, found: SelectionSetNode | None, kind: Any) -> SelectionSetNode | None:
        """A selection of this type, rewritten from the inside out."""
        if found is None:
            return None
        kind = get_named_type(kind)
        generated = list(found.selections)
        if self.room > 0 and self.sometimes(0.6) and not isinstance(kind, GraphQLInterfaceType):
            generated += self.more(kind)
        made = [self.selection(each, kind) for each in generated]
        if self.sometimes(0.2):
            made.insert(self.chance.randrange(len(made) + 1), plain("__typename", self.alias(0.3)))
        if self.sometimes(0.15):
            made.append(self.again(self.chance.choice(made)))
        if self.sometimes(0.2):
            self.chance.shuffle(made)
        if self.sometimes(0.25):
            cut = self.chance.randrange(len(made))
            made[cut:] = [self.fragment(made[cut:], kind)]
        return SelectionSetNode(selections=tuple(made))

    def more(self, kind: Any, depth: int = 2) -> list[FieldNode]:
        """More fields than were generated, whose operations are small; the page of a list above all."""
        names = [each for each in kind.fields if each not in LEFT_OUT]
        chosen = {each for each in names if each in ("nodes", "edges", "node") and self.sometimes(0.7)}
        chosen |= set(self.chance.sample(names, min(len(names), self.chance.randrange(1, 6))))
        made = []
        self.room -= len(chosen)
        for name in sorted(chosen) if kind is not MODEL.query_type else ():
            inner = get_named_type(kind.fields[name].type)
            if is_leaf_type(inner):
                made.append(plain(name))
            elif depth and self.room > 0 and not isinstance(inner, GraphQLInterfaceType):
                below = tuple(self.more(inner, depth - (not inner.name.endswith(("Connection", "Edge")))))
                if below:
                    made.append(FieldNode(name=NameNode(value=name), arguments=(), directives=(),
                                          selection_set=SelectionSetNode(selections=below)))  # fmt: skip
        return made

    def selection(self, node: Any, kind: Any) -> Any:
        """One field or inline fragment."""
        if isinstance(node, InlineFragmentNode):
            inner = MODEL.type_map[node.type_condition.name.value] if node.type_condition else kind
            return InlineFragmentNode(type_condition=node.type_condition, directives=self.directives(),
                                      selection_set=self.selections(node.selection_set, inner))  # fmt: skip
        defined = kind.fields[node.name.value]
        return FieldNode(
            name=node.name, alias=node.alias or self.alias(0.1), directives=self.directives(),
            arguments=tuple(self.arguments(node, defined)),
            selection_set=self.selections(node.selection_set, defined.type),
        )  # fmt: skip

    def again(self, node: Any) -> Any:
        """The same field once more, with a part of what was selected below it."""
        if not isinstance(node, FieldNode) or node.selection_set is None:
            return node
        some = [each for each in node.selection_set.selections if self.sometimes(0.5)] or [plain("__typename")]
        return FieldNode(name=node.name, alias=node.alias, arguments=node.arguments, directives=self.directives(),
                         selection_set=SelectionSetNode(selections=tuple(some)))  # fmt: skip

    def fragment(self, made: list[Any], kind: Any) -> Any:
        """These selections in a fragment, named or not."""
        inner, on = SelectionSetNode(selections=tuple(made)), NamedTypeNode(name=NameNode(value=kind.name))
        if self.sometimes(0.5):
            return InlineFragmentNode(type_condition=on if self.sometimes(0.5) else None, directives=self.directives(),
                                      selection_set=inner)  # fmt: skip
        name = NameNode(value=f"f{len(self.fragments)}")
        self.fragments.append(FragmentDefinitionNode(name=name, type_condition=on, directives=(), selection_set=inner))
        return FragmentSpreadNode(name=name, directives=self.directives())

    def alias(self, often: float) -> NameNode | None:
        if self.aliases > 20 or not self.sometimes(often):
            return None
        self.aliases += 1
        return NameNode(value=self.chance.choice(["a", "__a", "nodes_"]) + str(self.aliases))

    def directives(self) -> tuple[DirectiveNode, ...]:
        """@include and @skip, by a constant or a variable."""
        if not self.sometimes(0.12):
            return ()
        value = parse_value(self.chance.choice(["true", "false"]))
        given = ArgumentNode(name=NameNode(value="if"), value=self.variable("Boolean!", value) or value)
        return (DirectiveNode(name=NameNode(value=self.chance.choice(["include", "skip"])), arguments=(given,)),)

    def arguments(self, node: FieldNode, defined: Any) -> Iterator[ArgumentNode]:
        """Arguments that mean something: required ones always, others sometimes, some as they were generated."""
        kept = {each.name.value: each.value for each in node.arguments or ()}
        for name, argument in defined.args.items():
            required = isinstance(argument.type, GraphQLNonNull) and name != "first"
            if name in kept and self.sometimes(0.05):
                yield ArgumentNode(name=NameNode(value=name), value=kept[name])
            elif required or self.sometimes({"first": 0.6, "after": 0.02, "filter": 0.15}.get(name, 0.25)):
                value = parse_value(self.written(name, argument.type))
                put = self.variable(str(argument.type), value) if self.sometimes(0.3) else None
                yield ArgumentNode(name=NameNode(value=name), value=put or value)

    def variable(self, kind: str, value: Any) -> Any:
        """The value as a variable, where it can be one; sometimes it is not given at all."""
        if self.sometimes(0.3):
            return None
        name = f"v{len(self.variables)}"
        self.variables[name] = (kind, value)
        return VariableNode(name=NameNode(value=name))

    def written(self, name: str, kind: Any) -> str:
        """A value of the type, as GraphQL writes it."""
        if isinstance(kind, GraphQLNonNull):
            return self.written(name, kind.of_type)
        if self.sometimes(0.04):
            return "null"
        if isinstance(kind, GraphQLList):
            return "[" + ", ".join(self.written(name, kind.of_type) for _ in range(self.chance.randrange(4))) + "]"
        if isinstance(kind, GraphQLEnumType):
            return self.chance.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            given = [each for each, its in kind.fields.items()
                     if (isinstance(its.type, GraphQLNonNull) and each != "direction") or self.sometimes(0.3)]
            return "{" + ", ".join(f"{each}: {self.written(each, kind.fields[each].type)}" for each in given) + "}"
        if kind.name == "ID":
            return quoted(f"ID{self.chance.randrange(100)}.")
        if kind.name == "String":
            return quoted(self.chance.choice(WORDS.get(name) or self.chance.choice(list(WORDS.values()))))
        return self.chance.choice(SCALAR_WORDS[kind.name])


def plain(name: str, alias: NameNode | None = None) -> FieldNode:
    """A field without anything."""
    return FieldNode(name=NameNode(value=name), alias=alias, arguments=(), directives=())


def quoted(text: str) -> str:
    """The text as GraphQL writes it."""
    return orjson.dumps(text).decode()


@dataclass(frozen=True, slots=True)
class Asked:
    """A document with its variables, who asks it (of every principal the same), and in which language."""

    text: str
    variables: dict[str, Any]
    whose: tuple[str, ...]
    language: str


@st.composite
def operations(draw: st.DrawFn) -> Asked:
    """An operation on one root field."""
    root = draw(st.sampled_from(ROOTS))
    made: DocumentNode = draw(queries(MODEL, fields=[root], custom_scalars=SCALARS, print_ast=lambda found: found))
    chance = draw(st.randoms(use_true_random=True))
    clients = Clients(chance)
    operation = made.definitions[0]
    selected = clients.selections(operation.selection_set, MODEL.query_type)  # type: ignore[attr-defined]
    head = ", ".join(f"${name}: {kind}" for name, (kind, _) in clients.variables.items())
    body = print_ast(DocumentNode(definitions=(*clients.fragments,)))
    text = f"query Q{f'({head})' if head else ''} {print_ast(selected)}\n{body}"  # type: ignore[arg-type]
    given = {name: value_from_ast_untyped(value) for name, (kind, value) in clients.variables.items()
             if kind.endswith("!") or chance.random() < 0.9}  # fmt: skip
    return Asked(text, given, tuple(chance.sample(PRINCIPALS, 2)), chance.choice(["en", "zh"]))


@settings(max_examples=EXAMPLES, deadline=None, database=None, phases=(Phase.explicit, Phase.generate),
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(asked=operations())
async def test_whatever_is_asked_both_ways_answer_the_same(both: Any, asked: Asked) -> None:
    answer = await both.equal(
        identified(asked.text, both.ids), identified(asked.variables, both.ids), whose=asked.whose,
        language=asked.language,
    )  # fmt: skip
    both.seen["refused" if b"VALIDATION" in answer else "answered"] += 1


def test_what_was_asked_was_worth_asking(both: Any) -> None:
    """Most operations were executed, many showed rows, some met errors: after the test above, in the same process."""
    asked = both.seen["refused"] + both.seen["answered"]
    if asked >= EXAMPLES:
        assert both.seen["answered"] > 0.6 * asked, both.seen
        assert both.seen["rows"] > 0.2 * asked, both.seen
        assert both.seen["errors"] > 0.05 * asked, both.seen


def identified(value: Any, ids: Sequence[str]) -> Any:
    """The operation with the ids that its numbers stand for."""
    text = PLACE.sub(lambda found: ids[int(found[1]) % len(ids)], orjson.dumps(value).decode())
    return orjson.loads(text)

"""Plans: what was chosen and written once is used again. Decides when two requests share a statement.

A selection is known by the nodes of its (cached) document; its statement, by the reader's role and language and by
what of the arguments decides the text: which filters, which order, how many. All else is bound. Plans of whole
documents, which would skip the execution too, can be kept in front of this once permissions are complete.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import FieldNode, GraphQLEnumType, GraphQLResolveInfo, get_argument_values

from meritline.graphql.kit.compiled.choosing import Choice, Chooser, deciding_variables, variables_of
from meritline.graphql.kit.compiled.leaves import joined
from meritline.graphql.kit.compiled.refusing import NotCompiled
from meritline.graphql.kit.compiled.slots import Asked, Page, Slots, slotted
from meritline.graphql.kit.compiled.weaving import Weaver
from meritline.graphql.kit.context import RequestContext
from meritline.graphql.kit.declare import Object
from meritline.graphql.kit.paging import Arguments, asked_of
from meritline.graphql.kit.signatures import given_only
from meritline.graphql.kit.statements import Statements

MOST_SELECTIONS: Final = 512
MOST_PLANS: Final = 64


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement and what it binds; or why there is none."""

    text: str = ""
    binds: Slots | None = None
    refused: str = ""


@dataclass(slots=True)
class Selection:
    """What is known of a root field of a document. ``nodes`` are kept, so that no others take their identity."""

    nodes: Sequence[FieldNode]
    shape: Object
    variables: tuple[str, ...]
    choices: dict[tuple[object, ...], Choice | NotCompiled] = field(default_factory=dict)
    plans: OrderedDict[tuple[object, ...], Plan] = field(default_factory=OrderedDict)


class Plans:
    """The plans of one schema."""

    def __init__(self) -> None:
        self.selections: OrderedDict[tuple[object, ...], Selection] = OrderedDict()
        self.enums: Mapping[str, Mapping[str, str]] = {}

    def page(
        self, context: RequestContext, statements: Statements, shape: Object, asked: Arguments
    ) -> tuple[str, list[object]]:
        """The statement of a root list."""
        return self.prepared(context, statements, shape, "page", Page(asked, asked.wish()), None)

    def first(
        self, context: RequestContext, statements: Statements, shape: Object, asked: Arguments
    ) -> tuple[str, list[object]]:
        """The statement of the first row of a list."""
        return self.prepared(context, statements, shape, "first", Page(asked, asked.wish()), None)

    def one(
        self, context: RequestContext, statements: Statements, shape: Object, key: object
    ) -> tuple[str, list[object]]:
        """The statement of the row with this key."""
        return self.prepared(context, statements, shape, "one", None, key)

    def prepared(
        self, context: RequestContext, statements: Statements, shape: Object, form: str, page: Page | None, key: object
    ) -> tuple[str, list[object]]:
        """Statement and values, or NotCompiled."""
        info = context.field
        selection = self.selection(info, shape, form)
        choice = self.choice(selection, info, statements, form)
        given = [self.place(context, info, statements, *each) for each in choice.places]
        pages: list[Any] = given if page is None else [*given, page]
        known = (context.principal.role, context.reach_of, context.language,
                 *(each.form if isinstance(each, Page) else each for each in pages))  # fmt: skip
        plan = selection.plans.get(known)
        if plan is None:
            plan = kept(selection.plans, known, self.woven(context, info, statements, shape, form, choice, pages))
        if plan.binds is None:
            raise NotCompiled(plan.refused)
        principal = context.principal
        return plan.text, plan.binds.filled(
            Asked(principal.tenant_id, principal.employee_id, context.now.date(), pages, key)
        )

    def selection(self, info: GraphQLResolveInfo, shape: Object, form: str) -> Selection:
        """What is known of these nodes."""
        known = (form, id(shape), *map(id, info.field_nodes))
        found = self.selections.get(known)
        if found is None:
            found = Selection(info.field_nodes, shape, tuple(sorted(deciding_variables(info.field_nodes,
                                                                                       info.fragments))))  # fmt: skip
            self.selections[known] = found
            if len(self.selections) > MOST_SELECTIONS:
                self.selections.popitem(last=False)
        else:
            self.selections.move_to_end(known)
        return found

    def choice(self, selection: Selection, info: GraphQLResolveInfo, statements: Statements, form: str) -> Choice:
        """What is selected with these variables."""
        values: Mapping[str, object] = variables_of(info).coerced
        deciding = tuple(values.get(name) for name in selection.variables)
        found = selection.choices.get(deciding)
        if found is None:
            try:
                found = Chooser(info, statements.shapes).choice(
                    selection.shape, selection.nodes, connection=form == "page"
                )
            except NotCompiled as refused:
                found = refused
            selection.choices[deciding] = found
        if isinstance(found, NotCompiled):
            raise NotCompiled(*found.args)
        return found

    def place(
        self, context: RequestContext, info: GraphQLResolveInfo, statements: Statements, owner: str, node: FieldNode
    ) -> Page | str:
        """The arguments of a field below the root, read as Strawberry reads them."""
        kind: Any = info.schema.type_map[owner]
        definition = kind.fields[node.name.value]
        given = converted(info, definition, get_argument_values(definition, node, variables_of(info)))
        if "language" in definition.args:
            return context.language_or(given.get("language"))
        shape = statements.shapes[definition.type.of_type.name.removesuffix("Connection")]
        asked = asked_of(statements.shapes, shape, **given)
        return Page(asked, asked.wish())

    def woven(
        self, context: RequestContext, info: GraphQLResolveInfo, statements: Statements, shape: Object, form: str,
        choice: Choice, pages: Sequence[Any],
    ) -> Plan:  # fmt: skip
        """A new plan."""
        self.enums = self.enums or enums_of(info)
        weaver = Weaver(statements, self.enums, context.language, pages)
        try:
            match form:
                case "page":
                    page, place = pages[-1], len(pages) - 1
                    text = weaver.page(shape, choice.fields, page, place, parents=page.arguments.first)
                case "first":
                    text = first_row(weaver, shape, choice, pages)
                case _:
                    text = one_row(weaver, shape, choice)
        except NotCompiled as refused:
            return Plan(refused=str(refused))
        return Plan(text, weaver.binds)


def one_row(weaver: Weaver, shape: Object, choice: Choice) -> str:
    """The statement of a row by its key."""
    key = weaver.binds.value(lambda asked: asked.key)
    return f"select {weaver.single(shape, choice.fields, f'{weaver.fill(shape.key, "t")} = {key}')}"


def first_row(weaver: Weaver, shape: Object, choice: Choice, pages: Sequence[Any]) -> str:
    """The statement of the first row of a list."""
    alias, wish = weaver.row(), slotted(pages[-1], len(pages) - 1)
    body = joined(weaver.object(shape, choice.fields, alias))
    return f"select {body} from {weaver.rows(shape, wish, 1)} {alias}"  # noqa: S608


def converted(info: GraphQLResolveInfo, definition: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Arguments as the resolvers get them."""
    from strawberry.types.arguments import convert_arguments

    owner: Any = info.schema._strawberry_schema  # type: ignore[attr-defined]
    declared = definition.extensions[owner.schema_converter.DEFINITION_BACKREF]
    return given_only(convert_arguments(
        given, declared.arguments, scalar_registry=owner.schema_converter.scalar_registry, config=owner.config
    ))  # fmt: skip


def enums_of(info: GraphQLResolveInfo) -> dict[str, dict[str, str]]:
    """The names of the stored words of each enum."""
    return {
        name: {str(each.value): shown for shown, each in kind.values.items()}
        for name, kind in info.schema.type_map.items()
        if isinstance(kind, GraphQLEnumType)
    }


def kept(plans: OrderedDict[tuple[object, ...], Plan], known: tuple[object, ...], plan: Plan) -> Plan:
    """The plan, kept in place of the oldest."""
    plans[known] = plan
    if len(plans) > MOST_PLANS:
        plans.popitem(last=False)
    return plan

"""Plans: what was chosen and written once is used again. Decides when two requests share a statement.

A selection is known by the nodes of its (cached) document; its statement, by the reader's role and language and by
what of the arguments decides the text: which filters, which order, how many. All else is bound. Plans of whole
documents, which would skip the execution too, can be kept in front of this once permissions are complete.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal

from graphql import FieldNode, GraphQLEnumType, GraphQLResolveInfo, get_argument_values

from meritline.graphql.kit.compiled.choosing import Choice, Chooser, deciding_variables, variables_of
from meritline.graphql.kit.compiled.finishing import Finisher
from meritline.graphql.kit.compiled.holding import Holder, Making
from meritline.graphql.kit.compiled.leaves import joined
from meritline.graphql.kit.compiled.refusing import NotCompiled
from meritline.graphql.kit.compiled.slots import Asked, Page, Slots, slotted
from meritline.graphql.kit.compiled.weaving import Weaver
from meritline.graphql.kit.context import RequestContext
from meritline.graphql.kit.declare import Object
from meritline.graphql.kit.paging import Arguments, asked_of
from meritline.graphql.kit.signatures import given_only
from meritline.graphql.kit.statements import Statements, by_key

MOST_SELECTIONS: Final = 512
MOST_PLANS: Final = 64
#: How much text of statements is written before all are forgotten: what every client may fill has an end.
MOST_TEXT: Final = 32 * 1024 * 1024
#: asyncpg learns of a type from the columns of a result, and of lists inside of records only if it was one before.
RECORDS: Final = "array(select row(1) where false)"
type Form = Literal["page", "first", "one"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement and what it binds; or why there is none."""

    text: str = ""
    binds: Slots | None = None
    refused: str = ""
    #: Where Python has to finish the answer: what is made of the rows.
    make: Making | None = None
    #: Whether only gaps of a finished text are filled by it.
    gaps: bool = False


@dataclass(slots=True)
class Selection:
    """What is known of a root field of a document. ``nodes`` are kept, so that no others take their identity."""

    nodes: Sequence[FieldNode]
    shape: Object
    variables: tuple[str, ...]
    choices: OrderedDict[tuple[object, ...], Choice] = field(default_factory=OrderedDict)
    plans: OrderedDict[tuple[object, ...], Plan] = field(default_factory=OrderedDict)


class Plans:
    """The plans of one schema."""

    def __init__(self) -> None:
        self.selections: OrderedDict[tuple[object, ...], Selection] = OrderedDict()
        self.enums: Mapping[str, Mapping[str, str]] = {}
        self.written = 0

    def prepared(
        self, context: RequestContext, statements: Statements, shape: Object, form: Form, wanted: object
    ) -> tuple[Plan, Asked]:
        """The plan and what it binds, or NotCompiled; ``wanted`` are the arguments of a list or the key of a row."""
        page = Page(wanted, wanted.wish()) if isinstance(wanted, Arguments) else None
        info = context.field
        selection = self.selection(info, shape, form)
        deciding, choice = self.choice(selection, info, statements, form)
        given = [self.place(context, info, statements, *each) for each in choice.places]
        pages: list[Any] = given if page is None else [*given, page]
        known = (deciding, context.principal.role, context.reach_of, context.language,
                 *(each.form if isinstance(each, Page) else each for each in pages))  # fmt: skip
        plan = selection.plans.get(known)
        if plan is None:
            plan = self.woven(context, info, statements, shape, form, choice, pages)
            self.weigh(plan)
            kept(selection.plans, known, plan)
        if plan.binds is None:
            raise NotCompiled(plan.refused)
        principal = context.principal
        mine = principal.tenant_id, principal.employee_id, context.now.date(), pages, wanted
        if not plan.gaps:
            return plan, Asked(*mine)
        return plan, Asked(*mine, context.but(field=None), [arguments_of(info, *each) for each in choice.argued])

    def weigh(self, plan: Plan) -> None:
        """Forget all before there is too much of it."""
        self.written += len(plan.text)
        if self.written > MOST_TEXT:
            self.selections.clear()
            self.written = len(plan.text)

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

    def choice(
        self, selection: Selection, info: GraphQLResolveInfo, statements: Statements, form: str
    ) -> tuple[tuple[object, ...], Choice]:
        """What is selected with these variables, and those of them that decide it."""
        values: Mapping[str, object] = variables_of(info).coerced
        deciding = tuple(values.get(name) for name in selection.variables)
        found = selection.choices.get(deciding)
        if found is None:
            found = Chooser(info, statements.shapes).choice(selection.shape, selection.nodes, connection=form == "page")
            kept(selection.choices, deciding, found)
        return deciding, found

    def place(
        self, context: RequestContext, info: GraphQLResolveInfo, statements: Statements, owner: str, node: FieldNode
    ) -> Page | str:
        """The arguments of a field below the root, read as Strawberry reads them."""
        kind: Any = info.schema.type_map[owner]
        definition, given = kind.fields[node.name.value], arguments_of(info, owner, node)
        if "language" in definition.args:
            return context.language_or(given.get("language"))
        shape = statements.shapes[definition.type.of_type.name.removesuffix("Connection")]
        asked = asked_of(statements.shapes, shape, **given)
        return Page(asked, asked.wish())

    def woven(
        self, context: RequestContext, info: GraphQLResolveInfo, statements: Statements, shape: Object, form: Form,
        choice: Choice, pages: Sequence[Any],
    ) -> Plan:  # fmt: skip
        """A new plan."""
        self.enums = self.enums or enums_of(info)
        reason = ""
        filled = partial(with_gaps, info.schema.type_map)
        for write in (finished, filled, brought):
            weaver = Weaver(statements, self.enums, context.language, pages)
            try:
                text, make = write(weaver, shape, form, choice, pages)
            except NotCompiled as refused:
                reason = str(refused)
            else:
                return Plan(text, weaver.binds, make=make, gaps=write is filled)
        return Plan(refused=reason)


def finished(weaver: Weaver, shape: Object, form: Form, choice: Choice, pages: Sequence[Any]) -> tuple[str, None]:
    """The statement that answers with JSON."""
    if form == "page":
        page = pages[-1]
        return weaver.page(shape, choice.fields, page, len(pages) - 1, parents=page.arguments.first), None
    if form == "one":
        return f"select {weaver.single(shape, choice.fields, wanted_row(weaver, shape))}", None
    alias, wish = weaver.row(), slotted(pages[-1], len(pages) - 1)
    body = joined(weaver.object(shape, choice.fields, alias))
    return f"select {body} from {weaver.rows(shape, wish, 1)} {alias}", None  # noqa: S608


def with_gaps(
    kinds: Mapping[str, Any], weaver: Weaver, shape: Object, form: Form, choice: Choice, pages: Sequence[Any]
) -> tuple[str, Making]:
    """The statement of one row that answers with JSON but for what Python computes."""
    if form == "page":
        raise NotCompiled("a list with computed fields")
    sql, make = Finisher(weaver, kinds).single(shape, choice.fields, source_of(weaver, shape, form, pages))
    return f"select {sql}, {RECORDS}", make


def source_of(weaver: Weaver, shape: Object, form: Form, pages: Sequence[Any]) -> str:
    """The one row of a root field."""
    if form == "one":
        return weaver.matching(shape, wanted_row(weaver, shape))
    return weaver.rows(shape, slotted(pages[-1], len(pages) - 1), 1)


def brought(weaver: Weaver, shape: Object, form: Form, choice: Choice, pages: Sequence[Any]) -> tuple[str, Making]:
    """The statement that brings all rows, for Python to finish."""
    holder = Holder(weaver)
    if form == "page":
        page = pages[-1]
        sql, make = holder.page(shape, choice.fields, page, len(pages) - 1, page.arguments.first)
    else:
        sql, make = holder.listed(shape, choice.fields, source_of(weaver, shape, form, pages), 1)
    return f"select {sql}, {RECORDS}", make


def wanted_row(weaver: Weaver, shape: Object) -> str:
    """The condition of the row that is asked for."""
    return by_key(shape, weaver.binds.value(lambda asked: asked.wanted), weaver.binds)


def arguments_of(info: GraphQLResolveInfo, owner: str, node: FieldNode) -> dict[str, Any]:
    """The arguments of a field of a type below the root, as its resolver gets them."""
    kind: Any = info.schema.type_map[owner]
    definition = kind.fields[node.name.value]
    return converted(info, definition, get_argument_values(definition, node, variables_of(info)))


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


def kept[T](those: OrderedDict[tuple[object, ...], T], known: tuple[object, ...], one: T) -> None:
    """Keep it in place of the oldest."""
    those[known] = one
    if len(those) > MOST_PLANS:
        those.popitem(last=False)

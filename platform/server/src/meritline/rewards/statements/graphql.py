"""What GraphQL shows of pay statements: what one person gets for one cycle, over all schemes.

Decides nothing of its own: whoever sees a person's reward lines sees their sum.
"""

from collections.abc import Mapping
from typing import Any, Final

from meritline.graphql.kit import (
    Column,
    Computed,
    Embedded,
    Filter,
    GlobalId,
    Module,
    Object,
    Order,
    RequestContext,
    RootConnection,
    ToOne,
)
from meritline.graphql.kit.paging import MOST, Arguments
from meritline.rewards.exports import VISIBLE

ORDER: Final = (Order("scheme", "{t}.scheme_key", "text"), Order("position", "{t}.position", "int"),
                Order("rule", "{t}.rule_key", "text"))  # fmt: skip
NEEDS: Final = {"cycle_id": "{t}.cycle_id", "subject_id": "{t}.subject_id", "currency": "{t}.currency"}


async def lines_of(needed: Mapping[str, Any], context: RequestContext) -> list[Any]:
    """The lines of a statement, by scheme, in the order of their tables."""
    filters = (("{t}.cycle_id = {value}", needed["cycle_id"]), ("{t}.subject_kind = {value}", "employee"),
               ("{t}.currency = {value}", needed["currency"]))
    asked = Arguments(first=MOST, filters=filters, order=ORDER)
    page = await context.declarations.page_of(context, "RewardLine", "{t}.subject_id", needed["subject_id"], asked)
    return list(page.nodes)


async def acts_of(needed: Mapping[str, Any], context: RequestContext) -> list[Any]:
    """The lines that are no money."""
    return [line for line in await lines_of(needed, context) if line.act is not None]


PAY_STATEMENT = Object(
    name="PayStatement",
    description="What one person gets for one cycle, over all schemes.",
    table="pay_statement",
    key="({t}.cycle_id::text || ':' || {t}.subject_id::text || ':' || {t}.currency)",
    key_type="text",
    visible=VISIBLE,
    fields=(
        GlobalId(),
        Column("period", "String!", "The appraised period: 2026-05, 2026-Q2 or 2026."),
        Column("employeeNo", "String!", "The employee number at that time.", sql="{t}.subject_code"),
        Column("name", "String!", "The name at that time.", sql="{t}.subject_name"),
        Embedded("total", "Money!", "The sum of all amounts, to the cent.",
                 sql={"amount": "{t}.total", "currency": "{t}.currency"}),
        Column("currency", "String!", "The currency of all of it."),
        Column("unmeasured", "Int!", "How many lines would be money and were not measured, which is not zero."),
        Computed("lines", "[RewardLine!]!", "What it is made of, by scheme, in the order of the reward tables.",
                 resolve=lines_of, needs=NEEDS),
        Computed("acts", "[RewardLine!]!", "Those of the lines that are no money: warning, training, prize ...",
                 resolve=acts_of, needs=NEEDS),
        ToOne("employee", "Employee", "Whose it is.", key="{t}.subject_id"),
        ToOne("cycle", "Cycle", "The cycle.", key="{t}.cycle_id"),
    ),
    order=(Order("period", "{t}.period", "text", descending=True), Order("employee", "{t}.subject_code", "text")),
    orders=(
        Order("PERIOD", "{t}.period", "text", "By period."),
        Order("EMPLOYEE", "{t}.subject_code", "text", "By employee number."),
        Order("TOTAL", "{t}.total", "numeric", "By the sum."),
    ),
    filters=(
        Filter("period", "String", "{t}.period = {value}", "Of this period."),
        Filter("employeeNos", "[String!]", "{t}.subject_code = any({value})", "Of these employee numbers."),
        Filter("unmeasured", "Boolean", "({t}.unmeasured > 0) = {value}",
               "With lines that were not measured, or without."),
    ),
)  # fmt: skip

MODULE = Module(
    objects=(PAY_STATEMENT,),
    queries=(RootConnection("payStatements", "PayStatement", "The pay statements that the viewer may see."),),
)

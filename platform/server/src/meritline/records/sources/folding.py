"""Several lines of one case. Decides how the order of its lines is declared.

``fold = { by = "external_id", order = ["sys_updated_at:instant", "sys_mod_count:int", "line"] }``: the last line in
this order is the record. ``line`` (the line in the file) decides what the columns leave open.
"""

from typing import cast

from meritline.documents import Table
from meritline.documents.table import nearest_first
from meritline.records.sources.mapping import EXTERNAL_ID, OrderKind, OrderPart
from meritline.records.sources.values import patterns
from meritline_sdk.model.kinds import Kind

KINDS = ("instant", "day", "int")


def fold_order(table: Table | None, moments: dict[Kind, tuple[str, ...]]) -> tuple[OrderPart, ...]:
    """The parts of the order; empty where the source does not fold."""
    if table is None:
        return ()
    table.choice("by", (EXTERNAL_ID,))
    formats = {"instant": patterns(table, "format") or moments.get(Kind.INSTANT, ()),
               "day": patterns(table, "format") or moments.get(Kind.DAY, ())}  # fmt: skip
    parts = [order_part(table, one, formats) for one in listed(table)]
    table.finish()
    return tuple(part for part in parts if part is not None)


def listed(table: Table) -> list[str]:
    """The texts of the order."""
    value = table.raw("order", required=True)
    if isinstance(value, list | tuple) and value and all(isinstance(one, str) for one in value):
        return list(value)
    if value is not None:
        table.report("E-DOC-LIST", "order", value=value)
    return []


def order_part(table: Table, text: str, formats: dict[str, tuple[str, ...]]) -> OrderPart | None:
    """``line``, or a column and how it is compared."""
    if text == "line":
        return OrderPart("line")
    column, _, kind = text.rpartition(":")
    if not column or kind not in KINDS:
        table.report("E-SOURCE-ORDER", "order", value=text, known=nearest_first(kind, KINDS))
        return None
    return OrderPart(cast(OrderKind, kind), " ".join(column.split()), formats.get(kind, ()))

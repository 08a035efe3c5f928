"""Parts and consumables: handled by the rules, nothing lost, nothing wasted."""

from meritline_after_sales_common.records import WorkOrder, counts
from meritline_appliance_repair.records import ConsumableUse, PartsTransaction
from meritline_sdk import (
    HIGHER,
    LOWER,
    PERCENT,
    Beside,
    Count,
    If,
    Indicator,
    Ratio,
    Sum,
    Text,
    first_present,
    in_period,
    least_of,
    only_first,
    only_last,
    titled,
)  # fmt: skip

p = PartsTransaction
handled = p.kind.one_of("requisition", "use", "replacement", "return")
rules_kept = (
    ((p.kind == "requisition") & p.approved) | ((p.kind == "use") & p.matches_order)
    | ((p.kind == "replacement") & p.matches_order & p.old_part_returned) | (p.kind == "return"))
sound = titled(p.compliant | (p.compliant.missing() & rules_kept), "it keeps to the rules", "合规")

PARTS_COMPLIANCE = Indicator(
    "parts_compliance_rate", Text("Parts management compliance", "配件管理规范性"),
    Ratio(Count(p, where=handled & sound), Count(p, where=handled)),
    PERCENT, HIGHER,
    note=Text("As judged, else: requisition approved, use matches an order, old part returned with a replacement",
              "以判定为准;未判定时:申领已批准、使用与工单相符、更换已交回旧件"),
)  # fmt: skip

within = in_period(p.at)
opening = only_first(p, by=[p.engineer, p.part], order=p.at, where=(p.kind == "opening_stock") & within)
on_hand = only_last(p, by=[p.engineer, p.part], order=p.at, where=(p.kind == "stock_count") & within)
received = titled(opening | (p.kind == "requisition"), "it is opening stock or a requisition", "为期初库存或申领")
gone = titled(p.kind.one_of("use", "replacement", "return") | on_hand,
              "it is a use, a replacement, a return or the last count of the stock", "为使用、更换、退回或期末盘点")
signed = titled(If(received, p.quantity, p.quantity * -1), "the quantity, what went or is still there taken off",
                "数量(去向明确或在手的为负)")
unaccounted = Sum(signed, where=received | gone)

PARTS_LOSS = Indicator(
    "parts_loss_rate", Text("Parts loss rate", "配件流失"),
    Ratio(unaccounted, Sum(p.quantity, where=received)),
    PERCENT, LOWER,
    beside=(Beside(Text("Quantity unaccounted for; below zero the data contradict each other",
                        "去向不明数量(负数表示数据有误)"), unaccounted),),
    note=Text("Opening stock and requisitions, less what was used, returned and counted at the end",
              "期初与申领,减去使用、退回与期末盘点"),
)  # fmt: skip

c = ConsumableUse
order_closed = titled(least_of(WorkOrder, lambda o: first_present(o.resolved_at, o.closed_at), lambda o: (
    (o.external_id == c.order) & counts(o) & o.outcome.one_of("resolved", "unresolved"))),
    "the end of its work order", "其工单结束时间")
standard_cost = titled(c.standard_quantity * c.unit_cost, "the standard cost", "标准成本")
used_cost = titled(c.used_quantity * c.unit_cost, "the cost used", "实际成本")
wasted_cost = titled(first_present(c.wasted_quantity, 0) * c.unit_cost, "the cost wasted", "浪费成本")

CONSUMABLE_VARIANCE = Indicator(
    "consumable_cost_variance_rate", Text("Consumables cost variance", "服务成本控制 (耗材使用合理性)"),
    Ratio(Sum(used_cost - standard_cost, at=order_closed), Sum(standard_cost, at=order_closed)),
    PERCENT, LOWER,
    note=Text("Below zero is a saving; using too little may harm the work", "负数为节约;用量过少可能影响质量"),
)  # fmt: skip

CONSUMABLE_WASTE = Indicator(
    "consumable_waste_rate", Text("Consumables wasted", "不必要的浪费"),
    Ratio(Sum(wasted_cost, at=order_closed), Sum(used_cost, at=order_closed)),
    PERCENT, LOWER,
)  # fmt: skip

MATERIALS = (PARTS_COMPLIANCE, PARTS_LOSS, CONSUMABLE_VARIANCE, CONSUMABLE_WASTE)

"""What the indicators of repair mean by an order: when it ended, whether it is a repair, how many visits it took."""

from meritline_after_sales_common.handling import still_open
from meritline_after_sales_common.records import WorkOrder, counts
from meritline_appliance_repair.records import Visit
from meritline_sdk import Beside, Expr, Parameter, Text, divided, exists, first_present, how_many, titled

REPAIR_SERVICE = Parameter("repair_service", "repair", title=Text("service code of a repair", "维修类服务代码"))

w = WorkOrder
lead = divided(w.engineer, by=w.technician_count)
ended = titled(first_present(w.resolved_at, w.closed_at), "the end of the order", "工单结束时间")
closed = counts(w) & w.outcome.one_of("resolved", "unresolved")
repair = titled(w.service.missing() | (w.service == REPAIR_SERVICE), "it is a repair", "属维修类工单")

OPEN_ORDERS = (Beside(Text("orders open at the end of the period", "期末未完成工单"), still_open(w)),)
"""Shown beside mean times, which know nothing of what is not done yet."""

visits = titled(first_present(w.visits, how_many(Visit, lambda v: (
    (v.order == w.external_id) & counts(v) & (v.result.missing() | (v.result != "customer_absent"))))),
    "the number of visits with the customer present", "客户在场的上门次数")
"""As the order says, else as the visits themselves do."""


def visit_ended(*results: str) -> Expr:
    """True where a visit of the order had one of the results."""
    return exists(Visit, lambda v: (v.order == w.external_id) & counts(v) & v.result.one_of(*results))

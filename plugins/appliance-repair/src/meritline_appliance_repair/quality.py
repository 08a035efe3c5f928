"""Whether what was repaired stays repaired, and whether the fault was understood."""

from typing import Any

from meritline_after_sales_common.conventions import REOPEN_WINDOW, not_reopened, resolved
from meritline_after_sales_common.records import EXCLUDED, WorkOrder, counts
from meritline_appliance_repair.orders import closed, ended, repair, visit_ended, visits, w
from meritline_appliance_repair.records import Diagnosis, PartsTransaction
from meritline_sdk import (
    HIGHER,
    LOWER,
    PERCENT,
    Count,
    Expr,
    Indicator,
    Parameter,
    Ratio,
    Text,
    Total,
    days,
    exists,
    titled,
)  # fmt: skip

REPEAT_DAYS = Parameter("repeat_days", days(30), title=Text("time within which a product comes back", "二次故障判定期"))
INCLUDE_REMOTE = Parameter("include_remote", False, title=Text("solved without a visit counts too", "含远程解决"))
PART_WAIT_OUT = Parameter("part_wait_out", False, title=Text("waiting for a part is left out", "剔除等待配件的工单"))


def came_back(within: Expr) -> Expr:
    """True where the same product of the same customer came back in time with the same fault, or by what follows it.

    What the customer caused anew is no repeat; a consequence is an order that names this one.
    """
    def anew(o: Any) -> Expr:
        timely: Expr = (o.created_at > w.resolved_at) & (o.created_at <= w.resolved_at + within)
        by_us: Expr = o.customer_caused.missing() | ~o.customer_caused
        return counts(o) & timely & by_us

    same = exists(w, lambda o: (o.product == w.product) & (o.customer == w.customer)
                  & (o.fault_code == w.fault_code) & anew(o))
    consequence = exists(w, lambda o: (o.reopen_of == w.external_id) & anew(o))
    return titled(same | consequence, "the product came back in time with the same fault or what follows it",
                  "同一产品在判定期内因相同或衍生故障再次报修")


REPEAT_FAULT = Indicator(
    "repeat_fault_rate", Text("Second-failure rate", "二次故障率"),
    Ratio(Count(w, where=resolved(w) & repair & came_back(REPEAT_DAYS)), Count(w, where=resolved(w) & repair)),
    PERCENT, LOWER, settles_after=REPEAT_DAYS,
    note=Text("Counts for the engineer of the first repair", "归属首次维修的工程师"),
)  # fmt: skip

one_handling = (w.transfers.missing() | (w.transfers == 0)) & (w.escalated.missing() | ~w.escalated)
not_waiting = ~PART_WAIT_OUT | ~visit_ended("part_needed")
at_one_visit = (visits == 1) & ~visit_ended("not_fixed", "part_needed") & not_waiting
visited = titled((visits >= 1) & not_waiting,
                 "it had a visit (and did not wait for a part, if the company leaves that out)",
                 "有上门(如企业选择,剔除等待配件的工单)")
remote = titled(INCLUDE_REMOTE & (w.outcome == "resolved") & (visits == 0),
                "it was solved without a visit, if the company counts that", "未上门即解决(如企业选择计入)")
at_once = titled(at_one_visit | (INCLUDE_REMOTE & (visits == 0) & one_handling),
                 "the first visit, or the first handling from afar, solved it", "首次上门(或首次远程处理)即解决")


def by_first_engineer(where: Expr) -> Total:
    """Orders, for the engineer of the first visit, or where that is not said for the order's engineer."""
    return Total(Count(w, where=where & w.first_engineer.present(), credit=w.first_engineer, at=ended),
                 Count(w, where=where & w.first_engineer.missing(), credit=w.engineer, at=ended))


FIRST_TIME_FIX = Indicator(
    "first_time_fix_rate", Text("First-time fix rate", "一次修复率"),
    Ratio(by_first_engineer(resolved(w) & at_once & not_reopened(w)),
          by_first_engineer(counts(w) & (visited | remote))),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
    note=Text("One visit with the customer present, and not reopened. Counts for the engineer of the first visit",
              "客户在场的上门仅一次且未重开。归属首次上门的工程师"),
)  # fmt: skip

FAULT_RESOLUTION = Indicator(
    "fault_resolution_rate", Text("Fault resolution rate", "故障解决率"),
    Ratio(Count(w, where=resolved(w) & not_reopened(w), at=ended), Count(w, where=closed, at=ended)),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
)  # fmt: skip

not_replaced = titled(w.remedy.missing() | ~w.remedy.one_of("replacement", "refund"),
                      "it was not replaced or refunded instead", "未以换货或退款代替维修")
repaired = resolved(w) & not_reopened(w) & not_replaced

REPAIR_SUCCESS = Indicator(
    "repair_success_rate", Text("Repair success rate", "维修成功率"),
    Ratio(Count(w, where=repaired & repair, at=ended), Count(w, where=closed & repair, at=ended)),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
    note=Text("A replacement or a refund is no repair", "换货或退款不算修复"),
)  # fmt: skip

had_fault = titled(w.remedy.missing() | (w.remedy != "no_fault"), "a fault was found", "确有故障")
needed_repair = resolved(w) & repair & had_fault
right_parts = titled(~exists(PartsTransaction, lambda p: (
    (p.order == w.external_id) & p.kind.one_of("use", "replacement") & p.wrong_part)),
    "no wrong part was fitted", "未换错配件")

stayed = titled(~came_back(REOPEN_WINDOW), "the product did not come back with the same fault within the reopen window",
                "同一产品在重开判定时间内未因同一故障再次报修")

REPAIR_ACCURACY = Indicator(
    "repair_accuracy_rate", Text("Repair accuracy", "维修准确性"),
    Ratio(Count(w, where=needed_repair & stayed & right_parts), Count(w, where=needed_repair)),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
)  # fmt: skip

d = Diagnosis
order_counts = titled(~exists(WorkOrder, lambda o: (o.external_id == d.order) & o.status.one_of(*EXCLUDED)),
                      "its order is neither cancelled, duplicate, spam nor test", "其工单非取消、重复、垃圾或测试")
diagnosed = d.first_code.present() & d.final_code.present() & order_counts

DIAGNOSIS_ACCURACY = Indicator(
    "diagnosis_accuracy_rate", Text("Fault diagnosis accuracy", "故障判断准确率"),
    Ratio(Count(d, where=diagnosed & (d.first_code == d.final_code)), Count(d, where=diagnosed)),
    PERCENT, HIGHER,
)  # fmt: skip

QUALITY = (FIRST_TIME_FIX, REPAIR_SUCCESS, FAULT_RESOLUTION, REPEAT_FAULT, REPAIR_ACCURACY, DIAGNOSIS_ACCURACY)

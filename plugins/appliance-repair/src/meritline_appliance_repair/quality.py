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
)  # fmt: skip

REPEAT_DAYS = Parameter("repeat_days", days(30), title=Text("time within which a product comes back", "二次故障判定期"))
INCLUDE_REMOTE = Parameter("include_remote", False, title=Text("solved without a visit counts too", "含远程解决"))
PART_WAIT_OUT = Parameter("part_wait_out", False, title=Text("waiting for a part is left out", "剔除等待配件的工单"))


def came_back(within: Expr) -> Expr:
    """True where the same product of the same customer came back in time with the same fault, or by what follows it.

    What the customer caused anew is no repeat; a consequence is an order that names this one.
    """
    def anew(o: Any) -> Expr:
        timely = (o.created_at > w.resolved_at) & (o.created_at <= w.resolved_at + within)
        return counts(o) & timely & (o.customer_caused.missing() | ~o.customer_caused)

    same = exists(w, lambda o: (o.product == w.product) & (o.customer == w.customer)
                  & (o.fault_code == w.fault_code) & anew(o))
    return same | exists(w, lambda o: (o.reopen_of == w.external_id) & anew(o))


REPEAT_FAULT = Indicator(
    "repeat_fault_rate", Text("Second-failure rate", "二次故障率"),
    Ratio(Count(w, where=resolved(w) & repair & came_back(REPEAT_DAYS)), Count(w, where=resolved(w) & repair)),
    PERCENT, LOWER, settles_after=REPEAT_DAYS,
    note=Text("Counts for the engineer of the first repair", "归属首次维修的工程师"),
)  # fmt: skip

one_handling = (w.transfers.missing() | (w.transfers == 0)) & (w.escalated.missing() | ~w.escalated)
not_waiting = ~PART_WAIT_OUT | ~visit_ended("part_needed")
visited = counts(w) & (visits >= 1) & not_waiting
fixed_at_once = visited & resolved(w) & (visits == 1) & not_reopened(w) & ~visit_ended("not_fixed", "part_needed")
remote = INCLUDE_REMOTE & resolved(w) & (visits == 0)
remote_at_once = remote & one_handling & not_reopened(w)


def by_first_engineer(where: Expr) -> Total:
    """Orders, for the engineer of the first visit, or where that is not said for the order's engineer."""
    return Total(Count(w, where=where & w.first_engineer.present(), credit=w.first_engineer, at=ended),
                 Count(w, where=where & w.first_engineer.missing(), credit=w.engineer, at=ended))


FIRST_TIME_FIX = Indicator(
    "first_time_fix_rate", Text("First-time fix rate", "一次修复率"),
    Ratio(by_first_engineer(fixed_at_once | remote_at_once), by_first_engineer(visited | remote)),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
    note=Text("One visit with the customer present, and not reopened. Counts for the engineer of the first visit",
              "客户在场的上门仅一次且未重开。归属首次上门的工程师"),
)  # fmt: skip

FAULT_RESOLUTION = Indicator(
    "fault_resolution_rate", Text("Fault resolution rate", "故障解决率"),
    Ratio(Count(w, where=resolved(w) & not_reopened(w), at=ended), Count(w, where=closed, at=ended)),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
)  # fmt: skip

repaired = resolved(w) & not_reopened(w) & (w.remedy.missing() | ~w.remedy.one_of("replacement", "refund"))

REPAIR_SUCCESS = Indicator(
    "repair_success_rate", Text("Repair success rate", "维修成功率"),
    Ratio(Count(w, where=repaired & repair, at=ended), Count(w, where=closed & repair, at=ended)),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
    note=Text("A replacement or a refund is no repair", "换货或退款不算修复"),
)  # fmt: skip

needed_repair = resolved(w) & repair & (w.remedy.missing() | (w.remedy != "no_fault"))
wrong_part = exists(PartsTransaction, lambda p: (
    (p.order == w.external_id) & p.kind.one_of("use", "replacement") & p.wrong_part))

REPAIR_ACCURACY = Indicator(
    "repair_accuracy_rate", Text("Repair accuracy", "维修准确性"),
    Ratio(Count(w, where=needed_repair & ~came_back(REOPEN_WINDOW) & ~wrong_part), Count(w, where=needed_repair)),
    PERCENT, HIGHER, settles_after=REOPEN_WINDOW,
)  # fmt: skip

d = Diagnosis
left_out = exists(WorkOrder, lambda o: (o.external_id == d.order) & o.status.one_of(*EXCLUDED))
diagnosed = d.first_code.present() & d.final_code.present() & ~left_out

DIAGNOSIS_ACCURACY = Indicator(
    "diagnosis_accuracy_rate", Text("Fault diagnosis accuracy", "故障判断准确率"),
    Ratio(Count(d, where=diagnosed & (d.first_code == d.final_code)), Count(d, where=diagnosed)),
    PERCENT, HIGHER,
)  # fmt: skip

QUALITY = (FIRST_TIME_FIX, REPAIR_SUCCESS, FAULT_RESOLUTION, REPEAT_FAULT, REPAIR_ACCURACY, DIAGNOSIS_ACCURACY)

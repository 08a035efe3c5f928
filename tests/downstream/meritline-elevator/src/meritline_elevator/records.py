"""The facts from outside: call-outs, routine maintenance, and what we add to the shared work order."""

from meritline_after_sales_common.records import WorkOrder
from meritline_sdk import Attribution, Code, Day, Flag, Instant, Int, Person, RecordType, Text


class Callout(RecordType, key="elevator_callout", title=Text("Call-out", "急修单")):
    """An elevator stands still and somebody is sent to it."""

    dispatcher = Person(title=Text("dispatcher", "调度员"))
    mechanic = Person(optional=True, title=Text("mechanic", "维保工"))  # missing until somebody is sent
    elevator = Code(title=Text("elevator", "电梯编号"))
    reported_at = Instant(title=Text("report", "报修时间"))
    arrived_at = Instant(optional=True, title=Text("arrival", "到场时间"))
    closed_at = Instant(optional=True, title=Text("closure", "关单时间"))
    visits = Int(optional=True, minimum=0, maximum=50, title=Text("visits", "上门次数"))
    trapped = Flag(title=Text("a person is trapped", "有人被困"))
    defaults = Attribution(credit=mechanic, at=closed_at)


class Routine(RecordType, key="elevator_routine", title=Text("Routine maintenance", "例行保养单")):
    """One elevator's turn in the plan of maintenance."""

    mechanic = Person(title=Text("mechanic", "维保工"))
    elevator = Code(title=Text("elevator", "电梯编号"))
    due = Day(title=Text("due day", "应保养日期"))
    done = Day(optional=True, title=Text("day of the work", "实际保养日期"))
    defaults = Attribution(credit=mechanic, at=due)


class ElevatorOrder(RecordType, extends=WorkOrder, by="elevator"):
    """What an elevator firm knows of a work order beyond what everybody knows."""

    safety_checked = Flag(optional=True, title=Text("safety circuit checked", "已检查安全回路"))

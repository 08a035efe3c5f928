"""Record types that only a repair firm has."""

from meritline_sdk import Attribution, Choice, Code, Flag, Instant, Int, Number, Person, RecordType, Text


class Visit(RecordType, key="visit", title=Text("Visit", "上门服务")):
    """One visit to a customer."""

    order = Code(optional=True, title=Text("Work order", "工单号"))
    sequence = Int(optional=True, minimum=1, maximum=100, title=Text("Number of the visit", "第几次上门"))
    engineer = Person(title=Text("Engineer", "工程师"))
    appointment_at = Instant(title=Text("Agreed with the customer", "预约时间"))
    arrived_at = Instant(optional=True, title=Text("Arrived", "到达时间"))
    left_at = Instant(optional=True, title=Text("Left", "离开时间"))
    result = Choice(
        optional=True, options=("fixed", "not_fixed", "part_needed", "customer_absent"), title=Text("Result", "结果")
    )

    defaults = Attribution(credit=engineer, at=appointment_at)


class Diagnosis(RecordType, key="diagnosis", title=Text("Diagnosis", "故障判断")):
    """What was thought to be broken, and what was."""

    order = Code(optional=True, title=Text("Work order", "工单号"))
    engineer = Person(title=Text("Engineer of the first diagnosis", "首诊工程师"))
    first_code = Code(optional=True, title=Text("First diagnosis", "首次判断"))
    final_code = Code(optional=True, title=Text("Final cause", "最终原因"))
    closed_at = Instant(title=Text("Order closed", "工单关闭时间"))

    defaults = Attribution(credit=engineer, at=closed_at)


class PartsTransaction(RecordType, key="parts_transaction", title=Text("Parts transaction", "配件出入库")):
    """A movement of spare parts."""

    kind = Choice(
        options=("opening_stock", "requisition", "use", "replacement", "return", "stock_count"),
        title=Text("Kind", "类型"),
    )
    engineer = Person(title=Text("Engineer", "工程师"))
    part = Code(optional=True, title=Text("Part", "配件"))
    quantity = Number(places=3, minimum=0, title=Text("Quantity", "数量"))
    compliant = Flag(optional=True, title=Text("Compliant", "合规"))
    at = Instant(title=Text("Time", "时间"))

    defaults = Attribution(credit=engineer, at=at)


RECORDS = (Visit, Diagnosis, PartsTransaction)

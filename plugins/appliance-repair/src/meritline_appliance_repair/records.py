"""Record types that only a repair firm has."""

from meritline_sdk import Attribution, Choice, Code, Day, Flag, Instant, Int, Number, Person, RecordType, Text


class Visit(RecordType, key="visit", title=Text("Visit", "上门服务")):
    """One visit to a customer. For a time slot the agreed time is its beginning, and the slot's end is the promise.

    A visit that the customer put off names the new time, and when that was agreed.
    """

    status = Code(optional=True, title=Text("Status", "状态"))
    order = Code(optional=True, title=Text("Work order", "工单号"))
    sequence = Int(optional=True, minimum=1, maximum=100, title=Text("Number of the visit", "第几次上门"))
    engineer = Person(title=Text("Engineer", "工程师"))
    appointment_at = Instant(title=Text("Agreed with the customer", "预约时间"))
    slot_end_at = Instant(optional=True, title=Text("End of the agreed time slot", "预约时段结束"))
    rescheduled_at = Instant(optional=True, title=Text("Put off by the customer at", "客户改约的时刻"))
    rescheduled_to = Instant(optional=True, title=Text("Put off to", "改约后的时间"))
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
    decided_at = Instant(optional=True, title=Text("Diagnosed", "判断时间"))
    closed_at = Instant(title=Text("Order closed", "工单关闭时间"))

    defaults = Attribution(credit=engineer, at=closed_at)


class PartsTransaction(RecordType, key="parts_transaction", title=Text("Parts transaction", "配件出入库")):
    """A movement of spare parts, or what was counted in an engineer's stock."""

    kind = Choice(
        options=("opening_stock", "requisition", "use", "replacement", "return", "stock_count"),
        title=Text("Kind", "类型"),
    )
    engineer = Person(title=Text("Engineer", "工程师"))
    order = Code(optional=True, title=Text("Work order", "工单号"))
    part = Code(optional=True, title=Text("Part", "配件"))
    quantity = Number(places=3, minimum=0, title=Text("Quantity", "数量"))
    approved = Flag(optional=True, title=Text("Requisition approved", "申领已批准"))
    matches_order = Flag(optional=True, title=Text("Matches an order", "与工单相符"))
    old_part_returned = Flag(optional=True, title=Text("Old part returned", "旧件已交回"))
    wrong_part = Flag(optional=True, title=Text("Wrong part fitted", "换错配件"))
    compliant = Flag(optional=True, title=Text("Compliant, as judged", "合规(已判定)"))
    at = Instant(title=Text("Time", "时间"))

    defaults = Attribution(credit=engineer, at=at)


class ConsumableUse(RecordType, key="consumable_use", title=Text("Consumables used", "耗材使用")):
    """What one order took of one consumable."""

    order = Code(title=Text("Work order", "工单号"))
    engineer = Person(title=Text("Engineer", "工程师"))
    item = Code(optional=True, title=Text("Consumable", "耗材"))
    standard_quantity = Number(places=3, minimum=0, title=Text("Standard quantity", "标准用量"))
    used_quantity = Number(places=3, minimum=0, title=Text("Used, waste included", "实际用量(含浪费)"))
    wasted_quantity = Number(optional=True, places=3, minimum=0, title=Text("Wasted", "浪费量"))
    unit_cost = Number(places=4, minimum=0, title=Text("Cost of one", "单价"))
    used_at = Instant(title=Text("Used", "使用时间"))

    defaults = Attribution(credit=engineer, at=used_at)


class TechDocument(RecordType, key="tech_document", title=Text("Technical document", "技术文档")):
    """A document that is due; it exists as a record also while it is missing."""

    order = Code(optional=True, title=Text("Work order", "工单号"))
    engineer = Person(title=Text("Author", "编写人"))
    kind = Choice(options=("service_record", "fault_analysis"), title=Text("Kind", "文档类型"))
    required_fields = Int(minimum=0, maximum=1000, title=Text("Required fields", "应填项数"))
    filled_fields = Int(optional=True, minimum=0, maximum=1000, title=Text("Filled fields", "已填项数"))
    conforms = Flag(optional=True, title=Text("In the prescribed form", "格式符合规定"))
    due_at = Instant(title=Text("Due", "应交时间"))
    submitted_at = Instant(optional=True, title=Text("Handed in", "提交时间"))

    defaults = Attribution(credit=engineer, at=due_at)


class FeedbackForm(RecordType, key="feedback_form", title=Text("Service feedback form", "服务反馈表")):
    """The form that the customer signs after a service."""

    order = Code(title=Text("Work order", "工单号"))
    engineer = Person(optional=True, title=Text("Engineer", "工程师"))
    complete = Flag(title=Text("Complete", "填写完整"))
    true_on_check = Flag(optional=True, title=Text("True when checked", "抽查属实"))
    user_signed = Flag(title=Text("Signed by the user", "用户签字"))
    production_head_filled = Flag(title=Text("Filled in by the customer's production head", "生产负责人填写"))
    stamped = Flag(title=Text("Stamped", "盖章"))
    submitted_at = Instant(title=Text("Handed in", "提交时间"))

    defaults = Attribution(credit=engineer, at=submitted_at)


class QualityReport(RecordType, key="quality_report", title=Text("Quality information report", "质量信息呈报表")):
    """What an engineer reports to the direct superior about a fault."""

    order = Code(title=Text("Work order", "工单号"))
    engineer = Person(optional=True, title=Text("Engineer", "工程师"))
    cause = Choice(
        optional=True, options=("design", "manufacture", "bought_in_part", "other"), title=Text("Cause", "原因类别")
    )
    due_at = Instant(optional=True, title=Text("Due", "呈报期限"))
    submitted_at = Instant(title=Text("Handed in", "呈报时间"))
    accepted = Flag(optional=True, title=Text("Accepted by the direct superior", "直接上级认可"))

    defaults = Attribution(credit=engineer, at=submitted_at)


class KeyVisit(RecordType, key="key_visit", title=Text("Planned key-account visit", "大客户走访")):
    """A visit to a key account that was planned for a day."""

    customer = Code(optional=True, title=Text("Customer", "客户"))
    engineer = Person(title=Text("Employee", "走访人"))
    key_account = Flag(optional=True, title=Text("Key account, where the customer file does not say", "是否大客户"))
    planned_on = Day(title=Text("Planned", "计划日期"))
    done_on = Day(optional=True, title=Text("Done", "走访日期"))
    satisfaction = Number(optional=True, places=2, minimum=0, maximum=100, title=Text("Satisfaction", "满意度"))
    open_problems = Int(optional=True, minimum=0, maximum=1000, title=Text("Open problems", "未解决问题数"))

    defaults = Attribution(credit=engineer, at=planned_on)


class SkillCertificate(RecordType, key="skill_certificate", title=Text("Skill certificate", "技能等级认证")):
    """A level of skill that someone has for some time."""

    employee = Person(title=Text("Employee", "员工"))
    level_no = Int(minimum=0, maximum=100, title=Text("Level", "等级"))
    level_max = Int(optional=True, minimum=1, maximum=100, title=Text("Levels there are", "等级总数"))
    valid_from = Day(title=Text("Valid from", "生效日期"))
    valid_to = Day(optional=True, title=Text("Valid to", "失效日期"))

    defaults = Attribution(credit=employee, at=valid_from)


RECORDS = (
    Visit, Diagnosis, PartsTransaction, ConsumableUse, TechDocument, FeedbackForm, QualityReport, KeyVisit,
    SkillCertificate,
)  # fmt: skip

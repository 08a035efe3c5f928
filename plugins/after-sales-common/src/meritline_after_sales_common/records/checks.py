"""Checks of the work: inspections with their items, quality issues, customer files, and the figures of the books."""

from meritline_sdk import Attribution, Choice, Code, Day, Flag, Instant, Number, Person, RecordType, Team, Text

METHODS = ("spot_check", "mystery_customer", "record_check", "customer_feedback")


class Inspection(RecordType, key="inspection", title=Text("Inspection", "抽查记录/神秘顾客")):
    """One check of one person; what was looked at stands in its items."""

    employee = Person(optional=True, title=Text("Employee inspected", "被检查员工"))
    inspector = Person(optional=True, title=Text("Inspector", "检查人"))
    method = Choice(options=METHODS, title=Text("Method", "检查方式"))
    case = Code(optional=True, title=Text("Case", "案件编号"))
    checked_on = Day(title=Text("Day", "检查日期"))
    passed = Flag(optional=True, title=Text("Passed as a whole", "整体通过"))

    defaults = Attribution(credit=employee, at=checked_on)


class InspectionItem(RecordType, key="inspection_item", title=Text("Item of an inspection", "检查项目")):
    """One thing that an inspection looked at."""

    inspection = Code(title=Text("Inspection", "检查编号"))
    employee = Person(optional=True, title=Text("Employee inspected", "被检查员工"))
    method = Choice(optional=True, options=METHODS, title=Text("Method", "检查方式"))
    checked_on = Day(title=Text("Day", "检查日期"))
    item = Code(title=Text("Item", "检查项"))
    result = Choice(options=("passed", "failed", "not_applicable"), title=Text("Result", "结果"))

    defaults = Attribution(credit=employee, at=checked_on)


class QualityIssue(RecordType, key="quality_issue", title=Text("Quality issue", "重要质量问题")):
    """A fault of the product that was found and has to be reported by a day."""

    employee = Person(optional=True, title=Text("Person responsible", "责任人"))
    found_at = Instant(title=Text("Found", "发现时间"))
    report_due_on = Day(title=Text("Report due", "上报期限"))
    reported_at = Instant(optional=True, title=Text("Reported", "上报时间"))
    important = Flag(title=Text("Important", "重要"))

    defaults = Attribution(credit=employee, at=found_at)


class FileTask(RecordType, key="file_task", title=Text("Customer file task", "客户售后服务档案")):
    """A duty to collate records, or to supply a department with information about customers."""

    employee = Person(optional=True, title=Text("Employee", "员工"))
    kind = Choice(options=("collate", "supply_info"), title=Text("Kind", "任务类型"))
    department = Team(optional=True, title=Text("Department supplied", "接收部门"))
    due_on = Day(title=Text("Due", "应交日期"))
    delivered_on = Day(optional=True, title=Text("Delivered", "交付日期"))

    defaults = Attribution(credit=employee, at=due_on)


class FinancePeriod(RecordType, key="finance_period", title=Text("Figures of the books", "财务会计报告")):
    """Cost and revenue as booked, of a department or region, or of the whole company where no scope is named."""

    scope = Team(optional=True, title=Text("Department or region", "部门或区域"))
    period = Code(optional=True, title=Text("Accounting period", "会计期间"))
    booked_on = Day(title=Text("Accounting day", "记账日期"))
    after_sales_cost = Number(places=4, title=Text("After-sales cost", "售后服务费用"))
    sales_revenue = Number(places=4, title=Text("Sales revenue", "销售收入"))

    defaults = Attribution(credit=scope, at=booked_on)

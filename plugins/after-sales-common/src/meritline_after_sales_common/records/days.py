"""Days and duties of employees: attendance, discipline, hours, tasks. Decides their fields."""

from meritline_sdk import Attribution, Choice, Code, Day, Flag, Instant, Int, Number, Person, RecordType, Text


class AttendanceDay(RecordType, key="attendance_day", title=Text("Attendance day", "考勤日")):
    """One employee on one scheduled day."""

    employee = Person(title=Text("Employee", "员工"))
    day = Day(title=Text("Day", "日期"))
    scheduled = Flag(title=Text("Scheduled", "排班"))
    status = Choice(
        options=("present", "late", "early", "leave", "absent_without_leave"), title=Text("Attendance", "考勤状态")
    )
    missing_punch = Flag(optional=True, title=Text("Missing punch", "缺卡"))
    statutory_leave = Flag(optional=True, title=Text("Leave by law", "法定假"))

    defaults = Attribution(credit=employee, at=day)


class DisciplineEvent(RecordType, key="discipline_event", title=Text("Discipline event", "违纪记录")):
    """Something a manager or HR recorded; it counts once verified."""

    employee = Person(title=Text("Employee", "员工"))
    occurred_at = Instant(title=Text("Occurred", "发生时间"))
    kind = Choice(
        options=("attendance", "labour_discipline", "other_rule", "improper_language", "off_task_browsing"),
        title=Text("Kind", "违纪类型"),
    )
    verified = Flag(title=Text("Verified", "查实"))
    verified_by = Person(optional=True, title=Text("Verified by", "查实人"))
    contact = Code(optional=True, title=Text("Call or chat it happened in", "发生的通话或会话编号"))
    detail = Code(optional=True, title=Text("Detail", "说明"))

    defaults = Attribution(credit=employee, at=occurred_at)


class Timesheet(RecordType, key="timesheet", title=Text("Timesheet", "工时")):
    """Minutes of one employee on one day."""

    employee = Person(title=Text("Employee", "员工"))
    day = Day(title=Text("Day", "日期"))
    available_minutes = Int(minimum=0, maximum=1440, title=Text("Available minutes", "可用工时(分钟)"))
    working_minutes = Int(minimum=0, maximum=1440, title=Text("Working minutes", "工作工时(分钟)"))

    defaults = Attribution(credit=employee, at=day)


class Task(RecordType, key="task", title=Text("Task", "任务")):
    """A task with its quantity; after a transfer it is the receiver's."""

    employee = Person(optional=True, title=Text("Employee", "员工"))
    status = Choice(optional=True, options=("open", "completed", "cancelled"), title=Text("Status", "状态"))
    assigned_at = Instant(title=Text("Assigned", "下达时间"))
    due_at = Instant(optional=True, title=Text("Due", "截止时间"))
    quantity_assigned = Number(places=3, minimum=0, title=Text("Quantity assigned", "任务量"))
    quantity_completed = Number(optional=True, places=3, minimum=0, title=Text("Quantity completed", "完成量"))
    completed_at = Instant(optional=True, title=Text("Completed", "完成时间"))

    defaults = Attribution(credit=employee, at=assigned_at)

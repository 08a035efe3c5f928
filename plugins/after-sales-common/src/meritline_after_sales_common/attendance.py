"""Attendance and discipline. Source: catalogue, section D, common set; days that break full attendance are ours."""

from meritline_after_sales_common.records import AttendanceDay, DisciplineEvent
from meritline_sdk import (
    COUNT,
    HIGHER,
    LOWER,
    YES_NO,
    Complete,
    Count,
    EmployedDays,
    Indicator,
    Parameter,
    PeriodDays,
    Text,
    titled,
)

LEAVE_BREAKS = Parameter(
    "statutory_leave_breaks", True, title=Text("leave by law breaks full attendance", "法定假是否影响全勤")
)

d = AttendanceDay
present = (d.status == "present") & (d.missing_punch.missing() | ~d.missing_punch)
excused = ~LEAVE_BREAKS & (d.status == "leave") & d.statutory_leave.present() & d.statutory_leave
whole = titled(present | excused, "the employee was present without a missing punch (or excused by law, as the company "
               "chooses)", "出勤且无缺卡(或按企业选择,法定假不影响)")
broken = titled(~(present | excused), "the employee was late, left early, was on leave or absent, or missed a punch",
                "迟到、早退、请假、旷工或缺卡")

ABSENCES = Indicator(
    "absenteeism_count", Text("Absences without leave", "旷工次数"),
    Count(d, where=d.scheduled & (d.status == "absent_without_leave")),
    COUNT, LOWER,
    note=Text("One day is one time", "一日计一次"),
)  # fmt: skip

FULL_ATTENDANCE = Indicator(
    "full_attendance", Text("Full attendance (yes/no)", "全勤"),
    Complete((Count(d, where=d.scheduled & whole), Count(d, where=d.scheduled)),
             (EmployedDays(), PeriodDays())),
    YES_NO, HIGHER,
    note=Text("Late, early, on leave, absent or a missing punch breaks it; so does joining or leaving in the period",
              "迟到、早退、请假、旷工或缺卡均不算全勤;期内入职或离职也不算"),
)  # fmt: skip

ATTENDANCE_BREACHES = Indicator(
    "attendance_breach_count", Text("Days that break full attendance", "非全勤天数"),
    Count(d, where=d.scheduled & broken),
    COUNT, LOWER,
    note=Text("Late, early, on leave, absent, or a missing punch", "迟到、早退、请假、旷工或缺卡"),
)  # fmt: skip

VIOLATIONS = Indicator(
    "discipline_violation_count", Text("Discipline violations", "纪律性"),
    Count(DisciplineEvent, where=DisciplineEvent.verified
          & DisciplineEvent.kind.one_of("attendance", "labour_discipline", "other_rule")),
    COUNT, LOWER,
)  # fmt: skip

ATTENDANCE = (ABSENCES, FULL_ATTENDANCE, ATTENDANCE_BREACHES, VIOLATIONS)

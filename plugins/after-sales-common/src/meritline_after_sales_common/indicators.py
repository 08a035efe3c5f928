"""Indicators that every kind of after-sales service counts alike. Source: catalogue, section D, common set."""

from decimal import Decimal

from meritline_after_sales_common.records import (
    AttendanceDay,
    Complaint,
    DisciplineEvent,
    SurveyResponse,
    Ticket,
    Timesheet,
    counts,
)  # fmt: skip
from meritline_sdk import (
    COUNT,
    HIGHER,
    HOURS,
    LOWER,
    PERCENT,
    SCORE_100,
    Count,
    Indicator,
    Mean,
    Parameter,
    Quotient,
    Ratio,
    Sum,
    Text,
)  # fmt: skip

SATISFIED_FROM = Parameter("satisfied_from", Decimal(80))
PLACES = 6

answered = SurveyResponse.valid & SurveyResponse.overall.present()
score_100 = Quotient(SurveyResponse.overall * 100, SurveyResponse.scale_max, places=PLACES)

CSAT_SCORE = Indicator(
    "csat_score_transactional", Text("Customer feedback score, per service", "单次服务客户反馈评分"),
    Mean(score_100, where=answered & (SurveyResponse.kind == "transactional")),
    SCORE_100, HIGHER,
)  # fmt: skip

CSAT_RATE = Indicator(
    "csat_rate", Text("Share of satisfied answers", "客户满意率"),
    Ratio(
        Count(SurveyResponse, where=answered
              & (SurveyResponse.overall * 100 >= SATISFIED_FROM * SurveyResponse.scale_max)),
        Count(SurveyResponse, where=answered),
    ),
    PERCENT, HIGHER,
)  # fmt: skip

COMPLAINT_COUNT = Indicator(
    "complaint_count", Text("Complaints caused by improper service", "服务不当引起的投诉"),
    Count(Complaint, where=Complaint.improper_service & Complaint.verified & (Complaint.status != "withdrawn")),
    COUNT, LOWER,
)  # fmt: skip

QUALITY_COMPLAINT_RATE = Indicator(
    "quality_complaint_effective_rate", Text("Quality complaints handled effectively", "质量投诉有效处理率"),
    Ratio(
        Count(Complaint, where=(Complaint.category == "product_quality") & (Complaint.status != "withdrawn")
              & Complaint.effective),
        Count(Complaint, where=(Complaint.category == "product_quality") & (Complaint.status != "withdrawn")),
    ),
    PERCENT, HIGHER,
)  # fmt: skip

AVG_RESOLUTION = Indicator(
    "avg_resolution_time", Text("Mean time to resolution", "平均解决时长"),
    Mean(Ticket.resolved_at - Ticket.created_at, where=counts(Ticket) & (Ticket.outcome == "resolved"),
         at=Ticket.resolved_at),
    HOURS, LOWER,
)  # fmt: skip

AVG_FIRST_RESPONSE = Indicator(
    "avg_first_response_time", Text("Mean time to the first response", "平均首次响应时长"),
    Mean(Ticket.first_response_at - Ticket.created_at, where=counts(Ticket), credit=Ticket.first_agent,
         at=Ticket.first_response_at),
    HOURS, LOWER,
)  # fmt: skip

not_reopened = Ticket.reopenings.missing() | (Ticket.reopenings == 0)

RESOLVED_COUNT = Indicator(
    "resolved_count", Text("Problems solved", "解决问题数量"),
    Count(Ticket, where=counts(Ticket) & (Ticket.outcome == "resolved") & not_reopened, at=Ticket.resolved_at),
    COUNT, HIGHER,
)  # fmt: skip

RESOLUTION_SUCCESS = Indicator(
    "resolution_success_rate", Text("Problems solved for good", "问题解决成功率"),
    Ratio(
        Count(Ticket, where=counts(Ticket) & (Ticket.outcome == "resolved") & not_reopened),
        Count(Ticket, where=counts(Ticket) & Ticket.outcome.one_of("resolved", "unresolved")),
    ),
    PERCENT, HIGHER,
)  # fmt: skip

UTILISATION = Indicator(
    "hours_utilization_rate", Text("Working-hours utilisation", "工时利用率"),
    Ratio(Sum(Timesheet.working_minutes), Sum(Timesheet.available_minutes)),
    PERCENT, HIGHER,
)  # fmt: skip

ABSENCES = Indicator(
    "absenteeism_count", Text("Absences without leave", "旷工次数"),
    Count(AttendanceDay, where=AttendanceDay.scheduled & (AttendanceDay.status == "absent_without_leave")),
    COUNT, LOWER,
)  # fmt: skip

ATTENDANCE_BREACHES = Indicator(
    "attendance_breach_count", Text("Days that break full attendance", "非全勤天数"),
    Count(AttendanceDay, where=AttendanceDay.scheduled & (
        (AttendanceDay.status != "present") | (AttendanceDay.missing_punch.present() & AttendanceDay.missing_punch))),
    COUNT, LOWER,
    note=Text("Late, early, on leave, absent, or a missing punch", "迟到、早退、请假、旷工或缺卡"),
)  # fmt: skip

VIOLATIONS = Indicator(
    "discipline_violation_count", Text("Discipline violations", "违纪次数"),
    Count(DisciplineEvent, where=DisciplineEvent.verified
          & DisciplineEvent.kind.one_of("attendance", "labour_discipline", "other_rule")),
    COUNT, LOWER,
)  # fmt: skip

INDICATORS = (
    CSAT_SCORE, CSAT_RATE, COMPLAINT_COUNT, QUALITY_COMPLAINT_RATE, AVG_RESOLUTION, AVG_FIRST_RESPONSE,
    RESOLVED_COUNT, RESOLUTION_SUCCESS, UTILISATION, ABSENCES, ATTENDANCE_BREACHES, VIOLATIONS,
)  # fmt: skip

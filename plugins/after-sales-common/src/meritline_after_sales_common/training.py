"""Training and tests. Source: catalogue, section D, common set."""

from meritline_after_sales_common.conventions import PLACES
from meritline_after_sales_common.records import AttendanceDay, KnowledgeTest, TrainingAttendance
from meritline_sdk import (
    COUNT,
    HIGHER,
    HOURS,
    PERCENT,
    SCORE_100,
    Count,
    Distinct,
    Expr,
    If,
    Indicator,
    Mean,
    Parameter,
    Quotient,
    Ratio,
    Sum,
    Text,
    exists,
    first_present,
    in_period,
    local_day,
    only_best,
    only_first,
    titled,
)  # fmt: skip

ATTEMPT = Parameter(
    "attempt", "best", options=("best", "first"), title=Text("attempt that counts", "计入哪次考试"),
)  # fmt: skip

t, k = TrainingAttendance, KnowledgeTest
ours = t.organised_by_company & t.attended


def on_leave(person: Expr, moment: Expr) -> Expr:
    """True where attendance says that the person was on leave that day."""
    return exists(AttendanceDay, lambda day: (day.employee == person) & (day.day == local_day(moment))
                  & (day.status == "leave"))


SESSIONS = Indicator(
    "training_sessions_attended", Text("Training sessions attended", "培训次数"),
    Distinct(t, by=[t.course, local_day(t.held_at)], where=ours),
    COUNT, HIGHER,
    note=Text("Each day of a course is a session; what several attended together counts once for the team",
              "同一课程每日为一次;多人同场对团队只计一次"),
)  # fmt: skip

TRAINING_HOURS = Indicator(
    "training_hours", Text("Training hours", "培训时长"), Sum(t.hours, where=ours), HOURS, HIGHER,
)  # fmt: skip

TRAINING_QUALITY = Indicator(
    "training_quality_score", Text("Quality of training participation", "培训质量"),
    Mean(t.quality_score, where=t.attended),
    SCORE_100, HIGHER,
    note=Text("A test after the session or the trainer's mark; sessions without a mark are in neither part",
              "培训后测试或讲师评分;无评分的场次不计"),
)  # fmt: skip

expected = t.required & titled(
    (t.on_approved_leave.missing() | ~t.on_approved_leave) & ~on_leave(t.employee, t.held_at),
    "the employee was not on leave that day", "当日未请假",
)  # fmt: skip

PARTICIPATION = Indicator(
    "training_participation_rate", Text("Participation in required training", "培训参与率"),
    Ratio(Count(t, where=expected & t.attended), Count(t, where=expected)),
    PERCENT, HIGHER,
    note=Text("Approved leave on the day takes the session out; a team's is of persons and sessions",
              "当日请假的场次不计;团队按人次计"),
)  # fmt: skip

COMPLETION = Indicator(
    "training_completion_rate", Text("Training course completion rate", "培训课程完成率"),
    Ratio(Count(t, where=t.required & (t.completed_at <= t.due_at), at=t.due_at),
          Count(t, where=t.required, at=t.due_at)),
    PERCENT, HIGHER,
)  # fmt: skip

sat_or_due = titled(first_present(k.taken_at, k.due_at), "the time it was taken (missed: due)", "考试时间(缺考为期限)")
sat = k.taken_at.present() & k.score.present()
percent_score = titled(If(sat, Quotient(k.score * 100, k.max_score, places=PLACES), 0),
                       "the score of 100 (missed: 0)", "百分制成绩(缺考为0)")
to_be_marked = (sat | (k.required & k.taken_at.missing())) & in_period(sat_or_due)
person_test = [k.employee, k.test]
one_of_a_test = titled(
    If(ATTEMPT == "first", only_first(k, by=person_test, order=sat_or_due, where=to_be_marked),
       only_best(k, by=person_test, order=percent_score, where=to_be_marked)),
    "it is the employee's best attempt of the period at the test (or the first, as the company chooses; a required "
    "test that was missed is one)", "为该员工期内该项测试的最好(或按企业选择为首次)成绩,必考缺考也计",
)  # fmt: skip

TEST_SCORE = Indicator(
    "knowledge_test_score", Text("Knowledge test score", "知识测试成绩"),
    Mean(titled(If(sat, k.score * 100, 0), "the score × 100 (missed: 0)", "成绩 × 100(缺考为0)"), where=one_of_a_test,
         at=sat_or_due, record=k, over=titled(If(sat, k.max_score, 1), "the test's full score", "该测试满分")),
    SCORE_100, HIGHER,
    note=Text("Of each test the best attempt of the period, or the first; a required test that was missed is 0",
              "每项测试取期内最好(或首次)成绩;必考缺考计0分"),
)  # fmt: skip

PASS_RATE = Indicator(
    "knowledge_test_pass_rate", Text("Knowledge test pass rate", "知识测试通过率"),
    Ratio(Distinct(k, by=person_test, where=k.required & (k.score >= k.pass_mark), at=sat_or_due),
          Distinct(k, by=person_test, where=k.required, at=sat_or_due)),
    PERCENT, HIGHER,
    note=Text("Passed in any attempt of the period; a missed test belongs to the period it was due in",
              "期内任一次及格即通过;缺考按期限归期"),
)  # fmt: skip

TRAINING = (SESSIONS, TRAINING_HOURS, TRAINING_QUALITY, PARTICIPATION, COMPLETION, TEST_SCORE, PASS_RATE)

"""What customers answer in surveys, on a scale of 100. Source: catalogue, section D, common set."""

from meritline_after_sales_common.conventions import (
    SATISFIED_FROM,
    answered,
    mean_100,
    score_100,
)  # fmt: skip
from meritline_after_sales_common.records import SurveyResponse
from meritline_sdk import (
    HIGHER,
    PERCENT,
    SCORE_100,
    Count,
    Expr,
    If,
    Indicator,
    Parameter,
    Ratio,
    Text,
    credit_choice,
    first_present,
    only_last,
    titled,
)  # fmt: skip

ANY_KIND = "any"
SURVEY_KIND = Parameter(
    "survey_kind", ANY_KIND, options=(ANY_KIND, "transactional", "periodic", "spot_check"),
    title=Text("kind of survey that counts", "计入的调查类型"),
)  # fmt: skip
SURVEY_CREDIT = Parameter(
    "survey_credit", "person", options=("person", "team"),
    title=Text("whose the answer is: the person rated, or the team where no person is named", "评价归属:个人或团队"),
)  # fmt: skip

s = SurveyResponse
rated = credit_choice(SURVEY_CREDIT, {"person": s.agent, "team": s.team})


def latest_answer(mark: Expr = s.overall) -> Expr:
    """True for the latest valid answer to a service; a second answer to the same case replaces the first."""
    return titled(
        only_last(s, by=[s.case], order=s.responded_at, where=answered(mark) & (s.kind == "transactional")),
        "it is the latest valid answer to the service", "为该次服务最近一次有效评价",
    )  # fmt: skip


CSAT_SCORE = Indicator(
    "csat_score_transactional", Text("Customer feedback score (per service)", "客户反馈评分 / 客户满意度评分(CSAT)"),
    mean_100(s.overall, latest_answer(), credit=rated),
    SCORE_100, HIGHER,
    note=Text("A second answer to the same case replaces the first", "同一案件的第二次评价替代第一次"),
)  # fmt: skip

CSAT_PERIODIC = Indicator(
    "csat_score_periodic", Text("Satisfaction survey score (periodic survey)", "客户满意度调查得分"),
    mean_100(s.overall, titled(
        only_last(s, by=[s.customer, s.round], order=s.responded_at, where=answered() & (s.kind == "periodic")),
        "it is the customer's latest valid answer in its round of the periodic survey",
        "为该客户在该轮定期调查中最近一次有效评价"), credit=rated),
    SCORE_100, HIGHER,
    note=Text("One answer of a customer in each round. Where the survey names nobody it is the team's: survey_credit",
              "每位客户每轮只计一次;调查未指明员工时归团队,见survey_credit"),
)  # fmt: skip

CSAT_SPOT_CHECK = Indicator(
    "csat_score_spot_check", Text("Spot-check satisfaction score", "售后服务客户满意度抽查结果"),
    mean_100(s.overall, answered() & (s.kind == "spot_check"), credit=rated),
    SCORE_100, HIGHER,
    note=Text("Customers who were not reached are in neither part", "未联系到的客户不计入"),
)  # fmt: skip

of_kind = answered() & titled((SURVEY_KIND == ANY_KIND) | (s.kind == SURVEY_KIND),
                              "it is of the kind of survey that the company counts", "属于企业计入的调查类型")
CSAT_RATE = Indicator(
    "csat_rate", Text("Satisfaction rate (share of satisfied answers)", "客户满意度 (百分比)"),
    Ratio(Count(s, where=of_kind & (score_100(s.overall) >= SATISFIED_FROM), credit=rated),
          Count(s, where=of_kind, credit=rated)),
    PERCENT, HIGHER,
    note=Text("satisfied_from is a score of 100: 80 is 4 of 5", "satisfied_from为百分制:80即5分制4分"),
)  # fmt: skip

QUALITY_MARKS = (s.technical, s.solving, s.communication)


def given(mark: Expr) -> Expr:
    """1 where the answer has the mark."""
    return If(mark.present(), 1, 0)


def total(parts: list[Expr]) -> Expr:
    """The sum of the parts."""
    first, *others = parts
    for part in others:
        first = first + part
    return first


any_mark = QUALITY_MARKS[0].present() | QUALITY_MARKS[1].present() | QUALITY_MARKS[2].present()

SERVICE_QUALITY = Indicator(
    "service_quality_score", Text("Service quality score given by customers", "服务质量评分"),
    mean_100(total([first_present(mark, 0) for mark in QUALITY_MARKS]),
             s.valid & titled(any_mark, "one of the three is marked", "三项中至少一项已评"),
             marks=total([given(mark) for mark in QUALITY_MARKS]), credit=rated,
             what=Text("the mean of the marks for technique, solving and communication that are given",
                       "技术、解决、沟通中已评各项的平均")),
    SCORE_100, HIGHER,
    note=Text("Of each answer the mean of technique, solving and communication, of those that are marked",
              "每份评价取技术、解决、沟通三项中已评项的平均"),
)  # fmt: skip

SATISFACTION = (CSAT_SCORE, CSAT_PERIODIC, CSAT_SPOT_CHECK, CSAT_RATE, SERVICE_QUALITY)

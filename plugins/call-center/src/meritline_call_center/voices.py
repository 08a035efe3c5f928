"""What customers and listeners think of a contact, and the words that must not fall."""

from meritline_after_sales_common.conventions import PLACES, score_100
from meritline_after_sales_common.records import (
    AsyncMessage,
    CallRecord,
    ChatSession,
    DisciplineEvent,
    Rating,
    SurveyResponse,
    counts,
)  # fmt: skip
from meritline_sdk import (
    COUNT,
    HIGHER,
    LOWER,
    RATING,
    SCORE_100,
    Count,
    Expr,
    If,
    Indicator,
    Mean,
    Parameter,
    Quotient,
    Text,
    exists,
    first_present,
    greatest_of,
    how_many,
    latest,
    least_of,
    sum_of,
    titled,
)  # fmt: skip

SCALE_TOP = Parameter("rating_scale", 5, title=Text("top of the scale", "满分值"))
QA_INDICATOR = Parameter("qa_indicator", "rt_communication_record",
                         title=Text("indicator that the marks are for", "评分所属指标"))

r = SurveyResponse
last_message = greatest_of(AsyncMessage, lambda o: o.received_at, lambda o: (
    (o.case == r.case) & counts(o) & (o.received_at <= r.responded_at)))
last_call = greatest_of(CallRecord, lambda o: o.offered_at, lambda o: (
    (o.case == r.case) & counts(o) & (o.offered_at <= r.responded_at)))
last_chat = greatest_of(ChatSession, lambda o: o.started_at, lambda o: (
    (o.case == r.case) & counts(o) & (o.started_at <= r.responded_at)))
last_live = latest(last_call, last_chat)
both = last_message.present() & last_live.present()
live = titled(If(both, last_live >= last_message, r.case_channel.one_of("phone", "online")),
              "the case was served (of several channels: last) by phone or online",
              "由电话或在线服务(多渠道的以最后一次为准)")
written = titled(If(both, last_live < last_message, r.case_channel.one_of("sms", "email")),
                 "the case was served (of several channels: last) by SMS or e-mail",
                 "由短信或邮件服务(多渠道的以最后一次为准)")
on_the_scale = titled(If(r.scale_max == SCALE_TOP, r.overall, r.overall * SCALE_TOP),
                      "the overall mark (× the top of the company's scale, where it is of another)",
                      "总体评分(其他分制乘以统一满分)")
own_scale = titled(If(r.scale_max == SCALE_TOP, 1, r.scale_max), "1 (or its own scale)", "1(或其分制)")


def native(where: Expr) -> Mean:
    """The mean mark on the company's scale."""
    return Mean(on_the_scale, where, over=own_scale, record=r)


CSAT_REALTIME = Indicator(
    "csat_rating_realtime", Text("Mean rating of phone and online service", "电话/在线客服的满意度评分"),
    native(r.valid & live),
    RATING, HIGHER,
    note=Text("On one scale, of 5 unless set otherwise; answers on another are converted. A case served on both groups "
              "of channels counts by its last contact",
              "统一分制(默认5分),其他分制折算;两类渠道都服务过的按最后一次联系计"),
)  # fmt: skip

CSAT_ASYNC = Indicator(
    "csat_rating_async", Text("Mean rating of SMS and e-mail service", "短信/邮件服务的满意度评分"),
    native(r.valid & written),
    RATING, HIGHER,
    note=Text("As csat_rating_realtime", "口径同csat_rating_realtime"),
)  # fmt: skip

q = Rating
scored = q.contact.present() & (q.indicator == QA_INDICATOR)
others_marks = sum_of(q, lambda o: score_100(o.value, record=o), lambda o: (
    (o.contact == q.contact) & (o.employee == q.employee) & (o.indicator == q.indicator)))
other_raters = how_many(q, lambda o: (
    (o.contact == q.contact) & (o.employee == q.employee) & (o.indicator == q.indicator)))
first_mark = titled(~exists(q, lambda o: (
    (o.contact == q.contact) & (o.employee == q.employee) & (o.indicator == q.indicator) & o.comes_first())),
    "each call or chat counts once", "每条沟通记录计一次")
mean_mark = titled(Quotient(score_100(q.value, record=q) + others_marks, other_raters + 1, places=PLACES),
                   "the mean of its raters' marks as scores of 100", "各评分人评分(百分制)的均值")
recorded_at = titled(first_present(
    least_of(CallRecord, lambda o: o.offered_at, lambda o: o.external_id == q.contact),
    least_of(ChatSession, lambda o: o.started_at, lambda o: o.external_id == q.contact),
    q.submitted_at), "the time of the call or chat", "沟通发生时间")

COMMUNICATION_QA = Indicator(
    "communication_qa_score", Text("Communication record quality score", "沟通技巧 (沟通记录评分)"),
    Mean(mean_mark, where=scored & first_mark, at=recorded_at, record=q),
    SCORE_100, HIGHER,
    note=Text("Each call or chat counts once, with the mean of its raters, in the period of the contact itself. A "
              "least number of scored records is advised",
              "每条沟通记录计一次,多人评分取均值,按沟通发生时间归期;建议设最少样本量"),
)  # fmt: skip

IMPROPER_LANGUAGE = Indicator(
    "improper_language_count", Text("Coarse or impatient language", "粗俗、不耐烦的语言"),
    Count(DisciplineEvent, where=DisciplineEvent.verified & (DisciplineEvent.kind == "improper_language")),
    COUNT, LOWER,
)  # fmt: skip

VOICES = (CSAT_REALTIME, CSAT_ASYNC, COMMUNICATION_QA, IMPROPER_LANGUAGE)

"""Indicators of a shop's after-sales service. Source: catalogue, section D, plugin ecommerce_cs."""

from meritline_after_sales_common.records import ChatSession, Complaint, DisciplineEvent, counts
from meritline_ecommerce_service.records import AdTopup, Award, PraiseEvent, Review, TypingTest
from meritline_sdk import (
    COUNT,
    HIGHER,
    LOWER,
    PER_MINUTE,
    PERCENT,
    PERCENTAGE_POINT,
    POINTS,
    SECONDS,
    Change,
    Count,
    Indicator,
    Mean,
    Percentile,
    Quotient,
    Ratio,
    Sum,
    Text,
    company_only,
)  # fmt: skip

FIRST_REPLY = Indicator(
    "chat_first_reply_time", Text("Mean time to the first human reply", "平均首次人工回复时长"),
    Mean(ChatSession.first_human_reply_at - ChatSession.first_customer_message_at, where=counts(ChatSession)),
    SECONDS, LOWER,
)  # fmt: skip

CHATS_ANSWERED = Indicator(
    "chats_answered", Text("Chats answered", "接待会话数"),
    Count(ChatSession, where=counts(ChatSession) & ChatSession.first_human_reply_at.present()),
    COUNT, HIGHER,
)  # fmt: skip

TYPING_SPEED = Indicator(
    "typing_speed_cpm", Text("Typing speed, best test", "打字速度(最好成绩)"),
    Percentile(Quotient(TypingTest.correct_characters, TypingTest.minutes, places=4), 100),
    PER_MINUTE, HIGHER,
)  # fmt: skip

not_withdrawn = Complaint.status != "withdrawn"

COMPLAINTS = Indicator(
    "customer_complaint_event_count", Text("Complaints about the agent, not verified ones", "客户投诉客服"),
    Count(Complaint, where=not_withdrawn & Complaint.after_sales_cause
          & (Complaint.verified.missing() | ~Complaint.verified)),
    COUNT, LOWER,
    note=Text("A verified complaint counts under its judged points alone", "查实的投诉只按判定扣分计"),
)  # fmt: skip

VERIFIED_COMPLAINTS = Indicator(
    "verified_complaint_count", Text("Verified complaints caused by after-sales", "由售后产生投诉(查实)"),
    Count(Complaint, where=not_withdrawn & Complaint.verified),
    COUNT, LOWER,
)  # fmt: skip

VERIFIED_POINTS = Indicator(
    "verified_complaint_points", Text("Points judged for verified complaints", "查实投诉判定扣分"),
    Sum(Complaint.points_deducted, where=not_withdrawn & Complaint.verified),
    POINTS, LOWER,
)  # fmt: skip

BROWSING = Indicator(
    "off_task_browsing_count", Text("Browsing unrelated web pages at work", "浏览与工作无关的网页"),
    Count(DisciplineEvent, where=DisciplineEvent.verified & (DisciplineEvent.kind == "off_task_browsing")),
    COUNT, LOWER,
)  # fmt: skip

TOPUP_MISSES = Indicator(
    "ad_recharge_miss_count", Text("Advertising top-up missed", "钻展/直通车未按时充满"),
    Count(AdTopup, where=AdTopup.topped_up_at.missing() | (AdTopup.topped_up_at > AdTopup.due_at)),
    COUNT, LOWER,
)  # fmt: skip

PRAISE = Indicator(
    "praise_call_count", Text("Praise by phone", "客户来电表扬"),
    Count(PraiseEvent, where=PraiseEvent.verified), COUNT, HIGHER,
)  # fmt: skip

NAMED_REVIEWS = Indicator(
    "named_good_review_count", Text("Positive reviews naming the agent", "好评里点出客服名"),
    Count(Review, where=Review.level == "positive"), COUNT, HIGHER,
)  # fmt: skip

AWARDS = Indicator(
    "outstanding_award_count", Text("Outstanding performance awards", "表现突出"), Count(Award), COUNT, HIGHER,
)  # fmt: skip

POSITIVE_RATE = Indicator(
    "positive_review_rate", Text("Share of positive reviews", "好评率"),
    Ratio(Count(Review, where=Review.level == "positive", credit=company_only()), Count(Review, credit=company_only())),
    PERCENT, HIGHER,
)  # fmt: skip

REVIEW_GROWTH = Indicator(
    "review_improvement_growth", Text("Month-on-month improvement of reviews", "中差评提升"),
    Change(Ratio(Count(Review, where=Review.level == "positive", credit=company_only()),
                 Count(Review, credit=company_only()))),
    PERCENTAGE_POINT, HIGHER,
)  # fmt: skip

INDICATORS = (
    FIRST_REPLY, CHATS_ANSWERED, TYPING_SPEED, COMPLAINTS, VERIFIED_COMPLAINTS, VERIFIED_POINTS, BROWSING,
    TOPUP_MISSES, PRAISE, NAMED_REVIEWS, AWARDS, POSITIVE_RATE, REVIEW_GROWTH,
)  # fmt: skip

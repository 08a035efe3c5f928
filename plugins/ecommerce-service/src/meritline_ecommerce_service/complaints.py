"""Complaints about an agent, and praise. One complaint has one consequence: a verified one counts by its points."""

from meritline_after_sales_common.records import Complaint
from meritline_ecommerce_service.records import PraiseEvent
from meritline_sdk import (
    COUNT,
    HIGHER,
    LOWER,
    POINTS,
    Beside,
    Count,
    Distinct,
    Indicator,
    Sum,
    Text,
    first_present,
    local_day,
    titled,
)  # fmt: skip

c, p = Complaint, PraiseEvent
not_withdrawn = c.status != "withdrawn"
verified = not_withdrawn & c.verified
accepted = titled(c.accepted.missing() | c.accepted, "the supervisor did not refuse it", "主管未拒绝受理")
not_verified = titled(c.verified.missing() | ~c.verified, "it is not verified", "未查实")
who = titled(first_present(c.customer, c.external_id), "the customer", "客户")
what = titled(first_present(c.case, c.external_id), "the order", "订单")
caller = titled(first_present(p.customer, p.external_id), "the customer", "客户")

COMPLAINTS = Indicator(
    "customer_complaint_event_count", Text("Customer complaints about the agent", "客户投诉客服"),
    Distinct(c, by=[who, what], where=not_withdrawn & accepted & c.after_sales_cause & not_verified),
    COUNT, LOWER,
    note=Text("One customer's complaints about one order are one. A verified complaint counts under its judged points "
              "alone; one that the supervisor refused does not count",
              "同一客户就同一订单的投诉计一次;查实的投诉只按判定扣分计;主管不受理的不计"),
)  # fmt: skip

VERIFIED_COMPLAINTS = Indicator(
    "verified_complaint_count", Text("Verified complaints caused by after-sales", "由售后产生投诉 (查实)"),
    Count(c, where=verified),
    COUNT, LOWER,
    beside=(Beside(Text("Points deducted, judged one by one", "逐条判定扣分合计"),
                   Sum(c.points_deducted, where=verified)),),
)  # fmt: skip

VERIFIED_POINTS = Indicator(
    "verified_complaint_points", Text("Points judged for verified complaints", "查实投诉判定扣分"),
    Sum(c.points_deducted, where=verified),
    POINTS, LOWER,
)  # fmt: skip

PRAISE = Indicator(
    "praise_call_count", Text("Praise by phone", "客户来电表扬"),
    Distinct(p, by=[caller, local_day(p.occurred_at)], where=p.verified),
    COUNT, HIGHER,
    note=Text("One per customer and day", "每位客户每天计一次"),
)  # fmt: skip

VOICES = (COMPLAINTS, VERIFIED_COMPLAINTS, VERIFIED_POINTS, PRAISE)

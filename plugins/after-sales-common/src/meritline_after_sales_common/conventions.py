"""The catalogue's conventions (section D.1) as parts of expressions: what a tenant may choose, and its default.

Cases are work orders and tickets together. A choice has one name everywhere, so that a company sets it once.
"""

from decimal import Decimal
from typing import Any

from meritline_after_sales_common.records import SurveyResponse, Ticket, WorkOrder, counts
from meritline_sdk import (
    PERIOD_END,
    ChosenCredit,
    Credit,
    Expr,
    If,
    Mean,
    Parameter,
    Quotient,
    Text,
    credit_choice,
    days,
    elapsed,
    exists,
    first_present,
    seconds,
    titled,
)

PLACES = 12
OF_MAXIMUM, MIN_MAX = "of_maximum", "min_max"
FIRST_MARK = 1

GRACE = Parameter("grace", days(3), title=Text("the grace until the cut-off", "期末后的宽限时间"))
REOPEN_WINDOW = Parameter(
    "reopen_window", days(7), title=Text("the reopen window", "重开判定时间")
)
PAUSE = Parameter(
    "pause_on_customer_wait", False,
    title=Text("take out the time of waiting for the customer or for parts", "扣除等待客户或配件的时间"),
)  # fmt: skip
SCALE = Parameter(
    "normalise", OF_MAXIMUM, options=(OF_MAXIMUM, MIN_MAX),
    title=Text("a mark as a share of the top of its scale, or of its range", "评分折算方式:占满分或占分值区间"),
)  # fmt: skip
SATISFIED_FROM = Parameter(
    "satisfied_from", Decimal(80), title=Text("the least satisfied score", "满意的最低分(百分制)")
)
RESPONSE_CREDIT = Parameter(
    "response_credit", "responder", options=("responder", "first_agent", "owner"),
    title=Text("whose the first response is", "首次响应归属"),
)  # fmt: skip
RESOLUTION_CREDIT = Parameter(
    "resolution_credit", "resolver", options=("resolver", "owner", "first_agent"),
    title=Text("whose the resolution is", "解决归属"),
)  # fmt: skip
CASE_CREDIT = Parameter(
    "case_credit", "owner", options=("owner", "resolver", "first_agent"),
    title=Text("whose the case is", "案件归属"),
)  # fmt: skip

PEOPLE_OF_CASES: dict[str, dict[str, Expr]] = {
    "work_order": {"responder": WorkOrder.responder, "first_agent": WorkOrder.accepted_by,
                   "owner": WorkOrder.engineer, "resolver": WorkOrder.engineer},
    "ticket": {"responder": Ticket.responder, "first_agent": Ticket.first_agent,
               "owner": Ticket.owner, "resolver": Ticket.resolved_by},
}  # fmt: skip


def whose(case: Any, choice: Parameter) -> ChosenCredit | Credit:
    """Whom the case counts for, as the tenant chooses (C08)."""
    people = PEOPLE_OF_CASES[case.declaration.key]
    options: tuple[str, ...] = getattr(choice.node, "options", ())
    return credit_choice(choice, {name: people[name] for name in options})


CUTOFF = titled(PERIOD_END + GRACE, "the cut-off (the period's end and the grace)", "截止时间(期末加宽限)")


def by_cutoff(moment: Expr) -> Expr:
    """True where it had happened when the period was counted: by its end and the grace."""
    return moment <= CUTOFF


def resolved(case: Any) -> Expr:
    """True where a case that counts is solved."""
    solved: Expr = case.outcome == "resolved"
    return counts(case) & solved


def matter(case: Any) -> Expr:
    """What a case is about."""
    return case.product if case is WorkOrder else case.topic


def not_reopened(case: Any, window: Expr = REOPEN_WINDOW) -> Expr:
    """True unless the case came again within the window after it was resolved (C07).

    It was reopened, or the same customer came with the same matter, or another order names it as the one it reopens.
    """
    until = case.resolved_at + window
    reopened = case.reopened_at.present() & (case.reopened_at <= first_present(case.first_resolved_at,
                                                                              case.resolved_at) + window)
    again = exists(case, lambda other: (other.customer == case.customer) & counts(other) & (
        (other.product == case.product) if case is WorkOrder else (other.topic == case.topic)
    ) & (other.created_at > case.resolved_at) & (other.created_at <= until))
    return titled(~reopened & ~again & ~said_so(case, until), "it did not come again within the reopen window",
                  "在重开判定时间内未再次出现")


def said_so(case: Any, until: Expr) -> Expr:
    """True where the source says that it was reopened without saying when."""
    if case is WorkOrder:
        return exists(WorkOrder, lambda other: (other.reopen_of == WorkOrder.external_id) & counts(other)
                      & (other.created_at <= until))
    return Ticket.reopened_at.missing() & Ticket.reopenings.present() & (Ticket.reopenings > 0)


def took(case: Any, start: Expr, end: Expr) -> Expr:
    """The time between two moments of a case by the tenant's clock, less the waiting if the tenant says so (C03)."""
    waiting = titled(seconds(1) * first_present(case.waiting_seconds, 0), "the waiting", "等待时间")
    return elapsed(start, end) - titled(If(PAUSE, waiting, seconds(0)), "the waiting, if the company takes it out",
                                        "等待时间(如企业选择扣除)")


def score_100(mark: Expr, marks: Expr | int = 1, record: Any = SurveyResponse, what: Text | None = None) -> Expr:
    """A mark, or the sum of several, as a score of 100 by the scale of its record (C11).

    A scale without a lowest mark begins at 1. ``what``: what a sentence calls the mark, where it is not a field.
    """
    bottom = first_present(record.scale_min, FIRST_MARK)
    of_maximum = Quotient(mark * 100, record.scale_max * marks, places=PLACES)
    min_max = Quotient((mark - bottom * marks) * 100, (record.scale_max - bottom) * marks, places=PLACES)
    name = what or called(mark, record)
    return titled(If(SCALE == MIN_MAX, min_max, of_maximum), f"{name.en} as a score of 100", f"{name.zh}(百分制)")


def mean_100(mark: Expr, where: Expr, *, marks: Expr | int = 1, record: Any = SurveyResponse, what: Text | None = None,
             credit: Any = None) -> Mean:
    """The mean of a mark, or of the sum of several, as a score of 100: each divided exactly by its own scale (C11)."""
    bottom, name = first_present(record.scale_min, FIRST_MARK), what or called(mark, record)
    value = If(SCALE == MIN_MAX, (mark - bottom * marks) * 100, mark * 100)
    scale = If(SCALE == MIN_MAX, (record.scale_max - bottom) * marks, record.scale_max * marks)
    return Mean(titled(value, f"{name.en} × 100", f"{name.zh} × 100"), where, credit=credit, record=record,
                over=titled(scale, "the answer's own scale", "该评价的分制"))


def called(mark: Expr, record: Any) -> Text:
    """What people call the mark."""
    name = getattr(mark.node, "name", None)
    declared: Any = record
    fields = declared.declaration.fields if isinstance(record, type) else ()  # not of one that is looked for
    title = next((field.title for field in fields if field.name == name), None)
    return Text("the mark", "评分") if title is None else Text(f"“{title.en}”", title.zh)


def answered(mark: Expr = SurveyResponse.overall) -> Expr:
    """True where a valid answer has the mark."""
    return SurveyResponse.valid & mark.present()

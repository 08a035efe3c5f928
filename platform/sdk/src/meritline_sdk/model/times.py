"""Time by the tenant's calendar and clock: the period's edges, local days, times of day, working time."""

from typing import Any

from meritline_sdk.model import nodes
from meritline_sdk.model.choices import If
from meritline_sdk.model.expressions import Expr, ExpressionError, Parameter, as_expr, describe
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, Kind
from meritline_sdk.model.nodes import Node, kind_of
from meritline_sdk.model.text import Text

PERIOD_START = Expr(nodes.PeriodEdge("start", Kind.INSTANT))
"""The instant at which the period begins in the tenant's zone."""
PERIOD_END = Expr(nodes.PeriodEdge("end", Kind.INSTANT))
"""The instant at which the next period begins; it lies no longer in this one."""
FIRST_DAY = Expr(nodes.PeriodEdge("first_day", Kind.DAY))
"""The first day of the period."""
LAST_DAY = Expr(nodes.PeriodEdge("last_day", Kind.DAY))
"""The last day of the period, which lies in it."""

CALENDAR = "calendar"
"""Time by the wall clock: an option of ``CLOCK``."""
BUSINESS = "business"
"""Time by the tenant's working calendar: an option of ``CLOCK``."""
CLOCK = Parameter("clock", CALENDAR, options=(CALENDAR, BUSINESS),
                  title=Text("clock: calendar or business hours", "计时方式:calendar 自然时间,business 工作时间"))
"""The parameter by which a company chooses the clock of ``elapsed``."""

DAY_LENGTH = 86_400 * MICROSECONDS_PER_SECOND


def of_kind(value: Any, what: str, *kinds: Kind) -> Node:
    """The node, if it is of one of the kinds."""
    node = as_expr(value).node
    if kind_of(node) not in kinds:
        raise ExpressionError(f"{what}: {describe(node)} is a {kind_of(node)}, not {' or '.join(kinds)}")
    return node


def in_period(moment: Expr) -> Expr:
    """True where the instant or day lies in the period of the tally, by the company's time zone.

    >>> Count(Callout, where=in_period(Callout.opened_at), at=AS_THINGS_STAND).tally.at is None
    True
    """
    if of_kind(moment, "in_period", Kind.INSTANT, Kind.DAY) and kind_of(moment.node) is Kind.DAY:
        return (moment >= FIRST_DAY) & (moment <= LAST_DAY)
    return (moment >= PERIOD_START) & (moment < PERIOD_END)


def cutoff(grace: Expr) -> Expr:
    """The end of the period and a grace (a duration): what has happened by then still counts.

    >>> (Callout.closed_at <= cutoff(days(3))).node.op
    '<='
    """
    of_kind(grace, "cutoff", Kind.DURATION)
    return PERIOD_END + grace


def local_day(instant: Expr) -> Expr:
    """The instant's day in the company's time zone; a day is itself. Raises ``ExpressionError`` for anything else.

    >>> local_day(Callout.opened_at) == Callout.due
    Expr(Compare(...))
    """
    node = of_kind(instant, "local_day", Kind.INSTANT, Kind.DAY)
    return instant if kind_of(node) is Kind.DAY else Expr(nodes.LocalDay(node))


def at_clock(day: Expr, time: Expr) -> Expr:
    """The instant at which the company's clock shows ``time``, a fixed duration or a Parameter, on the day.

    >>> (Callout.opened_at >= at_clock(local_day(Callout.opened_at), hours(19) + minutes(30))).node.op
    '>='
    """
    shown = constant_time(as_expr(time).node)
    if isinstance(shown, nodes.Literal) and not 0 <= int(shown.value) < DAY_LENGTH:  # type: ignore[arg-type]
        raise ExpressionError("at_clock: a time of day lies between 0:00 and before 24:00")
    return Expr(nodes.ClockTime(of_kind(day, "at_clock", Kind.DAY), shown))


def constant_time(node: Node) -> nodes.Literal | nodes.ParameterRef:
    """A fixed duration; sums of fixed durations are worked out."""
    match node:
        case nodes.Literal(_, Kind.DURATION) | nodes.ParameterRef(_, Kind.DURATION):
            return node
        case nodes.Arithmetic("+", nodes.Literal(first, Kind.DURATION), nodes.Literal(second, Kind.DURATION)):
            return nodes.Literal(int(first) + int(second), Kind.DURATION)  # type: ignore[arg-type]
    raise ExpressionError("at_clock: the time of day is a constant such as hours(19) + minutes(30), or a Parameter")


def business_time(start: Expr, end: Expr) -> Expr:
    """The working time between two instants, as a duration, by the company's calendar; without one it is missing.

    >>> Mean(business_time(Callout.opened_at, Callout.closed_at)).tally.how
    'sum'
    """
    return Expr(nodes.WorkedTime(of_kind(start, "business_time", Kind.INSTANT),
                                 of_kind(end, "business_time", Kind.INSTANT)))


def working_days(first: Expr, last: Expr) -> Expr:
    """How many working days of the company lie after the day ``first`` up to and including ``last``, a whole number.

    >>> (working_days(local_day(Callout.opened_at), Callout.due) <= 3).node.op
    '<='
    """
    return Expr(nodes.WorkDays(of_kind(first, "working_days", Kind.DAY), of_kind(last, "working_days", Kind.DAY)))


def elapsed(start: Expr, end: Expr, clock: Expr = CLOCK) -> Expr:
    """The time between two instants by the clock that the company chooses: the wall clock, or its working time.

    The measure then has the parameter ``clock`` (``CLOCK``), whose default is the wall clock.

    >>> Mean(elapsed(Callout.opened_at, Callout.closed_at)).tally.how
    'sum'
    """
    return If(clock == BUSINESS, business_time(start, end), end - start)

"""Tallies: what one pass over the records of a type finds. Decides their filter, moment and credit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from meritline_sdk.model.credits import ChosenCredit, Credit, company_only, credits_of, plain_credit
from meritline_sdk.model.expressions import Expr, ExpressionError, condition, describe
from meritline_sdk.model.kinds import NUMERIC, Kind
from meritline_sdk.model.nodes import Field, Node, Related, Scalar, kind_of, walk
from meritline_sdk.model.records import RecordType

SHARED = frozenset({"share", "divided"})
EMPLOYED_DAYS, PERIOD_DAYS = "employed_days", "period_days"
OF_NO_RECORDS = frozenset({EMPLOYED_DAYS, PERIOD_DAYS})
AS_THINGS_STAND = "as things stand"
"""``at=`` of a measure that looks at every record, whenever it was: the state at the end of the period."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one pass over the records of a type finds for a subject and a period.

    ``how``: ``count`` records, ``sum`` of ``value``, the sorted ``values`` themselves (records whose ``value`` is
    missing are left out), how many ``distinct`` combinations of ``by`` there are (records that lack one are left out),
    or the ``rows`` themselves, each with what ``by`` gives for it, missing or not. ``over`` divides each record's
    ``value``, exactly: a mark by the top of its own scale; records where it is missing or not above zero are left out.
    ``at`` is the moment that must lie in the window, an instant or a day; None looks at every record. ``earlier`` moves
    the window back by so many periods. ``employed_days`` and ``period_days``
    look at no records.
    """

    how: str
    record: str
    credit: Credit | ChosenCredit
    at: Node | None
    where: Node | None = None
    value: Node | None = None
    earlier: int = 0
    by: tuple[Node, ...] = ()
    over: Node | None = None

    def nodes(self) -> tuple[Node, ...]:
        """Every expression in it."""
        choice = (self.credit.parameter,) if isinstance(self.credit, ChosenCredit) else ()
        divisors = (one.divisor for one in credits_of(self.credit))
        parts = (self.where, self.value, self.over, *divisors, self.at, *self.by, *choice)
        return tuple(part for part in parts if part is not None)

    def before(self, periods: int = 1) -> "Tally":
        """The same, so many periods earlier."""
        return replace(self, earlier=self.earlier + periods)


def settled(tally: Tally, parameters: Mapping[str, Scalar]) -> Tally:
    """The tally with the credit that the tenant chose."""
    if isinstance(tally.credit, ChosenCredit):
        return replace(tally, credit=tally.credit.chosen(parameters))
    return tally


def mergeable(tally: Tally) -> bool:
    """Whether what two heaps of records give can be put together: not where a record looks at other records, since
    those may lie in the other heap, and not where no records are looked at."""
    looks = any(isinstance(node, Related) for part in tally.nodes() for node in walk(part))
    return not looks and tally.how not in OF_NO_RECORDS


def days_tally(how: str) -> Tally:
    """A tally that counts days of the calendar instead of records."""
    return Tally(how, "", company_only(), None)


def tally(how: str, record: Any, where: Expr | None, credit: Any, at: Any, value: Expr | None,
          by: Sequence[Expr] = (), over: Expr | None = None) -> Tally:
    """A checked tally with the record type's defaults filled in."""
    if not (isinstance(record, type) and issubclass(record, RecordType)):
        raise ExpressionError(f"a measure is of a record type such as Callout: got {record!r}")
    found = Tally(
        how, record.declaration.key, chosen_credit(record, credit), chosen_moment(record, at),
        None if where is None else condition(where), None if value is None else value.node,
        by=tuple(part.node for part in by), over=None if over is None else divisor_of(value, over),
    )  # fmt: skip
    holders = tuple(one.field for one in credits_of(found.credit) if one.field)
    for node in (*found.nodes(), *holders):
        for below in walk(node):
            if isinstance(below, Field) and below.record != found.record:
                raise ExpressionError(f"{describe(below)} stands in a measure of {found.record!r}")
    return found


def divisor_of(value: Expr | None, over: Expr) -> Node:
    """What each record's value is divided by: a number, and not of a time."""
    for part in (value, over):
        if not isinstance(part, Expr) or kind_of(part.node) not in NUMERIC:
            raise ExpressionError("over= divides a number by a number, record by record, such as a mark by its scale")
    return over.node


def chosen_credit(record: Any, credit: Any) -> Credit | ChosenCredit:
    """The credit asked for, or the record type's own."""
    if isinstance(credit, Credit | ChosenCredit):
        return credit
    if credit is None:
        default = record.declaration.credit
        return company_only() if default is None else plain_credit(getattr(record, default))
    return plain_credit(credit)


def chosen_moment(record: Any, at: Any) -> Node | None:
    """The moment asked for, or the record type's own."""
    if isinstance(at, str) and at == AS_THINGS_STAND:
        return None
    chosen = getattr(record, record.declaration.at) if at is None else at
    if not isinstance(chosen, Expr) or kind_of(chosen.node) not in (Kind.INSTANT, Kind.DAY):
        raise ExpressionError(f"at= is an instant or a day, or AS_THINGS_STAND: got {chosen!r}")
    return chosen.node


def require_whole(found: Tally, what: str) -> Tally:
    """The tally, if its records are credited whole: the mean of three people's thirds would be a third of the mean."""
    if any(one.mode in SHARED for one in credits_of(found.credit)):
        raise ExpressionError(f"a {what} cannot be shared: say credit= with a person, or each(people), "
                              "who then get every record whole")
    return found

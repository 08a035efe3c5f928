"""Pieces of SQL with what is known of their values. Decides how whole numbers, durations and instants stay exact.

- Whole numbers and durations (microseconds) are bigint while they cannot leave its range, else numeric: every piece
  knows the widest value it can have. Decimals are numeric. Nothing is ever divided but by ``div`` of a Quotient.
- Instants are compared as timestamptz while they are plain; once calculated with, as microseconds since 1970.
  ``extract(epoch ...)`` is exact (numeric), and no step depends on a time zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from meritline.measuring.binds import Binds
from meritline.records.columns import WIDEST_INT
from meritline_sdk.model import nodes
from meritline_sdk.model.kinds import Kind

BIGINT: Final = 2**63 - 1
WIDEST_INSTANT: Final = 10**18  # microseconds between 1970 and either end of the calendar, with room
WIDEST_DAYS: Final = 10**7
WIDEST_COUNT: Final = 10**15
WIDEST: Final = {Kind.INT: WIDEST_INT, Kind.INSTANT: WIDEST_INSTANT}
MICROSECOND: Final = timedelta(microseconds=1)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
OPERATIONS: Final = {"+": "+", "-": "-", "*": "*"}
BOUND: Final = {
    Kind.INT: "bigint",
    Kind.DURATION: "bigint",
    Kind.NUMBER: "numeric",
    Kind.FLAG: "boolean",
    Kind.CODE: "text",
    Kind.CHOICE: "text",
    Kind.INSTANT: "timestamptz",
    Kind.DAY: "date",
    Kind.PERSON: "uuid",
    Kind.TEAM: "uuid",
}


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with what is known of its value."""

    text: str
    kind: Kind
    widest: int = 0
    """Whole numbers: the largest absolute value it can have; beyond bigint it is numeric."""
    counted: bool = False
    """An instant as microseconds since 1970 instead of timestamptz."""
    interval: str = ""
    """A distance of two plain instants as interval: missing where the value is, and cheaper to compare."""
    edges: tuple[str, ...] = ()
    """The two instants, the later one first."""

    @property
    def presence(self) -> str:
        """Something that is null exactly where the value is missing."""
        return self.interval or self.text

    @property
    def whole(self) -> bool:
        """Whether its values are whole numbers that a bigint holds."""
        return self.kind in (Kind.INT, Kind.DURATION) and self.widest <= BIGINT

    @property
    def sql_type(self) -> str:
        """Its type in SQL, of what can be bound."""
        if self.kind is Kind.INSTANT and not self.counted:
            return BOUND[self.kind]
        return "numeric" if self.widest > BIGINT else "bigint" if self.counted else BOUND[self.kind]


def flag(text: str) -> Sql:
    """A condition."""
    return Sql(text, Kind.FLAG)


def constant(binds: Binds, value: Any, kind: Kind) -> Sql:
    """A bound value of the kind; a blank is null."""
    if value is None:
        return Sql(f"NULL::{BOUND[kind]}", kind)
    if isinstance(value, timedelta):
        value = value // MICROSECOND
    if kind in (Kind.INT, Kind.DURATION):
        wide = abs(value) > BIGINT
        place = binds.add(Decimal(value) if wide else value, "numeric" if wide else "bigint")
        return Sql(place, kind, abs(value))
    return Sql(binds.add(Decimal(value) if kind is Kind.NUMBER else value, BOUND[kind]), kind)


def alike(pieces: Sequence[Sql], kind: Kind) -> tuple[list[Sql], Sql]:
    """Pieces of one kind as SQL can choose between them, and what is known of the one chosen (without text)."""
    found = list(pieces)
    if any(piece.counted for piece in found):
        found = [counted(piece) for piece in found]
    if kind is Kind.NUMBER:
        found = [piece if piece.kind is Kind.NUMBER else replace(piece, text=f"{piece.text}::numeric", kind=kind)
                 for piece in found]  # fmt: skip
    widest = max(piece.widest for piece in found)
    return found, Sql("", kind, widest, counted=found[0].counted)


def shaped(value: datetime, like: Sql) -> datetime | int | Decimal:
    """An instant in the form of another one, to be bound."""
    if not like.counted:
        return value
    return Decimal(microseconds_of(value)) if like.widest > BIGINT else microseconds_of(value)


def instant_of(found: Any, like: Sql) -> datetime:
    """The instant that SQL gave in the form of the piece."""
    return EPOCH + int(found) * MICROSECOND if like.counted else found


def microseconds_of(value: datetime) -> int:
    """The instant as microseconds since 1970."""
    return (value - EPOCH) // MICROSECOND


def counted(instant: Sql) -> Sql:
    """The instant as microseconds since 1970."""
    if instant.counted:
        return instant
    return Sql(microseconds(instant.text), Kind.INSTANT, WIDEST_INSTANT, counted=True)


def microseconds(text: str) -> str:
    """The exact length of an interval, or distance of an instant from 1970."""
    return f"(extract(epoch FROM {text}) * 1000000)::bigint"


def distance(interval: str) -> Sql:
    """A duration that SQL has as an interval."""
    return Sql(microseconds(interval), Kind.DURATION, 2 * WIDEST_INSTANT, interval=interval)


def apart(later: str, earlier: str) -> Sql:
    """The distance of two plain instants. Both are sent as their microseconds: to make a number of the interval between
    them would take Postgres ten times as long."""
    text = f"(timestamptz_send({later})::bigint - timestamptz_send({earlier})::bigint)"
    return replace(distance(f"({later} - {earlier})"), text=text, edges=(later, earlier))


def calculated(node: nodes.Arithmetic, left: Sql, right: Sql) -> Sql:
    """``left op right``, exact and without overflow."""
    kinds = (left.kind, right.kind)
    if kinds == (Kind.INSTANT, Kind.INSTANT) and not (left.counted or right.counted):
        return apart(left.text, right.text)
    if Kind.DAY in kinds:
        return Sql(f"({left.text} - {right.text})::bigint", Kind.INT, WIDEST_DAYS)
    if node.kind is Kind.NUMBER:
        return Sql(f"({left.text} {OPERATIONS[node.op]} {right.text})", Kind.NUMBER)
    left, right = (counted(each) if each.kind is Kind.INSTANT else each for each in (left, right))
    return replace(whole(node.op, left, right), kind=node.kind, counted=node.kind is Kind.INSTANT)


def whole(op: str, left: Sql, right: Sql) -> Sql:
    """A sum, difference or product of whole numbers: numeric as soon as bigint might not hold it."""
    widest = left.widest * right.widest if op == "*" else left.widest + right.widest
    cast = "::numeric" if widest > BIGINT else ""
    return Sql(f"({left.text}{cast} {OPERATIONS[op]} {right.text}{cast})", Kind.INT, widest)


def quotient(node: nodes.Quotient, dividend: Sql, divisor: Sql) -> Sql:
    """Cut towards zero by whole-number division of the scaled dividend; missing for a divisor of zero."""
    scaled = f"{dividend.text}::numeric * {10**node.places}"
    smallest = f"0.{'0' * (node.places - 1)}1" if node.places else "1"
    return Sql(f"(div({scaled}, nullif({divisor.text}::numeric, 0)) * {smallest})", Kind.NUMBER)

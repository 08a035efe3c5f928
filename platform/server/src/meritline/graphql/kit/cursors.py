"""Cursors. Decides that a cursor holds the order it belongs to and the values it stands after, and nothing else.

It is not a secret: its values are parsed by type and bound like any input, and the reader's own conditions apply to
the page that it starts. A cursor of another order, or a malformed one, is refused.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from meritline.errors import MeritlineError
from meritline.graphql.kit.declare import Order, SqlType
from meritline.graphql.kit.scalars import DECIMAL

LONGEST = 2000


def encode(order: Sequence[Order], values: Sequence[object]) -> str:
    """The cursor after a row with these order values."""
    body = [fingerprint(order), *(None if value is None else shown(value) for value in values)]
    return base64.urlsafe_b64encode(msgspec.json.encode(body)).decode().rstrip("=")


def decode(text: str, order: Sequence[Order]) -> tuple[object, ...]:
    """The values to start after, typed."""
    try:
        if len(text) > LONGEST:
            raise ValueError("too long")
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        named, *values = msgspec.json.decode(plain, type=list[str | None])
        if named != fingerprint(order) or len(values) != len(order):
            raise ValueError("another order")
        return tuple(typed(value, term) for value, term in zip(values, order, strict=True))
    except (binascii.Error, UnicodeError, ValueError, ArithmeticError, msgspec.MsgspecError):
        raise MeritlineError("E-CURSOR", field="after", value=text) from None


def fingerprint(order: Sequence[Order]) -> str:
    """The order in short."""
    return ",".join(f"-{term.name}" if term.descending else term.name for term in order)


def shown(value: object) -> str:
    """The value as text that ``typed`` reads back; a decimal in plain digits (``str`` would write 1E+4)."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def typed(text: str | None, term: Order) -> object:
    """The value of a cursor's text."""
    if text is None:
        if not term.nullable:
            raise ValueError("null")
        return None
    return parsed(text, term.type)


def parsed(text: str, sql_type: SqlType) -> object:
    """The value by its SQL type; ValueError where it is none."""
    match sql_type:
        case "numeric":
            if not DECIMAL.fullmatch(text):
                raise ValueError(text)
            return Decimal(text)
        case "int":
            number = int(text)
            if not -(2**63) <= number < 2**63:
                raise ValueError(text)
            return number
        case "uuid":
            return UUID(text)
        case "timestamptz":
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError(text)
            return moment
        case "date":
            return date.fromisoformat(text)
        case "text":
            if "\x00" in text:
                raise ValueError(text)
            return text

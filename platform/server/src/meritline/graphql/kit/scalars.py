"""The scalars. Decides how exact values are written and which writings are refused.

A decimal is a string both ways: JSON numbers lose digits in most clients. NaN, infinities, exponents, full-width
digits, underscores and surrounding blanks are refused, since ``Decimal()`` would take them.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, NewType

import msgspec
import orjson
import strawberry
from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    GraphQLError,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
)
from strawberry.types.scalar import ScalarDefinition

DECIMAL: Final = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,12})?", re.ASCII)
DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)
EXACT_JSON: Final = msgspec.json.Decoder(float_hook=Decimal)
Document = NewType("Document", object)


def refuse(what: str, value: object, form: str) -> GraphQLError:
    """The error for a value that a scalar does not take."""
    shown = repr(value)
    return GraphQLError(f"{what} cannot be {shown[:60]}: write {form}.", extensions={"code": "BAD_USER_INPUT"})


def parse_decimal(value: object) -> Decimal:
    """The decimal of a string."""
    if not isinstance(value, str) or not DECIMAL.fullmatch(value):
        raise refuse("Decimal", value, 'a string of plain digits, such as "85.5" or "-3"')
    return Decimal(value)


def show_decimal(value: object) -> str:
    """The decimal in plain digits, never with an exponent."""
    if (
        not isinstance(value, Decimal | int)
        or isinstance(value, bool)
        or (isinstance(value, Decimal) and not value.is_finite())
    ):
        raise TypeError(f"not a finite decimal: {value!r}")
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def parse_date(value: object) -> date:
    """The date of ``2026-05-31``."""
    if isinstance(value, str) and DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise refuse("Date", value, 'an existing day as "2026-05-31"')


def parse_moment(value: object) -> datetime:
    """The moment of an RFC 3339 text; the offset is required."""
    if isinstance(value, str) and MOMENT.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise refuse("DateTime", value, 'RFC 3339 with its offset, such as "2026-05-31T09:00:00Z"')


def show_moment(value: datetime) -> str:
    """The moment in UTC, with ``Z``."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def show_document(value: object) -> object:
    """JSON text from the database passes untouched; values go as they are."""
    return orjson.Fragment(value) if isinstance(value, str | bytes) else value


def literal(node: ValueNode, variables: dict[str, Any] | None = None) -> object:
    """The value of a JSON literal written inside the operation, its numbers exact."""
    match node:
        case IntValueNode() | FloatValueNode():
            return number(node.value, whole=isinstance(node, IntValueNode))
        case StringValueNode() | BooleanValueNode() | EnumValueNode():
            return node.value
        case NullValueNode():
            return None
        case ListValueNode():
            return [literal(each, variables) for each in node.values]
        case ObjectValueNode():
            return {each.name.value: literal(each.value, variables) for each in node.fields}
        case _:
            return (variables or {}).get(node.name.value)  # type: ignore[attr-defined]


def number(text: str, *, whole: bool) -> int | Decimal:
    """The exact number of a literal; Python itself refuses thousands of digits, and Decimal absurd exponents."""
    try:
        return int(text) if whole else Decimal(text)
    except (ValueError, ArithmeticError):
        raise refuse("JSON", text, "a number of a size that is measured") from None


def decode_json(data: bytes | str) -> object:
    """JSON with its numbers exact: whole ones as int, all others as Decimal."""
    return EXACT_JSON.decode(data)


def scalar_map() -> dict[object, ScalarDefinition]:
    """What the schema is told about the scalars."""
    return {
        Decimal: strawberry.scalar(
            name="Decimal",
            description='An exact decimal number as a string of plain digits, such as "85.5".',
            serialize=show_decimal,
            parse_value=parse_decimal,
        ),
        date: strawberry.scalar(
            name="Date",
            description='A calendar day, "2026-05-31".',
            serialize=date.isoformat,
            parse_value=parse_date,
        ),
        datetime: strawberry.scalar(
            name="DateTime",
            description='A moment in UTC by RFC 3339, "2026-05-31T09:00:00Z".',
            serialize=show_moment,
            parse_value=parse_moment,
        ),
        Document: strawberry.scalar(
            name="JSON",
            description="A document as JSON: a scheme, a reward table, the fields of a service record.",
            serialize=show_document,
            parse_value=lambda value: value,
            parse_literal=literal,
        ),
    }

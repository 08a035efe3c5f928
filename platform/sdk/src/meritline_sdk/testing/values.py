"""Values of a golden case, as its record type holds them. Decides what may be written for a field."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from meritline_sdk.model.fields import Choice, FieldSpec
from meritline_sdk.model.kinds import Kind


class CaseError(ValueError):
    """A golden case that cannot be read; the message names the file and what to mend."""


def field_value(spec: FieldSpec, value: Any, where: str) -> Any:
    """The value for the field, or an error that names it."""
    found = typed(spec, value)
    if found is None:
        raise CaseError(f"{where}: {spec.name} = {value!r} is not a {spec.kind}")
    return found


def typed(spec: FieldSpec, value: Any) -> Any:
    """The value in the field's type, None where it is of another."""
    match spec.kind:
        case Kind.NUMBER if isinstance(value, int | str | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            return number if number.is_finite() else None
        case Kind.INT if isinstance(value, int) and not isinstance(value, bool):
            return value
        case Kind.FLAG if isinstance(value, bool):
            return value
        case Kind.INSTANT if isinstance(value, datetime) and value.tzinfo is not None:
            return value
        case Kind.DAY if isinstance(value, date) and not isinstance(value, datetime):
            return value
        case Kind.PEOPLE if isinstance(value, list):
            return tuple((part, 1) if isinstance(part, str) else (part[0], part[1]) for part in value)
        case Kind.CHOICE if isinstance(spec, Choice):
            return value if value in spec.options else None
        case Kind.PERSON | Kind.TEAM | Kind.CODE if isinstance(value, str):
            return value
    return None

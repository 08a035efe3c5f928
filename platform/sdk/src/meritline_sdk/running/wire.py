"""Plain values and numbers as text that both sides read. Decides that nothing changes its type on the way.

A float stays a float and a strange thing is told by the name of its type, so that the server refuses it as what it
was. Numbers are text: no reader of JSON rounds them.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from meritline_sdk.model.functions import Plain

MICROSECOND = timedelta(microseconds=1)
LARGEST_BITS = 2048
MOST_DIGITS = 600
LONGEST_NAME = 60


def told(value: Plain) -> Any:
    """A value of a row or a setting as JSON holds it."""
    match value:
        case datetime():
            return {"i": value.isoformat()}
        case date():
            return {"y": value.isoformat()}
        case timedelta():
            return {"t": value // MICROSECOND}
        case Decimal():
            return {"d": str(value)}
    return value


def heard(plain: Any) -> Any:
    """The value again."""
    if not isinstance(plain, dict):
        return plain
    ((kind, text),) = plain.items()
    match kind:
        case "i":
            return datetime.fromisoformat(text)
        case "y":
            return date.fromisoformat(text)
        case "t":
            return timedelta(microseconds=text)
    return Decimal(text)


def number_told(given: Any) -> Any:
    """A number of an answer, or what it is instead; never longer than a few hundred characters."""
    kind = type(given)
    if given is None:
        return None
    if kind is int:
        return ["int", str(given)] if given.bit_length() <= LARGEST_BITS else ["large"]
    if kind is Fraction:
        parts = (given.numerator, given.denominator)
        return ["fraction", *map(str, parts)] if all(p.bit_length() <= LARGEST_BITS for p in parts) else ["large"]
    if kind is Decimal:
        return ["decimal", str(given)] if len(given.as_tuple().digits) <= MOST_DIGITS else ["large"]
    if isinstance(given, float):
        return ["float", float.__repr__(given)]
    return ["other", str(kind.__name__)[:LONGEST_NAME]]


def number_heard(plain: Any, large: int) -> Any:
    """The number again; ``large`` stands for what was too large to be told. Raises ``ValueError``."""
    match plain:
        case None:
            return None
        case ["int", str(text)] if len(text) <= 2 * MOST_DIGITS:
            return int(text)
        case ["decimal", str(text)] if len(text) <= 2 * MOST_DIGITS:
            return Decimal(text)
        case ["fraction", str(above), str(below)] if len(above) + len(below) <= 4 * MOST_DIGITS:
            return Fraction(int(above), int(below))
        case ["float", str(text)] if len(text) <= LONGEST_NAME:
            return float(text)
        case ["large"]:
            return large
        case ["other", str(name)]:
            return strange(name)
    raise ValueError("a number cannot be read")


def strange(name: str) -> object:
    """A thing of a type of this name, which is refused by the name of its type."""
    return type(name[:LONGEST_NAME] if name.isprintable() else "?", (), {})()


def settings_told(settings: Mapping[str, Plain]) -> dict[str, Any]:
    """The settings as JSON holds them."""
    return {name: told(value) for name, value in settings.items()}

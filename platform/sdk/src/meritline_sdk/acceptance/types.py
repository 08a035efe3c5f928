"""Whether a value is what its annotation says, all the way down. Decides that nothing foreign or inexact passes.

Types are compared exactly: a subclass may behave in any way, a float is never exact, a list can change. Numbers are
finite and of a size that exact arithmetic bears; texts are of a length and of characters that can be kept.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeAliasType, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from meritline_sdk.acceptance.findings import Finding, found
from meritline_sdk.model.canonical import CLASSES
from meritline_sdk.model.fields import FieldSpec
from meritline_sdk.model.nodes import DIGITS, within_digits
from meritline_sdk.model.rewards import REWARD_RULES, RewardRule
from meritline_sdk.model.rules import RULES, Rule
from meritline_sdk.model.units import UNITS, Unit

DEEPEST = 200
LONGEST_TEXT = 4000
LARGEST_INT = 10**DIGITS
WIDEST_SHOWN = 200
UNKEPT = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff]")
"""Control characters save tab and new line, and halves of characters."""
ZONES = (timezone, ZoneInfo)
FAMILIES: dict[type, tuple[type, ...]] = {
    Rule: tuple(RULES.values()), RewardRule: tuple(REWARD_RULES.values()),
    FieldSpec: tuple(cls for cls in CLASSES.values() if issubclass(cls, FieldSpec)),
}
"""What stands where a base class is named."""


def type_problems(value: Any, hint: Any, place: str, depth: int = 0) -> Iterator[Finding]:
    """Everything in the value that its annotation does not allow."""
    if depth > DEEPEST:
        yield found("deep", place, most=DEEPEST)
        return
    heads = heads_of(hint)
    if isinstance(value, tuple) and type(value) is tuple:
        yield from tuple_problems(value, [head for head in heads if get_origin(head) is tuple], heads, place, depth)
    elif type(value) not in heads:
        yield foreign(value, heads, place)
    elif is_dataclass(value) and not isinstance(value, Unit):
        kind: Any = type(value)
        for name, inner in hints_of(kind):
            yield from type_problems(given(value, name), inner, f"{place}.{name}", depth + 1)
    else:
        yield from plain_problems(value, place)


ABSENT = object()


def given(value: Any, name: str) -> Any:
    """The field's value; one that was never set is nobody's."""
    return getattr(value, name, ABSENT)


def tuple_problems(value: tuple[Any, ...], shapes: list[Any], heads: tuple[Any, ...], place: str,
                   depth: int) -> Iterator[Finding]:
    """A tuple by the shape that is allowed there."""
    if not shapes:
        yield foreign(value, heads, place)
        return
    inner = get_args(shapes[0])
    if len(inner) == 2 and inner[1] is Ellipsis:
        for number, part in enumerate(value):
            yield from type_problems(part, inner[0], f"{place}[{named(part, number)}]", depth + 1)
    elif len(inner) != len(value):
        yield foreign(value, heads, place)
    else:
        for number, (part, one) in enumerate(zip(value, inner, strict=True)):
            yield from type_problems(part, one, f"{place}[{number}]", depth + 1)


def named(part: Any, number: int) -> object:
    """A part by its key, where it has one."""
    key = getattr(part, "key", None)
    return key if type(key) is str and key else number


@cache
def hints_of(cls: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a class with their annotations."""
    known = get_type_hints(cls)
    return tuple((one.name, known[one.name]) for one in fields(cls))


def heads_of(hint: Any) -> tuple[Any, ...]:
    """The alternatives of an annotation: classes, and shapes of tuples."""
    try:
        return expanded(hint)
    except TypeError:  # an annotation that cannot be remembered
        return expanded.__wrapped__(hint)


@cache
def expanded(hint: Any) -> tuple[Any, ...]:
    """The alternatives, names of types resolved."""
    if isinstance(hint, TypeAliasType):
        return expanded(hint.__value__)
    if get_origin(hint) in (Union, UnionType):
        return tuple(head for one in get_args(hint) for head in heads_of(one))
    if hint is None:
        return (NoneType,)
    return FAMILIES.get(hint, (hint,)) if isinstance(hint, type) else (hint,)


def plain_problems(value: Any, place: str) -> Iterator[Finding]:
    """A value of the right type that is out of bounds."""
    match value:
        case str() if not isinstance(value, Enum):
            yield from text_problems(value, place)
        case Decimal() if not value.is_finite() or not within_digits(value):
            yield found("decimal", place, value=value if not value.is_finite() else f"{value:.5E}")
        case int() if not isinstance(value, bool | Enum) and abs(value) >= LARGEST_INT:
            yield found("decimal", place, value=shown(value))
        case datetime() if type(value.tzinfo) not in ZONES:
            yield found("instant", place, value=value.replace(tzinfo=None).isoformat())
        case Unit() if UNITS.get(value.key) != value:
            yield found("unit", place, value=shown(value.key), known=", ".join(UNITS))


def text_problems(value: str, place: str) -> Iterator[Finding]:
    """A text that is too long, or has signs that cannot be kept."""
    if len(value) > LONGEST_TEXT:
        yield found("text", place, count=len(value), most=LONGEST_TEXT)
        return
    wrong = UNKEPT.search(value)
    if wrong is not None:
        yield found("signs", place, value=f"U+{ord(wrong[0]):04X}")


def foreign(value: Any, heads: tuple[Any, ...], place: str) -> Finding:
    """A value of another type."""
    if isinstance(value, float) and {Decimal, int} & set(heads):
        return found("float", place, value=float.__repr__(value))
    if value is ABSENT:
        return found("type", place, value="nothing", actual="missing value", wanted=words_of(heads))
    return found("type", place, value=shown(value), actual=type(value).__name__, wanted=words_of(heads))


def words_of(heads: tuple[Any, ...]) -> str:
    """The alternatives as an author knows them."""
    names = dict.fromkeys("tuple" if get_origin(head) is tuple else "None" if head is NoneType else
                          getattr(head, "__name__", str(head)) for head in heads)
    return ", ".join(list(names)[:8]) + (" ..." if len(names) > 8 else "")


def shown(value: Any) -> str:
    """A foreign value in a few characters, without asking it how it wants to be shown."""
    if type(value) is str:
        return repr(value[:60])
    if type(value) is int and value.bit_length() > WIDEST_SHOWN:
        return f"a number of {value.bit_length()} bits"
    if type(value) in (int, float, bool, bytes, NoneType, Decimal, date):
        return repr(value)[:60]
    return "a value"

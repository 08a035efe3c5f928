"""The parts of a set, each checked by itself, so that one mistake does not hide the next.

First what its values are, then whether it is what its own constructor would make, then what it means.
"""

from collections.abc import Callable, Iterator
from typing import Any

from meritline_sdk.acceptance.findings import Finding, found
from meritline_sdk.acceptance.types import type_problems
from meritline_sdk.model.canonical import CLASSES, parts_of, unsaid_still
from meritline_sdk.model.consequences import Coefficient
from meritline_sdk.model.reward_rules import ByGrade
from meritline_sdk.model.rules import Bands

DECLARED = frozenset(CLASSES.values())
FILLING = (Bands, ByGrade, Coefficient)
"""Made by a constructor of their own; what they say they can say again."""
REFUSED = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, AssertionError, RecursionError)
"""What a broken declaration raises when it is looked at."""


def part_problems(value: Any, hint: Any, place: str) -> tuple[Finding, ...]:
    """What is wrong with the values of a part, or else with what they say together."""
    wrong = tuple(type_problems(value, hint, place))
    return wrong or tuple(self_problems(value, place))


def self_problems(value: Any, place: str) -> Iterator[Finding]:
    """Where a declaration, or one inside it, is not what its own constructor makes of its parts."""
    if isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from self_problems(part, f"{place}[{getattr(part, 'key', number)}]")
    elif type(value) in DECLARED:
        yield from inner_problems(value, place)


def inner_problems(value: Any, place: str) -> Iterator[Finding]:
    """One declaration: first what it holds, then itself."""
    below = [wrong for one in parts_of(type(value)) or ()
             for wrong in self_problems(getattr(value, one.name), f"{place}.{one.name}")]
    yield from below
    make = maker(value)
    if make is None or below:
        return
    try:
        same = alike(make(), value)
    except REFUSED as wrong:
        yield found("meaning", place, reason=told(wrong))
        return
    if not same:
        yield found("rebuilt", place)


def alike(made: Any, value: Any) -> bool:
    """Whether both say the same in the same types: 100 and Decimal(100) are equal, and have different hashes.

    What is left unsaid is read again as its default, which is as good.
    """
    return bool(made == value) and all(type(getattr(made, one.name)) is type(found) or unsaid_still(one, found)
                                       for one in parts_of(type(value)) or () for found in (getattr(value, one.name),))


def maker(value: Any) -> Callable[[], Any] | None:
    """How the declaration is built again; None where that cannot be, and others look at it."""
    if isinstance(value, FILLING):
        return lambda: value.with_filled(lambda part: part)
    if not type(value).__dataclass_params__.init:
        return None
    parts = [one.name for one in parts_of(type(value)) or () if one.init]
    return lambda: type(value)(**{name: getattr(value, name) for name in parts})


def told(wrong: BaseException) -> str:
    """One line of an exception, as it continues a sentence; a class of Python's own is named."""
    lines = [line.strip() for line in str(wrong).splitlines() if line.strip()]
    text = lines[0].rstrip(".?") if lines else ""
    named = type(wrong).__name__
    return text if isinstance(wrong, ValueError | TypeError) and text else f"{named}: {text}" if text else named

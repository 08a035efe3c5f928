"""Blanks: the ``( )`` of a printed scheme. Decides where a number may be left open and how it is filled in.

A template of a document that leaves numbers open holds a ``Blank`` in their place. A company fills every blank before
the scheme can be used; nothing is ever computed with one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

from meritline_sdk.model.records import KEY, DeclarationError
from meritline_sdk.model.text import Text


@dataclass(frozen=True, slots=True)
class Blank:
    """A number that a document leaves open: its name within the scheme, what it is, and how it is printed.

    ``suggested`` is what we propose, never what is used unasked. A blank with the same key may stand in several places
    of one scheme; filling it fills them all. ``taken``: it is printed as a deduction ("each point below takes ( )"), so
    the number is given without a sign and stands there with a minus.

    >>> Blank("deduct_per_point", Text("Points off per percentage point", "每低一个百分点减分")).printed
    '( )'
    """

    key: str
    title: Text
    printed: str = "( )"
    suggested: Decimal | int | str | None = None
    taken: bool = field(default=False, metadata={"young": True})

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key):
            raise DeclarationError(f"blank {self.key!r}: a key is lower-case letters, digits and underscores")

    def stands(self, number: Decimal | int | str) -> Decimal | int | str:
        """The number as it stands in the blank's place: with a minus where it is printed as a deduction."""
        if not self.taken:
            return number
        if Decimal(number) < 0:
            raise DeclarationError(f"blank {self.key!r}: it is a deduction already, so it is written without a minus, "
                                   f"not {number}")
        return -Decimal(number)


type Open = Decimal | int | str | Blank
"""A number, or the blank in which it will stand."""


def is_open(*values: object) -> bool:
    """Whether one of the values is a blank."""
    return any(isinstance(value, Blank) for value in values)


def open_blanks(value: object) -> tuple[Blank, ...]:
    """Every blank inside a declaration, each key once, in the order in which they stand.

    >>> [one.key for one in open_blanks(rules.Deduct(Blank("off", Text("Points off", "扣分"))))]
    ['off']
    """
    return tuple({blank.key: blank for blank in walk(value)}.values())


def walk(value: object) -> Iterator[Blank]:
    """Every blank, as often as it stands there."""
    if isinstance(value, Blank):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from walk(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from walk(getattr(value, one.name))


def filled[T](value: T, numbers: Mapping[str, Decimal | int | str]) -> T:
    """The declaration with the numbers, by the keys of the blanks, in their place; it checks itself again.

    Blanks that ``numbers`` does not name stay open. Raises ``DeclarationError`` where a number does not fit.

    >>> filled(rules.Deduct(Blank("off", Text("Points off", "扣分"))), {"off": 2}).points
    Decimal('2')
    """
    return _filled(value, numbers)  # type: ignore[no-any-return]


def _filled(value: Any, numbers: Mapping[str, Decimal | int | str]) -> Any:
    if isinstance(value, Blank):
        return value.stands(numbers[value.key]) if value.key in numbers else value
    if isinstance(value, tuple):
        return tuple(_filled(part, numbers) for part in value)
    if is_dataclass(value) and not isinstance(value, type) and next(walk(value), None) is not None:
        if hasattr(value, "with_filled"):
            return value.with_filled(lambda part: _filled(part, numbers))
        changed = {one.name: _filled(getattr(value, one.name), numbers) for one in fields(value) if one.init}
        return replace(value, **changed)
    return value


def young(default: Any) -> Any:
    """A field that came later: where it has its default, the canonical form leaves it out, so that what was said
    before it came keeps its hash."""
    return field(default=default, metadata={"young": True})

"""What one tally comes to for many subjects of whom each has one row, whole: nearly everybody in a run.

Decides nothing that ``heaps`` does not: it says the same of whole columns, without looking at each row by itself.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from itertools import compress, repeat
from typing import Any, Final

from meritline.measuring.days import SubjectKey
from meritline.measuring.heaps import exact
from meritline.measuring.written import Written
from meritline_sdk.evaluate.tallies import NOTHING, Tallied

type Keys = Sequence[SubjectKey]
type Each = dict[SubjectKey, Tallied]

MOST_KNOWN: Final = 65_536
SET: Final[Mapping[str, Callable[[Tallied, Any], None]]] = {
    part.name: getattr(Tallied, part.name).__set__ for part in fields(Tallied)}


class Known(dict[int, Tallied]):
    """So many records, each whole: most people have few, and a run asks a hundred thousand times."""

    def __missing__(self, records: int) -> Tallied:
        found = Tallied(Fraction(records), records)
        if len(self) < MOST_KNOWN:
            self[records] = found
        return found


COUNTED: Final[Mapping[int, Tallied]] = Known()


def counts(keys: Keys, records: Sequence[int]) -> Each:
    """Who has so many records."""
    if not all(records):
        keys, records = chosen(records, keys, records)
    return dict(zip(keys, map(COUNTED.__getitem__, records), strict=True))


def sums(keys: Keys, records: Sequence[int], amounts: Sequence[Any]) -> Each:
    """Whose records come to an amount: a number, or the text of one."""
    if not all(records):
        keys, records, amounts = chosen(records, keys, records, amounts)
    return dict(zip(keys, made(records, amount=fractions(amounts)), strict=True))


def values(keys: Keys, found: Sequence[Sequence[Any] | None]) -> Each:
    """Who has values, as they came."""
    keys, found = chosen(found, keys, found)
    records = [len(some or ()) for some in found]
    return dict(zip(keys, made(records, values=map(exact, found)), strict=True))


def spelt(keys: Keys, records: Sequence[int], texts: Sequence[str]) -> Each:
    """Who has values, which the database put in order and spelt."""
    if not all(records):
        keys, records, texts = chosen(records, keys, records, texts)
    return dict(zip(keys, made(records, values=map(Written, texts, records)), strict=True))


def chosen(whether: Sequence[Any], *columns: Sequence[Any]) -> list[Any]:
    """The columns without those who have nothing."""
    return [list(compress(each, whether)) for each in columns]


def made(records: Collection[int], **parts: Iterable[Any]) -> list[Tallied]:
    """``Tallied`` with so many records and these parts, one after the other. A run makes tens of thousands, and what is
    frozen takes many times as long to be made by its class as to have its parts set."""
    found = list(map(object.__new__, repeat(Tallied, len(records))))
    for name, put in SET.items():
        given = records if name == "records" else parts.get(name)
        deque(map(put, found, repeat(getattr(NOTHING, name)) if given is None else given), maxlen=0)
    return found


def fractions(amounts: Sequence[Any]) -> Iterable[Fraction]:
    """The amounts, exactly; where all of them are whole numbers as text, that is quicker."""
    if amounts and isinstance(amounts[0], str):
        try:
            return map(Fraction, list(map(int, amounts)))
        except ValueError:
            pass
    return map(fraction, amounts)


def fraction(amount: Any) -> Fraction:
    """The amount, exactly; nearly all are whole, which is quicker."""
    if isinstance(amount, str):
        return Fraction(amount)
    whole = int(amount)
    return Fraction(whole) if whole == amount else Fraction(amount)

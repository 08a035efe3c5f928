"""What one tally comes to for many subjects of whom each has one row, whole: nearly everybody in a run.

Decides nothing that ``heaps`` does not: it says the same of whole columns, without looking at each row by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from typing import Any, Final

from meritline.measuring.days import SubjectKey
from meritline.measuring.heaps import exact
from meritline.measuring.written import Written
from meritline_sdk.evaluate.tallies import NOTHING as NONE
from meritline_sdk.evaluate.tallies import Tallied

type Keys = Sequence[SubjectKey]
type Each = dict[SubjectKey, Tallied]

NO_AMOUNT: Final = Fraction(0)
MOST_KNOWN: Final = 65_536
MADE: Final = object.__new__
AMOUNT, RECORDS, VALUES, KEYS, ROWS = (getattr(Tallied, each.name).__set__ for each in fields(Tallied))


def made(amount: Fraction, records: int, values: Sequence[Any] = ()) -> Tallied:
    """``Tallied(amount, records, values)``. A run makes tens of thousands, and what is frozen takes three times as long
    to be made by its class as to have its parts set."""
    found = MADE(Tallied)
    AMOUNT(found, amount)
    RECORDS(found, records)
    VALUES(found, values)
    KEYS(found, NONE.keys)
    ROWS(found, NONE.rows)
    return found


class Known(dict[int, Tallied]):
    """So many records, each whole: most people have few, and a run asks a hundred thousand times."""

    def __missing__(self, records: int) -> Tallied:
        found = made(Fraction(records), records)
        if len(self) < MOST_KNOWN:
            self[records] = found
        return found


COUNTED: Final[Mapping[int, Tallied]] = Known()


def counts(keys: Keys, records: Iterable[int]) -> Each:
    """Who has so many records."""
    return {key: COUNTED[found] for key, found in zip(keys, records, strict=True) if found}


def sums(keys: Keys, records: Iterable[int], amounts: Iterable[Any]) -> Each:
    """Whose records come to an amount: a number, or the text of one."""
    return {key: made(fraction(amount), found)
            for key, found, amount in zip(keys, records, amounts, strict=True) if found}


def values(keys: Keys, found: Iterable[Sequence[Any] | None]) -> Each:
    """Who has values, as they came."""
    return {key: made(NO_AMOUNT, len(some), exact(some)) for key, some in zip(keys, found, strict=True) if some}


def spelt(keys: Keys, records: Iterable[int], texts: Iterable[Any]) -> Each:
    """Who has values, which the database put in order and spelt."""
    return {key: made(NO_AMOUNT, found, Written(text, found))
            for key, found, text in zip(keys, records, texts, strict=True) if found}


def fraction(amount: Any) -> Fraction:
    """The amount, exactly: a number, or the text of one. Nearly all are whole, which is quicker."""
    if isinstance(amount, str):
        return Fraction(int(amount)) if "." not in amount else Fraction(amount)
    whole = int(amount)
    return Fraction(whole) if whole == amount else Fraction(amount)

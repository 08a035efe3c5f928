"""What one tally comes to for many subjects of whom each has one row, whole: nearly everybody in a run.

Decides nothing that ``heaps`` does not: it says the same of whole columns, without looking at each row by itself.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from itertools import compress, repeat
from typing import Any, Final

from meritline.measuring.columns import Columns, Places
from meritline.measuring.days import SubjectKey
from meritline.measuring.heaps import exact
from meritline_sdk.evaluate.tallies import NOTHING, Tallied

type Each = Mapping[SubjectKey, Tallied]

SET: Final[Mapping[str, Callable[[Tallied, Any], None]]] = {
    part.name: getattr(Tallied, part.name).__set__ for part in fields(Tallied)}


def counts(places: Places, records: Sequence[int]) -> Each:
    """Who has so many records."""
    return Columns(places, records if all(records) else [each or 0 for each in records])


def sums(places: Places, records: Sequence[int], amounts: Sequence[Any]) -> Each:
    """Whose records come to an amount: a number, or the text of one."""
    if not all(records):
        records, amounts = [each or 0 for each in records], [
            amount if each else 0 for each, amount in zip(records, amounts, strict=True)]
    found = wholes(amounts)
    if found is not None:
        return Columns(places, records, found)
    keys, records, amounts = chosen(records, places.keys, records, amounts)
    return dict(zip(keys, made(records, amount=map(fraction, amounts)), strict=True))


def values(places: Places, found: Sequence[Sequence[Any] | None]) -> Each:
    """Who has values, as they came."""
    keys, found = chosen(found, places.keys, found)
    records = [len(some or ()) for some in found]
    return dict(zip(keys, made(records, values=map(exact, found)), strict=True))


def spelt(places: Places, records: Sequence[int], texts: Sequence[str]) -> Each:
    """Who has values, which the database put in order and spelt."""
    if not all(records):
        records, texts = [each or 0 for each in records], [
            text if each else "" for each, text in zip(records, texts, strict=True)]
    return Columns(places, records, texts=texts)


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


def wholes(amounts: Sequence[Any]) -> list[int] | None:
    """The amounts, where all of them are whole numbers, as nearly always; else None."""
    try:
        found = list(map(int, amounts))
    except (ValueError, OverflowError):
        return None
    return found if set(map(type, amounts)) <= {int, str} or found == list(amounts) else None


def fraction(amount: Any) -> Fraction:
    """The amount, exactly; nearly all are whole, which is quicker."""
    if isinstance(amount, str):
        return Fraction(amount)
    whole = int(amount)
    return Fraction(whole) if whole == amount else Fraction(amount)

"""What a law is and how a broken one is told. Decides that every failure names who broke it, how, and what to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from meritline_sdk.evaluate.numbers import rational_text, rounded, terminating

SHOWN = 4
TRIES = 300


class LawBroken(AssertionError):
    """A law of the testkit that does not hold; the text names the declaration, the law, an example and the remedy.

    ``of`` is the key of what broke it, ``law`` the law's name.
    """

    def __init__(self, of: str, law: "Law", found: str, example: str) -> None:
        self.of, self.law = of, law.name
        told = [f"{of} breaks the law {law.name!r}: {law.holds}", f"  found: {found}"]
        told += [f"  smallest example: {example}"] if example else []
        super().__init__("\n".join([*told, f"  what to do: {law.remedy}"]))


@dataclass(frozen=True, slots=True)
class Law:
    """One law: its name, of what it holds (``set``, ``indicator``, ``function``, ``scheme``, ``reward table``), what
    holds, and what to do where it does not."""

    name: str
    of: str
    holds: str
    remedy: str

    def broken(self, of: str, found: str, example: str = "") -> LawBroken:
        """The failure of the one with this key."""
        return LawBroken(of, self, found, example)


def smallest[T](items: Sequence[T], breaks: Callable[[list[T]], bool]) -> list[T]:
    """A part of the items that still breaks it and from which nothing can be left out, as far as a few tries find.

    >>> smallest(range(100), lambda some: 7 in some and 70 in some)
    [7, 70]
    """
    kept, size, tries = list(items), max(len(items) // 2, 1), TRIES
    while size:
        at = 0
        while at < len(kept) and tries:
            fewer, tries = kept[:at] + kept[at + size:], tries - 1
            if breaks(fewer):
                kept = fewer
            else:
                at += size
        size //= 2
    return kept


def shown(records: Sequence[Mapping[str, Any]]) -> str:
    """Records as a person reads them: what they lack is left out, and so are all but the first few."""
    told = ["{" + ", ".join(f"{name} = {plain(value)}" for name, value in one.items() if value is not None) + "}"
            for one in records[:SHOWN]]
    return "; ".join(told) + (f"; and {len(records) - SHOWN} more" if len(records) > SHOWN else "")


def plain(value: Any) -> str:
    """A value as one writes it."""
    if isinstance(value, Fraction):
        places = terminating(value)
        return rational_text(value) if places is None else str(rounded(value, places))
    return str(value) if not isinstance(value, str) or isinstance(value, Decimal) else repr(value)


INTERPRETER = "Decide it by the records alone: no set or dict order, no hash(), no id(), no random, no environment."
LAWS = (
    Law("declared_alike", "set", "another interpreter, with another hash seed, declares the same",
        "Build nothing from a set, from the clock, from the environment or from anything random; write tuples."),
    Law("round_trip", "set", "written down and read again every declaration is the same, with the same hash",
        "Use the types of meritline_sdk as they are: no subclasses, no lists where a tuple stands."),
    Law("golden", "indicator", "each golden case gives what it expects", "Mend the declaration, or the case."),
    Law("sentences", "indicator", "it says itself in English and in Chinese, in different words",
        "Give its Texts both languages."),
    Law("repeatable", "indicator", "read twice from the same records it is the same",
        "Keep nothing between two calls: no cache, no counter, no global."),
    Law("order", "indicator", "the order of the records does not matter",
        "Sort by what the records say, not by place."),
    Law("input_kept", "indicator", "the records are afterwards as they were",
        "Work on copies: sorted(rows), not sort()."),
    Law("empty", "indicator", "of no records a ratio, mean or percentile is not measured, a count or sum is 0 only "
        "where the source delivered, and otherwise it is what nothing= says",
        "Give None where there is nothing to tell."),
    Law("evidence", "indicator", "without the records that are not its evidence it is the same",
        "Name every record that the value rests on in used=, or leave used= out."),
    Law("within_unit", "indicator", "the value is one that its unit can have",
        "Give the field its minimum= and maximum=, make the numerator a part of the denominator, or choose another "
        "unit."),
    Law("reading_round_trip", "indicator", "its reading survives JSON", "Give exact numbers of bearable size."),
    Law("merges", "indicator", "what is found in two heaps of records, put together, is what is found in both at once",
        "Measure record by record; what looks at other records is exempt."),
    Law("sql", "indicator", "the server's SQL reads every golden case as plain Python does",
        "Report it with the case: this is a fault of Meritline, not of your plugin."),
    Law("rated_within_scale", "indicator", "ratings at the ends of the scale give the ends of the unit",
        "Mend scale_min= and scale_max=, or choose the unit that goes with them."),
    Law("checked", "function", "it answers with an Answer in the indicator's unit, exact and finite, or None",
        "Use int, Decimal or Fraction, never a float; // and Fraction(a, b) instead of /; None where it cannot tell."),
    Law("rows_order", "function", "the order of its rows does not matter", "Sort the rows by what they say."),
    Law("rows_kept", "function", "rows and settings are afterwards as they were", "Work on copies: sorted(rows)."),
    Law("afresh", "function", "another interpreter, with another hash seed and time zone, gives the same", INTERPRETER),
    Law("no_clock", "function", "on another day it gives the same",
        "Take every moment from the rows, or from period: it has start, end, first_day and last_day."),
    Law("used", "function", "the rows it says it used give the same value alone",
        "Name every row that the value rests on in used=, or leave used= out."),
    Law("budget", "function", "how long it takes for 1,000 rows is told after the run (never a failure)",
        "A host gives a batch a few seconds; look each row up once instead of comparing all with all."),
    Law("scores", "scheme", "nothing measured gives no score; everything measured gives one, told in both languages",
        "Give each line a rule that covers every reading, and titles in both languages."),
    Law("monotone", "scheme", "a better reading never lowers the score, where more or less of the indicator is better",
        "Turn the rule round, mend its steps, or say better=NEITHER or RANGE where more is not simply better."),
    Law("bounds", "scheme", "the score lies within floor and cap, has its places, and has a grade where grades are",
        "Give the scheme cap=, floor= and grades that cover the range."),
    Law("pools", "reward table", "the parts of a pool sum to its amount, to the cent (where the server is installed)",
        "Report it with the table: this is a fault of Meritline, not of your plugin."),
)  # fmt: skip
"""Every law of ``laws_for``, in the order in which they are told."""
"""Every law of the testkit, in the order in which it tries them."""
_BY_NAME = {law.name: law for law in LAWS}


def law(name: str) -> Law:
    """The law of this name."""
    return _BY_NAME[name]

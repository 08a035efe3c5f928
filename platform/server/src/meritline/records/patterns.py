"""Dates and times in the forms of exports. Decides which patterns there are and what a text says by one.

``%Y %y %m %d %H %I %p %M %S %f %z %b`` as in Python, numbers with or without leading zeros, ASCII digits only;
``epoch_s`` and ``epoch_ms`` for counted seconds. RFC 3339 (``2026-05-03T09:00:00+08:00``, also with a blank and
without seconds or zone) is read without being told.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

DIGITS: Final = {
    "Y": r"(?P<Y>[0-9]{4})", "y": r"(?P<y>[0-9]{2})", "m": r"(?P<m>1[0-2]|0?[1-9])",
    "d": r"(?P<d>3[01]|[12][0-9]|0?[1-9])", "H": r"(?P<H>2[0-3]|[01]?[0-9])", "I": r"(?P<I>1[0-2]|0?[1-9])",
    "M": r"(?P<M>[0-5]?[0-9])", "S": r"(?P<S>[0-5]?[0-9])", "f": r"(?P<f>[0-9]{1,9})",
    "p": r"(?P<p>AM|PM|am|pm|上午|下午)", "z": r"(?P<z>Z|[+-][0-9]{2}:?[0-9]{2})",
    "b": r"(?P<b>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
}  # fmt: skip
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EPOCHS: Final = {"epoch_s": 1_000_000, "epoch_ms": 1_000}
ISO: Final = re.compile(
    r"(?P<Y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})"
    r"(?:[T ](?P<H>[0-9]{2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?)?"
    r"(?P<z>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
# What nearly every program sends, and the calendar of the standard library reads alike.
USUAL_ISO: Final = re.compile(
    r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
)
DATE_PARTS: Final = ({"Y", "y"}, {"m", "b"}, {"d"})
EARLIEST, LATEST = 1900, 2199


class BadPattern(ValueError):
    """A pattern that cannot say a date."""


class NoSuchMoment(ValueError):
    """A text in the right form that names no moment, such as the 30th of February."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One compiled pattern."""

    text: str
    matcher: re.Pattern[str] | None
    # Where year, month, day, hour, minute and second stand among the groups, if there is nothing else in the pattern.
    places: tuple[int, ...] = ()

    def read(self, text: str) -> datetime | None:
        """The moment as written: with a zone where the text has one; None where the form is another."""
        if self.matcher is None:
            return counted(text, EPOCHS[self.text])
        found = self.matcher.fullmatch(text)
        if found is None:
            return None
        if not self.places:
            return assembled(found.groupdict())
        parts = [*map(int, found.groups()), 0]
        year, month, day, hour, minute, second = [parts[place] for place in self.places]
        if self.text.find("%y") >= 0:
            year = century(year)
        require_year(year)
        try:
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is the source's business
        except ValueError as wrong:
            raise NoSuchMoment(str(wrong)) from wrong


@lru_cache(maxsize=1024)
def pattern(text: str) -> Pattern:
    """The compiled pattern; raises ``BadPattern`` with what is wrong."""
    if text in EPOCHS:
        return Pattern(text, None)
    parts, asked = [], list[str]()
    rest = re.split(r"%(.)", text)
    for place, part in enumerate(rest):
        if place % 2 == 0:
            parts.append(r"\s+".join(re.escape(word) for word in re.split(r"\s+", part)))
        elif part == "%":
            parts.append("%")
        elif part in DIGITS:
            parts.append(DIGITS[part])
            asked.append(part)
        else:
            raise BadPattern(f"%{part} is not one of %{' %'.join(DIGITS)}")
    if len(set(asked)) < len(asked):
        raise BadPattern("a part stands twice")
    if not all(each & set(asked) for each in DATE_PARTS):
        raise BadPattern("year, month and day must be in it")
    if ("I" in asked) != ("p" in asked) or {"I", "H"} <= set(asked):
        raise BadPattern("%I goes with %p and not with %H")
    return Pattern(text, re.compile("".join(parts)), plain_places(asked))


def plain_places(asked: list[str]) -> tuple[int, ...]:
    """The places of the six plain parts (-1: not there); empty where a pattern has others."""
    if not set(asked) <= set("YymdHMS") or {"Y", "y"} <= set(asked):
        return ()
    year = asked.index("Y" if "Y" in asked else "y")
    return (year, *(asked.index(each) if each in asked else -1 for each in "mdHMS"))


def iso(text: str) -> datetime | None:
    """The moment of an RFC 3339 text."""
    if USUAL_ISO.fullmatch(text):
        with suppress(ValueError):  # and told below
            return datetime.fromisoformat(text)
    found = ISO.fullmatch(text)
    return None if found is None else assembled(found.groupdict())


def assembled(parts: dict[str, str | None]) -> datetime:
    """The moment of its parts; raises where the calendar has no such moment."""
    given = {name: value for name, value in parts.items() if value is not None}
    year = int(given["Y"]) if "Y" in given else century(int(given["y"]))
    month = MONTHS.index(given["b"]) + 1 if "b" in given else int(given["m"])
    fraction = given.get("f", "0").ljust(6, "0")[:6]
    require_year(year)
    try:
        return datetime(  # the zone is the source's business where the text has none
            year, month, int(given["d"]), hour_of(given), int(given.get("M", 0)), int(given.get("S", 0)), int(fraction),
            zone_of(given.get("z")),
        )  # fmt: skip
    except ValueError as wrong:
        raise NoSuchMoment(str(wrong)) from wrong


def require_year(year: int) -> None:
    """Refuse years that no service record has: 0201, 1601 and 9999 are mistakes or stand for nothing."""
    if not EARLIEST <= year <= LATEST:
        raise NoSuchMoment(f"the year {year} is not between {EARLIEST} and {LATEST}")


def century(year: int) -> int:
    """The year of two digits, as POSIX has it: 69 to 99 in the last century."""
    return year + (1900 if year >= 69 else 2000)


def hour_of(given: dict[str, str]) -> int:
    """The hour of the day."""
    if "I" in given:
        return int(given["I"]) % 12 + (12 if given["p"] in ("PM", "pm", "下午") else 0)
    return int(given.get("H", 0))


def zone_of(text: str | None) -> timezone | None:
    """The offset that a text gives."""
    if text is None or text == "Z":
        return UTC if text else None
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset >= timedelta(hours=24) or int(digits[2:]) > 59:
        raise NoSuchMoment(f"{text} is not an offset")
    return timezone(offset if text[0] == "+" else -offset)


def counted(text: str, microseconds: int) -> datetime | None:
    """The moment that is so many units after 1970."""
    if not (text.isascii() and text.isdigit() and len(text) <= 14):
        return None
    try:
        found = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(text) * microseconds)
    except OverflowError as wrong:
        raise NoSuchMoment("it lies beyond the calendar") from wrong
    require_year(found.year)
    return found

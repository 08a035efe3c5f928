"""Reading one table of a document. Decides which forms a value may have; every mistake is collected with its place.

Each method asks for a key once, gives None (or the default) where it is absent or wrong, and never raises: so one
pass over a document finds all its mistakes. ``finish`` reports what nobody asked for.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from meritline.documents.located import Document, Path
from meritline.errors import Problem
from meritline_sdk import Text
from meritline_sdk.model.records import KEY

LARGEST_WHOLE = 10**9
MOST_TABLES = 500
MOST_WHOLE_DIGITS, MOST_PLACES, LONGEST_TEXT = 15, 10, 500
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What ``Decimal`` would also take as text (1_000, 1e9, digits of other scripts) is more often a slip than a number.
PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


class Table:
    """One table while it is read."""

    def __init__(self, document: Document, problems: list[Problem], path: Path = ()) -> None:
        self.document, self.problems, self.path = document, problems, path
        found = document.at(path)
        self.data: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
        self.asked: set[str] = set()

    def report(self, code: str, *steps: str | int, value: object = None, **params: object) -> None:
        """Collect a problem at a key or deeper, or at the table itself."""
        self.problems.append(self.document.problem(code, (*self.path, *steps), value=value, **params))

    def has(self, key: str) -> bool:
        """Whether the key stands there with a value."""
        self.asked.add(key)
        return self.data.get(key) is not None

    def raw(self, key: str, *, required: bool = False) -> Any:
        """The value as it stands."""
        if not self.has(key):
            if required:
                self.report("E-DOC-MISSING", key)
            return None
        return self.data[key]

    def text(self, key: str, *, required: bool = False, default: str | None = None) -> str | None:
        """A text with something in it."""
        value = self.raw(key, required=required)
        if value is None:
            return default
        if isinstance(value, str) and value.strip() and len(value) <= LONGEST_TEXT and "\0" not in value:
            return value.strip()
        self.report("E-DOC-TEXT", key, value=value, longest=LONGEST_TEXT)
        return default

    def key(self, key: str, *, required: bool = False, default: str | None = None) -> str | None:
        """A key in the house form: ``engineers_monthly``."""
        value = self.text(key, required=required)
        if value is None:
            return default
        if KEY.fullmatch(value):
            return value
        self.report("E-DOC-KEY", key, value=value)
        return default

    def title(self, key: str = "title", default: str | None = None) -> Text | None:
        """A text in both languages: ``title`` and ``title_zh``, either of which stands for both."""
        en, zh = self.text(key), self.text(f"{key}_zh")
        words = en or zh or default
        return Text(en or words, zh or words) if words else None  # type: ignore[arg-type]

    def choice(self, key: str, allowed: Iterable[str], *, required: bool = False,
               default: str | None = None) -> str | None:
        """One of the words of a closed list."""
        value = self.raw(key, required=required)
        known = tuple(allowed)
        if value is None or value in known:
            return default if value is None else value
        self.report("E-DOC-CHOICE", key, value=value, known=nearest_first(str(value), known))
        return default

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self.raw(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.report("E-DOC-FLAG", key, value=value)
        return default

    def number(self, key: str, *, required: bool = False, least: int | None = None, above: int | None = None,
               most: int | None = None, default: Decimal | None = None) -> Decimal | None:
        """An exact, finite number."""
        value = self.raw(key, required=required)
        if value is None:
            return default
        found = exact_number(value)
        if isinstance(found, str):
            self.report(found, key, value=value, places=MOST_PLACES)
            return default
        if (least is not None and found < least) or (above is not None and found <= above):
            code = "E-DOC-LEAST" if least is not None else "E-DOC-ABOVE"
            self.report(code, key, value=value, limit=least if least is not None else above)
            return default
        if most is not None and found > most:
            self.report("E-DOC-MOST", key, value=value, limit=most)
            return default
        return found

    def numbers(self, key: str, *, required: bool = False) -> tuple[Decimal, ...]:
        """A list of exact, finite numbers."""
        value = self.raw(key, required=required)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not value:
            self.report("E-DOC-LIST", key, value=value)
            return ()
        found = [exact_number(one) for one in value]
        for place, one in enumerate(found):
            if isinstance(one, str):
                self.report(one, key, place, value=value[place], places=MOST_PLACES)
        return tuple(one for one in found if isinstance(one, Decimal))

    def whole(self, key: str, *, least: int = 0, default: int | None = None) -> int | None:
        """A whole number."""
        found = self.number(key, least=least, most=LARGEST_WHOLE)
        if found is None:
            return default
        if found == found.to_integral_value():
            return int(found)
        self.report("E-DOC-WHOLE", key, value=self.data[key])
        return default

    def day(self, key: str, *, required: bool = False) -> date | None:
        """A calendar day: a TOML date, or the text ``2026-05-01``."""
        value = self.raw(key, required=required)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        try:
            if isinstance(value, str) and DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.report("E-DOC-DATE", key, value=value)
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each once."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) and one.strip() for one in value):
            self.report("E-DOC-LIST", key, value=value)
            return ()
        for one in sorted({one for one in value if value.count(one) > 1}):
            self.report("E-DOC-TWICE", key, value=one)
        return tuple(dict.fromkeys(one.strip() for one in value))

    def table(self, key: str, *, required: bool = False) -> "Table | None":
        """A table inside this one."""
        value = self.raw(key, required=required)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.report("E-DOC-TABLE", key, value=value)
            return None
        return Table(self.document, self.problems, (*self.path, key))

    def tables(self, key: str, *, required: bool = False) -> list["Table"]:
        """A list of tables inside this one."""
        value = self.raw(key, required=required)
        if value is None:
            return []
        if not isinstance(value, list | tuple) or not all(isinstance(one, Mapping) for one in value):
            self.report("E-DOC-TABLE", key, value=value)
            return []
        if len(value) > MOST_TABLES:
            self.report("E-DOC-MANY", key, value=key, count=len(value), most=MOST_TABLES)
            return []
        return [Table(self.document, self.problems, (*self.path, key, place)) for place in range(len(value))]

    def finish(self) -> None:
        """Report every key that nobody asked for, with the known ones, the nearest first."""
        for key in self.data:
            if key not in self.asked:
                self.report("E-DOC-UNKNOWN", str(key), value=str(key), known=nearest_first(str(key), self.asked))


def exact_number(value: Any) -> Decimal | str:
    """The number, or the code of what is wrong with it."""
    if isinstance(value, float):
        return "E-DOC-INEXACT"
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return "E-DOC-NUMBER"
    if isinstance(value, str) and not PLAIN.fullmatch(value.strip(" ")):
        return "E-DOC-NUMBER"
    found = Decimal(value)
    if not found.is_finite():
        return "E-DOC-NUMBER"
    exponent = found.as_tuple().exponent
    # By the exponent: arithmetic with 1e9999999 raises, and 0e9999999 would be written with as many zeros.
    if found.adjusted() >= MOST_WHOLE_DIGITS or (isinstance(exponent, int) and exponent < -MOST_PLACES):
        return "E-DOC-SIZE"
    return found


def nearest_first(word: str, known: Iterable[str]) -> list[str]:
    """The known words, those most like the one given first."""
    return sorted(known, key=lambda one: (-SequenceMatcher(None, word.lower(), one.lower()).ratio(), one))

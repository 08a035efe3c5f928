"""The message catalogue. Decides which texts an error code has, and how a value is shown in them.

One TOML section per code in ``catalogue/<feature>.toml``::

    [E-BANDS-GAP]
    en = "{low} to {high} is covered by no row."
    zh = "{low} 至 {high} 没有任何一行覆盖。"
    remedy_en = "Add a row for it, or widen a neighbour."
    remedy_zh = "请补一行，或扩大相邻行的范围。"
    extension = "BAD_USER_INPUT"   # optional; this is the default
    severity = "error"             # optional; or "warning"

Texts are whole sentences. They do not repeat file, line, row or field (those stand before the text) and may use
``{value}`` and any parameter that the place of the error gives.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Literal, get_args

Language = Literal["en", "zh"]
Severity = Literal["error", "warning"]
Extension = Literal[
    "BAD_USER_INPUT",
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "NOT_FOUND",
    "CONFLICT",
    "TOO_LARGE",
    "RATE_LIMITED",
    "UNAVAILABLE",
    "INTERNAL",
]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
CODE: Final = re.compile(r"E(-[A-Z0-9]+)+")
PLACE: Final = re.compile(r"\{(\w+)\}")
LONGEST_VALUE: Final = 120
REQUIRED: Final = ("en", "zh", "remedy_en", "remedy_zh")


@dataclass(frozen=True, slots=True)
class Entry:
    """One code with its texts."""

    code: str
    feature: str
    en: str
    zh: str
    remedy_en: str
    remedy_zh: str
    extension: Extension = "BAD_USER_INPUT"
    severity: Severity = "error"

    def message(self, language: Language) -> str:
        """The template of what happened."""
        return self.zh if language == "zh" else self.en

    def remedy(self, language: Language) -> str:
        """The template of what to do."""
        return self.remedy_zh if language == "zh" else self.remedy_en


class CatalogueError(Exception):
    """The catalogue itself is wrong: a mistake of ours, found by the first test that runs."""


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every code, from all feature files."""
    found: dict[str, Entry] = {}
    for path in sorted(files(__package__).joinpath("catalogue").iterdir(), key=lambda each: each.name):
        if path.name.endswith(".toml"):
            for entry in read(path.name.removesuffix(".toml"), path.read_text("utf-8")):
                if entry.code in found:
                    raise CatalogueError(f"{entry.code} stands in {found[entry.code].feature} and in {entry.feature}")
                found[entry.code] = entry
    return MappingProxyType(dict(sorted(found.items())))


def read(feature: str, text: str) -> list[Entry]:
    """The entries of one feature file."""
    return [checked(feature, code, body) for code, body in tomllib.loads(text).items()]


def checked(feature: str, code: str, body: dict[str, str]) -> Entry:
    """The entry, or an error that says what its section lacks."""
    where = f"messages/catalogue/{feature}.toml [{code}]"
    if not CODE.fullmatch(code):
        raise CatalogueError(f"{where}: a code looks like E-BANDS-GAP")
    missing = [key for key in REQUIRED if not body.get(key, "").strip()]
    unknown = set(body) - {*REQUIRED, "extension", "severity"}
    if missing or unknown:
        raise CatalogueError(f"{where}: missing {missing}, unknown {sorted(unknown)}")
    entry = Entry(code, feature, **body)  # type: ignore[arg-type]
    if entry.extension not in get_args(Extension) or entry.severity not in get_args(Severity):
        raise CatalogueError(f"{where}: extension {entry.extension!r} or severity {entry.severity!r} is not known")
    return entry


def entry_of(code: str) -> Entry:
    """The entry of a code; an unknown code still gives a readable text, since an error must never hide another."""
    return catalogue().get(code) or Entry(
        code, "unknown", f"{code}.", f"{code}。", "Report this code.", "请报告此代码。", "INTERNAL"
    )


def fill(template: str, params: Mapping[str, object]) -> str:
    """The template with its places filled; a place without a value shows as ``?``."""
    return PLACE.sub(lambda place: shown(params.get(place[1], "?")), template)


def shown(value: object) -> str:
    """A value as a reader may see it: one line, no control characters, not endless."""
    many = isinstance(value, list | tuple | set | frozenset)
    text = ", ".join(shown(each) for each in value) if many else str(value)  # type: ignore[attr-defined]
    text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def language_of(wish: str | None) -> Language:
    """The language for an ``Accept-Language`` header or a ``--lang`` value: the first wish that we speak, else English.

    >>> language_of("fr, zh-CN;q=0.8, en;q=0.5")
    'zh'
    """
    return preferred(wish[:500]) if wish else "en"


@lru_cache(256)
def preferred(wish: str) -> Language:
    """The same of what is not empty; the clients of a company wish the same, again and again."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(wish.split(",")):
        tag, _, weight = part.strip().lower().replace("_", "-").partition(";q=")
        with_weight = float(weight) if re.fullmatch(r"[01](\.\d{1,3})?", weight) else 1.0 if not weight else 0.0
        ranked.append((-with_weight, place, tag.split("-")[0]))
    spoken = [tag for weight, _, tag in sorted(ranked) if weight < 0 and tag in LANGUAGES]
    return "zh" if spoken[:1] == ["zh"] else "en"

"""Blanks in a document: ``{ blank = "key" }`` where a number shall stand. Decides how they are filled and told.

``[blanks]`` fills those of the template, or of the document itself, each in the unit of its place; what is wrong with a
filling is told at the filling. What stays open is told all at once, with its line and what the template says of it.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from meritline.documents import Document, Path, Table
from meritline.documents.table import exact_number, nearest_first
from meritline.errors import Problem
from meritline_sdk import Text
from meritline_sdk.model.blanks import Blank
from meritline_sdk.model.records import KEY

WORDS = ("title", "title_zh", "printed")
MARKER = frozenset({"blank", "suggested", "taken", *WORDS})
DEEPEST = 12

type Said = Decimal | Blank
"""A number of a document, or the blank in which it will stand."""
NAMES = ("key", "item", "indicator", "scheme", "reward_table")


@dataclass(frozen=True, slots=True)
class Filled(Document):
    """A document with its blanks filled; a mistake is placed where its author said what is wrong."""

    own: Mapping[str, Any] = field(default_factory=dict)
    fillings: Mapping[Path, str] = field(default_factory=dict)
    blanks: Mapping[str, Blank] = field(default_factory=dict)
    opened: list[tuple[Path, Blank]] = field(default_factory=list, compare=False)
    renamings: Mapping[Path, str] = field(default_factory=dict)

    def problem(self, code: str, path: Path, *, value: object = None, **params: Any) -> Problem:
        """A problem at the part, at the filling or renaming that put it there, or at the template it came from."""
        if path in self.renamings:
            path = ("schemes", self.renamings[path])
        for length in range(len(path), 0, -1):
            if path[:length] in self.fillings:
                path = ("blanks", self.fillings[path[:length]])
        found = Document.problem(self, code, path, value=value, **params)
        if path and path[0] not in self.own and "template" in self.own:
            return dataclasses.replace(found, line=self.line(("template",)))
        return found

    def whose(self, path: Path) -> str:
        """What the line around a part is called, or the whole."""
        for length in range(len(path), -1, -1):
            part = self.at(path[:length])
            name = next((part[one] for one in NAMES if part.get(one)), None) if isinstance(part, Mapping) else None
            if isinstance(name, str):
                return name
        return "?"


def filled_document(merged: Mapping[str, Any], given: Document, blanks: Mapping[str, Blank],
                    problems: list[Problem]) -> Filled:
    """The merged document with what ``[blanks]`` says in the place of its markers."""
    numbers = read_fillings(given, problems)
    fillings: dict[Path, str] = {}
    known = {**blanks, **{one.key: one for one in markers(merged, blanks)}}
    standing = {key: stands(known[key], value, given, problems) for key, value in numbers.items() if key in known}
    data = {key: put(value, standing, fillings, (key,)) for key, value in merged.items() if key != "blanks"}
    for key in numbers:
        if key not in known:
            problems.append(given.problem("E-SCHEME-BLANK-UNKNOWN", ("blanks", key), value=key,
                                          known=nearest_first(key, known)[:5] or ["—"]))
    return Filled(data, given.file, given.lines, given.data, fillings, known)


def read_fillings(given: Document, problems: list[Problem]) -> Mapping[str, Any]:
    """``[blanks]``: what each blank shall be."""
    found = given.data.get("blanks")
    if found is None or isinstance(found, Mapping):
        return {str(key): value for key, value in (found or {}).items() if value is not None}
    problems.append(given.problem("E-DOC-TABLE", ("blanks",), value=found))
    return {}


def stands(blank: Blank, value: Any, given: Document, problems: list[Problem]) -> Any:
    """The filling as it stands in its place: with a minus where the blank is printed as a deduction."""
    number = exact_number(value)
    if not blank.taken or isinstance(number, str):
        return value
    if number < 0:
        problems.append(given.problem("E-SCHEME-BLANK-MINUS", ("blanks", blank.key), value=value, title=blank.title))
    return -abs(number)


def put(value: Any, numbers: Mapping[str, Any], fillings: dict[Path, str], path: Path) -> Any:
    """The part with its markers filled."""
    if len(path) > DEEPEST:
        return value
    if isinstance(value, Mapping):
        if is_marker(value) and value["blank"] in numbers:
            fillings[path] = value["blank"]
            return numbers[value["blank"]]
        return {key: put(part, numbers, fillings, (*path, key)) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [put(part, numbers, fillings, (*path, place)) for place, part in enumerate(value)]
    return value


def is_marker(value: object) -> bool:
    """Whether this stands for a blank: ``{ blank = "key" }``, with what else may be said of it."""
    return isinstance(value, Mapping) and isinstance(value.get("blank"), str) and bool(
        KEY.fullmatch(value["blank"])) and value.keys() <= MARKER


def markers(value: Any, known: Mapping[str, Blank], depth: int = 0) -> Iterator[Blank]:
    """Every blank that a document names."""
    if depth > DEEPEST:
        return
    if (found := blank_of(value, known)) is not None:
        yield found
    elif isinstance(value, Mapping | list | tuple):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from markers(part, known, depth + 1)


def blank_of(value: Any, known: Mapping[str, Blank]) -> Blank | None:
    """The blank of a marker; what it does not say itself, the template says."""
    if not is_marker(value):
        return None
    key, before = value["blank"], known.get(value["blank"])
    if len(value) == 1 and before is not None:
        return before
    words = {name: found for name in WORDS if isinstance(found := value.get(name), str)}
    en, zh = (words.get(name, "").strip() for name in ("title", "title_zh"))
    suggested = value.get("suggested")
    return Blank(key, Text(en or zh or key, zh or en or key), words.get("printed", "( )"),
                 suggested if isinstance(suggested, int | Decimal | str) else None, taken=value.get("taken") is True)


def open_at(table: Table, key: str, *steps: int) -> Blank | None:
    """The blank that stands at a key and is not filled; it is noted."""
    document, value = table.document, table.document.at((*table.path, key, *steps))
    if not isinstance(document, Filled) or (found := blank_of(value, document.blanks)) is None:
        return None
    table.has(key)
    document.opened.append(((*table.path, key, *steps), found))
    return found


def number(table: Table, key: str, *, required: bool = False, least: int | None = None, above: int | None = None,
           most: int | None = None, default: Said | None = None) -> Said | None:
    """An exact, finite number, or the blank in which it will stand."""
    blank = open_at(table, key)
    if blank is not None:
        return blank
    found = table.number(key, required=required, least=least, above=above, most=most)
    return default if found is None else found


def require_order(table: Table, lower: str, upper: str, low: Said | None, high: Said | None) -> None:
    """Report two limits the wrong way round: nothing lies between them."""
    if isinstance(low, Decimal) and isinstance(high, Decimal) and low > high:
        table.report("E-DOC-ORDER", upper, value=high, lower=lower, low=low)


def open_problems(document: Filled) -> list[Problem]:
    """Every blank that is open, once, with the lines in which it stands."""
    places: dict[str, list[tuple[Path, Blank]]] = {}
    for path, blank in document.opened:
        places.setdefault(blank.key, []).append((path, blank))
    return [open_problem(document, *found[0], found) for found in places.values()]


def open_problem(document: Filled, path: Path, blank: Blank, every: list[tuple[Path, Blank]]) -> Problem:
    """One open blank: where it stands, what it is, how it is printed, what we would put there."""
    parameter = next(step for step in reversed(path) if isinstance(step, str))
    ours = "" if blank.suggested is None else Text(f" We suggest {blank.suggested}.", f"我们建议：{blank.suggested}。")
    words = blank.printed.strip()
    printed = Text(f", printed as \"{words}\",", f"，原文印作“{words}”，") if words else ""
    lines = list(dict.fromkeys(document.whose(one) for one, _ in every))
    return document.problem("E-SCHEME-BLANK", path, item=lines, parameter=parameter, blank=blank.key,
                            title=blank.title, printed=printed, suggestion=ours)

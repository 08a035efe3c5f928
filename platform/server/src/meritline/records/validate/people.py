"""Several people in one record. Decides how codes and parts are cut out of a cell.

``E1;E2`` shares equally; ``E1:2;E2:1`` with ``parts = ":"`` by whole-number parts; several columns are several people;
``count`` is a column with how many there were, and those without a name keep their part, of nobody. A program may send
a JSON list of codes or of ``{"code": "E1", "part": 2}``.
"""

import re
from typing import Any, Final

import msgspec

from meritline.records.validate.converters import Converter, Failure, text_or_failure

SEPARATORS: Final = re.compile(r"[;,、;,/|]")
MOST: Final = 100
LARGEST_PART: Final = 1_000_000
WHOLE: Final = re.compile(r"[0-9]{1,7}")


class PeopleConverter(Converter):
    """Codes (None: unnamed) with their parts; the last cell is the count where the source has one."""

    def value(self, raw: Any) -> Any:
        mapping = self.mapping
        cells = [cell.strip() for cell in (raw if type(raw) is tuple else (raw,))]
        count = cells[-1] if mapping.count_column else None
        named = [cell for cell in (cells[:-1] if mapping.count_column else cells) if cell not in mapping.missing]
        named = [one for cell in named if (one := mapping.values.get(cell, cell)) not in mapping.missing]
        people = self.people(named)
        if type(people) is Failure or count is None:
            return people if type(people) is Failure else packed(people)
        return self.counted(people, count)

    def people(self, cells: list[str]) -> Any:
        """Code and part of everyone named; who stands twice without parts counts once."""
        found: list[tuple[str, int]] = []
        for cell in cells:
            some = from_json(cell) if cell.startswith("[") else self.from_text(cell)
            if type(some) is Failure:
                return some
            found += some
        codes = [code for code, _ in found]
        if len(found) > MOST:
            return Failure("E-ROW-PEOPLE", {"reason": f"{len(found)} people"})
        if len(set(codes)) < len(codes):
            if any(part != 1 for _, part in found):
                return Failure("E-ROW-PEOPLE-TWICE", {"known": sorted({one for one in codes if codes.count(one) > 1})})
            return [(code, 1) for code in dict.fromkeys(codes)]
        return found

    def from_text(self, cell: str) -> Any:
        """The people of one cell."""
        mapping = self.mapping
        cut = cell.split(mapping.separator) if mapping.separator else SEPARATORS.split(cell)
        found: list[tuple[str, int]] = []
        for one in cut:
            code, _, part = one.partition(mapping.part_separator) if mapping.part_separator else (one, "", "")
            person = checked(code.strip(), part.strip() or "1")
            if type(person) is Failure:
                return person
            if person[0]:
                found.append(person)
        return found

    def counted(self, people: list[tuple[str, int]], count: str) -> Any:
        """Everyone named, and the parts of those who are not."""
        if count in self.mapping.missing:
            return packed(people)
        if not WHOLE.fullmatch(count) or int(count) > MOST:
            return Failure("E-ROW-PEOPLE", {"reason": f"{count}"})
        if int(count) < len(people):
            return Failure("E-ROW-PEOPLE-COUNT", {"count": int(count), "named": len(people)})
        return packed([*people, *[(None, 1)] * (int(count) - len(people))])

    def read(self, text: str) -> Any:
        found = self.people([text])
        return found if type(found) is Failure else packed(found)


def packed(people: list[Any]) -> Any:
    """Codes and parts side by side; nobody at all is missing."""
    return (tuple(code for code, _ in people), tuple(part for _, part in people)) if people else None


def checked(code: str, part: str) -> Any:
    """Code and part, or why not."""
    kept = text_or_failure(code, 200)
    if type(kept) is Failure:
        return kept
    if not WHOLE.fullmatch(part) or not 1 <= int(part) <= LARGEST_PART:
        return Failure("E-ROW-PART", {"part": part})
    return kept, int(part)


def from_json(cell: str) -> Any:
    """The people of a JSON list."""
    try:
        listed = msgspec.json.decode(cell)
    except (msgspec.DecodeError, RecursionError):
        return Failure("E-ROW-PEOPLE", {"reason": "JSON"})
    found = []
    for one in listed:
        code, part = (one.get("code"), one.get("part", 1)) if isinstance(one, dict) else (one, 1)
        if not isinstance(code, str | int) or isinstance(code, bool) or type(part) is not int:
            return Failure("E-ROW-PEOPLE", {"reason": "JSON"})
        person = checked(str(code).strip(), str(part))
        if type(person) is Failure:
            return person
        found.append(person)
    return found

"""A cell as the value of a field. Decides what may be written; what does not fit is refused, never guessed."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from meritline_sdk.evaluate.walls import instant_of
from meritline_sdk.evaluate.windows import zone_of
from meritline_sdk.model.fields import MAXIMUM_TEXT, Choice, Code, FieldSpec, Int, Number
from meritline_sdk.model.kinds import Kind

YES = frozenset({"true", "yes", "y", "t", "1", "是", "有"})
NO = frozenset({"false", "no", "n", "f", "0", "否", "无"})
WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?", re.ASCII)
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", re.ASCII)
MOMENT = re.compile(DAY.pattern + r"(?:[T ]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,6})?)?)?"
                    r" ?(Z|[+-][0-9]{2}:?[0-9]{2})?", re.ASCII)
PEOPLE = re.compile(r"[;|、]")
FIRST, LAST = date(1, 1, 2), date(9999, 12, 30)


class CellError(ValueError):
    """A cell that is no value of its field: the rule, and what its words need."""

    def __init__(self, rule: str, **told: object) -> None:
        super().__init__(rule)
        self.rule, self.told = rule, told


def field_value(spec: FieldSpec, cell: Any, zone: str) -> Any:
    """The typed value, None where the cell is empty; raises ``CellError``."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if spec.kind is Kind.PEOPLE:
        return people(cell)
    if isinstance(cell, bool):
        if spec.kind is not Kind.FLAG:
            raise CellError("value")
        return cell
    if not isinstance(cell, str | int | Decimal):
        raise CellError("value")
    return of_text(spec, str(cell).strip(), zone)


def of_text(spec: FieldSpec, text: str, zone: str) -> Any:
    """The value that a text says."""
    match spec:
        case Int():
            return within(spec, whole(text))
        case Number():
            return within(spec, number(spec, text))
        case Choice():
            return one_of(text, spec.options)
    match spec.kind:
        case Kind.FLAG:
            return flag(text)
        case Kind.INSTANT:
            return instant(text, zone)
        case Kind.DAY:
            return day(text)
    most = spec.longest if isinstance(spec, Code) else MAXIMUM_TEXT
    if len(text) > most:
        raise CellError("long", count=len(text), most=most)
    return text


def whole(text: str) -> int:
    """A whole number."""
    if not WHOLE.fullmatch(text):
        raise CellError("int")
    return int(text)


def number(spec: Number, text: str) -> Decimal:
    """A decimal number with as many decimals as the field has."""
    if not DECIMAL.fullmatch(text):
        raise CellError("number")
    _, _, decimals = text.partition(".")
    if len(decimals.rstrip("0")) > spec.places:
        raise CellError("places", places=spec.places)
    return Decimal(text)


def within(spec: Int | Number, value: Any) -> Any:
    """The number, if it lies within the field's limits."""
    low, high = spec.minimum, spec.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        shown = f"{'' if low is None else low} … {'' if high is None else high}".strip()
        raise CellError("range", range=shown)
    return value


def one_of(text: str, options: Sequence[str]) -> str:
    """One of the words, as it is declared."""
    for option in options:
        if option == text:
            return option
    near = get_close_matches(text, options, n=1)
    raise CellError("choice", known=", ".join(options), hint=f"→ {near[0]}" if near else "")


def flag(text: str) -> bool:
    """Yes or no."""
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise CellError("flag")


def day(text: str) -> date:
    """A day; a moment is none."""
    found = DAY.fullmatch(text)
    if found is None:
        raise CellError("day")
    return calendar_day(found.groups()[:3], "day")


def calendar_day(parts: Sequence[str], rule: str) -> date:
    """The day of year, month and day."""
    try:
        made = date(*map(int, parts))
    except ValueError:
        raise CellError(rule, zone="") from None
    if not FIRST <= made < LAST:
        raise CellError(rule, zone="")
    return made


def instant(text: str, zone: str) -> datetime:
    """A moment in UTC; one without an offset is what the clock shows in the zone."""
    found = MOMENT.fullmatch(text)
    if found is None:
        raise CellError("instant", zone=zone)
    *on, hour, minute, second, fraction, offset = found.groups()
    try:
        local = calendar_day(on, "instant")
        wall = datetime(local.year, local.month, local.day, int(hour or 0), int(minute or 0), int(second or 0),  # noqa: DTZ001
                        int((fraction or ".")[1:].ljust(6, "0")))
        if offset is None:
            return instant_of(wall, zone_of(zone))
        sign = "+00:00" if offset == "Z" else offset
        return datetime.fromisoformat(f"{wall.isoformat()}{sign}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise CellError("instant", zone=zone) from None


def people(cell: Any) -> tuple[tuple[str, int], ...] | None:
    """Several people with their parts: ``M1;M2``, ``M1:2;M2:1``, or a list of such."""
    parts = cell if isinstance(cell, list) else PEOPLE.split(str(cell))
    found: dict[str, int] = {}
    for part in parts:
        name, _, share = part.partition(":") if isinstance(part, str) else ("", "", "")
        if isinstance(part, list) and len(part) == 2:
            name, share = str(part[0]), str(part[1])
        if not isinstance(part, str | list) or not name.strip() or (share and not WHOLE.fullmatch(share.strip())):
            raise CellError("people")
        weight = int(share) if share else 1
        if weight < 1 or name.strip() in found:
            raise CellError("people")
        found[name.strip()] = weight
    return tuple(found.items()) or None

"""One value: text to what its kind of field holds. Decides what is refused; nothing is guessed and nothing rounded.

A converter remembers what it has read (exports repeat themselves), so a column is converted by looking up. What it
cannot read becomes a ``Failure`` in the place of the value.
"""

import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from meritline.records.clock import LocalClock, Repeated, Skipped
from meritline.records.formats import damaged
from meritline.records.formats.chunks import Blank
from meritline.records.patterns import NoSuchMoment, iso, pattern
from meritline.records.sources.mapping import FieldMapping
from meritline.records.validate.columns_of_moments import MomentColumns
from meritline.records.validate.remembered import remembered
from meritline_sdk.model.fields import Choice, Code, Int, Number

MOST_REMEMBERED: Final = 10_000
NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
WIDEST: Final = Decimal(10) ** 18
TRUE: Final = frozenset({"true", "t", "yes", "y", "1", "是", "对", "√"})
FALSE: Final = frozenset({"false", "f", "no", "n", "0", "否", "错", "×"})


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a value was refused: a code and what its message needs."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Converter(dict[Any, Any]):
    """Looks a raw text up, and reads it the first time."""

    def __init__(self, mapping: FieldMapping) -> None:
        super().__init__()
        self.mapping, self.failed = mapping, False

    def __missing__(self, raw: Any) -> Any:
        value = self.value(raw)
        if type(value) is Failure:
            self.failed = True  # and not remembered, so that it is noticed again
        elif len(self) < MOST_REMEMBERED:
            self[raw] = value
        return value

    def column(self, raw: Sequence[Any]) -> list[Any]:
        """The values of a column, a ``Failure`` in the place of what cannot be read."""
        if type(raw) is Blank:
            return [self[""]] * len(raw)
        return list(map(self.__getitem__, raw))

    def value(self, raw: Any) -> Any:
        """The value of a cell, or of several that belong together."""
        mapping = self.mapping
        if type(raw) is tuple:
            cells = [cell.strip() for cell in raw]
            if any(cell in mapping.missing for cell in cells):
                return None
            text = " ".join(cells)
        else:
            text = raw.strip()
            if text in mapping.missing:
                return None
        if mapping.values or mapping.otherwise is not None:
            text = mapping.values.get(text, mapping.otherwise if mapping.otherwise is not None else text)
            if text in mapping.missing:
                return None
        return self.read(text)

    @abstractmethod
    def read(self, text: str) -> Any:
        """The value that a text says, or a ``Failure``."""


class TextConverter(Converter):
    """Codes, and the outside codes of people and departments."""

    longest = 200

    def __init__(self, mapping: FieldMapping) -> None:
        super().__init__(mapping)
        if isinstance(mapping.spec, Code):
            self.longest = mapping.spec.longest

    def read(self, text: str) -> Any:
        return text_or_failure(text, self.longest)


def text_or_failure(text: str, longest: int) -> str | Failure:
    """The text, if a text field can hold it."""
    if len(text) > longest:
        return Failure("E-ROW-LONG", {"limit": longest, "length": len(text)})
    return Failure("E-ROW-TEXT") if damaged(text) else text


class ChoiceConverter(Converter):
    """One of a closed list of words."""

    def read(self, text: str) -> Any:
        assert isinstance(self.mapping.spec, Choice)
        options = self.mapping.spec.options
        return text if text in options else Failure("E-ROW-CHOICE", {"known": list(options)})


class FlagConverter(Converter):
    """Yes or no; what a source lists decides before what it calls missing, so that a blank can mean no."""

    def __init__(self, mapping: FieldMapping) -> None:
        super().__init__(mapping)
        told = bool(mapping.true or mapping.false)
        self.true = mapping.true if told else TRUE
        self.false = mapping.false if told else FALSE

    def value(self, raw: Any) -> Any:
        word = (raw if type(raw) is str else " ".join(raw)).strip().casefold()
        if word in self.true and (word not in self.mapping.missing or self.mapping.true):
            return True
        if word in self.false and (word not in self.mapping.missing or self.mapping.false):
            return False
        return None if word in self.mapping.ignore else super().value(raw)

    def read(self, text: str) -> Any:
        word = text.casefold()
        if word in self.true or word in self.false:
            return word in self.true
        return Failure("E-ROW-FLAG", {"true": sorted(self.true), "false": sorted(self.false)})


class NumberConverter(Converter):
    """Decimals: exact, with at most the places of the field."""

    def __init__(self, mapping: FieldMapping) -> None:
        super().__init__(mapping)
        spec = mapping.spec
        assert isinstance(spec, Number | Int)
        self.places = spec.places if isinstance(spec, Number) else 0
        self.step = Decimal(1).scaleb(-self.places)
        self.minimum, self.maximum = spec.minimum, spec.maximum

    def read(self, text: str) -> Any:
        number = self.number(text)
        if type(number) is Failure:
            return number
        if abs(number) >= WIDEST:
            return Failure("E-ROW-DIGITS")
        rounded = number.quantize(self.step)
        if rounded != number:
            return Failure("E-ROW-PLACES", {"places": self.places}) if self.places else Failure("E-ROW-WHOLE")
        if self.minimum is not None and number < self.minimum:
            return Failure("E-ROW-MINIMUM", {"limit": self.minimum})
        if self.maximum is not None and number > self.maximum:
            return Failure("E-ROW-MAXIMUM", {"limit": self.maximum})
        return self.kept(rounded)

    def number(self, text: str) -> Any:
        """The exact number of a text, written as the source writes numbers."""
        mapping = self.mapping
        if mapping.unit:
            text = text.removesuffix(mapping.unit).rstrip()
        if mapping.thousands:
            text = text.replace(mapping.thousands, "")
        if mapping.decimal != ".":
            text = text.replace(".", "?").replace(mapping.decimal, ".")
        if len(text) > 60 or not NUMBER.fullmatch(text):
            return Failure("E-ROW-NUMBER")
        return Decimal(text)

    def kept(self, number: Decimal) -> Any:
        """What is stored: minus zero is zero."""
        return number if number else abs(number)


class IntConverter(NumberConverter):
    """Whole numbers."""

    def kept(self, number: Decimal) -> Any:
        return int(number)


class MomentConverter(Converter):
    """Instants: RFC 3339, or one of the source's patterns, in the source's zone."""

    def __init__(self, mapping: FieldMapping, clock: LocalClock, zone_required: bool = False) -> None:
        super().__init__(mapping)
        self.clock, self.zone_required = clock, zone_required
        self.patterns = [pattern(each) for each in mapping.formats]
        plain = not (zone_required or mapping.values or mapping.otherwise is not None)
        self.memory = remembered(self.patterns[0], clock) if plain and self.patterns else None
        untouched = not (mapping.values or mapping.otherwise is not None)
        first = mapping.formats[0] if mapping.formats else None
        self.columns = MomentColumns(first, clock, mapping.missing, zone_required) if untouched else None

    def column(self, raw: Sequence[Any]) -> list[Any]:
        if type(raw) is Blank:
            return super().column(raw)
        found = self.columns.read(raw) if self.columns and raw and type(raw[0]) is str else None
        return super().column(raw) if found is None else list(found)

    def __missing__(self, raw: Any) -> Any:
        if self.memory is not None and type(raw) is str and raw not in self.mapping.missing:
            known = self.memory.instant(raw)
            if known is not None:
                return known
        return super().__missing__(raw)

    def read(self, text: str) -> Any:
        try:
            moment = self.moment(text)
            return moment if type(moment) is Failure else self.kept(moment)
        except NoSuchMoment as wrong:
            return Failure("E-ROW-DATE", {"reason": str(wrong)})
        except Skipped:
            return Failure("E-ROW-SKIPPED", {"zone": self.clock.name})
        except Repeated:
            return Failure("E-ROW-REPEATED", {"zone": self.clock.name})
        except OverflowError as wrong:
            return Failure("E-ROW-DATE", {"reason": str(wrong)})

    def moment(self, text: str) -> Any:
        """The moment as written."""
        for each in self.patterns:
            if (found := each.read(text)) is not None:
                if self.memory is not None and each is self.patterns[0]:
                    self.memory.learn(text, found)
                return found
        if (found := iso(text)) is not None:
            return found
        return Failure("E-ROW-MOMENT", {"patterns": [each.text for each in self.patterns] or ["RFC 3339"]})

    def kept(self, moment: datetime) -> Any:
        """What is stored: the instant in UTC."""
        if moment.tzinfo is None and self.zone_required:
            return Failure("E-ROW-ZONE")
        return self.clock.instant(moment)


class DayConverter(MomentConverter):
    """Calendar days; a moment with a zone means the day that its clock showed there for the source."""

    def __init__(self, mapping: FieldMapping, clock: LocalClock) -> None:
        super().__init__(mapping, clock)
        self.memory = self.columns = None  # days repeat themselves

    def kept(self, moment: datetime) -> date:
        return moment.date() if moment.tzinfo is None else self.clock.day(moment)

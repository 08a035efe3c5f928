"""One field of a record type over a chunk: the column of its values, and where it failed.

Decides how the options that look at more than one value work together: alternatives, conditions, rolling over
midnight, and what is required.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from meritline.records.clock import LocalClock
from meritline.records.formats import Chunk, column
from meritline.records.formats.chunks import Blank
from meritline.records.sources.mapping import FieldMapping, SourceMapping
from meritline.records.validate.converters import (
    ChoiceConverter,
    Converter,
    DayConverter,
    Failure,
    FlagConverter,
    IntConverter,
    MomentConverter,
    NumberConverter,
    TextConverter,
)
from meritline.records.validate.people import PeopleConverter
from meritline_sdk.model.kinds import Kind

PLAIN: dict[Kind, type[Converter]] = {
    Kind.CODE: TextConverter, Kind.PERSON: TextConverter, Kind.TEAM: TextConverter, Kind.CHOICE: ChoiceConverter,
    Kind.FLAG: FlagConverter, Kind.INT: IntConverter, Kind.NUMBER: NumberConverter, Kind.PEOPLE: PeopleConverter,
}  # fmt: skip
HALF_A_DAY = timedelta(hours=12)
type Failures = dict[int, tuple[Failure, str]]


def converter(mapping: FieldMapping, source: SourceMapping, clock: LocalClock) -> Converter:
    """The converter of a field's kind."""
    if mapping.spec.kind is Kind.INSTANT:
        return MomentConverter(mapping, clock, source.zone_required)
    return DayConverter(mapping, clock) if mapping.spec.kind is Kind.DAY else PLAIN[mapping.spec.kind](mapping)


class FieldReader:
    """Reads one field out of chunks."""

    def __init__(self, mapping: FieldMapping, source: SourceMapping, clock: LocalClock) -> None:
        self.mapping, self.clock = mapping, clock
        self.converter = converter(mapping, source, clock)
        self.alternatives = [FieldReader(each, source, clock) for each in mapping.alternatives]
        self.required = not mapping.spec.optional
        #: The column, where the value is a cell and nothing else is asked.
        self.simple = mapping.columns[0] if one_cell(mapping) else None
        self.blank = self.converter.value("") if self.simple else None

    def forget(self) -> None:
        """Keep no value of the chunks that were read."""
        self.converter.clear()
        for each in self.alternatives:
            each.forget()

    def values(self, chunk: Chunk, columns: dict[str, list[Any]]) -> tuple[list[Any], Failures]:
        """The values of the chunk, None where missing or failed; ``columns`` are the fields read before this one."""
        if self.simple is None:
            values, failures = self.found(chunk)
            if self.mapping.rolls_over_from:
                self.roll_over(values, columns[self.mapping.rolls_over_from])
        else:
            raw = chunk.cells(self.simple)
            if type(raw) is Blank and type(self.blank) is not Failure:
                values, failures = [self.blank] * len(raw), {}
            else:
                values, failures = self.converted(raw)
        if self.required and None in values:
            for row, value in enumerate(values):
                if value is None and row not in failures:
                    failures[row] = (Failure("E-ROW-MISSING"), "")
        return values, failures

    def found(self, chunk: Chunk) -> tuple[list[Any], Failures]:
        """The values before anything of other fields is asked."""
        if self.alternatives:
            values, failures = self.first_of(chunk)
        elif self.mapping.constant is not None:
            values, failures = self.converted([self.mapping.constant] * len(chunk.lines))
        else:
            values, failures = self.converted(raw_column(chunk, self.mapping))
        for name, words in self.mapping.when.items():
            for row, word in enumerate(column(chunk, name)):
                if word not in words:
                    values[row] = None
                    failures.pop(row, None)
        return values, failures

    def converted(self, raw: Sequence[Any]) -> tuple[list[Any], Failures]:
        """A column of texts as values."""
        self.converter.failed = False
        values = self.converter.column(raw)
        failures: Failures = {}
        if self.converter.failed:
            for row, value in enumerate(values):
                if type(value) is Failure:
                    shown = raw[row] if isinstance(raw[row], str) else " ".join(raw[row])
                    failures[row] = (value, shown.strip())
                    values[row] = None
        return values, failures

    def first_of(self, chunk: Chunk) -> tuple[list[Any], Failures]:
        """For every row the first alternative that is not missing."""
        values, failures = self.alternatives[0].found(chunk)
        for reader in self.alternatives[1:]:
            others, other_failures = reader.found(chunk)
            for row, value in enumerate(values):
                if value is None and row not in failures:
                    values[row] = others[row]
                    if row in other_failures:
                        failures[row] = other_failures[row]
        return values, failures

    def roll_over(self, values: list[Any], base: list[Any]) -> None:
        """Move what lies more than half a day before its base to the next day: its clock passed midnight."""
        for row, (value, other) in enumerate(zip(values, base, strict=True)):
            if value is not None and other is not None and other - value > HALF_A_DAY:
                values[row] = self.next_day(value)

    def next_day(self, instant: datetime) -> datetime:
        """The same time of the next local day."""
        local = instant.astimezone(self.clock.zone).replace(tzinfo=None)
        return self.clock.instant(local + timedelta(days=1))


def one_cell(mapping: FieldMapping) -> bool:
    """Whether a field's value is what one cell says."""
    return len(mapping.columns) == 1 and mapping.constant is None and not (
        mapping.alternatives or mapping.when or mapping.rolls_over_from or mapping.count_column)  # fmt: skip


def raw_column(chunk: Chunk, mapping: FieldMapping) -> Sequence[Any]:
    """The texts of one column, or of several side by side."""
    wanted = (*mapping.columns, mapping.count_column) if mapping.count_column else mapping.columns
    if len(wanted) == 1:
        return chunk.cells(wanted[0])
    return list(zip(*(chunk.cells(name) for name in wanted), strict=True))

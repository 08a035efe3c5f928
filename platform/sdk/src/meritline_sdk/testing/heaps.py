"""The made-up records on which the laws are tried: a heap of each record type, and what an indicator reads of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from random import Random
from types import MappingProxyType
from typing import Any

from meritline_sdk.evaluate.answers import Asked, asked_here
from meritline_sdk.evaluate.calendars import WorkCalendar, clock_for
from meritline_sdk.evaluate.expressions import Record
from meritline_sdk.evaluate.readings import Reading, beside_values, read
from meritline_sdk.evaluate.scenes import Others
from meritline_sdk.evaluate.tallies import Subject, Tallied, tally_record, tally_records
from meritline_sdk.evaluate.windows import Window, earlier, window
from meritline_sdk.model.indicators import Indicator, indicator_tallies
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import Tally
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.testing.builders import CODES, FIRST, PEOPLE, TEAMS, made_up
from meritline_sdk.testing.golden_records import known

SUBJECTS = (*(Subject(SubjectKind.EMPLOYEE, person) for person in PEOPLE), Subject(SubjectKind.DEPARTMENT, TEAMS[0]),
            Subject(SubjectKind.COMPANY, "company"))
EVERYBODY = SUBJECTS[-1]
MANY = 30
PERIOD, ZONE = "2026-05", "Asia/Shanghai"
WEEK = (((32_400, 43_200), (46_800, 64_800)),) * 5 + ((), ())
CLOCK = clock_for(window(PERIOD, ZONE), ZONE, WorkCalendar(WEEK))
FILLED: Mapping[Kind, Scalar] = {
    Kind.INT: 1, Kind.NUMBER: Decimal("1.5"), Kind.DURATION: 3_600_000_000, Kind.FLAG: True, Kind.CODE: CODES[0],
    Kind.CHOICE: CODES[0], Kind.INSTANT: FIRST, Kind.DAY: FIRST.date(),
}  # fmt: skip

type Named = tuple[str, Record]
"""A record with its type."""
type Found = dict[Tally, Tallied]


@dataclass(frozen=True)
class Heap:
    """An indicator with records that it may read, all in May 2026 or the month before; everybody is in one department.
    """

    indicator: Indicator
    records: tuple[Named, ...]

    @classmethod
    def of(cls, indicator: Indicator, many: int = MANY) -> "Heap":
        """So many records of each type that the indicator looks at, the same every time."""
        return cls(indicator, tuple((key, MappingProxyType(dict(one))) for key, declared in known(indicator).items()
                                    for one in made_up(declared, many, indicator.key)))

    def holding(self, records: Sequence[Named]) -> "Heap":
        """The same with other records."""
        return Heap(self.indicator, tuple(records))

    @cached_property
    def by_type(self) -> Others:
        """The records of each type."""
        found: dict[str, list[Record]] = {}
        for key, record in self.records:
            found.setdefault(key, []).append(record)
        return Others(found)

    @cached_property
    def parameters(self) -> dict[str, Scalar]:
        """The blanks that a company must fill, filled with something."""
        return filled_in(self.indicator)

    @cached_property
    def tallies(self) -> tuple[Tally, ...]:
        """What the indicator tallies."""
        return indicator_tallies(self.indicator)

    def mixed(self) -> "Heap":
        """The same records in another order."""
        found = list(self.records[::-1])
        Random(self.indicator.key).shuffle(found)
        return self.holding(found)

    def of_type(self, key: str) -> Sequence[Record]:
        """The records of the type."""
        return self.by_type.get(key, ())

    @cached_property
    def _first(self) -> dict[Subject, Found]:
        return {}

    def found(self, subject: Subject) -> Found:
        """What every tally finds for the subject, looked for once."""
        if subject not in self._first:
            self._first[subject] = self.tallied(subject)
        return self._first[subject]

    def tallied(self, subject: Subject) -> Found:
        """What every tally finds for the subject, looked for now."""
        return {tally: self.tally(tally, self.of_type(tally.record), subject) for tally in self.tallies}

    def tally(self, tally: Tally, records: Sequence[Record], subject: Subject) -> Tallied:
        """What the tally finds in some records; looks at others see all of the heap."""
        return tally_records(tally, records, window_of(tally), self.parameters, subject, others=self.by_type,
                             clock=CLOCK, department_of=one_department)

    def counts(self, tally: Tally, record: Record, subject: Subject) -> bool:
        """Whether the record is evidence of the tally."""
        return tally_record(tally, record, window_of(tally), self.parameters, subject, one_department,
                            others=self.by_type, clock=CLOCK) is not None

    def said(self, tallied: Mapping[Tally, Tallied], asked: Asked | None = None) -> tuple[Reading, Any]:
        """The reading and what stands beside it."""
        def covered(tally: Tally) -> bool:
            return True

        ask = asked_here(window(PERIOD, ZONE)) if asked is None else asked
        return (read(self.indicator, tallied, covered=covered, parameters=self.parameters, asked=ask),
                beside_values(self.indicator, tallied, covered=covered, parameters=self.parameters))

    def broken_by(self, breaks: Callable[["Heap"], bool]) -> list[Record]:
        """The smallest part of the records that breaks it."""
        from meritline_sdk.testing.law import smallest

        return [record for _, record in smallest(self.records, lambda some: breaks(self.holding(some)))]


def window_of(tally: Tally) -> Window:
    """The month that the tally looks at."""
    return window(earlier(PERIOD, tally.earlier), ZONE)


def one_department(person: str, moment: object) -> frozenset[str]:
    """Everybody is in the first."""
    return frozenset({TEAMS[0]})


def filled_in(indicator: Indicator) -> dict[str, Scalar]:
    """The blanks that a tenant must fill, filled with something."""
    return {each.name: each.options[0] if each.options else FILLED[each.kind]
            for each in indicator.parameters() if each.default is None}

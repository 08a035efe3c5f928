"""What a scoring process is told and what it answers. Decides that little travels: numbers there, finished rows back.

A scheme travels once with everything that is read for it; then heap after heap of people, each with what was tallied
of their own records. Back come the rows of their score lines, the halves of their cards and what ranks and rewards
look at: lines, readings and steps are made here again for the few of whom somebody asks.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple
from uuid import UUID

from meritline.appraisal.definitions import SchemeInForce, TenantIndicator
from meritline.appraisal.run.earlier import Scores
from meritline.appraisal.run.prepared.pairs import Pair
from meritline.appraisal.run.readings import ByHand, Ratings, SubjectId
from meritline.appraisal.run.scoring import Half
from meritline.appraisal.run.snapshot import Covering
from meritline.appraisal.run.subjects import Appraised, Stay
from meritline.measuring.columns import Columns
from meritline.measuring.requests import TallyRequest
from meritline.measuring.written import Written
from meritline_sdk.evaluate.lines import Carried
from meritline_sdk.evaluate.tallies import Subject, Tallied
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.schemes import SubjectKind

INTEGER: Final = "q"

type Values = tuple[str, int] | bytes | tuple[Fraction, ...]
type Told = tuple[int, int, int, Values, tuple[Any, ...]] | None
"""What was tallied: amount, records, values and rows; None: nothing."""


@dataclass(frozen=True, slots=True)
class Task:
    """A scheme, and all that is read for it but the records of its people. ``others`` is what was tallied of
    departments and the company, ``number`` tells tasks apart."""

    number: int
    period: str
    chosen: SchemeInForce
    indicators: Mapping[str, TenantIndicator]
    requests: tuple[TallyRequest, ...]
    others: tuple[Mapping[SubjectId, Tallied], ...]
    failed: Mapping[TallyRequest, str]
    covering: Covering
    ratings: Ratings
    by_hand: ByHand
    scores: Scores
    shares: Mapping[SubjectId, Mapping[str, Carried]]
    company: UUID
    window: Window | None


type Person = tuple[str, str, bytes, str, bytes | None, str | None, Any]


class Heap(NamedTuple):
    """Some people, the ids of their cards, and for each request what was tallied of each."""

    task: int
    people: tuple[Person, ...]
    ids: tuple[bytes, ...]
    told: tuple[tuple[Told, ...], ...]


def person_told(who: Appraised) -> Person:
    """What scoring looks at of somebody; pay is for rewards, which are not made there."""
    stay = who.stay
    days = None if stay is None else (stay.days, stay.period_days, stay.to_the_end, stay.employment, stay.spans,
                                      None if stay.records is None else stay.records.bytes)
    return (who.subject.kind.value, who.subject.key, who.id.bytes, who.name,
            None if who.department_id is None else who.department_id.bytes, who.department_code, days)


def person_heard(one: Person) -> Appraised:
    """The same as it was."""
    kind, key, own, name, department, code, days = one
    stay = None
    if days is not None:
        counted, period, to_the_end, employment, spans, records = days
        stay = Stay(counted, period, to_the_end, employment, spans, None if records is None else UUID(bytes=records))
    return Appraised(Subject(SubjectKind(kind), key), UUID(bytes=own), name,
                     None if department is None else UUID(bytes=department), code, stay=stay)


class Outcome:
    """What somebody's card came to."""

    __slots__ = ("exact", "grade", "half", "measured", "passed", "sample", "score", "seen", "state", "tallied")

    def __init__(self, half: Half, tallied: str, seen: tuple[str, ...], score: Decimal | None, exact: Pair | None,
                 grade: str | None, passed: bool | None, state: str, measured: Pair, sample: int) -> None:
        self.half, self.tallied, self.seen, self.score, self.exact = half, tallied, seen, score, exact
        self.grade, self.passed, self.state, self.measured, self.sample = grade, passed, state, measured, sample

    def __reduce__(self) -> tuple[Any, ...]:
        return Outcome, (self.half, self.tallied, self.seen, self.score, self.exact, self.grade, self.passed,
                         self.state, self.measured, self.sample)


@dataclass(frozen=True, slots=True)
class Done:
    """The lines of a heap as COPY sends them, the outcome of each of its people, the readings that failed, and what
    was logged: logger, level, words."""

    lines: bytes
    outcomes: tuple[Outcome, ...]
    failures: Mapping[tuple[str, str], frozenset[SubjectId]]
    logged: tuple[tuple[str, int, str], ...]


def told(found: Tallied | None) -> Told:
    """What was tallied, in a form that travels: a fraction would go as text, a number at a time."""
    if found is None:
        return None
    return found.amount.numerator, found.amount.denominator, found.records, values_told(found.values), found.rows


def told_of_all(found: Mapping[SubjectId, Tallied], held: Sequence[SubjectId]) -> list[Told]:
    """What was tallied of some people; what stands in columns is told without being made."""
    if not isinstance(found, Columns):
        return [told(found.get(one)) for one in held]
    take, texts = found.places.taking(held), found.texts
    records = take(found.records)
    if texts is None:
        return [(top, 1, count, (), ()) if count else None
                for top, count in zip(take(found.amounts), records, strict=True)]
    return [(0, 1, count, (text, count), ()) if count else None
            for text, count in zip(take(texts), records, strict=True)]


def values_told(values: Sequence[Any]) -> Values:
    """The values."""
    if isinstance(values, Written):
        return values.text, len(values)
    try:
        return array(INTEGER, values).tobytes() if values else ()
    except (TypeError, OverflowError):
        return tuple(values)


def heard(one: tuple[int, int, int, Values, tuple[Any, ...]]) -> Tallied:
    """The same as it was."""
    top, bottom, records, values, rows = one
    found: Any = values
    if isinstance(values, bytes):
        found = tuple(array(INTEGER, values))
    elif len(values) == 2 and isinstance(values[0], str):
        found = Written(values[0], values[1])  # type: ignore[arg-type]
    return Tallied(Fraction(top, bottom), records, found, rows=rows)

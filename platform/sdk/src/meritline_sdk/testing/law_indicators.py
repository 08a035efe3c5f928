"""The laws of measured indicators, each tried on made-up records. Decides what breaks a law and which example tells it.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from meritline_sdk.evaluate.answers import AnswerError
from meritline_sdk.evaluate.ratings import Rating, reading_of
from meritline_sdk.evaluate.readings import MEASURED, NOT_MEASURED, read
from meritline_sdk.evaluate.tallies import NOTHING, Subject, Tallied
from meritline_sdk.explain import sentence
from meritline_sdk.model.canonical import canonical, content_hash, parse
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.measures import (
    OF_NO_RECORDS,
    Complete,
    Count,
    Distinct,
    Largest,
    PythonMeasure,
    Smallest,
    Sum,
    Tally,
    Total,
    tallies_of,
)  # fmt: skip
from meritline_sdk.model.rated import RatedIndicator
from meritline_sdk.model.tallies import mergeable
from meritline_sdk.testing.bounds import bounds_of
from meritline_sdk.testing.heaps import SUBJECTS, Heap, filled_in
from meritline_sdk.testing.law import law, plain, shown
from meritline_sdk.testing.reading_json import reading_from_json, reading_to_json


def require_round_trip(found: Any) -> None:
    """What was written down is read again as the same, with the same hash."""
    try:
        again = parse(canonical(found))
        if again == found and content_hash(again) == content_hash(found):
            return
        told = f"it became {again!r:.200}"
    except (TypeError, ValueError, KeyError) as problem:
        told = f"{type(problem).__name__}: {problem}"
    raise law("round_trip").broken(getattr(found, "key", type(found).__name__), told)


def require_sentences(indicator: AnyIndicator) -> None:
    """It says itself in both languages."""
    if sentence(indicator, "en") == sentence(indicator, "zh"):
        raise law("sentences").broken(indicator.key, f"both are {sentence(indicator, 'en')!r}")


def require_repeatable(heap: Heap) -> None:
    """Read twice it is the same."""
    require_same(heap, "repeatable", lambda one, subject: one.tallied(subject))


def require_order(heap: Heap) -> None:
    """Any order of the records gives the same."""
    require_same(heap, "order", lambda one, subject: one.mixed().tallied(subject))


def require_evidence(heap: Heap) -> None:
    """Without the records that do not count it is the same."""
    def only_evidence(one: Heap, subject: Subject) -> dict[Tally, Tallied]:
        return {tally: one.tally(tally, [record for record in one.of_type(tally.record)
                                         if one.counts(tally, record, subject)], subject) for tally in one.tallies}

    require_same(heap, "evidence", only_evidence)


def require_same(heap: Heap, name: str, again: Callable[[Heap, Subject], Mapping[Tally, Tallied]]) -> None:
    """The reading, and all that was tallied, is the same the other way."""
    for subject in SUBJECTS:
        def breaks(one: Heap, subject: Subject = subject) -> bool:
            first, second = one.found(subject), again(one, subject)
            return first != second or outcome(one, first) != outcome(one, second)

        if breaks(heap):
            records = heap.broken_by(breaks)
            small = heap.holding([(key, one) for key, one in heap.records if one in records])
            ways = [outcome(small, found) for found in (small.found(subject), again(small, subject))]
            raise law(name).broken(heap.indicator.key, f"{ways[0]} and {ways[1]} for {subject.key}", shown(records))


def outcome(heap: Heap, tallied: Mapping[Tally, Tallied]) -> Any:
    """What is read; of a Python function that answers wrongly, that it does."""
    try:
        return heap.said(tallied)
    except AnswerError as wrong:
        return wrong.reason
    except Exception as problem:  # whatever a function raises is its law's business
        return type(problem).__name__


def require_input_kept(heap: Heap) -> None:
    """The records are afterwards as they were; they cannot be written to at all."""
    before = [dict(record) for _, record in heap.records]
    for subject in SUBJECTS:
        try:
            outcome(heap, heap.tallied(subject))
        except TypeError as problem:
            raise law("input_kept").broken(heap.indicator.key, str(problem)) from problem
    changed = [record for old, (_, record) in zip(before, heap.records, strict=True) if old != record]
    if changed:
        raise law("input_kept").broken(heap.indicator.key, "records were changed", shown(changed[:1]))


def require_empty_rule(indicator: Indicator) -> None:
    """Of nothing, only a count or sum whose source delivered is 0, or what the author says there is then."""
    measure, filled, empty = indicator.measure, filled_in(indicator), law("empty")
    if all(tally.how not in OF_NO_RECORDS for tally in tallies_of(measure)):
        found = read(indicator, {}, covered=lambda tally: False, parameters=filled)
        if found.state != NOT_MEASURED:
            raise empty.broken(indicator.key, f"{found.state} {plain(found.value)} where nothing was delivered")
    delivered = read(indicator, {}, covered=lambda tally: True, minimum_sample=1, parameters=filled)
    nothing = measure.nothing if isinstance(measure, Largest | Smallest | PythonMeasure) else None
    if isinstance(measure, Count | Sum | Distinct | Total | Complete) or nothing is not None:
        holds = delivered.state == MEASURED and delivered.value == (nothing or 0)
    else:
        holds = delivered.earlier is not None if delivered.value is not None else bool(delivered.reason)
    if not holds:
        raise empty.broken(indicator.key, f"{delivered.state} {plain(delivered.value)} where the source delivered")


def require_merges(heap: Heap) -> None:
    """Cut into heaps any way, what is found in them adds up; both hold records of the same people.

    What looks at other records is not ``mergeable``: a heap does not hold all that it looks at.
    """
    for subject in SUBJECTS:
        for tally in filter(mergeable, heap.tallies):
            def breaks(one: Heap, tally: Tally = tally, subject: Subject = subject) -> bool:
                records = one.of_type(tally.record)
                whole = one.found(subject)[tally]
                return any(
                    one.tally(tally, first, subject) + one.tally(tally, rest, subject) != whole
                    for first, rest in ((records[:len(records) // 2], records[len(records) // 2:]),
                                        (records[1::2], records[::2]))
                ) or whole + NOTHING != whole or NOTHING + whole != whole

            if breaks(heap):
                raise law("merges").broken(heap.indicator.key, f"the {tally.how} of {tally.record} for {subject.key} "
                                           "is another", shown(heap.broken_by(breaks)))


def require_unit(heap: Heap) -> None:
    """Every value read lies within what its unit, and what it divides, allow."""
    bounds = bounds_of(heap.indicator)
    for subject in SUBJECTS:
        def value(one: Heap, subject: Subject = subject) -> Fraction | None:
            found = outcome(one, one.found(subject))
            return found[0].value if isinstance(found, tuple) else None

        def breaks(one: Heap, value: Callable[[Heap], Fraction | None] = value) -> bool:
            found = value(one)
            return found is not None and not bounds.hold(found)

        if breaks(heap):
            records = heap.broken_by(breaks)
            small = heap.holding([(key, one) for key, one in heap.records if one in records])
            raise law("within_unit").broken(heap.indicator.key, f"{plain(value(small))} {heap.indicator.unit.key}, "
                                            f"which is not {bounds.told}", shown(records))


def require_reading_round_trip(heap: Heap) -> None:
    """A reading survives JSON, and so do those beside it."""
    for subject in SUBJECTS:
        found = outcome(heap, heap.found(subject))
        for reading in (found[0], *(one for _, one in found[1])) if isinstance(found, tuple) else ():
            again = reading_from_json(reading_to_json(reading))
            if again != reading:
                raise law("reading_round_trip").broken(heap.indicator.key, f"{reading} became {again}")


def require_rated_scale(indicator: RatedIndicator) -> None:
    """Everybody giving the lowest, or the highest, gives the end of the unit."""
    if indicator.of is not None:
        return
    low, high = (0, 100) if indicator.normalised else (indicator.scale_min, indicator.scale_max)
    for given in (indicator.scale_min, indicator.scale_max):
        voices = [Rating(one.role, given, f"{one.role} {number}") for one in indicator.groups
                  for number in range(max(one.minimum or 1, indicator.minimum_raters, 1))]
        value = reading_of(indicator, voices).value
        if value is None or not low <= value <= high:
            raise law("rated_within_scale").broken(indicator.key, f"{plain(value)}, not within {low} and {high}",
                                                   f"everybody gives {given}")

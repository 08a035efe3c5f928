"""The laws of every indicator set, as tests. Decides what a stranger's plugin must keep besides its golden cases."""

import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from meritline_sdk.evaluate.calendars import WorkCalendar, clock_for
from meritline_sdk.evaluate.expressions import Record
from meritline_sdk.evaluate.readings import MEASURED, NOT_MEASURED, Reading, beside_values, read
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.evaluate.tallies import NOTHING, Subject, Tallied, tally_records
from meritline_sdk.evaluate.windows import earlier, window
from meritline_sdk.explain import line_text, score_text, sentence
from meritline_sdk.model.canonical import canonical, content_hash, parse
from meritline_sdk.model.indicators import AnyIndicator, Indicator, RatedIndicator, indicator_tallies
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import (
    OF_NO_RECORDS,
    Complete,
    Count,
    Distinct,
    Largest,
    Smallest,
    Sum,
    Tally,
    Total,
    tallies_of,
)  # fmt: skip
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.schemes import OWN, Scheme, SubjectKind, key_of, source_of
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.model.tallies import mergeable
from meritline_sdk.model.text import Text
from meritline_sdk.testing.builders import CODES, FIRST, PEOPLE, TEAMS, made_up
from meritline_sdk.testing.golden import GoldenCase, Sets, golden_cases, known, run_golden, sets_of
from meritline_sdk.testing.monotone import leaves

SUBJECTS = (*(Subject(SubjectKind.EMPLOYEE, person) for person in PEOPLE), Subject(SubjectKind.DEPARTMENT, TEAMS[0]),
            Subject(SubjectKind.COMPANY, "company"))
MANY = 60
PERIOD, ZONE = "2026-05", "Asia/Shanghai"
WEEK = (((32_400, 43_200), (46_800, 64_800)),) * 5 + ((), ())
CLOCK = clock_for(window(PERIOD, ZONE), ZONE, WorkCalendar(WEEK))
FILLED: Mapping[Kind, Scalar] = {
    Kind.INT: 1, Kind.NUMBER: Decimal("1.5"), Kind.DURATION: 3_600_000_000, Kind.FLAG: True, Kind.CODE: CODES[0],
    Kind.CHOICE: CODES[0], Kind.INSTANT: FIRST, Kind.DAY: FIRST.date(),
}  # fmt: skip


def laws_for(indicator_sets: Sets, golden: Path | str | None = None) -> type:
    """A test class for the sets: ``TestElevator = laws_for(indicator_sets)``.

    ``golden`` is the folder of golden cases; by default ``golden`` beside the test file or one folder above it.
    """
    import pytest

    sets = sets_of(indicator_sets)
    folder = golden_folder(golden, sys._getframe(1).f_globals.get("__file__"))
    every = [pytest.param(found, id=f"{one.key}.{found.key}") for one in sets for found in one.indicators]
    measured = [param for param in every if isinstance(param.values[0], Indicator)]
    schemes = [pytest.param(found, sets, id=found.key) for one in sets for found in one.schemes]
    declared = [pytest.param(found, id=found.key) for one in sets for found in everything(one)]

    class Laws:
        """What holds for every indicator set."""

        @pytest.mark.parametrize("case", golden_cases(folder, sets) if folder else [])
        def test_golden(self, case: GoldenCase) -> None:
            run_golden(case)

        @pytest.mark.parametrize("found", [*every, *declared])
        def test_canonical_round_trip(self, found: Any) -> None:
            require_round_trip(found)

        @pytest.mark.parametrize("found", every)
        def test_says_itself_in_both_languages(self, found: AnyIndicator) -> None:
            assert sentence(found, "en") != sentence(found, "zh")

        @pytest.mark.parametrize("found", measured)
        def test_nothing_is_not_zero(self, found: Indicator) -> None:
            require_empty_rule(found)

        @pytest.mark.parametrize("found", measured)
        def test_order_and_batches_do_not_matter(self, found: Indicator) -> None:
            require_merge_law(found)

        @pytest.mark.parametrize(("found", "known_sets"), schemes)
        def test_scheme_scores_whatever_is_measured(self, found: Scheme, known_sets: Sequence[IndicatorSet]) -> None:
            require_scores(found, known_sets)

    if folder is None:
        delattr(Laws, "test_golden")
    if not schemes:
        delattr(Laws, "test_scheme_scores_whatever_is_measured")
    return Laws


def everything(one: IndicatorSet) -> Sequence[Any]:
    """The record types, schemes and reward tables of the set."""
    return (*one.records, *one.schemes, *one.rewards)


def golden_folder(given: Path | str | None, caller: str | None) -> Path | None:
    """Where the golden cases are."""
    if given is not None:
        return Path(given)
    near = [Path(caller).parent / "golden", Path(caller).parent.parent / "golden"] if caller else []
    return next((folder for folder in near if folder.is_dir()), None)


def require_round_trip(found: Any) -> None:
    """What was written down is read again as the same, with the same hash."""
    again = parse(canonical(found))
    assert again == found
    assert content_hash(again) == content_hash(found)


def require_empty_rule(indicator: Indicator) -> None:
    """Of nothing, only a count or sum whose source delivered is 0, or what the author says there is then."""
    measure, filled = indicator.measure, filled_in(indicator)
    if all(tally.how not in OF_NO_RECORDS for tally in tallies_of(measure)):
        assert read(indicator, {}, covered=lambda tally: False, parameters=filled).state == NOT_MEASURED
    delivered = read(indicator, {}, covered=lambda tally: True, minimum_sample=1, parameters=filled)
    nothing = measure.nothing if isinstance(measure, Largest | Smallest) else None
    if isinstance(measure, Count | Sum | Distinct | Total | Complete) or nothing is not None:
        assert delivered.state == MEASURED
        assert delivered.value == (nothing or 0)
    else:
        assert delivered.value is None or delivered.earlier is not None
        assert delivered.value is not None or delivered.reason


def filled_in(indicator: Indicator) -> dict[str, Scalar]:
    """The blanks that a tenant must fill, filled with something."""
    return {each.name: each.options[0] if each.options else FILLED[each.kind]
            for each in indicator.parameters() if each.default is None}


def require_merge_law(indicator: Indicator) -> None:
    """Any order of the records gives the same, and any way of cutting them into batches too.

    What looks at other records is not ``mergeable``: a batch does not hold all that it looks at.
    """
    declared, filled = known(indicator), filled_in(indicator)
    heap = {key: made_up(one, MANY, indicator.key) for key, one in declared.items()}
    mixed = {key: shuffled(records, indicator.key) for key, records in heap.items()}
    for subject in SUBJECTS:
        whole = {tally: tally_of(tally, heap, heap, subject, filled) for tally in indicator_tallies(indicator)}
        again = {tally: tally_of(tally, mixed, mixed, subject, filled) for tally in whole}
        assert whole == again
        assert said(indicator, whole, filled) == said(indicator, again, filled)
        for tally in filter(mergeable, whole):
            halves = [tally_of(tally, {tally.record: half}, mixed, subject, filled)
                      for half in (mixed[tally.record][:MANY // 2], mixed[tally.record][MANY // 2:])]
            assert halves[0] + halves[1] == whole[tally]
            assert whole[tally] + NOTHING == whole[tally]


def shuffled(records: Sequence[Record], seed: str) -> list[Record]:
    """The records in another order; each keeps its id."""
    found = list(records[::-1])
    Random(seed).shuffle(found)
    return found


def tally_of(tally: Tally, heap: Mapping[str, Sequence[Record]], others: Mapping[str, Sequence[Record]],
             subject: Subject, parameters: Mapping[str, Scalar]) -> Tallied:
    """What the tally finds in May 2026, everybody in one department."""
    found = window(earlier(PERIOD, tally.earlier), ZONE)
    return tally_records(tally, heap.get(tally.record, ()), found, parameters, subject, others=others, clock=CLOCK,
                         department_of=lambda person, moment: frozenset({TEAMS[0]}))


def said(indicator: Indicator, tallied: Mapping[Tally, Tallied], parameters: Mapping[str, Scalar]) -> Any:
    """The reading and what stands beside it."""
    return (read(indicator, tallied, covered=lambda tally: True, parameters=parameters),
            beside_values(indicator, tallied, covered=lambda tally: True, parameters=parameters))


def require_scores(scheme: Scheme, sets: Sequence[IndicatorSet]) -> None:
    """Nothing measured gives no score; everything measured gives one, explained in both languages."""
    declared = {f"{one.key}.{found.key}": found for one in sets for found in one.indicators}
    asked = [(source_of(item), item.read_from) for item in scheme.items if not item.parts]
    asked += [(key_of(part.indicator), item.read_from) for item in scheme.items for part in leaves(item.parts)]
    asked += [(key_of(event.indicator), event.read_from) for event in scheme.events]
    asked += [(key_of(veto.indicator), veto.read_from) for veto in scheme.vetoes]
    asked += [(key_of(grade.indicator), OWN) for grade in (scheme.grades.granted if scheme.grades else ())]
    indicators = {key: declared.get(key) or stand_in(key) for key, _ in asked}
    assert score(scheme, {}, indicators).score is None
    for value in (Fraction(0), Fraction(250, 3), Fraction(100)):
        found = score(scheme, {key: Reading(MEASURED, value, sample=3) for key in asked}, indicators)
        assert found.score is not None
        for language in ("en", "zh"):
            assert score_text(found.steps, language)
            assert all(line_text(line.steps, line.title or Text(line.key, line.key), language) for line in found.lines)


def stand_in(key: str) -> RatedIndicator:
    """In place of an indicator of another set."""
    return RatedIndicator(key.rpartition(".")[2], Text(key, key))

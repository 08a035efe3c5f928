"""Golden cases: records and the reading they must give, in TOML. Decides what a case may leave out.

A file is one case, or holds several as ``[[case]]``. Keys of a case:

- ``indicator``: the key, or ``set.key``.
- ``records``: a list of records; where the indicator looks at several types, a table from type to list, or a
  ``record`` in each of them. What a record leaves out is missing; ``defaults`` fills it (fields that several types
  share, or a table for each type). ``external_id`` and ``source`` name a record; by default 1, 2, 3 of ``golden``.
- ``subject``, ``department`` or ``company = true``: whose reading; by default that of the only one credited.
- ``period`` (``2026-05``; by default all time), ``time_zone`` (by default Asia/Shanghai) and ``fiscal``
  (``{ month_start = 26, year_start = 1 }``).
- ``calendar``: working hours, ``{ monday = ["09:00-12:00"], ..., holidays = ["2026-05-01"], working_days =
  { 2026-05-09 = ["09:00-12:00"] } }``; by default there are none.
- ``employed = ["2026-05-10", "2026-06-01"]``: from the first day to before the second, or a list of such; by default
  always.
- ``departments``: each person's department, or a list of it and those above.
- ``parameters``: what the tenant sets; a duration in seconds.
- ``covered``: whether, or for which record types, the source delivered the period; by default all. Of the types that
  a list or a table (``{ work_order = true, ticket = false }``) leaves out the company has no source.
- ``minimum_sample``: instead of the indicator's own.
- ``expect``: any of ``value``, ``numerator``, ``denominator``, ``sample``, ``state``, ``reason``, ``earlier``;
  ``beside`` and ``parts``, lists of numbers, or of a state where there is none; ``provisional_until``, an instant, or
  false.
  A number is exact, or, where no decimal is, rounded half up to the decimals that are written; a fraction such as
  ``"250/3"`` is exact.

A case with ``ratings`` instead is one of a rated indicator: see ``rated_cases``.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from meritline_sdk.evaluate.answers import asked_here
from meritline_sdk.evaluate.numbers import rounded, terminating
from meritline_sdk.evaluate.readings import STATES, Reading, beside_values, provisional_until, read
from meritline_sdk.evaluate.scenes import Others
from meritline_sdk.evaluate.tallies import Tallied, tally_records
from meritline_sdk.model.indicators import Indicator, indicator_tallies
from meritline_sdk.model.measures import Tally
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.testing.golden_records import known, looked_at, records_of
from meritline_sdk.testing.golden_scene import ALL_TIME, GoldenCase, subject_of
from meritline_sdk.testing.rated_cases import RatedCase, load_rated, run_rated
from meritline_sdk.testing.values import CaseError

__all__ = [
    "ALL_TIME", "CaseError", "GoldenCase", "Sets", "agreeing", "golden_cases", "known", "load_golden", "looked_at",
    "read_case", "run_golden", "sets_of", "subject_of", "tallied_case",
]  # fmt: skip

type Sets = Callable[[], Sequence[IndicatorSet]] | Iterable[IndicatorSet]

KEYS = frozenset({"indicator", "records", "defaults", "subject", "department", "company", "period", "time_zone",
                  "fiscal", "calendar", "employed", "departments", "parameters", "covered", "minimum_sample", "expect",
                  "title"})
NUMBERS = frozenset({"value", "numerator", "denominator", "earlier"})
EXPECTED = NUMBERS | {"sample", "state", "reason", "beside", "parts", "provisional_until"}


def sets_of(sets: Sets) -> tuple[IndicatorSet, ...]:
    """The sets of a hook or of a list."""
    return tuple(sets() if callable(sets) else sets)


def load_golden(folder: Path | str, sets: Sets) -> list[GoldenCase]:
    """All cases of measured indicators in a folder of TOML files, in order of file name.

    ``sets`` are those whose indicators the cases name, or the hook. Raises ``CaseError`` for what a case misspells,
    naming the file and what there is instead.
    """
    found: list[GoldenCase] = []
    for path in sorted(Path(folder).glob("*.toml")):
        document = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        bodies = document.get("case", [document])
        found.extend(parsed(body, path.name if len(bodies) == 1 else f"{path.name} case {number}", sets_of(sets))
                     for number, body in enumerate(bodies, 1) if "ratings" not in body)
    return found


def golden_cases(folder: Path | str, sets: Sets) -> list[Any]:
    """The cases as parameters of a test, those of ratings too: ``laws_for`` runs them already.

    ``@pytest.mark.parametrize("case", golden_cases(folder, indicator_sets))`` above a test that calls ``run_golden``.
    """
    import pytest

    cases: list[GoldenCase | RatedCase] = [*load_golden(folder, sets), *load_rated(folder, sets_of(sets))]
    return [pytest.param(case, id=case.place.removesuffix(".toml")) for case in cases]


def parsed(body: Mapping[str, Any], place: str, sets: Sequence[IndicatorSet]) -> GoldenCase:
    """The checked case; what it misspells is named."""
    for wrong in (body.keys() - KEYS, body.get("expect", {}).keys() - EXPECTED):
        if wrong:
            raise CaseError(f"{place}: a case has no {', '.join(sorted(wrong))}")
    if not {"indicator", "expect"} <= body.keys():
        raise CaseError(f"{place}: a case names its indicator and what it expects")
    indicator = named(body["indicator"], sets, place)
    declared = known(indicator) | {record.key: record for one in sets for record in one.records}
    return GoldenCase(place, indicator, records_of(body, indicator, declared, place), body)


def named(name: str, sets: Sequence[IndicatorSet], place: str) -> Indicator:
    """The measured indicator of this key."""
    found = [one for each in sets for one in each.indicators if name in (one.key, f"{each.key}.{one.key}")]
    if len(found) != 1 or not isinstance(found[0], Indicator):
        raise CaseError(f"{place}: {name!r} is not one measured indicator of {', '.join(each.key for each in sets)}")
    return found[0]


def tallied_case(case: GoldenCase) -> dict[Tally, Tallied]:
    """What every tally of the indicator finds in the case's records."""
    others = Others(case.records)
    return {tally: tally_records(tally, case.records.get(tally.record, ()), case.window(tally.earlier),
                                 case.parameters, case.subject, department_of=case.department_of, others=others,
                                 clock=case.clock, employed_days=case.employed_days)
            for tally in indicator_tallies(case.indicator)}


def read_case(case: GoldenCase) -> Reading:
    """The reading that the case's records give; a Python function is asked in this process."""
    return read(case.indicator, tallied_case(case), minimum_sample=case.body.get("minimum_sample"),
                covered=case.covered, parameters=case.parameters, asked=asked_here(case.window()))


def run_golden(case: GoldenCase | RatedCase) -> None:
    """Assert that the case's records or ratings give what it expects, number for number.

    The failure names the file, what was found and what was expected.
    """
    if isinstance(case, RatedCase):
        run_rated(case)
        return
    reading = read_case(case)
    for name, wanted in case.body["expect"].items():
        found = found_in(case, reading, name)
        assert agrees(name, found, wanted), (
            f"{case.place}: {name} is {found}, expected {wanted}; the reading is {reading}")


def found_in(case: GoldenCase, reading: Reading, name: str) -> Any:
    """What the case gives for something that is expected."""
    match name:
        case "beside":
            return [one for _, one in beside_values(case.indicator, tallied_case(case), covered=case.covered,
                                                    parameters=case.parameters)]
        case "parts":
            return [part.reading for part in reading.parts]
        case "provisional_until":
            return provisional_until(case.indicator, case.window(), case.parameters)
    return getattr(reading, name)


def agrees(name: str, found: Any, wanted: Any) -> bool:
    """Whether that is what is expected."""
    if name in NUMBERS:
        return agreeing(found, wanted)
    if name in ("beside", "parts"):
        return len(found) == len(wanted) and all(map(shown, found, wanted))
    if name == "provisional_until":
        return found is None if wanted is False else isinstance(wanted, datetime) and found == wanted
    return bool(found == wanted)


def shown(reading: Reading, wanted: object) -> bool:
    """Whether a part has this value, or this state."""
    return reading.state == wanted if wanted in STATES else agreeing(reading.value, wanted)


def agreeing(found: Fraction | None, wanted: object) -> bool:
    """Whether the number is the one that is written."""
    if found is None or wanted is None:
        return found is wanted
    text = str(wanted)
    exact = Fraction(text)
    if found == exact or "/" in text or terminating(found) is not None:
        return found == exact
    return rounded(found, len(text.partition(".")[2])) == Decimal(text)

"""Golden cases: records and the reading they must give, in TOML. Decides what a case may leave out.

A file is one case, or holds several as ``[[case]]``. Keys of a case:

- ``indicator``: the key, or ``set.key``.
- ``records``: a list of records; where the indicator looks at several types, a table from type to list, or a
  ``record`` in each of them. What a record leaves out is missing; ``defaults`` fills it.
- ``subject``, ``department`` or ``company = true``: whose reading; by default that of the only person credited.
- ``period`` (``2026-05``; by default all time) and ``time_zone`` (by default Asia/Shanghai).
- ``departments``: each person's department, or a list of it and those above.
- ``parameters``: what the tenant sets; a duration in seconds.
- ``covered``: whether, or for which record types, the source delivered the period; by default all.
- ``minimum_sample``: instead of the indicator's own.
- ``expect``: any of ``value``, ``numerator``, ``denominator``, ``sample``, ``state``. A number is exact, or, where no
  decimal is, rounded half up to the decimals that are written; a fraction such as ``"250/3"`` is exact.

A case with ``ratings`` instead is one of a rated indicator: see ``rated_cases``.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from meritline_sdk.evaluate.expressions import Record
from meritline_sdk.evaluate.numbers import rounded, terminating
from meritline_sdk.evaluate.readings import Reading, read
from meritline_sdk.evaluate.tallies import Subject, tally_records
from meritline_sdk.evaluate.windows import Window, earlier, window
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, Kind
from meritline_sdk.model.measures import Tally, tallies_of
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.schemes import PeriodKind, SubjectKind
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.testing.rated_cases import RatedCase, load_rated, run_rated
from meritline_sdk.testing.values import CaseError, field_value

type Sets = Callable[[], Sequence[IndicatorSet]] | Iterable[IndicatorSet]

ALL_TIME = Window("always", PeriodKind.YEAR, datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC),
                  date(1, 1, 2), date(9999, 12, 30))
KEYS = frozenset({"indicator", "records", "defaults", "subject", "department", "company", "period", "time_zone",
                  "departments", "parameters", "covered", "minimum_sample", "expect", "title"})
EXPECTED = frozenset({"value", "numerator", "denominator", "sample", "state"})


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """A case with what it is about; ``place`` names the file."""

    place: str
    indicator: Indicator
    records: Mapping[str, tuple[Record, ...]]
    body: Mapping[str, Any]


def sets_of(sets: Sets) -> tuple[IndicatorSet, ...]:
    """The sets of a hook or of a list."""
    return tuple(sets() if callable(sets) else sets)


def load_golden(folder: Path | str, sets: Sets) -> list[GoldenCase]:
    """All cases of a folder, in order of file name."""
    found: list[GoldenCase] = []
    for path in sorted(Path(folder).glob("*.toml")):
        document = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        bodies = document.get("case", [document])
        found.extend(parsed(body, path.name if len(bodies) == 1 else f"{path.name} case {number}", sets_of(sets))
                     for number, body in enumerate(bodies, 1) if "ratings" not in body)
    return found


def golden_cases(folder: Path | str, sets: Sets) -> list[Any]:
    """The cases as parameters of a test: ``@pytest.mark.parametrize("case", golden_cases(folder, indicator_sets))``."""
    import pytest

    cases = (*load_golden(folder, sets), *load_rated(folder, sets_of(sets)))
    return [pytest.param(case, id=case.place.removesuffix(".toml")) for case in cases]


def parsed(body: Mapping[str, Any], place: str, sets: Sequence[IndicatorSet]) -> GoldenCase:
    """The checked case; what it misspells is named."""
    for wrong in (body.keys() - KEYS, body.get("expect", {}).keys() - EXPECTED):
        if wrong:
            raise CaseError(f"{place}: a case has no {', '.join(sorted(wrong))}")
    if not {"indicator", "expect"} <= body.keys():
        raise CaseError(f"{place}: a case names its indicator and what it expects")
    indicator = named(body["indicator"], sets, place)
    declared = {record.key: record for one in sets for record in one.records} | known(indicator)
    return GoldenCase(place, indicator, records_of(body, indicator, declared, place), body)


def known(indicator: Indicator) -> dict[str, RecordDeclaration]:
    """The record types of the indicator, which another set may have declared."""
    from meritline_sdk.explain.words import known_records

    everything = known_records()
    return {key: everything[key] for key in indicator.records() if key in everything}


def named(name: str, sets: Sequence[IndicatorSet], place: str) -> Indicator:
    """The measured indicator of this key."""
    found = [one for each in sets for one in each.indicators if name in (one.key, f"{each.key}.{one.key}")]
    if len(found) != 1 or not isinstance(found[0], Indicator):
        raise CaseError(f"{place}: {name!r} is not one measured indicator of {', '.join(each.key for each in sets)}")
    return found[0]


def records_of(body: Mapping[str, Any], indicator: Indicator, declared: Mapping[str, RecordDeclaration],
               place: str) -> dict[str, tuple[Record, ...]]:
    """The records by type."""
    given, types = body.get("records", []), indicator.records()
    rows = ([(key, row) for key, part in given.items() for row in part] if isinstance(given, Mapping)
            else [(row.get("record", types[0] if len(types) == 1 else None), row) for row in given])
    found: dict[str, list[Record]] = {}
    for number, (key, row) in enumerate(rows, 1):
        where = f"{place}, record {number}"
        if key not in declared:
            raise CaseError(f"{where}: say record = one of {', '.join(types)}; got {key!r}")
        values = {**body.get("defaults", {}), **row}
        found.setdefault(key, []).append({
            name: field_value(declared[key].field(name), value, where) for name, value in values.items()
            if name != "record"
        })  # fmt: skip
    return {key: tuple(part) for key, part in found.items()}


def read_case(case: GoldenCase) -> Reading:
    """The reading that the case's records give."""
    body = case.body
    parameters = parameters_of(case)
    subject = subject_of(case)
    tallied = {tally: tally_records(tally, case.records.get(tally.record, ()), window_of(body, tally), parameters,
                                    subject, department_of=departments_of(body))
               for tally in tallies_of(case.indicator.measure)}
    covered = body.get("covered", True)
    return read(case.indicator, tallied, minimum_sample=body.get("minimum_sample"),
                covered=lambda tally: tally.record in covered if isinstance(covered, list) else bool(covered))


def window_of(body: Mapping[str, Any], tally: Tally) -> Window:
    """The window of the tally; without a period all time."""
    period = body.get("period")
    if period is None:
        if tally.earlier:
            raise CaseError("a case of an indicator that looks at an earlier period says period =")
        return ALL_TIME
    return window(earlier(str(period), tally.earlier), body.get("time_zone", "Asia/Shanghai"))


def parameters_of(case: GoldenCase) -> dict[str, Scalar]:
    """What the case sets."""
    kinds = {node.name: node.kind for node in case.indicator.parameters()}
    given = case.body.get("parameters", {})
    if given.keys() - kinds.keys():
        raise CaseError(f"{case.place}: the parameters are {', '.join(kinds) or 'none'}")
    return {name: value * MICROSECONDS_PER_SECOND if kinds[name] is Kind.DURATION else value
            for name, value in given.items()}


def subject_of(case: GoldenCase) -> Subject:
    """Whose reading it is."""
    for key, kind in (("subject", SubjectKind.EMPLOYEE), ("department", SubjectKind.DEPARTMENT)):
        if key in case.body:
            return Subject(kind, case.body[key])
    if case.body.get("company"):
        return Subject(SubjectKind.COMPANY, "company")
    credited = {tally.credit.field.name for tally in tallies_of(case.indicator.measure) if tally.credit.field}
    holders = {row[name] for rows in case.records.values() for row in rows for name in credited if row.get(name)}
    if len(holders) != 1 or not isinstance(holder := holders.pop(), str):
        raise CaseError(f"{case.place}: say subject =, department = or company = true: the records name several people")
    return Subject(SubjectKind.EMPLOYEE, holder)


def departments_of(body: Mapping[str, Any]) -> Callable[[str, datetime | date], frozenset[str]]:
    """Each person's departments, the same at any moment."""
    given = {person: frozenset([found] if isinstance(found, str) else found)
             for person, found in body.get("departments", {}).items()}
    return lambda person, moment: given.get(person, frozenset())


def run_golden(case: GoldenCase | RatedCase) -> None:
    """Assert that the case's records or ratings give what it expects."""
    if isinstance(case, RatedCase):
        run_rated(case)
        return
    reading = read_case(case)
    for name, wanted in case.body["expect"].items():
        found = getattr(reading, name)
        agrees = agreeing(found, wanted) if name in ("value", "numerator", "denominator") else found == wanted
        assert agrees, f"{case.place}: {name} is {found}, expected {wanted}; the reading is {reading}"


def agreeing(found: Fraction | None, wanted: object) -> bool:
    """Whether the number is the one that is written."""
    if found is None or wanted is None:
        return found is wanted
    text = str(wanted)
    exact = Fraction(text)
    if found == exact or "/" in text or terminating(found) is not None:
        return found == exact
    return rounded(found, len(text.partition(".")[2])) == Decimal(text)

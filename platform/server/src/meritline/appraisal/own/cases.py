"""Golden cases of a company's own indicator: a few records and the reading they must give, worked out by hand.

They are data, of bounded size, and are run in plain Python when the indicator is saved; one that does not come out
refuses it. Moments and days are texts in JSON and native in TOML; numbers are plain digits.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from meritline.documents import Document, Table
from meritline.documents.table import exact_number
from meritline.errors import Problem
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.kinds import NUMERIC, Kind
from meritline_sdk.model.records import DeclarationError, RecordDeclaration
from meritline_sdk.testing.golden import EXPECTED, KEYS, agrees, found_in, read_case
from meritline_sdk.testing.golden_records import looked_at, records_of
from meritline_sdk.testing.golden_scene import GoldenCase
from meritline_sdk.testing.values import CaseError

MOST_CASES, MOST_RECORDS, MOST_FIELDS, DEEPEST, LONGEST = 20, 100, 60, 6, 500
PLAIN = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,20})?(/[0-9]{1,30})?")
INSIDE = frozenset({"record", "source", "external_id"})


def plain_cases(table: Table, key: str, zone: str | None) -> tuple[Mapping[str, Any], ...]:
    """The cases of a document as plain JSON; a case without a time zone has the company's."""
    given = table.raw(key)
    if given is None:
        return ()
    if not isinstance(given, list | tuple) or len(given) > MOST_CASES or not all(map(fits, given)):
        table.report("E-GOLDEN-CASES", key, most=MOST_CASES, records=MOST_RECORDS)
        return ()
    found = [plain(each) for each in given]
    return tuple(each if zone is None or "time_zone" in each else {**each, "time_zone": zone} for each in found)


def fits(case: Any) -> bool:
    """Whether a case is a table of bounded size."""
    if not isinstance(case, Mapping) or len(case) > MOST_FIELDS or not small(case):
        return False
    records = case.get("records", [])
    many = list(records.values()) if isinstance(records, Mapping) else [records]
    return all(isinstance(each, list | tuple) for each in many) and sum(map(len, many)) <= MOST_RECORDS


def small(value: Any, depth: int = 0) -> bool:
    """Whether a value is no deeper and no longer than a case needs, and exact."""
    if depth > DEEPEST:
        return False
    match value:
        case Mapping():
            return len(value) <= MOST_RECORDS and all(small(each, depth + 1) for each in (*value, *value.values()))
        case list() | tuple():
            return len(value) <= MOST_RECORDS and all(small(each, depth + 1) for each in value)
        case str():
            return len(value) <= LONGEST and "\0" not in value and value.isprintable()
        case bool() | date() | None:
            return True
        case int() | Decimal():
            return not isinstance(exact_number(value), str)
    return False


def plain(value: Any) -> Any:
    """The value as JSON has it."""
    match value:
        case Mapping():
            return {str(name): plain(each) for name, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
    return value


def run_cases(indicator: Indicator, cases: tuple[Mapping[str, Any], ...], records: Mapping[str, RecordDeclaration],
              document: Document, key: str = "golden") -> Iterator[Problem]:
    """What does not come out, case by case."""
    for number, case in enumerate(cases, 1):
        try:
            for name, found, wanted in differences(indicator, case, records, number):
                yield document.problem("E-GOLDEN-DIFFERS", (key, number - 1), value=told(wanted), number=number,
                                       name=name, found=told(found))
        except Exception as wrong:  # whatever a case does wrong, it is the case that is refused
            reason = str(wrong).removeprefix(f"case {number}").strip(": ,") or type(wrong).__name__
            yield document.problem("E-GOLDEN-CASE", (key, number - 1), number=number, reason=reason)


def differences(indicator: Indicator, case: Mapping[str, Any], records: Mapping[str, RecordDeclaration],
                number: int) -> Iterator[tuple[str, Any, Any]]:
    """What a case expects and does not give: its name, what was found, what was expected."""
    expected = case.get("expect")
    if not isinstance(expected, Mapping) or not expected:
        raise CaseError("it expects nothing: expect = { value = \"50\" }")
    for wrong in (case.keys() - (KEYS - {"indicator"}), expected.keys() - EXPECTED):
        if wrong:
            raise CaseError(f"a case has no {', '.join(sorted(wrong))}")
    body = {**typed(case, indicator, records), "expect": readable(expected)}
    golden = GoldenCase(f"case {number}", indicator, records_of(body, indicator, records, f"case {number}"), body)
    reading = read_case(golden)
    for name, wanted in body["expect"].items():
        found = found_in(golden, reading, name)
        if not agrees(name, found, wanted):
            yield name, found, wanted


def readable(expected: Mapping[str, Any]) -> dict[str, Any]:
    """What is expected; a number must be one that is quickly read."""
    found: dict[str, Any] = {}
    for name, wanted in expected.items():
        listed = wanted if isinstance(wanted, list) else [wanted]
        if name not in ("state", "reason", "provisional_until"):
            for each in listed:
                if each is not None and not (isinstance(each, str) and each.isidentifier()):
                    number(each, name)
        found[name] = moment(wanted) if name == "provisional_until" and isinstance(wanted, str) else wanted
    return found


def number(value: Any, name: str) -> str:
    """The number as it is written."""
    if isinstance(value, bool) or not isinstance(value, int | str) or not PLAIN.fullmatch(str(value)):
        raise CaseError(f"{name} = {value!r} is no plain number such as 50, \"82.5\" or \"250/3\"")
    return str(value)


def typed(case: Mapping[str, Any], indicator: Indicator, records: Mapping[str, RecordDeclaration]) -> dict[str, Any]:
    """The case with moments and days in its records."""
    types = looked_at(indicator)
    body = dict(case)
    given = case.get("records", [])
    if isinstance(given, Mapping):
        body["records"] = {key: [row_of(row, records.get(key)) for row in rows] for key, rows in given.items()}
    else:
        only = types[0] if len(types) == 1 else ""
        body["records"] = [row_of(row, records.get(str(row.get("record", only)))) for row in mappings(given)]
    defaults = case.get("defaults")
    if isinstance(defaults, Mapping):
        body["defaults"] = {
            name: row_of(value, records.get(name)) if isinstance(value, Mapping) else
            next((found for key in types if key in records and (found := cell(name, value, records[key])) is not value),
                 value)
            for name, value in defaults.items()
        }  # fmt: skip
    return body


def mappings(rows: Any) -> list[Mapping[str, Any]]:
    """Rows that are tables."""
    if not all(isinstance(row, Mapping) for row in rows):
        raise CaseError("a record is a table of fields")
    return list(rows)


def row_of(row: Any, record: RecordDeclaration | None) -> dict[str, Any]:
    """A record's values."""
    if not isinstance(row, Mapping):
        raise CaseError("a record is a table of fields")
    return {name: value if record is None or name in INSIDE else cell(name, value, record)
            for name, value in row.items()}


def cell(name: str, value: Any, record: RecordDeclaration) -> Any:
    """A value, read as its field has it where JSON has only a text for it."""
    try:
        spec = record.field(name)
    except DeclarationError:
        return value
    if spec.kind in NUMERIC and isinstance(exact_number(value), str):
        raise CaseError(f"{name} = {value!r} is no number that a record can hold")
    if spec.kind is Kind.INSTANT and isinstance(value, str):
        return moment(value)
    return date.fromisoformat(value) if spec.kind is Kind.DAY and isinstance(value, str) else value


def moment(value: str) -> datetime:
    """An instant with its zone."""
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise CaseError(f"{value!r} has no time zone: write 2026-05-01T09:00:00+08:00")
    return found


def told(value: Any) -> str:
    """A number or state as a reader sees it."""
    return "—" if value is None else str(value)

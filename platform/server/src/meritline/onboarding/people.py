"""People, departments, positions and codes of a manifest. Decides how rows become persons with their intervals.

A number may stand in several rows: one per interval of employment. Departments and positions that have no table of
their own come from the people's rows, named by their codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from meritline.errors import Problem
from meritline.onboarding.tables import Column, Rows, read_rows
from meritline.tenancy.checks import check_codes, check_departments, check_employees, check_positions
from meritline.tenancy.values import PROBATION, REGULAR, Department, Employee, ExternalCode, Position, Span

PEOPLE = (Column("number", True), Column("name", True), Column("department"), Column("position"), Column("manager"),
          Column("from"), Column("to"), Column("status"), Column("performance_pay"),
          Column("base_pay"))  # fmt: skip
PAY = ("performance_pay", "base_pay")
DEPARTMENTS = (Column("code", True), Column("name", True), Column("parent"))
POSITIONS = (Column("code", True), Column("name"), Column("name_en"), Column("name_zh"))
CODES = (Column("space", True), Column("code", True), Column("employee"), Column("department"), Column("from"),
         Column("to"))  # fmt: skip
STATUS_WORDS = {"正式": REGULAR, "试用": PROBATION}
WITH_SPAN = ("department", "position", "manager", "from", "to", "status")


@dataclass(frozen=True, slots=True)
class People:
    """Everybody and everything they belong to. ``implied`` departments were only mentioned: made, never changed."""

    departments: tuple[Department, ...]
    positions: tuple[Position, ...]
    employees: tuple[Employee, ...]
    codes: tuple[ExternalCode, ...]
    implied: frozenset[str]
    position_codes: frozenset[str]
    with_pay: frozenset[str]


def read_people(folder: Path, zone: str | None, problems: list[Problem]) -> People:
    """All tables of people; ``zone`` None where the company's own is wrong."""
    departments, listed = read_departments(folder, problems)
    positions = read_positions(folder, problems)
    rows = read_rows(folder, "people", PEOPLE, problems)
    employees, lines, spans = persons(rows) if rows else ((), (), {})
    if not listed:
        mentioned = sorted({span.department for one in employees for span in one.employments or () if span.department})
        departments = tuple(Department(code, code) for code in mentioned)
    codes_known = {one.code for one in departments}
    if rows:
        problems.extend(check_employees(employees, codes_known, (), rows.places("employees", lines), spans))
    codes = read_codes(folder, zone, codes_known, {one.number for one in employees}, problems)
    implied = frozenset() if listed else frozenset(codes_known)
    # From the rows, not from the intervals: a row with another mistake still names its position.
    mentioned_positions = {row["position"] for row in rows.rows if row.get("position")} if rows else set()
    return People(departments, positions, employees, codes, implied,
                  frozenset(mentioned_positions | {one.code for one in positions}),
                  frozenset(rows.given if rows else ()))  # fmt: skip


def read_departments(folder: Path, problems: list[Problem]) -> tuple[tuple[Department, ...], bool]:
    """The departments and whether they have a table of their own."""
    rows = read_rows(folder, "departments", DEPARTMENTS, problems)
    if rows is None:
        return (), False
    found = tuple(Department(rows.text(place, "code") or "", rows.text(place, "name") or "", rows.text(place, "parent"))
                  for place in range(len(rows.rows)))
    problems.extend(check_departments(found, {}, rows.places("departments")))
    return found, True


def read_positions(folder: Path, problems: list[Problem]) -> tuple[Position, ...]:
    """The positions with names; one name stands for both languages, none for the code."""
    rows = read_rows(folder, "positions", POSITIONS, problems)
    if rows is None:
        return ()
    found = []
    for place in range(len(rows.rows)):
        code, name = rows.text(place, "code") or "", rows.text(place, "name")
        en, zh = rows.text(place, "name_en"), rows.text(place, "name_zh")
        found.append(Position(code, en or name or zh or code, zh or name or en or code))
    problems.extend(check_positions(found, rows.places("positions")))
    return tuple(found)


def persons(rows: Rows) -> tuple[tuple[Employee, ...], tuple[int, ...], Mapping[tuple[int, int], int]]:
    """Employees by their first rows; lines: of those rows, then of all rows; which of the lines each interval has."""
    first: dict[str, int] = {}
    spans: dict[str, list[tuple[int, Span]]] = {}
    pay: dict[tuple[str, str], Decimal | None] = {}
    for place in range(len(rows.rows)):
        number = rows.text(place, "number") or ""
        start = first.setdefault(number, place)
        name, known = rows.text(place, "name"), rows.text(start, "name")
        if name != known and name is not None:
            rows.report("E-EMPLOYEE-TWO-NAMES", place, "name", name, number=number, first=known)
        for name in PAY:
            if rows.text(place, name):
                pay[number, name] = rows.money(place, name)
        span = read_span(rows, place)
        spans.setdefault(number, []).extend([(place, span)] if span else [])
    employees = tuple(
        Employee(number, rows.text(place, "name") or "", pay.get((number, "performance_pay")),
                 tuple(one for _, one in spans[number]), pay.get((number, "base_pay")))
        for number, place in first.items()
    )
    lines = (*(rows.lines[place] for place in first.values()), *rows.lines)
    where = {(index, count): len(first) + place for index, number in enumerate(first)
             for count, (place, _) in enumerate(spans[number])}  # fmt: skip
    return employees, lines, where


def read_span(rows: Rows, place: int) -> Span | None:
    """The interval of a row; None where the row names only a person."""
    since, until = rows.day(place, "from"), rows.day(place, "to")
    if since is None:
        if rows.text(place, "from") is None and any(rows.text(place, column) for column in WITH_SPAN):
            rows.report("E-DOC-MISSING", place, "from")
        return None
    status = rows.text(place, "status") or REGULAR
    return Span(since, until, rows.text(place, "department"), rows.text(place, "position"), rows.text(place, "manager"),
                STATUS_WORDS.get(status, status))  # fmt: skip


def read_codes(folder: Path, zone: str | None, departments: set[str], numbers: set[str],
               problems: list[Problem]) -> tuple[ExternalCode, ...]:
    """What the outside calls them."""
    rows = read_rows(folder, "codes", CODES, problems)
    if rows is None:
        return ()
    found = tuple(
        ExternalCode(rows.text(place, "space") or "", rows.text(place, "code") or "", rows.text(place, "employee"),
                     rows.text(place, "department"), rows.moment(place, "from", zone), rows.moment(place, "to", zone))
        for place in range(len(rows.rows))
    )  # fmt: skip
    places = rows.places("codes")
    places.columns["code_space"] = rows.given.get("space", "space")
    problems.extend(check_codes(found, departments, numbers, places))
    return found

"""Grade bands as written. Decides their two forms: a limit per grade, or rows from-to that must cover every score."""

from decimal import Decimal

from meritline.appraisal.documents.blanks import Said, number
from meritline.appraisal.documents.points import Indicators, read_indicator
from meritline.appraisal.documents.ranges import read_rows
from meritline.documents import Table
from meritline_sdk import DeclarationError, Grade, GradeBands, Text
from meritline_sdk.model.bands import LOWER_INCLUSIVE, UPPER_INCLUSIVE, Granted
from meritline_sdk.model.blanks import Blank


def read_grades(table: Table, floor: Said | None, cap: Said | None, indicators: Indicators) -> GradeBands | None:
    """The grades of a scheme from ``[grades]`` with its ``[[grades.grade]]`` rows, and ``[[grades.granted]]``."""
    before = len(table.problems)
    reading = table.choice("reading", (LOWER_INCLUSIVE, UPPER_INCLUSIVE), default=LOWER_INCLUSIVE)
    rows, above = table.tables("grade", required=True), table.tables("granted")
    table.finish()
    named = {row.path: read_name(row) for row in (*rows, *above)}
    report_repeated([*rows, *above], named)
    granted = [read_granted(row, named[row.path], indicators) for row in above]
    given = {form for row in rows for form in ("limit", "range") if uses(row, form)}
    if given == {"limit", "range"}:
        table.report("E-GRADES-FORM", "grade")
        return None
    read = read_limits if given != {"range"} else read_ranges
    limits = read(table, rows, reading or LOWER_INCLUSIVE, closed(floor), closed(cap))
    for row in rows:
        row.finish()
    if limits is None or len(table.problems) != before:
        return None
    grades = [Grade(*name, limit) for row, limit in limits if (name := named[row.path])]
    try:
        return GradeBands(tuple(grades), reading or LOWER_INCLUSIVE, tuple(one for one in granted if one))
    except DeclarationError as wrong:
        table.report("E-DOC-DECLARATION", "grade", reason=wrong)
        return None


def closed(value: Said | None) -> Decimal | None:
    """The number, if it is known."""
    return None if value is None or isinstance(value, Blank) else Decimal(value)


def read_granted(row: Table, named: tuple[str, Text] | None, indicators: Indicators) -> Granted | None:
    """A grade that a person grants."""
    indicator = read_indicator(row, indicators)
    row.finish()
    return Granted(*named, indicator) if named and indicator else None


def read_name(row: Table) -> tuple[str, Text] | None:
    """Key and title of a grade."""
    key = row.key("key", required=True)
    title = row.title(default=key)
    return (key, title) if key and title else None


def report_repeated(rows: list[Table], named: dict[tuple[str | int, ...], tuple[str, Text] | None]) -> None:
    """Report a grade key that stands twice."""
    seen: set[str] = set()
    for row in rows:
        found = named[row.path]
        if found and found[0] in seen:
            row.report("E-DOC-TWICE", "key", value=found[0])
        seen.add(found[0] if found else "")


def uses(row: Table, form: str) -> bool:
    """Whether the row is written in this form."""
    return row.has("limit") if form == "limit" else row.has("from") or row.has("to")


def read_limits(table: Table, rows: list[Table], reading: str, floor: Decimal | None,
                cap: Decimal | None) -> list[tuple[Table, Said | None]] | None:
    """Each grade with where it begins (lower reading) or ends (upper reading), from the lowest to the highest."""
    found = [(row, number(row, "limit")) for row in rows]
    lower = reading == LOWER_INCLUSIVE
    without = [row for row, _ in found if not row.has("limit")]
    if len(without) != 1:
        code = "E-GRADES-LOWEST" if lower else "E-GRADES-HIGHEST"
        (without[1] if without else table).report(code, "limit" if without else "grade", count=len(without))
        return None
    seen: set[Said] = set()
    for row, limit in found:
        if limit is not None and limit in seen:
            row.report("E-DOC-TWICE", "limit", value=limit)
        seen |= {limit} if limit is not None else set()
    if not any(isinstance(limit, Blank) for _, limit in found):  # with a blank in it, the order as written
        found.sort(key=lambda one: ((one[1] is not None) is lower, closed(one[1]) or Decimal(0)))
    return found


def read_ranges(table: Table, rows: list[Table], reading: str, floor: Decimal | None,
                cap: Decimal | None) -> list[tuple[Table, Said | None]] | None:
    """The same from rows ``from``/``to`` without gap or overlap."""
    found = read_rows(rows, lambda row, key: row.number(key), floor, cap)
    if found is None:
        return None
    return [(row.table, row.low if reading == LOWER_INCLUSIVE else row.high) for row in found]

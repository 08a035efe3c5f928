"""What departments, positions, people and codes must be, before anything is written. Pure; every mistake is found.

``known`` arguments are the keys the company has already; what a batch brings itself is known too.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from meritline.errors import Problem
from meritline.tenancy.places import Places
from meritline.tenancy.values import STATUSES, Department, Employee, ExternalCode, Position, Span

LONGEST = 200
MOST_PAY = Decimal(10) ** 15


def sound_text(value: object) -> bool:
    """Whether this can be a code or a name: printable, without blanks around it, not endless."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST and value == value.strip() and value.isprintable()


def check_departments(rows: Sequence[Department], known: Mapping[str, str | None], places: Places) -> list[Problem]:
    """Codes, names, parents; ``known`` is code to parent. A department is never, by any way, its own parent."""
    found = check_keys([row.code for row in rows], "code", places)
    parents = {**known, **{row.code: row.parent for row in rows}}
    for index, row in enumerate(rows):
        if not sound_text(row.name):
            found.append(places.problem("E-PEOPLE-TEXT", index, "name", row.name, longest=LONGEST))
        if row.parent is not None and row.parent not in parents:
            found.append(places.problem("E-DEPARTMENT-UNKNOWN", index, "parent", row.parent))
        ring = ring_of(row.code, parents)
        if ring:
            found.append(places.problem("E-DEPARTMENT-CYCLE", index, "parent", row.parent, ring=" → ".join(ring)))
    return found


def ring_of(code: str, parents: Mapping[str, str | None]) -> list[str] | None:
    """The way up from a department back to itself, if there is one."""
    way, above = [code], parents.get(code)
    while above is not None and above not in way:
        way.append(above)
        above = parents.get(above)
    return [*way, code] if above == code else None


def check_positions(rows: Sequence[Position], places: Places) -> list[Problem]:
    """Codes and names."""
    found = check_keys([row.code for row in rows], "code", places)
    for index, row in enumerate(rows):
        for name in ("name_en", "name_zh"):
            if not sound_text(getattr(row, name)):
                found.append(places.problem("E-PEOPLE-TEXT", index, name, getattr(row, name), longest=LONGEST))
    return found


def check_keys(keys: Sequence[str], name: str, places: Places) -> list[Problem]:
    """Natural keys: sound, each once."""
    found: list[Problem] = []
    seen: set[str] = set()
    for index, key in enumerate(keys):
        if not sound_text(key):
            found.append(places.problem("E-PEOPLE-TEXT", index, name, key, longest=LONGEST))
        elif key in seen:
            found.append(places.problem("E-DOC-TWICE", index, name, key))
        seen.add(key)
    return found


def check_employees(rows: Sequence[Employee], departments: Collection[str], numbers: Collection[str],
                    places: Places, span_places: Mapping[tuple[int, int], int] | None = None) -> list[Problem]:
    """Numbers, names, pay and intervals; ``span_places`` gives each interval the row it came from, if it has its own.

    Positions are not checked: one that nobody knew is made.
    """
    found = check_keys([row.number for row in rows], "number", places)
    everyone = {*numbers, *(row.number for row in rows)}
    for index, row in enumerate(rows):
        if not sound_text(row.name):
            found.append(places.problem("E-PEOPLE-TEXT", index, "name", row.name, longest=LONGEST))
        for name in ("performance_pay", "base_pay"):
            pay = getattr(row, name)
            if pay is not None and not (pay.is_finite() and 0 <= pay < MOST_PAY and pay == round(pay, 2)):
                found.append(places.problem("E-EMPLOYEE-PAY", index, name, pay))
        for place, span in enumerate(row.employments or ()):
            at = (span_places or {}).get((index, place), index)
            found.extend(check_span(row.number, span, departments, everyone, places, at))
            found.extend(
                places.problem("E-EMPLOYMENT-OVERLAP", at, "from", span.valid_from, number=row.number,
                               first=other.text(), second=span.text())
                for other in (row.employments or ())[:place] if other.overlaps(span)
            )  # fmt: skip
    return found


def check_span(number: str, span: Span, departments: Collection[str], everyone: Collection[str], places: Places,
               at: int) -> list[Problem]:
    """One interval of employment."""
    found: list[Problem] = []
    if span.department is not None and span.department not in departments:
        found.append(places.problem("E-DEPARTMENT-UNKNOWN", at, "department", span.department))
    if span.position is not None and not sound_text(span.position):
        found.append(places.problem("E-PEOPLE-TEXT", at, "position", span.position, longest=LONGEST))
    if span.manager is not None and span.manager not in everyone:
        found.append(places.problem("E-EMPLOYEE-UNKNOWN", at, "manager", span.manager))
    if span.manager == number:
        found.append(places.problem("E-EMPLOYMENT-SELF", at, "manager", span.manager))
    if span.valid_to is not None and span.valid_to <= span.valid_from:
        found.append(places.problem("E-EMPLOYMENT-EMPTY", at, "to", span.valid_to, since=span.valid_from))
    if span.status not in STATUSES:
        found.append(places.problem("E-DOC-CHOICE", at, "status", span.status, known=STATUSES))
    return found


def check_codes(rows: Sequence[ExternalCode], departments: Collection[str], numbers: Collection[str],
                places: Places) -> list[Problem]:
    """Outside codes: each is one subject at a moment."""
    found: list[Problem] = []
    seen: dict[tuple[str, str], list[ExternalCode]] = defaultdict(list)
    for index, row in enumerate(rows):
        for name in ("code_space", "code"):
            if not sound_text(getattr(row, name)):
                found.append(places.problem("E-PEOPLE-TEXT", index, name, getattr(row, name), longest=LONGEST))
        if (row.employee is None) == (row.department is None):
            found.append(places.problem("E-CODE-SUBJECT", index, "employee", row.employee, outside=row.code))
        if row.employee is not None and row.employee not in numbers:
            found.append(places.problem("E-EMPLOYEE-UNKNOWN", index, "employee", row.employee))
        if row.department is not None and row.department not in departments:
            found.append(places.problem("E-DEPARTMENT-UNKNOWN", index, "department", row.department))
        if row.valid_from is not None and row.valid_to is not None and row.valid_to <= row.valid_from:
            found.append(places.problem("E-EMPLOYMENT-EMPTY", index, "to", row.valid_to, since=row.valid_from))
        found.extend(
            places.problem("E-CODE-OVERLAP", index, "code", row.code, space=row.code_space, first=other.text(),
                           second=row.text())
            for other in seen[row.code_space, row.code] if other.overlaps(row)
        )  # fmt: skip
        seen[row.code_space, row.code].append(row)
    return found

"""Tallies that look at no records but at the calendar. Decides how many days of a period somebody was employed.

Departments and the company have all the days of the period.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from fractions import Fraction
from uuid import UUID

from meritline.measuring.memberships import Memberships
from meritline_sdk.evaluate.tallies import Tallied
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.measures import Tally
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.model.tallies import EMPLOYED_DAYS

type SubjectKey = tuple[SubjectKind, UUID]


def days_of(tally: Tally, window: Window, people: Memberships, tenant_id: UUID, levels: Collection[SubjectKind],
            employees: Collection[UUID] | None) -> dict[SubjectKey, Tallied]:
    """The days for everybody; who has none is left out."""
    whole = counted((window.end_day - window.first_day).days)
    found: dict[SubjectKey, Tallied] = {}
    if SubjectKind.COMPANY in levels:
        found[SubjectKind.COMPANY, tenant_id] = whole
    if SubjectKind.DEPARTMENT in levels:
        found |= {(SubjectKind.DEPARTMENT, each): whole for each in people.departments}
    if SubjectKind.EMPLOYEE in levels:
        for each in people.employees if employees is None else employees:
            mine = counted(employed_days(people, each, window)) if tally.how == EMPLOYED_DAYS else whole
            if mine.records:
                found[SubjectKind.EMPLOYEE, each] = mine
            for piece, _ in people.pieces.get(each, ()):
                own = employed_in(piece.spans, window, people, each) if tally.how == EMPLOYED_DAYS else whole
                if own.records:
                    found[SubjectKind.EMPLOYEE, piece.id] = own
    return found


def counted(days: int) -> Tallied:
    """So many days; a day is counted as a record."""
    return Tallied(Fraction(days), days)


def employed_days(people: Memberships, employee: UUID, window: Window) -> int:
    """The days of the window that lie in one of the employments."""
    return sum((end - first).days for first, end in inside(people.days_of(employee), window))


def employed_in(spans: Sequence[tuple[date, date]], window: Window, people: Memberships, employee: UUID) -> Tallied:
    """The days of a part of the period; of an earlier period all days employed."""
    if people.before_all(window.first_day):
        return counted(employed_days(people, employee, window))
    return counted(sum((end - first).days for first, end in inside(list(spans), window)))


def inside(stays: Iterable[tuple[date, date | None]], window: Window) -> list[tuple[date, date]]:
    """The parts of the stays that lie in the window, in order and without overlap."""
    found: list[tuple[date, date]] = []
    for first, end in sorted((max(first, window.first_day), window.end_day if end is None else min(end, window.end_day))
                             for first, end in stays):
        first = max(first, found[-1][1]) if found else first
        if first < end:
            found.append((first, end))
    return found

"""The roster of a period from the company's people. Decides which days of the period each employment has."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from meritline.appraisal.run.subjects import Appraised, Days, Roster, Stint
from meritline.measuring.memberships import Memberships, Piece, Stay
from meritline.tenancy.people import Employment, Employments
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.schemes import ANY_EMPLOYMENT, Scheme, SubjectKind


def roster_of(people: Employments, window: Window, company: UUID, key: str, name: str,
              schemes: Iterable[Scheme] = ()) -> Roster:
    """Everybody who can be appraised in the window; ``schemes`` are all that are in force for its kind of period."""
    period = window.first_day, window.end_day
    stints: dict[UUID, list[Stint]] = {}
    for each in people.intervals:
        if each.meets(*period):
            stint = Stint(employee(each, people), each.status, inside(each, period))
            stints.setdefault(each.employee_id, []).append(stint)
    found = {each: tuple(some) for each, some in stints.items()}
    return Roster(Appraised(Subject(SubjectKind.COMPANY, key), company, name),
                  tuple(some[-1].who for some in found.values()), people.departments, found, period,
                  particular(schemes))


def inside(one: Employment, period: Days) -> Days:
    """The days of the period that the employment has: mostly all of them, and then they are the very same."""
    first, end = period
    if one.valid_from <= first and (one.valid_to is None or one.valid_to >= end):
        return period
    return max(one.valid_from, first), end if one.valid_to is None else min(one.valid_to, end)


def particular(schemes: Iterable[Scheme]) -> frozenset[tuple[str, str]]:
    """The positions with the kind of employment for which a scheme is there alone."""
    return frozenset((position, each.for_employment) for each in schemes for position in each.for_positions
                     if each.subject is SubjectKind.EMPLOYEE and each.for_employment != ANY_EMPLOYMENT)


def employee(one: Employment, people: Employments) -> Appraised:
    """The employee with the department and position of the employment."""
    department, pay = one.department_id, one.performance_pay
    code = None if department is None else people.departments[department].code
    return Appraised(Subject(SubjectKind.EMPLOYEE, one.number), one.employee_id, one.name, department, code,
                     one.position, one.base_pay, pay if isinstance(pay, Decimal) else None)


def memberships(people: Employments, zone: str, pieces: Iterable[Piece] = (), since: date | None = None) -> Memberships:
    """Who was where at which moment, as measuring asks; ``pieces`` as ``Memberships`` has them."""
    return Memberships(map(Stay._make, people.stays()), people.parents, zone, pieces, since)


def pieces_of(appraised: Iterable[Appraised]) -> list[Piece]:
    """Whose records count only on some days of the period."""
    return [Piece(who.id, who.stay.records, who.stay.spans) for who in appraised
            if who.stay is not None and who.stay.records is not None]

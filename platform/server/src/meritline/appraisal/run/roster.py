"""The roster of a period from the company's people. Decides that an employee is placed by the last employment in it."""

from uuid import UUID

from meritline.appraisal.run.subjects import Appraised, Roster
from meritline.measuring.memberships import Memberships, Stay
from meritline.tenancy.people import Employment, Employments
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.schemes import SubjectKind


def roster_of(people: Employments, window: Window, company: UUID, key: str, name: str) -> Roster:
    """Everybody who can be appraised in the window."""
    found = [employee(each, people) for each in people.subjects(window).values()]
    return Roster(Appraised(Subject(SubjectKind.COMPANY, key), company, name), tuple(found), people.departments)


def employee(one: Employment, people: Employments) -> Appraised:
    """The employee with the department and position of the employment."""
    code = None if one.department_id is None else people.departments[one.department_id].code
    return Appraised(Subject(SubjectKind.EMPLOYEE, one.number), one.employee_id, one.name, one.department_id, code,
                     one.position, one.base_pay)


def memberships(people: Employments, zone: str) -> Memberships:
    """Who was where at which moment, as measuring asks."""
    return Memberships((Stay(*stay) for stay in people.stays()), people.parents, zone)

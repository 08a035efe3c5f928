"""What figures of a period are checked against: the company's indicators, and who there is in the period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from uuid import UUID

from meritline.appraisal import store as cycles
from meritline.appraisal.definitions import TenantIndicator, as_pinned, indicators_of, schemes_in_force
from meritline.appraisal.figures.values import FigureInput, Place, Writer
from meritline.appraisal.run.needs import needs
from meritline.db import Connection
from meritline.domain.cycles import SETTLED
from meritline.errors import MeritlineError, Problem, problem
from meritline.tenancy.calendar import company_calendar
from meritline.tenancy.people import employments
from meritline.tenancy.store import tenant_key
from meritline_sdk.model.schemes import OWN, SubjectKind


@dataclass(frozen=True, slots=True)
class Known:
    """The company in a period. ``company`` is its key; ``read`` is what the schemes in force read, and of whom."""

    period: str
    indicators: Mapping[str, TenantIndicator]
    subjects: Mapping[tuple[SubjectKind, str], UUID]
    company: str
    read: frozenset[tuple[str, SubjectKind]]

    def place(self, given: FigureInput, writer: Writer) -> tuple[Place, TenantIndicator] | Problem:
        """Whose reading of what is meant, or why there is no such; nobody enters their own."""
        chosen = self.indicators.get(given.indicator)
        if chosen is None:
            near = get_close_matches(given.indicator, self.indicators, 3, 0.3) or sorted(self.indicators)[:3]
            return problem("E-INDICATOR-UNKNOWN", field="indicator", value=given.indicator, known=near)
        company = given.subject_kind is SubjectKind.COMPANY
        code = given.subject if given.subject is not None or not company else self.company
        found = None if code is None else self.subjects.get((given.subject_kind, code))
        if code is None or found is None:
            return problem("E-FIGURE-SUBJECT", field=FIELDS[given.subject_kind], value=code or "",
                           period=self.period)
        if given.subject_kind is SubjectKind.EMPLOYEE and found == writer.employee_id:
            return problem("E-FIGURE-OWN", field=FIELDS[given.subject_kind], value=code)
        return Place(chosen.key, given.subject_kind, found, code), chosen


FIELDS = {SubjectKind.EMPLOYEE: "employee_no", SubjectKind.DEPARTMENT: "department_code",
          SubjectKind.COMPANY: "subject_kind"}


async def known(conn: Connection, tenant_id: UUID, period: str) -> Known:
    """Read it; a period that is published takes no more figures."""
    window = (await company_calendar(conn, tenant_id)).window(period)
    cycle = await cycles.cycle_of_period(conn, tenant_id, period)
    if cycle is not None and cycle.state in SETTLED:
        raise MeritlineError("E-FIGURE-PUBLISHED", field="period", value=period)
    people = await employments(conn, tenant_id)
    key = await tenant_key(conn, tenant_id) or str(tenant_id)
    subjects = {
        (SubjectKind.COMPANY, key): tenant_id,
        **{(SubjectKind.DEPARTMENT, each.code): each.id for each in people.departments.values()},
        **{(SubjectKind.EMPLOYEE, each.number): each.employee_id for each in people.subjects(window).values()},
    }
    schemes = await schemes_in_force(conn, tenant_id, window.end_day - timedelta(days=1))
    read = {(indicator, each.scheme.subject if read_from == OWN else SubjectKind(read_from))
            for each in schemes if each.scheme.period == window.kind
            for indicator, read_from in needs(each.scheme, each.reward)}
    every = {each.key: each for each in await indicators_of(conn, tenant_id)}
    in_use = [each for each in schemes if each.scheme.period == window.kind]
    for each, pinned in zip(in_use, await as_pinned(conn, tenant_id, every, [one.pins for one in in_use]), strict=True):
        every = {**every, **{indicator: pinned[indicator] for indicator in each.pins if indicator in pinned}}
    return Known(period, every, subjects, key, frozenset(read))

"""Who may rate whom as what. Decides it by the role of the key and by the reporting line.

- HR and admin rate in any role, in anybody's name or in nobody's in particular; but ``self`` is always the person.
- A person's key rates in that person's name: themselves as ``self``; whom they lead as ``manager`` or ``team_leader``
  (with a manager's key); colleagues of their own department, above and below them excepted, as ``peer``; with a
  manager's key anybody outside their own departments as ``department``; and anybody else as ``inspector`` if they
  hold the position of inspectors that the indicator names.
- An integration's key brings what customers said and what an inspection system scored; never a colleague's voice.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from meritline.appraisal.ratings import store
from meritline.appraisal.run.subjects import Appraised
from meritline.db import Connection
from meritline.tenancy.people import Employments
from meritline_sdk.model.rated import (
    CUSTOMER,
    DEPARTMENT,
    INSPECTOR,
    MANAGER,
    PEER,
    ROLES,
    SELF,
    TEAM_LEADER,
    RatedIndicator,
)
from meritline_sdk.model.schemes import SubjectKind

HR_KEYS: Final = ("admin", "hr")
PERSONAL_KEYS: Final = ("manager", "employee")
PROGRAM_KEY: Final = "integrator"
# Roles in which many voices come through one door, told apart by a reference.
MANY_VOICES: Final = (CUSTOMER, DEPARTMENT, INSPECTOR)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a rater is to others on the period's last day."""

    rater: UUID
    team: frozenset[tuple[str, UUID]]
    colleagues: frozenset[UUID]
    departments: frozenset[UUID]
    position: str | None
    has_reports: bool

    def roles(self, subject: Appraised, indicator: RatedIndicator, *, leads: bool) -> tuple[str, ...]:
        """The roles in which they may rate the subject by the indicator, the nearest first."""
        kind, own = subject.subject.kind, subject.id == self.rater
        if own:
            found = {SELF}
        else:
            found = set(self.over(subject)) if leads else set()
            if kind is SubjectKind.EMPLOYEE and subject.id in self.colleagues and not found:
                found.add(PEER)
            if self.position is not None and self.position == indicator.inspectors:
                found.add(INSPECTOR)
        return tuple(role for role in ROLES if role in found and indicator.group(role) is not None)

    def over(self, subject: Appraised) -> tuple[str, ...]:
        """The roles of a superior, or of another department's head."""
        if (subject.subject.kind.value, subject.id) in self.team:
            return MANAGER, TEAM_LEADER
        outside = subject.department_id is not None and subject.department_id not in self.departments
        return (DEPARTMENT,) if outside else ()


async def reach_of(conn: Connection, tenant_id: UUID, rater: UUID, on: date, people: Employments) -> Reach:
    """Look it up: whom they lead and with whom they work."""
    team = frozenset(await store.team_of(conn, tenant_id, rater, on))
    colleagues = frozenset(await store.colleagues_of(conn, tenant_id, rater, on))
    present = people.at(rater, on)
    led = {where for kind, where in team if kind == SubjectKind.DEPARTMENT}
    own = led if present is None or present.department_id is None else led | {present.department_id}
    return Reach(rater, team, colleagues, frozenset(own), present and present.position,
                 await store.has_reports(conn, tenant_id, rater, on))

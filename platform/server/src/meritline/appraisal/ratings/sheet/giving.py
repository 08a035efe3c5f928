"""Rating sheets going out. Decides which rows a rater gets, and who may ask for whose sheet: the rater, and HR any."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from meritline.access.roles import reach as permitted
from meritline.appraisal.ratings import store
from meritline.appraisal.ratings.desk import Asked, Desk, desk_of
from meritline.appraisal.ratings.reach import HR_KEYS, PERSONAL_KEYS
from meritline.appraisal.ratings.service import Who
from meritline.appraisal.ratings.sheet.layout import MOST_ROWS, Head, Line
from meritline.appraisal.ratings.sheet.writing import Row, workbook
from meritline.appraisal.ratings.store import Rating
from meritline.appraisal.run.subjects import Appraised
from meritline.db import UnitOfWork
from meritline.errors import Forbidden, MeritlineError, NotFound
from meritline.messages import Language
from meritline.tenancy.service import tenant_profile
from meritline_sdk.model.rated import DEPARTMENT, MANAGER, PEER, SELF, role_named

type Given = dict[tuple[str, str, str, UUID, str], Rating]


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever works at the command line: may do what an admin's key may."""

    role: str = "admin"
    employee_id: UUID | None = None
    actor: str = "cli"


OPERATOR: Final = Operator()


async def make_sheet(uow: UnitOfWork, who: Who, period: str, *, scheme: str | None = None, rater: str | None = None,
                     role: str | None = None, language: Language = "en") -> bytes:
    """The sheet of a rater; HR without a rater's name gets one in nobody's name in particular.

    ``role`` keeps to one role. A person's opinion of other departments comes only so: it is asked of everybody there.
    """
    role = None if role is None else role_named(role)
    rater_id = await rater_asked(uow, who, rater)
    desk = await desk_of(uow.conn, uow.tenant_id, period)
    number = rater or await number_of_employee(desk, rater_id)
    given = await given_by(uow, period, rater_id)
    asked = desk.everything(scheme)
    rows = [row async for row in rows_of(uow, who, desk, asked, rater_id, given, language)
            if (row.line.role == role if role else rater_id is None or row.line.role != DEPARTMENT)]
    if not rows:
        raise MeritlineError("E-RATING-SHEET-NOTHING", field="rater", value=number or desk.company, period=period)
    if len(rows) > MOST_ROWS:
        raise MeritlineError("E-RATING-SHEET-ROWS", field="scheme", most=MOST_ROWS)
    secret = await secret_of(uow)
    profile = await tenant_profile(uow.conn, uow.tenant_id)
    head = Head(desk.company, period, scheme, number)
    return await asyncio.to_thread(workbook, secret, head, profile.name, rows, language)


async def given_by(uow: UnitOfWork, period: str, rater: UUID | None) -> Given:
    """What the rater has given so far, by what it is about."""
    return {(one.scheme_key, one.indicator_key, one.subject_kind, one.subject_id, one.rater_role): one
            for one in await store.given(uow.conn, uow.tenant_id, period, rater)}


async def rater_asked(uow: UnitOfWork, who: Who, rater: str | None) -> UUID | None:
    """Who is to rate: the person behind the key, or whom HR names."""
    if permitted(who.role, "ratings:write") is None or who.role not in (*HR_KEYS, *PERSONAL_KEYS):
        raise Forbidden(role=who.role, action="ratings:write")
    named = None if rater is None else await store.employee_id(uow.conn, uow.tenant_id, rater)
    if rater is not None and who.role in HR_KEYS and named is None:
        raise NotFound(kind="employee", value=rater, field="rater")
    if who.role in HR_KEYS:
        return named
    if rater is not None and named != who.employee_id:
        raise MeritlineError("E-RATING-SHEET-RATER", field="rater", value=rater)
    return who.employee_id


async def number_of_employee(desk: Desk, rater: UUID | None) -> str | None:
    """The number of the person behind the key."""
    return next((one.number for one in desk.people.intervals if one.employee_id == rater), None)


async def secret_of(uow: UnitOfWork) -> bytes:
    """What seals the company's sheets."""
    return await store.seal(uow.conn, uow.tenant_id, secrets.token_bytes(32))


async def rows_of(uow: UnitOfWork, who: Who, desk: Desk, asked: Sequence[Asked], rater: UUID | None, given: Given,
                  language: Language) -> AsyncIterator[Row]:
    """A row for each subject and indicator that the rater is asked about, in the role nearest to them."""
    for one in asked:
        if one.indicator.needs_name:
            continue
        for subject in one.subjects:
            for role in await roles_for(uow, who, desk, one, subject, rater):
                yield row_of(one, subject, role, given, desk, language)


async def roles_for(uow: UnitOfWork, who: Who, desk: Desk, asked: Asked, subject: Appraised,
                    rater: UUID | None) -> tuple[str, ...]:
    """The one role of a person; in nobody's name every role that is nobody's own."""
    if rater is None:
        return tuple(one.role for one in asked.indicator.groups if one.role not in (PEER, SELF))
    reach = await desk.reach(uow.conn, rater)
    leads = reach.has_reports if who.role in HR_KEYS else who.role == MANAGER
    return reach.roles(subject, asked.indicator, leads=leads)[:1]


def row_of(asked: Asked, subject: Appraised, role: str, given: Given, desk: Desk, language: Language) -> Row:
    """The row with what was given before."""
    kind = subject.subject.kind.value
    before = given.get((asked.scheme, asked.key, kind, subject.id, role))
    line = Line(asked.scheme, asked.key, kind, subject.subject.key, role, before.version if before else 0,
                subject.subject.key, asked.indicator.title.in_language(language))
    department = desk.people.departments.get(subject.department_id) if subject.department_id else None
    return Row(line, asked.indicator, subject.name, department.name if department else "",
               before.value if before else None, before.comment if before else None)

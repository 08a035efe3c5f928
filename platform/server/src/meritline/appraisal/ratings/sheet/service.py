"""Rating sheets going out and coming back. Decides which rows a rater gets, and which of the returned ones land.

A good row lands whatever stands beside it; a bad one is told with its row, value and remedy. Sending the same sheet
again changes nothing. Who may send a sheet: the rater, and HR any.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from meritline.access.roles import reach as permitted
from meritline.appraisal.ratings import store
from meritline.appraisal.ratings.desk import Asked, Desk, desk_of
from meritline.appraisal.ratings.reach import HR_KEYS, PERSONAL_KEYS
from meritline.appraisal.ratings.service import RatingInput, Who, give
from meritline.appraisal.ratings.sheet.layout import MOST_ROWS, SEAL_LENGTH, Head, Line, holds, sealed
from meritline.appraisal.ratings.sheet.reading import Filled, Formula, Returned, number_of, read_sheet
from meritline.appraisal.ratings.sheet.writing import Row, workbook
from meritline.appraisal.ratings.store import Rating
from meritline.appraisal.run.subjects import Appraised
from meritline.db import UnitOfWork
from meritline.errors import Forbidden, MeritlineError, NotFound, Problem, Refused, problem
from meritline.messages import Language
from meritline.tenancy.service import tenant_profile
from meritline_sdk.model.rated import DEPARTMENT, MANAGER, PEER, SELF, role_named
from meritline_sdk.model.schemes import SubjectKind

type Given = dict[tuple[str, str, str, UUID, str], Rating]


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever works at the command line: may do what an admin's key may."""

    role: str = "admin"
    employee_id: UUID | None = None
    actor: str = "cli"


OPERATOR: Final = Operator()


@dataclass(slots=True)
class SheetSummary:
    """What became of a returned sheet."""

    period: str
    scheme: str | None
    rater: str | None
    accepted: int = 0
    changed: int = 0
    unchanged: int = 0
    empty: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """How many rows were refused."""
        return len({one.row for one in self.problems})

    def answer(self, language: Language) -> dict[str, Any]:
        """As JSON."""
        return {"period": self.period, "scheme": self.scheme, "rater": self.rater, "accepted": self.accepted,
                "changed": self.changed, "unchanged": self.unchanged, "empty": self.empty, "rejected": self.rejected,
                "errors": [one.as_dict(language) for one in self.problems]}  # fmt: skip


async def make_sheet(uow: UnitOfWork, who: Who, period: str, *, scheme: str | None = None, rater: str | None = None,
                     role: str | None = None, language: Language = "en") -> bytes:
    """The sheet of a rater; HR without a rater's name gets one in nobody's name in particular.

    ``role`` keeps to one role. A person's opinion of other departments comes only so: it is asked of everybody there.
    """
    role = None if role is None else role_named(role)
    rater_id = await rater_asked(uow, who, rater)
    desk = await desk_of(uow.conn, uow.tenant_id, period)
    number = rater or await number_of_employee(desk, rater_id)
    given = {(one.scheme_key, one.indicator_key, one.subject_kind, one.subject_id, one.rater_role): one
             for one in await store.given(uow.conn, uow.tenant_id, period, rater_id)}
    asked = desk.everything(scheme)
    rows = [row async for row in rows_of(uow, who, desk, asked, rater_id, given, language)
            if (row.line.role == role if role else rater_id is None or row.line.role != DEPARTMENT)]
    if not rows:
        raise MeritlineError("E-RATING-SHEET-NOTHING", field="rater", value=number or desk.company, period=period)
    if len(rows) > MOST_ROWS:
        raise MeritlineError("E-RATING-SHEET-ROWS", field="scheme", most=MOST_ROWS)
    secret = await secret_of(uow)
    profile = await tenant_profile(uow.conn, uow.tenant_id)
    return workbook(secret, Head(desk.company, period, scheme, number), profile.name, rows, language)


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


async def take_sheet(uow: UnitOfWork, who: Who, content: bytes, *, name: str = "ratings.xlsx",
                     period: str | None = None, clock: Callable[[], datetime]) -> SheetSummary:
    """Let the good rows land, and tell of the others."""
    returned = read_sheet(content, name)
    head, secret = returned.head, await secret_of(uow)
    if not holds(returned.seal, sealed(secret, head)) or len(str(returned.seal)) != SEAL_LENGTH:
        raise MeritlineError("E-RATING-SHEET-FOREIGN", file=name)
    if period is not None and period != head.period:
        raise MeritlineError("E-RATING-SHEET-PERIOD", file=name, value=head.period, period=period)
    await rater_asked(uow, who, head.rater)
    if head.rater is None and who.role not in HR_KEYS:
        raise MeritlineError("E-RATING-SHEET-RATER", file=name, value="—")
    desk = await desk_of(uow.conn, uow.tenant_id, head.period)
    summary, now = SheetSummary(head.period, head.scheme, head.rater), clock()
    sound = {row.number for row in returned.rows if holds(row.seal, sealed(secret, head, row.line.fields()))}
    for row, other in with_doubles(returned, sound):
        try:
            if row.number not in sound:
                raise MeritlineError("E-RATING-SHEET-ROW", field="subject", value=row.line.code or row.line.subject)
            await take_row(uow, who, desk, row, other, summary, now)
        except Refused as error:
            summary.problems += [placed(one, name, row) for one in error.problems]
        except MeritlineError as error:
            summary.problems.append(placed(error.problem, name, row))
    return summary


def with_doubles(returned: Returned, sound: Collection[int]) -> Iterator[tuple[Filled, int | None]]:
    """Each row with the number of another sound one that rates the same."""
    seen: dict[tuple[str, ...], list[int]] = {}
    for row in returned.rows:
        if row.number in sound:
            seen.setdefault(tuple(row.line.fields()[:5]), []).append(row.number)
    for row in returned.rows:
        others = [number for number in seen.get(tuple(row.line.fields()[:5]), ()) if number != row.number]
        yield row, others[0] if others else None


async def take_row(uow: UnitOfWork, who: Who, desk: Desk, row: Filled, other: int | None, summary: SheetSummary,
                   now: datetime) -> None:
    """One row that is as it was given out, or the reason why not."""
    line = row.line
    if other is not None:
        raise MeritlineError("E-RATING-SHEET-TWICE", field="subject", value=line.subject, other=other)
    for name, cell in (("rating", row.rating), ("comment", row.comment)):
        if isinstance(cell, Formula):
            raise MeritlineError("E-RATING-SHEET-FORMULA", field=name, value=cell.text)
    if row.rating is None:
        summary.empty += 1
        return
    value = rating_value(row, desk.one(line.scheme, line.indicator))
    rating, written = await give(uow, who, desk, RatingInput(
        desk.period, line.scheme, line.indicator, line.subject, value, SubjectKind(line.kind), line.role, summary.rater,
        comment_text(row.comment), line.version or None,
    ), now)  # fmt: skip
    summary.unchanged += not written
    summary.accepted += written and rating.version == 1
    summary.changed += written and rating.version > 1


def rating_value(row: Filled, asked: Asked) -> Decimal:
    """The number of the row."""
    value = number_of(row.rating)
    if value is None:
        raise MeritlineError("E-RATING-SHEET-VALUE", field="rating", value=row.rating, low=asked.indicator.scale_min,
                             high=asked.indicator.scale_max)
    return value


def comment_text(cell: object) -> str | None:
    """What is said with the rating."""
    return None if cell is None else ILLEGAL_CHARACTERS_RE.sub("", str(cell)).strip() or None


def placed(one: Problem, name: str, row: Filled) -> Problem:
    """The problem with its place in the sheet."""
    return problem(one.code, file=name, row=row.number, field=one.field, value=one.value, **one.params)  # type: ignore[arg-type]

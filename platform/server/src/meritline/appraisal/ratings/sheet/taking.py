"""Rating sheets coming back. Decides which of the returned rows land.

A good row lands whatever stands beside it; a bad one is told with its row, value and remedy. Sending the same sheet
again changes nothing.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from meritline.appraisal.ratings.desk import Asked, Desk, desk_of
from meritline.appraisal.ratings.reach import HR_KEYS
from meritline.appraisal.ratings.service import RatingInput, Who, give
from meritline.appraisal.ratings.sheet.giving import Given, given_by, rater_asked, secret_of
from meritline.appraisal.ratings.sheet.layout import SEAL_LENGTH, Line, holds, sealed
from meritline.appraisal.ratings.sheet.reading import Filled, Formula, Returned, number_of, read_sheet
from meritline.db import UnitOfWork
from meritline.errors import MeritlineError, Problem, Refused, problem
from meritline.messages import Language
from meritline_sdk.model.schemes import SubjectKind


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


async def take_sheet(uow: UnitOfWork, who: Who, content: bytes, *, name: str = "ratings.xlsx",
                     period: str | None = None, clock: Callable[[], datetime]) -> SheetSummary:
    """Let the good rows land, and tell of the others."""
    returned = await asyncio.to_thread(read_sheet, content, name)
    head, secret = returned.head, await secret_of(uow)
    if not holds(returned.seal, sealed(secret, head)) or len(str(returned.seal)) != SEAL_LENGTH:
        raise MeritlineError("E-RATING-SHEET-FOREIGN", file=name)
    if period is not None and period != head.period:
        raise MeritlineError("E-RATING-SHEET-PERIOD", file=name, value=head.period, period=period)
    rater = await rater_asked(uow, who, head.rater)
    if head.rater is None and who.role not in HR_KEYS:
        raise MeritlineError("E-RATING-SHEET-RATER", file=name, value="—")
    desk = await desk_of(uow.conn, uow.tenant_id, head.period)
    summary, now = SheetSummary(head.period, head.scheme, head.rater), clock()
    given = await given_by(uow, head.period, rater)
    sound = {row.number for row in returned.rows if holds(row.seal, sealed(secret, head, row.line.fields()))}
    for row, other in with_doubles(returned, sound):
        try:
            if row.number not in sound:
                raise MeritlineError("E-RATING-SHEET-ROW", field="subject", value=row.line.code or row.line.subject)
            await take_row(uow, who, desk, row, other, given, summary, now)
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


async def take_row(uow: UnitOfWork, who: Who, desk: Desk, row: Filled, other: int | None, given: Given,
                   summary: SheetSummary, now: datetime) -> None:
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
    asked = desk.one(line.scheme, line.indicator)
    value, said = rating_value(row, asked), comment_text(row.comment)
    if stands(given, asked, line, value, said):
        summary.unchanged += 1
        return
    rating, written = await give(uow, who, desk, RatingInput(
        desk.period, line.scheme, line.indicator, line.subject, value, SubjectKind(line.kind), line.role, summary.rater,
        said, line.version or None,
    ), now)  # fmt: skip
    summary.unchanged += not written
    summary.accepted += written and rating.version == 1
    summary.changed += written and rating.version > 1


def stands(given: Given, asked: Asked, line: Line, value: Decimal, said: str | None) -> bool:
    """Whether the very same was given before: most rows of a sheet that is sent again."""
    subject = asked.by_name.get((SubjectKind(line.kind), line.subject))
    before = given.get((line.scheme, line.indicator, line.kind, subject.id, line.role)) if subject else None
    scale = (asked.indicator.scale_min, asked.indicator.scale_max)
    return before is not None and (before.value, before.comment, before.scale_min, before.scale_max) == (
        value, said, *scale)


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

"""What shall be tried: a scheme, a reward table, or both. Decides that a draft is refused with all its mistakes, as
saving it would refuse it, and over which periods it is tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from meritline.appraisal.documents import read_reward_table
from meritline.appraisal.schemes import (
    indicators,
    kind_problems,
    overlap_problem,
    position_problems,
    read_document,
    versions_of,
)
from meritline.appraisal.schemes_overlap import Version, clashes
from meritline.db import Connection, UnitOfWork
from meritline.documents import Document
from meritline.domain.calendars import CompanyCalendar
from meritline.domain.periods import PeriodKind, kind_of, previous
from meritline.errors import MeritlineError, Problem, Refused
from meritline.plugins import Catalogue
from meritline_sdk import RewardTable, Scheme
from meritline_sdk.model.schemes import SubjectKind

MOST_PERIODS: Final = 36


@dataclass(frozen=True, slots=True)
class Draft:
    """A scheme, a reward table or both, for the scheme of that key; what is None stays as it is."""

    key: str
    kind: PeriodKind
    subject: SubjectKind
    scheme: Scheme | None
    table: RewardTable | None
    warnings: tuple[Problem, ...] = ()


async def read_draft(conn: Connection, tenant_id: UUID, catalogue: Catalogue, scheme: Document | None,
                     rewards: Document | None) -> Draft:
    """The draft, or the refusal with every mistake of both documents."""
    if scheme is None and rewards is None:
        raise MeritlineError("E-SIMULATE-NOTHING")
    uow = UnitOfWork(conn, tenant_id)  # what checks a draft takes a unit of work; this one cannot write
    versions = await versions_of(uow)
    newest = {one.scheme.key: one.scheme for one in versions}
    problems: list[Problem] = []
    drafted: Scheme | None = None
    if scheme is not None:
        drafted, problems = await read_scheme_draft(uow, catalogue, scheme, versions)
        if drafted is not None:
            newest[drafted.key] = drafted
    table: RewardTable | None = None
    if rewards is not None and (drafted is not None or scheme is None):
        found, more = read_reward_table(rewards, await indicators(uow), newest, catalogue.reward_tables())
        table, problems = found.table if found else None, [*problems, *more]
        if drafted is not None and table is not None and table.scheme != drafted.key:
            problems.append(rewards.problem("E-SIMULATE-SCHEMES", ("scheme",), value=table.scheme, scheme=drafted.key))
    if any(one.severity == "error" for one in problems):
        raise Refused(one for one in problems if one.severity == "error")
    whole = drafted or newest[table.scheme if table else ""]
    return Draft(whole.key, whole.period, whole.subject, drafted, table, tuple(problems))


async def read_scheme_draft(uow: UnitOfWork, catalogue: Catalogue, document: Document,
                            versions: Sequence[Version]) -> tuple[Scheme | None, list[Problem]]:
    """The scheme, with what keeps it from standing beside the company's others; locked periods are no hindrance."""
    found, problems = await read_document(uow, document, catalogue.templates(), catalogue.records)
    if found is None:
        return None, problems
    own = [one for one in versions if one.scheme.key == found.scheme.key]
    new = Version(found.scheme, own[-1].version + 1 if own else 1, found.valid_from, "draft")
    return found.scheme, [
        *problems, *kind_problems(found.document, found.scheme, own[-1] if own else None),
        *await position_problems(uow, found.document, new),
        *(overlap_problem(found.document, new, one) for one in clashes(new, versions) if not one.other.untouched)]


def periods_asked(draft: Draft, first: str, to: str | None, count: int | None, calendar: CompanyCalendar,
                  now: datetime) -> tuple[str, ...]:
    """From ``first`` to ``to``, both included, or ``count`` periods beginning with ``first``."""
    if kind_of(first) != draft.kind or (to is not None and kind_of(to) != draft.kind):
        raise MeritlineError("E-SIMULATE-KIND", field="period", value=first if to is None else f"{first} {to}",
                             scheme=draft.key, kind=draft.kind.value)
    found = [first]
    while len(found) <= MOST_PERIODS and (found[-1] < to if to is not None else len(found) < (count or 1)):
        found.append(previous(found[-1], -1))
    if (to is not None and to < first) or len(found) > MOST_PERIODS or (count is not None and count < 1):
        raise MeritlineError("E-SIMULATE-PERIODS", field="period", value=f"{first} - {to or count}", most=MOST_PERIODS)
    if calendar.window(found[-1]).start > now:
        raise MeritlineError("E-SIMULATE-FUTURE", field="period", value=found[-1])
    return tuple(found)


def listed_periods(draft: Draft, periods: Sequence[str], calendar: CompanyCalendar, now: datetime) -> tuple[str, ...]:
    """The periods of a list, each once, in order."""
    for period in periods:
        periods_asked(draft, period, None, None, calendar, now)
    found = tuple(sorted(set(periods)))
    if not found or len(found) > MOST_PERIODS:
        raise MeritlineError("E-SIMULATE-PERIODS", field="periods", value=len(found), most=MOST_PERIODS)
    return found


def document_of(data: Mapping[str, object] | None) -> Document | None:
    """A document that a client sent."""
    return None if data is None else Document(data)

"""What shall be tried: a scheme, a reward table, or both. Decides that a draft is refused with all its mistakes, as
saving it would refuse it, and over which periods it is tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from meritline.appraisal import schemes_store
from meritline.appraisal.documents import read_reward_table, read_scheme
from meritline.appraisal.indicators import bound, parse_row
from meritline.appraisal.own.saving import enabled_records
from meritline.appraisal.rated import as_chosen
from meritline.db import Connection
from meritline.documents import Document
from meritline.domain.calendars import CompanyCalendar
from meritline.domain.periods import PeriodKind, kind_of, previous
from meritline.errors import MeritlineError, Problem, Refused
from meritline.plugins import Catalogue
from meritline_sdk import RewardTable, Scheme
from meritline_sdk.model.canonical import parse

MOST_PERIODS: Final = 36


@dataclass(frozen=True, slots=True)
class Draft:
    """A scheme, a reward table or both, for the scheme of that key; what is None stays as it is."""

    key: str
    kind: PeriodKind
    scheme: Scheme | None
    table: RewardTable | None
    warnings: tuple[Problem, ...] = ()


async def read_draft(conn: Connection, tenant_id: UUID, catalogue: Catalogue, scheme: Document | None,
                     rewards: Document | None) -> Draft:
    """The draft, or the refusal with every mistake of both documents."""
    if scheme is None and rewards is None:
        raise MeritlineError("E-SIMULATE-NOTHING")
    known = {row["key"]: as_chosen(bound(row, parse_row(row)))
             for row in await schemes_store.indicators(conn, tenant_id)}
    newest: dict[str, Scheme] = {row["key"]: parse(row["body"])
                                 for row in await schemes_store.scheme_versions(conn, tenant_id)}
    problems: list[Problem] = []
    drafted = None
    if scheme is not None:
        records = await enabled_records(conn, tenant_id, catalogue)
        drafted, problems = read_scheme(scheme, known, catalogue.templates(), records=records)
    table = None
    if rewards is not None and (drafted is not None or scheme is None):
        schemes = newest if drafted is None else {**newest, drafted.scheme.key: drafted.scheme}
        table, more = read_reward_table(rewards, known, schemes)
        problems = [*problems, *more]
        if drafted is not None and table is not None and table.table.scheme != drafted.scheme.key:
            problems.append(rewards.problem("E-SIMULATE-SCHEMES", ("scheme",), value=table.table.scheme,
                                            scheme=drafted.scheme.key))
    if any(one.severity == "error" for one in problems):
        raise Refused(problems)
    key = drafted.scheme.key if drafted else table.table.scheme if table else ""
    kind = drafted.scheme.period if drafted else newest[key].period
    return Draft(key, kind, drafted.scheme if drafted else None, table.table if table else None, tuple(problems))


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

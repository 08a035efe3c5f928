"""Trying an indicator on the company's imported records before it is used. Decides what is shown, and how much.

A trial reads one snapshot, writes nothing, and is bounded in time by the database and in size by its first pages. The
numbers come from the same statements and the same arithmetic as those of a run.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

import asyncpg

from meritline.appraisal.explanation.evidence import compared_with, tallies_shown
from meritline.appraisal.own.drafts import OwnDraft
from meritline.appraisal.run.readings import Tallies
from meritline.appraisal.run.roster import memberships, roster_of
from meritline.appraisal.run.subjects import Appraised
from meritline.db import Connection, Database
from meritline.errors import MeritlineError
from meritline.measuring import store as measuring
from meritline.measuring.coverage import coverage_of
from meritline.measuring.evidence import EvidencePage, records_behind
from meritline.measuring.requests import TallyRequest
from meritline.tenancy.calendar import calendar_of
from meritline.tenancy.people import employments
from meritline.tenancy.service import tenant_profile
from meritline.tenancy.store import tenant_key
from meritline_sdk.evaluate.readings import NOT_MEASURED, Reading, read
from meritline_sdk.model.credits import company_only
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.measures import Tally, settled, tallies_of
from meritline_sdk.model.nodes import Not, Scalar
from meritline_sdk.model.schemes import SubjectKind

SECONDS: Final = 10
WHOLE_S: Final = 20
"""A statement may take so long, and all of them together."""
MOST_SUBJECTS: Final = 100
TOO_SLOW: Final = (asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError, TimeoutError)
FAILURES: Final = (asyncpg.PostgresError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one tally of the measure looked at in the whole company: how many records there are in its period, how many
    of them meet its condition, and of how many that cannot be said, since they lack a field."""

    record_type: str
    earlier: int
    records: int
    met: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What an indicator would have read. ``subjects`` are the first ones that have any records."""

    period: str
    subjects: tuple[tuple[Appraised, Reading], ...]
    total: int
    states: Mapping[str, int]
    looked: tuple[Looked, ...]
    behind: Appraised | None
    records: EvidencePage


async def tried(database: Database, tenant_id: UUID, draft: OwnDraft, period: str, *, first: int,
                kinds: Sequence[SubjectKind], code: str | None = None, records: int = 20) -> Trial:
    """The readings of the period from the records as they are now; ``code`` names the one subject that is asked for."""
    try:
        async with asyncio.timeout(WHOLE_S), database.scoped_read(tenant_id, snapshot=True) as conn:
            await conn.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")
            return await look(conn, tenant_id, draft, period, min(max(first, 1), MOST_SUBJECTS), kinds, code,
                              min(max(records, 0), MOST_SUBJECTS))
    except TOO_SLOW as slow:
        raise MeritlineError("E-INDICATOR-SLOW", field="formula", seconds=SECONDS) from slow
    except FAILURES as failed:
        raise MeritlineError("E-INDICATOR-FAILED", field="formula", reason=type(failed).__name__) from failed


async def look(conn: Connection, tenant_id: UUID, draft: OwnDraft, period: str, first: int,
               kinds: Sequence[SubjectKind], code: str | None, records: int) -> Trial:
    """Everything, from one snapshot."""
    profile = await tenant_profile(conn, tenant_id)
    calendar = calendar_of(profile)
    back = cache(calendar.windows_back(period))
    now = back(0)
    clock = calendar.clock(now)
    staff = await employments(conn, tenant_id)
    roster = roster_of(staff, now, tenant_id, await tenant_key(conn, tenant_id) or str(tenant_id), profile.name)
    people = memberships(staff, profile.time_zone)
    indicator, parameters = draft.indicator, settings(draft)
    tallies = tallies_of(indicator.measure)
    requests = {tally: TallyRequest.of(tally, parameters) for tally in tallies}
    probes = {tally: probing(settled(tally, parameters), parameters) for tally in tallies if tally.record}
    asked = dict.fromkeys([*requests.values(), *(each for three in probes.values() for each in three)])
    found = await measuring.tallied(conn, tenant_id, asked, back, people, clock=clock)
    coverage = await coverage_of(conn, tenant_id, [back(each.earlier) for each in tallies])
    held = [(tally, found.get(request, {})) for tally, request in requests.items()]
    everybody = {SubjectKind.EMPLOYEE: sorted(roster.employees, key=lambda each: each.subject.key),
                 SubjectKind.DEPARTMENT: roster.every_department(), SubjectKind.COMPANY: [roster.company]}
    chosen = [who for kind in kinds for who in everybody[kind] if code in (None, who.subject.key)]
    readings = [(who, read(indicator, Tallies(held, (who.subject.kind, who.id)), covered=coverage.covers(back),
                           minimum_sample=indicator.minimum_sample, parameters=parameters)) for who in chosen]
    states: dict[str, int] = {}
    for _, reading in readings:
        states[reading.state] = states.get(reading.state, 0) + 1
    shown = sorted(readings, key=lambda each: each[1].state == NOT_MEASURED)[:first]
    behind = next((who for who, reading in shown if reading.sample), shown[0][0] if shown else None)
    page = EvidencePage((), False)
    if behind is not None and records:
        tally = shown_tally(indicator, parameters)
        page = await records_behind(conn, tenant_id, tally, parameters, back(tally.earlier), behind.subject.kind,
                                    behind.id, people, first=records, clock=clock,
                                    against=compared_with(indicator.measure, "denominator"))
    company = (SubjectKind.COMPANY, tenant_id)
    looked = tuple(seen(tally, [found.get(each, {}).get(company) for each in three]) for tally, three in probes.items())
    return Trial(period, tuple(shown), len(readings), states, looked, behind, page)


def settings(draft: OwnDraft) -> dict[str, Any]:
    """The parameters with their defaults."""
    return {one.name: draft.parameters.get(one.name, one.default) for one in draft.indicator.parameters()}


def probing(tally: Tally, parameters: Mapping[str, Scalar]) -> tuple[TallyRequest, TallyRequest, TallyRequest]:
    """All records of the period, those that meet the condition, and those that certainly do not."""
    every = Tally("count", tally.record, company_only(), tally.at, None, earlier=tally.earlier)
    conditions = (None, tally.where, None if tally.where is None else Not(tally.where))
    all_of, met, unmet = (Tally(every.how, every.record, every.credit, every.at, where, earlier=every.earlier)
                          for where in conditions)
    return TallyRequest.of(all_of, parameters), TallyRequest.of(met, parameters), TallyRequest.of(unmet, parameters)


def seen(tally: Tally, counts: Sequence[Any]) -> Looked:
    """The three counts of a tally."""
    every, met, unmet = (0 if each is None else each.records for each in counts)
    unknown = 0 if tally.where is None else every - met - unmet
    return Looked(tally.record, tally.earlier, every, every if tally.where is None else met, unknown)


def shown_tally(indicator: Indicator, parameters: Mapping[str, Scalar]) -> Tally:
    """The tally whose records are shown: of a ratio its denominator, else the first that looks at records."""
    every = [*tallies_shown(indicator.measure, "denominator"), *tallies_of(indicator.measure)]
    return settled(next(tally for tally in every if tally.record), parameters)

"""Measure state for what a company appraises. Decides which months are kept: those that runs of open cycles read.

What is kept follows from the schemes: every measure that a run of the period would ask the records for, with the
company's parameters, in the months of the period and of the earlier ones it is compared with.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Final
from uuid import UUID

from meritline.appraisal import store
from meritline.appraisal.run.snapshot import Basis, basis_of
from meritline.appraisal.store import Cycle
from meritline.db import Database
from meritline.domain.calendars import CompanyCalendar
from meritline.domain.cycles import SETTLED
from meritline.domain.periods import PeriodRefused
from meritline.errors import MeritlineError
from meritline.jobs.handlers import Handler, JobContext
from meritline.measuring.state import service
from meritline.measuring.state.kept import Kept
from meritline.measuring.state.months import months_of
from meritline.measuring.state.parts import wanted_of
from meritline.records.upkeep import STATE_JOB
from meritline.tenancy.calendar import company_calendar

MOST_PERIODS: Final = 3
"""Of how many open cycles, the newest first, the state is kept."""
NO_SCHEME: Final = "E-RUN-NO-SCHEME"

type Wanted = Sequence[tuple[Kept, Sequence[date]]]


async def bring_up(database: Database, tenant_id: UUID) -> dict[str, int]:
    """Take in what imports marked, and make what runs of the open cycles lack: what the worker does."""
    marks = await service.take_in(database, tenant_id)
    async with database.scoped_read(tenant_id) as conn:
        cycles = await store.cycles(conn, tenant_id)
    settled = [each.period for each in cycles if each.state in SETTLED]
    periods = [each.period for each in cycles if each.state not in SETTLED][:MOST_PERIODS]
    wanted = [each for period in periods for each in await wanted_for(database, tenant_id, period) or ()]
    made = await service.make(database, tenant_id, wanted)
    await forget_settled(database, tenant_id, settled, {month for _, months in wanted for month in months})
    return {"marks": marks, "months": made}


async def forget_settled(database: Database, tenant_id: UUID, settled: Sequence[str], needed: set[date]) -> None:
    """Leave nothing of months that were appraised for good, and that no open cycle reads."""
    async with database.scoped_read(tenant_id) as conn:
        spare = await service.months(conn, tenant_id) - needed
        calendar = await company_calendar(conn, tenant_id) if spare and settled else None
    if calendar is not None and (gone := spare & months_of_periods(calendar, settled)):
        await service.forget(database, tenant_id, gone)


def months_of_periods(calendar: CompanyCalendar, periods: Iterable[str]) -> set[date]:
    """The months of these periods; one that the calendar has no more has none."""
    found = set[date]()
    for period in periods:
        with suppress(PeriodRefused):
            found.update(months_of(calendar.window(period)))
    return found


async def keep(database: Database, tenant_id: UUID, period: str) -> int:
    """Make the months that a run of the period lacks; how many."""
    return await service.make(database, tenant_id, await wanted_for(database, tenant_id, period) or ())


async def rebuild(database: Database, tenant_id: UUID, period: str) -> int:
    """Drop the state, and make anew what a run of the period reads; how many months. What is no period, or one that no
    scheme appraises, drops nothing."""
    wanted = await wanted_for(database, tenant_id, period)
    if wanted is None:
        return 0
    await service.drop(database, tenant_id)
    await service.take_in(database, tenant_id)
    return await service.make(database, tenant_id, wanted)


async def wanted_for(database: Database, tenant_id: UUID, period: str) -> Wanted | None:
    """The states, with their months, that a run of the period would read; None where no scheme appraises it."""
    basis = await basis_for(database, tenant_id, period)
    if basis is None:
        return None
    return wanted_of(basis.requests, basis.back, basis.profile.time_zone, basis.calendar.clock(basis.window))


async def basis_for(database: Database, tenant_id: UUID, period: str) -> Basis | None:
    """What a run of the period would read the records for; None where no scheme appraises such a period."""
    async with database.scoped_read(tenant_id, snapshot=True) as conn:
        window = (await company_calendar(conn, tenant_id)).window(period)
        cycle = await store.cycle_of_period(conn, tenant_id, period) or Cycle(
            UUID(int=0), period, window.kind.value, window.start, window.end, "open", None, 0)
        try:
            return await basis_of(conn, tenant_id, cycle, None)
        except MeritlineError as error:
            if error.code != NO_SCHEME:
                raise
            return None


async def work(context: JobContext) -> Mapping[str, Any]:
    """The job."""
    return await bring_up(context.database, context.tenant_id)


HANDLERS: Final = {STATE_JOB: Handler(work)}

"""Measure state for what a company appraises. Decides which months are kept: those that runs of open cycles read.

What is kept follows from the schemes: every measure that a run of the period would ask the records for, with the
company's parameters, in the months of the period and of the earlier ones it is compared with.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from meritline.appraisal import store
from meritline.appraisal.run.snapshot import Basis, basis_of
from meritline.appraisal.store import Cycle
from meritline.db import Database
from meritline.domain.cycles import SETTLED
from meritline.errors import MeritlineError
from meritline.jobs.handlers import Handler, JobContext
from meritline.measuring.state import service
from meritline.measuring.state.parts import wanted_of
from meritline.records.upkeep import STATE_JOB
from meritline.tenancy.calendar import company_calendar

MOST_PERIODS: Final = 3
"""Of how many open cycles, the newest first, the state is kept."""
NO_SCHEME: Final = "E-RUN-NO-SCHEME"


async def bring_up(database: Database, tenant_id: UUID) -> dict[str, int]:
    """Take in what imports marked, and make what runs of the open cycles lack: what the worker does."""
    marks = await service.take_in(database, tenant_id)
    async with database.scoped_read(tenant_id) as conn:
        periods = [each.period for each in await store.cycles(conn, tenant_id) if each.state not in SETTLED]
    months = 0
    for period in periods[:MOST_PERIODS]:
        months += await keep(database, tenant_id, period)
    return {"marks": marks, "months": months}


async def keep(database: Database, tenant_id: UUID, period: str) -> int:
    """Make the months that a run of the period lacks; how many."""
    basis = await basis_for(database, tenant_id, period)
    if basis is None:
        return 0
    wanted = wanted_of(basis.requests, basis.back, basis.profile.time_zone, basis.calendar.clock(basis.window))
    return await service.make(database, tenant_id, wanted)


async def rebuild(database: Database, tenant_id: UUID, period: str) -> int:
    """Drop the state, and make anew what a run of the period reads; how many months."""
    await service.drop(database, tenant_id)
    await service.take_in(database, tenant_id)
    return await keep(database, tenant_id, period)


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

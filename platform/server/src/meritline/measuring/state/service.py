"""The state of a company, from outside: brought up, dropped, shown. Decides in which units it is made.

Marks are taken in units of their own, each with what it makes anew; months are made in one unit for each pass. A unit
that an import stands in the way of is tried again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg

from meritline.db import Connection, Database
from meritline.errors import MeritlineError
from meritline.measuring.state import store
from meritline.measuring.state.kept import Kept
from meritline.measuring.state.refresh import MOST_MARKS, ensure, refresh

TRIES: Final = 3
BUSY: Final = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


@dataclass(frozen=True, slots=True)
class Shown:
    """A state as people see it."""

    record_type: str
    measures: int
    months: tuple[date, ...]
    day_rows: int
    month_rows: int
    refused: str | None


async def take_in(database: Database, tenant_id: UUID, most: int | None = None) -> int:
    """Take all marks there are, or about ``most``; how many were taken."""
    taken = 0
    while most is None or taken < most:
        found = await take_some(database, tenant_id)
        taken += found
        if found < MOST_MARKS:
            break
    return taken


async def take_some(database: Database, tenant_id: UUID) -> int:
    """One unit of it."""
    for _ in range(TRIES):
        try:
            async with database.unit_of_work(tenant_id) as uow:
                return await refresh(uow.conn, tenant_id)
        except BUSY:
            continue
    raise MeritlineError("E-CONFLICT-BUSY")


async def make(database: Database, tenant_id: UUID, wanted: Sequence[tuple[Kept, Sequence[date]]]) -> int:
    """Make the months that are missing; how many were made."""
    made = 0
    for each in wanted:
        async with database.unit_of_work(tenant_id) as uow:
            made += await ensure(uow.conn, tenant_id, [each])
    return made


async def forget(database: Database, tenant_id: UUID, months: Collection[date]) -> None:
    """Leave nothing of these months."""
    async with database.unit_of_work(tenant_id) as uow:
        await store.lock(uow.conn, tenant_id)
        await store.forget(uow.conn, tenant_id, months)


async def drop(database: Database, tenant_id: UUID) -> int:
    """Leave nothing of the state: runs read the records until it is made again; how many states there were."""
    async with database.unit_of_work(tenant_id) as uow:
        await store.lock(uow.conn, tenant_id)
        found = [row["id"] for row in await store.states(uow.conn, tenant_id)]
        await store.drop(uow.conn, tenant_id, found)
        return len(found)


async def months(conn: Connection, tenant_id: UUID) -> set[date]:
    """The months that the state has."""
    return await store.kept_months(conn, tenant_id)


async def marked(conn: Connection, tenant_id: UUID) -> int:
    """How many marks wait to be taken."""
    return await store.waiting(conn, tenant_id)


async def shown(conn: Connection, tenant_id: UUID) -> list[Shown]:
    """Every state of the tenant."""
    rows: list[Any] = await store.overview(conn, tenant_id)
    return [Shown(row["record_type"], row["measures"], tuple(row["months"]), row["day_rows"], row["month_rows"],
                  row["refused"]) for row in rows]  # fmt: skip

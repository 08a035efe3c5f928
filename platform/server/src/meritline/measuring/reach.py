"""Which records a statement may look at. Decides that every table in it is narrowed to the tenant and the moment.

A statement reads record tables in several places: the rows it counts, and in subqueries the records they are related
to. Each place names the tenant, so that row level security is the second wall and never the first.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from meritline.measuring.binds import Binds
from meritline.records.columns import current_table, history_table, quoted


@dataclass(frozen=True, slots=True)
class Reach:
    """Which records: of a tenant, of some employees or of all, as known now or at a moment."""

    tenant_id: UUID
    known_at: datetime | None = None
    employees: Collection[UUID] | None = None


def known_rows(binds: Binds, reach: Reach, record: str, columns: Iterable[str], where: Sequence[str] = ()) -> str:
    """A query of the tenant's records of a type: the newest versions, or those known at a moment."""
    listed = ", ".join(quoted(each) for each in columns)
    wanted = " AND ".join([f"tenant_id = {binds.add(reach.tenant_id, 'uuid')}", *where])
    newest = f"SELECT {listed} FROM {current_table(record)} WHERE {wanted}"  # noqa: S608
    if reach.known_at is None:
        return newest
    known = binds.add(reach.known_at, "timestamptz")
    older = f"SELECT {listed} FROM {history_table(record)} WHERE {wanted}"  # noqa: S608
    return (f"{newest} AND recorded_at <= {known} UNION ALL "
            f"{older} AND recorded_at <= {known} AND superseded_at > {known}")  # fmt: skip

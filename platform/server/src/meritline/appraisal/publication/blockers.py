"""What stands in the way of publishing a cycle. Decides which open ends must be closed first, and which are only told.

- A code that nobody mapped: its records count for the company and for no one else, so somebody's score is too low.
- A reading that failed: not measured is a result, failed is not. So is a run that lacks a part of an item, or what a
  reward looks at.
- A rating that nobody gave (a warning): the item is treated as the scheme says of missing readings.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Final
from uuid import UUID

from meritline.appraisal.publication import store
from meritline.appraisal.publication.store import Credited, Used
from meritline.db import Connection
from meritline.errors import NotFound, Problem, problem
from meritline.tenancy.calendar import company_calendar
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import Credit, Tally, settled, tallies_of
from meritline_sdk.model.nodes import Field, Node, Scalar, walk

MOST_CODES: Final = 20


async def blockers(conn: Connection, tenant_id: UUID, cycle_id: UUID) -> list[Problem]:
    """Everything that is open in the run that the cycle points to, the blocking ones (severity error) first."""
    cycle = await store.computed_cycle(conn, tenant_id, cycle_id)
    if cycle is None:
        raise NotFound(kind="computed cycle", value=cycle_id)
    found = [each async for each in unresolved(conn, tenant_id, cycle.run_id, cycle.period)]
    for row in await store.open_lines(conn, tenant_id, cycle.run_id):
        code = "E-BLOCK-FAILED" if row["reading_state"] == "failed" else "E-BLOCK-RATING"
        found.append(problem(code, field=row["scheme_key"], value=row["indicator_key"], count=row["count"]))
    if cycle.partial and not any(each.code == "E-BLOCK-FAILED" for each in found):
        found.append(problem("E-BLOCK-PARTIAL", field="run", value=cycle.period))
    return sorted(found, key=lambda each: (each.severity, each.code))


async def unresolved(conn: Connection, tenant_id: UUID, run_id: UUID, period: str) -> AsyncIterator[Problem]:
    """The codes in the period's records that are nobody."""
    window = (await company_calendar(conn, tenant_id)).window(period)
    for credited in credits_of(await store.indicators_used(conn, tenant_id, run_id)):
        for row in await store.unresolved_codes(conn, tenant_id, credited, window, MOST_CODES):
            yield problem("E-BLOCK-UNRESOLVED", field=f"{credited.record}.{credited.field.name}", value=row["code"],
                          count=row["count"])


def credits_of(used: Iterable[Used]) -> list[Credited]:
    """The fields that give credit to somebody as the run chose them, with the moments that decide the period."""
    found = {Credited(tally.record, field, moment_of(tally.at))
             for indicator, parameters in used if isinstance(indicator, Indicator)
             for tally in tallies_of(indicator.measure) if (field := credited(tally, parameters)) is not None}
    return sorted(found, key=lambda each: (each.record, each.field.name, each.at.name if each.at else ""))


def credited(tally: Tally, parameters: Mapping[str, Scalar]) -> Field | None:
    """The field whose people a tally counts for."""
    credit = settled(tally, parameters).credit
    return credit.field if isinstance(credit, Credit) else None


def moment_of(at: Node | None) -> Field | None:
    """The moment of the record; where it is computed, the first it is computed from. None: whenever it was."""
    nodes = () if at is None else walk(at)
    return next((node for node in nodes if isinstance(node, Field) and node.kind in (Kind.INSTANT, Kind.DAY)), None)

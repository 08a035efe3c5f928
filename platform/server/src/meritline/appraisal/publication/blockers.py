"""What stands in the way of publishing a cycle. Decides which open ends must be closed first, and which are only told.

- A code that nobody mapped: its records count for the company and for no one else, so somebody's score is too low.
- A reading that failed: not measured is a result, failed is not. So is a run that lacks a part of an item, or what a
  reward looks at.
- A line that waits for somebody, by the policy ``manual``.
- A rating that nobody gave (a warning): the item is treated as the scheme says of missing readings. Likewise scores of
  shorter periods that are not locked: once this cycle is, they come too late.
"""

from collections.abc import AsyncIterator, Iterable
from typing import Final
from uuid import UUID

from meritline.appraisal.publication import store
from meritline.appraisal.publication.store import Credited, Used
from meritline.db import Connection
from meritline.errors import NotFound, Problem, problem
from meritline.measuring.requests import TallyRequest, pass_of
from meritline.measuring.unresolved import unresolved_codes
from meritline.tenancy.calendar import company_calendar
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.measures import tallies_of
from meritline_sdk.model.nodes import Field

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
    for row in await store.waiting_lines(conn, tenant_id, cycle.run_id):
        found.append(problem("E-BLOCK-MANUAL" if row["manual"] else "E-BLOCK-SHORTER", field=row["scheme_key"],
                             value=row["key"], count=row["count"]))
    if cycle.partial and not any(each.code == "E-BLOCK-FAILED" for each in found):
        found.append(problem("E-BLOCK-PARTIAL", field="run", value=cycle.period))
    return sorted(found, key=lambda each: (each.severity, each.code))


async def unresolved(conn: Connection, tenant_id: UUID, run_id: UUID, period: str) -> AsyncIterator[Problem]:
    """The codes in the period's records that are nobody."""
    calendar = await company_calendar(conn, tenant_id)
    window, back = calendar.window(period), calendar.windows_back(period)
    plain, computed = credits_of(await store.indicators_used(conn, tenant_id, run_id))
    found: dict[tuple[str, str], int] = {}
    for credited in plain:
        for row in await store.unresolved_codes(conn, tenant_id, credited, window, MOST_CODES):
            found[f"{credited.record}.{credited.field.name}", row["code"]] = row["count"]
    for request, field in computed:
        if await store.known_table(conn, request.tally.record):
            for row in await unresolved_codes(conn, tenant_id, request, back(request.tally.earlier),
                                              calendar.clock(window), MOST_CODES):
                key = f"{request.tally.record}.{field.name}", row["code"]
                found[key] = max(found.get(key, 0), row["count"])
    for (field_name, code), count in found.items():
        yield problem("E-BLOCK-UNRESOLVED", field=field_name, value=code, count=count)


def credits_of(used: Iterable[Used]) -> tuple[list[Credited], list[tuple[TallyRequest, Field]]]:
    """The fields that give credit to somebody as the run chose them: with the field that decides the period, or, where
    the moment is computed or there is none, with the tally, whose own records are looked at."""
    plain: set[Credited] = set()
    computed: dict[TallyRequest, Field] = {}
    for indicator, parameters in used:
        for tally in tallies_of(indicator.measure) if isinstance(indicator, Indicator) else ():
            request = TallyRequest.of(tally, parameters)
            field, at = request.credit.field, pass_of(request).at
            if field is not None and isinstance(at, Field):
                plain.add(Credited(tally.record, field, at))
            elif field is not None:
                computed[request] = field
    return sorted(plain, key=lambda each: (each.record, each.field.name, each.at.name)), list(computed.items())

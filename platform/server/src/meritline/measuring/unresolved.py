"""Codes that mean nobody, in the very records that a tally counts: so that old records, which it leaves out, are no
reproach."""

from typing import Any
from uuid import UUID

from meritline.db.pools import Connection
from meritline.measuring.attempts import OWN_DEFINITION, OWN_STATEMENT, TOO_LARGE
from meritline.measuring.binds import Binds
from meritline.measuring.compiler import Compiler
from meritline.measuring.reach import Reach
from meritline.measuring.requests import TallyRequest, pass_of
from meritline.measuring.rows import columns_read, rows_of
from meritline.measuring.statements import conditions
from meritline.records.columns import code_column, codes_column, ids_column
from meritline_sdk.evaluate.calendars import Clock
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Field


async def unresolved_codes(conn: Connection, tenant_id: UUID, request: TallyRequest, window: Window, clock: Clock,
                           most: int) -> list[Any]:
    """The commonest of them, each with how many records name it."""
    field = request.credit.field
    if field is None:
        return []
    try:
        async with conn.transaction():
            return await found_codes(conn, tenant_id, request, field, window, clock, most)
    except (*TOO_LARGE, *OWN_STATEMENT, *OWN_DEFINITION):
        return []  # the run tells the measure as failed


async def found_codes(conn: Connection, tenant_id: UUID, request: TallyRequest, field: Field, window: Window,
                      clock: Clock, most: int) -> list[Any]:
    """The same, of a tally that credits a field."""
    one, several = pass_of(request), field.kind is Kind.PEOPLE
    codes = codes_column(field.name) if several else code_column(field.name)
    ids = ids_column(field.name) if several else field.name
    compiler = Compiler(Binds(), reach=Reach(tenant_id), clock=clock, window=window)
    rows = rows_of(one, sorted({*columns_read(one, [request]), codes, ids}), [window], compiler)
    where = [*rows.where, *conditions(compiler, request, {request.tally.earlier: window}, rows.moment)]
    pair = f"{compiler.column(codes)}, {compiler.column(ids)}"
    named = f"unnest({pair})" if several else f"(VALUES ({pair}))"
    return await conn.fetch(
        f"SELECT named.code, count(*) FROM {rows.source}, LATERAL {named} AS named(code, id) "  # noqa: S608
        f"WHERE {' AND '.join(['named.id IS NULL', 'named.code IS NOT NULL', *where])} "
        f"GROUP BY named.code ORDER BY count(*) DESC, named.code LIMIT {compiler.binds.add(most, 'bigint')}",
        *compiler.binds.values,
    )  # fmt: skip

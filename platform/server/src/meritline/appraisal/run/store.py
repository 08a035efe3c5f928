"""What a run writes. Decides that a run's rows are written once, in its own unit, and that a run over one scheme
keeps what the run before it found for the others."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.definitions import SchemeInForce, TenantIndicator
from meritline.appraisal.run.bulk import DISTRIBUTED, ONCE, insert_payload, insertion
from meritline.appraisal.run.ids import Span
from meritline.appraisal.run.rows import SCORE_LINE, SCORECARD
from meritline.db import Connection
from meritline.domain.calendars import CompanyCalendar
from meritline_sdk.model.canonical import to_plain

INSERT_SCHEME: Final = """
insert into run_scheme (tenant_id, run_id, scheme_key, scheme_version_id, scheme_hash, reward_table_version_id,
    reward_hash, definitions, calendar_hash)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
CARD_FIXED: Final = {"tenant_id": "uuid", "run_id": "uuid", "cycle_id": "uuid", "period": "text"}
CARD: Final = {"id": "uuid", **SCORECARD}
INSERT_CARDS: Final = {
    distributed: insertion("scorecard", CARD_FIXED, CARD, ONCE if distributed else "")
    for distributed in (False, True)
}
INSERT_LINES: Final = {
    distributed: insertion("score_line", {"tenant_id": "uuid", "run_id": "uuid"}, SCORE_LINE,
                           ONCE if distributed else "", joined="where new.scorecard_id between $3 and $4")
    for distributed in (False, True)
}  # fmt: skip

INSERT_READINGS: Final = """
insert into run_reading (tenant_id, run_id, scheme_key, indicator_key, read_from, readings)
select $1, $2, $3, * from unnest($4::text[], $5::text[], $6::text[])
"""
KEEP_READINGS: Final = """
insert into run_reading (tenant_id, run_id, scheme_key, indicator_key, read_from, readings)
select tenant_id, $3::uuid, scheme_key, indicator_key, read_from, readings
from run_reading where tenant_id = $1 and run_id = $2 and scheme_key <> $4
on conflict do nothing
"""
STANDING: Final = """
select count(*) as cards, count(*) filter (where id between $4 and $5) as named
from scorecard where tenant_id = $1 and run_id = $2 and scheme_key = $3
    and scheme_version_id = (select scheme_version_id from run_scheme
        where tenant_id = $1 and run_id = $2 and scheme_key = $3)
    and cycle_id = (select cycle_id from run where tenant_id = $1 and id = $2)
"""
KEEP_READ_AGAIN: Final = """
insert into run_reading_change (tenant_id, run_id, scheme_key, place, readings)
select tenant_id, $3::uuid, scheme_key, place, readings
from run_reading_change where tenant_id = $1 and run_id = $2 and scheme_key <> $4 order by id
on conflict do nothing
"""
KEEP_SCHEMES: Final = """
insert into run_scheme (tenant_id, run_id, scheme_key, scheme_version_id, scheme_hash, reward_table_version_id,
    reward_hash, definitions, calendar_hash)
select tenant_id, $3::uuid, scheme_key, scheme_version_id, scheme_hash, reward_table_version_id, reward_hash,
    definitions, calendar_hash
from run_scheme where tenant_id = $1 and run_id = $2 and scheme_key <> $4
on conflict do nothing
"""
KEPT_CARD: Final = ["tenant_id", "cycle_id", "period", *SCORECARD]
KEEP_CARDS: Final = (
    f"insert into scorecard as kept (run_id, {', '.join(KEPT_CARD)}) "  # noqa: S608
    f"select $3::uuid, {', '.join(f'card.{name}' for name in KEPT_CARD)} from scorecard card "
    "join run_scheme used on used.tenant_id = $1 and used.run_id = $3::uuid and used.scheme_key = card.scheme_key "
    "and used.scheme_version_id = card.scheme_version_id "
    "join run on run.tenant_id = $1 and run.id = $3::uuid and run.cycle_id = card.cycle_id "
    "where card.tenant_id = $1 and card.run_id = $2 and card.scheme_key <> $4 "
    "on conflict do nothing returning kept.digest"
)
KEPT_LINE: Final = ", ".join(name for name in SCORE_LINE if name != "scorecard_id")
KEEP_LINES: Final = (
    f"insert into score_line (tenant_id, run_id, scorecard_id, {KEPT_LINE}) "  # noqa: S608
    f"select line.tenant_id, $3::uuid, new.id, {', '.join(f'line.{name}' for name in KEPT_LINE.split(', '))} "
    "from score_line line "
    "join scorecard old on old.tenant_id = line.tenant_id and old.id = line.scorecard_id "
    "join scorecard new on new.tenant_id = old.tenant_id and new.run_id = $3::uuid "
    "and new.scheme_key = old.scheme_key and new.subject_kind = old.subject_kind and new.subject_id = old.subject_id "
    "where line.tenant_id = $1 and old.tenant_id = $1 and new.tenant_id = $1 and line.run_id = $2 "
    "and old.run_id = $2 and old.scheme_key <> $4 on conflict do nothing"
)


async def insert_scheme(conn: Connection, tenant_id: UUID, run_id: UUID, chosen: SchemeInForce,
                        definitions: Mapping[str, TenantIndicator], calendar_hash: str) -> None:
    """What the scheme was computed with."""
    await conn.execute(
        INSERT_SCHEME, tenant_id, run_id, chosen.scheme.key, chosen.version_id, chosen.hash,
        chosen.reward_version_id, chosen.reward_hash, definitions_text(definitions), calendar_hash,
    )  # fmt: skip


async def keep_calendar(conn: Connection, tenant_id: UUID, calendar: CompanyCalendar) -> str:
    """Keep the calendar among the definitions, under its hash, so that it explains the run for ever."""
    await conn.execute(
        "insert into definition (tenant_id, hash, kind, body) values ($1, $2, 'calendar', $3) "
        "on conflict (tenant_id, hash) do nothing", tenant_id, calendar.hash, calendar.text(),
    )  # fmt: skip
    return calendar.hash


def definitions_text(definitions: Mapping[str, TenantIndicator]) -> str:
    """Indicator to definition hash, parameters and minimum sample."""
    plain = {
        key: {"hash": one.definition_hash, "minimum_sample": one.minimum_sample,
              "parameters": {name: to_plain(value) for name, value in one.parameters.items()}}
        for key, one in definitions.items()
    }  # fmt: skip
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


async def distributed(conn: Connection) -> bool:
    """Whether the database spreads tenants over several machines."""
    found: bool = await conn.fetchval(DISTRIBUTED)
    return found


async def insert_cards(conn: Connection, tenant_id: UUID, run_id: UUID, cycle_id: UUID, period: str, rows: bytes, *,
                       spread: bool) -> None:
    """Scorecards of schemes that stand with the run; their lines may be there already."""
    await insert_payload(conn, INSERT_CARDS[spread], (tenant_id, run_id, cycle_id, period), rows)


async def insert_lines(conn: Connection, tenant_id: UUID, run_id: UUID, cards: Span, rows: bytes, *,
                       spread: bool) -> None:
    """Score lines, each of one of the cards, all of which this unit writes."""
    await insert_payload(conn, INSERT_LINES[spread], (tenant_id, run_id, *cards), rows)


async def require_cards(conn: Connection, tenant_id: UUID, run_id: UUID, scheme: str, cards: Span) -> None:
    """Raise unless the cards of the scheme are these, and every one of them stands with its run, its cycle and its
    version of the scheme. As no id between the first and the last is without a card then, no line is: no constraint
    asks that of each."""
    found = await conn.fetchrow(STANDING, tenant_id, run_id, scheme, *cards)
    if found["cards"] != cards.size:
        raise LookupError(f"{cards.size} scorecards of {scheme} were written, {found['cards']} stand with the run")
    if found["named"] != cards.size:
        raise LookupError(f"score lines of {scheme} name {cards.size} scorecards, {found['named']} of them are there")


async def insert_readings(conn: Connection, tenant_id: UUID, run_id: UUID, scheme: str,
                          rows: Iterable[tuple[str, str, str]]) -> None:
    """Everything that was read for a scheme."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    await conn.execute(INSERT_READINGS, tenant_id, run_id, scheme, *(columns or [[], [], []]))


async def keep_others(conn: Connection, tenant_id: UUID, earlier: UUID, run_id: UUID, scheme: str) -> list[str]:
    """Take over what the earlier run found for all other schemes; the digests of those scorecards."""
    await conn.execute(KEEP_SCHEMES, tenant_id, earlier, run_id, scheme)
    await conn.execute(KEEP_READINGS, tenant_id, earlier, run_id, scheme)
    await conn.execute(KEEP_READ_AGAIN, tenant_id, earlier, run_id, scheme)
    digests = [row["digest"] for row in await conn.fetch(KEEP_CARDS, tenant_id, earlier, run_id, scheme)]
    await conn.execute(KEEP_LINES, tenant_id, earlier, run_id, scheme)
    return digests


async def kept_failures(conn: Connection, tenant_id: UUID, run_id: UUID, scheme: str) -> list[Any]:
    """The failed readings that were taken over, counted by indicator."""
    return await conn.fetch(
        "select line.indicator_key, line.reading_reason as reason, count(*) from score_line line "
        "join scorecard card on card.tenant_id = line.tenant_id and card.id = line.scorecard_id "
        "where line.tenant_id = $1 and card.tenant_id = $1 and line.run_id = $2 and line.reading_state = 'failed' "
        "and line.indicator_key is not null and card.scheme_key <> $3 group by 1, 2 order by 1, 2",
        tenant_id, run_id, scheme,
    )  # fmt: skip


async def ratings_of(conn: Connection, tenant_id: UUID, period: str) -> list[Any]:
    """What people gave for the period."""
    return await conn.fetch(
        "select scheme_key, indicator_key, subject_kind, subject_id, rater_role, value, scale_min, scale_max "
        "from rating "
        "where tenant_id = $1 and period = $2", tenant_id, period,
    )  # fmt: skip


async def idle_schemes(conn: Connection, tenant_id: UUID, run_id: UUID) -> list[str]:
    """The schemes of a run that appraised nobody."""
    rows = await conn.fetch(
        "select used.scheme_key from run_scheme used where used.tenant_id = $1 and used.run_id = $2 and not exists ("
        "select 1 from scorecard card where card.tenant_id = $1 and card.run_id = $2 "
        "and card.scheme_key = used.scheme_key) order by used.scheme_key", tenant_id, run_id,
    )  # fmt: skip
    return [row["scheme_key"] for row in rows]

"""The queries of definitions, indicators, schemes and reward tables. Decides which version is in force on a day.

A head row moves on with its version number; versions and definitions are only ever added.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from meritline.appraisal import pins_store
from meritline.db import Connection
from meritline_sdk import Scheme, Text
from meritline_sdk.model.canonical import canonical, hash_of
from meritline_sdk.model.records import RecordDeclaration

INDICATORS = """
select i.id, i.key, i.set_key, i.minimum_sample, i.parameters, i.version, i.definition_hash, i.sample_chosen, i.plugin,
    i.plugin_version, i.retired, d.body
from indicator i join definition d on d.tenant_id = i.tenant_id and d.hash = i.definition_hash
where i.tenant_id = $1 and (not i.retired or $2) order by i.key
"""
SCHEME_VERSIONS = f"""
select s.key, v.scheme_id, v.id, v.version, v.valid_from, v.created_by, v.definition_hash, d.body,
    {pins_store.pins_beside(pins_store.SCHEME, "v")}
from scheme_version v join scheme s on s.tenant_id = v.tenant_id and s.id = v.scheme_id
join definition d on d.tenant_id = v.tenant_id and d.hash = v.definition_hash
where v.tenant_id = $1 order by s.key, v.version
"""  # noqa: S608
SCHEMES_ON = f"""
select latest.*, {pins_store.pins_beside(pins_store.SCHEME, "latest")} from (
    select distinct on (s.key) v.tenant_id, s.key, v.scheme_id, v.id, v.version, v.valid_from, v.definition_hash, d.body
    from scheme_version v join scheme s on s.tenant_id = v.tenant_id and s.id = v.scheme_id
    join definition d on d.tenant_id = v.tenant_id and d.hash = v.definition_hash
    where v.tenant_id = $1 and v.valid_from <= $2 and (s.ends_on is null or s.ends_on > $2)
    order by s.key, v.valid_from desc, v.version desc) latest
order by latest.key
"""  # noqa: S608
REWARDS_ON = f"""
select latest.*, {pins_store.pins_beside(pins_store.REWARDS, "latest")} from (
    select distinct on (r.scheme_key) v.tenant_id, r.scheme_key, r.key, v.id, v.version, v.valid_from,
        v.definition_hash, d.body
    from reward_table_version v join reward_table r on r.tenant_id = v.tenant_id and r.id = v.reward_table_id
    join definition d on d.tenant_id = v.tenant_id and d.hash = v.definition_hash
    where v.tenant_id = $1 and v.valid_from <= $2
    order by r.scheme_key, v.valid_from desc, v.created_by like 'template:%', v.version desc) latest
order by latest.scheme_key
"""  # noqa: S608
REWARD_VERSIONS = f"""
select r.key, r.scheme_key, v.version, v.valid_from, v.definition_hash, v.created_by, d.body,
    {pins_store.pins_beside(pins_store.REWARDS, "v")}
from reward_table_version v join reward_table r on r.tenant_id = v.tenant_id and r.id = v.reward_table_id
join definition d on d.tenant_id = v.tenant_id and d.hash = v.definition_hash
where v.tenant_id = $1 order by r.key, v.version
"""  # noqa: S608
ENABLED = """
select e.set_key, e.plugin, e.plugin_version, e.content_hash, e.uses, d.body as records
from enabled_set e left join definition d on d.tenant_id = e.tenant_id and d.hash = e.records_hash
where e.tenant_id = $1 and e.removed_at is null order by e.set_key
"""
NOTED = """
select d.hash, d.body from enabled_set e join definition d on d.tenant_id = e.tenant_id and d.hash = e.records_hash
where e.tenant_id = $1 order by e.set_key
"""
LOCKED_SINCE = """
select c.period, c.state, (c.ends_at at time zone profile.time_zone)::date as free
from cycle c join run_scheme used on used.tenant_id = c.tenant_id and used.run_id = c.run_id
join tenant_profile profile on profile.tenant_id = c.tenant_id
where c.tenant_id = $1 and c.state in ('locked', 'published') and used.scheme_key = $2
  and (c.ends_at at time zone profile.time_zone)::date > $3
order by c.ends_at desc
"""


async def locked_since(conn: Connection, tenant_id: UUID, scheme: str, since: date) -> list[Any]:
    """The locked and published periods that used the scheme and end after the day, the last first, with the first day
    after each."""
    return await conn.fetch(LOCKED_SINCE, tenant_id, scheme, since)


async def indicators(conn: Connection, tenant_id: UUID, *, retired: bool = False) -> list[Any]:
    """All indicators with their definitions; with those that were put away where they are asked for."""
    return await conn.fetch(INDICATORS, tenant_id, retired)


async def scheme_versions(conn: Connection, tenant_id: UUID) -> list[Any]:
    """All versions of all schemes with their definitions."""
    return await conn.fetch(SCHEME_VERSIONS, tenant_id)


async def reward_versions(conn: Connection, tenant_id: UUID) -> list[Any]:
    """All versions of all reward tables with their definitions."""
    return await conn.fetch(REWARD_VERSIONS, tenant_id)


async def schemes_on(conn: Connection, tenant_id: UUID, on: date) -> list[Any]:
    """The version of each scheme that decides on the day."""
    return await conn.fetch(SCHEMES_ON, tenant_id, on)


async def rewards_on(conn: Connection, tenant_id: UUID, on: date) -> list[Any]:
    """The version of each scheme's reward table that decides on the day."""
    return await conn.fetch(REWARDS_ON, tenant_id, on)


async def put_definition(conn: Connection, tenant_id: UUID, kind: str, value: Any) -> str:
    """Keep a definition under its hash."""
    body = canonical(value)
    name = hash_of(body)
    await conn.execute(
        "insert into definition (tenant_id, hash, kind, body) values ($1, $2, $3, $4) "
        "on conflict (tenant_id, hash) do nothing", tenant_id, name, kind, body,
    )  # fmt: skip
    return name


async def put_indicator(conn: Connection, tenant_id: UUID, *, key: str, set_key: str | None, title: Text, unit: str,
                        direction: str, kind: str, minimum_sample: int, definition_hash: str, parameters: str,
                        version: int, actor: str, golden: str | None = None, sample_chosen: bool = True,
                        plugin: str | None = None, plugin_version: str | None = None) -> None:
    """The indicator with its next version; without golden cases those that it has stay. What was put away is back."""
    head = await conn.fetchrow(
        "insert into indicator (tenant_id, key, set_key, title_en, title_zh, unit, direction, kind, minimum_sample, "
        "definition_hash, parameters, version, golden, sample_chosen, plugin, plugin_version) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, coalesce($13, '[]'), $14, $15, $16) "
        "on conflict (tenant_id, key) do update set title_en = excluded.title_en, title_zh = excluded.title_zh, "
        "unit = excluded.unit, direction = excluded.direction, kind = excluded.kind, "
        "minimum_sample = excluded.minimum_sample, definition_hash = excluded.definition_hash, "
        "parameters = excluded.parameters, version = excluded.version, retired = false, "
        "golden = coalesce($13, indicator.golden), sample_chosen = excluded.sample_chosen, plugin = excluded.plugin, "
        "plugin_version = excluded.plugin_version returning id, golden",
        tenant_id, key, set_key, title.en, title.zh, unit, direction, kind, minimum_sample, definition_hash,
        parameters, version, golden, sample_chosen, plugin, plugin_version,
    )  # fmt: skip
    await conn.execute(
        "insert into indicator_version (tenant_id, indicator_id, version, definition_hash, parameters, minimum_sample, "
        "created_by, golden) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant_id, head["id"], version, definition_hash, parameters, minimum_sample, actor, head["golden"],
    )  # fmt: skip


async def put_scheme(conn: Connection, tenant_id: UUID, scheme: Scheme, version: int, valid_from: date, actor: str,
                     items: Sequence[tuple[Any, ...]], pins: Mapping[str, Any]) -> UUID:
    """The scheme's next version with its lines and the definitions that they are read by; its id."""
    name = await put_definition(conn, tenant_id, "scheme", scheme)
    scheme_id = await conn.fetchval(
        "insert into scheme (tenant_id, key, title_en, title_zh, subject_kind, period_kind, version) "
        "values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id, key) do update set "
        "title_en = excluded.title_en, title_zh = excluded.title_zh, version = excluded.version, ends_on = null "
        "returning id",
        tenant_id, scheme.key, scheme.title.en, scheme.title.zh, scheme.subject.value, scheme.period.value, version,
    )  # fmt: skip
    version_id: UUID = await conn.fetchval(
        "insert into scheme_version (tenant_id, scheme_id, version, valid_from, definition_hash, created_by, "
        "snapshot_hash) values ($1, $2, $3, $4, $5, $6, $7) returning id",
        tenant_id, scheme_id, version, valid_from, name, actor, pins_store.snapshot_hash(pins),
    )  # fmt: skip
    await pins_store.put(conn, tenant_id, pins_store.SCHEME, version_id, pins)
    await conn.execute(
        "insert into scheme_item (tenant_id, scheme_version_id, position, kind, key, indicator_key, dimension, weight, "
        "target, target_unit, rule) select $1, $2, * from unnest($3::int[], $4::text[], $5::text[], $6::text[], "
        "$7::text[], $8::numeric[], $9::numeric[], $10::text[], $11::text[]) on conflict do nothing",
        tenant_id, version_id, *([list(column) for column in zip(*items, strict=True)] or [[]] * 9),
    )  # fmt: skip
    return version_id


async def put_reward_table(conn: Connection, tenant_id: UUID, table: Any, version: int, valid_from: date,
                           actor: str, pins: Mapping[str, Any]) -> None:
    """The reward table's next version with the definitions that its rules are read by."""
    name = await put_definition(conn, tenant_id, "reward_table", table)
    table_id = await conn.fetchval(
        "insert into reward_table (tenant_id, key, scheme_key, title_en, title_zh, version) "
        "values ($1, $2, $3, $4, $5, $6) on conflict (tenant_id, key) do update set scheme_key = excluded.scheme_key, "
        "title_en = excluded.title_en, title_zh = excluded.title_zh, version = excluded.version returning id",
        tenant_id, table.key, table.scheme, table.title.en, table.title.zh, version,
    )  # fmt: skip
    version_id: UUID = await conn.fetchval(
        "insert into reward_table_version (tenant_id, reward_table_id, version, valid_from, definition_hash, "
        "created_by, snapshot_hash) values ($1, $2, $3, $4, $5, $6, $7) returning id",
        tenant_id, table_id, version, valid_from, name, actor, pins_store.snapshot_hash(pins),
    )  # fmt: skip
    await pins_store.put(conn, tenant_id, pins_store.REWARDS, version_id, pins)


async def enabled_sets(conn: Connection, tenant_id: UUID) -> dict[str, str]:
    """The enabled indicator sets with the hash of what they said then."""
    return {row["set_key"]: row["content_hash"] for row in await enabled(conn, tenant_id)}


async def enabled(conn: Connection, tenant_id: UUID) -> list[Any]:
    """The enabled sets: which plugin brought them, what they said, used and declared then."""
    return await conn.fetch(ENABLED, tenant_id)


async def records_noted(conn: Connection, tenant_id: UUID) -> dict[str, RecordDeclaration]:
    """The record types as they were when the company enabled their sets, with what each set added: for reading what was
    imported once nobody declares it any more."""
    rows = await conn.fetch(NOTED, tenant_id)
    noted = [pins_store.parsed(row["hash"], row["body"]) for row in rows]
    found: dict[str, RecordDeclaration] = {one.key: one for records, _ in noted for one in records}
    for added in (one for _, extensions in noted for one in extensions):
        if (base := found.get(added.record)) is not None:
            found[added.record] = replace(base, fields=(*base.fields, *added.fields))
    return found


async def put_enabled_set(conn: Connection, tenant_id: UUID, set_key: str, plugin: str, plugin_version: str,
                          name: str, uses: Sequence[str], records: Any) -> None:
    """Note what an enabled set said; one that was removed is enabled anew."""
    records_hash = await put_definition(conn, tenant_id, "records", records)
    await conn.execute(
        "insert into enabled_set (tenant_id, set_key, plugin, plugin_version, content_hash, uses, records_hash) "
        "values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id, set_key) do update set plugin = excluded.plugin, "
        "plugin_version = excluded.plugin_version, content_hash = excluded.content_hash, uses = excluded.uses, "
        "records_hash = excluded.records_hash, removed_at = null, enabled_at = case "
        "when enabled_set.removed_at is null then enabled_set.enabled_at else transaction_timestamp() end",
        tenant_id, set_key, plugin, plugin_version, name, json_text(list(uses)), records_hash,
    )  # fmt: skip


async def remove_set(conn: Connection, tenant_id: UUID, set_key: str, indicators: Sequence[str],
                     schemes: Sequence[str], ends_on: date) -> None:
    """Put away a set, these indicators, and these schemes from the day on; every row stays."""
    await conn.execute("update enabled_set set removed_at = transaction_timestamp() "
                       "where tenant_id = $1 and set_key = $2", tenant_id, set_key)
    await retire(conn, tenant_id, indicators)
    await conn.execute("update scheme set ends_on = $3 where tenant_id = $1 and key = any($2)", tenant_id,
                       list(schemes), ends_on)


async def retire(conn: Connection, tenant_id: UUID, indicators: Sequence[str]) -> None:
    """Put indicators away: nothing new may read them."""
    await conn.execute("update indicator set retired = true where tenant_id = $1 and key = any($2) and not retired",
                       tenant_id, list(indicators))


async def resume_schemes(conn: Connection, tenant_id: UUID, schemes: Sequence[str]) -> None:
    """Schemes that were put away with their set decide again."""
    await conn.execute("update scheme set ends_on = null where tenant_id = $1 and key = any($2)", tenant_id,
                       list(schemes))


async def ends_of(conn: Connection, tenant_id: UUID) -> dict[str, date]:
    """The schemes that were put away, with their last day's next."""
    rows = await conn.fetch("select key, ends_on from scheme where tenant_id = $1 and ends_on is not null", tenant_id)
    return {row["key"]: row["ends_on"] for row in rows}


async def appraising(conn: Connection, tenant_id: UUID) -> set[str]:
    """The schemes by which anybody was ever appraised."""
    rows = await conn.fetch("select distinct scheme_key from scorecard where tenant_id = $1", tenant_id)
    return {row["scheme_key"] for row in rows}


def json_text(value: Any) -> str:
    """JSON in which numbers are exact: decimals as texts."""
    return json.dumps(value, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

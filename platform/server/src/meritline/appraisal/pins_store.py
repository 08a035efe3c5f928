"""The rows of pins. Decides how they travel: one text beside the version that they belong to, so that reading what is
in force takes no statement more."""

import json
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from meritline.db import Connection
from meritline_sdk.model.canonical import parse

SCHEME, REWARDS = "scheme", "reward_table"
KINDS: Final = (SCHEME, REWARDS)
OF: Final = """(
    select json_object_agg(pin.indicator_key,
                           json_build_array(pin.definition_hash, pin.set_key, pin.plugin, pin.plugin_version))
    from {table}_version_definition pin
    where pin.tenant_id = {version}.tenant_id and pin.{table}_version_id = {version}.id) as pins"""
INSERT: Final = """
insert into {table}_version_definition
    (tenant_id, {table}_version_id, indicator_key, definition_hash, set_key, plugin, plugin_version)
select $1, $2, * from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
"""


def pins_beside(table: str, version: str) -> str:
    """The expression that gives the pins of a version beside its row."""
    assert table in KINDS
    return OF.format(table=table, version=version)


def pairs(text: str | None) -> Iterator[tuple[str, list[Any]]]:
    """What such an expression gave."""
    yield from json.loads(text or "{}").items()


async def put(conn: Connection, tenant_id: UUID, table: str, version_id: UUID, pins: Mapping[str, Any]) -> None:
    """Keep the pins of a new version."""
    assert table in KINDS
    if pins:
        rows = [(key, pin.hash, pin.set_key, pin.plugin, pin.version) for key, pin in pins.items()]
        await conn.execute(INSERT.format(table=table), tenant_id, version_id,
                           *(list(column) for column in zip(*rows, strict=True)))


def snapshot_hash(pins: Mapping[str, Any]) -> str:
    """The hash that names all definitions of a version: of a line ``key hash`` for each, in the order of the keys.

    Migration 0021 writes the same in SQL for the versions that stood before.
    """
    return sha256("\n".join(f"{key} {pins[key].hash}" for key in sorted(pins)).encode()).hexdigest()


async def definitions(conn: Connection, tenant_id: UUID, hashes: Collection[str]) -> dict[str, Any]:
    """Definitions by their hashes."""
    rows = await conn.fetch("select hash, body from definition where tenant_id = $1 and hash = any($2)", tenant_id,
                            sorted(hashes))
    return {row["hash"]: parsed(row["hash"], row["body"]) for row in rows}


@lru_cache(maxsize=4096)
def parsed(definition_hash: str, body: str) -> Any:
    """A stored definition as a value. It never changes under its hash, and is frozen, so it is shared."""
    return parse(body)

"""The queries of applied manifests: what the last apply left of each thing."""

from collections.abc import Sequence
from uuid import UUID

from meritline.db import Connection


async def applied(conn: Connection, tenant_id: UUID) -> dict[tuple[str, str], str]:
    """Kind and key to the digest that the last apply left."""
    rows = await conn.fetch("select kind, key, digest from manifest_object where tenant_id = $1", tenant_id)
    return {(row["kind"], row["key"]): row["digest"] for row in rows}


async def note(conn: Connection, tenant_id: UUID, rows: Sequence[tuple[str, str, str]]) -> None:
    """Remember what this apply left."""
    kinds, keys, digests = ([list(column) for column in zip(*rows, strict=True)] or [[], [], []])
    await conn.execute(
        "insert into manifest_object (tenant_id, kind, key, digest, applied_at) "
        "select $1, kind, key, digest, transaction_timestamp() from unnest($2::text[], $3::text[], $4::text[]) "
        "given (kind, key, digest) on conflict (tenant_id, kind, key) do update set digest = excluded.digest, "
        "applied_at = excluded.applied_at",
        tenant_id, kinds, keys, digests,
    )  # fmt: skip

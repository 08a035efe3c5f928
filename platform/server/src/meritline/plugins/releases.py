"""Releases of plugins as this installation has seen them. Decides that the same version always says the same.

Whoever has a database asks it before a plugin is used: a version that says something else than when it was first seen
is quarantined, since results name versions. A working copy (an editable installation, a file of ``--plugins-dir``)
may change under its version and is only told of.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from meritline.errors import Problem, problem
from meritline.plugins.assembly import Brought

if TYPE_CHECKING:
    from meritline.db import Connection, Database

THERE = "select to_regclass('public.plugin_release') is not null"
SEE = """
insert into plugin_release (distribution, plugin, version, working_copy, content_hash)
select * from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::text[])
on conflict do nothing
"""
SEEN = """
select distribution, plugin, version, working_copy, content_hash, first_seen_at, differs_since, differs
from plugin_release where distribution = any($1::text[]) order by first_seen_at, content_hash
"""
MARK = """
update plugin_release set differs_since = transaction_timestamp(), differs = $4
where distribution = $1 and version = $2 and ($3::text is null or content_hash = $3) and differs_since is null
"""
DIFFERING = """
select distribution, plugin, version, content_hash, differs_since, differs
from plugin_release where differs is not null order by differs_since, content_hash
"""
LONGEST = 500

type Row = Mapping[str, Any]


async def recognised(conn: "Connection", brought: Iterable[Brought]) -> frozenset[str]:
    """The labels of those that say what the database has seen of the same version, and was accepted then."""
    hashes = hashes_of(brought)
    if not hashes or not await conn.fetchval(THERE):
        return frozenset()
    rows = await conn.fetch(SEEN, sorted({one.distribution for one, _ in hashes}))
    known = {(row["distribution"], row["plugin"], row["version"], row["content_hash"]) for row in rows}
    return frozenset(one.label for one, found in hashes if (one.distribution, one.name, one.version, found) in known)


async def seen(conn: "Connection", brought: Iterable[Brought], *, keep: bool = True) -> dict[str, list[Problem]]:
    """What the database knows against the plugins, by label; nothing where it is not migrated.

    ``keep``: what is new is noted, so that the same version says the same from now on.
    """
    hashes = hashes_of(brought)
    if not hashes or not await conn.fetchval(THERE):
        return {}
    if keep:
        rows = [(one.distribution, one.name, one.version, one.changing, found) for one, found in hashes]
        await conn.execute(SEE, *(list(column) for column in zip(*rows, strict=True)))
    known = await conn.fetch(SEEN, sorted({one.distribution for one, _ in hashes}))
    return {one.label: told for one, found in hashes if (told := [*against(one, found, known)])}


def hashes_of(brought: Iterable[Brought]) -> list[tuple[Brought, str]]:
    """The plugins that declare something with the hash of all of it."""
    return [(one, found) for one in brought if (found := one.content_hash)]


def against(one: Brought, found: str, known: Sequence[Row]) -> Iterable[Problem]:
    """What the known releases say against this one."""
    mine = [row for row in known if (row["distribution"], row["plugin"], row["version"]) ==
            (one.distribution, one.name, one.version)]
    bound = next((row for row in mine if not row["working_copy"]), None)
    if bound is not None and bound["content_hash"] != found:
        code = "E-PLUGIN-CHANGED-COPY" if one.changing else "E-PLUGIN-CHANGED"
        yield problem(code, plugin=one.label, first=bound["content_hash"][:12], actual=found[:12],
                      since=day(bound["first_seen_at"]))
    for row in mine:
        if row["content_hash"] == found and row["differs"] is not None and row["working_copy"] == one.changing:
            yield problem("E-PLUGIN-DIFFERS", plugin=one.label, since=day(row["differs_since"]),
                          reason=row["differs"])


def day(moment: datetime) -> str:
    """The day of it, in UTC."""
    return moment.date().isoformat()


async def mark_not_deterministic(database: "Database", distribution: str, version: str, content_hash: str | None,
                                 told: str) -> None:
    """Keep that two runs of a function of this release gave two answers; the first time is kept, for good."""
    text = " ".join(told.split())[:LONGEST] or "—"
    async with database.global_work() as conn:
        await conn.execute(MARK, distribution, version, content_hash, text)

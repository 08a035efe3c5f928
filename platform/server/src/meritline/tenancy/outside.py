"""What connects a company with its systems: outside codes and sources."""

from collections.abc import Sequence
from dataclasses import replace

from meritline import audit
from meritline.db import UnitOfWork
from meritline.errors import Refused, Stale
from meritline.tenancy import store
from meritline.tenancy.checks import check_codes
from meritline.tenancy.places import Places
from meritline.tenancy.values import ExternalCode, Source

type CodeKey = tuple[str, str]


async def map_external_codes(uow: UnitOfWork, actor: str, rows: Sequence[ExternalCode],
                             places: Places | None = None) -> tuple[CodeKey, ...]:
    """Say what outside codes mean: the rows of a code are all that it means, at all times.

    Gives the codes (space, code) whose meaning changed; the records that carry them are resolved again by the caller.
    """
    at = places or Places("codes")
    await store.lock(uow.conn, uow.tenant_id)
    departments = await store.departments(uow.conn, uow.tenant_id)
    employees = await store.employees(uow.conn, uow.tenant_id)
    problems = check_codes(rows, departments, employees, at)
    if problems:
        raise Refused(problems)
    stood = by_key(await store.codes(uow.conn, uow.tenant_id, {row.code_space for row in rows}))
    wanted = by_key(rows)
    keys = tuple(key for key in wanted if set(wanted[key]) != set(stood.get(key, ())))
    if keys:
        await store.replace_codes(uow.conn, uow.tenant_id, keys, [row for key in keys for row in wanted[key]])
        told = {f"{space}:{code}": [row.text() for row in wanted[space, code]] for space, code in keys[:50]}
        await audit.append(uow.conn, uow.tenant_id, actor=actor, action="codes.map", subject="codes",
                           body={"count": len(keys), "codes": told})
    return keys


def by_key(rows: Sequence[ExternalCode]) -> dict[CodeKey, list[ExternalCode]]:
    """The rows of each code."""
    found: dict[CodeKey, list[ExternalCode]] = {}
    for row in rows:
        found.setdefault((row.code_space, row.code), []).append(row)
    return found


async def save_source(uow: UnitOfWork, actor: str, source: Source) -> Source:
    """Add or change a source. Its mapping was parsed and checked by ``records.sources``; here it is kept."""
    await store.lock(uow.conn, uow.tenant_id)
    before = (await store.sources(uow.conn, uow.tenant_id)).get(source.key)
    actual = before.version if before else 0
    if source.expected_version is not None and source.expected_version != actual:
        raise Stale(kind="source", value=source.key, expected=source.expected_version, actual=actual)
    if before == source:
        return before
    after = replace(source, version=actual + 1)
    await store.put_source(uow.conn, uow.tenant_id, after, after.version)
    await audit.append(uow.conn, uow.tenant_id, actor=actor, action="source.save", subject=f"source:{source.key}",
                       body={"version": after.version, "record": source.record_type, "strict": source.strict})
    return after

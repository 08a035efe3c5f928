"""Codes that mean someone else now. Decides which records are resolved again: exactly those whose person changes.

Whoever maps codes calls ``resolve_codes`` in the same unit of work; whoever adds employees or departments, whose own
numbers are codes too, likewise with the space None; whoever saves a source calls ``resolve_source``. A record gets a
new version only where the meaning at its own moment is another, and both subjects are marked. A delivery that is under
way waits, or is waited for (``store.hold``), so that no record slips between.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from meritline.db import UnitOfWork
from meritline.records import store
from meritline.records.clock import offsets
from meritline.records.resolve_statements import Site, resolve_statement
from meritline.records.service import API_SOURCE, Declarations, mapping_of
from meritline.records.sources import SourceMapping, direct_mapping
from meritline.records.upkeep import records_changed
from meritline.tenancy import store as tenancy_store
from meritline_sdk.evaluate.windows import zone_of

type Codes = Mapping[str | None, Sequence[str] | None]


async def resolve_codes(
    uow: UnitOfWork, declarations: Declarations, changed: Iterable[tuple[str | None, str]], *, now: datetime
) -> dict[str, int]:
    """Resolve the records of changed codes, ``(space, code)`` each; gives the new versions per record type."""
    codes: dict[str | None, list[str]] = defaultdict(list)
    for space, code in changed:
        codes[space].append(code)
    return await resolve(uow, declarations, codes, None, now)


async def resolve_source(uow: UnitOfWork, declarations: Declarations, source: str, *, now: datetime) -> dict[str, int]:
    """Resolve every record of a source, since it reads its codes in another code space than before."""
    return await resolve(uow, declarations, None, source, now)


async def resolve(
    uow: UnitOfWork, declarations: Declarations, codes: Codes | None, source: str | None, now: datetime
) -> dict[str, int]:
    """Resolve the records of these codes (None: of all), of one source or of all."""
    if codes is not None and not codes:
        return {}
    await tenancy_store.lock(uow.conn, uow.tenant_id)
    profile = await tenancy_store.profile(uow.conn, uow.tenant_id)
    starts = offsets(zone_of(profile.time_zone if profile else "UTC"))
    now = await store.later(uow.conn, uow.tenant_id, now)
    found = [each for each in await mappings(uow, declarations) if source is None or each.key == source]
    done: dict[str, int] = {}
    for record, sites in sites_by_record(found, codes).items():
        arguments = [
            part
            for site in sites
            for part in (list(site.sources), site.space, None if codes is None else codes[site.space])
        ]
        count: int = await uow.conn.fetchval(
            resolve_statement(declarations[record], sites), uow.tenant_id, record, now,
            [start for start, _ in starts], [offset for _, offset in starts], *arguments,
        )  # fmt: skip
        if count:
            done[record] = count
    if done:
        await records_changed(uow)
    return done


async def mappings(uow: UnitOfWork, declarations: Declarations) -> list[SourceMapping]:
    """Every source with the code space of every field, also of those that only programs fill."""
    known = await tenancy_store.sources(uow.conn, uow.tenant_id)
    saved = [mapping_of(each, declarations) for each in known.values() if each.record_type in declarations]
    found = [direct_mapping(each.record, each.key, each) for each in saved]
    if API_SOURCE not in known:
        found += [direct_mapping(each, API_SOURCE) for each in declarations.values()]
    return found


def sites_by_record(found: Sequence[SourceMapping], codes: Codes | None) -> dict[str, list[Site]]:
    """Where the code spaces are read: record type to its fields, each with the sources that read it so."""
    sources: dict[str, dict[tuple[str, str | None], list[str]]] = defaultdict(lambda: defaultdict(list))
    for mapping in found:
        for field, space in mapping.code_spaces().items():
            if codes is None or space in codes:
                sources[mapping.record.key][field, space].append(mapping.key)
    return {
        record: [Site(field, space, tuple(sorted(keys))) for (field, space), keys in fields.items()]
        for record, fields in sources.items()
    }

"""Applying a manifest. Decides what it may overwrite: its own work and what nobody decided, else nothing without force.

Everything happens in one unit: a company is as its manifest says, or as it was. What the manifest does not name stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from meritline.appraisal.indicators import store_settings
from meritline.appraisal.own.saving import store_own
from meritline.appraisal.reward_tables import store_reward_table
from meritline.appraisal.schemes import store_scheme
from meritline.appraisal.starting import completed, notes
from meritline.db import Database, UnitOfWork
from meritline.errors import Problem, Refused, problem
from meritline.onboarding import store
from meritline.onboarding.adoptions import adopt_all, waiting
from meritline.onboarding.enabling import enable_indicator_set
from meritline.onboarding.manifest import Manifest, check
from meritline.onboarding.sets.changes import upgrade_report
from meritline.onboarding.sets.fitting import Fitted, fitted_set, told
from meritline.onboarding.sets.report import Report
from meritline.onboarding.things import KINDS, Standing, Things, standing, things_in, things_of, with_pay
from meritline.plugins import Catalogue
from meritline.records.resolve import resolve_codes, resolve_source
from meritline.tenancy import store as company
from meritline.tenancy.service import (
    map_external_codes,
    open_tenant,
    save_profile,
    save_source,
    upsert_departments,
    upsert_employees,
    upsert_positions,
)

CREATE, CHANGE = "create", "change"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that applying would create or change; ``newer``: somebody else changed it since the last apply."""

    kind: str
    key: str
    action: str
    newer: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying did; no differences mean that everything stood already."""

    tenant_id: UUID
    created: bool
    differences: tuple[Difference, ...]
    warnings: tuple[Problem, ...]


async def apply_folder(platform: Any, folder: Path, *, actor: str, force: bool = False) -> Applied:
    """Check a folder as a whole and apply it."""
    manifest = check(folder, platform.catalogue)
    if isinstance(manifest, list):
        raise Refused(manifest)
    return await apply(platform.database, platform.catalogue, manifest, actor, force=force, now=platform.clock(),
                       workshop=getattr(platform, "workshop", None))


async def differences(database: Database, catalogue: Catalogue, manifest: Manifest) -> tuple[Difference, ...]:
    """What applying would do, without doing it."""
    async with database.global_work(readonly=True) as conn:
        tenant_id = await company.find_tenant(conn, manifest.key)
    if tenant_id is None:
        return compared(things_in(manifest, NOBODY, hashes(catalogue, manifest)), {}, {})
    async with database.scoped_read(tenant_id, snapshot=True) as read:
        now = await standing(read, tenant_id)
        applied = await store.applied(read, tenant_id)
        adopted = await waiting(read, tenant_id, catalogue, manifest.adoptions)
    found = compared(things_in(manifest, now, hashes(catalogue, manifest)), things_of(now), applied)
    return (*found, *(Difference("adoption", one.name, CHANGE) for one in adopted))


async def upgrades(database: Database, catalogue: Catalogue, manifest: Manifest,
                   found: Sequence[Difference], today: date) -> dict[str, Report]:
    """What each indicator set that would change changes for the company."""
    async with database.global_work(readonly=True) as conn:
        tenant_id = await company.find_tenant(conn, manifest.key)
    keys = [one.key for one in found if (one.kind, one.action) == ("indicator set", CHANGE)]
    if tenant_id is None or not keys:
        return {}
    async with database.scoped_read(tenant_id, snapshot=True) as read:
        return {key: await upgrade_report(read, tenant_id, catalogue, key, today) for key in keys}


NOBODY = Standing(None, {}, {}, {}, {}, {}, {}, {}, {}, {})


def hashes(catalogue: Catalogue, manifest: Manifest) -> dict[str, str]:
    """What the manifest's sets say."""
    return {key: catalogue.require(key).content_hash for key in manifest.indicator_sets}


def compared(wanted: Things, stands: Things, applied: Mapping[tuple[str, str], str]) -> tuple[Difference, ...]:
    """The differences in the order of the kinds; an upgraded indicator set is never somebody else's change."""
    found: list[Difference] = []
    for name, one in wanted.items():
        before = stands.get(name)
        if before is None:
            found.append(Difference(*name, CREATE))
        elif before.says != one.says:
            own = before.untouched or applied.get(name) == before.digest or one.kind == "indicator set"
            found.append(Difference(*name, CHANGE, newer=not own))
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.kind), one.key)))


async def apply(database: Database, catalogue: Catalogue, manifest: Manifest, actor: str, *, force: bool = False,
                now: datetime, workshop: Any = None) -> Applied:
    """Make the company what the manifest says; refused as a whole where it would overwrite newer changes.

    ``workshop`` asks the plugins of sets that are new or newer what fits the company; without it nobody is asked.
    """
    async with database.global_work(readonly=True) as conn:
        known = await company.find_tenant(conn, manifest.key)
        tenant_id = known or await company.new_id(conn)
    fitted = await fitted_sets(database, catalogue, manifest, known, workshop, now)
    async with database.unit_of_work(tenant_id) as uow:
        if known is None:
            await open_tenant(uow, key=manifest.key, profile=manifest.calendar.applied(manifest.profile), actor=actor)
        await company.lock(uow.conn, tenant_id)
        before = await standing(uow.conn, tenant_id)
        wanted = things_in(manifest, before, hashes(catalogue, manifest))
        adopted = await waiting(uow.conn, tenant_id, catalogue, manifest.adoptions)
        found = (*compared(wanted, things_of(before), await store.applied(uow.conn, tenant_id)),
                 *(Difference("adoption", one.name, CHANGE) for one in adopted))
        newer = [problem("E-MANIFEST-NEWER", field=one.kind, value=one.key, kind=one.kind)
                 for one in found if one.newer and not force]  # fmt: skip
        if newer:
            raise Refused(newer)
        warnings = await write(uow, catalogue, manifest, actor, before, found, now, fitted)
        warnings = (*warnings, *await adopt_all(uow, actor, catalogue, manifest.adoptions))
        await remember(uow, things_in(manifest, await standing(uow.conn, tenant_id), hashes(catalogue, manifest)))
        if known is None:
            found = (Difference("company", "profile", CREATE), *found)
    return Applied(tenant_id, known is None, found, (*manifest.warnings, *warnings))


async def fitted_sets(database: Database, catalogue: Catalogue, manifest: Manifest, known: UUID | None, workshop: Any,
                      now: datetime) -> dict[str, Fitted]:
    """What the plugins propose for the company as the manifest makes it; asked before its unit of work begins."""
    stands = NOBODY
    if known is not None:
        async with database.scoped_read(known, snapshot=True) as read:
            stands = await standing(read, known)
    asked = [key for key, content in hashes(catalogue, manifest).items() if stands.sets.get(key) != content]
    people = {**stands.employees, **{one.number: one for one in manifest.people.employees}}
    positions = {*stands.positions, *manifest.people.position_codes}
    profile = told(manifest.profile, people.values(), positions, now.date())
    given = {key: await fitted_set(workshop, catalogue, key, profile) for key in asked}
    return {key: one for key, one in given.items() if one is not None}


async def write(uow: UnitOfWork, catalogue: Catalogue, manifest: Manifest, actor: str, before: Standing,
                found: Sequence[Difference], now: datetime, fitted: Mapping[str, Fitted]) -> tuple[Problem, ...]:
    """Write what differs, in the order in which one thing needs another."""
    names = {(one.kind, one.key) for one in found}
    if any(kind in ("company", "calendar") for kind, _ in names):
        stands = before.profile or manifest.profile
        wanted = replace(manifest.profile, calendar=stands.calendar, fiscal=stands.fiscal)
        await save_profile(uow, actor, manifest.calendar.applied(wanted), document=manifest.calendar.document)
    warnings: list[Problem] = []
    own = {reward.table.scheme for reward in manifest.rewards}
    for key in manifest.indicator_sets:
        if ("indicator set", key) in names:
            enabled = await enable_indicator_set(uow, actor, catalogue, key, fitted=fitted.get(key), today=now.date())
            warnings.extend(one for one in enabled.warnings if one.params.get("scheme") not in own)
    await write_people(uow, catalogue, manifest, actor, before, names, now)
    for source in manifest.sources:
        if ("source", source.key) in names:
            await save_source(uow, actor, source)
            if source.key in before.sources:
                await resolve_source(uow, catalogue.records, source.key, now=now)
    return (*warnings, *await write_decisions(uow, manifest, actor, names))


async def write_people(uow: UnitOfWork, catalogue: Catalogue, manifest: Manifest, actor: str, before: Standing,
                       names: set[tuple[str, str]], now: datetime) -> None:
    """Departments, positions, people, codes; then the records whose codes mean somebody else."""
    people = manifest.people
    departments = [one for one in people.departments if ("department", one.code) in names]
    positions = [one for one in people.positions if ("position", one.code) in names]
    employees = [with_pay(one, before, people.with_pay) for one in people.employees
                 if ("employee", one.number) in names]  # fmt: skip
    codes = [one for one in people.codes if ("code", f"{one.code_space}:{one.code}") in names]
    made = await upsert_departments(uow, actor, departments)
    await upsert_positions(uow, actor, positions)
    hired = await upsert_employees(uow, actor, employees)
    changed = await map_external_codes(uow, actor, codes)
    if before.sources or before.codes or before.employees:
        own = [(None, key) for key in (*made.created, *hired.created)]
        await resolve_codes(uow, catalogue.records, [*changed, *own], now=now)


async def write_decisions(uow: UnitOfWork, manifest: Manifest, actor: str,
                          names: set[tuple[str, str]]) -> tuple[Problem, ...]:
    """Indicators, schemes and reward tables; what to look at afterwards."""
    warnings: list[Problem] = []
    stands = await standing(uow.conn, uow.tenant_id)
    for settings in manifest.indicators:
        if ("indicator", settings.key) in names:
            before = stands.indicators[settings.key]
            await store_settings(uow, actor, completed(settings, before), before)
            warnings.extend(notes(settings, before))
    for own in manifest.own:
        if ("indicator", own.key) in names:
            await store_own(uow, actor, own)
    for draft in manifest.schemes:
        if ("scheme", draft.scheme.key) in names:
            await store_scheme(uow, actor, draft.scheme, draft.valid_from, document=draft.document)
    for reward in manifest.rewards:
        if ("reward table", reward.table.key) in names:
            saved = await store_reward_table(uow, actor, reward.table, reward.valid_from, document=reward.document)
            warnings.extend(saved.warnings)
    return tuple(warnings)


async def remember(uow: UnitOfWork, wanted: Things) -> None:
    """Note what now stands as ours, where it is not noted already."""
    noted = await store.applied(uow.conn, uow.tenant_id)
    new = [(*name, one.digest) for name, one in wanted.items() if noted.get(name) != one.digest]
    if new:
        await store.note(uow.conn, uow.tenant_id, new)

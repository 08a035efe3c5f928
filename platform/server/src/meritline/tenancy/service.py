"""Companies: opened, described, and changed by those who may. Everything here audits itself in the same unit.

The parts with rules of their own stand beside this file (``organisation``, ``employees``, ``outside``); this is the one
door to all of them.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from meritline import audit
from meritline.access import PLATFORM_TENANT, create_key
from meritline.db import Connection, Database, UnitOfWork
from meritline.documents import Document
from meritline.errors import MeritlineError, NotFound, Problem, Refused, Stale, problem
from meritline.tenancy import store
from meritline.tenancy.calendar import moved_cycles
from meritline.tenancy.calendar_document import calendar_tables, given_calendar
from meritline.tenancy.employees import upsert_employees
from meritline.tenancy.organisation import upsert_departments, upsert_positions
from meritline.tenancy.outside import map_external_codes, save_source
from meritline.tenancy.values import Profile
from meritline_sdk.evaluate.windows import PeriodError, zone_of

__all__ = [
    "Opened", "TenantProfile", "check_profile", "check_tenant_key", "find_tenant", "map_external_codes",
    "onboard_tenant", "open_tenant", "save_calendar", "save_profile", "save_source", "tenant_profile",
    "upsert_departments", "upsert_employees", "upsert_positions",
]  # fmt: skip

TenantProfile = Profile
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_KEY = 63
LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Opened:
    """A company that exists from now on. ``admin_key`` is shown this once."""

    tenant_id: UUID
    admin_key: str


def check_tenant_key(key: str) -> list[Problem]:
    """Whether this can be a company's key."""
    if KEY.fullmatch(key) and len(key) <= LONGEST_KEY and key != "platform":
        return []
    return [problem("E-TENANT-KEY", field="key", value=key, longest=LONGEST_KEY)]


def check_profile(profile: Profile) -> list[Problem]:
    """What is wrong with a profile, by field."""
    found: list[Problem] = []
    if not profile.name.strip() or len(profile.name) > 200:
        found.append(problem("E-PEOPLE-TEXT", field="name", value=profile.name, longest=200))
    try:
        zone_of(profile.time_zone)
    except PeriodError:
        found.append(problem("E-TIME-ZONE", field="time_zone", value=profile.time_zone))
    if not re.fullmatch(r"[A-Z]{3}", profile.currency):
        found.append(problem("E-TENANT-CURRENCY", field="currency", value=profile.currency))
    if not re.fullmatch(r"[A-Z]{2}", profile.country):
        found.append(problem("E-TENANT-COUNTRY", field="country", value=profile.country))
    unknown = [each for each in profile.languages if each not in LANGUAGES]
    if unknown or not profile.languages or len(set(profile.languages)) != len(profile.languages):
        found.append(problem("E-TENANT-LANGUAGE", field="languages", value=list(profile.languages), known=LANGUAGES))
    return found


async def onboard_tenant(database: Database, *, key: str, profile: Profile, actor: str,
                         now: datetime | None = None) -> Opened:
    """Open a company: its tenant, its profile, and the first key of an administrator."""
    async with database.global_work(readonly=True) as conn:
        tenant_id = await store.new_id(conn)
    async with database.unit_of_work(tenant_id) as uow:
        await open_tenant(uow, key=key, profile=profile, actor=actor)
        _, token = await create_key(uow.conn, tenant_id, role="admin", label="first", actor=actor, now=now)
    async with database.unit_of_work(PLATFORM_TENANT) as platform:
        await audit.append(platform.conn, PLATFORM_TENANT, actor=actor, action="tenant.create",
                           subject=f"tenant:{key}", body={"tenant_id": tenant_id})
    return Opened(tenant_id, token)


async def open_tenant(uow: UnitOfWork, *, key: str, profile: Profile, actor: str) -> None:
    """The tenant and its profile in the given unit, whose tenant id becomes the company's."""
    problems = [*check_tenant_key(key), *check_profile(profile)]
    if problems:
        raise Refused(problems)
    if not await store.insert_tenant(uow.conn, uow.tenant_id, key):
        raise MeritlineError("E-TENANT-EXISTS", field="key", value=key)
    await store.put_profile(uow.conn, uow.tenant_id, profile, 1)
    await audit.append(uow.conn, uow.tenant_id, actor=actor, action="tenant.create", subject=f"tenant:{key}",
                       body={"name": profile.name, "origin": profile.origin})


async def find_tenant(database: Database, key: str) -> UUID:
    """The tenant of a key, or ``NotFound``."""
    async with database.global_work(readonly=True) as conn:
        found = await store.find_tenant(conn, key)
    if found is None or found == PLATFORM_TENANT:
        raise NotFound(kind="tenant", value=key)
    return found


async def tenant_profile(conn: Connection, tenant_id: UUID) -> Profile:
    """The company's profile."""
    found = await store.profile(conn, tenant_id)
    if found is None:
        raise NotFound(kind="tenant", value=tenant_id)
    return found


async def save_profile(uow: UnitOfWork, actor: str, profile: Profile, expected_version: int | None = None,
                       document: Document | None = None) -> Profile:
    """Change the profile; the same again changes nothing. ``document``: where its problems have their places."""
    await store.lock(uow.conn, uow.tenant_id)
    problems = check_profile(profile)
    before = await tenant_profile(uow.conn, uow.tenant_id)
    problems += [] if problems else await moved_cycles(uow.conn, uow.tenant_id, before, profile, document)
    if problems:
        raise Refused(problems)
    if expected_version is not None and expected_version != before.version:
        raise Stale(kind="tenant", value=before.name, expected=expected_version, actual=before.version)
    if before == profile:
        return before
    after = replace(profile, version=before.version + 1)
    await store.put_profile(uow.conn, uow.tenant_id, after, after.version)
    was, now = said(before), said(after)
    changed = [name for name in was if was[name] != now[name]]
    await audit.append(uow.conn, uow.tenant_id, actor=actor, action="tenant.update", subject="tenant", body={
        "was": {name: was[name] for name in changed}, "now": {name: now[name] for name in changed},
    })  # fmt: skip
    return after


def said(profile: Profile) -> dict[str, Any]:
    """The profile as the audit tells it."""
    plain = {"calendar": None, "fiscal": None} | calendar_tables(profile)
    return {name: plain.get(name, getattr(profile, name)) for name in Profile.__slots__}


async def save_calendar(uow: UnitOfWork, actor: str, document: Document,
                        expected_version: int | None = None) -> Profile:
    """Change working hours, holidays and fiscal months; what the document does not name stays."""
    draft = given_calendar(document)
    await store.lock(uow.conn, uow.tenant_id)
    before = await tenant_profile(uow.conn, uow.tenant_id)
    wanted = replace(draft.applied(before), origin="api")
    return await save_profile(uow, actor, wanted, expected_version, document)

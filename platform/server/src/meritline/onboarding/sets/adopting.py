"""Adopting the present definitions of a set. Decides which versions are made, and what of a scheme keeps its pins.

A scheme that reads a set's indicators by older definitions gets, from a day on, a version of the same text that reads
by the present ones; so does its reward table, and every version that begins later. What other sets bring stays pinned
as it was. A locked period is never reached into. What nobody had decided of a template's scheme, nobody has after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from meritline import audit
from meritline.appraisal.indicators import TenantIndicator
from meritline.appraisal.pins import Pin, Pins, as_pinned, pins_now
from meritline.appraisal.pins_store import SCHEME
from meritline.appraisal.rated import with_sources
from meritline.appraisal.reward_tables import store_reward_table
from meritline.appraisal.schemes import store_scheme
from meritline.db import UnitOfWork
from meritline.documents.table import nearest_first
from meritline.errors import MeritlineError, NotFound, Problem, Refused, problem
from meritline.onboarding.sets.done import Done, tried
from meritline.onboarding.sets.report import Report, Says, Told
from meritline.onboarding.sets.standing import Deciding, Sets, sets_of
from meritline.onboarding.sets.uses import used_by
from meritline.plugins import Catalogue
from meritline.tenancy import store as company
from meritline_sdk import RewardTable, Scheme


async def adopt_indicator_set(uow: UnitOfWork, actor: str, catalogue: Catalogue, set_key: str, valid_from: date, *,
                              schemes: Sequence[str] | None = None, dry_run: bool = False) -> Done:
    """New versions of the schemes (all, or these) that read the set by older definitions."""
    await company.lock(uow.conn, uow.tenant_id)
    now = await sets_of(uow.conn, uow.tenant_id, valid_from)
    if set_key not in now.enabled:
        raise NotFound(kind="enabled indicator set", value=set_key, field="key")
    behind = chosen(now, {set_key, *used_by(now, catalogue, set_key)}, schemes)
    problems = [each for one, newer in behind for each in await unfit(uow, now, one, newer)]
    if problems:
        raise Refused(problems)
    async with tried(uow, dry_run):
        for one, newer in behind:
            await save(uow, actor, one, {**one.pins, **newer}, max(valid_from, one.valid_from))
        if behind:
            await tell(uow, actor, set_key, valid_from, behind)
    report = Report(set_key, tuple(await told(uow, now, behind, valid_from)), records=catalogue.records)
    return Done(report, bool(behind), tuple(dict.fromkeys(one.key for one, _ in behind if one.kind == SCHEME)))


type Behind = list[tuple[Deciding, Pins]]


def chosen(now: Sets, sets: set[str], schemes: Sequence[str] | None) -> Behind:
    """What decides on the day or later by older definitions of the sets, with the present ones."""
    known = {one.key for one in now.deciding if one.kind == SCHEME}
    for key in schemes or ():
        if key not in known:
            raise MeritlineError("E-SCHEME-UNKNOWN", field="schemes", value=key,
                                 known=nearest_first(key, known)[:3] or ("—",))
    wanted = known if schemes is None else set(schemes)
    found = ((one, newer_pins(now.indicators, one, sets)) for one in now.deciding if scheme_key(one) in wanted)
    return [(one, newer) for one, newer in found if newer]


def scheme_key(one: Deciding) -> str:
    """The scheme that it is, or whose rewards it gives."""
    return one.value.scheme if isinstance(one.value, RewardTable) else one.key


def newer_pins(known: Mapping[str, TenantIndicator], one: Deciding, sets: set[str]) -> Pins:
    """The present definitions that the version does not read by; also of what a newer one draws its ratings from."""
    mine = {key for key, pin in one.pins.items() if pin.set_key in sets}
    present = pins_now(with_sources(mine, known), known)
    return {key: pin for key, pin in present.items() if key not in one.pins or one.pins[key].hash != pin.hash}


def waiting_told(now: Sets, catalogue: Catalogue, set_key: str) -> Iterable[Told]:
    """What still reads the set by older definitions than the company has."""
    for one, newer in chosen(now, {set_key, *used_by(now, catalogue, set_key)}, None):
        titles = [now.indicators[key].indicator.title for key in newer]
        yield Told(f"{one.kind}_touched", {"scheme": one.title, "indicators": titles})


async def unfit(uow: UnitOfWork, now: Sets, one: Deciding, newer: Pins) -> list[Problem]:
    """Where a newer definition is in another unit, the scheme's targets and rules mean something else."""
    (before,) = await as_pinned(uow.conn, uow.tenant_id, now.indicators, [one.pins])
    units = {key: (before[key].indicator.unit, now.indicators[key].indicator.unit) for key in newer if key in one.pins}
    return [problem("E-ADOPT-UNIT", field="schemes", value=one.key, indicator=key, before=old.key, after=new.key)
            for key, (old, new) in units.items() if old != new]


async def save(uow: UnitOfWork, actor: str, one: Deciding, pins: Mapping[str, Pin], since: date) -> None:
    """The same text with other pins, as the next version."""
    who = one.created_by if one.untouched else actor
    if isinstance(one.value, Scheme):
        await store_scheme(uow, who, one.value, since, pins=pins)
    else:
        await store_reward_table(uow, who, one.value, since, pins=pins)


async def told(uow: UnitOfWork, now: Sets, behind: Behind, day: date) -> Iterable[Told]:
    """What each scheme and reward table takes, then what the indicators say before and after."""
    found = [Told(f"{one.kind}_adopts", {"scheme": one.title, "day": max(day, one.valid_from).isoformat(),
                                         "indicators": [now.indicators[key].indicator.title for key in newer]})
             for one, newer in behind]  # fmt: skip
    olds = await as_pinned(uow.conn, uow.tenant_id, now.indicators, [one.pins for one, _ in behind])
    changes = {(key, before[key].definition_hash): Told("indicator_changes", {
        "indicator": before[key].indicator.title, "old": Says(before[key].indicator),
        "new": Says(now.indicators[key].indicator)})
        for (one, newer), before in zip(behind, olds, strict=True) for key in newer if key in one.pins}  # fmt: skip
    return [*found, *changes.values()]


async def tell(uow: UnitOfWork, actor: str, set_key: str, day: date, behind: Behind) -> None:
    """Say it in the audit chain: whose decision it was, and what is read by what from when on."""
    body: dict[str, Any] = {"valid_from": day, "versions": [
        {"kind": one.kind, "key": one.key, "definitions": {key: pin.hash for key, pin in newer.items()}}
        for one, newer in behind]}
    await audit.append(uow.conn, uow.tenant_id, actor=actor, action="indicator_set.adopt", subject=f"set:{set_key}",
                       body=body)



"""Removing a set from a company. Decides what keeps it there: another enabled set, or a scheme that still decides.

Nothing is deleted. Its indicators are put away, with those of sets that came with it alone; so are schemes that came
with it and by which nobody was ever appraised. Enabling it again brings all of it back.
"""

from dataclasses import dataclass
from datetime import date

from meritline import audit
from meritline.appraisal import schemes_store as store
from meritline.appraisal.pins_store import SCHEME
from meritline.appraisal.schemes_overlap import TEMPLATE
from meritline.db import UnitOfWork
from meritline.errors import MeritlineError, NotFound
from meritline.onboarding.sets.adopting import scheme_key
from meritline.onboarding.sets.done import Done, tried
from meritline.onboarding.sets.report import Report, Told
from meritline.onboarding.sets.standing import Deciding, Sets, sets_of
from meritline.onboarding.sets.uses import used_by
from meritline.plugins import Catalogue
from meritline.tenancy import store as company
from meritline_sdk import Text


@dataclass(frozen=True, slots=True)
class Going:
    """What is put away."""

    sets: tuple[str, ...]
    kept: tuple[str, ...]
    indicators: tuple[str, ...]
    schemes: tuple[Deciding, ...]


async def remove_indicator_set(uow: UnitOfWork, actor: str, catalogue: Catalogue, set_key: str, *, today: date,
                               dry_run: bool = False) -> Done:
    """Put the set away; refused where something needs it, with every name."""
    await company.lock(uow.conn, uow.tenant_id)
    now = await sets_of(uow.conn, uow.tenant_id, today)
    if set_key not in now.enabled:
        raise NotFound(kind="enabled indicator set", value=set_key, field="key")
    others = sorted(one for one in now.enabled if one != set_key and set_key in used_by(now, catalogue, one))
    if others:
        raise MeritlineError("E-SET-NEEDED", field="key", value=set_key, others=others)
    going = going_of(now, catalogue, set_key, await store.appraising(uow.conn, uow.tenant_id))
    async with tried(uow, dry_run):
        schemes = sorted({one.key for one in going.schemes})
        await store.remove_set(uow.conn, uow.tenant_id, set_key, going.indicators, schemes, today)
        await audit.append(uow.conn, uow.tenant_id, actor=actor, action="indicator_set.remove",
                           subject=f"set:{set_key}", body={"plugin": now.enabled[set_key]["plugin"],
                           "version": now.enabled[set_key]["plugin_version"], "indicators": list(going.indicators),
                           "schemes": schemes, "from": today})  # fmt: skip
    return Done(Report(set_key, told(now, catalogue, set_key, going, today)), True)


def going_of(now: Sets, catalogue: Catalogue, set_key: str, appraised: set[str]) -> Going:
    """What goes with the set; raises where a scheme or reward table still reads it."""
    needed = {key for one in now.enabled if one != set_key for key in (one, *used_by(now, catalogue, one))}
    idle = tuple(one for one in now.deciding if one.kind == SCHEME and one.created_by == f"{TEMPLATE}{set_key}"
                 and one.key not in appraised and not decided(now, one.key))
    keys = {one.key for one in idle}
    reading = {key: [one for one in now.readers(key) if scheme_key(one) not in keys] for key in now.indicators}
    blocking = sorted({one.key for key in now.of_set(set_key) for one in reading[key]})
    if blocking:
        raise MeritlineError("E-SET-USED", field="key", value=set_key, schemes=blocking)
    brought = sorted(used_by(now, catalogue, set_key) - needed)
    kept = [one for one in brought if any(reading[key] for key in now.of_set(one))]
    sets = (set_key, *(one for one in brought if one not in kept))
    return Going(sets, tuple(kept), tuple(key for one in sets for key in now.of_set(one)), idle)


def decided(now: Sets, key: str) -> bool:
    """Whether somebody of the company saved a version of the scheme that decides now or later."""
    return any(one.key == key and one.kind == SCHEME and not one.untouched for one in now.deciding)


def told(now: Sets, catalogue: Catalogue, set_key: str, going: Going, today: date) -> tuple[Told, ...]:
    """The set, what stays, what is put away."""
    return (
        Told("removed", {"set": title_of(catalogue, set_key)}),
        *(Told("stays_read", {"set": title_of(catalogue, one)}) for one in going.kept),
        *(Told("scheme_away", {"scheme": one.title, "day": today.isoformat()}) for one in going.schemes),
        *(Told("indicator_away", {"indicator": now.indicators[key].indicator.title}) for key in going.indicators),
    )


def title_of(catalogue: Catalogue, set_key: str) -> Text | str:
    """What a set is called; its key where its plugin is gone."""
    installed = catalogue.sets.get(set_key)
    return installed.set.title if installed else set_key

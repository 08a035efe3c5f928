"""Upgrading a set to the version that is installed. Decides that it is told first and changes nothing saved."""

from collections.abc import Sequence
from datetime import date

from meritline.appraisal.schemes import versions_of
from meritline.appraisal.schemes_overlap import TEMPLATE
from meritline.db import UnitOfWork
from meritline.errors import NotFound, Refused
from meritline.onboarding.enabling import enable_indicator_set, scheme_name
from meritline.onboarding.sets.changes import coming, report_of
from meritline.onboarding.sets.done import Done, tried
from meritline.onboarding.sets.fitting import Fitted
from meritline.onboarding.sets.report import Told
from meritline.onboarding.sets.standing import Sets, sets_of
from meritline.plugins import Catalogue
from meritline.tenancy import store as company
from meritline_sdk import Scheme


async def upgrade_indicator_set(uow: UnitOfWork, actor: str, catalogue: Catalogue, set_key: str, *, today: date,
                                fitted: Fitted | None = None, dry_run: bool = False) -> Done:
    """Bring the installed definitions to a company that has the set enabled."""
    await company.lock(uow.conn, uow.tenant_id)
    now = await sets_of(uow.conn, uow.tenant_id, today)
    require_there(now, catalogue, set_key)
    report = report_of(now, catalogue, set_key, await new_things(uow, now, catalogue, set_key, fitted))
    async with tried(uow, dry_run):
        enabled = await enable_indicator_set(uow, actor, catalogue, set_key, fitted=fitted, today=today)
    return Done(report, enabled.changed and not dry_run, warnings=enabled.warnings)


def require_there(now: Sets, catalogue: Catalogue, set_key: str) -> None:
    """Raise where the company does not have the set, or its plugin is not there."""
    row = now.enabled.get(set_key)
    if row is None:
        raise NotFound(kind="enabled indicator set", value=set_key, field="key")
    if set_key not in catalogue.sets:
        raise Refused([catalogue.why_absent(set_key, row["plugin"], row["plugin_version"])])


async def new_things(uow: UnitOfWork, now: Sets, catalogue: Catalogue, set_key: str,
                     fitted: Fitted | None) -> Sequence[Told]:
    """The schemes and reward tables that come with it; what stands is not touched."""
    installed, row = catalogue.require(set_key), now.enabled.get(set_key)
    if row is not None and row["content_hash"] == installed.content_hash:
        return ()
    given = fitted or Fitted(installed.set.schemes, installed.set.rewards)
    versions = await versions_of(uow)
    new: list[Scheme] = [one for one in given.schemes if scheme_name(one, f"{TEMPLATE}{set_key}", versions)[1]]
    keys = {one.key for one in new}
    return coming(new, [one for one in given.rewards if one.scheme in keys])

"""What a set's plugin proposes for one company. Decides what it may know of the company, and what its answer must be.

The plugin is asked when a set is enabled, and again for what comes new with an upgrade; never for what stands. Where
its hook fails, no scheme and no reward table comes: an amount that does not fit is worse than none. The indicators
come all the same, and enabling again asks again.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from meritline.db import Database
from meritline.errors import MeritlineError, Problem, problem
from meritline.plugins import Catalogue, InstalledSet
from meritline.tenancy import store as company
from meritline.tenancy.values import Employee, Profile
from meritline_sdk import RewardTable, Scheme
from meritline_sdk.model.profiles import TenantProfile
from meritline_sdk.model.records import DeclarationError
from meritline_sdk.model.sets import TenantDefaults


@dataclass(frozen=True, slots=True)
class Fitted:
    """The schemes and reward tables that a company gets of a set; ``problem`` says why there are none."""

    schemes: tuple[Scheme, ...] = ()
    rewards: tuple[RewardTable, ...] = ()
    problem: Problem | None = None


async def fitted_set(workshop: Any, catalogue: Catalogue, set_key: str, profile: TenantProfile) -> Fitted | None:
    """What the plugin proposes; None where it proposes nothing for this set, so that the set's own are taken."""
    installed = catalogue.require(set_key)
    if workshop is None or installed.source is None or not getattr(installed, "fits", False):
        return None
    try:
        given: tuple[TenantDefaults, ...] = await workshop.defaults(installed.source, profile)
        return checked(installed, catalogue, given)
    except MeritlineError as wrong:
        return Fitted(problem=problem("E-SET-DEFAULTS", field="key", value=set_key, plugin=named(installed),
                                      reason=wrong.problem.message()))


def named(installed: InstalledSet) -> str:
    """The plugin with its version."""
    return f"{installed.plugin} {installed.version}"


def checked(installed: InstalledSet, catalogue: Catalogue, given: Iterable[TenantDefaults]) -> Fitted | None:
    """The answer for this set, as the set itself would take it; refused where it speaks of another plugin's set."""
    own = {key for key, one in catalogue.sets.items() if one.plugin == installed.plugin}
    answers: dict[str, TenantDefaults] = {}
    for one in given:
        if one.set not in own:
            raise refusal(installed, f"it answers for the set {one.set!r}, which it does not bring")
        if one.set in answers:
            raise refusal(installed, f"it answers twice for the set {one.set!r}")
        answers[one.set] = one
    answer = answers.get(installed.key)
    if answer is None:
        return None
    known = catalogue.indicators((installed.key,))
    for key in sorted(indicators_in(answer) - known.keys()):
        raise refusal(installed, f"it names the indicator {key!r}, which neither the set nor those it uses have")
    try:
        again = installed.set.fitted(schemes=answer.schemes, rewards=answer.rewards)
    except DeclarationError as wrong:
        raise refusal(installed, str(wrong)) from wrong
    for what, keys in (("scheme", [one.key for one in again.schemes]), ("table", [one.key for one in again.rewards])):
        if len(keys) != len(set(keys)):
            raise refusal(installed, f"it answers with one {what} twice")
    return Fitted(again.schemes, again.rewards)


def refusal(installed: InstalledSet, reason: str) -> MeritlineError:
    """Why an answer is not taken."""
    return MeritlineError("E-PLUGIN-DECLARES", plugin=named(installed), reason=reason)


def indicators_in(answer: TenantDefaults) -> set[str]:
    """The indicators that the schemes and reward tables read."""
    from meritline.appraisal.run.needs import named as read_by
    from meritline.appraisal.run.needs import scheme_needs, table_needs

    found = {key for one in answer.schemes for key, _ in scheme_needs(one)}
    scores = {key for one in answer.schemes for item in one.items if item.score_of for key in read_by(item)}
    return (found - scores) | {key for one in answer.rewards for key, _ in table_needs(one)}


async def profile_of(database: Database, tenant_id: UUID, today: date) -> TenantProfile:
    """The company as its plugins may know it."""
    async with database.scoped_read(tenant_id, snapshot=True) as conn:
        profile = await company.profile(conn, tenant_id)
        people, positions = await company.employees(conn, tenant_id), await company.positions(conn, tenant_id)
    assert profile is not None
    return told(profile, people.values(), positions, today)


def told(profile: Profile, people: Iterable[Employee], positions: Collection[str], today: date) -> TenantProfile:
    """A few facts, sorted, so that the same company is told in the same way; no person and no amount."""
    size = sum(any(employed(span, today) for span in one.employments or ()) for one in people)
    return TenantProfile(country=profile.country or "", currency=profile.currency, size=size,
                         positions=tuple(sorted(positions)), languages=tuple(sorted(profile.languages)))


def employed(span: Any, today: date) -> bool:
    """Whether somebody is employed on the day."""
    return bool(span.valid_from <= today and (span.valid_to is None or today < span.valid_to))

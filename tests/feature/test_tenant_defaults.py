"""What a plugin proposes for one company: asked once, in its own process, with a few facts; checked, never trusted."""

from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from meritline.appraisal.schemes_store import enabled_sets, reward_versions, scheme_versions
from meritline.db import Database
from meritline.local import LocalUrls
from meritline.onboarding.enabling import Enabled, enable_indicator_set
from meritline.onboarding.sets.fitting import fitted_set, profile_of
from meritline.plugins import Catalogue, load_catalogue
from meritline.plugins.processes import Workshop
from meritline.tenancy.service import onboard_tenant, upsert_employees, upsert_positions
from meritline.tenancy.values import Employee, Position, Profile, Span
from meritline_sdk.model.canonical import parse

TODAY = date(2026, 6, 2)
PLUGIN = """
    from dataclasses import replace
    from meritline_sdk import *
    class Job(RecordType, key="fit_job", title=Text("Job", "工单")):
        worker = Person()
        done_at = Instant()
        defaults = Attribution(credit=worker, at=done_at)
    DONE = Indicator("done", Text("Done", "完成量"), measure=Count(Job), unit=COUNT, better=HIGHER)
    STAFF = Scheme("staff", Text("Staff", "员工"), items=(Item(DONE, weight=100, rule=rules.AsPoints()),))
    PAY = RewardTable("pay", Text("Pay", "奖金"), "staff", [PerReading("each", Text("Each", "每单"), DONE, 5)])
    SET = IndicatorSet("fitting", Text("Fitting", "适配"), records=[Job], indicators=[DONE], schemes=[STAFF],
                       rewards=[PAY])
    @hookimpl
    def indicator_sets():
        return [SET]
    @hookimpl
    def tenant_defaults(profile):
        {answer}
"""
BY_PROFILE = """return [SET.fitted(
            schemes=[replace(STAFF, title=Text(repr(profile), repr(profile)), for_positions=profile.positions)],
            rewards=[PAY] if profile.currency == "CNY" else [])]"""
HOSTILE = {
    "raises": ("raise ValueError('no')", "ValueError"),
    "another": ("return [TenantDefaults('call_center', (), ())]", "call_center"),
    "twice": ("return [SET.fitted(), SET.fitted()]", "twice"),
    "unknown": ("return [TenantDefaults('fitting', (replace(STAFF, items=(Item('call_center.x', weight=100, "
                "rule=rules.AsPoints(), key='x'),)),), ())]", "call_center.x"),
    "fickle": ("import random; return [SET.fitted(rewards=[PAY] if random.random() < 0.5 else [])] * "
               "random.randrange(1, 9)", ""),
    "nothing": ("return None", "NoneType"),
}  # fmt: skip


@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(migrated_database.database_url) as opened:
        yield opened


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    async with Workshop() as made:
        yield made


async def company(database: Database, currency: str, positions: tuple[str, ...] = ()) -> UUID:
    profile = Profile("Firm", "Asia/Shanghai", currency, ("zh", "en"), "CN")
    tenant: UUID = (await onboard_tenant(database, key=f"fit-{uuid4().hex[:12]}", profile=profile,
                                         actor="test")).tenant_id
    async with database.unit_of_work(tenant) as uow:
        await upsert_positions(uow, "me", [Position(one, one, one) for one in positions])
        spans = (Span(date(2026, 1, 1), None), Span(date(2026, 1, 1), date(2026, 2, 1)), Span(date(2027, 1, 1), None))
        await upsert_employees(uow, "me", [Employee(f"E{place}", "E", None, (span,))
                                           for place, span in enumerate(spans)])
    return tenant


async def enabled(database: Database, workshop: Workshop, catalogue: Catalogue, tenant: UUID, key: str) -> Enabled:
    fitted = await fitted_set(workshop, catalogue, key, await profile_of(database, tenant, TODAY))
    async with database.unit_of_work(tenant) as uow:
        return await enable_indicator_set(uow, "me", catalogue, key, fitted=fitted, today=TODAY)


async def stands(database: Database, tenant: UUID) -> tuple[dict[str, Any], list[str]]:
    async with database.scoped_read(tenant) as conn:
        return ({row["key"]: parse(row["body"]) for row in await scheme_versions(conn, tenant)},
                [row["key"] for row in await reward_versions(conn, tenant)])


async def test_the_repair_set_fits_currency_and_positions(database: Database, workshop: Workshop) -> None:
    catalogue = load_catalogue(frozenset({"meritline-appliance-repair", "meritline-after-sales-common"}))
    wanted = {("CNY", ()): (("repair_engineer",), ["engineer_rewards"]),
              ("EUR", ("cook", "service_technician")): (("service_technician",), []),
              ("CNY", ("repair_engineer", "service_technician")): (("repair_engineer",), ["engineer_rewards"])}
    for (currency, positions), (mine, tables) in wanted.items():
        tenant = await company(database, currency, positions)
        done = await enabled(database, workshop, catalogue, tenant, "appliance_repair")
        assert done.warnings == ()
        schemes, rewards = await stands(database, tenant)
        assert (schemes["engineers"].for_positions, rewards) == (mine, tables)
        assert "repair_teams" in schemes


async def test_it_is_told_a_few_sorted_facts_and_not_asked_for_what_stands(
    database: Database, workshop: Workshop, install: Callable[..., None]
) -> None:
    install("fit", PLUGIN.format(answer=BY_PROFILE))
    catalogue = load_catalogue(frozenset({"probe-fit"}))
    assert catalogue.sets["fitting"].fits, catalogue.problems
    tenant = await company(database, "EUR", ("b_post", "a_post"))
    await enabled(database, workshop, catalogue, tenant, "fitting")
    schemes, rewards = await stands(database, tenant)
    assert schemes["staff"].title.en == ("TenantProfile(country='CN', currency='EUR', size=1, "
                                         "positions=('a_post', 'b_post'), languages=('en', 'zh'))")
    assert (schemes["staff"].for_positions, rewards) == (("a_post", "b_post"), [])
    async with database.unit_of_work(tenant) as uow:
        await upsert_positions(uow, "me", [Position("c_post", "c", "c")])
    assert not (await enabled(database, workshop, catalogue, tenant, "fitting")).changed
    assert await stands(database, tenant) == (schemes, rewards)


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hook_that_fails_brings_no_amounts_and_is_asked_again(
    database: Database, workshop: Workshop, install: Callable[..., None], name: str
) -> None:
    answer, word = HOSTILE[name]
    install("fit", PLUGIN.format(answer=answer))
    tenant = await company(database, "EUR")
    done = await enabled(database, workshop, load_catalogue(frozenset({"probe-fit"})), tenant, "fitting")
    (warning,) = done.warnings
    assert (warning.code, warning.severity) == ("E-SET-DEFAULTS", "warning")
    for language in ("en", "zh"):
        assert word in warning.text(language)  # type: ignore[arg-type]
        assert "probe-fit 2.5" in warning.text(language)  # type: ignore[arg-type]
    assert done.indicators == ("fitting.done",)
    assert await stands(database, tenant) == ({}, [])
    install("fit", PLUGIN.format(answer=BY_PROFILE))
    mended = load_catalogue(frozenset({"probe-fit"}))
    assert (await enabled(database, workshop, mended, tenant, "fitting")).schemes == ("staff",)
    async with database.scoped_read(tenant) as conn:
        assert await enabled_sets(conn, tenant) == {"fitting": mended.sets["fitting"].content_hash}

"""Sets of a company as they are upgraded, adopted and removed: what is kept, what is refused, and what is told."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from meritline.appraisal.definitions import as_pinned, indicators_of, save_indicator, save_scheme, schemes_in_force
from meritline.appraisal.indicators import TenantIndicator
from meritline.db import Database
from meritline.errors import MeritlineError, NotFound
from meritline.local import LocalUrls
from meritline.onboarding.apply import apply_folder, differences
from meritline.onboarding.enabling import enable_indicator_set
from meritline.onboarding.manifest import Manifest, check
from meritline.onboarding.sets.adopting import adopt_indicator_set
from meritline.onboarding.sets.removing import remove_indicator_set
from meritline.onboarding.sets.upgrading import upgrade_indicator_set
from meritline.plugins import Catalogue, catalogue_of
from meritline.tenancy.service import onboard_tenant, upsert_positions
from meritline.tenancy.values import Position, Profile
from meritline_sdk import (
    COUNT,
    HIGHER,
    HOURS,
    PERCENT,
    Attribution,
    Count,
    Indicator,
    IndicatorSet,
    Instant,
    Item,
    Mean,
    Parameter,
    Person,
    Ratio,
    RecordType,
    SchemeTemplate,
    SubjectKind,
    Text,
    hours,
    minutes,
    rules,
)

TODAY, NOW = date(2026, 6, 2), datetime(2026, 6, 2, 8, tzinfo=UTC)


class Lift(RecordType, key="changed_lift", title=Text("Lift", "电梯单")):
    mechanic = Person()
    opened_at = Instant()
    closed_at = Instant()
    defaults = Attribution(credit=mechanic, at=closed_at)


SEEN = Indicator("seen", Text("Seen", "量"), Count(Lift), COUNT, HIGHER)
BASE = IndicatorSet("base", Text("Base", "基础"), records=[Lift], indicators=[SEEN])


def lifts(*, second: bool = False, unit: bool = False) -> IndicatorSet:
    """The set in its first or second version; in a third one ``long`` is in another unit."""
    within = Parameter("limit", hours(1)) if second else Parameter("within", minutes(30))
    share = Ratio(Count(Lift, where=Lift.closed_at - Lift.opened_at <= within), Count(Lift))
    fast = Indicator("fast", Text("Fast", "及时率"), share, PERCENT, HIGHER, minimum_sample=5 if second else 2)
    time, measured = (Count(Lift), COUNT) if unit else (Mean(Lift.closed_at - Lift.opened_at), HOURS)
    long = Indicator("long", Text("Long", "时长"), time, measured, HIGHER)
    mechanics = SchemeTemplate("mechanics", Text("Mechanics", "维保工"), for_positions=("mechanic",), items=(
        Item(fast, weight=100, rule=rules.AsPoints()),))
    teams = SchemeTemplate("teams", Text("Teams", "班组"), subject=SubjectKind.DEPARTMENT, items=(
        Item(SEEN, weight=100, target=1, rule=rules.TargetMet()),))
    return IndicatorSet("lifts", Text("Lifts", "电梯"), indicators=[fast, long], schemes=[mechanics, teams],
                        uses=[BASE])


def catalogue(version: str, one: IndicatorSet) -> Catalogue:
    """Both sets, as one plugin in that version."""
    found = catalogue_of(BASE, one, plugin="lifts-plugin")
    assert not found.problems
    sets = {key: replace(each, version=version) for key, each in found.sets.items()}
    return replace(found, sets=MappingProxyType(sets))


FIRST, SECOND = catalogue("1.0", lifts()), catalogue("2.0", lifts(second=True))
THIRD = catalogue("3.0", lifts(second=True, unit=True))
MINE = {"scheme": "mine", "title": "Mine", "title_zh": "我的", "for_positions": ["mechanic"],
        "valid_from": "2026-01-01",
        "item": [{"indicator": "lifts.fast", "weight": 50, "rule": {"kind": "as_points"}},
                 {"indicator": "lifts.long", "weight": 50, "target": 5, "rule": {"kind": "target_met"}}]}  # fmt: skip


@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(migrated_database.database_url) as opened:
        yield opened


@pytest.fixture
async def tenant(database: Database) -> UUID:
    """A company with the first version."""
    profile = Profile("Lifts", "Asia/Shanghai", "CNY", ("zh",), "CN")
    made = (await onboard_tenant(database, key=f"sets-{uuid4().hex[:12]}", profile=profile, actor="test")).tenant_id
    async with database.unit_of_work(made) as uow:
        await upsert_positions(uow, "me", [Position(one, one, one) for one in ("mechanic", "helper")])
        await enable_indicator_set(uow, "me", FIRST, "lifts", today=TODAY)
    return made


async def read_by(database: Database, tenant: UUID, scheme: str, day: date = TODAY) -> dict[str, TenantIndicator]:
    """What the version in force reads a scheme's indicators by."""
    async with database.scoped_read(tenant) as conn:
        every = {one.key: one for one in await indicators_of(conn, tenant)}
        (found,) = [one for one in await schemes_in_force(conn, tenant, day) if one.scheme.key == scheme]
        (known,) = await as_pinned(conn, tenant, every, [found.pins])
    return {key: known[key] for key in found.pins}


async def audit_of(database: Database, tenant: UUID) -> list[str]:
    async with database.scoped_read(tenant) as conn:
        return [row["action"] for row in await conn.fetch(
            "select action from audit_entry where tenant_id = $1", tenant)]


async def test_what_the_company_set_stays_with_what_it_pinned(database: Database, tenant: UUID) -> None:
    async with database.unit_of_work(tenant) as uow:
        await save_indicator(uow, "me", {"key": "lifts.fast", "minimum_sample": 5, "parameters": {"within": "20 min"}})
        await save_scheme(uow, "me", MINE)
    first = await read_by(database, tenant, "mine")
    async with database.unit_of_work(tenant) as uow:
        await upgrade_indicator_set(uow, "me", SECOND, "lifts", today=TODAY)
    assert await read_by(database, tenant, "mine") == {
        key: replace(one, version=one.version + (key == "lifts.fast")) for key, one in first.items()}
    async with database.unit_of_work(tenant) as uow:
        await save_indicator(uow, "me", {"key": "lifts.fast", "parameters": {"limit": "2 h"}})
    fast = (await read_by(database, tenant, "mine"))["lifts.fast"]
    assert fast.parameters == {"within": timedelta(minutes=20) // timedelta(microseconds=1)}
    assert (fast.minimum_sample, fast.plugin, fast.plugin_version) == (5, "lifts-plugin", "1.0")
    async with database.scoped_read(tenant) as conn:
        (now,) = [one for one in await indicators_of(conn, tenant) if one.key == "lifts.fast"]
    assert now.parameters == {"limit": timedelta(hours=2) // timedelta(microseconds=1)}
    assert (now.minimum_sample, now.chosen_sample, now.plugin_version) == (5, True, "2.0"), "chosen, not as proposed"
    async with database.unit_of_work(tenant) as uow:
        await save_indicator(uow, "me", {"key": "lifts.fast", "minimum_sample": 9})
    assert (await read_by(database, tenant, "mine"))["lifts.fast"].minimum_sample == 9, "the company's own, at once"


async def test_saying_the_same_again_adopts_nothing_and_saying_more_tells_it(database: Database, tenant: UUID) -> None:
    async with database.unit_of_work(tenant) as uow:
        await save_scheme(uow, "me", MINE)
        await upgrade_indicator_set(uow, "me", SECOND, "lifts", today=TODAY)
        assert not (await save_scheme(uow, "me", MINE)).changed
    assert (await read_by(database, tenant, "mine"))["lifts.fast"].plugin_version == "1.0"
    async with database.unit_of_work(tenant) as uow:
        saved = await save_scheme(uow, "me", {**MINE, "pass_score": 60})
    assert [one.code for one in saved.warnings if one.code == "E-SCHEME-NEWER"] == ["E-SCHEME-NEWER"]
    assert "lifts.fast" in saved.warnings[-1].text("zh")
    found = await read_by(database, tenant, "mine")
    assert (found["lifts.fast"].plugin_version, found["lifts.fast"].minimum_sample) == ("2.0", 5)


async def test_adopting_takes_one_set_from_a_day_on_and_later_versions_too(database: Database, tenant: UUID) -> None:
    async with database.unit_of_work(tenant) as uow:
        await save_scheme(uow, "me", MINE)
        await save_scheme(uow, "me", {**MINE, "valid_from": "2026-09-01", "pass_score": 60}, 1)
        await upgrade_indicator_set(uow, "me", SECOND, "lifts", today=TODAY)
        tried = await adopt_indicator_set(uow, "me", SECOND, "lifts", date(2026, 7, 1), dry_run=True)
    assert tried.changed
    assert tried.schemes == ("mechanics", "mine")
    assert "indicator_set.adopt" not in await audit_of(database, tenant)
    assert (await read_by(database, tenant, "mine", date(2026, 7, 1)))["lifts.fast"].plugin_version == "1.0"
    async with database.unit_of_work(tenant) as uow:
        with pytest.raises(MeritlineError, match="E-SCHEME-UNKNOWN"):
            await adopt_indicator_set(uow, "me", SECOND, "lifts", date(2026, 7, 1), schemes=["mein"])
        done = await adopt_indicator_set(uow, "me", SECOND, "lifts", date(2026, 7, 1), schemes=["mine"])
        again = await adopt_indicator_set(uow, "me", SECOND, "lifts", date(2026, 7, 1), schemes=["mine"])
    assert (done.schemes, again.changed) == (("mine",), False)
    assert done.report.sentences("zh")[0] == "方案“我的”自 2026-07-01 起按当前定义计算“及时率”。"
    versions = {day: (await read_by(database, tenant, "mine", day))["lifts.fast"].plugin_version
                for day in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 1))}
    assert [*versions.values()] == ["1.0", "2.0", "2.0"]
    async with database.unit_of_work(tenant) as uow:
        await upgrade_indicator_set(uow, "me", THIRD, "lifts", today=TODAY)
        with pytest.raises(MeritlineError, match="E-ADOPT-UNIT") as refused:
            await adopt_indicator_set(uow, "me", THIRD, "lifts", date(2026, 10, 1), schemes=["mine"])
    assert {one.params["after"] for one in refused.value.problems} == {"count"}


async def test_a_set_is_removed_when_nothing_needs_it_and_comes_back(database: Database, tenant: UUID) -> None:
    async with database.unit_of_work(tenant) as uow:
        await enable_indicator_set(uow, "me", FIRST, "base", today=TODAY)
        with pytest.raises(MeritlineError, match="company's lifts uses it"):
            await remove_indicator_set(uow, "me", FIRST, "base", today=TODAY)
        await save_scheme(uow, "me", MINE)
        with pytest.raises(MeritlineError, match="read today or later by mine"):
            await remove_indicator_set(uow, "me", FIRST, "lifts", today=TODAY)
        with pytest.raises(NotFound):
            await remove_indicator_set(uow, "me", FIRST, "call_center", today=TODAY)
        await save_scheme(uow, "me", {**MINE, "valid_from": "2026-06-01", "for_positions": []}, 1)
        tried = await remove_indicator_set(uow, "me", FIRST, "lifts", today=TODAY, dry_run=True)
        await save_scheme(uow, "me", {**MINE, "scheme": "more", "for_positions": ["helper"]})
        with pytest.raises(MeritlineError, match="read today or later by more"):
            await remove_indicator_set(uow, "me", FIRST, "lifts", today=TODAY)
        await save_scheme(uow, "me", {**MINE, "scheme": "more", "for_positions": [], "valid_from": "2026-06-01"}, 1)
        done = await remove_indicator_set(uow, "me", FIRST, "lifts", today=TODAY)
    said = done.report.sentences("en")
    assert said == tried.report.sentences("en")
    assert any("“Fast” is put away" in line for line in said)
    assert any("Scheme “Teams”" in line and "2026-06-02" in line for line in said)
    assert not any("“Seen”" in line for line in said), "the other set is enabled by itself"
    async with database.scoped_read(tenant) as conn:
        assert {one.scheme.key for one in await schemes_in_force(conn, tenant, TODAY)} == {"mine", "more"}
        assert "teams" in {one.scheme.key for one in await schemes_in_force(conn, tenant, date(2026, 6, 1))}
    async with database.unit_of_work(tenant) as uow:
        with pytest.raises(MeritlineError, match="E-INDICATOR-UNKNOWN"):
            await save_scheme(uow, "me", {**MINE, "valid_from": "2026-08-01"}, 2)
    async with database.unit_of_work(tenant) as uow:
        back = await enable_indicator_set(uow, "me", FIRST, "lifts", today=TODAY)
        assert set(back.indicators) == {"lifts.fast", "lifts.long"}
        await save_scheme(uow, "me", {**MINE, "valid_from": "2026-08-01"}, 2)
    async with database.scoped_read(tenant) as conn:
        assert {"teams", "mechanics"} <= {one.scheme.key for one in await schemes_in_force(conn, tenant, TODAY)}
    assert (await audit_of(database, tenant)).count("indicator_set.remove") == 1


FOLDER = """\
key = "%s"
name = "Lifts"
time_zone = "Asia/Shanghai"
currency = "CNY"
languages = ["zh"]
country = "CN"
indicator_sets = ["lifts"]
"""
ADOPT = """
[adopt.lifts]
version = "%s"
from = 2026-07-01
"""


async def test_a_manifest_adopts_the_version_that_it_names(database: Database, tmp_path: Path) -> None:
    key, folder = f"sets-{uuid4().hex[:12]}", tmp_path / "firm"
    folder.mkdir()

    def platform(known: Catalogue) -> Any:
        return SimpleNamespace(database=database, catalogue=known, workshop=None, clock=lambda: NOW)

    async def shown(known: Catalogue) -> list[str]:
        manifest = check(folder, known)
        assert isinstance(manifest, Manifest), manifest
        return [f"{one.kind} {one.key}" for one in await differences(database, known, manifest)]

    (folder / "tenant.toml").write_text(FOLDER % key)
    tenant = (await apply_folder(platform(FIRST), folder, actor="me")).tenant_id
    assert await shown(SECOND) == ["indicator set lifts"]
    await apply_folder(platform(SECOND), folder, actor="me")
    assert (await read_by(database, tenant, "mechanics", date(2026, 8, 1)))["lifts.fast"].plugin_version == "1.0"
    (folder / "tenant.toml").write_text(FOLDER % key + ADOPT % "1.0")
    done = await apply_folder(platform(SECOND), folder, actor="me")
    assert ([one.code for one in done.warnings], done.differences) == (["E-MANIFEST-ADOPT"], ())
    assert (done.warnings[0].file, done.warnings[0].line) == ("tenant.toml", 10)
    (folder / "tenant.toml").write_text(FOLDER % key + ADOPT % "2.0")
    assert await shown(SECOND) == ["adoption lifts 2.0 2026-07-01"]
    await apply_folder(platform(SECOND), folder, actor="me")
    assert await shown(SECOND) == []
    found = [(await read_by(database, tenant, "mechanics", day))["lifts.fast"].plugin_version
             for day in (date(2026, 6, 30), date(2026, 7, 1))]
    assert found == ["1.0", "2.0"]
    (folder / "tenant.toml").write_text(FOLDER % key + "\n[adopt.lift]\nform = 2026-07-01\n")
    problems = check(folder, SECOND)
    assert isinstance(problems, list)
    assert {"E-MANIFEST-SET", "E-DOC-MISSING", "E-DOC-UNKNOWN"} <= {one.code for one in problems}

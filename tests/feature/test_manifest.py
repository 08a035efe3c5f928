"""A company's manifest folder: checked as a whole, applied in one unit, shown as a difference, exported, deleted."""

import argparse
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from meritline.access import authenticate
from meritline.appraisal.definitions import indicators_of, schemes_in_force
from meritline.cli import key as key_command
from meritline.cli import tenant as tenant_command
from meritline.db import Database
from meritline.db.migrate import migrate
from meritline.errors import MeritlineError, Problem, Refused
from meritline.local import LocalUrls
from meritline.onboarding.apply import Applied, apply_folder
from meritline.onboarding.export import export_folder
from meritline.onboarding.manifest import check
from meritline.plugins import catalogue_of
from meritline.tenancy.service import find_tenant, save_profile, tenant_profile, upsert_employees
from meritline.tenancy.values import Employee
from meritline_sdk import (
    COUNT,
    HIGHER,
    PERCENT,
    Attribution,
    ByGrade,
    Count,
    Grade,
    GradeBands,
    Indicator,
    IndicatorSet,
    Instant,
    Int,
    Item,
    Parameter,
    Person,
    Ratio,
    RecordType,
    RewardTable,
    SchemeTemplate,
    Text,
    rules,
)


class Pump(RecordType, key="pump", title=Text("Pump", "水泵单")):
    worker = Person()
    done_at = Instant()
    visits = Int(minimum=0)
    defaults = Attribution(credit=worker, at=done_at)


MOST = Parameter("most", 1)
DONE = Indicator("done", Text("Done", "完成量"), measure=Count(Pump), unit=COUNT, better=HIGHER)
FIRST = Indicator("first", Text("First", "一次修复率"), unit=PERCENT, better=HIGHER, minimum_sample=5,
                  measure=Ratio(Count(Pump, where=Pump.visits <= MOST), Count(Pump)))
GRADES = GradeBands((Grade("low", Text("Low", "低")), Grade("high", Text("High", "高"), 60)))
TEMPLATE = SchemeTemplate("fitters", Text("Fitters", "水泵工"), for_positions=("fitter",), grades=GRADES,
                          items=[Item(FIRST, weight=100, target=85, rule=rules.Deduct(2))])
BONUS = ByGrade("bonus", Text("Bonus", "奖金"), {"low": 0, "high": 9})
PAY = RewardTable("pay", Text("Pay", "奖金"), "fitters", [BONUS])
CATALOGUE = catalogue_of(IndicatorSet("pumps", Text("Pumps", "水泵"), records=[Pump], indicators=[DONE, FIRST],
                                      schemes=[TEMPLATE], rewards=[PAY]))

WHOLE = {
    "tenant.toml": """\
key = "pumps-ltd"
name = "水泵有限公司"
time_zone = "Asia/Shanghai"
currency = "CNY"
languages = ["zh", "en"]
country = "CN"
indicator_sets = ["pumps"]
""",
    "departments.csv": "code,name,parent\nhq,Head office,\neast,East,hq\n",
    "people.csv": """\
number,name,department,position,manager,from,to,status,performance_pay
P1,王平,hq,chief,,2025-01-01,,,
P2,李敏,east,fitter,P1,2025-01-01,2026-03-01,试用,1500.50
P2,李敏,hq,fitter,P1,2026-03-01,,,1500.50
""",
    "codes.csv": """\
space,code,employee,department,from,to
crm,A1,P2,,,2026-01-01
crm,A1,P1,,2026-01-01T08:00:00+08:00,
crm,Q,,east,,
""",
    "sources.toml": """\
[crm_pumps]
record = "pump"
external_id = "工单号"
external_codes = "crm"
instant_format = "%Y-%m-%d %H:%M"
[crm_pumps.fields]
worker = "工程师"
done_at = "完成时间"
visits = { column = "上门次数" }
""",
    "indicators.toml": """\
[[indicator]]
key = "pumps.first"
minimum_sample = 8
parameters = { most = 2 }
""",
    "schemes/own.toml": """\
scheme = "own"
title_zh = "自定方案"
for_positions = ["chief"]
valid_from = 2026-01-01
[[item]]
indicator = "pumps.first"
weight = 60
target = "85.5 %"
rule = { kind = "deduct", points = 2, per = "percentage_point" }
[[item]]
indicator = "pumps.done"
weight = 40
rule = { kind = "bands", at_least = { 100 = 100, 50 = 60 }, below = 0 }
[grades]
[[grades.grade]]
key = "low"
[[grades.grade]]
key = "high"
limit = 60
""",
    "rewards/own.toml": """\
reward_table = "own_pay"
scheme = "own"
valid_from = 2026-01-01
[[reward]]
key = "bonus"
kind = "by_grade"
amounts = { low = 0, high = 300.50 }
""",
    "acceptance/2026-05.toml": 'period = "2026-05"\n',
}
CODES = "space,code,employee,department,from,to\n"
type Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Writes the whole manifest, with some files changed or left out."""

    def write(changes: dict[str, str | bytes | None] | None = None, *, key: str = "pumps-ltd") -> Path:
        where = tmp_path / "manifest"
        for name, text in {**WHOLE, **(changes or {})}.items():
            path = where / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if text is not None:
                path.write_bytes(text if isinstance(text, bytes) else text.replace("pumps-ltd", key).encode())
        return where

    return write


@pytest.fixture(scope="module")
async def platform(migrated_database: LocalUrls) -> AsyncIterator[Any]:
    await migrate(migrated_database.migration_database_url, records=[Pump.declaration])
    settings = SimpleNamespace(migration_database_url=migrated_database.migration_database_url)
    async with await Database.open(migrated_database.database_url) as database:
        yield SimpleNamespace(database=database, catalogue=CATALOGUE, settings=settings,
                              clock=lambda: datetime(2026, 6, 1, tzinfo=UTC))


def told(found: list[Problem]) -> list[tuple[str | None, int | None, str | None, str]]:
    return [(one.file, one.line, one.field, one.code) for one in found]


def test_a_sound_manifest_is_read_whole(folder: Folder) -> None:
    manifest = check(folder(), CATALOGUE)
    assert not isinstance(manifest, list), [one.text() for one in manifest]
    chief, fitter = manifest.people.employees
    assert [span.department for span in fitter.employments or ()] == ["east", "hq"]
    assert [span.status for span in fitter.employments or ()] == ["probation", "regular"]
    assert chief.employments is not None
    assert [(one.valid_from, one.valid_to) for one in manifest.people.codes] == [
        (None, datetime(2025, 12, 31, 16, tzinfo=UTC)), (datetime(2026, 1, 1, tzinfo=UTC), None), (None, None),
    ]  # fmt: skip
    assert manifest.warnings == ()


def test_every_planted_mistake_is_named_with_file_line_value_and_remedy(folder: Folder) -> None:
    found = check(folder({
        "tenant.toml": WHOLE["tenant.toml"].replace("Asia/Shanghai", "Asia/Shangai").replace("CNY", "RMB?").replace(
            '"pumps"]', '"pumps", "pups"]').replace("country", "contry"),
        "departments.csv": "code,name,parent\nhq,Head office,east\neast,East,hq\nwest,,gone\n",
        "people.csv": """\
number,name,department,position,manger,from,to
P1,王平,hq,chief,,2025-01-01,
P2,李敏,esat,fitter,,2025-01-01,2026-04-01
P2,李明,east,fitter,,2026-03-01,
P3,"No from",east,,,,
P4,Bad day,east,,,2026-02-30,
""",
        "codes.csv": CODES + "crm,A1,P9,,,\ncrm,A2,P1,east,,\ncrm,A3,P1,,,\ncrm,A3,P2,,,\n",
        "sources.toml": WHOLE["sources.toml"].replace('"pump"', '"pumpe"'),
        "indicators.toml": WHOLE["indicators.toml"].replace("most = 2", 'most = "2 h"'),
        "schemes/own.toml": WHOLE["schemes/own.toml"].replace("weight = 40", "weight = 30").replace("chief", "chef"),
        "schemes/second.toml": WHOLE["schemes/own.toml"].replace('"own"', '"second"'),
        "schemes/broken.toml": "scheme = \n",
        "rewards/own.toml": WHOLE["rewards/own.toml"].replace("high", "hihg"),
        "acceptance/2026-05.toml": 'period = "May"\n',
    }), CATALOGUE)  # fmt: skip
    assert isinstance(found, list)
    codes = {(one.file, one.line, one.code) for one in found}
    assert codes >= {
        ("tenant.toml", 3, "E-TIME-ZONE"), ("tenant.toml", 4, "E-TENANT-CURRENCY"), ("tenant.toml", 6, "E-DOC-UNKNOWN"),
        ("tenant.toml", 1, "E-DOC-MISSING"), ("tenant.toml", 7, "E-MANIFEST-SET"),
        ("departments.csv", 2, "E-DEPARTMENT-CYCLE"), ("departments.csv", 4, "E-PEOPLE-TEXT"),
        ("departments.csv", 4, "E-DEPARTMENT-UNKNOWN"),
        ("people.csv", 1, "E-MANIFEST-COLUMN-UNKNOWN"), ("people.csv", 3, "E-DEPARTMENT-UNKNOWN"),
        ("people.csv", 4, "E-EMPLOYEE-TWO-NAMES"), ("people.csv", 4, "E-EMPLOYMENT-OVERLAP"),
        ("people.csv", 5, "E-DOC-MISSING"), ("people.csv", 6, "E-DOC-DATE"),
        ("codes.csv", 2, "E-EMPLOYEE-UNKNOWN"), ("codes.csv", 3, "E-CODE-SUBJECT"), ("codes.csv", 5, "E-CODE-OVERLAP"),
        ("schemes/broken.toml", 1, "E-DOC-SYNTAX"), ("acceptance/2026-05.toml", 1, "E-PERIOD"),
    }, sorted(codes, key=str)
    for one in found:
        for language in ("en", "zh"):
            text = one.text(language)  # type: ignore[arg-type]
            assert text.startswith(f"{one.file}:{one.line}  ")
            assert text.rstrip(")").endswith(one.code)
            assert "?" not in text.replace("RMB?", "")
        assert one.text("en") != one.text("zh")


def test_one_mistake_about_the_company_does_not_make_every_line_one(folder: Folder) -> None:
    for wrong in (("Asia/Shanghai", "Asia/Shangai"), ('"pumps"]', '"pups"]')):
        found = check(folder({"tenant.toml": WHOLE["tenant.toml"].replace(*wrong)}), CATALOGUE)
        assert isinstance(found, list)
        assert [one.file for one in found] == ["tenant.toml"], [one.text() for one in found]


def test_what_the_company_decided_is_checked_against_the_rest(folder: Folder) -> None:
    scheme, reward = WHOLE["schemes/own.toml"], WHOLE["rewards/own.toml"]
    found = check(folder({
        "sources.toml": WHOLE["sources.toml"].replace('"pump"', '"pumpe"'),
        "indicators.toml": WHOLE["indicators.toml"].replace("most = 2", 'most = "2 h"'),
        "schemes/own.toml": scheme.replace("weight = 40", "weight = 30"),
        "schemes/second.toml": scheme.replace('"own"', '"second"').replace("chief", "fitter"),
        "schemes/third.toml": scheme.replace('"own"', '"third"').replace('"chief"', '"chef", "fitter"'),
        "rewards/own.toml": reward.replace("high", "hihg").replace('scheme = "own"', 'scheme = "second"'),
        "rewards/three.toml": reward.replace('"own_pay"', '"three"').replace('"own"', '"fitters"'),
        "rewards/two.toml": reward.replace('"own_pay"', '"two"').replace('"own"', '"fitters"'),
    }), CATALOGUE)  # fmt: skip
    assert isinstance(found, list)
    assert {(file, line, code) for file, line, _, code in told(found)} == {
        ("sources.toml", 2, "E-SOURCE-RECORD"), ("indicators.toml", 4, "E-INDICATOR-PARAMETER-VALUE"),
        ("schemes/own.toml", 12, "E-SCHEME-WEIGHTS"), ("schemes/third.toml", 3, "E-SCHEME-POSITION-UNKNOWN"),
        ("schemes/third.toml", 3, "E-SCHEME-OVERLAP"), ("rewards/own.toml", 7, "E-REWARD-GRADE-UNKNOWN"),
        ("rewards/own.toml", 7, "E-REWARD-GRADE-MISSING"), ("rewards/two.toml", 1, "E-REWARD-SCHEME-TAKEN"),
    }  # fmt: skip


def test_people_come_in_gb18030_and_with_chinese_columns(folder: Folder) -> None:
    text = "工号,姓名,部门,岗位,开始,结束\nP1,王平,hq,chief,2025/1/1,\nP2,李敏,east,fitter,2025.2.1,2026-03-01\n"
    manifest = check(folder({"people.csv": text.encode("gb18030")}), CATALOGUE)
    assert not isinstance(manifest, list), [one.text() for one in manifest]
    assert [one.name for one in manifest.people.employees] == ["王平", "李敏"]
    assert (manifest.people.employees[1].employments or ())[0].valid_from == date(2025, 2, 1)
    wrong = check(folder({"people.csv": text.replace("2025/1/1", "2025/13/1").encode("gb18030")}), CATALOGUE)
    assert isinstance(wrong, list)
    assert [(one.file, one.line, one.field) for one in wrong] == [("people.csv", 2, "开始")]


def test_a_file_that_nothing_reads_is_pointed_out(folder: Folder) -> None:
    manifest = check(folder({"shcemes/x.toml": ""}), CATALOGUE)
    assert not isinstance(manifest, list)
    assert [one.code for one in manifest.warnings] == ["E-MANIFEST-FILE"]
    assert "schemes" in manifest.warnings[0].text()


async def test_applying_makes_the_company_and_the_second_time_changes_nothing(platform: Any, folder: Folder) -> None:
    where = folder(key="whole")
    first = await apply_folder(platform, where, actor="me")
    assert first.created
    assert not (await apply_folder(platform, where, actor="me")).differences
    async with platform.database.scoped_read(first.tenant_id) as conn:
        assert (await tenant_profile(conn, first.tenant_id)).origin == "manifest"
        own, template = sorted(await schemes_in_force(conn, first.tenant_id, date(2026, 5, 31)),
                               key=lambda one: one.scheme.key != "own")
        assert own.reward is not None
        assert own.reward.key == "own_pay"
        assert (template.scheme.key, template.reward and template.reward.key) == ("fitters", "pay")
        found = {one.key: one for one in await indicators_of(conn, first.tenant_id)}["pumps.first"]
        assert (found.minimum_sample, found.parameters) == (8, {"most": 2})
        before = await conn.fetchval("select count(*) from audit_entry")
        await apply_folder(platform, where, actor="me")
        assert await conn.fetchval("select count(*) from audit_entry") == before


async def test_a_wrong_manifest_applies_nothing(platform: Any, folder: Folder) -> None:
    with pytest.raises(Refused):
        await apply_folder(platform, folder({"acceptance/2026-05.toml": "x"}, key="wrong"), actor="me")
    with pytest.raises(MeritlineError):
        await find_tenant(platform.database, "wrong")


async def test_a_change_in_the_folder_is_applied_as_that_change(platform: Any, folder: Folder) -> None:
    tenant = (await apply_folder(platform, folder(key="changed"), actor="me")).tenant_id
    people = WHOLE["people.csv"].replace("P2,李敏,hq,fitter,P1,2026-03-01,,,", "P2,李敏,east,chief,P1,2026-03-01,,,")
    codes = WHOLE["codes.csv"].replace("crm,Q,,east", "crm,Q,P1,") + "crm,NEW,P2,,,\n"
    scheme = WHOLE["schemes/own.toml"].replace("weight = 60", "weight = 50").replace("weight = 40", "weight = 50")
    done = await apply_folder(platform, folder({"people.csv": people, "codes.csv": codes, "schemes/own.toml": scheme},
                                               key="changed"), actor="me")
    assert [(one.kind, one.key, one.action) for one in done.differences] == [
        ("employee", "P2", "change"), ("code", "crm:NEW", "create"), ("code", "crm:Q", "change"),
        ("scheme", "own", "change"),
    ]  # fmt: skip
    async with platform.database.scoped_read(tenant) as conn:
        assert await conn.fetchval("select max(v.version) from scheme_version v join scheme s on s.id = v.scheme_id "
                                   "where s.key = 'own'") == 2
        assert await conn.fetchval("select count(*) from employment") == 3


async def test_newer_changes_from_elsewhere_are_kept_unless_forced(platform: Any, folder: Folder) -> None:
    tenant = (await apply_folder(platform, folder(key="newer"), actor="me")).tenant_id
    async with platform.database.unit_of_work(tenant) as uow:
        await upsert_employees(uow, "api", [Employee("P1", "王平平")])
        await upsert_employees(uow, "api", [Employee("P7", "Only by API")])
        await save_profile(uow, "api", replace(await tenant_profile(uow.conn, tenant), name="新名", origin="api"))
    indicators = WHOLE["indicators.toml"].replace("most = 2", "most = 3")
    with pytest.raises(Refused) as refused:
        await apply_folder(platform, folder({"indicators.toml": indicators}, key="newer"), actor="me")
    assert [(one.field, one.value, one.code) for one in refused.value.problems] == [
        ("company", "profile", "E-MANIFEST-NEWER"), ("employee", "P1", "E-MANIFEST-NEWER"),
    ]  # fmt: skip
    assert "--force" in refused.value.problems[0].text("zh")
    async with platform.database.scoped_read(tenant) as conn:
        found = {one.key: one for one in await indicators_of(conn, tenant)}["pumps.first"]
        assert found.parameters == {"most": 2}, "nothing is half applied"
    forced = await apply_folder(platform, folder(key="newer"), actor="me", force=True)
    assert [one.key for one in forced.differences] == ["profile", "P1"]
    again = await apply_folder(platform, folder({"indicators.toml": indicators}, key="newer"), actor="me")
    assert [one.key for one in again.differences] == ["pumps.first"], "what it wrote itself it may change"
    async with platform.database.scoped_read(tenant) as conn:
        assert await conn.fetchval("select count(*) from employee") == 3, "what the manifest does not name stays"


async def test_what_is_exported_is_what_was_applied(platform: Any, folder: Folder, tmp_path: Path) -> None:
    tenant = (await apply_folder(platform, folder(key="exported"), actor="me")).tenant_id
    out = tmp_path / "out"
    files = (await export_folder(platform.database, tenant, out)).files
    assert "schemes/own.toml" in files
    assert "schemes/fitters.toml" not in files, "a template that nobody changed comes with its set"
    again = await apply_folder(platform, out, actor="me")
    assert again.differences == ()
    elsewhere = out / "tenant.toml"
    elsewhere.write_text(elsewhere.read_text("utf-8").replace('"exported"', '"copy"'), "utf-8")
    copy: Applied = await apply_folder(platform, out, actor="me")
    async with platform.database.scoped_read(tenant) as one, platform.database.scoped_read(copy.tenant_id) as two:
        first, second = [{each.scheme.key: (each.hash, each.reward_hash) for each in
                          await schemes_in_force(conn, tenant_id, date(2026, 5, 31))}
                         for conn, tenant_id in ((one, tenant), (two, copy.tenant_id))]
    assert first == second
    await export_folder(platform.database, tenant, tmp_path / "all", templates=True)
    assert (tmp_path / "all" / "schemes" / "fitters.toml").is_file()
    assert not isinstance(check(tmp_path / "all", CATALOGUE), list)


async def test_a_company_is_deleted_with_every_row_and_no_other(
    platform: Any, folder: Folder, migrated_database: LocalUrls, capsys: pytest.CaptureFixture[str]
) -> None:
    import asyncpg

    gone = (await apply_folder(platform, folder(key="gone"), actor="me")).tenant_id
    stays = (await apply_folder(platform, folder(key="stays"), actor="me")).tenant_id
    args = argparse.Namespace(tenant="gone", yes=False, lang=None)
    with pytest.raises(MeritlineError) as unsure:
        await tenant_command.delete(args, platform)
    assert unsure.value.problem.code == "E-TENANT-DELETE"
    args.yes = True
    assert await tenant_command.delete(args, platform) == 0
    assert "gone: deleted" in capsys.readouterr().out
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    try:
        tables = [row[0] for row in await owner.fetch(
            "select table_name from information_schema.columns where column_name = 'tenant_id' "
            "and table_schema = 'public'")]
        assert "score_line" in tables
        for table in tables:
            assert await owner.fetchval(f'select count(*) from "{table}" where tenant_id = $1', gone) == 0, table  # noqa: S608
        assert await owner.fetchval("select count(*) from employee where tenant_id = $1", stays) == 2
    finally:
        await owner.close()
    with pytest.raises(MeritlineError):
        await find_tenant(platform.database, "gone")


async def test_a_key_is_printed_alone(platform: Any, folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    await apply_folder(platform, folder(key="keys"), actor="me")
    parser = argparse.ArgumentParser()
    key_command.configure(parser)
    words = ["create", "--tenant", "keys", "--role", "employee", "--employee", "P2", "--expires", "2027-01-01"]
    assert await key_command.run(parser.parse_args(words), platform) == 0
    printed = capsys.readouterr()
    principal = await authenticate(platform.database, printed.out.strip(), now=platform.clock())
    assert principal.role == "employee"
    assert printed.out.count("\n") == 1
    assert "2027-01-01" in printed.err
    for wrong in (["--employee", "P9"], ["--employee", "P2", "--expires", "tomorrow"]):
        with pytest.raises(MeritlineError):
            await key_command.run(parser.parse_args([*words[:5], *wrong]), platform)

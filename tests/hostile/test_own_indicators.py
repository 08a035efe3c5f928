"""Formulas and golden cases that no company should send: none is run, none is slow, each is a mistake with a name."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest

from meritline.appraisal.own import saving, trial
from meritline.bootstrap import Platform, open_platform
from meritline.http.app import create_app
from meritline.local import LocalUrls
from meritline.onboarding.enabling import enable_indicator_set
from meritline.plugins import load_catalogue
from meritline.settings import Settings
from meritline.tenancy.service import onboard_tenant
from meritline.tenancy.values import Profile
from meritline_sdk.formulas import FormulaError, measure_of

CATALOGUE = load_catalogue()
RECORDS = {record.key: record for one in CATALOGUE.closure(("after_sales_common",)) for record in one.set.records}

HOSTILE = {
    "import": '__import__("os").system("id")',
    "import inside": 'count(work_order, __import__("os") == 1)',
    "attribute chain": "().__class__.__bases__[0].__subclasses__()",
    "attribute of a field": "count(work_order, visits.__class__ == 1)",
    "attribute of a type": "count(work_order.declaration)",
    "dunder of a type": "count(work_order, work_order.__init__ == 1)",
    "method": 'count(work_order, status.upper() == "A")',
    "lambda": "count(work_order, (lambda: True)())",
    "comprehension": "count(work_order, [visits for visits in visits])",
    "generator": "count(work_order, any(x for x in visits))",
    "f-string": 'count(work_order, status == f"{visits}")',
    "bytes": 'count(work_order, status == b"a")',
    "walrus": "count(work_order, (visits := 1))",
    "star": "count(*work_order)",
    "two stars": "count(**work_order)",
    "starred list": "count(work_order, visits in (*(1, 2),))",
    "subscript": "count(work_order, visits[0] == 1)",
    "slice": "count(work_order, status[0:9] == 'a')",
    "await": "await count(work_order)",
    "yield": "(yield 1)",
    "set": "count(work_order, visits in {1, 2})",
    "dict": "count(work_order, {1: 2} == 1)",
    "ellipsis": "count(work_order, visits == ...)",
    "complex": "count(work_order, visits == 5j)",
    "float": "count(work_order, visits == 1e400)",
    "power": "count(work_order, visits == 10**10**10)",
    "shift": "count(work_order, visits == 1 << 99999999)",
    "repetition": "count(work_order, status == 'a' * 999999999)",
    "modulo": "count(work_order, status == '%999999999d' % 1)",
    "long integer": f"count(work_order, visits == {'9' * 3900})",
    "19 digits": "count(work_order, visits == 1000000000000000000)",
    "long decimal": f"count(work_order, visits == 0.{'1' * 300})",
    "long time": "count(work_order, resolved_at - created_at > hours(999999999999999999))",
    "long time in words": 'count(work_order, resolved_at - created_at > "999999999999 d")',
    "year 10000": 'count(work_order, created_at > "10000-01-01T00:00:00+00:00")',
    "parentheses": "(" * 1900 + ")" * 1900,
    "open parentheses": "(" * 3999,
    "minus": "-" * 3000 + "1",
    "tilde": "~" * 3000 + "visits",
    "not": "not " * 900 + "visits",
    "attributes": "work_order" + ".a" * 1500,
    "calls": "count(" * 190 + ")" * 190,
    "subscripts": "visits" + "[0]" * 1000,
    "lambdas": "lambda:" * 500 + "0",
    "sum of 900": "count(work_order, " + "+".join(["visits"] * 500) + " == 1)",
    "doubling": "count(work_order, " + "in_period(If(" * 9 + "in_period(created_at)" + ", created_at))" * 9 + ")",
    "one megabyte": "count(work_order, visits == 1) and " * 30_000,
    "one megabyte of nothing": " " * 1_000_000,
    "full-width name": "count(work_order, ｖisits == 1)",
    "full-width call": "ｃount(work_order)",
    "full-width argument": "count(work_order, ｗhere=visits == 1)",
    "full-width field": "count(work_order, work_order.ｖisits == 1)",
    "full-width brackets": "count（work_order）",
    "full-width digit": "count(work_order, visits == １)",
    "arabic digit": "count(work_order, visits == ٣)",
    "ligature": "count(work_order, diﬀ == 1)",
    "mathematical letters": "𝐜𝐨𝐮𝐧𝐭(work_order)",
    "right to left": "count(work_order, \u202evisits == 1)",
    "no-break space": "count(work_order,\u00a0visits == 1)",
    "null byte": "count(work_order)\0",
    "null byte in a text": 'count(work_order, status == "\0")',
    "escaped null byte": r'count(work_order, status == "\x00")',
    "escaped surrogate": r'count(work_order, status == "\ud800")',
    "surrogate": "count(work_order, status == '\ud800')",
    "form feed": "count(work_order,\fvisits == 1)",
    "second line": "count(work_order)\nimport os",
    "semicolon": "count(work_order); import os",
    "unfinished text": "count(work_order, status == 'a)",
    "type of a set that is not enabled": "count(visit)",
    "table of the server": "count(api_key)",
    "column of the server": "count(work_order, tenant_id == 'a')",
    "column of a person": "count(work_order, engineer == 'E1')",
    "no such option": 'count(work_order, outcome == "x")',
    "no options": "count(work_order, outcome in ())",
    "record class": "count(RecordType)",
    "builtin": "open('/etc/passwd')",
    "eval": 'eval("1")',
    "type of Python": "count(work_order, int == 1)",
    "parameter's name": 'count(work_order, visits == parameter("a b", 1))',
    "two defaults": 'count(work_order, visits == parameter("a", 1) or visits == parameter("a", 2))',
    "nothing": "",
    "a comment": "# count(work_order)",
    "none": "None",
}  # fmt: skip
SQL = ["'; drop table work_order; --", '" or 1=1 --', "\\'; select 1", "$1", "%s", "{tenant}", "a'b\"c`d", "\\", "--",
       "/*", "E'\\\\x00'", "中文 ' \u200b"]


def test_no_hostile_formula_is_anything_but_a_mistake_with_a_name() -> None:
    for name, formula in HOSTILE.items():
        if name == "two defaults":
            continue  # found by the indicator that would have the parameters
        with pytest.raises(FormulaError) as found:
            measure_of(formula, RECORDS)
        assert all(each.code.startswith("E-FORMULA-") and each.line >= 1 for each in found.value.problems), name


def test_all_of_them_take_less_than_one_time_slice_of_a_request() -> None:
    # In a process of its own with a limit on processor time and on memory: a slow one would end it.
    script = (
        "import json, resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (60, 60))\n"
        "from meritline.plugins import load_catalogue\n"
        "from meritline_sdk.formulas import FormulaError, measure_of\n"
        "records = load_catalogue().records\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
        "for formula in json.load(sys.stdin):\n"
        "    try:\n"
        "        measure_of(formula, records)\n"
        "    except FormulaError:\n"
        "        pass\n"
        "print('done')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], input=json.dumps([*HOSTILE.values()]).encode(),
                          capture_output=True, check=False, timeout=300)  # fmt: skip
    assert done.stdout == b"done\n", done.stderr.decode()[-2000:]


# Through the API ------------------------------------------------------------------------------------------------------

type Send = Callable[..., Awaitable[Any]]


@dataclass
class Company:
    """A company with the common set enabled."""

    id: UUID
    key: str


@pytest.fixture(scope="module")
async def platform(migrated_database: LocalUrls) -> AsyncIterator[Platform]:
    settings = Settings(database_url=migrated_database.database_url, redis_url=migrated_database.redis_url)
    async with open_platform(settings, queue_name=f"test-{uuid4()}") as made:
        yield made


@pytest.fixture(scope="module")
async def company(platform: Platform, migrated_database: LocalUrls) -> Company:
    from meritline.db.migrate import migrate

    await migrate(migrated_database.migration_database_url)
    profile = Profile("Hostile", "Asia/Shanghai", "CNY", ("zh", "en"), "CN")
    opened = await onboard_tenant(platform.database, key="hostile", profile=profile, actor="test")
    async with platform.database.unit_of_work(opened.tenant_id) as uow:
        await enable_indicator_set(uow, "test", platform.catalogue, "after_sales_common")
    return Company(opened.tenant_id, opened.admin_key)


@pytest.fixture(scope="module")
async def send(platform: Platform, company: Company) -> AsyncIterator[Send]:
    transport = httpx2.ASGITransport(create_app(platform), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://meritline.test") as client:

        async def mutation(name: str, selection: str, given: dict[str, Any]) -> Any:
            kind = f"{name[0].upper()}{name[1:]}Input"
            query = (f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {selection} "
                     "errors { code field line value message remedy } } }")  # fmt: skip
            body = json.dumps({"query": query, "variables": {"input": given}}).encode()
            answer = await client.post("/graphql", content=body, headers={
                "authorization": f"Bearer {company.key}", "content-type": "application/json"})  # fmt: skip
            found = answer.json()
            return found["data"][name] if found.get("data") else found

        yield mutation


DECLARED = {"key": "hostile", "titleEn": "Hostile", "unit": "count", "better": "NEITHER"}


async def test_the_api_refuses_each_with_its_code_and_keeps_nothing(send: Send, platform: Platform,
                                                                    company: Company) -> None:
    for name, formula in HOSTILE.items():
        if "\ud800" in formula:
            continue  # no JSON can say it
        for mutation, given in (("saveIndicator", DECLARED), ("tryIndicator", {"period": "2026-05"})):
            found = await send(mutation, "", {**given, "formula": formula})
            codes = [each["code"] for each in found.get("errors", [])] if isinstance(found, dict) else []
            assert codes, (name, found)
            assert all(code.startswith(("E-FORMULA-", "E-INDICATOR-")) for code in codes), (name, found)
    count = await platform.database.read(company.id, "select count(*) from indicator where tenant_id = $1 and "
                                         "set_key is null", company.id)  # fmt: skip
    assert count[0][0] == 0


async def test_sql_in_texts_is_a_text(send: Send) -> None:
    for each in SQL:
        quoted = each.replace("\\", "\\\\").replace('"', '\\"')
        formula = f'count(work_order, status == "{quoted}" or customer in ("{quoted}", "b"))'
        found = await send("tryIndicator", "trial { formula sentenceEn } readings { state } looked { met }",
                           {"formula": formula, "period": "2026-05", "first": 3})
        assert not found["errors"], (each, found)
        again = await send("tryIndicator", "trial { formula }",
                           {"formula": found["trial"]["formula"], "period": "2026-05"})
        assert again["trial"]["formula"] == found["trial"]["formula"]


GOOD_CASE = {"records": [{"engineer": "E", "resolved_at": "2026-05-03T09:00:00+08:00"}], "expect": {"value": "1"}}
BAD_CASES: dict[str, Any] = {
    "no list": {"a": 1}, "a text": "x", "a number": [1], "a list in a list": [[GOOD_CASE]],
    "too many": [GOOD_CASE] * 21, "too many records": [{**GOOD_CASE, "records": GOOD_CASE["records"] * 101}],  # type: ignore[operator]
    "too deep": [{**GOOD_CASE, "calendar": {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}}],
    "expects nothing": [{"records": []}], "expects a text": [{**GOOD_CASE, "expect": "1"}],
    "unknown key": [{**GOOD_CASE, "script": "import os"}],
    "unknown expectation": [{**GOOD_CASE, "expect": {"__class__": "1"}}],
    "endless number": [{**GOOD_CASE, "expect": {"value": "1e999999999"}}],
    "division by zero": [{**GOOD_CASE, "expect": {"value": "1/0"}}],
    "not a number": [{**GOOD_CASE, "expect": {"value": "NaN"}}],
    "infinity": [{**GOOD_CASE, "expect": {"value": "Infinity"}}],
    "a foreign zone": [{**GOOD_CASE, "time_zone": "../../etc/passwd", "period": "2026-05"}],
    "no zone": [{**GOOD_CASE, "time_zone": 7, "period": "2026-05"}],
    "no period": [{**GOOD_CASE, "period": "2026-13"}], "a far period": [{**GOOD_CASE, "period": "9999-12"}],
    "fiscal months": [{**GOOD_CASE, "fiscal": {"month_start": "x"}, "period": "2026-05"}],
    "unknown field": [{**GOOD_CASE, "records": [{"enginer": "E"}]}],
    "wrong kind": [{**GOOD_CASE, "records": [{"visits": "many"}]}],
    "endless value": [{**GOOD_CASE, "records": [{"visits": 10**30}]}],
    "no time zone": [{**GOOD_CASE, "records": [{"resolved_at": "2026-05-03T09:00:00"}]}],
    "another type": [{**GOOD_CASE, "records": {"api_key": [{"secret": "x"}]}}],
    "null": [{**GOOD_CASE, "records": [None]}], "null bytes": [{**GOOD_CASE, "title": "a\0b"}],
    "does not come out": [{**GOOD_CASE, "expect": {"value": "2"}}],
    "parameters": [{**GOOD_CASE, "parameters": {"x": 1}}],
    "covered": [{**GOOD_CASE, "covered": {"a": 1}, "expect": {}}],
    "departments": [{**GOOD_CASE, "departments": 5, "department": "A"}],
    "employed": [{**GOOD_CASE, "employed": ["x"], "expect": {"sample": 9}}],
}  # fmt: skip


async def test_a_hostile_golden_case_is_refused_with_its_number(send: Send) -> None:
    for name, cases in BAD_CASES.items():
        given = {**DECLARED, "formula": "count(work_order)", "goldenCases": cases}
        found = await send("saveIndicator", "indicator { key }", given)
        if "errors" not in found or "data" in found:
            raise AssertionError((name, found))
        assert found["errors"], (name, found)
        codes = {each.get("code") or each["extensions"]["code"] for each in found["errors"]}
        assert codes <= {"E-GOLDEN-CASE", "E-GOLDEN-CASES", "E-GOLDEN-DIFFERS", "BAD_USER_INPUT"}, (name, found)
    kept = await send("saveIndicator", "indicator { key goldenCases }",
                      {**DECLARED, "formula": "count(work_order)", "goldenCases": [GOOD_CASE]})
    assert kept["indicator"]["key"] == "own.hostile", kept


async def test_another_company_s_indicator_is_unknown_and_out_of_reach(send: Send, platform: Platform) -> None:
    profile = Profile("Neighbour", "Asia/Shanghai", "CNY", ("zh", "en"), "CN")
    opened = await onboard_tenant(platform.database, key="neighbour", profile=profile, actor="test")
    async with platform.database.unit_of_work(opened.tenant_id) as uow:
        await enable_indicator_set(uow, "test", platform.catalogue, "after_sales_common")
        document = {"indicator": "secret", "title": "Secret", "unit": "count", "better": "lower",
                    "formula": "count(work_order)"}
        await saving.save_own(uow, "test", platform.catalogue, document)
    scheme = {"scheme": "spying", "title": "Spying", "valid_from": "2026-01-01", "subject": "company",
              "item": [{"indicator": "own.secret", "weight": 100, "target": 1,
                        "rule": {"kind": "threshold", "at_least": 1, "points": 100}}]}  # fmt: skip
    spied = await send("saveScheme", "scheme { key }", {"document": scheme})
    assert "own.secret" in {each["value"] for each in spied["errors"]}, spied
    for mutation, given in (("removeIndicator", {}), ("saveIndicator", {"minimumSample": 2})):
        found = await send(mutation, "", {"key": "own.secret", **given})
        assert [each["code"] for each in found["errors"]] == ["E-NOT-FOUND"], found
    mine = await send("saveIndicator", "indicator { key version }",
                      {**DECLARED, "key": "own.secret", "formula": "count(work_order)", "expectedVersion": 0})
    assert mine["indicator"] == {"key": "own.secret", "version": 1}, "each company has names of its own"


async def test_a_company_keeps_only_so_many(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "MOST", 0)
    found = await send("saveIndicator", "", {**DECLARED, "key": "own.one_more", "formula": "count(work_order)"})
    assert [(each["code"], each["field"]) for each in found["errors"]] == [("E-INDICATOR-MANY", "key")]


async def test_a_formula_that_takes_too_long_says_so(send: Send, migrated_database: LocalUrls,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for a table that somebody holds: no machine is quick enough for that. The statement itself is ended, not
    only all of them together."""
    monkeypatch.setattr(trial, "SECONDS", "0.5")
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    held = owner.transaction()
    await held.start()
    for row in await owner.fetch("select tablename from pg_tables where tablename like 'record_work_order%'"):
        await owner.execute(f"lock table {row['tablename']} in access exclusive mode")
    try:
        async with asyncio.timeout(trial.WHOLE_S / 2):
            found = await send("tryIndicator", "trial { formula }",
                               {"formula": "count(work_order)", "period": "2026-05"})
    finally:
        await held.rollback()
        await owner.close()
    assert [each["code"] for each in found["errors"]] == ["E-INDICATOR-SLOW"]


async def test_odd_periods_and_pages_are_mistakes_or_bounded(send: Send) -> None:
    for period in ("2026-13", "", "0000-01", "9999-12", "2026-5", "２０２６-05", "x" * 5000, "1-01"):
        found = await send("tryIndicator", "trial { formula }", {"formula": "count(work_order)", "period": period})
        assert [each["code"][:8] for each in found["errors"]] == ["E-PERIOD"], (period, found)
    for first in (-5, 0, 10**6):
        found = await send("tryIndicator", "readings { state }",
                           {"formula": "count(work_order)", "period": "2026-05", "first": first, "records": first})
        assert not found["errors"], found
        assert len(found["readings"]) == 1, "the company itself"

"""What the database says against plugins, and whom a plugin that is left out costs: a company that needs it, alone.

On a real database as the application role.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest

from meritline.access import create_key
from meritline.bootstrap import Platform, open_platform
from meritline.cli import main
from meritline.db import Database
from meritline.db.migrate import migrate
from meritline.http.app import create_app
from meritline.local import LocalUrls
from meritline.onboarding.enabling import enable_indicator_set
from meritline.plugins import asking, load_catalogue
from meritline.plugins.releases import mark_not_deterministic
from meritline.records.installed import open_catalogue
from meritline.settings import Settings
from meritline.tenancy.service import onboard_tenant, upsert_employees
from meritline.tenancy.values import Employee, Profile

GOOD = """
    from meritline_sdk import *
    class Task(RecordType, key="rel_{n}", title=Text("Task", "任务")):
        worker = Person()
        done_at = Instant()
        defaults = Attribution(credit=worker, at=done_at)
    DONE = Indicator("done", Text("{title}", "完成量"), measure=Count(Task), unit=COUNT, better=HIGHER)
    @hookimpl
    def indicator_sets():
        return [IndicatorSet("rel_{n}", Text("Set", "指标集"), records=[Task], indicators=[DONE])]
"""
BROKEN = "raise RuntimeError('no licence server')"
ALL = frozenset({"one", "two"})
QUERY = """{ indicatorSets { nodes { key version author licence plugin contentHash enabled enabledVersion deterministic
  health { state problems(language: ZH) { code message remedy } } } } }"""
type Install = Callable[..., None]


class Server:
    """A process with the plugins as they are now."""

    def __init__(self, platform: Platform, client: httpx2.AsyncClient) -> None:
        self.platform, self.client, self.keys = platform, client, {}  # type: ignore[var-annotated]

    async def firm(self, key: str) -> UUID:
        """A company that has the set."""
        profile = Profile("Firm", "Asia/Shanghai", "CNY", ("zh",), "CN")
        opened = await onboard_tenant(self.platform.database, key=f"t{uuid4().hex}", profile=profile, actor="test")
        async with self.platform.database.unit_of_work(opened.tenant_id) as uow:
            await upsert_employees(uow, "test", [Employee("E1", "Li")])
            await enable_indicator_set(uow, "test", self.platform.catalogue, key)
        return opened.tenant_id

    async def key(self, tenant_id: UUID, role: str) -> dict[str, str]:
        async with self.platform.database.unit_of_work(tenant_id) as uow:
            who = await uow.conn.fetchval("select id from employee") if role == "employee" else None
            _, token = await create_key(uow.conn, tenant_id, role=role, label=role, actor="test", employee_id=who)
        return {"authorization": f"Bearer {token}"}

    async def deliver(self, tenant_id: UUID, record: str) -> tuple[int, Any]:
        row = {"external_id": uuid4().hex, "worker": "E1", "done_at": "2026-05-03T09:30:00+08:00"}
        answer = await self.client.post(f"/v1/records/{record}", content=json.dumps(row).encode(),
                                        headers=await self.key(tenant_id, "integrator"))
        return answer.status_code, answer.json()

    async def sets(self, tenant_id: UUID, role: str = "hr") -> dict[str, Any]:
        answer = await self.client.post("/graphql", json={"query": QUERY}, headers=await self.key(tenant_id, role))
        body = answer.json()
        assert "errors" not in body, body
        return {each["key"]: each for each in body["data"]["indicatorSets"]["nodes"]}


@pytest.fixture
def urls(migrated_databases: Callable[[], LocalUrls]) -> LocalUrls:
    return migrated_databases()


@asynccontextmanager
async def serving(urls: LocalUrls, allow: frozenset[str] = ALL) -> AsyncIterator[Server]:
    await migrate(urls.migration_database_url, records=load_catalogue(allow).records.values())
    settings = Settings(database_url=urls.database_url, redis_url=urls.redis_url, plugins=allow)
    async with open_platform(settings, queue_name=f"test-{uuid4()}") as platform:
        transport = httpx2.ASGITransport(create_app(platform), raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://meritline.test") as client:
            yield Server(platform, client)


def put(install: Install, name: str, title: str = "Done", **given: Any) -> None:
    install(name, GOOD.format(n=name, title=title), **given)


async def codes(urls: LocalUrls) -> list[str]:
    async with serving(urls) as server:
        return [one.code for one in server.platform.catalogue.problems]


async def test_the_same_version_says_the_same_for_ever(install: Install, urls: LocalUrls) -> None:
    put(install, "one")
    put(install, "two")
    assert await codes(urls) == []
    put(install, "one", title="Something else")
    async with serving(urls) as server:
        (told,) = server.platform.catalogue.problems
        assert (told.code, list(server.platform.catalogue.sets)) == ("E-PLUGIN-CHANGED", ["rel_two"])
        for language in ("en", "zh"):
            assert "probe-one 2.5" in told.text(language)
    put(install, "one", title="Something else", version="2.6")
    assert await codes(urls) == [], "the same content under a new version is a release like any other"
    put(install, "one")
    assert await codes(urls) == [], "and the old release as it was is still good"


async def test_a_working_copy_may_change_and_binds_nobody(install: Install, urls: LocalUrls) -> None:
    put(install, "two")
    put(install, "one", title="First try", editable=True)
    assert await codes(urls) == []
    put(install, "one", title="Second try", editable=True)
    assert await codes(urls) == []
    put(install, "one", title="The release")
    assert await codes(urls) == []
    put(install, "one", title="Third try", editable=True)
    async with serving(urls) as server:
        assert [one.code for one in server.platform.catalogue.problems] == ["E-PLUGIN-CHANGED-COPY"]
        assert list(server.platform.catalogue.sets) == ["rel_one", "rel_two"], "it is told of, and used"
    put(install, "one", title="Not the release")
    assert await codes(urls) == ["E-PLUGIN-CHANGED"]


async def test_the_application_may_add_releases_and_set_one_mark_once(
    install: Install, urls: LocalUrls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(install, "one")
    put(install, "two")
    async with serving(urls) as server:
        report = next(one for one in server.platform.catalogue.plugins if one.name == "one")
        firm = await server.firm("rel_one")
        assert (await server.sets(firm))["rel_one"]["deterministic"]
        told = (report.distribution, report.version, report.content_hash)
        await mark_not_deterministic(server.platform.database, *told, "probe_one:f answered 1 and 2")
        await mark_not_deterministic(server.platform.database, *told, "again")
        found = (await server.sets(firm))["rel_one"]
        assert (found["deterministic"], found["health"]["state"]) == (False, "WARNS")
        assert "probe_one:f" in found["health"]["problems"][0]["message"], "the first time is kept"
        for statement in ("update plugin_release set differs = null, differs_since = null",
                          "update plugin_release set differs = 'other', differs_since = now() where plugin = 'one'",
                          "update plugin_release set content_hash = repeat('0', 64)", "delete from plugin_release",
                          "update plugin_release set version = '9', differs = 'x', differs_since = now() "
                          "where plugin = 'two'",
                          "update plugin_release set working_copy = true"):  # fmt: skip
            assert not await changes(server.platform.database, statement), statement
    async with serving(urls) as server:
        assert [one.code for one in server.platform.catalogue.problems] == ["E-PLUGIN-DIFFERS"]
        assert "rel_one" in server.platform.catalogue.sets, "its functions fail, its declarations go on"
    monkeypatch.setenv("MERITLINE_DATABASE_URL", urls.database_url)
    monkeypatch.setenv("MERITLINE_PLUGINS", "one,two")
    assert await asyncio.to_thread(main, ["plugins", "list", "--json"]) == 0  # it has a loop of its own
    rows = {row["plugin"]: row["deterministic"] for row in json.loads(capsys.readouterr().out) if not row["off"]}
    assert rows == {"one": False, "two": True}


async def changes(database: Database, statement: str) -> bool:
    """Whether the application role changes any row with the statement."""
    try:
        async with database.global_work() as conn:
            return (await conn.execute(statement)).split()[-1] != "0"
    except (asyncpg.InsufficientPrivilegeError, asyncpg.CheckViolationError):
        return False


@pytest.mark.parametrize("how", ["quarantined", "absent", "off"])
async def test_a_plugin_that_is_not_there_costs_only_those_who_need_it(
    install: Install, urls: LocalUrls, how: str
) -> None:
    put(install, "one")
    put(install, "two")
    async with serving(urls) as server:
        needs, other = await server.firm("rel_one"), await server.firm("rel_two")
        for firm, record in ((needs, "rel_one"), (other, "rel_two"), (other, "rel_one")):
            assert (await server.deliver(firm, record))[0] == 200
        fine = (await server.sets(needs))["rel_one"]
        assert (fine["health"], fine["version"], fine["enabledVersion"]) == (
            {"state": "OK", "problems": []}, "2.5", "2.5")  # fmt: skip
        assert (fine["author"], fine["licence"], fine["plugin"], len(fine["contentHash"])) == (
            "Stranger", "MIT", "probe-one", 64)  # fmt: skip
    if how == "quarantined":
        install("one", BROKEN)
    allow = ALL if how == "quarantined" else frozenset({"two"})
    if how == "absent":
        put(install, "one", version="2.5")
        install.remove("one")  # type: ignore[attr-defined]
    async with serving(urls, allow) as server:
        status, answer = await server.deliver(needs, "rel_one")
        (error,) = answer["errors"]
        assert (status, error["extensions"]["code"]) == (503, "UNAVAILABLE")
        said = error["message"]
        assert all(word in said for word in ("rel_one", "probe-one 2.5")), said
        assert ("no licence server" in said) == (how == "quarantined"), said
        assert (await server.deliver(other, "rel_two"))[0] == 200
        assert (await server.deliver(other, "rel_one"))[0] == 404, "who never had it is told nothing of plugins"
        found = (await server.sets(needs))["rel_one"]
        assert found["health"]["state"] == how.upper()
        assert (found["enabled"], found["enabledVersion"], found["contentHash"]) == (True, "2.5", None)
        assert all(one["message"] and one["remedy"] for one in found["health"]["problems"])
        assert "rel_one" not in await server.sets(other) or how != "absent"
        seen = (await server.sets(needs, "employee"))["rel_one"]
        assert (seen["health"], seen["enabled"]) == ({"state": how.upper(), "problems": []}, True)
        ready = await server.client.get("/readyz")
        assert ready.status_code == 200, ready.text
        plugins = ready.json()["checks"]["plugins"]
        assert plugins == ("ok, left out: probe-one (E-PLUGIN-IMPORT)" if how == "quarantined" else "ok")
        assert f'meritline_plugins{{state="quarantined"}} {float(how == "quarantined")}' in (
            await server.client.get("/metrics")).text  # fmt: skip


async def test_what_was_accepted_is_examined_once_and_anything_else_anew(
    install: Install, urls: LocalUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    whole = asking.unacceptable

    def counting(one: Any, *rest: Any) -> Any:
        looked.append(one.name)
        return whole(one, *rest)

    put(install, "one")
    put(install, "two")
    assert await codes(urls) == []
    monkeypatch.setattr(asking, "unacceptable", counting)
    settings = Settings(database_url=urls.database_url, redis_url=urls.redis_url, plugins=ALL)
    async with await Database.open(urls.database_url, max_size=1) as database:
        assert sorted((await open_catalogue(database, settings)).sets) == ["rel_one", "rel_two"]
        assert looked == [], "the database knows them to the letter"
        put(install, "two", title="Done twice", version="2.6")
        await open_catalogue(database, settings)
    assert looked == ["two"]


STARS = ("done_at = Instant()\n", "done_at = Instant()\n        stars = Int(optional=True)\n")
USES = GOOD.format(n="one", title="Done").replace(*STARS).replace("""
        return [IndicatorSet("rel_one", Text("Set", "指标集"), records=[Task], indicators=[DONE])]""", """
        one = IndicatorSet("rel_one", Text("Set", "指标集"), records=[Task], indicators=[DONE])
        sum = Indicator("sum", Text("Sum", "合计"), measure=Sum(Task.stars), unit=COUNT, better=HIGHER)
        return [IndicatorSet("rel_two", Text("Set", "指标集"), indicators=[sum], uses=[one])]""")


async def test_what_was_accepted_is_refused_where_what_it_uses_is_another(install: Install, urls: LocalUrls) -> None:
    """Both releases were seen before, but never beside each other: the older one lacks what is read of it."""
    settings = Settings(database_url=urls.database_url, redis_url=urls.redis_url, plugins=ALL)
    async with await Database.open(urls.database_url, max_size=1) as database:
        put(install, "one", version="1.0")
        await open_catalogue(database, settings)
        install("one", GOOD.format(n="one", title="Done").replace(*STARS), version="2.0")
        install("two", USES)
        both = await open_catalogue(database, settings)
        assert (sorted(both.sets), both.problems) == (["rel_one", "rel_two"], ())
        put(install, "one", version="1.0")
        for _ in range(2):
            again = await open_catalogue(database, settings)
            assert list(again.sets) == ["rel_one"]
            (told,) = again.problems
            assert told.code == "E-PLUGIN-DECLARES"
            assert "stars" in told.text()


async def test_doctor_says_that_a_database_cannot_tell_yet(
    install: Install, fresh_database: Callable[[], LocalUrls], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    put(install, "one")
    monkeypatch.setenv("MERITLINE_DATABASE_URL", fresh_database().database_url)
    monkeypatch.setenv("MERITLINE_PLUGINS", "one")
    await asyncio.to_thread(main, ["plugins", "doctor"])
    told = capsys.readouterr().out
    assert "E-DB-BEHIND" in told
    assert "nothing is wrong" not in told

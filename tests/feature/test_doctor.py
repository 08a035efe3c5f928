# ruff: noqa: S608  (the statements of a hand, on databases of this file)
"""``meritline doctor``: each thing that can be wrong is broken once, and found by its name with what to do."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from meritline.cli import main
from meritline.db.examination import intended
from meritline.db.rights import renewed
from meritline.local import LocalUrls

type Doctor = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    """A command sets up the logs of its process; this one is not its own."""
    root, ours = logging.getLogger(), logging.getLogger("meritline")
    before = root.handlers[:], root.level, ours.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])


@pytest.fixture
def urls(migrated_database: LocalUrls) -> LocalUrls:
    """One database for all: what a test breaks it mends."""
    return migrated_database


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, urls: LocalUrls,
           ) -> Doctor:  # fmt: skip
    """Runs it on a sound installation; gives state and codes of each check, and ``exit``."""
    cache = tmp_path / "cache"
    cache.mkdir(mode=0o700)
    for name, value in {**urls.environ(), "MERITLINE_CACHE_DIR": str(cache), "MERITLINE_NO_PLUGINS": "*"}.items():
        monkeypatch.setenv(name, value)

    def run(**environ: str) -> dict[str, Any]:
        with monkeypatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
            code = main(["doctor", "--json", "--lang", "en"])
        told = json.loads(capsys.readouterr().out)
        found = {each["check"]: (each["state"], [one["code"] for one in each["problems"]]) for each in told["checks"]}
        assert told["ok"] == (code == 0) == all(state != "wrong" for state, _ in found.values())
        for each in told["checks"]:
            assert all(one["message"] and one["remedy"] for one in each["problems"])
        return found | {"exit": (code,), "told": json.dumps(told, ensure_ascii=False)}

    return run


def owner(urls: LocalUrls, *statements: str) -> None:
    """As the owner of the tables does by hand."""
    async def do() -> None:
        conn = await asyncpg.connect(urls.migration_database_url)
        try:
            for each in statements:
                await conn.execute(each)
        finally:
            await conn.close()

    asyncio.run(do())


def test_nothing_is_wrong_with_a_sound_installation(doctor: Doctor, capsys: pytest.CaptureFixture[str]) -> None:
    found = doctor()
    told = found.pop("told")
    assert found.pop("exit") == (0,), told
    assert set(found) == {"settings", "cache", "temporary files", "queue", "server", "role", "migrations", "extensions",
                          "row level security", "privileges", "clock", "plugins", "outbox", "jobs",
                          "score lines"}  # fmt: skip
    assert {state for state, _ in found.values()} == {"ok"}, found
    assert main(["doctor", "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "没有发现问题" in said
    assert "PostgreSQL 18" in said


@pytest.mark.parametrize(("environ", "check", "state", "codes"), [
    ({"MERITLINE_PORT": "many"}, "settings", "wrong", ["E-SETTING"]),
    ({"MERITLINE_PLUGGINS": "a"}, "settings", "warning", ["E-DOCTOR-SETTING"]),
    ({"MERITLINE_DATABASE_URL": "postgresql://meritline_app:hunter2@127.0.0.1:1/x"}, "database", "wrong",
     ["E-UNAVAILABLE"]),
    ({"MERITLINE_DATABASE_URL": "postgresql://meritline_app:hunter2@no-such-host.invalid/x"}, "database", "wrong",
     ["E-UNAVAILABLE"]),
    ({"MERITLINE_REDIS_URL": "redis://:hunter2@127.0.0.1:1/0"}, "queue", "wrong", ["E-UNAVAILABLE"]),
    ({"MERITLINE_CACHE_DIR": "/proc/nowhere"}, "cache", "warning", ["E-DOCTOR-FOLDER"]),
])  # fmt: skip
def test_what_the_environment_says_wrong_is_named(doctor: Doctor, environ, check, state, codes) -> None:
    found = doctor(**environ)
    assert found[check] == (state, codes), found["told"]
    assert found["exit"] == (int(state == "wrong"),)
    assert "hunter2" not in found["told"]


def test_a_near_name_is_told(doctor: Doctor) -> None:
    assert "MERITLINE_PLUGINS?" in doctor(MERITLINE_PLUGGINS="a")["told"]


def test_without_a_database_it_says_so(monkeypatch, tmp_path: Path, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MERITLINE_NO_PLUGINS", "*")
    assert main(["doctor"]) == 1
    assert capsys.readouterr().out.count("E-DOCTOR-NO-DATABASE") == 2


def test_a_folder_that_others_may_write_is_named(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "cache").chmod(0o777)
    assert doctor()["cache"] == ("warning", ["E-DOCTOR-FOLDER"])


def test_a_role_that_no_policy_holds_is_named(doctor: Doctor, urls: LocalUrls) -> None:
    found = doctor(MERITLINE_DATABASE_URL=urls.migration_database_url)
    assert (found["role"], found["exit"]) == (("wrong", ["E-DB-ROLE"]), (1,))


#: What a hand does, what is found, and what the hand does to undo it.
BREAKAGES = [
    ("update tortoise_migrations set app = 'x' where name like '0001%'", "migrations", "E-DB-BEHIND", "0001_scope",
     "update tortoise_migrations set app = 'meritline'"),
    ("alter table employee no force row level security", "row level security", "E-DOCTOR-RLS", "employee",
     "alter table employee force row level security"),
    ("alter table employee disable row level security", "row level security", "E-DOCTOR-RLS", "employee",
     "alter table employee enable row level security"),
    ("create policy another on scorecard using (true)", "row level security", "E-DOCTOR-RLS", "scorecard",
     "drop policy another on scorecard"),
    ("drop policy tenant on scorecard", "row level security", "E-DOCTOR-RLS", "scorecard",
     "call app.protect('scorecard')"),
    ("revoke insert on employee from meritline_app", "privileges", "E-DOCTOR-GRANTS", "insert on employee",
     "grant insert on employee to meritline_app"),
    ("revoke update (revoked_at) on api_key from meritline_app", "privileges", "E-DOCTOR-GRANTS",
     "update (revoked_at) on api_key", "grant update (revoked_at) on api_key to meritline_app"),
    ("grant delete on score_line to meritline_app", "privileges", "E-DOCTOR-GRANTS-MORE", "delete on score_line",
     "revoke delete on score_line from meritline_app"),
    ("grant update (role) on api_key to meritline_app", "privileges", "E-DOCTOR-GRANTS-MORE",
     "update (role) on api_key", "revoke update (role) on api_key from meritline_app"),
    ("grant truncate on audit_entry to public", "privileges", "E-DOCTOR-GRANTS-MORE", "truncate on audit_entry",
     "revoke truncate on audit_entry from public"),
]


def test_what_was_changed_in_the_database_is_named(doctor: Doctor, urls: LocalUrls) -> None:
    for statement, check, code, words, undo in BREAKAGES:
        owner(urls, statement)
        found = doctor()
        assert (found[check], found["exit"]) == (("wrong", [code]), (1,)), (statement, found["told"])
        assert words in found["told"]
        assert [name for name, each in found.items() if each[0] == "wrong"] == [check], "nothing else is blamed"
        owner(urls, undo)
    assert doctor()["exit"] == (0,)


def test_a_database_that_is_ahead_is_told_and_no_fault(doctor: Doctor, urls: LocalUrls) -> None:
    owner(urls, "insert into tortoise_migrations (app, name, applied_at) values ('meritline', '9999_later', now())")
    found = doctor()
    assert (found["migrations"], found["exit"]) == (("warning", ["E-DB-AHEAD"]), (0,))
    assert "9999_later" in found["told"]
    owner(urls, "delete from tortoise_migrations where name = '9999_later'")


def test_a_database_without_room_for_temporary_tables_is_named(doctor: Doctor, urls: LocalUrls) -> None:
    name = urls.database_url.rpartition("/")[2]
    owner(urls, f"revoke temporary on database {name} from public")
    found = doctor()
    assert found["privileges"] == ("wrong", ["E-DOCTOR-GRANTS"])
    assert "temporary on the database" in found["told"]
    owner(urls, f"grant temporary on database {name} to public")


def test_an_extension_that_is_gone_is_named(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meritline.db.examination.EXTENSIONS", ("btree_gist", "pgcrypto"))
    found = doctor()
    assert found["extensions"] == ("wrong", ["E-DOCTOR-EXTENSION"])
    assert "extensions pgcrypto" in found["told"]


@pytest.mark.parametrize(("seconds", "codes"), [(1.0, []), (-30.0, ["E-DOCTOR-CLOCK"]), (30.0, ["E-DOCTOR-CLOCK"])])
def test_clocks_that_differ_are_named(doctor: Doctor, monkeypatch, seconds: float, codes: list[str]) -> None:
    monkeypatch.setattr("meritline.cli.examined.database.system_clock",
                        lambda: datetime.now(UTC) + timedelta(seconds=seconds))
    assert doctor()["clock"][1] == codes


def test_a_queue_that_forgets_is_named(doctor: Doctor, monkeypatch) -> None:
    from redis.asyncio import Redis

    real = Redis.info

    async def info(self) -> dict[str, Any]:
        return await real(self) | {"maxmemory": 1000, "maxmemory_policy": "allkeys-lru"}

    monkeypatch.setattr(Redis, "info", info)
    found = doctor()
    assert (found["queue"], found["exit"]) == (("warning", ["E-DOCTOR-QUEUE"]), (0,))
    assert "allkeys-lru" in found["told"]


def test_jobs_that_nobody_takes_and_jobs_that_never_end_are_named(doctor: Doctor, urls: LocalUrls) -> None:
    tenant = "'01a00000-0000-7000-8000-000000000001'"
    owner(urls, f"insert into tenant (id, key) values ({tenant}, 'late')",
          "insert into job_ref (job_id, tenant_id, due_at, done) values "
          f"(uuidv7(interval '-5 minutes'), {tenant}, now() - interval '4 minutes', false)")
    found = doctor()
    assert (found["outbox"], found["jobs"]) == (("wrong", ["E-DOCTOR-JOBS-WAIT"]), ("ok", []))
    owner(urls, f"update job_ref set due_at = now() + interval '1 hour' where tenant_id = {tenant}",
          "with made as (insert into job (tenant_id, id, kind, state, attempt, created_at) "
          f"values ({tenant}, uuidv7(interval '-3 hours'), 'run', 'running', 2, now() - interval '3 hours') "
          f"returning id) insert into job_ref select id, {tenant}, now() + interval '1 hour', false from made")
    found = doctor()
    assert (found["outbox"], found["jobs"]) == (("ok", []), ("wrong", ["E-DOCTOR-JOB-STUCK"]))
    assert "(run, attempt 2)" in found["told"]
    owner(urls, *(f"delete from {table} where tenant_id = {tenant}" for table in ("job", "job_ref")),
          f"delete from tenant where id = {tenant}")


def test_score_lines_without_their_scorecard_are_named(doctor: Doctor, urls: LocalUrls) -> None:
    tenant = "'01a00000-0000-7000-8000-000000000002'"
    owner(urls, f"insert into tenant (id, key) values ({tenant}, 'halved')",
          "insert into score_line (tenant_id, run_id, scorecard_id, position, kind, key, title_en, title_zh, unit, "
          f"direction, reading_state, steps) values ({tenant}, uuidv7(), uuidv7(), 0, 'item', 'k', 'K', 'K', 'u', "
          "'higher', 'not_measured', '[]')")
    found = doctor()
    assert (found["score lines"], found["exit"]) == (("wrong", ["E-DOCTOR-ORPHANS"]), (1,))
    assert "company halved" in found["told"]
    owner(urls, f"delete from score_line where tenant_id = {tenant}", f"delete from tenant where id = {tenant}")


def test_a_plugin_that_is_broken_is_named(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("raise RuntimeError('no licence server')\n")  # which also says no range
    found = doctor(MERITLINE_PLUGINS_DIR=str(tmp_path), MERITLINE_NO_PLUGINS="meritline-call-center")
    state, codes = found["plugins"]
    assert (state, codes) == ("wrong", ["E-PLUGIN-RANGE-MISSING", "E-PLUGIN-IMPORT"]), found["told"]


def test_an_old_server_is_named(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meritline.db.roles.OLDEST_SERVER", 990000)
    assert doctor()["server"] == ("wrong", ["E-DB-VERSION"])


def test_the_page_of_the_roles_tells_the_privileges_of_now() -> None:
    page = (Path(__file__).parents[2] / "platform" / "docs" / "operations" / "roles.md").read_text("utf-8")
    assert "| `select`, `insert` | `audit_entry`" in page
    assert renewed(page) == page, "run: python -m meritline.db.rights"


def test_every_table_has_its_privileges_named(urls: LocalUrls) -> None:
    """The privileges are read from the text that gives them: none of it is overlooked."""
    async def tables() -> set[str]:
        conn = await asyncpg.connect(urls.migration_database_url)
        try:
            return {row[0] for row in await conn.fetch(
                "select table_name from information_schema.tables where table_schema = 'public'")}  # fmt: skip
        finally:
            await conn.close()

    assert {name for name in asyncio.run(tables()) if not name.startswith("record_")} == {*intended()}

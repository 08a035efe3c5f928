"""Stopping, with real processes: the API drains, a worker gives its job back, a second migration waits."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest

from meritline.db.migrate import LOCK
from meritline.local import LocalUrls

LONGEST_S = 60


@contextmanager
def running(folder: Path, urls: LocalUrls, *words: str, **environ: str) -> Iterator[tuple[subprocess.Popen, Path]]:
    """A process of the command, with its output and its log in files."""
    out, log = folder / f"{words[0]}.out", folder / f"{words[0]}.log"
    everything = {**os.environ, **urls.environ(), "MERITLINE_NO_PLUGINS": "*", **environ}
    with out.open("wb") as stdout, log.open("wb") as stderr:
        process = subprocess.Popen([sys.executable, "-m", "meritline.cli", *words], env=everything, stdout=stdout,
                                   stderr=stderr)  # fmt: skip
    try:
        yield process, log
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def until[T](look: Callable[[], T | None], process: subprocess.Popen, log: Path) -> T:
    """What is found at last."""
    end = time.monotonic() + LONGEST_S
    while not (found := look()):
        assert time.monotonic() < end, log.read_text()
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    return found


def address(log: Path, words: str) -> Callable[[], str | None]:
    """The address that a process says."""
    def look() -> str | None:
        found = re.search(rf"{words}(http://[\d.:]+)", log.with_suffix(".out").read_text())
        return found[1] if found else None

    return look


async def founded(urls: LocalUrls, tenant: UUID) -> None:
    conn = await asyncpg.connect(urls.migration_database_url)
    try:
        await conn.execute("insert into tenant (id, key) values ($1, $2)", tenant, f"stop-{tenant}")
    finally:
        await conn.close()


def test_the_api_says_that_it_stops_finishes_what_it_has_and_ends(migrated_database: LocalUrls, tmp_path) -> None:
    """A request that waits in the database when the signal comes is answered; who comes later is refused."""
    urls = migrated_database
    with running(tmp_path, urls, "serve", "--port", "0", MERITLINE_DRAIN_S="2") as (process, log):
        url = until(address(log, "serving "), process, log)
        assert httpx2.get(f"{url}/readyz").status_code == 200
        key = subprocess.run([sys.executable, "-m", "meritline.cli", "key", "create", "--tenant", "platform", "--role",
                              "operator"], env={**os.environ, **urls.environ(), "MERITLINE_NO_PLUGINS": "*"},
                             capture_output=True, text=True, check=True).stdout.strip()  # fmt: skip
        answers: list[httpx2.Response] = []

        def ask() -> None:
            answers.append(httpx2.post(f"{url}/graphql", json={"query": "{ viewer { role } }"}, timeout=LONGEST_S,
                                       headers={"authorization": f"Bearer {key}"}))  # fmt: skip

        held = Held(urls)
        asking = threading.Thread(target=ask)
        asking.start()
        held.until_somebody_waits()
        process.send_signal(signal.SIGTERM)
        draining = until(lambda: refused(url), process, log)
        assert draining["checks"]["draining"] == "yes"
        assert httpx2.get(f"{url}/healthz").status_code == 200, "alive until the end"
        until(lambda: closed(url), process, log)
        assert not answers, "it is still being answered when nobody else is let in"
        held.release()
        asking.join(LONGEST_S)
        assert answers[0].json()["data"]["viewer"] == {"role": "operator"}
        assert process.wait(LONGEST_S) == 0, log.read_text()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [each["status"] for each in lines if each["message"] == "request" and each["route"] == "/graphql"] == [200]
    assert "stopping" in [each["message"] for each in lines]


def refused(url: str) -> dict | None:
    """What readiness says once it is no."""
    answer = httpx2.get(f"{url}/readyz")
    return answer.json() if answer.status_code == 503 else None


def closed(url: str) -> bool:
    """Whether new connections are refused."""
    host, port = url.removeprefix("http://").split(":")
    try:
        socket.create_connection((host, int(port)), 1).close()
    except ConnectionError:
        return True
    return False


class Held:
    """The keys' table, held by somebody: who verifies a key waits."""

    def __init__(self, urls: LocalUrls) -> None:
        self.urls, self.done, self.begun = urls, threading.Event(), threading.Event()
        self.waited = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.hold()))
        self.thread.start()
        assert self.begun.wait(LONGEST_S)

    async def hold(self) -> None:
        conn, other = [await asyncpg.connect(self.urls.migration_database_url) for _ in range(2)]
        async with conn.transaction():
            await conn.execute("lock table api_key in access exclusive mode")
            self.begun.set()
            while not self.done.is_set():
                if await other.fetchval("select count(*) from pg_locks where not granted and relation = "
                                        "'api_key'::regclass"):  # fmt: skip
                    self.waited.set()
                await asyncio.sleep(0.05)
        await conn.close()
        await other.close()

    def until_somebody_waits(self) -> None:
        assert self.waited.wait(LONGEST_S)

    def release(self) -> None:
        self.done.set()
        self.thread.join(LONGEST_S)


def test_a_worker_tells_how_it_is_gives_its_job_back_and_ends(migrated_database: LocalUrls, tmp_path) -> None:
    """A run that waits for an import, as a run does, is another worker's a moment after the signal."""
    urls, tenant, job = migrated_database, uuid4(), uuid4()
    asyncio.run(founded(urls, tenant))
    with running(tmp_path, urls, "work", MERITLINE_METRICS_PORT="0", MERITLINE_REDIS_URL=f"{urls.redis_url[:-1]}9",
                 ) as (process, log):  # fmt: skip
        url = until(address(log, "metrics at "), process, log)
        assert httpx2.get(f"{url}/healthz").status_code == httpx2.get(f"{url}/readyz").status_code == 200
        held = HeldJob(urls, tenant, job)
        until(held.taken, process, log)
        page = httpx2.get(f"{url}/metrics").text
        assert "meritline_jobs_open 1.0" in page
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST_S) == 0, log.read_text()
        assert held.state() == "queued", "it was given back, not lost and not left to its lease"
        held.release()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    (told,) = [each for each in lines if each.get("job_id") == str(job)]
    assert (told["kind"], told["outcome"], told["attempt"], told["tenant_id"]) == (
        kind(), "returned", 1, str(tenant)), told  # fmt: skip


class HeldJob:
    """A job whose tables somebody holds, so that it goes on for ever."""

    def __init__(self, urls: LocalUrls, tenant: UUID, job: UUID) -> None:
        self.urls, self.tenant, self.job = urls, tenant, job
        self.loop = asyncio.new_event_loop()
        self.conn, self.other = self.loop.run_until_complete(self.hold())

    async def hold(self) -> tuple[asyncpg.Connection, asyncpg.Connection]:
        conn, other = [await asyncpg.connect(self.urls.migration_database_url) for _ in range(2)]
        await conn.execute("begin")
        await conn.execute("lock table touched, measure_state, tenant_profile in access exclusive mode")
        await other.execute("insert into job (tenant_id, id, kind, payload) values ($1, $2, $3, '{}')", self.tenant,
                            self.job, kind())
        await other.execute("insert into job_ref values ($1, $2, now(), false)", self.job, self.tenant)
        return conn, other

    def state(self) -> str:
        return str(self.loop.run_until_complete(self.other.fetchval("select state from job where id = $1", self.job)))

    def taken(self) -> bool:
        return self.state() == "running"

    def release(self) -> None:
        for each in (self.conn, self.other):
            self.loop.run_until_complete(each.close())
        self.loop.close()


def kind() -> str:
    """A kind of job that only needs its company."""
    from meritline.appraisal.state import HANDLERS

    return next(iter(HANDLERS))


async def test_a_second_migration_waits_and_then_does_nothing(
    fresh_database: Callable[[], LocalUrls], tmp_path: Path
) -> None:
    """Two processes at once, while a third holds the lock: both wait, one migrates, the other finds nothing to do.
    Each needs the owner's address alone."""
    urls = fresh_database()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MERITLINE_")}
    environ |= {"MERITLINE_MIGRATION_DATABASE_URL": urls.migration_database_url, "MERITLINE_NO_PLUGINS": "*",
                "MERITLINE_APPLICATION_ROLE": "meritline_app"}
    conn = await asyncpg.connect(urls.migration_database_url)
    await conn.execute("begin")
    await conn.execute("select pg_advisory_xact_lock($1)", LOCK)
    command = [sys.executable, "-m", "meritline.cli", "migrate"]
    both = [await asyncio.create_subprocess_exec(*command, env=environ, cwd=tmp_path, stdout=subprocess.PIPE,
                                                 stderr=subprocess.STDOUT) for _ in range(2)]
    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = " \
              "(select oid from pg_database where datname = current_database())"
    async with asyncio.timeout(LONGEST_S):
        while await conn.fetchval(waiting) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert [each.returncode for each in both] == [None, None]
    await conn.execute("rollback")
    await conn.close()
    said = sorted([(await each.communicate())[0].decode() for each in both], key=len)
    assert [each.returncode for each in both] == [0, 0], said
    assert said[0] == "nothing to migrate\n"
    assert "migrated 0001_scope" in said[1]
    assert not (tmp_path / ".meritline").exists(), "no service was started"


@pytest.mark.parametrize("host", ["127.0.0.1:1", "no-such-host.invalid:5432"])
async def test_a_database_that_goes_away_is_told_as_away(migrated_database: LocalUrls, host: str) -> None:
    """Refused, or no such host: a request hears that the database is away, never that it is busy or of a mistake."""
    from meritline.db import Database
    from meritline.graphql.kit.errors import as_meritline

    opened = await Database.open(migrated_database.database_url, max_size=1)
    async with opened as database:
        await database.read_value(UUID(int=0), "select 1")
        await database._lanes.close()
        await database.pool.expire_connections()
        database.pool.set_connect_args(f"postgresql://meritline_app:x@{host}/x")
        with pytest.raises(ConnectionError) as caught:
            await database.read_value(UUID(int=0), "select 1")
        found = as_meritline(caught.value)
        assert found is not None
        assert found.problem.code == "E-DATABASE-AWAY"


async def test_a_database_that_does_not_answer_is_away_and_not_busy(migrated_database: LocalUrls) -> None:
    """A server that takes a connection and then says nothing."""
    from meritline.db import Database
    from meritline.graphql.kit.errors import as_meritline

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(LONGEST_S)
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with await Database.open(migrated_database.database_url, max_size=1) as database:
        await database._lanes.close()
        await database.pool.expire_connections()
        database.pool.set_connect_args(f"postgresql://meritline_app:x@127.0.0.1:{port}/x", timeout=0.3)
        with pytest.raises(ConnectionError) as caught:
            await database.read_value(UUID(int=0), "select 1")
        found = as_meritline(caught.value)
        assert found is not None
        assert found.problem.code == "E-DATABASE-AWAY"
    server.close()

"""What stands around GraphQL: health, metrics, pages, limits; and the command that starts all of it."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from meritline.http.app import create_app

ROOT = Path(__file__).parents[3]


async def test_ready_means_that_everything_answers(http, platform) -> None:
    assert (await http.get("/healthz")).json() == {"status": "ok"}
    ready = await http.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    platform.draining = True
    try:
        draining = await http.get("/readyz")
        assert (draining.status_code, draining.json()["checks"]["draining"]) == (503, "yes")
        assert (await http.get("/healthz")).status_code == 200
    finally:
        platform.draining = False


async def test_a_database_that_lacks_a_migration_is_not_ready(http, platform, monkeypatch) -> None:
    async def behind(_) -> list[str]:
        return ["0099_later"]

    monkeypatch.setattr("meritline.records.ddl.pending_migrations", behind)
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "E-DB-BEHIND")


async def test_a_database_that_is_ahead_serves_and_says_so(http, platform, monkeypatch) -> None:
    monkeypatch.setattr("meritline.db.versions.known_migrations", lambda: ["0001_scope"])
    answer = await http.get("/readyz")
    told = "ok, the database is ahead (E-DB-AHEAD)"
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (200, told)
    transport = httpx2.ASGITransport(create_app(platform))
    async with httpx2.AsyncClient(transport=transport, base_url="http://meritline.test") as client:
        page = (await client.get("/metrics")).text
    assert re.search(r"^meritline_database_migrations_ahead [1-9]", page, re.MULTILINE)


async def test_a_database_that_is_away_is_not_ready_and_comes_back(http, platform, monkeypatch) -> None:
    real = platform.probe._url
    await platform.probe._drop()
    monkeypatch.setattr(platform.probe, "_url", "postgresql://meritline_app:hunter2@127.0.0.1:1/x")
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "E-UNAVAILABLE")
    assert "hunter2" not in answer.text
    assert (await http.get("/healthz")).status_code == 200
    monkeypatch.setattr(platform.probe, "_url", real)
    assert (await http.get("/readyz")).status_code == 200


async def test_metrics_name_routes_and_never_companies(http, north, ask) -> None:
    await ask("{ tenant { name } }", north.keys["hr"])
    await http.get(f"/nowhere/{north.id}")
    text = (await http.get("/metrics")).text
    assert 'meritline_http_requests_total{method="POST",route="/graphql",status="200"}' in text
    assert 'route="other"' in text
    assert str(north.id) not in text
    assert "nowhere" not in text


@pytest.mark.parametrize("path", ["/", "/graphiql"])
async def test_pages_and_what_they_load_are_ours(http, path) -> None:
    page = await http.get(path)
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["content-security-policy"]
    wanted = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert not [each for each in wanted if "://" in each]
    for each in (one for one in wanted if one.startswith("/console/")):
        asset = await http.get(each)
        assert asset.status_code == 200
        assert "://" not in re.sub(r"\$\{.*?\}://", "", asset.text)
        for module in re.findall(r'from "\./([\w.]+)"', asset.text):
            assert (await http.get(f"/console/{module}")).status_code == 200
    for outside in ("/console/../../../etc/passwd", "/console/%2e%2e/%2e%2e/pyproject.toml", "/console/"):
        assert (await http.get(outside)).status_code in (404, 405)


async def test_a_browser_finds_the_page_at_the_endpoint(http) -> None:
    assert "<title>" in (await http.get("/graphql", headers={"accept": "text/html"})).text
    assert (await http.get("/graphql", headers={"accept": "application/json"})).status_code in (401, 405)


async def test_a_body_is_counted_as_it_comes(platform, north) -> None:
    small = replace(platform, settings=replace(platform.settings, max_body_bytes=2000))
    transport = httpx2.ASGITransport(create_app(small), raise_app_exceptions=False)

    async def endless():
        for _ in range(100):
            yield b" " * 100

    headers = {"authorization": f"Bearer {north.keys['admin']}", "content-type": "application/json"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://meritline.test") as client:
        for path in ("/graphql", "/v1/records/work_order"):
            for content in (b" " * 2001, endless()):
                answer = await client.post(path, content=content, headers=headers)
                assert answer.status_code == 413, path
                assert answer.json()["errors"][0]["extensions"]["code"] == "TOO_LARGE"
            lying = await client.post(path, content=b"{}", headers={**headers, "content-length": "x" * 5})
            assert lying.status_code == 413


async def test_an_unknown_path_is_404_and_needs_no_key(http) -> None:
    assert (await http.get("/nothing")).status_code == 404
    assert (await http.get("/v1/nothing")).status_code == 401


def meritline(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "meritline.cli", *words], capture_output=True, text=True, check=False,
                          env={**os.environ, **environ})  # fmt: skip


def test_help_lists_every_command_without_importing_them() -> None:
    done = meritline("--help")
    assert done.returncode == 0
    for name in ("up", "serve", "work", "migrate", "schema", "config", "import", "appraise", "export", "key", "tenant"):
        assert re.search(rf"^  +{name} ", done.stdout, re.MULTILINE), name
    imported = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "meritline.cli", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert not re.search(r"\| +(strawberry|starlette|asyncpg|tortoise|uvicorn|meritline\.bootstrap)\b", imported)


def test_wrong_use_is_2_and_a_wrong_setting_is_1_with_its_remedy() -> None:
    assert meritline().returncode == 2
    assert meritline("nonsense").returncode == 2
    assert meritline("schema").returncode == 2
    done = meritline("--lang", "zh", "config", "show", MERITLINE_PORT="many")
    assert done.returncode == 1
    assert "MERITLINE_PORT" in done.stderr
    assert "E-SETTING" in done.stderr
    assert "设置不可接受" in done.stderr


def test_config_hides_passwords() -> None:
    done = meritline("config", "show", "--json", MERITLINE_DATABASE_URL="postgresql://app:hunter2@db.test/m")
    assert done.returncode == 0
    assert "hunter2" not in done.stdout + done.stderr
    assert json.loads(done.stdout)["MERITLINE_DATABASE_URL"] == "postgresql://app@db.test/m"


def test_up_starts_everything_and_keeps_it(tmp_path: Path) -> None:
    """As a new user: start, ask with the printed key, stop, start again on the same data."""
    folder = tmp_path / "a folder"
    key = None
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-m", "meritline.cli", "up", "--port", "0", "--data-dir", str(folder)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            said = read_until(process, "stop with Ctrl-C")
            address = re.search(r"serving (http://\S+)", said)[1]
            printed = re.search(r"operator key .*: (mlk_\S+)", said)
            assert (printed is None) == (key is not None), "the key is shown once, at the first start"
            key = key or printed[1]
            query = "{ viewer { role } indicatorSets { totalCount } }"
            answer = httpx2.post(f"{address}/graphql", json={"query": query},
                                 headers={"authorization": f"Bearer {key}"})  # fmt: skip
            assert answer.json()["data"]["viewer"] == {"role": "operator"}
            assert answer.json()["data"]["indicatorSets"]["totalCount"] >= 4
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(30) in (0, 130)


def read_until(process: subprocess.Popen[str], word: str) -> str:
    """What a process says until it says this word."""
    said, end = "", time.monotonic() + 60
    assert process.stdout is not None
    while word not in said:
        assert time.monotonic() < end, said
        assert process.poll() is None, said
        if select.select([process.stdout], [], [], 1)[0]:
            said += os.read(process.stdout.fileno(), 65536).decode()
    return said


def test_logs_for_machines_are_one_object_a_line() -> None:
    code = ("import logging; from meritline import logs; logs.set_up('json');\n"
            "try: 1 / 0\nexcept ZeroDivisionError: logging.getLogger('a').exception('two\\nlines %s', 1, "
            "extra={'tenant_id': 't'})")  # fmt: skip
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr
    entry = json.loads(said)
    assert (entry["level"], entry["logger"], entry["message"], entry["tenant_id"]) == (
        "error",
        "a",
        "two\nlines 1",
        "t",
    )
    assert "ZeroDivisionError" in entry["error"]

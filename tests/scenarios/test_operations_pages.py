"""The pages for operators, command by command, on a host of their own: PostgreSQL, Valkey, and the wheels that
``make dist`` builds in an environment outside the checkout. What is installed so then does the product's main job.

The commands are those of the pages. Their absolute paths lie below a temporary folder, their addresses are those of
this test's servers, and what only root of a real host can do has a stand-in: sudo, useradd, chgrp, and systemctl, which
runs what the unit files say.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import redis

from meritline.local import LocalServices
from meritline.local.binaries import find_binaries
from meritline.local.ports import free_port

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "platform" / "docs" / "operations"
SYSTEMCTL = Path(__file__).parent / "operations" / "systemctl.py"
STEP = re.compile(r"(?:^<!-- file: (.+?) -->\n)?^```(\w+)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
PLACES = re.compile(r"(?<![\w.$/-])/(opt|etc|var|usr/local)/(?=meritline|systemd|cache/|backups/|bin/meritline)")
SWEPT = f"meritline-tests-{os.getpid()}-"  # what a killed session leaves is removed by the next (conftest.py)
VARIES = {"<hash>": "[0-9a-f]{64}", "<count>": r"\d+", "[...]": ".*"}
STAND_INS = {"sudo": 'while [ "${1#-}" != "$1" ]; do shift 2; done; exec "$@"',
             **dict.fromkeys(("useradd", "chgrp", "chown"), ":")}  # fmt: skip


@dataclass
class Host:
    """A host with its servers, and somebody who types."""

    root: Path
    services: LocalServices
    uv: str
    restored_at: LocalServices | None = None
    ports: dict[str, str] = field(default_factory=lambda: {"8700": str(free_port()), "8701": str(free_port())})
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        programs = self.root / "programs"
        for folder in (programs, self.root / "work", *(self.root / one for one in (
                "etc/systemd/system", "opt", "usr/local/bin", "var/cache/meritline", "var/backups"))):
            folder.mkdir(parents=True)
        stand_ins = STAND_INS | {"systemctl": f"exec '{sys.executable}' '{SYSTEMCTL}' '{self.units}' \"$@\""}
        for name, text in stand_ins.items():
            (programs / name).write_text(f"#!/bin/sh\n{text}\n")
            (programs / name).chmod(0o755)
        (programs / "python3.12").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
        (programs / "uv").symlink_to(self.uv)
        cache = subprocess.run([self.uv, "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()
        kept = {key: value for key, value in os.environ.items()
                if not key.startswith(("MERITLINE_", "PYTHON", "VIRTUAL_ENV", "PYTEST_", "COV_", "PG"))}  # fmt: skip
        self.environ = kept | {
            "PATH": f"{programs}:{find_binaries().psql.parent}:/usr/bin:/bin", "HOME": str(self.root / "work"),
            "LC_ALL": "C.UTF-8", "UV_CACHE_DIR": cache, "UV_PYTHON_DOWNLOADS": "never", **superuser(self.services)}

    @property
    def units(self) -> Path:
        return self.root / "etc/systemd/system"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['8700']}"

    def here(self, text: str) -> str:
        """The text with the places and addresses of this host."""
        text = PLACES.sub(lambda one: f"{self.root}{one[0]}", text)
        text = text.replace("redis://127.0.0.1:6379/0", self.services.urls.redis_url)
        text = text.replace("127.0.0.1:5432", address(self.services))
        if self.restored_at:
            there = "export " + " ".join(f"{name}='{value}'" for name, value in superuser(self.restored_at).items())
            text = text.replace("export PGHOST=192.0.2.10 PGPORT=5432", there)
            text = text.replace("192.0.2.10:5432", address(self.restored_at))
        return re.sub(r"\b(8700|8701)\b", lambda one: self.ports[one[0]], text)

    def typed(self, command: str) -> str:
        """What the commands print; what they export stays."""
        state = self.root / "exported"
        before = f". '{state}'; " if state.exists() else ""
        script = f"{before}set -eo pipefail; {self.here(command)}\nexport -p > '{state}'"
        done = subprocess.run(["bash", "-c", script], cwd=self.root / "work", env=self.environ, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{self.logs()}"
        return done.stdout

    def logs(self) -> str:
        return "\n".join(f"{log.name}:\n{log.read_text('utf-8')[-3000:]}" for log in sorted(self.units.glob("*.log")))

    def walk(self, page: str) -> str:
        """Type the page from its beginning to its end; every block that says something else than what was printed."""
        wrong, printed = [], ""
        text = (PAGES / page).read_text("utf-8")
        for place, kind, block in STEP.findall(text):
            if place:
                path = Path(self.here(place)) if place.startswith("/") else self.root / "work" / place
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(self.here(block), "utf-8")
            elif kind == "sh":
                printed = self.typed(block)
            elif kind == "text" and not pattern(block).fullmatch(f"{printed.rstrip()}\n"):
                wrong.append(f"{page} says:\n{block}\nand this was printed:\n{printed}")
        return "\n".join(wrong)

    def ask(self, key: str, query: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        answer = self.send("/graphql", key, body, "application/json")
        assert not answer.get("errors"), answer
        return answer["data"]

    def send(self, path: str, key: str, body: bytes, content_type: str) -> Any:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": content_type}
        with urllib.request.urlopen(urllib.request.Request(self.url + path, body, headers), timeout=60) as answer:
            return json.loads(answer.read())

    def change(self, key: str, name: str, selection: str = "", /, **given: Any) -> Any:
        found = self.ask(key, f"mutation($i: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $i) {{ {selection} "
                         "errors { code message field value } } }", i=given)[name]  # fmt: skip
        assert not found["errors"], found
        return found


def address(services: LocalServices) -> str:
    return services.urls.database_url.rpartition("@")[2].partition("/")[0]


def superuser(services: LocalServices) -> dict[str, str]:
    """The environment in which psql and its like work as the superuser."""
    assert services.postgres is not None
    found = re.fullmatch(r"postgresql://(\w+):(.+)@([\d.]+):(\d+)/\w+", services.postgres.url("postgres", "postgres"))
    assert found
    return dict(zip(("PGUSER", "PGPASSWORD", "PGHOST", "PGPORT"), found.groups(), strict=True))


def pattern(text: str) -> re.Pattern[str]:
    """What a block of output allows: a line of [...] stands for any lines."""
    found = "".join(r"(?:.*\n)*?" if line == "[...]" else re.escape(line) + r"\n" for line in text.splitlines())
    for name, varies in VARIES.items():
        found = found.replace(re.escape(name), varies)
    return re.compile(found)


@pytest.fixture(scope="module")
def empty_server() -> Iterator[LocalServices]:
    """A PostgreSQL with its superuser alone, and a Valkey."""
    yield from emptied()


def emptied() -> Iterator[LocalServices]:
    folder = Path(tempfile.mkdtemp(prefix=SWEPT))
    services = LocalServices(folder / "data", durable=False)
    try:
        services.start()
        assert services.postgres is not None
        services.postgres.sql("drop database meritline; drop role meritline_owner; drop role meritline_app;")
        yield services
    finally:
        services.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def host(empty_server: LocalServices, distributions: Path, uv: str) -> Iterator[Host]:
    """The host, with what an operator brings; its processes end with the module."""
    if shutil.which("curl") is None or shutil.which("openssl") is None:
        pytest.skip("the pages for operators use curl and openssl, which are not on PATH")
    root = Path(tempfile.mkdtemp(prefix=SWEPT))
    made = Host(root, empty_server, uv)
    (root / "work" / "dist").symlink_to(distributions)
    try:
        yield made
    finally:
        for state in made.units.glob("*.state"):
            if pid := int(state.read_text()):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
        shutil.rmtree(root)


def test_the_page_of_installation_command_by_command(host: Host) -> None:
    assert not (wrong := host.walk("install.md")), wrong


@dataclass(frozen=True)
class Company:
    """A company on the host, opened and appraised over HTTP alone."""

    key: str
    card: Any
    digest: str


CARD = ('{ scorecardByKey(employeeNo: "E1", scheme: "agents", period: "2026-01") { score rank state '
        "lines { key weightedPoints reading { value sampleSize } explanation(language: ZH) { text } } } }")


def run(host: Host, key: str, cycle: str) -> Any:
    """Run the cycle and wait for its end."""
    made = host.change(key, "runCycle", "run { id state }", cycle=cycle)["run"]
    end = time.monotonic() + 120
    while made["state"] in ("QUEUED", "RUNNING"):
        assert time.monotonic() < end, f"nobody took the job\n{host.logs()}"
        time.sleep(0.2)
        made = host.ask(key, "query($id: ID!) { node(id: $id) { ... on Run { id state resultDigest } } }",
                        id=made["id"])["node"]  # fmt: skip
    assert made["state"] == "COMPLETE", made
    return made


@pytest.fixture(scope="module")
def company(host: Host) -> Company:
    """The main job over HTTP: onboard, import, run, read."""
    operator = host.typed('echo "$OPERATOR_KEY"').strip()
    key = host.change(operator, "onboardTenant", "tenant { adminKey }", key="after-upgrade", name="Lasting",
                      currency="CNY", country="CN", languages=["en", "zh"],
                      timeZone="Asia/Shanghai")["tenant"]["adminKey"]  # fmt: skip
    host.change(key, "enableIndicatorSet", key="call_center")
    host.change(key, "upsertDepartments", departments=[{"code": "service", "name": "Service"}])
    host.change(key, "upsertEmployees", employees=[
        {"number": number, "name": number, "employments": [
            {"validFrom": "2025-01-01", "department": "service", "position": "call_agent"}]}
        for number in ("E1", "E2")])  # fmt: skip
    host.change(key, "saveScheme", document={
        "scheme": "agents", "title": "Agents", "title_zh": "坐席", "for_positions": ["call_agent"],
        "valid_from": "2026-01-01", "item": [{"indicator": "call_center.calls_answered", "weight": 100, "target": 4,
                                             "rule": {"kind": "to_target"}}]})  # fmt: skip
    landed = host.send("/v1/records/call_record?period=2026-01", key, (host.root / "work/calls.ndjson").read_bytes(),
                       "application/x-ndjson")  # fmt: skip
    assert (landed["accepted"], landed["rejected"]) == (3, 0)
    cycle = host.change(key, "openCycle", "cycle { id }", period="2026-01")["cycle"]["id"]
    done = run(host, key, cycle)
    return Company(key, host.ask(key, CARD)["scorecardByKey"], done["resultDigest"])


def test_the_installed_wheels_do_the_main_job_over_http(company: Company) -> None:
    card = company.card
    assert (card["score"], card["rank"], card["state"]) == ("75", 1, "COMPLETE")
    (line,) = [one for one in card["lines"] if one["key"] == "calls_answered"]
    assert (line["reading"]["value"], line["weightedPoints"]) == ("3", "75")
    assert "75" in line["explanation"]["text"]


def test_the_pages_come_from_within_the_wheel(host: Host) -> None:
    for path in ("/", "/graphiql"):
        page, policy = fetched(host.url + path)
        assert "default-src 'self'" in policy
        parts = re.findall(r'(?:src|href)="(/console/[^"]+)"', page)
        assert parts, page
        for part in parts:
            text, policy = fetched(host.url + part)
            assert text
            assert "default-src 'self'" in policy
    installed = host.typed("/opt/meritline/current/bin/python -c 'import meritline; print(meritline.__file__)'")
    assert Path(installed.strip()).is_relative_to(host.root), "nothing comes from the checkout"


def fetched(url: str) -> tuple[str, str]:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read().decode(), answer.headers["content-security-policy"]


def test_what_the_queue_forgets_is_found_in_the_database(host: Host, company: Company) -> None:
    """Valkey loses everything while a run waits in it; backup.md says that nothing is lost."""
    host.typed("sudo systemctl stop meritline@work.service")
    cycle = host.change(company.key, "openCycle", "cycle { id }", period="2026-01")["cycle"]["id"]
    asked = host.change(company.key, "runCycle", "run { id }", cycle=cycle)["run"]
    forgetful = redis.Redis.from_url(host.services.urls.redis_url)
    assert forgetful.dbsize()
    forgetful.flushall()
    forgetful.close()
    host.typed("sudo systemctl start meritline@work.service")
    end = time.monotonic() + 120
    state = ""
    while state != "COMPLETE":
        assert time.monotonic() < end, host.logs()
        time.sleep(0.2)
        found = host.ask(company.key, "query($id: ID!) { node(id: $id) { ... on Run { state resultDigest } } }",
                         id=asked["id"])["node"]  # fmt: skip
        state = found["state"]
    assert found["resultDigest"] == company.digest


def test_the_page_of_upgrades_command_by_command(host: Host, company: Company) -> None:
    assert not (wrong := host.walk("upgrade.md")), wrong
    assert (host.root / "opt/meritline/current").resolve().name == "0.1.0"
    assert host.ask(company.key, CARD)["scorecardByKey"] == company.card


def test_the_page_of_backups_command_by_command(host: Host, company: Company) -> None:
    """What was dumped stands on another server, and the same keys, cards and digests with it."""
    for other in emptied():
        allow_replication(host.services)
        to_app = {"PGUSER": "meritline_app", "PGPASSWORD": host.typed('echo "$APP_PASSWORD"').strip()}
        part = subprocess.run(["pg_dump", "meritline"], env=host.environ | to_app, capture_output=True, check=False)
        assert part.returncode != 0, "a role that policies hold must not get a dump of a part"
        assert host.services.postgres
        assert other.postgres
        host.restored_at = other
        assert not (wrong := host.walk("backup.md")), wrong
        host.services.postgres.sql("drop database meritline with (force);")
        assert host.ask(company.key, CARD)["scorecardByKey"] == company.card
        cycle = host.change(company.key, "openCycle", "cycle { id }", period="2026-01")["cycle"]["id"]
        assert run(host, company.key, cycle)["resultDigest"] == company.digest
        held = other.postgres.sql("select count(*) filter (where relrowsecurity and relforcerowsecurity) from pg_class "
                                  "where relname in ('scorecard', 'employee', 'audit_entry')", "meritline")  # fmt: skip
        assert held.strip() == "3"
        host.typed("sudo systemctl stop meritline@work.service meritline@serve.service")


def allow_replication(services: LocalServices) -> None:
    """As PostgreSQL is packaged: its superuser may replicate from this host."""
    assert services.postgres is not None
    with (services.postgres.home / "pg_hba.conf").open("a") as rules:
        rules.write("host replication postgres 127.0.0.1/32 scram-sha-256\n")
    services.postgres.sql("select pg_reload_conf();")


def test_everything_in_one_process_on_embedded_services(host: Host) -> None:
    """``meritline up`` of the wheels alone: the embedded servers too come with what the lock names."""
    program = host.root / "opt/meritline/current/bin/meritline"
    out = host.root / "up.out"
    with out.open("wb") as log:
        up = subprocess.Popen([program, "up", "--port", "0", "--data-dir", host.root / "up"], stdout=log, stderr=log,
                              env=host.environ, cwd=host.root / "work")  # fmt: skip
    try:
        end = time.monotonic() + 120
        while not (found := re.search(r"^serving (\S+)", out.read_text(), re.MULTILINE)):
            assert up.poll() is None, out.read_text()
            assert time.monotonic() < end, out.read_text()
            time.sleep(0.1)
        with urllib.request.urlopen(f"{found[1]}/readyz", timeout=60) as answer:
            assert json.loads(answer.read())["status"] == "ready"
    finally:
        up.terminate()
        ended = up.wait(60)
    assert ended == 0, out.read_text()

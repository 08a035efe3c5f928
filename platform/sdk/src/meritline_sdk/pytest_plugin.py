"""What pytest gets where the SDK is installed: fixtures for a plugin's tests. Decides that nobody else notices it.

pytest imports this for everybody who has the SDK, so it imports nothing of the SDK before a fixture is asked for, and
changes nothing of a run that asks for none.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

DATABASE = "MERITLINE_TEST_DATABASE_URL"
SERVER_GROUP = "meritline.testing"
BUDGET = "meritline_budget"
NO_SERVER = "SQL is compared where the server is: install the distribution meritline beside the SDK"
NO_DATABASE = f"SQL is compared in a database: give --meritline-database or {DATABASE}, an empty one that is migrated"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the server's SQL may be compared with plain Python."""
    parser.getgroup("meritline").addoption(
        "--meritline-database", metavar="URL", default=None,
        help=f"a migrated PostgreSQL database for tests, for the law sql (or {DATABASE}); nothing is left in it")


@pytest.fixture
def make_record() -> Callable[..., Any]:
    """``make_record(Callout, mechanic="M1", visits=1)``: a record, checked against its declaration."""
    from meritline_sdk.testing.making import make_record

    return make_record


@pytest.fixture
def read_indicator(only_this_plugin: None) -> Callable[..., Any]:
    """``read_indicator(FIX_RATE, records, period="2026-05")``: the indicator's reading of the records."""
    from meritline_sdk.testing.making import read_indicator

    return read_indicator


@pytest.fixture
def only_this_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """No installed plugin is discovered while the test runs: what else is installed cannot change its result."""
    from importlib.metadata import EntryPoints

    from meritline_sdk.hookspecs import ENTRY_POINT_GROUP

    select = EntryPoints.select

    def without(self: EntryPoints, **wanted: Any) -> EntryPoints:
        found = select(self, **wanted)
        return EntryPoints(one for one in found if one.group != ENTRY_POINT_GROUP)

    monkeypatch.setattr(EntryPoints, "select", without)


@pytest.fixture(scope="session")
def meritline_server(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The server's own meaning of golden cases and pools, where it is installed and a database is given."""
    from importlib.metadata import entry_points

    doors = list(entry_points(group=SERVER_GROUP))
    if not doors:
        pytest.skip(NO_SERVER)
    url = request.config.getoption("--meritline-database") or os.environ.get(DATABASE)
    if not url:
        pytest.skip(NO_DATABASE)
    with doors[0].load()(url) as server:
        yield server


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How long each Python measure took, where any was tried."""
    told = [value for reports in terminalreporter.stats.values() for one in reports
            for name, value in getattr(one, "user_properties", ()) if name == BUDGET and one.when == "call"]
    if told:
        terminalreporter.section("time of Python measures", sep="-")
    for key, rows, micros in sorted(map(tuple, told)):
        terminalreporter.line(f"{key}: {micros // 1000} ms for {rows} rows")

"""A Meritline as production runs it, for the scenarios: an API process and a worker, reached over HTTP and by command.

Each scenario onboards tenants of its own; nothing here reads a table.
"""

import itertools
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from meritline.local import LocalServices

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.scenarios.forking import Forking, Started  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
PATIENCE_S = 120


class Refused(AssertionError):
    """The server answered with errors where a scenario expected none."""


@dataclass(frozen=True)
class Api:
    """One key at one server; ``Api.ask`` is what any client program can do."""

    url: str
    key: str

    def ask(self, query: str, **variables: Any) -> Any:
        """The data of a GraphQL answer."""
        status, answer = self.post("/graphql", json.dumps({"query": query, "variables": variables}).encode(),
                                   "application/json")  # fmt: skip
        if status != 200 or answer.get("errors"):
            raise Refused(json.dumps(answer, indent=1, ensure_ascii=False))
        return answer["data"]

    def change(self, name: str, selection: str = "", /, **given: Any) -> Any:
        """The payload of a mutation that must be accepted."""
        found = self.tried(name, selection, **given)
        if found["errors"]:
            raise Refused(json.dumps(found["errors"], indent=1, ensure_ascii=False))
        return found

    def tried(self, name: str, selection: str = "", /, **given: Any) -> Any:
        """The payload of a mutation with what it refuses."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = (f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {selection} "
                 "errors { code message field line value remedy } } }")
        return self.ask(query, input=given)[name]

    def send(self, record_type: str, body: bytes | str, content_type: str, **options: str) -> tuple[int, Any]:
        """Status and answer of ``POST /v1/records/...``."""
        headers = {"Idempotency-Key": options.pop("idempotency_key")} if "idempotency_key" in options else {}
        query = f"?{urllib.parse.urlencode(options)}" if options else ""
        content = body.encode() if isinstance(body, str) else body
        return self.post(f"/v1/records/{record_type}{query}", content, content_type, headers)

    def delivered(self, record_type: str, rows: list[dict[str, Any]], **options: str) -> Any:
        """The answer to records that must all land."""
        body = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        status, answer = self.send(record_type, body, "application/x-ndjson", **options)
        if status != 200 or answer["rejected"] or answer["accepted"] + answer["unchanged"] != len(rows):
            raise Refused(json.dumps(answer, indent=1, ensure_ascii=False)[:4000])
        return answer

    def every(self, field: str, selection: str, **arguments: str) -> list[Any]:
        """All nodes of a connection, page by page; arguments are written as GraphQL has them."""
        found: list[Any] = []
        asked = {"first": "100", **arguments, "after": "null"}
        while True:
            given = ", ".join(f"{name}: {value}" for name, value in asked.items())
            page = self.ask(f"{{ {field}({given}) {{ totalCount pageInfo {{ hasNextPage endCursor }} "
                            f"nodes {{ {selection} }} }} }}")[field]  # fmt: skip
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                assert len(found) == page["totalCount"]
                return found
            asked["after"] = json.dumps(page["pageInfo"]["endCursor"])

    def appraise(self, period: str, wanted: str = "COMPLETE") -> Any:
        """Open the cycle, run it, wait for the end of the run."""
        cycle = self.change("openCycle", "cycle { id }", period=period)["cycle"]["id"]
        run = self.change("runCycle", "run { id number state }", cycle=cycle)["run"]
        deadline = time.monotonic() + PATIENCE_S
        while run["state"] in ("QUEUED", "RUNNING"):
            assert time.monotonic() < deadline, "nobody took the job"
            time.sleep(0.1)
            run = self.ask("query($id: ID!) { node(id: $id) { ... on Run { id number state error inputDigest "
                           "resultDigest subjects knownAt } } }", id=run["id"])["node"]  # fmt: skip
        if run["state"] != wanted:
            raise Refused(json.dumps(run, indent=1, ensure_ascii=False))
        return run

    def post(self, path: str, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """One request; the answer is JSON whatever the status is."""
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": content_type, "Accept-Language": "en"}
        request = urllib.request.Request(f"{self.url}{path}", body, {**sent, **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read())


@dataclass(frozen=True)
class Meritline:
    """A running product: its address, the operator's key, its command line."""

    url: str
    operator: Api
    environ: dict[str, str]
    forking: Forking | None = None

    def command(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """What ``meritline ...`` prints, on the same services."""
        given = [str(word) for word in words]
        if self.forking and (told := self.forking.run(given, PATIENCE_S)):
            return told
        return subprocess.run([sys.executable, "-m", "meritline.cli", *given], env=self.environ, text=True,
                              capture_output=True, timeout=PATIENCE_S, check=False)  # fmt: skip

    def onboard(self, key: str, /, **profile: Any) -> Api:
        """A new tenant, by the key of its administrator."""
        given = {"key": key, "name": key, "currency": "CNY", "languages": ["en", "zh"], "country": "CN", **profile}
        opened = self.operator.change("onboardTenant", "tenant { adminKey }", **given)["tenant"]
        return Api(self.url, opened["adminKey"])


CARD = ("score state grade { key } passed rank lines { key rawPoints weightedPoints reading { value state } "
        "explanation(language: EN) { text } } rewards { ruleKey kind act amount { amount } "
        "explanation(language: EN) { text } }")


@dataclass(frozen=True)
class Firm:
    """A company that takes printed schemes and starters, through the API alone."""

    api: Api

    def adopt(self, template: str, scheme: str, position: str, blanks: dict[str, Any] | None = None, /,
              **more: Any) -> None:
        """A scheme from a template or a starter, its blanks filled."""
        filling = {"blanks": blanks} if blanks else {}
        self.api.change("saveScheme", "scheme { key }", document={
            "scheme": scheme, "template": template, "for_positions": [position], "valid_from": "2026-01-01",
            **filling, **more})  # fmt: skip

    def reward(self, template: str, table: str, scheme: str, blanks: dict[str, Any] | None = None) -> None:
        """A reward table from that of a template or a starter."""
        filling = {"blanks": blanks} if blanks else {}
        self.api.change("saveRewardTable", "rewardTable { key }", document={
            "reward_table": table, "template": template, "scheme": scheme, "valid_from": "2026-01-01", **filling})

    def rate(self, period: str, scheme: str, subject: str, values: dict[str, Any], **more: str) -> None:
        """Ratings of one person by full indicator name."""
        for indicator, value in values.items():
            self.api.change("submitRating", period=period, scheme=scheme, subject=subject, indicator=indicator,
                            value=str(value), comment="by hand", **more)

    def lock(self, period: str) -> None:
        """Lock the period's cycle."""
        self.api.change("lockCycle", period=period)

    def card(self, employee: str, scheme: str, period: str) -> Any:
        """A scorecard, its lines and rewards by key."""
        query = (f"query($n: String!, $s: String!, $p: String!) {{ scorecardByKey(employeeNo: $n, scheme: $s, "
                 f"period: $p) {{ {CARD} }} }}")
        found = self.api.ask(query, n=employee, s=scheme, p=period)["scorecardByKey"]
        assert found is not None, f"{employee} has no card by {scheme} in {period}"
        return {**found, "lines": {each["key"]: each for each in found["lines"]},
                "rewards": {each["ruleKey"]: each for each in found["rewards"]}}


@pytest.fixture(scope="session")
def firm(meritline: "Meritline") -> Callable[..., Firm]:
    """Opens companies of people, each alone in a position: ``firm("key", "set", {"E1": "position"})``."""

    def opened(key: str, indicator_set: str, people: dict[str, str], pay: str = "1000.00") -> Firm:
        api = meritline.onboard(key, timeZone="Asia/Shanghai")
        api.change("enableIndicatorSet", key=indicator_set)
        api.change("upsertPositions", positions=[{"code": one, "nameEn": one, "nameZh": one}
                                                 for one in dict.fromkeys(people.values())])
        api.change("upsertDepartments", departments=[{"code": "D", "name": "Department"}])
        api.change("upsertEmployees", employees=[
            {"number": number, "name": number, "performancePay": pay, "employments": [
                {"validFrom": "2026-01-01", "position": position, "department": "D"}]}
            for number, position in people.items()])  # fmt: skip
        return Firm(api)

    return opened


@pytest.fixture(scope="session")
def meritline(local: LocalServices, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
              ) -> Iterator[Meritline]:  # fmt: skip
    """An API and a worker in processes of their own, on a database of their own."""
    with running(local, migrated_template, tmp_path_factory.mktemp("scenarios"), "scenarios") as made:
        yield made


@pytest.fixture(scope="session")
def with_plugins(local: LocalServices, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
                 ) -> Callable[..., AbstractContextManager[Meritline]]:  # fmt: skip
    """Runs another Meritline with settings of its own, ``with_plugins(MERITLINE_PLUGINS_DIR=folder)``; its tables are
    those of its plugins."""

    def run(**environ: str | Path) -> AbstractContextManager[Meritline]:
        number = next(NUMBERS)
        return running(local, migrated_template, tmp_path_factory.mktemp("plugged"), f"plugged_{number}", number,
                       {name: str(value) for name, value in environ.items()})

    return run


NUMBERS = itertools.count(8)


@contextmanager
def running(local: LocalServices, template: str, folder: Path, database: str, queue: int = 7,
            more: Mapping[str, str] | None = None) -> Iterator[Meritline]:
    """An API and a worker in processes of their own, on a database of their own; ``more`` is of their environment."""
    with kept(local, template, database), served(local, folder, database, queue, more) as made:
        yield made


@pytest.fixture(scope="session")
def lasting(local: LocalServices, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
            ) -> Callable[[], AbstractContextManager[Callable[..., AbstractContextManager[Meritline]]]]:  # fmt: skip
    """A database on which one Meritline after another runs, each with settings of its own: ``with lasting() as served,
    served(PYTHONPATH=folder) as first:``. Each migrates what its plugins need."""

    @contextmanager
    def last() -> Iterator[Callable[..., AbstractContextManager[Meritline]]]:
        number = next(NUMBERS)
        database, folder = f"lasting_{number}", tmp_path_factory.mktemp("lasting")
        with kept(local, migrated_template, database):
            yield lambda **environ: served(local, folder, database, number,
                                           {name: str(value) for name, value in environ.items()})

    return last


@contextmanager
def kept(local: LocalServices, template: str, database: str) -> Iterator[None]:
    """A database for as long as it is needed."""
    assert local.postgres is not None
    local.postgres.create_database(database, template)
    try:
        yield
    finally:
        local.postgres.drop_database(database)


@contextmanager
def served(local: LocalServices, folder: Path, database: str, queue: int,
           more: Mapping[str, str] | None) -> Iterator[Meritline]:
    """An API and a worker in processes of their own, on this database; they and commands are forked from a third."""
    urls = local.urls.for_database(database).environ()
    # A queue of its own: the worker must not take the jobs of other tests.
    urls["MERITLINE_REDIS_URL"] = urls["MERITLINE_REDIS_URL"].removesuffix("/0") + f"/{queue}"
    environ = {**os.environ, **urls, "PYTHONUNBUFFERED": "1", **(more or {})}
    with closing(Forking(folder, environ)) as forking:
        if more:
            done = Meritline("", Api("", ""), environ, forking).command("migrate")
            assert done.returncode == 0, done.stderr
        processes = [forking.start(["serve", "--port", "0"], folder / "serve.out"),
                     forking.start(["work"], folder / "work.out")]
        try:
            url = said(processes[0], folder / "serve.out", "serving ").removeprefix("serving ")
            said(processes[1], folder / "work.out", "working")
            made = Meritline(url, Api(url, ""), environ, forking)
            yield replace(made, operator=Api(url, operator_key(made)))
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(30)


def operator_key(made: Meritline) -> str:
    """The key that opens companies."""
    key = made.command("key", "create", "--tenant", "platform", "--role", "operator")
    assert key.returncode == 0, key.stderr
    return key.stdout.strip()


def said(process: Started, out: Path, beginning: str) -> str:
    """The line of its output that begins so."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        for line in out.read_text().splitlines():
            if line.startswith(beginning):
                return line
        assert process.poll() is None, out.read_text()
        time.sleep(0.05)
    raise AssertionError(f"{out.name}: {out.read_text()}")


@pytest.fixture(scope="session")
def shared_file() -> Callable[[str], Path]:
    """A file of the real data beside the checkout; the test is passed over where they are not there."""

    def find(name: str) -> Path:
        if not DATA.is_dir():
            pytest.skip(f"the real service data are absent: {DATA} does not exist")
        return DATA / name

    return find

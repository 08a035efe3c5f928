"""A page of scorecards over HTTP, against a bare Starlette route that gives the same rows.

Both run under uvicorn in a process of their own on loopback; the loop that asks them is this process.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import orjson
from tests.bench import deliveries
from tests.bench.appraising import Appraising
from tests.bench.declared import SHORT_POSITION, SHORT_SCHEME
from tests.bench.load import Load, Refused, ask, loop, request
from tests.bench.report import Row, Section, shown
from tests.bench.rounds import WARM_UP, Act, Figures, alternate
from tests.bench.sizes import Size
from tests.bench.stage import Company, Scene, Stage, company
from tests.bench.tickets import PERIOD

from meritline.local.ports import free_port

BARE, PRODUCT = "bare Starlette and asyncpg route", "GraphQL list of scorecards"
FIRST: Final = 50
START_S: Final = 60
QUERY = """
query Cards($first: Int!, $filter: ScorecardFilter) {
  scorecards(first: $first, filter: $filter, orderBy: {field: RANK}) {
    nodes {
      score rank state grade { key name } subject { kind code name }
      lines { indicator { title } reading { value } rawPoints weight weightedPoints }
    }
  }
}
"""
MEANING = f"""\
Requests per second for a page of {FIRST} scorecards with their subjects and grades, each with 6 lines of 5 fields
(about {{kilobytes:.0f}} kB of JSON), asked by {{connections}} connections that never pause. The *GraphQL list* is the
product as `meritline serve` runs it: key, permissions, limits, GraphQL, paging. The *bare route* gives the same rows
under the same tenant scope by two statements and nothing else. A ratio of 0.5x is half as many requests per second.
The reads are plain resolvers as yet: a compiler that turns a query into one statement is to come."""


async def measure(stage: Stage, size: Size) -> Section:
    """The benchmark on a database of its own."""
    async with stage.database() as scene:
        stage.tell("onboarding a company")
        firm = await company(scene, "listed", size.cards, SHORT_POSITION, codes=True)
        stage.tell(f"importing {size.card_records:,} records and appraising")
        await deliveries.load(scene, firm, size.card_records)
        await Appraising(scene, firm).run(WARM_UP)
        await scene.settle()
        async with servers(stage.folder, scene, firm) as (product, bare):
            expected = await same(product, bare)
            loads = Loads(size)
            variants: dict[str, Act] = {BARE: loads.act(BARE, bare), PRODUCT: loads.act(PRODUCT, product)}
            found = await alternate(variants, size.rounds, stage.tell)
    rows = (Row(BARE, found[BARE]), Row(PRODUCT, found[PRODUCT], found[PRODUCT].per(found[BARE])))
    meaning = MEANING.format(kilobytes=len(expected) / 1000, connections=size.connections)
    return Section("A list of scorecards over HTTP", "requests per second", meaning, rows, tuple(loads.notes()))


@dataclass(frozen=True, slots=True)
class Server:
    """A server process and what it is asked."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int
    message: bytes


@asynccontextmanager
async def servers(folder: Path, scene: Scene, firm: Company) -> AsyncIterator[tuple[Server, Server]]:
    """Both servers, ready."""
    body = orjson.dumps({"query": QUERY, "variables": {
        "first": FIRST, "filter": {"period": PERIOD, "scheme": SHORT_SCHEME},
    }})  # fmt: skip
    headers = {"Authorization": f"Bearer {firm.admin_key}", "Content-Type": "application/json"}
    path = f"/cards?period={PERIOD}&scheme={SHORT_SCHEME}&first={FIRST}"
    ports = free_port(), free_port()
    product = [sys.executable, "-m", "meritline.cli", "serve", "--host", "127.0.0.1", "--port", str(ports[0])]
    bare = [sys.executable, "-m", "tests.bench.bare", str(ports[1]), str(firm.tenant_id)]
    logs = folder / "product.log", folder / "bare.log"
    with process(scene, product, logs[0]) as first, process(scene, bare, logs[1]) as second:
        made = (Server(first, logs[0], ports[0], request("POST", "/graphql", headers, body)),
                Server(second, logs[1], ports[1], request("GET", path, {})))
        for each in made:
            await ready(each)
        yield made


@contextmanager
def process(scene: Scene, command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process on the scene's database, ended with the block."""
    with log.open("wb") as out:
        started = subprocess.Popen(command, env=os.environ | scene.urls.environ(), stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=out)  # fmt: skip
        try:
            yield started
        finally:
            started.terminate()
            started.wait(START_S)


async def ready(server: Server) -> None:
    """Wait for the first answer."""
    for _ in range(START_S * 10):
        if server.process.poll() is not None:
            raise RuntimeError(server.log.read_text()[-2000:])
        try:
            await ask(server.port, server.message)
            return
        except OSError:
            await asyncio.sleep(0.1)
    raise Refused("the server does not answer")


async def same(product: Server, bare: Server) -> bytes:
    """The product's answer, once both have been found to say the same."""
    answer = await ask(product.port, product.message)
    found = orjson.loads(answer)
    if "errors" in found:
        raise Refused(f"{found['errors']}\n{product.log.read_text()[-2000:]}")
    mine = [flat_product(each) for each in found["data"]["scorecards"]["nodes"]]
    other = [flat_bare(each) for each in orjson.loads(await ask(bare.port, bare.message))]
    if mine != other or len(mine) != FIRST:
        differing = next(((a, b) for a, b in zip(mine, other, strict=False) if a != b), (len(mine), len(other)))
        raise AssertionError(f"the two servers answer differently: {differing}")
    return answer


def flat_product(card: dict[str, Any]) -> list[Any]:
    """What a card of the product says."""
    subject, grade = card["subject"], card["grade"] or {}
    lines = [[line["indicator"]["title"], *map(number, (line["reading"]["value"], line["rawPoints"], line["weight"],
                                                        line["weightedPoints"]))] for line in card["lines"]]
    return [number(card["score"]), card["rank"], card["state"].lower(), grade.get("key"), grade.get("name"),
            subject["kind"].lower(), subject["code"], subject["name"], lines]


def flat_bare(card: dict[str, Any]) -> list[Any]:
    """What a card of the bare route says."""
    lines = [[line["title_en"], *map(number, (line["reading_value"], line["raw_points"], line["weight"],
                                              line["weighted_points"]))] for line in card["lines"]]
    return [number(card["score"]), card["rank"], card["state"], card["grade"], card["grade_title_en"],
            card["subject_kind"], card["subject_code"], card["subject_name"], lines]


def number(text: str | None) -> Decimal | None:
    """A decimal, however it is written."""
    return None if text is None else Decimal(text)


@dataclass(slots=True)
class Loads:
    """The loops over both servers, and what else they measured."""

    size: Size
    seen: dict[str, list[Load]] = field(default_factory=dict)

    def act(self, name: str, server: Server) -> Act:
        """One loop."""

        async def act(number: int) -> float:
            seconds = self.size.load_seconds / 4 if number == WARM_UP else self.size.load_seconds
            load = await loop(server.port, server.message, self.size.connections, seconds, server.process.pid)
            if number != WARM_UP:
                self.seen.setdefault(name, []).append(load)
            return load.per_second

        return act

    def notes(self) -> list[str]:
        """Times of answers and the servers' own work."""
        found = []
        for name, loads in self.seen.items():
            middle, slow = (Figures(tuple(getattr(each, what) for each in loads)).median
                            for what in ("median_ms", "slowest_ms"))
            cpu = [each.cpu_ms for each in loads if each.cpu_ms is not None]
            work = f", {shown(Figures(tuple(cpu)).median)} ms of the server's processor for a request" if cpu else ""
            found.append(f"{name}: half of the answers within {shown(middle)} ms, 99% within {shown(slow)} ms{work}")
        return found

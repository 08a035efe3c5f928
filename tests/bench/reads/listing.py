"""Reads over HTTP: a page of scorecards, one card, the leaderboard, a page of employees; against PostGraphile 5.

The page of scorecards is also measured against a bare Starlette route, which is the limit of what Python can do.

Every server is one process on loopback over the same tables; a client of its own asks one after the other.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from tests.bench import deliveries
from tests.bench.declared import SHORT_POSITION
from tests.bench.peers import install
from tests.bench.reads import profiled, servers
from tests.bench.reads.loads import Loads
from tests.bench.reads.questions import EACH, FIRST, LIST, OTHERS, Question
from tests.bench.reads.servers import BARE, PEER, PRODUCT, Server
from tests.bench.report import Row, Section
from tests.bench.rounds import WARM_UP, Act, Figures, alternate
from tests.bench.runs.appraising import Appraising
from tests.bench.sizes import Size
from tests.bench.stage import Company, Scene, Stage, company

LIST_MEANING = f"""\
Requests per second for a page of {FIRST} of {{cards:,}} scorecards: 8 fields, the subject, 6 lines of 5 fields (about
{{kilobytes:.0f}} kB of JSON), asked by {{connections}} connections that never pause. *Meritline* is `meritline serve`:
key, permissions, limits, GraphQL, paging. *PostGraphile 5* reads the same rows and fields of the same tables as the
same database role; its pgSettings set the tenant in a transaction, and it checks no key. The *bare route* sends the
JSON of one hand-written statement in the same tenant scope. All say the same before anything is measured."""
# PostGraphile learns from a comment what no constraint says.
RELATION = """
do $$ begin
  if not exists (select from pg_constraint where conrelid = 'score_line'::regclass
                 and confrelid = 'scorecard'::regclass) then
    comment on table score_line is '@foreignKey (tenant_id, scorecard_id) references scorecard (tenant_id, id)';
  end if;
end $$
"""
OTHER_MEANING = """\
Requests per second, asked in the same way. The card is another one each time, of all {cards:,}; PostGraphile gives the
stored steps of it where the product gives the explanation in words. The leaderboard shows 100 of {cards:,} cards and
counts them all; the employees are {first} of those whose name contains a text, with their present department and
position, counted too."""


async def measure(stage: Stage, size: Size) -> list[Section]:
    """The benchmark on a database of its own."""
    async with stage.database() as scene:
        stage.tell("onboarding a company")
        firm = await company(scene, "listed", size.cards, SHORT_POSITION, codes=True)
        stage.tell(f"importing {size.card_records:,} records and appraising")
        await deliveries.load(scene, firm, size.card_records)
        appraised = Appraising(scene, firm)
        await appraised.run(WARM_UP)
        await scene.owner.execute(RELATION)
        await scene.settle()
        assert appraised.last_run is not None
        with everyone(stage, scene, firm) as there:
            reading = Reading(stage, size, scene, firm, appraised.last_run, there)
            return [await reading.listed(), await reading.others()]


@contextmanager
def everyone(stage: Stage, scene: Scene, firm: Company) -> Iterator[dict[str, Server]]:
    """All servers that can be had here."""
    with ExitStack() as stack:
        found = [stack.enter_context(servers.product(stage.folder, scene, firm))]
        try:
            command = install.postgraphile(stage.tell)
            found.append(stack.enter_context(servers.peer(stage.folder, scene, firm, command)))
        except install.NoPeer as problem:
            stage.tell(str(problem))
        found.append(stack.enter_context(servers.bare(stage.folder, scene, firm)))
        yield {each.name: each for each in found}


@dataclass(slots=True)
class Reading:
    """The servers and what they are asked."""

    stage: Stage
    size: Size
    scene: Scene
    firm: Company
    run: UUID
    servers: dict[str, Server]

    async def listed(self) -> Section:
        """The page of scorecards."""
        loads = Loads(self.size, self.stage.postgres_pid)
        answer, found = await self.ask(LIST, list(self.servers), loads, self.size.load_seconds)
        mine, ratios = found[PRODUCT], {"list_bare": found[PRODUCT].per(found[BARE])}
        if PEER in found:
            ratios |= {"list": mine.per(found[PEER])} | slow_and_large(loads)
        base = found.get(PEER, found[BARE])
        rows = tuple(Row(name, each, None if each is base else each.per(base)) for name, each in found.items())
        meaning = LIST_MEANING.format(cards=self.size.cards, kilobytes=len(answer) / 1000,
                                      connections=self.size.connections)  # fmt: skip
        return Section("A list of scorecards over HTTP", "requests per second", meaning, rows,
                       tuple(loads.note(name) for name in found), ratios, await self.why(("list", "list_bare"), LIST))

    async def others(self) -> Section:
        """One card, the leaderboard and the employees."""
        rows: list[Row] = []
        notes: list[str] = []
        ratios: dict[str, Figures] = {}
        why: dict[str, str] = {}
        for question in OTHERS:
            loads = Loads(self.size, self.stage.postgres_pid)
            names = [name for name in self.servers if name != BARE]
            _, found = await self.ask(question, names, loads, self.size.load_seconds / 2)
            for name in names:
                ratio = found[name].per(found[PEER]) if name != PEER and PEER in found else None
                rows.append(Row(f"{question.title}: {name}", found[name], ratio))
                notes.append(f"{question.title}, {loads.note(name)}")
                if ratio is not None:
                    ratios[question.name] = ratio
            why |= await self.why((question.name,), question)
        meaning = OTHER_MEANING.format(cards=self.size.cards, first=FIRST)
        return Section("Other reads over HTTP", "requests per second", meaning, tuple(rows), tuple(notes), ratios, why)

    async def ask(self, question: Question, names: list[str], loads: Loads,
                  seconds: float) -> tuple[bytes, dict[str, Figures]]:  # fmt: skip
        """One question to these servers, and what the product answers."""
        asked = [self.servers[name] for name in names]
        answer = question.compared(asked, str(self.run))
        self.stage.tell(f"{question.title}: {len(asked)} servers say the same")
        variants: dict[str, Act] = {
            each.name: loads.act(each.name, each, each.request(question.body(each.name, str(self.run), EACH)), seconds)
            for each in asked
        }
        return answer, await alternate(variants, self.size.rounds, self.stage.tell)

    async def why(self, keys: tuple[str, ...], question: Question) -> dict[str, str]:
        """Where the product's time goes, if that was asked for."""
        if not self.stage.profile:
            return {}
        line = await profiled.line(self.stage, self.size, self.scene, self.firm, question)
        return dict.fromkeys(keys, line)


def slow_and_large(loads: Loads) -> dict[str, Figures]:
    """The slowest answers and the memory, against PostGraphile."""
    found = {}
    for key, name in (("p99", "slow_ms"), ("memory", "peak_mb")):
        mine, other = (loads.figures(each, attrgetter(name)) for each in (PRODUCT, PEER))
        if mine is not None and other is not None:
            found[key] = mine.per(other)
    return found

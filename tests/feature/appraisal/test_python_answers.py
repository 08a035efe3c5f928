"""How a run asks Python functions: before it holds anything, once for the same records, and never for longer than a
function deserves. The workshop is a stand-in here; the real one has its own tests."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest

from meritline.appraisal.explanation import explain_line
from meritline.appraisal.jobs import handlers
from meritline.appraisal.run import answers
from meritline.appraisal.run.answers import OF_FUNCTIONS, Functions
from meritline.appraisal.run.execute import code_of
from meritline.jobs import failure
from meritline.jobs.service import Jobs
from meritline.local import LocalUrls
from meritline.messages import catalogue
from meritline.onboarding.enabling import enable_indicator_set
from meritline.plugins import Catalogue
from meritline.plugins.host import catalogue_of
from meritline.plugins.processes import Batch, Failure, Source
from meritline.records.ddl import ensure_record_tables
from meritline.rewards.service import REWARDS
from meritline.tenancy.service import upsert_employees, upsert_positions
from meritline.tenancy.values import Employee, Position, Span
from meritline_sdk import (
    HIGHER,
    POINTS,
    Answer,
    Attribution,
    Indicator,
    IndicatorSet,
    Instant,
    Int,
    Item,
    Period,
    Person,
    PythonMeasure,
    RecordType,
    Row,
    Scheme,
    SubjectKind,
    Text,
    rules,
)
from meritline_sdk.evaluate.answers import AnswerError, checked, rows_of, settings_of
from meritline_sdk.explain.phrases import PHRASES


def text(word: str) -> Text:
    return Text(word, word)


class Step(RecordType, key="run_step", title=text("Step")):
    agent = Person()
    made_at = Instant()
    size = Int(optional=True)
    defaults = Attribution(credit=agent, at=made_at)


def big_steps(rows: Sequence[Row], settings: Mapping[str, Any], period: Period) -> Answer:
    """How many are larger than two; a step of no size is a mistake of the author."""
    return Answer(sum(6 // row.size < 3 for row in rows), POINTS)


s = Step
STEPS = Indicator("steps", text("Steps"), PythonMeasure(big_steps, s, rows={"size": s.size}, says=text("Big steps.")),
                  POINTS, HIGHER)  # fmt: skip
STAFF = Scheme("walkers", text("Walkers"), (Item(STEPS, weight=100, rule=rules.AsPoints()),), for_positions=("walker",))
TEAMS = Scheme("teams_walking", text("Teams"), (Item(STEPS, weight=100, rule=rules.AsPoints()),),
               subject=SubjectKind.DEPARTMENT)  # fmt: skip
WALK = IndicatorSet("walk", text("Walk"), records=[Step], indicators=[STEPS], schemes=[STAFF, TEAMS], rewards=[])
SOURCE = Source("walk 1", __name__.partition(".")[0])
MADE = {"W1": (3, 4, 1), "W2": (1, 1), "W3": (5,), "W4": (0, 4), "W5": ()}
CREW = {"W1": "north", "W2": "north", "W3": "south", "W4": "south", "W5": "south"}


@dataclass
class Stand:
    """Answers as a workshop does, in this process; waits at ``gate`` where there is one."""

    batches: list[Batch] = field(default_factory=list)
    gate: asyncio.Event | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)
    ended: str | None = None

    async def ask(self, batch: Batch) -> dict[str, Any]:
        self.batches.append(batch)
        self.came.set()
        if self.gate is not None:
            await self.gate.wait()
        return {name: self.said(batch, rows) for name, rows in batch.subjects}

    def said(self, batch: Batch, rows: Any) -> Any:
        if self.ended is not None:
            return Failure(self.ended, "it was ended")
        try:
            given = big_steps(rows_of(batch.measure, rows), settings_of(batch.measure, batch.parameters), batch.period)
            return checked(given, batch.unit, [name for name, _ in rows])
        except ZeroDivisionError:
            return Failure("plugin_raised", "ZeroDivisionError at walk:7")
        except AnswerError as wrong:
            return Failure(wrong.reason, wrong.told)

    @property
    def asked(self) -> int:
        """How many subjects were asked about."""
        return sum(len(each.subjects) for each in self.batches)


def installed(*, there: bool = True) -> Catalogue:
    """The catalogue, whose plugin has a place where its functions are; or lacks it."""
    found = catalogue_of(WALK)
    return replace(found, plugins=tuple(replace(each, source=SOURCE if there else None) for each in found.plugins))


@pytest.fixture
async def walkers(company: Any, urls: LocalUrls) -> AsyncIterator[Any]:
    """The company with its steps; ``walkers.asks(stand)`` gives it workers who ask that stand."""
    owner = await asyncpg.connect(urls.migration_database_url)
    try:
        await ensure_record_tables(owner, [Step.declaration], app_role="meritline_app")
    finally:
        await owner.close()
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await upsert_positions(uow, "test", [Position("walker", "Walker", "行者")])
        await upsert_employees(uow, "test", [walker(number, crew) for number, crew in CREW.items()])
        await enable_indicator_set(uow, "test", catalogue_of(WALK), "walk")
    company.employees = {row["number"]: row["id"] for row in await company.fetch(
        "select number, id from employee where tenant_id = $1")}
    await company.delivered("run_step")
    for number, sizes in MADE.items():
        for place, size in enumerate(sizes):
            await step(company, number, place, size)
    made: list[Jobs] = []

    def asks(stand: Stand, *, there: bool = True) -> None:
        functions = Functions(installed(there=there), stand)  # type: ignore[arg-type]
        made.append(Jobs(urls.redis_url, company.database,
                         handlers(company.database, company.clock, REWARDS, functions),
                         queue_name=f"test:walk:{company.tenant_id}", sweep_s=0.2))
        company.jobs = made[-1]

    company.asks = asks
    yield company
    for each in made:
        await each.close()


def walker(number: str, crew: str) -> Employee:
    """Somebody who has always been in the crew."""
    return Employee(number, f"Person {number}", employments=(Span(date(2020, 1, 1), None, crew, "walker"),))


async def step(company: Any, number: str, place: int, size: int, version: int = 1) -> None:
    """A step, or a newer version of it."""
    await company._record("run_step", f"{number}-{place}", version, {
        "agent_code": number, "agent": company.employees[number], "made_at": datetime(2026, 5, 20, tzinfo=UTC),
        "size": size})


async def run_of(company: Any) -> Any:
    (run,) = await company.fetch("select run.* from run join cycle on cycle.tenant_id = $1 and cycle.run_id = run.id "
                                 "where run.tenant_id = $1")
    return run


async def read(company: Any, scheme: str, *subjects: str) -> list[Any]:
    """State or value of the reading of each."""
    lines = [(await company.lines(subject, scheme))["steps"] for subject in subjects]
    return [line["reading_reason"] or int(line["reading_value"]) for line in lines]


async def test_it_asks_before_it_holds_the_cycle_and_nobody_twice(walkers: Any) -> None:
    stand = Stand(gate=asyncio.Event())
    walkers.asks(stand)
    running = asyncio.create_task(walkers.appraise())
    await asyncio.wait_for(stand.came.wait(), 60)
    async with walkers.database.unit_of_work(walkers.tenant_id) as uow:  # whoever needs the cycle has it
        await uow.conn.execute("select 1 from cycle where tenant_id = $1 for update nowait", walkers.tenant_id)
        await uow.conn.execute("select 1 from run where tenant_id = $1 for update nowait", walkers.tenant_id)
    assert stand.gate is not None
    stand.gate.set()
    assert (await running).result["state"] == "partial"
    assert await read(walkers, "walkers", "W1", "W2", "W3", "W4") == [2, 0, 1, "plugin_raised"]
    assert await read(walkers, "walkers", "W5") == ["no_records"], "without records nobody is asked"
    assert await read(walkers, "teams_walking", "north", "south") == [2, "plugin_raised"]
    # Four people and two teams, in one go, and not again inside the run's own unit.
    assert [len(each.subjects) for each in stand.batches] == [6]
    assert all(name.isdigit() for name, _ in stand.batches[0].subjects), "nothing says who it is"
    (raised,) = failure.load((await run_of(walkers))["error"])
    assert (raised.code, raised.value, raised.params["count"], raised.params["told"], raised.params["package"]) == (
        "E-RUN-READING-PLUGIN-RAISED", "walk.steps", "2", "ZeroDivisionError at walk:7", "here 0")


async def test_what_changed_meanwhile_is_asked_anew_and_nothing_else(walkers: Any) -> None:
    stand = Stand(gate=asyncio.Event())
    walkers.asks(stand)
    running = asyncio.create_task(walkers.appraise())
    await asyncio.wait_for(stand.came.wait(), 60)
    async with walkers.database.unit_of_work(walkers.tenant_id) as uow:
        await upsert_employees(uow, "test", [walker("W3", "north")])
    assert stand.gate is not None
    stand.gate.set()
    await running
    assert await read(walkers, "teams_walking", "north", "south") == [3, "plugin_raised"]
    first, second = stand.batches
    assert (len(first.subjects), len(second.subjects)) == (6, 1), "south has W4 alone now, about whom was asked"


async def test_a_run_over_another_scheme_tells_what_was_told(walkers: Any) -> None:
    walkers.asks(Stand())
    await walkers.appraise()
    before = failure.load((await run_of(walkers))["error"])
    walkers.asks(Stand())
    done = await walkers.appraise(scheme="firm")
    assert done.result["state"] == "partial"
    assert failure.load((await run_of(walkers))["error"]) == before


async def test_the_records_are_input_and_the_answers_result(walkers: Any) -> None:
    walkers.asks(Stand())
    await walkers.appraise()
    first = await run_of(walkers)
    await walkers.appraise()
    again = await run_of(walkers)
    assert (again["input_digest"], again["result_digest"]) == (first["input_digest"], first["result_digest"])
    await step(walkers, "W1", 0, 5, version=2)  # larger than two still
    await walkers.appraise()
    third = await run_of(walkers)
    assert third["input_digest"] != first["input_digest"]
    assert third["result_digest"] == first["result_digest"]


async def test_a_function_that_ends_its_process_again_and_again_is_not_asked_for_ever(
    walkers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "ROWS_AT_ONCE", 1)
    stand = Stand(ended="plugin_deadline")
    walkers.asks(stand)
    await walkers.appraise()
    assert stand.asked == answers.MOST_ENDED
    assert await read(walkers, "walkers", "W1", "W2", "W3", "W4") == ["plugin_deadline"] * 4


async def test_what_is_not_installed_is_named(walkers: Any) -> None:
    stand = Stand()
    walkers.asks(stand, there=False)
    assert (await walkers.appraise()).result["state"] == "partial"
    assert stand.batches == []
    assert await read(walkers, "walkers", "W1", "W5") == ["plugin_missing", "no_records"]
    (missing,) = failure.load((await run_of(walkers))["error"])
    assert (missing.code, missing.params["package"]) == ("E-RUN-READING-PLUGIN-MISSING", "here 0")
    line = (await walkers.lines("W1", "walkers"))["steps"]
    assert "needs here 0, which is not installed" in explain_line(line, "en")
    assert "需要 here 0，但未安装" in explain_line(line, "zh")


@pytest.mark.parametrize("reason", sorted(OF_FUNCTIONS))
def test_every_way_to_fail_has_its_words(reason: str) -> None:
    assert code_of(reason) in catalogue()
    assert f"why_{reason}" in PHRASES


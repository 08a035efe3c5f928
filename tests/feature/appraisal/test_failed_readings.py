"""A measure that cannot be computed fails alone: all other readings stand, and nothing hides what failed."""

import json
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from meritline.appraisal.explanation import explain_line, line_evidence
from meritline.appraisal.figures import FigureInput
from meritline.appraisal.figures.service import waive
from meritline.appraisal.publication import blockers
from meritline.jobs import failure
from meritline.local import LocalUrls
from meritline.measuring import attempts, store
from meritline.onboarding.enabling import enable_indicator_set
from meritline.plugins.host import catalogue_of
from meritline.records.ddl import ensure_record_tables
from meritline_sdk import (
    COUNT,
    HIGHER,
    PERCENT,
    Attribution,
    Count,
    Indicator,
    IndicatorSet,
    Instant,
    Int,
    Item,
    Part,
    Person,
    Ratio,
    RecordType,
    Scheme,
    Sum,
    Text,
    rules,
)

HUGE = 10**18 - 1


def text(word: str) -> Text:
    return Text(word, word)


class Meter(RecordType, key="run_meter", title=text("Meter")):
    agent = Person()
    read_at = Instant()
    shown = Int(minimum=0)
    defaults = Attribution(credit=agent, at=read_at)


class Ghost(RecordType, key="run_ghost", title=text("Ghost")):
    """Its plugin was installed, and nobody migrated: there is no table."""

    agent = Person()
    seen_at = Instant()
    defaults = Attribution(credit=agent, at=seen_at)


m, g = Meter, Ghost
READINGS = Indicator("readings", text("Readings"), Count(m), COUNT, HIGHER)
POWER = Indicator("power", text("Power"), Sum(m.shown * m.shown), COUNT, HIGHER)
SEEN = Indicator("seen", text("Seen"), Ratio(Count(g), Count(g)), PERCENT, HIGHER)
SCHEME = Scheme("meters", text("Meters"), items=(
    Item(READINGS, weight=40, rule=rules.PerUnit(10, start=0)),
    Item(POWER, weight=20, rule=rules.PerUnit(1, start=0)),
    Item(SEEN, weight=20, rule=rules.AsPoints()),
    Item(None, key="both", title=text("Both"), weight=20, parts=(
        Part(READINGS, weight=50, rule=rules.PerUnit(10, start=0)), Part(SEEN, weight=50, rule=rules.AsPoints()))),
), for_positions=("boss",))  # fmt: skip
PLANT = IndicatorSet("plant", text("Plant"), records=[Meter, Ghost], indicators=[READINGS, POWER, SEEN],
                     schemes=[SCHEME], rewards=[])


@pytest.fixture
async def plant(company: Any, urls: LocalUrls) -> Any:
    """The company, whose boss reads meters; one of them shows too much."""
    owner = await asyncpg.connect(urls.migration_database_url)
    try:
        await ensure_record_tables(owner, [Meter.declaration], app_role="meritline_app")
    finally:
        await owner.close()
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await enable_indicator_set(uow, "test", catalogue_of(PLANT), "plant")
    await company.delivered("run_meter")
    for number, shown in enumerate((1, 2, HUGE)):
        await company._record("run_meter", f"M-{number}", 1, {
            "agent_code": "B1", "agent": company.employees["B1"], "read_at": datetime(2026, 5, 9, tzinfo=UTC),
            "shown": shown})
    return company


async def run_row(company: Any) -> Any:
    (run,) = await company.fetch("select run.* from run join cycle on cycle.tenant_id = $1 and cycle.run_id = run.id "
                                 "where run.tenant_id = $1")
    return run


async def blocked(company: Any) -> list[tuple[str, Any]]:
    (cycle,) = await company.fetch("select id from cycle where tenant_id = $1")
    async with company.database.scoped_read(company.tenant_id, snapshot=True) as conn:
        found = await blockers(conn, company.tenant_id, cycle["id"])
    return [(each.code, each.value) for each in found if each.severity == "error"]


async def test_what_fails_fails_alone_is_named_and_blocks_publication_until_it_is_waived(plant: Any) -> None:
    done = await plant.appraise()
    assert (done.state, done.result["state"]) == ("done", "partial")
    run = await run_row(plant)
    problems = failure.load(run["error"])
    assert failure.load(json.dumps(done.result["failed"])) == problems
    assert [(each.code, each.value, each.params["count"]) for each in problems] == [
        ("E-RUN-READING-OVERFLOW", "plant.power", "1"), ("E-RUN-READING-STATEMENT", "plant.seen", "1")]
    assert ["a number became too large" in problems[0].text("en"), "拒绝" in problems[1].text("zh")] == [True, True]
    lines = await plant.lines("B1", "meters")
    readings, power, seen, both = (lines[key] for key in ("readings", "power", "seen", "both"))
    assert (readings["reading_state"], readings["reading_value"], readings["raw_points"]) == ("measured", 3, 30)
    assert (power["reading_state"], power["reading_value"], power["reading_reason"]) == ("failed", None, "overflow")
    assert (seen["reading_state"], seen["reading_reason"], seen["policy"]) == ("failed", "statement", "renormalise")
    assert "could not be computed: a number became too large" in explain_line(power, "en")
    assert "计算失败：数据库拒绝了其语句" in explain_line(seen, "zh")
    assert both["raw_points"] == 30  # of its parts only one could be read
    assert (await plant.cards("meters"))["B1"]["state"] == "incomplete"
    async with plant.database.scoped_read(plant.tenant_id) as conn:
        assert (await line_evidence(conn, plant.tenant_id, *plant.place_of(seen))).records == ()
        assert len((await line_evidence(conn, plant.tenant_id, *plant.place_of(readings))).records) == 3
    assert await blocked(plant) == [("E-BLOCK-FAILED", "plant.power"), ("E-BLOCK-FAILED", "plant.seen")]
    # Nobody else feels it.
    assert {key: line["reading_state"] for key, line in (await plant.lines("E1")).items()} == {
        "fix": "measured", "speed": "measured", "lost": "measured", "manner": "not_measured",
        "complaints": "measured"}
    # Waived readings are not failed ones, in items and in their parts.
    for key in ("plant.power", "plant.seen"):
        async with plant.database.unit_of_work(plant.tenant_id) as uow:
            await waive(uow, plant.principal("hr"), "2026-05", FigureInput(indicator=key, subject="B1"),
                        "the meter is broken", clock=plant.clock)
    assert (await plant.appraise()).result["state"] == "complete"
    assert await blocked(plant) == []
    assert (await run_row(plant))["error"] is None


async def test_a_run_over_another_scheme_keeps_what_failed_and_stays_partial(plant: Any) -> None:
    await plant.appraise()
    done = await plant.appraise(scheme="firm")
    assert done.result["state"] == "partial"
    assert [each.value for each in failure.load((await run_row(plant))["error"])] == ["plant.power", "plant.seen"]
    assert json.loads((await plant.lines("B1", "meters"))["seen"]["steps"])[0]["reason"] == "statement"


async def test_what_is_no_fault_of_a_measure_ends_the_run(plant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unlucky(*_: Any, **__: Any) -> Any:
        raise asyncpg.DeadlockDetectedError("deadlock detected")

    with monkeypatch.context() as patch:
        patch.setattr(store, "tallied", unlucky)
        async with plant.database.unit_of_work(plant.tenant_id) as uow:
            with pytest.raises(asyncpg.DeadlockDetectedError):
                await attempts.attempted(uow.conn, plant.tenant_id, [object()], None, None)  # type: ignore[list-item,arg-type]


async def test_a_definition_that_breaks_in_python_fails_its_own_readings(
    plant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from meritline.appraisal.run import readings

    whole = readings.read

    def broken(indicator: Indicator, *given: Any, **named: Any) -> Any:
        if indicator.key == "speed":
            raise ZeroDivisionError("a plugin divided by nothing")
        return whole(indicator, *given, **named)

    monkeypatch.setattr(readings, "read", broken)
    assert (await plant.appraise()).result["state"] == "partial"
    lines = await plant.lines("E1")
    assert (lines["speed"]["reading_state"], lines["speed"]["reading_reason"]) == ("failed", "broken")
    assert lines["fix"]["reading_state"] == "measured"
    assert ("E-BLOCK-FAILED", "desk.speed") in await blocked(plant)

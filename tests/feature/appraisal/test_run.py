"""A run from outside: records in, scorecards, places and rewards out; again, and after a correction."""

import asyncio
import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from meritline.appraisal.cycles import open_cycle
from meritline.appraisal.explanation import explain_line, line_evidence
from meritline.appraisal.publication import blockers
from meritline.appraisal.ratings import RatingInput, submit_rating
from meritline.appraisal.schemes import store_scheme
from meritline.appraisal.service import run_cycle
from meritline.domain.cycles import CycleStateRefused
from meritline.errors import MeritlineError
from meritline.records.store import hold
from meritline_sdk import Item, Scheme, SubjectKind, Text, rules

LATER = Scheme("later", Text("Later", "以后"), (Item("desk.fix", weight=100, rule=rules.AsPoints()),),
               subject=SubjectKind.COMPANY)  # fmt: skip


async def rate(company: Any, subject: str, value: str) -> None:
    """HR enters what the manager gave."""
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await submit_rating(uow, company.principal("hr"), RatingInput(
            "2026-05", "agents", "desk.manner", subject, Decimal(value)), clock=company.clock)


async def test_everybody_of_the_positions_gets_a_card_and_nothing_measured_is_not_zero(company: Any) -> None:
    done = await company.appraise()
    assert (done.state, done.problems) == ("done", ())
    cards = await company.cards()
    assert sorted(cards) == ["E1", "E2", "E3", "E4", "E5", "E6"]  # not the boss, and nobody who had left
    assert (cards["E5"]["state"], cards["E5"]["ranked"]) == ("incomplete", False)
    lines = await company.lines("E5")
    assert (lines["fix"]["reading_state"], lines["fix"]["reading_value"]) == ("not_measured", None)
    assert (lines["fix"]["raw_points"], lines["fix"]["policy"]) == (None, "renormalise")
    # A source that delivered the month and named nobody says zero; that is a measured zero.
    assert (lines["complaints"]["reading_state"], lines["complaints"]["reading_value"]) == ("measured", 0)


async def test_where_nothing_was_delivered_nobody_has_a_score_or_an_amount(make_company: Any) -> None:
    async with make_company() as company:
        await company.appraise()
        for scheme in ("agents", "teams", "firm"):
            cards = (await company.cards(scheme)).values()
            assert {(card["state"], card["score"], card["grade"], card["ranked"]) for card in cards} == {
                ("not_measured", None, None, False)}
        assert {line["reading_state"] for line in (await company.lines("E1")).values()} == {"not_measured"}
        assert set((await company.rewards()).values()) == {None}


async def test_scores_are_exact_and_the_department_of_the_periods_end_counts(company: Any) -> None:
    await rate(company, "E2", "70")
    await company.appraise()
    lines = await company.lines("E2")
    fix, speed, lost, manner = (lines[key] for key in ("fix", "speed", "lost", "manner"))
    assert (fix["numerator"], fix["denominator"], fix["sample_size"]) == ("8", "10", 10)
    assert fix["reading_value"] == 80
    assert Fraction(fix["raw_points_exact"]) == 90  # 100 - 2 * (85 - 80)
    assert speed["raw_points"] == 60
    assert (lost["reading_value"], lost["raw_points"]) == (0, 100)  # nobody was lost in the north
    assert manner["raw_points"] == 70
    assert (await company.lines("E1"))["manner"]["reading_reason"] == "no_ratings"
    card = (await company.cards())["E2"]
    assert card["score"] == Decimal(90 * 40 + 60 * 30 + 100 * 10 + 70 * 20) / 100
    assert (card["state"], card["grade"], card["passed"]) == ("complete", "good", True)
    assert [line["definition_hash"] for line in (fix, speed)] == [
        row["definition_hash"] for row in await company.fetch(
            "select definition_hash from indicator where tenant_id = $1 and key = any($2) order by key",
            ["desk.fix", "desk.speed"])]
    assert (await company.cards())["E6"]["department_code"] == "south"
    assert (await company.lines("E6"))["lost"]["raw_points"] == 0  # 3 of 10 lost in the south


async def test_places_are_for_those_with_enough_records(company: Any) -> None:
    await company.appraise()
    cards = await company.cards()
    assert {code: card["rank"] for code, card in cards.items() if card["ranked"]} == {
        code: place for place, code in enumerate(sorted(
            ("E1", "E2", "E3", "E6"), key=lambda code: -cards[code]["score"]), 1)}
    assert (cards["E4"]["ranked"], cards["E4"]["rank"], cards["E4"]["ranked_among"]) == (False, None, 4)
    assert cards["E4"]["score"] is not None  # scored, not ranked


async def test_departments_and_the_company_have_cards_of_their_own(company: Any) -> None:
    await company.appraise()
    teams = await company.cards("teams")
    assert sorted(teams) == ["north", "south"]
    north = await company.lines("north", "teams")
    # E1, E2, and E6 until the transfer: 10 + 10 + 2 tickets, two of them not fixed at once.
    assert (north["fix"]["numerator"], north["fix"]["denominator"]) == ("20", "22")
    south = await company.lines("south", "teams")
    assert (south["fix"]["numerator"], south["fix"]["denominator"]) == ("12", "14")
    assert (south["lost"]["reading_value"], south["lost"]["raw_points"]) == (30, 0)
    assert teams["north"]["rank"] == 1
    (firm,) = (await company.cards("firm")).values()
    assert Fraction(firm["exact_score"]) == Fraction(3200, 36)
    assert firm["subject_name"] == "The firm"


async def test_rewards_by_grade_a_fine_within_the_bonus_and_a_pool_to_the_cent(company: Any) -> None:
    await company.appraise()
    paid, cards = await company.rewards(), await company.cards()
    assert paid["E1", "level"] == Decimal("800.50")
    assert {code: paid[code, "level"] for code in ("E3",)} == {
        "E3": {"weak": Decimal(0), "good": Decimal(400), "best": Decimal("800.50")}[cards["E3"]["grade"]]}
    assert paid["E3", "grumble"] == -min(Decimal(600), paid["E3", "level"])  # four complaints, never below nothing
    assert paid["E1", "grumble"] == 0
    pool = [amount for (_, rule), amount in paid.items() if rule == "together"]
    assert (len(pool), sum(pool)) == (6, Decimal(100))
    currencies = await company.fetch("select distinct currency from reward_line where tenant_id = $1")
    assert [row["currency"] for row in currencies] == ["CNY"]


async def test_running_again_gives_the_same_digests_and_no_second_reward(company: Any) -> None:
    first = (await company.appraise()).result
    before = await company.rewards()
    second = (await company.appraise()).result
    assert first is not None
    assert second is not None
    assert (second["input_digest"], second["result_digest"]) == (first["input_digest"], first["result_digest"])
    assert (first["number"], second["number"]) == (1, 2)
    assert await company.rewards() == before
    rows = await company.fetch("select run_id, count(*) from scorecard where tenant_id = $1 group by run_id")
    assert [row["count"] for row in rows] == [9, 9]  # both runs stay
    (cycle,) = await company.fetch("select state, run_id from cycle where tenant_id = $1")
    assert (cycle["state"], str(cycle["run_id"])) == ("computed", second["run"])


async def test_no_id_and_no_clock_goes_into_a_digest(company: Any, make_company: Any) -> None:
    await company.appraise()
    async with make_company() as other:
        other.now += timedelta(days=3)
        await other.busy_may()
        await other.appraise()
        for scheme in ("agents", "teams"):
            first, second = await company.cards(scheme), await other.cards(scheme)
            assert {code: card["digest"] for code, card in first.items()} == {
                code: card["digest"] for code, card in second.items()}


async def test_a_corrected_record_changes_what_it_should_and_nothing_else(company: Any) -> None:
    first = (await company.appraise()).result
    before = {scheme: {code: card["digest"] for code, card in (await company.cards(scheme)).items()}
              for scheme in ("agents", "teams", "firm")}
    await company.ticket("E2-0", "E2", 2, hours=10, visits=2, queue="north", version=2)
    second = (await company.appraise()).result
    after = {scheme: {code: card["digest"] for code, card in (await company.cards(scheme)).items()}
             for scheme in ("agents", "teams", "firm")}
    assert second["input_digest"] != first["input_digest"]
    assert second["result_digest"] != first["result_digest"]
    changed = {(scheme, code) for scheme, cards in after.items() for code, digest in cards.items()
               if before[scheme][code] != digest}
    (firm,) = await company.cards("firm")
    assert changed == {("agents", "E2"), ("teams", "north"), ("firm", firm)}


async def test_a_reward_that_is_no_longer_given_is_removed(company: Any) -> None:
    await company.appraise()
    assert ("E6", "together") in await company.rewards()
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await uow.conn.execute(
            "update employment set position_id = (select id from position where tenant_id = $1 and code = 'boss') "
            "where tenant_id = $1 and employee_id = $2", company.tenant_id, company.employees["E6"])
    await company.appraise()
    paid = await company.rewards()
    assert not [key for key in paid if key[0] == "E6"]
    assert sum(amount for (_, rule), amount in paid.items() if rule == "together") == Decimal(100)


async def test_one_scheme_alone_keeps_what_the_others_gave(company: Any) -> None:
    first = (await company.appraise()).result
    before = {code: card["digest"] for code, card in (await company.cards()).items()}
    paid = await company.rewards()
    second = (await company.appraise(scheme="teams")).result
    assert {code: card["digest"] for code, card in (await company.cards()).items()} == before
    assert len(await company.lines("E1")) == 5
    assert await company.rewards() == paid
    assert second["result_digest"] == first["result_digest"]
    orphans = await company.fetch(
        "select 1 from reward_line line join cycle on cycle.tenant_id = $1 and cycle.id = line.cycle_id "
        "where line.tenant_id = $1 and line.run_id <> cycle.run_id")
    assert not orphans


async def test_a_second_run_is_refused_while_one_goes_on(company: Any) -> None:
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await open_cycle(uow, "test", "2026-05")

    async def ask() -> Any:
        async with company.database.unit_of_work(company.tenant_id) as uow:
            cycle = await open_cycle(uow, "test", "2026-05")
            return await run_cycle(uow, "test", cycle.id, enqueue=company.jobs.enqueue, now=company.clock())

    asked = await asyncio.gather(*(ask() for _ in range(5)), return_exceptions=True)
    refused = [each for each in asked if isinstance(each, BaseException)]
    assert [type(each) for each in refused] == [CycleStateRefused] * 4
    assert "running" in str(refused[0])
    (kept,) = [each for each in asked if not isinstance(each, BaseException)]
    async with company.jobs.working():
        assert (await company.jobs.wait(company.tenant_id, kept.job_id, 120)).state == "done"
    assert (await company.appraise()).state == "done"  # and then another


async def test_a_run_that_fails_leaves_everything_as_it_was(company: Any) -> None:
    await company.appraise()
    before = ({code: card["digest"] for code, card in (await company.cards()).items()}, await company.rewards())
    with pytest.raises(MeritlineError, match=r"no scheme 'agent'.*name one of: agents") as refused:
        await company.appraise(scheme="agent")
    assert refused.value.problem.code == "E-SCHEME-UNKNOWN"
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await store_scheme(uow, "test", LATER, date(2030, 1, 1))
    done = await company.appraise(scheme="later")
    assert done.state == "failed"
    assert [problem.code for problem in done.problems] == ["E-RUN-SCHEME"]
    (cycle,) = await company.fetch("select state from cycle where tenant_id = $1")
    assert cycle["state"] == "computed"
    (run,) = await company.fetch("select state, error from run where tenant_id = $1 and number = 2")
    assert run["state"] == "failed"
    assert json.loads(run["error"])[0]["code"] == "E-RUN-SCHEME"
    assert ({code: card["digest"] for code, card in (await company.cards()).items()}, await company.rewards()) == before


async def test_a_period_without_schemes_says_so(company: Any) -> None:
    done = await company.appraise("2026")
    assert [problem.code for problem in done.problems] == ["E-RUN-NO-SCHEME"]
    (cycle,) = await company.fetch("select state from cycle where tenant_id = $1 and period = '2026'")
    assert cycle["state"] == "open"
    with pytest.raises(MeritlineError, match="not a period"):
        await company.appraise("2026-13")


async def test_a_line_is_explained_down_to_its_records_as_they_were(company: Any) -> None:
    await company.appraise()
    line = (await company.lines("E2"))["fix"]
    said = explain_line(line, "en")
    assert "80" in said
    assert "90" in said
    assert explain_line(line, "zh-CN") != said
    # What arrives or changes later is not what the line was computed from.
    await company.ticket("E2-0", "E2", 2, hours=10, visits=9, queue="north", version=2)
    await company.ticket("E2-new", "E2", 20)
    async with company.database.scoped_read(company.tenant_id, snapshot=True) as conn:
        place = company.place_of(line)
        first = await line_evidence(conn, company.tenant_id, *place, first=7)
        rest = await line_evidence(conn, company.tenant_id, *place, first=7, after=first.records[-1].key)
        above = await line_evidence(conn, company.tenant_id, *place, side="numerator")
    found = [*first.records, *rest.records]
    assert [(first.more, len(first.records)), (rest.more, len(rest.records))] == [(True, 7), (False, 3)]
    assert {record.external_id for record in found} == {f"E2-{number}" for number in range(10)}
    assert {record.version for record in found} == {1}
    assert len(above.records) == 8


async def test_the_audit_chain_tells_of_the_run(company: Any) -> None:
    result = (await company.appraise()).result
    entries = await company.fetch("select action, body from audit_entry where tenant_id = $1 order by seq")
    told = [row["action"] for row in entries]
    assert told[-3:] == ["cycle.open", "cycle.run", "run.complete"]
    assert json.loads(entries[-1]["body"])["result"] == result["result_digest"]


async def test_an_import_that_is_under_way_is_waited_for_and_counts(company: Any) -> None:
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await open_cycle(uow, "test", "2026-05")
    async with company.database.unit_of_work(company.tenant_id) as importing:
        await hold(importing.conn, company.tenant_id)
        await company.ticket("E2-late", "E2", 30, queue="north", uow=importing)
        run = asyncio.create_task(company.appraise())
        async with asyncio.timeout(60):
            while not await company.fetch(  # noqa: ASYNC110
                    "select 1 from job where tenant_id = $1 and progress_note = 'waiting for imports'"):
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.2)
        assert not run.done()
    assert (await run).state == "done"
    line = (await company.lines("E2"))["fix"]
    assert (line["numerator"], line["denominator"]) == ("9", "11")
    async with company.database.scoped_read(company.tenant_id) as conn:
        assert len((await line_evidence(conn, company.tenant_id, *company.place_of(line))).records) == 11


async def test_what_stands_in_the_way_of_publication_is_named(company: Any) -> None:
    await company.ticket("lost", None, 9, queue="north", agent_code="X99")
    await company.appraise()
    (cycle,) = await company.fetch("select id from cycle where tenant_id = $1")
    async with company.database.scoped_read(company.tenant_id, snapshot=True) as conn:
        found = await blockers(conn, company.tenant_id, cycle["id"])
    assert [(each.severity, each.code, each.field, each.value, each.params["count"]) for each in found] == [
        ("error", "E-BLOCK-UNRESOLVED", "run_ticket.agent", "X99", 1),
        ("warning", "E-BLOCK-RATING", "agents", "desk.manner", 6),
    ]

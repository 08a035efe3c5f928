"""Figures that people enter and readings that they waive, from outside: what is refused, what stands, what is told."""

import asyncio
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from meritline.access.principal import Principal
from meritline.appraisal.explanation import explain_line, line_evidence
from meritline.appraisal.figures import FigureInput, Outcome
from meritline.appraisal.figures.service import COMMAND_LINE, enter, enter_figures, waive, withdraw
from meritline.audit.service import verify
from meritline.errors import Forbidden, MeritlineError, Refused, Stale
from meritline_sdk import SubjectKind

FIX = FigureInput(indicator="desk.fix", subject="E1", numerator=Decimal(7), denominator=Decimal(8), source="the book")
SPEED = FigureInput(indicator="desk.speed", subject="E1", value=Decimal("3.5"), source="the book")
LONG, BROKEN = "x" * 501, "\ud800"


async def entered(company: Any, *given: FigureInput, who: Principal | None = None, period: str = "2026-05") -> Outcome:
    async with company.database.unit_of_work(company.tenant_id) as uow:
        return await enter(uow, who or company.principal("hr"), period, given, clock=company.clock)


async def waived(company: Any, given: FigureInput, reason: str = "was at sea", who: Principal | None = None) -> Any:
    async with company.database.unit_of_work(company.tenant_id) as uow:
        return await waive(uow, who or company.principal("hr"), "2026-05", given, reason, clock=company.clock)


async def withdrawn(company: Any, given: FigureInput, who: Principal | None = None) -> Any:
    async with company.database.unit_of_work(company.tenant_id) as uow:
        return await withdraw(uow, who or company.principal("hr"), "2026-05", given, "a mistake", clock=company.clock)


@pytest.mark.parametrize(("given", "field", "code"), [
    (replace(FIX, indicator="desk.fixx"), "indicator", "E-INDICATOR-UNKNOWN"),
    (replace(FIX, indicator="desk.manner"), "indicator", "E-FIGURE-RATED"),
    (replace(FIX, subject="E99"), "employee_no", "E-FIGURE-SUBJECT"),
    (replace(FIX, subject="E7"), "employee_no", "E-FIGURE-SUBJECT"),  # had left
    (replace(FIX, subject="west", subject_kind=SubjectKind.DEPARTMENT), "department_code", "E-FIGURE-SUBJECT"),
    (replace(FIX, denominator=None), "value", "E-FIGURE-FORM"),
    (replace(FIX, value=Decimal(80)), "value", "E-FIGURE-FORM"),
    (replace(FIX, numerator=None, denominator=None), "value", "E-FIGURE-FORM"),
    (replace(FIX, denominator=Decimal(0)), "denominator", "E-FIGURE-DENOMINATOR"),
    (replace(FIX, denominator=Decimal(-8)), "denominator", "E-FIGURE-DENOMINATOR"),
    (replace(FIX, numerator=Decimal("NaN")), "numerator", "E-FIGURE-NUMBER"),
    (replace(FIX, denominator=Decimal("Infinity")), "denominator", "E-FIGURE-NUMBER"),
    (replace(FIX, denominator=Decimal("1e16")), "denominator", "E-FIGURE-NUMBER"),
    (replace(FIX, numerator=Decimal("7.5")), "numerator", "E-FIGURE-WHOLE"),
    (replace(FIX, denominator=Decimal("8.5")), "denominator", "E-FIGURE-WHOLE"),
    (replace(FIX, numerator=Decimal(9)), "numerator", "E-FIGURE-SHARE"),
    (replace(FIX, numerator=Decimal(-1)), "numerator", "E-FIGURE-NEGATIVE"),
    (replace(FIX, sample=-1), "sample", "E-FIGURE-SAMPLE"),
    (replace(FIX, source=None), "source", "E-FIGURE-SOURCE"),
    (replace(FIX, source=" "), "source", "E-FIGURE-SOURCE"),
    (replace(FIX, source=LONG), "source", "E-FIGURE-LONG"),
    (replace(FIX, note=BROKEN), "note", "E-FIGURE-TEXT"),
    (replace(FIX, note="a\0b"), "note", "E-FIGURE-TEXT"),
    (replace(FIX, source="two\nlines"), "source", "E-FIGURE-TEXT"),
    (replace(FIX, expected_version=1), "expected_version", "E-CONFLICT-STALE"),
    (replace(SPEED, numerator=Decimal(1), denominator=Decimal(2), value=None), "numerator", "E-FIGURE-NO-RATIO"),
    (replace(SPEED, value=Decimal("0.12345678901")), "value", "E-FIGURE-DECIMALS"),
    (replace(SPEED, value=Decimal(-1)), "value", "E-FIGURE-UNIT"),
    (replace(SPEED, indicator="desk.fix", value=Decimal("100.5")), "value", "E-FIGURE-UNIT"),
    (replace(SPEED, indicator="desk.complaints", value=Decimal("1.5")), "value", "E-FIGURE-WHOLE"),
    (replace(SPEED, indicator="desk.complaints", value=Decimal(-1)), "value", "E-FIGURE-UNIT"),
])  # fmt: skip
async def test_what_cannot_be_is_refused_in_both_languages_while_the_good_row_beside_it_lands(
    company: Any, given: FigureInput, field: str, code: str
) -> None:
    good = replace(SPEED, subject="E2", row=1)
    outcome = await entered(company, good, replace(given, row=2))
    (refused,) = outcome.problems
    assert (refused.code, refused.field, refused.row) == (code, field, 2)
    assert "?" not in refused.text("en") + refused.text("zh")
    assert [figure.place.code for figure in outcome.written] == ["E2"]
    assert len(await company.fetch("select 1 from entered_figure where tenant_id = $1")) == 1


async def test_nobody_enters_their_own_and_only_some_roles_enter_at_all(company: Any) -> None:
    assert [each.code for each in (await entered(company, FIX, who=company.principal("hr", "E1"))).problems] == [
        "E-FIGURE-OWN"]
    for role, employee in (("manager", "B1"), ("employee", "E2"), ("auditor", None)):
        with pytest.raises(Forbidden):
            await entered(company, FIX, who=company.principal(role, employee))
        with pytest.raises(Forbidden):
            await waived(company, FIX, who=company.principal(role, employee))
    with pytest.raises(Refused, match="E-FIGURE-OWN"):
        await waived(company, FIX, who=company.principal("admin", "E1"))
    with pytest.raises(Forbidden):
        await waived(company, FIX, who=company.principal("integrator"))
    with pytest.raises(Refused, match="E-FIGURE-REASON"):
        await waived(company, FIX, reason="  ")
    assert not await company.fetch("select 1 from entered_figure where tenant_id = $1")
    assert (await entered(company, FIX, who=company.principal("integrator"))).written
    await waived(company, replace(FIX, subject="E2"))
    with pytest.raises(Forbidden):  # an integration may not lift what a person waived
        await withdrawn(company, replace(FIX, subject="E2"), who=company.principal("integrator"))
    with pytest.raises(Refused, match="E-FIGURE-OWN"):
        await withdrawn(company, FIX, who=company.principal("hr", "E1"))


async def test_the_same_again_changes_nothing_and_another_names_what_it_replaces(company: Any) -> None:
    first = (await entered(company, FIX)).written[0]
    again = await entered(company, replace(FIX, denominator=Decimal("8.0")))
    assert (again.written, [each.id for each in again.unchanged]) == ([], [first.id])
    other = replace(FIX, numerator=Decimal(6))
    for seen in (None, 2):
        (stale,) = (await entered(company, replace(other, expected_version=seen))).problems
        assert stale.code == "E-CONFLICT-STALE"
    second = (await entered(company, replace(other, expected_version=1))).written[0]
    assert (second.id, second.version, second.content.numerator) == (first.id, 2, 6)
    assert (await entered(company, replace(other, expected_version=1))).unchanged  # sent twice
    async with company.database.unit_of_work(company.tenant_id) as uow:
        done = await enter_figures(uow, COMMAND_LINE, "2026-05", [FIX], clock=company.clock, replace=True)
    assert done.written[0].version == 3
    with pytest.raises(Stale):
        await waived(company, replace(FIX, expected_version=1))
    assert (await waived(company, replace(FIX, expected_version=3))).version == 4
    gone = await withdrawn(company, FIX)
    assert (gone.version, gone.content.withdrawn) == (5, True)
    with pytest.raises(MeritlineError, match="E-NOT-FOUND"):
        await withdrawn(company, FIX)
    assert (await entered(company, FIX)).written[0].version == 6
    kept = await company.fetch("select version, kind, numerator, withdrawn from entered_figure_history "
                               "where tenant_id = $1 order by version")
    assert [tuple(row) for row in kept] == [
        (1, "ratio", 7, False), (2, "ratio", 6, False), (3, "ratio", 7, False), (4, "waiver", None, False),
        (5, "waiver", None, True), (6, "ratio", 7, False)]
    actions = await company.fetch("select action, body from audit_entry where tenant_id = $1 and action similar to "
                                  "'(figure|figures|reading)[.]%' order by seq")
    assert [row["action"] for row in actions] == ["figures.enter"] * 3 + ["reading.waive", "figure.withdraw",
                                                                           "figures.enter"]
    assert json.loads(actions[1]["body"])["figures"][0]["numerator"] == "6"
    async with company.database.scoped_read(company.tenant_id, snapshot=True) as conn:
        assert await verify(conn, company.tenant_id) is None


async def test_two_writers_at_once_are_told_apart(company: Any) -> None:
    """The second waits for the first: the same figure stands already, another is refused, and nothing is lost."""
    for other, wanted in ((FIX, ([], 1, [])), (replace(FIX, numerator=Decimal(5)), ([], 0, ["E-CONFLICT-STALE"]))):
        async with company.database.unit_of_work(company.tenant_id) as first:
            hr = company.principal("hr")
            await enter(first, hr, "2026-05", [replace(FIX, subject="E3" if wanted[2] else "E2")], clock=company.clock)
            second = asyncio.create_task(entered(company, replace(other, subject="E3" if wanted[2] else "E2", row=1)))
            await asyncio.sleep(0.3)
            assert not second.done()
        outcome = await second
        assert (outcome.written, len(outcome.unchanged), [each.code for each in outcome.problems]) == wanted
    kept = await company.fetch("select numerator, version from entered_figure where tenant_id = $1")
    assert [tuple(row) for row in kept] == [(7, 1), (7, 1)]


async def test_an_entered_figure_stands_instead_of_the_records_and_says_so(company: Any) -> None:
    before = (await company.appraise()).result
    async with company.database.unit_of_work(company.tenant_id) as uow:
        key = await uow.conn.fetchval(
            "insert into api_key (tenant_id, role, label, secret_hash) values ($1, 'hr', 'Mei in HR', $2) returning id",
            company.tenant_id, bytes(32))
    mei = replace(company.principal("hr"), key_id=key)
    await entered(company, replace(FIX, subject="E2", note="paper tickets"), replace(SPEED, subject="E5"), who=mei)
    after = (await company.appraise()).result
    assert after["input_digest"] != before["input_digest"]
    assert after["result_digest"] != before["result_digest"]
    line = (await company.lines("E2"))["fix"]
    assert (line["reading_state"], Fraction(line["reading_exact"])) == ("measured", Fraction(700, 8))
    assert (line["numerator"], line["denominator"], line["sample_size"]) == ("7", "8", 8)
    assert Fraction(line["raw_points_exact"]) == 100  # 87.5 is above the target of 85
    mark = json.loads(line["entered"])
    assert mark | {"at": ""} == {
        "by": "Mei in HR", "at": "", "source": "the book", "note": "paper tickets", "version": 1,
        "records_state": "measured", "records_value": "80"}
    assert mark["at"].startswith("2026-06-02T16:")  # the company's own day and hour
    english, chinese = explain_line(line, "en"), explain_line(line, "zh")
    assert ("7/8 = 87.5% (entered by Mei in HR on 2026-06-02, source: the book; paper tickets), instead of 8/10 = 80% "
            "by the records") in english
    assert "由 Mei in HR 于 2026-06-02 录入，来源：the book；paper tickets" in chinese
    assert "替代按记录所得的 8/10 = 80%" in chinese
    async with company.database.scoped_read(company.tenant_id) as conn:
        assert (await line_evidence(conn, company.tenant_id, *company.place_of(line))).records == ()
    # Where there are no records nothing is replaced, and without a sample no sample is too small.
    speed = (await company.lines("E5"))["speed"]
    assert (speed["reading_value"], speed["sample_size"]) == (Decimal("3.5"), 0)
    assert "instead" not in explain_line(speed, "en")
    assert "entered by Mei in HR" in explain_line(speed, "en")


async def test_a_later_change_of_a_figure_does_not_touch_a_finished_run(company: Any) -> None:
    await entered(company, FIX)
    first = (await company.appraise()).result
    line = (await company.lines("E1"))["fix"]
    await entered(company, replace(FIX, numerator=Decimal(1), expected_version=1))
    again = await company.fetch("select * from score_line where tenant_id = $1 and scorecard_id = $2 "
                                "and position = $3", *company.place_of(line))
    assert dict(again[0]) == dict(line)
    second = (await company.appraise()).result
    assert first["input_digest"] != second["input_digest"]
    await entered(company, replace(FIX, expected_version=2))
    third = (await company.appraise()).result  # who entered it and when is no input: the same figure, the same digests
    assert (third["input_digest"], third["result_digest"]) == (first["input_digest"], first["result_digest"])


async def test_a_figure_on_too_small_a_sample_is_shown_and_counts_as_missing(company: Any) -> None:
    await entered(company, replace(FIX, numerator=Decimal(1), denominator=Decimal(1)))  # two are needed
    await company.appraise()
    line = (await company.lines("E1"))["fix"]
    assert (line["reading_state"], line["reading_value"], line["raw_points"]) == ("sample_too_small", 100, None)
    assert "entered by" in explain_line(line, "en")


async def test_a_waived_reading_drops_out_with_its_reason(company: Any) -> None:
    await waived(company, replace(FIX, subject="E2"))
    await waived(company, replace(FIX, indicator="desk.manner", subject="E3"))
    await company.appraise()
    lines = await company.lines("E2")
    fix = lines["fix"]
    assert (fix["reading_state"], fix["reading_value"], fix["reading_reason"]) == ("waived", None, "was at sea")
    assert (fix["policy"], fix["raw_points"], fix["effective_weight_exact"]) == ("exempt", None, "0")
    assert "was at sea" in explain_line(fix, "en")
    assert "8/10 = 80%" in explain_line(fix, "zh")  # what was set aside is told too
    assert (await company.lines("E3"))["manner"]["reading_state"] == "waived"
    assert Fraction(lines["speed"]["effective_weight_exact"]) == Fraction(30 * 100, 40)  # manner was not rated either


async def test_a_department_and_the_company_have_figures_of_their_own(company: Any) -> None:
    north = replace(FIX, subject="north", subject_kind=SubjectKind.DEPARTMENT)
    firm = replace(FIX, subject=None, subject_kind=SubjectKind.COMPANY, denominator=Decimal(10))
    await entered(company, north, firm)
    await company.appraise()
    assert (await company.lines("north", "teams"))["fix"]["reading_value"] == Decimal("87.5")
    (code,) = await company.cards("firm")
    assert (await company.lines(code, "firm"))["fix"]["reading_value"] == 70
    assert (await company.lines("E1"))["fix"]["reading_value"] == 100  # nobody else's


async def test_what_no_scheme_reads_is_taken_with_a_warning(company: Any) -> None:
    lost = replace(FIX, indicator="desk.lost")  # read of departments, not of employees
    outcome = await entered(company, FIX, lost)
    assert len(outcome.written) == 2
    assert [(each.code, each.value, each.severity) for each in outcome.warnings] == [
        ("E-FIGURE-UNREAD", "desk.lost", "warning")]
    assert [each.code for each in (await entered(company, FIX, period="2026-Q2")).warnings] == ["E-FIGURE-UNREAD"]


async def test_an_entered_ratio_is_compared_unrounded(company: Any) -> None:
    """10.002 % is shown as 10.00 % and still misses a target of at most 10 %; 10 % keeps it."""
    lost = FigureInput(indicator="desk.lost", subject="north", subject_kind=SubjectKind.DEPARTMENT,
                       numerator=Decimal(5001), denominator=Decimal(50000), source="the exchange")
    await entered(company, lost, replace(lost, subject="south", numerator=Decimal(5000)))
    await company.appraise()
    for subject, points in (("E1", 0), ("E3", 100)):
        line = (await company.lines(subject))["lost"]
        assert (f"{line['reading_value']:.2f}", line["raw_points"]) == ("10.00", points)
        assert "entered by" in explain_line(line, "en")


async def test_what_is_published_takes_no_figure_and_no_waiver(company: Any) -> None:
    await entered(company, FIX)
    await company.appraise()
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await uow.conn.execute("update cycle set state = 'published' where tenant_id = $1", company.tenant_id)
    for attempt in (entered(company, replace(FIX, subject="E2")), waived(company, FIX), withdrawn(company, FIX)):
        with pytest.raises(MeritlineError, match="E-FIGURE-PUBLISHED"):
            await attempt

"""Who rates in which role, and rating sheets: a real workbook goes out, is filled in with openpyxl, and comes back."""

import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from meritline.access.principal import Principal
from meritline.appraisal.definitions import save_indicator, save_scheme
from meritline.appraisal.ratings import RatingInput, submit_rating
from meritline.appraisal.ratings.sheet import OPERATOR, SheetSummary, make_sheet, take_sheet
from meritline.appraisal.ratings.sheet.layout import COLUMNS, HEADER_ROW, place
from meritline.errors import MeritlineError, Refused
from meritline.onboarding.enabling import enable_indicator_set
from meritline.plugins.host import catalogue_of
from meritline.tenancy.service import upsert_employees, upsert_positions
from meritline.tenancy.values import Employee, Position, Span
from meritline_sdk import POINTS, Anchor, IndicatorSet, RatedIndicator, Raters, Text
from meritline_sdk.explain import line_text

PERIOD = "2026-05"
GRADES = tuple(Anchor(20 * n, Text(f"grade {n}", f"{n} 级")) for n in range(1, 6))
TEAM = RatedIndicator("team", Text("Teamwork", "团队合作"), raters=(Raters("peer", 50), Raters("superior", 50), "self"),
                      anchors=GRADES, looks_at=Text("=Sharing", "=共享"))  # fmt: skip
NUMBER = RatedIndicator("team_number", Text("Teamwork as a number", "团队协作评分"), of="team")
CARE = RatedIndicator("care", Text("Care", "关怀"), scale_max=20, unit=POINTS,
                      raters=("team_leader", "customer", "department", "inspector"))
UNNAMED = RatedIndicator("unnamed", Text("Name missing", "(名称缺失)"), needs_name=True)
FORM = IndicatorSet("form", Text("Form", "表单"), indicators=[TEAM, NUMBER, CARE, UNNAMED])
GIVEN = RatingInput(PERIOD, "agents", "form.team", "E1", Decimal(80))


def scheme(*indicators: str) -> dict[str, Any]:
    weight = 100 / len(indicators)
    return {"scheme": "agents", "valid_from": "2020-01-01", "for_positions": ["agent"], "item": [
        {"indicator": f"form.{key}", "weight": str(Decimal(weight)), "rule": {"kind": "as_points"}}
        for key in indicators]}  # fmt: skip


@pytest.fixture
async def firm(make_company: Any) -> AsyncIterator[Any]:
    """A company whose scheme rates teamwork and care."""
    async with make_company() as company:
        async with company.database.unit_of_work(company.tenant_id) as uow:
            await enable_indicator_set(uow, "test", catalogue_of(FORM), "form")
            await upsert_positions(uow, "test", [Position("quality_inspector", "Inspector", "质检员")])
            await upsert_employees(uow, "test", [Employee("Q1", "Person Q1", employments=(
                Span(date(2020, 1, 1), None, "south", "quality_inspector", None),))])
            await save_scheme(uow, "test", scheme("team_number", "care"))
            company.employees["Q1"] = await uow.conn.fetchval(
                "select id from employee where tenant_id = $1 and number = 'Q1'", company.tenant_id)
        yield company


async def submit(firm: Any, who: Principal, **changed: Any) -> Any:
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        return await submit_rating(uow, who, replace(GIVEN, **changed), clock=firm.clock)


async def refusal(firm: Any, who: Principal, **changed: Any) -> str:
    with pytest.raises(MeritlineError) as refused:
        await submit(firm, who, **changed)
    return refused.value.problem.code


async def sheet_of(firm: Any, who: Any, **options: Any) -> openpyxl.Workbook:
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        return openpyxl.load_workbook(io.BytesIO(await make_sheet(uow, who, PERIOD, **options)))


async def send(firm: Any, who: Any, book: openpyxl.Workbook, **options: Any) -> SheetSummary:
    stream = io.BytesIO()
    book.save(stream)
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        return await take_sheet(uow, who, stream.getvalue(), clock=firm.clock, **options)


def rows(book: openpyxl.Workbook) -> dict[tuple[str, str, str], int]:
    """The number of each row by subject, indicator and role."""
    sheet = book.worksheets[0]
    return {tuple(sheet.cell(n, place(name)).value for name in ("subject", "indicator_key", "role_key")): n
            for n in range(HEADER_ROW + 1, sheet.max_row + 1)}  # type: ignore[misc]


def fill(book: openpyxl.Workbook, key: tuple[str, str, str], rating: Any, comment: Any = None) -> None:
    number = rows(book)[key]
    book.worksheets[0].cell(number, place("rating")).value = rating
    book.worksheets[0].cell(number, place("comment")).value = comment


async def stored(firm: Any) -> list[tuple[Any, ...]]:
    found = await firm.fetch("select e.number, indicator_key, rater_role, r.number as rater, value, comment "
                             "from rating join employee e on e.tenant_id = $1 and e.id = subject_id "
                             "left join employee r on r.tenant_id = $1 and r.id = rater_id "
                             "where rating.tenant_id = $1 order by 2, 1, 3, 5")
    return [tuple(row) for row in found]


async def test_who_may_rate_as_what(firm: Any) -> None:
    boss, e1, e2, e3 = (firm.principal(role, number) for role, number in (
        ("manager", "B1"), ("employee", "E1"), ("employee", "E2"), ("employee", "E3")))
    program, hr, inspector = firm.principal("integrator"), firm.principal("hr"), firm.principal("employee", "Q1")
    assert await refusal(firm, e3, rater_role="peer") == "E-FORBIDDEN"               # another department
    assert await refusal(firm, boss, rater_role="peer") == "E-FORBIDDEN"             # no colleague: the superior
    assert await refusal(firm, e2, rater_role="manager") == "E-FORBIDDEN"
    assert await refusal(firm, e2, rater_role="peer", rater="E3") == "E-FORBIDDEN"   # in another's name
    assert await refusal(firm, program, rater_role="peer") == "E-FORBIDDEN"
    assert await refusal(firm, boss, value=Decimal(100)) == "E-RATING-COMMENT-MISSING"
    assert await refusal(firm, boss, value=Decimal(0), comment=" ") == "E-RATING-COMMENT-MISSING"
    assert await refusal(firm, boss, reference="x") == "E-RATING-REFERENCE"
    assert await refusal(firm, boss, indicator="form.team_number") == "E-RATING-INDICATOR"  # never rated itself
    assert (await submit(firm, e2, rater_role="peer")).rater_role == "peer"
    assert (await submit(firm, boss, rater_role="superior", value=Decimal(100), comment="saved the day")).version == 1
    assert (await submit(firm, e1, rater_role="self")).rater_role == "self"
    assert await refusal(firm, hr, rater="E2") == "E-RATING-TWICE"                   # one voice, not as superior too
    own_hr = firm.principal("hr", "E1")
    assert await refusal(firm, own_hr, rater="B1", comment="x") == "E-RATING-SELF"    # HR rates no HR
    assert await refusal(firm, hr, rater="B1", rater_role="self") == "E-RATING-SELF"
    care = {"indicator": "form.care", "value": Decimal(18)}
    assert await refusal(firm, program, rater_role="customer", **care) == "E-RATING-REFERENCE-MISSING"
    for number in ("C-1", "C-2"):
        assert (await submit(firm, program, rater_role="customer", reference=number, **care)).reference == number
    assert (await submit(firm, program, rater_role="customer", reference="C-2", **care)).version == 1
    assert (await submit(firm, boss, subject="E3", rater_role="department", **care)).rater_role == "department"
    assert await refusal(firm, boss, rater_role="department", **care) == "E-FORBIDDEN"  # one's own people
    for record in ("call-1", "call-2"):
        await submit(firm, inspector, rater_role="inspector", reference=record, **care)
    assert await refusal(firm, e3, rater_role="inspector", reference="call-3", **care) == "E-FORBIDDEN"
    assert len(await firm.fetch("select 1 from rating where tenant_id = $1")) == 8


async def test_the_run_puts_groups_together_and_the_line_says_how(firm: Any) -> None:
    hr = firm.principal("hr")
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        await save_indicator(uow, "test", {"key": "form.team", "parameters": {"weight_manager": 30, "weight_peer": 70,
                                                                              "name": "Pulling together"}})
    for rater, value in (("E2", 90), ("E3", 85), ("E4", 80)):
        await submit(firm, hr, rater=rater, rater_role="peer", value=Decimal(value))
    await submit(firm, hr, rater="B1", value=Decimal(78))
    await submit(firm, hr, rater="E1", rater_role="self", value=Decimal(99))
    for rater in ("E1", "E3"):
        await submit(firm, hr, subject="E2", rater=rater, rater_role="peer", value=Decimal(20))
    first = (await firm.appraise()).result
    line = (await firm.lines("E1"))["team_number"]
    assert (line["reading_exact"], line["numerator"], line["denominator"], line["sample_size"]) == (
        "829/10", "8290", "100", 4)  # (70 * 85 + 30 * 78) / 100
    steps = json.loads(line["steps"])
    assert line_text(steps, TEAM.title, "en").startswith(
        "Teamwork: peers 255/3 = 85 (3 ratings), superiors 78 (1 rating); (70 × 85 + 30 × 78)/100 = 82.9 (of 100); "
        "oneself 99 (1 rating), shown only")
    few = (await firm.lines("E2"))["team_number"]
    assert (few["reading_state"], few["reading_value"], few["sample_size"]) == ("sample_too_small", None, 2)
    assert "20" not in line_text(json.loads(few["steps"]), TEAM.title, "zh").partition("。")[0]
    assert (await firm.lines("E3"))["team_number"]["reading_state"] == "not_measured"
    (row,) = await firm.fetch("select title_en, version from indicator where tenant_id = $1 and key = 'form.team'")
    assert tuple(row) == ("Pulling together", 2)
    assert (await firm.appraise()).result["input_digest"] == first["input_digest"]


async def test_settings_that_make_no_sense_and_names_that_are_missing_are_refused(firm: Any) -> None:
    for parameters in ({"weight_peer": 0, "weight_manager": 0}, {"scale_min": 5, "scale_max": 5}, {"minimum_peer": 0}):
        with pytest.raises(Refused) as refused:
            async with firm.database.unit_of_work(firm.tenant_id) as uow:
                await save_indicator(uow, "test", {"key": "form.team", "parameters": parameters})
        assert [one.code for one in refused.value.problems] == ["E-INDICATOR-RATED"]
    with pytest.raises(Refused) as refused:
        async with firm.database.unit_of_work(firm.tenant_id) as uow:
            await save_scheme(uow, "test", scheme("team", "unnamed"))
    assert [one.code for one in refused.value.problems] == ["E-INDICATOR-UNNAMED"]
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        await save_indicator(uow, "test", {"key": "form.unnamed", "parameters": {"name_zh": "学习能力"}})
        assert (await save_scheme(uow, "test", scheme("team", "unnamed"))).changed


async def test_a_managers_sheet_there_and_back(firm: Any) -> None:
    boss = firm.principal("manager", "B1")
    await submit(firm, boss, subject="E2", value=Decimal("71.5"), comment="=cmd|'/c calc'!A0")
    book = await sheet_of(firm, boss, language="zh")
    sheet = book.worksheets[0]
    assert set(rows(book)) == {
        ("E1", "form.team", "manager"), ("E2", "form.team", "manager"),
        ("E1", "form.care", "team_leader"), ("E2", "form.care", "team_leader"),
    }
    assert {role for _, _, role in rows(await sheet_of(firm, boss, role="department"))} == {"department"}
    number = rows(book)["E2", "form.team", "manager"]
    shown = {name: sheet.cell(number, place(name)) for name in COLUMNS}
    assert (shown["indicator"].value, shown["role"].value, shown["scale"].value) == ("团队合作", "上级", "0 至 100")
    assert shown["grades"].value == "\n".join(f"{20 * n}: {n} 级" for n in range(1, 6))
    assert Decimal(str(shown["rating"].value)) == Decimal("71.5")
    # Nothing in the workbook is a formula, whatever it begins with.
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert (shown["comment"].value, shown["looks_at"].value) == ("=cmd|'/c calc'!A0", "=共享")
    assert sheet.protection.sheet
    assert [name for name in COLUMNS if not shown[name].protection.locked] == ["rating", "comment"]
    assert all(sheet.column_dimensions[shown[name].column_letter].hidden for name in COLUMNS[10:])
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"decimal", "textLength"}

    fill(book, ("E1", "form.team", "manager"), 88.5, "good")
    fill(book, ("E2", "form.team", "manager"), "72", "better")
    fill(book, ("E1", "form.care", "team_leader"), 20)
    fill(book, ("E2", "form.care", "team_leader"), 21, "too much")
    done = await send(firm, boss, book)
    assert (done.accepted, done.changed, done.unchanged, done.empty, done.rejected) == (1, 1, 0, 0, 2)
    numbers = rows(book)
    assert {(one.row, one.code, str(one.value)) for one in done.problems} == {
        (numbers["E1", "form.care", "team_leader"], "E-RATING-COMMENT-MISSING", "20"),
        (numbers["E2", "form.care", "team_leader"], "E-RATING-SCALE", "21"),
    }
    assert all(one.remedy("en") and one.remedy("zh") for one in done.problems)
    landed = [("E1", "form.team", "manager", "B1", Decimal("88.5"), "good"),
              ("E2", "form.team", "manager", "B1", Decimal(72), "better")]
    assert await stored(firm) == landed
    again = await send(firm, boss, book)
    assert (again.accepted, again.changed, again.unchanged) == (0, 0, 2)
    assert await stored(firm) == landed


async def test_a_sheet_rates_nobody_else_than_it_was_given_out_for(firm: Any) -> None:
    boss = firm.principal("manager", "B1")

    async def tried(change: Any, who: Any = boss, **options: Any) -> list[str]:
        book = await sheet_of(firm, OPERATOR if who is OPERATOR else boss)
        fill(book, ("E1", "form.team", "manager"), 50)
        change(book.worksheets[0], rows(book)["E1", "form.team", "manager"], book)
        return [one.code for one in (await send(firm, who, book, **options)).problems]

    def put(column: str, value: Any) -> Any:
        return lambda sheet, number, book: setattr(sheet.cell(number, place(column)), "value", value)

    for column, value in (("subject_key", "E3"), ("subject", "E2"), ("indicator", "Care"), ("role_key", "peer"),
                          ("indicator_key", "form.care"), ("version", "7"), ("seal", "0" * 32), ("seal", None),
                          ("kind", "company"), ("scheme", "engineers")):  # fmt: skip
        assert await tried(put(column, value)) == ["E-RATING-SHEET-ROW"], column
        assert await tried(put(column, value), OPERATOR) == ["E-RATING-SHEET-ROW"], column

    def swap(sheet: Any, number: int, book: Any) -> None:
        """Sorted without the hidden columns."""
        other = rows(book)["E2", "form.team", "manager"]
        for name in COLUMNS[:10]:
            a, b = sheet.cell(number, place(name)), sheet.cell(other, place(name))
            a.value, b.value = b.value, a.value

    def double(sheet: Any, number: int, book: Any) -> None:
        sheet.append([cell.value for cell in sheet[number]])

    assert await tried(swap) == ["E-RATING-SHEET-ROW"] * 2
    assert await tried(double) == ["E-RATING-SHEET-TWICE"] * 2
    for value in ("=40+10", '=HYPERLINK("http://x.test")'):
        assert await tried(put("rating", value)) == ["E-RATING-SHEET-FORMULA"]
        assert await tried(put("comment", value)) == ["E-RATING-SHEET-FORMULA"]
    for value in ("good", True, date(2026, 4, 5), "NaN", "1e400", "Infinity"):
        assert (await tried(put("rating", value)))[0] in ("E-RATING-SHEET-VALUE", "E-RATING-SCALE"), value
    assert await stored(firm) == []


async def test_sheets_of_others_are_refused_as_a_whole(firm: Any, make_company: Any) -> None:
    boss, e1 = firm.principal("manager", "B1"), firm.principal("employee", "E1")

    async def refused(who: Any, book: openpyxl.Workbook, company: Any = firm, **options: Any) -> str:
        with pytest.raises(MeritlineError) as error:
            await send(company, who, book, **options)
        return error.value.problem.code

    book = await sheet_of(firm, boss)
    assert await refused(e1, book) == "E-RATING-SHEET-RATER"
    assert await refused(boss, book, period="2026-06") == "E-RATING-SHEET-PERIOD"
    assert await refused(firm.principal("integrator"), book) == "E-FORBIDDEN"
    assert await refused(firm.principal("auditor"), book) == "E-FORBIDDEN"
    async with make_company() as other:
        assert await refused(other.principal("hr"), book, other) == "E-RATING-SHEET-FOREIGN"
    assert await refused(e1, await sheet_of(firm, OPERATOR)) == "E-RATING-SHEET-RATER"
    assert (await send(firm, firm.principal("hr"), book)).empty == 4
    head = book["meritline"]
    for number, text in ((2, "other"), (3, "2026-04"), (5, "E1"), (6, "0" * 32)):
        kept, head.cell(number, 1).value = head.cell(number, 1).value, text
        assert await refused(boss, book) == "E-RATING-SHEET-FOREIGN"
        head.cell(number, 1).value = kept
    assert await refused(boss, openpyxl.Workbook()) == "E-RATING-SHEET"
    with pytest.raises(MeritlineError, match="E-RATING-SHEET"):
        async with firm.database.unit_of_work(firm.tenant_id) as uow:
            await take_sheet(uow, boss, b"PK\x03\x04 nothing", clock=firm.clock)
    with pytest.raises(MeritlineError, match="E-FORBIDDEN"):
        await sheet_of(firm, firm.principal("auditor"))
    with pytest.raises(MeritlineError, match="E-RATING-SHEET-RATER"):
        await sheet_of(firm, e1, rater="E2")


async def test_sheets_of_colleagues_inspectors_and_hr(firm: Any) -> None:
    e2, inspector = firm.principal("employee", "E2"), firm.principal("employee", "Q1")
    assert set(rows(await sheet_of(firm, e2))) == {("E1", "form.team", "peer"), ("E2", "form.team", "self")}
    assert {role for _, key, role in rows(await sheet_of(firm, inspector)) if key == "form.care"} == {"inspector"}
    named = await sheet_of(firm, OPERATOR, rater="E2")
    assert set(rows(named)) == {("E1", "form.team", "peer"), ("E2", "form.team", "self")}
    assert {role for _, _, role in rows(await sheet_of(firm, firm.principal("hr")))} == {
        "manager", "team_leader", "customer", "department", "inspector"}
    fill(named, ("E1", "form.team", "peer"), 64)
    assert (await send(firm, OPERATOR, named)).accepted == 1
    assert await stored(firm) == [("E1", "form.team", "peer", "E2", Decimal(64), None)]
    with pytest.raises(MeritlineError, match="E-RATING-SCHEME"):
        await sheet_of(firm, e2, scheme="engineers")


async def test_a_rating_that_moved_on_meanwhile_is_not_overwritten(firm: Any) -> None:
    boss = firm.principal("manager", "B1")
    book = await sheet_of(firm, boss)
    await submit(firm, boss, value=Decimal(60))
    fill(book, ("E1", "form.team", "manager"), 70)
    assert [one.code for one in (await send(firm, boss, book)).problems] == ["E-CONFLICT-STALE"]
    fresh = await sheet_of(firm, boss)
    fill(fresh, ("E1", "form.team", "manager"), 70)
    assert (await send(firm, boss, fresh)).changed == 1
    await firm.appraise()
    async with firm.database.unit_of_work(firm.tenant_id) as uow:
        await uow.conn.execute("update cycle set state = 'published' where tenant_id = $1", firm.tenant_id)
    with pytest.raises(MeritlineError, match="E-RATING-PUBLISHED"):
        await send(firm, boss, fresh)

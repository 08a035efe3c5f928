"""Workbooks that an HR administrator would send on: opened again, and compared with the rows cell by cell."""

import argparse
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from meritline.appraisal.exports.cells import held_value
from meritline.appraisal.exports.workbook import sheet_name
from meritline.cli import export

PERIOD = "2026-05"


def platform(company: Any) -> Any:
    return SimpleNamespace(database=company.database, jobs=company.jobs, clock=company.clock)


async def export_to(company: Any, file: Path, what: str, *more: str, lang: str = "en", form: str = "xlsx") -> Path:
    key = (await company.fetch("select key from tenant where id = $1"))[0]["key"]
    parser = argparse.ArgumentParser()
    export.configure(parser)
    place = [] if "--split" in more else ["--output", str(file)]
    args = parser.parse_args([what, "--tenant", key, "--period", PERIOD, "--format", form, *place, *more])
    args.lang = lang
    assert await export.run(args, platform(company)) == 0
    return file


async def workbook(company: Any, folder: Path, what: str, lang: str = "en") -> Any:
    return openpyxl.load_workbook(await export_to(company, folder / f"{what}.xlsx", what, lang=lang))


def head_row(sheet: Any) -> int:
    """The row of the headings: the one above the first that scrolls."""
    return int(sheet.freeze_panes[1:]) - 1


def cells(sheet: Any) -> list[dict[str, Any]]:
    """The rows under the headings, as far as the filter reaches."""
    top = head_row(sheet)
    last = int(sheet.auto_filter.ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    names = [cell.value for cell in sheet[top]]
    return [dict(zip(names, [cell.value for cell in row], strict=True))
            for row in sheet.iter_rows(min_row=top + 1, max_row=last)]


def below(sheet: Any) -> Sequence[Sequence[Any]]:
    """What stands under the rows."""
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=head_row(sheet) + 1 + len(cells(sheet)))]


async def test_scorecards_cell_by_cell(company: Any, tmp_path: Path) -> None:
    await company.appraise()
    book = await workbook(company, tmp_path, "scorecards")
    assert book.sheetnames == ["Agents", "The firm", "Teams", "Legend"]
    sheet, cards = book["Agents"], await company.cards()
    rows = cells(sheet)
    assert {row["Number or code"]: row["Score"] for row in rows} == {
        code: None if card["score"] is None else float(card["score"]) for code, card in cards.items()}
    scored = [card["score"] for card in cards.values() if card["score"] is not None]
    (average,) = (row for row in below(sheet) if str(row[0]).startswith("Average"))
    column = [cell.value for cell in sheet[head_row(sheet)]].index("Score")
    assert average[column] == pytest.approx(float(sum(scored) / len(scored)), abs=0.0001)
    assert (sheet["A1"].value, sheet["B2"].value, sheet["B3"].value) == ("Scorecards 2026-05", "The firm", PERIOD)
    assert sheet["B4"].value.startswith("Agents (agents), version 1, valid from ")
    (digest,) = await company.fetch("select result_digest from run where tenant_id = $1")
    assert sheet["B7"].value == digest["result_digest"]


async def test_a_sheet_prints_wide_with_its_headings_on_each_page(company: Any, tmp_path: Path) -> None:
    await company.appraise()
    sheet = (await workbook(company, tmp_path, "lines"))["Agents"]
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${head_row(sheet)}:${head_row(sheet)}"
    assert sheet.auto_filter.ref.startswith(f"A{head_row(sheet)}:")
    widths = {cell.value: sheet.column_dimensions[cell.column_letter].width for cell in sheet[head_row(sheet)]}
    assert widths["Explanation"] > 60 > widths["Title"] > widths["No."]


async def test_rewards_add_up_as_values(company: Any, tmp_path: Path) -> None:
    await company.appraise()
    sheet = (await workbook(company, tmp_path, "rewards"))["Agents"]
    amounts = await company.rewards()
    rows = cells(sheet)
    shown = {(row["Number or code"], row["Rule"]): row["Amount"] for row in rows}
    assert shown == {key: None if value is None else float(value) for key, value in amounts.items()}
    column = [cell.value for cell in sheet[head_row(sheet)]].index("Amount")
    total = below(sheet)[0][column]
    assert Decimal(str(total)) == sum(value for value in amounts.values() if value is not None)
    place = head_row(sheet) + 1
    assert sheet.cell(place, column + 1).number_format == '#,##0.00 "CNY"'
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


EVIL = {"E1": '=HYPERLINK("http://x","y")', "E2": "+1+1", "E3": "-1", "E4": "@sum(a1)", "E5": "\x0b=1\u0007x",
        "E6": "长" * 200}  # fmt: skip


async def renamed(company: Any) -> None:
    async with company.database.unit_of_work(company.tenant_id) as uow:
        for number, name in EVIL.items():
            await uow.conn.execute("update employee set name = $2 where tenant_id = $1 and number = $3",
                                   company.tenant_id, name, number)
        await uow.conn.execute("update employee set number = '../../E/1' where tenant_id = $1 and number = 'E1'",
                               company.tenant_id)


async def test_no_name_is_a_formula(company: Any, tmp_path: Path) -> None:
    await renamed(company)
    await company.appraise()
    for what in ("scorecards", "lines", "rewards"):
        sheet = (await workbook(company, tmp_path, what))["Agents"]
        found = {cell.value: cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
        for name in ("=HYPERLINK(\"http://x\",\"y\")", "+1+1", "-1", "@sum(a1)"):
            assert (found[name].data_type, found[name].quotePrefix) == ("s", True)
        assert found["=1x"].quotePrefix  # what no XML can hold is left out
        with ZipFile(tmp_path / f"{what}.xlsx") as file:
            assert b"<f>" not in b"".join(file.read(name) for name in file.namelist())


async def test_statements_for_payroll(company: Any, tmp_path: Path) -> None:
    await company.appraise()
    book = await workbook(company, tmp_path, "statements")
    assert book.sheetnames == ["Overview", "Detail", "Legend"]
    amounts = await company.rewards()
    rows = {row["Employee number"]: row for row in cells(book["Overview"])}
    for number, row in rows.items():
        own = {rule: amount for (who, rule), amount in amounts.items() if who == number}
        assert Decimal(str(row["Total"])) == sum(value for value in own.values() if value is not None)
        for title, rule in (("Level", "level"), ("Complaints", "grumble"), ("All together", "together")):
            wanted = own[rule]
            assert row[title] == ("not measured" if wanted is None else float(wanted))
        assert row["Without an amount"] == (sum(value is None for value in own.values()) or None)
    sheet = book["Overview"]
    column = [cell.value for cell in sheet[head_row(sheet)]].index("Total")
    assert Decimal(str(below(sheet)[0][column])) == sum(value for value in amounts.values() if value is not None)
    assert len(cells(book["Detail"])) == len(amounts)


async def test_a_page_for_each_person(company: Any, tmp_path: Path) -> None:
    await renamed(company)
    await company.appraise()
    folder = tmp_path / "people"
    await export_to(company, tmp_path / "x", "statements", "--split", str(folder), lang="zh")
    made = sorted(path.name for path in folder.iterdir())
    assert not (tmp_path / "E").exists()
    assert all(name.endswith(".xlsx") and "/" not in name and len(name.encode()) < 130 for name in made)
    assert "E-1_=HYPERLINK(-http-x-,-y-).xlsx" in made
    book = openpyxl.load_workbook(folder / "E2_+1+1.xlsx")
    sheet = book.active
    assert sheet["A1"].value == "奖金明细单 2026-05"
    assert sheet.page_setup.fitToHeight == 1
    amounts = await company.rewards()
    total = next(row[1].value for row in sheet.iter_rows() if row[0].value == "合计")
    assert Decimal(str(total)) == sum(value for (who, _), value in amounts.items() if who == "E2" and value is not None)


async def test_an_empty_cycle_says_so(company: Any, tmp_path: Path) -> None:
    from meritline.appraisal.cycles import open_cycle

    async with company.database.unit_of_work(company.tenant_id) as uow:
        await open_cycle(uow, "test", PERIOD)
    for what, name in (("scorecards", "绩效考核表"), ("rewards", "奖励"), ("statements", "总览")):
        sheet = (await workbook(company, tmp_path, what, "zh"))[name]
        assert "没有数据。" in [cell.value for row in sheet.iter_rows() for cell in row]
        assert sheet["B5"].value == "尚未计算" or sheet["B4"].value == "已开启"


@pytest.mark.parametrize("value", ["1234567890123.45", "0.1", "-1234567.89", "82.3529411765", "100000000000000000000"])
def test_a_number_that_excel_holds_is_a_number(value: str) -> None:
    assert held_value(Decimal(value)) == Decimal(value)


@pytest.mark.parametrize("value", ["12345678901234.56", "0.1234567890123456", "9007199254740993"])
def test_a_number_with_more_digits_is_text(value: str) -> None:
    assert held_value(Decimal(value)) == value


def test_a_number_comes_back_as_it_was() -> None:
    from meritline.appraisal.exports.columns import Column, Sort
    from meritline.appraisal.exports.workbook import Book
    from meritline_sdk.model.text import Text

    values = [Decimal(each) for each in ("8.95", "1.1", "1234567890123.45", "0.07", "123456789.012345")]
    book = Book("en")
    sheet = book.sheet("x", [Column("a", Text("A", "甲"), Sort.SCORE)], [("x", None)])
    for value in values:
        sheet.add({"a": value})
    sheet.close()
    out = io.BytesIO()
    book.save(out)
    found = [row["A"] for row in cells(openpyxl.load_workbook(out).active)]
    assert [Decimal(str(each)) for each in found] == values


def test_sheet_names_are_what_excel_takes() -> None:
    assert sheet_name("a/b:c[d]?*\\" * 9) == ("a_b_c_d____" * 9)[:31]
    assert (sheet_name("'"), sheet_name("History")) == ("_", "History_")

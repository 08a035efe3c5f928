"""Files for people and payroll, by the commands: what a spreadsheet makes of them."""

import argparse
import asyncio
import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from meritline.cli import appraise, audit, export
from meritline.errors import MeritlineError, NotFound


def command(module: Any, *words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    module.configure(parser)
    return parser.parse_args(words)


def platform(company: Any) -> Any:
    return SimpleNamespace(database=company.database, jobs=company.jobs, clock=company.clock)


async def key_of(company: Any) -> str:
    (row,) = await company.fetch("select key from tenant where id = $1")
    return str(row["key"])


async def exported(company: Any, file: Path, what: str, form: str = "csv", lang: str = "en") -> bytes:
    args = command(export, what, "--tenant", await key_of(company), "--period", "2026-05", "--format", form,
                   "--output", str(file))
    args.lang = lang
    assert await export.run(args, platform(company)) == 0
    return await asyncio.to_thread(file.read_bytes)


def table(found: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(found.decode("utf-8-sig"))))


async def test_scorecards_and_rewards_as_csv_for_excel(company: Any, tmp_path: Path) -> None:
    await company.appraise()
    found = await exported(company, tmp_path / "cards.csv", "scorecards")
    assert found.startswith(b"\xef\xbb\xbf")
    rows = table(found)
    cards = await company.cards()
    agents = [row for row in rows if row["Scheme"] == "agents"]
    assert {row["Number or code"]: Decimal(row["Score"]) for row in agents} == {
        code: card["score"] for code, card in cards.items()}
    assert agents[0]["Place"] == "1"  # by place, those without one last
    assert agents[-1]["Place"] == ""
    paid = table(await exported(company, tmp_path / "rewards.csv", "rewards"))
    amounts = await company.rewards()
    assert {(row["Number or code"], row["Rule"]): Decimal(row["Amount"]) for row in paid} == amounts
    assert next(row for row in paid if row["Rule"] == "level" and row["Number or code"] == "E1")["Amount"] == "800.50"
    assert all(row["Reason"] for row in paid)


async def test_chinese_headings_and_reasons(company: Any, tmp_path: Path) -> None:
    await company.appraise()
    rows = table(await exported(company, tmp_path / "lines.csv", "lines", lang="zh"))
    fix = next(row for row in rows if row["工号或编码"] == "E2" and row["得分项"] == "fix")
    assert (fix["分子"], fix["分母"], fix["实际值"]) == ("8", "10", "80")
    assert "分" in fix["说明"]


async def test_a_name_that_looks_like_a_formula_is_never_computed(company: Any, tmp_path: Path) -> None:
    evil = ['=HYPERLINK("http://x","y")', "+1+1", "-1", "@sum(a1)", "\t=1", "a,b\n\"c\""]
    async with company.database.unit_of_work(company.tenant_id) as uow:
        for number, name in enumerate(evil, 1):
            await uow.conn.execute("update employee set name = $2 where tenant_id = $1 and number = $3",
                                   company.tenant_id, name, f"E{number}")
    await company.appraise()
    rows = table(await exported(company, tmp_path / "cards.csv", "scorecards"))
    names = {row["Number or code"]: row["Name"] for row in rows if row["Scheme"] == "agents"}
    for number, name in enumerate(evil[:5], 1):
        assert names[f"E{number}"] == f"'{name}"
    assert names["E6"] == evil[5]  # quoted by the rules of CSV, and otherwise left alone
    fines = table(await exported(company, tmp_path / "rewards.csv", "rewards"))
    assert any(row["Amount"].startswith("-") for row in fines)  # a negative amount stays a number


async def test_json_keeps_decimals_as_text(company: Any, tmp_path: Path) -> None:
    await company.appraise()
    rows = json.loads(await exported(company, tmp_path / "rewards.json", "rewards", "json"))
    assert {row["amount"] for row in rows if row["rule"] == "level" and row["subject_code"] == "E1"} == {"800.50"}


async def test_what_cannot_be_exported_is_said(company: Any, tmp_path: Path) -> None:
    tenant = await key_of(company)
    for words, code in (
        (("rewards", "--tenant", tenant, "--period", "2026-05", "--format", "pdf"), "E-EXPORT-LATER"),
        (("statements", "--tenant", tenant, "--period", "2026-05"), "E-NOT-FOUND"),
        (("rewards", "--tenant", tenant, "--period", "2026-05", "--split", "x"), "E-EXPORT-SPLIT"),
        (("rewards", "--tenant", tenant, "--period", "2026-05"), "E-NOT-FOUND"),  # no such cycle yet
        (("rewards", "--tenant", "nobody", "--period", "2026-05"), "E-NOT-FOUND"),
        (("rewards", "--tenant", tenant, "--period", "May"), "E-PERIOD"),
    ):
        with pytest.raises(MeritlineError) as refused:
            await export.run(command(export, *words), platform(company))
        assert refused.value.problem.code == code


async def test_appraise_waits_and_answers_in_json(company: Any, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--tenant", await key_of(company), "--period", "2026-05", "--json")
    assert await appraise.run(command(appraise, *words, "--wait"), platform(company)) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["period"], told["number"], told["state"], told["subjects"]) == ("2026-05", 1, "complete", 9)
    assert told["idle"] == []
    assert await appraise.run(command(appraise, *words), platform(company)) == 0
    assert json.loads(capsys.readouterr().out)["run"] == 2
    with pytest.raises(MeritlineError, match="running"):
        await appraise.run(command(appraise, *words), platform(company))
    with pytest.raises(NotFound):
        await appraise.run(command(appraise, "--tenant", "nobody", "--period", "2026-05"), platform(company))


async def test_a_place_that_cannot_be_written_is_named(company: Any, tmp_path: Path) -> None:
    words = ("--tenant", await key_of(company), "--period", "2026-05")
    assert await appraise.run(command(appraise, *words, "--wait"), platform(company)) == 0
    for what, *place in (("rewards", "--output", str(tmp_path)), ("rewards", "--output", str(tmp_path / "no" / "x")),
                         ("statements", "--format", "xlsx", "--split", __file__)):  # fmt: skip
        with pytest.raises(MeritlineError) as refused:
            await export.run(command(export, what, *words, *place), platform(company))
        assert refused.value.problem.code == "E-EXPORT-FILE"
        assert place[-1] in refused.value.problem.text("en")


async def test_a_scheme_that_appraised_nobody_is_told(company: Any, capsys: pytest.CaptureFixture[str]) -> None:
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await uow.conn.execute("update employment set position_id = null where tenant_id = $1", company.tenant_id)
    words = ("--tenant", await key_of(company), "--period", "2026-05", "--wait")
    assert await appraise.run(command(appraise, *words), platform(company)) == 0
    said = capsys.readouterr()
    assert "agents appraised nobody" in said.err
    assert "3 scorecards" in said.out


async def test_the_audit_chain_is_verified_and_a_break_is_named(
    company: Any, urls: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    import asyncpg

    args = command(audit, "verify", "--tenant", await key_of(company))
    assert await audit.run(args, platform(company)) == 0
    owner = await asyncpg.connect(urls.migration_database_url)
    try:
        await owner.execute("update audit_entry set actor = 'nobody' where tenant_id = $1 and seq = 3",
                            company.tenant_id)
    finally:
        await owner.close()
    assert await audit.run(args, platform(company)) == 1
    assert "entry 3" in capsys.readouterr().err

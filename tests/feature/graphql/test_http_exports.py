"""Files and pay statements over HTTP: everybody gets the rows that GraphQL shows them, and no other."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

STATEMENTS = """{ payStatements(first: 100, filter: { period: "2026-05" }) { totalCount nodes {
  employeeNo name currency unmeasured total { amount currency } acts { act }
  lines { ruleKey amount { amount } } employee { number } cycle { period } } } }"""
REACH = {"hr": None, "auditor": None, "manager": {"E1", "E2", "E3", "E5", "E7", "E9"}, "employee": {"E2"}}


async def fetched(http: Any, key: str, what: str, **params: str) -> Any:
    headers = {"authorization": f"Bearer {key}", "accept-language": "en"}
    return await http.get(f"/v1/exports/{what}", params={"period": "2026-05", **params}, headers=headers)


@pytest.mark.parametrize("role", REACH)
async def test_a_statement_is_seen_as_far_as_its_lines(http, north, ask, role: str) -> None:
    found = (await ask(STATEMENTS, north.keys[role])).data["payStatements"]
    lines = (await ask("{ scorecards(first: 100) { nodes { subject { code } rewards { amount { amount } } } } }",
                       north.keys[role])).data["scorecards"]["nodes"]
    wanted = {card["subject"]["code"]: sum(Decimal(one["amount"]["amount"]) for one in card["rewards"] if one["amount"])
              for card in lines if card["rewards"]}
    assert {one["employeeNo"]: Decimal(one["total"]["amount"]) for one in found["nodes"]} == wanted
    assert found["totalCount"] == len(wanted) > 0
    if REACH[role] is not None:
        assert set(wanted) <= REACH[role]
    for one in found["nodes"]:
        assert one["employee"]["number"] == one["employeeNo"]
        assert sum(Decimal(line["amount"]["amount"]) for line in one["lines"] if line["amount"]) == Decimal(
            one["total"]["amount"])


@pytest.mark.parametrize("role", REACH)
@pytest.mark.parametrize("what", ["scorecards", "lines", "rewards", "statements"])
async def test_a_file_has_the_rows_of_its_reader(http, north, ask, role: str, what: str) -> None:
    shown = (await ask("{ scorecards(first: 100) { nodes { subject { code } } } }", north.keys[role])).data
    wanted = {each["subject"]["code"] for each in shown["scorecards"]["nodes"]}
    answer = await fetched(http, north.keys[role], what, format="json")
    assert answer.status_code == 200
    found = {row.get("subject_code") or row["number"] for row in json.loads(answer.content)}
    assert found == wanted
    table = list(csv.DictReader(io.StringIO((await fetched(http, north.keys[role], what)).content.decode("utf-8-sig"))))
    assert {row.get("Number or code") or row["Employee number"] for row in table} == wanted


async def test_a_workbook_comes_as_a_file(http, north) -> None:
    answer = await fetched(http, north.keys["hr"], "statements", format="xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="statements-2026-05.xlsx"'
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[0] == "Overview"
    chinese = await http.get("/v1/exports/rewards", params={"period": "2026-05", "format": "xlsx"}, headers={
        "authorization": f"Bearer {north.keys['hr']}", "accept-language": "zh"})
    assert openpyxl.load_workbook(io.BytesIO(chinese.content)).sheetnames[-1] == "说明"


@pytest.mark.parametrize(("what", "params", "status", "code"), [
    ("rewards", {"period": "2026-07"}, 404, "E-NOT-FOUND"),  # another company's period answers like one that is not
    ("rewards", {"period": "2031-01"}, 404, "E-NOT-FOUND"),
    ("rewards", {"period": "May"}, 400, "E-PERIOD"),
    ("rewards", {"format": "pdf"}, 400, "E-EXPORT-LATER"),
    ("rewards", {"format": "exe"}, 400, "E-EXPORT-FORMAT"),
    ("secrets", {}, 400, "E-EXPORT-WHAT"),
])
async def test_what_is_not_there_is_refused(http, platform, north, south, what, params, status, code) -> None:
    from meritline.appraisal.cycles import open_cycle

    async with platform.database.unit_of_work(south.id) as uow:
        await open_cycle(uow, "test", "2026-07")
    answer = await fetched(http, north.keys["hr"], what, **params)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["extensions"]["error"] == code


async def test_nobody_without_a_right_gets_a_file(http, north, ask) -> None:
    assert (await http.get("/v1/exports/rewards?period=2026-05")).status_code == 401
    for what in ("scorecards", "lines", "rewards", "statements"):
        assert (await fetched(http, north.keys["integrator"], what)).status_code == 403
    assert (await ask(STATEMENTS, north.keys["integrator"])).codes == ["FORBIDDEN"]


async def test_a_statement_is_found_again_by_its_id(north, south, ask) -> None:
    (first, *_) = (await ask("{ payStatements(first: 1) { nodes { id } } }", north.keys["hr"])).data["payStatements"][
        "nodes"]
    again = "query($id: ID!) { node(id: $id) { ... on PayStatement { period } } }"
    assert (await ask(again, north.keys["hr"], {"id": first["id"]})).data["node"] == {"period": "2026-05"}
    assert (await ask(again, south.keys["hr"], {"id": first["id"]})).data["node"] is None

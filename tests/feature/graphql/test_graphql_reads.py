"""Reads through the real application: shapes, pages, permissions, languages, statements."""

import json
import re
from decimal import Decimal
from uuid import uuid4

import pytest

from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.ids import global_id
from meritline.http.graphql import GraphQLView

SKETCH = """{ scorecardByKey(employeeNo: "E2", scheme: "engineers", period: "2026-05") {
    score grade { name } rank
    lines { indicator { title } target reading { value sampleSize state } rawPoints weight weightedPoints }
    rewards { title amount { amount currency } } } }"""


async def test_the_question_every_employee_asks(ask, north) -> None:
    answer = await ask(SKETCH, north.keys["employee"], **{"accept-language": "zh"})
    assert answer.status == 200
    card = answer.data["scorecardByKey"]
    assert card == {
        "score": "89",
        "grade": {"name": "良好"},
        "rank": 2,
        "lines": [
            {
                "indicator": {"title": "一次修复率"},
                "target": "85",
                "reading": {"value": "82.3529411765", "sampleSize": 34, "state": "MEASURED"},
                "rawPoints": "94.7058823529",
                "weight": "30",
                "weightedPoints": "28.41",
            }
        ]
        * 2,
        "rewards": [{"title": "绩效奖金", "amount": {"amount": "1200.00", "currency": "CNY"}}],
    }


async def walk(ask, key: str, field: str, arguments: str, size: int) -> list[str]:
    """All nodes of a list, page by page."""
    found: list[str] = []
    after = ""
    while True:
        query = f"{{ {field}(first: {size}{after}{arguments}) {{ edges {{ cursor node {{ id }} }} "
        query += "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"
        page = (await ask(query, key)).data[field]
        cursors = [edge["cursor"] for edge in page["edges"]]
        assert page["pageInfo"]["hasPreviousPage"] == bool(after)
        assert [page["pageInfo"]["startCursor"], page["pageInfo"]["endCursor"]] == [cursors[0], cursors[-1]]
        found += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = f', after: "{cursors[-1]}"'


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("order", ["RANK", "SCORE", "SUBJECT", "PERIOD", None])
async def test_pages_together_are_the_whole_list(ask, north, order, direction) -> None:
    arguments = f", orderBy: {{ field: {order}, direction: {direction} }}" if order else ""
    whole = await walk(ask, north.keys["hr"], "scorecards", arguments, 100)
    assert len(set(whole)) == len(whole) == 10
    for size in (1, 3, 10):
        assert await walk(ask, north.keys["hr"], "scorecards", arguments, size) == whole


async def test_nulls_come_last_in_both_directions(ask, north) -> None:
    for direction in ("ASC", "DESC"):
        query = f"{{ scorecards(orderBy: {{ field: SCORE, direction: {direction} }}) {{ nodes {{ score }} }} }}"
        scores = [each["score"] for each in (await ask(query, north.keys["hr"])).data["scorecards"]["nodes"]]
        assert scores[-2:] == [None, None]
        assert scores[:-2] == sorted(scores[:-2], key=Decimal, reverse=direction == "DESC")


async def test_an_order_may_have_several_terms(ask, north) -> None:
    terms = "[{ field: PERIOD }, { field: SCORE, direction: DESC }, { field: SUBJECT, direction: DESC }]"
    query = f"{{ scorecards(orderBy: {terms}) {{ nodes {{ score subject {{ code }} }} }} }}"
    found = [(each["score"], each["subject"]["code"])
             for each in (await ask(query, north.keys["hr"])).data["scorecards"]["nodes"]]  # fmt: skip
    by_code = sorted(found, key=lambda each: each[1], reverse=True)
    assert found == sorted(by_code, key=lambda each: -Decimal(each[0] or -1))
    assert await walk(ask, north.keys["hr"], "scorecards", f", orderBy: {terms}", 3) == await walk(
        ask, north.keys["hr"], "scorecards", f", orderBy: {terms}", 100
    )


async def test_filters_hold_together(ask, north) -> None:
    query = """query($f: ScorecardFilter) { scorecards(filter: $f) { totalCount nodes { score subject { code } } } }"""
    found = await ask(query, north.keys["hr"], {"f": {"scoreAtLeast": "88", "ranked": True, "subjectKind": "EMPLOYEE"}})
    assert [each["subject"]["code"] for each in found.data["scorecards"]["nodes"]] == ["E1", "E2", "E3"]
    assert found.data["scorecards"]["totalCount"] == 3
    none = await ask(query, north.keys["hr"], {"f": {"subjectCodes": ["E1"], "period": "2026-04"}})
    assert none.data["scorecards"] == {"totalCount": 0, "nodes": []}


async def test_a_list_inside_a_list_has_pages_of_its_own(ask, north) -> None:
    query = """query($after: String) { departments { nodes { code parent { code } children { code }
      employees(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { number } } } } }"""
    first = (await ask(query, north.keys["hr"])).data["departments"]["nodes"]
    assert [(each["code"], each["parent"], [one["code"] for one in each["children"]]) for each in first] == [
        ("A", None, ["A1"]), ("A1", {"code": "A"}, []), ("B", None, [])]  # fmt: skip
    assert [each["employees"]["totalCount"] for each in first] == [2, 4, 4]
    assert [each["employees"]["pageInfo"]["hasNextPage"] for each in first] == [False, True, True]
    cursor = first[1]["employees"]["pageInfo"]["endCursor"]
    rest = (await ask(query, north.keys["hr"], {"after": cursor})).data["departments"]["nodes"][1]
    numbers = [one["number"] for page in (first[1], rest) for one in page["employees"]["nodes"]]
    assert sorted(numbers) == ["E3", "E5", "E7", "E9"]


async def test_the_leaderboard_shows_the_ranked_in_order(ask, north) -> None:
    query = '{ leaderboard(period: "2026-05", scheme: "engineers", first: 5) { totalCount nodes { rank } } }'
    board = (await ask(query, north.keys["hr"])).data["leaderboard"]
    assert board == {"totalCount": 8, "nodes": [{"rank": rank} for rank in (1, 2, 3, 5, 6)]}


COUNTS = """{ employees { totalCount } scorecards { totalCount } departments { totalCount } cycles { totalCount }
    rewardLines { totalCount } }"""


@pytest.mark.parametrize(
    ("role", "employees", "cards"), [("admin", 10, 10), ("hr", 10, 10), ("auditor", 10, 10), ("manager", 6, 6),
                                     ("employee", 1, 1)],
)  # fmt: skip
async def test_each_role_sees_its_part(ask, north, role, employees, cards) -> None:
    found = (await ask(COUNTS, north.keys[role])).data
    # E1 leads A, where E2 works, and A1 below it with four more; all cards stand under department A's code.
    assert found["employees"]["totalCount"] == employees
    assert found["scorecards"]["totalCount"] == cards
    assert found["rewardLines"]["totalCount"] == cards
    assert found["cycles"]["totalCount"] == 1


async def test_an_employee_sees_nobody_elses_result_by_any_way(ask, north) -> None:
    key = north.keys["employee"]
    other = global_id("Scorecard", north.cards["E1"])
    query = f"""{{ node(id: "{other}") {{ id }} scorecard(id: "{other}") {{ id }}
      scorecardByKey(employeeNo: "E1", scheme: "engineers", period: "2026-05") {{ id }}
      leaderboard(scheme: "engineers", period: "2026-05") {{ nodes {{ subject {{ code }} }} }}
      cycles {{ nodes {{ scorecards {{ totalCount nodes {{ subject {{ code }} }} }} }} }} }}"""
    found = (await ask(query, key)).data
    assert (found["node"], found["scorecard"], found["scorecardByKey"]) == (None, None, None)
    mine = [{"subject": {"code": "E2"}}]
    assert found["leaderboard"]["nodes"] == mine
    assert found["cycles"]["nodes"] == [{"scorecards": {"totalCount": 1, "nodes": mine}}]


async def test_score_lines_are_seen_through_their_card_alone(ask, north, platform) -> None:
    async with platform.database.scoped_read(north.id) as conn:
        lines = await conn.fetch("select scorecard_id, position from score_line where tenant_id = $1", north.id)
    for line in lines:
        own = global_id("ScoreLine", f"{line['scorecard_id']}.{line['position']}")
        found = (await ask(f'{{ node(id: "{own}") {{ id }} }}', north.keys["employee"])).data["node"]
        assert found == ({"id": own} if line["scorecard_id"] == north.cards["E2"] else None)


async def test_an_integrator_gets_no_results(ask, north) -> None:
    answer = await ask("{ viewer { role } scorecards { totalCount } }", north.keys["integrator"])
    assert answer.codes == ["FORBIDDEN"]
    assert answer.body["errors"][0]["extensions"]["error"] == "E-FORBIDDEN"
    assert answer.body["data"] is None
    assert (await ask("{ sources { totalCount } }", north.keys["integrator"])).data["sources"]["totalCount"] == 0


async def test_a_field_with_a_permission_of_its_own_is_null_with_an_error(ask, north) -> None:
    query = "{ employees(first: 1) { nodes { number performancePay { amount currency } } } }"
    assert (await ask(query, north.keys["hr"])).data["employees"]["nodes"] == [
        {"number": "E1", "performancePay": {"amount": "1234.50", "currency": "CNY"}}
    ]
    answer = await ask(query, north.keys["manager"])
    assert answer.codes == ["FORBIDDEN"]
    assert answer.body["errors"][0]["path"] == ["employees", "nodes", 0, "performancePay"]
    assert answer.body["data"]["employees"]["nodes"] == [{"number": "E1", "performancePay": None}]


async def test_another_companys_id_answers_like_an_unknown_one(ask, north, south) -> None:
    key = north.keys["admin"]
    ids = [global_id("Scorecard", south.cards["E1"]), global_id("Scorecard", uuid4()), "x", global_id("Nothing", "1"),
           global_id("AuditEntry", "9" * 18), global_id("Scorecard", "'; drop table scorecard")]  # fmt: skip
    answers = [
        await ask("query($id: ID!) { node(id: $id) { id } scorecard(id: $id) { id } cycle(id: $id) { id } }", key,
                  {"id": each})
        for each in ids
    ]  # fmt: skip
    assert all(each.data == {"node": None, "scorecard": None, "cycle": None} for each in answers)
    query = "query($id: ID!) { employees(filter: { department: $id }) { totalCount } }"
    theirs = (await ask("{ departments { nodes { id } } }", south.keys["admin"])).data["departments"]["nodes"][0]["id"]
    assert (await ask(query, key, {"id": theirs})).data == (await ask(query, key, {"id": "x"})).data


async def test_every_node_finds_itself(ask, north) -> None:
    query = """{ tenant { id } cycles { nodes { id run { id } } } schemes { nodes { id current { id } } }
      employees(first: 1) { nodes { id employments { id } position { id } } } departments(first: 1) { nodes { id } }
      scorecards(first: 1) { nodes { id lines { id } rewards { id } } } auditEntries(first: 1) { nodes { id } } }"""
    ids = set(re.findall(r'"id": "([^"]+)"', json.dumps((await ask(query, north.keys["admin"])).data)))
    assert len(ids) == 14
    for each in ids:
        found = await ask("query($id: ID!) { node(id: $id) { __typename id } }", north.keys["admin"], {"id": each})
        assert found.data["node"]["id"] == each


@pytest.mark.parametrize(
    "cursor", ["", "x", "bm90IGpzb24", "W10", "WyJydWxlIl0", "é", "A" * 3000, "WyJwZXJpb2QiLCAiMiJd"]
)
async def test_a_wrong_cursor_is_the_clients_mistake(ask, north, cursor) -> None:
    answer = await ask("query($c: String) { scorecards(after: $c) { totalCount } }", north.keys["hr"], {"c": cursor})
    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.body["errors"][0]["extensions"]["error"] == "E-CURSOR"


async def test_a_cursor_belongs_to_its_order_and_shows_no_other_company(ask, north, south) -> None:
    page = "{ scorecards(first: 1, orderBy: { field: RANK }) { pageInfo { endCursor } } }"
    cursor = (await ask(page, south.keys["hr"])).data["scorecards"]["pageInfo"]["endCursor"]
    query = "query($c: String) { scorecards(after: $c%s) { nodes { id } } }"
    assert (await ask(query % ", orderBy: { field: SCORE }", north.keys["hr"], {"c": cursor})).codes == [
        "BAD_USER_INPUT"
    ]
    found = (await ask(query % ", orderBy: { field: RANK }", north.keys["hr"], {"c": cursor})).data["scorecards"]
    mine = {global_id("Scorecard", each) for each in north.cards.values()}
    assert {each["id"] for each in found["nodes"]} <= mine


@pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
async def test_a_page_has_one_to_a_hundred(ask, north, first) -> None:
    for query in (f"{{ employees(first: {first}) {{ totalCount }} }}",
                  f"{{ indicatorSets(first: {first}) {{ totalCount }} }}"):  # fmt: skip
        assert (await ask(query, north.keys["hr"])).codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    ("query", "statements"),
    [
        ("{ viewer { role } }", 0),
        ("{ tenant { name } }", 1),
        ("{ employees { nodes { number name } } }", 1),
        ("{ employees { totalCount } }", 2),
        # The only parent is a department that was read for its people already.
        ("{ employees { nodes { department { code parent { code } } position { code } employments { id } } } }", 4),
        ("{ scorecards(first: 10) { nodes { score subject { employee { name } } lines { key indicator { title } } "
         "rewards { title } cycle { period } } } }", 5),
        ("{ departments { nodes { employees { totalCount nodes { employments { id } } } } } }", 4),
        ("{ a: scorecards(first: 3) { nodes { lines { id } } } "
         "b: scorecards(first: 3) { nodes { lines { id } } } }", 3),
        ("{ rewardLines(first: 10) { nodes { amount { amount } scorecard { score rank subject { code } } } } }", 2),
    ],
)  # fmt: skip
async def test_one_statement_a_level_however_many_rows(ask, north, monkeypatch, query, statements) -> None:
    done: list[str] = []
    read = RequestContext.read

    async def counted(self, sql: str, *args: object):
        done.append(sql)
        return await read(self, sql, *args)

    monkeypatch.setattr(RequestContext, "read", counted)
    monkeypatch.setattr(GraphQLView, "compiled", False)
    answer = await ask(query, north.keys["hr"])
    assert answer.data
    assert len(done) == statements, "\n".join(done)


async def test_lists_inside_lists_do_not_multiply_without_end(ask, north, monkeypatch) -> None:
    monkeypatch.setattr("meritline.graphql.kit.loading.MOST_AT_ONCE", 100)
    query = "{ departments { nodes { employees(first: %d) { nodes { number } } } } }"
    assert (await ask(query % 33, north.keys["hr"])).data
    assert (await ask(query % 34, north.keys["hr"])).codes == ["TOO_LARGE"]


async def test_titles_come_in_the_language_that_is_asked_for(ask, north) -> None:
    query = "{ schemes { nodes { title zh: title(language: ZH) en: title(language: EN) } } }"
    for header, default in (("zh-CN,zh;q=0.9", "工程师"), ("fr, en;q=0.5", "Engineers"), ("", "Engineers")):
        found = (await ask(query, north.keys["hr"], **{"accept-language": header})).data["schemes"]["nodes"]
        assert found == [{"title": default, "zh": "工程师", "en": "Engineers"}]


async def test_a_result_of_an_older_run_is_no_result(ask, north, platform) -> None:
    """Only the run that the cycle points to counts."""
    query = "{ scorecards { totalCount } rewardLines { totalCount } }"
    old = "select run_id from cycle where tenant_id = $1"
    put = "update cycle set run_id = $2, state = $3 where tenant_id = $1"
    async with platform.database.unit_of_work(north.id) as uow:
        run = await uow.conn.fetchval(old, north.id)
        await uow.conn.execute(put, north.id, None, "running")
    try:
        found = (await ask(query, north.keys["hr"])).data
        assert found == {"scorecards": {"totalCount": 0}, "rewardLines": {"totalCount": 0}}
    finally:
        async with platform.database.unit_of_work(north.id) as uow:
            await uow.conn.execute(put, north.id, run, "computed")

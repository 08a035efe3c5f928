"""The read compiler against the plain resolvers: the same bytes, by one statement for a root field."""

import json
from itertools import count
from typing import Any

import asyncpg
import pytest

from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.compiled.refusing import Told
from meritline.graphql.kit.ids import global_id
from meritline.http.graphql import GraphQLView

CARD = """id __typename score rank state passed digest daysEmployed grade { key name }
    subject { kind code name employee { number } } """
LINE = """id position kind key title zh: title(language: ZH) dimension target weight weightedPoints policy
    indicator { key title unit direction current { title } } reading { state value sampleSize entered { by at } }"""

#: Operation to the number of statements that its compiled form takes.
WHOLE: dict[str, int] = {
    "{ tenant { __typename id key name languages calendar { document holidays monthStart } updatedAt } }": 1,
    f"{{ scorecards {{ nodes {{ {CARD} lines {{ {LINE} }} rewards {{ title act amount {{ amount currency }} }} "
    "} } }": 1,
    "{ scorecards(first: 3, orderBy: [{ field: SCORE, direction: DESC }, { field: SUBJECT }]) { totalCount pageInfo { "
    "__typename hasNextPage hasPreviousPage startCursor endCursor } edges { __typename cursor node { score } } "
    "again: nodes { rank } } }": 1,
    "{ scorecards { totalCount __typename } }": 1,
    '{ scorecards(filter: { scoreAtLeast: "88", ranked: true, subjectCodes: ["E1", "E2"] }) { nodes { score } } }': 1,
    '{ leaderboard(period: "2026-05", scheme: "engineers", first: 4) { totalCount pageInfo { endCursor hasNextPage } '
    "nodes { rank subject { name } } } }": 1,
    '{ scorecardByKey(employeeNo: "E2", scheme: "engineers", period: "2026-05") { score lines { key } } }': 1,
    '{ scorecardByKey(employeeNo: "nobody", scheme: "engineers", period: "2026-05") { score lines { key } } }': 1,
    '{ employees(filter: { search: "E1" }) { nodes { number name department { code parent { code } } '
    "position { code } employments { id validFrom validTo status department { code } manager { number } } } } }": 1,
    "{ departments { nodes { code parent { code } children { code } employees(first: 2, orderBy: [{ field: NAME }]) { "
    "totalCount pageInfo { hasNextPage endCursor startCursor } edges { cursor node { number } } } } } }": 1,
    "{ cycles { nodes { id period state startsAt run { number state asOf } runs { number schemes { id } } "
    "scorecards(first: 2) { totalCount nodes { score } } } } }": 1,
    "{ schemes { nodes { key title en: title(language: EN) subjectKind versions { version validFrom definition "
    "createdAt items { key } } current { version } } } }": 1,
    "{ auditEntries(first: 5) { nodes { id seq at actor action body hash } } }": 1,
    "{ rewardLines(orderBy: [{ field: RANK }]) { nodes { title detail kind scorecard { rank } } } }": 1,
    "{ payStatements { nodes { id period name total { amount currency } employee { number } } } }": 1,
    "{ ratings { nodes { value } } enteredFigures { nodes { id } } imports { nodes { rejects { totalCount } } } }": 3,
    "{ a: scorecards(first: 3) { nodes { lines { id } } } b: scorecards(first: 3) { nodes { lines { id } } } }": 2,
    "{ positions { nodes { id code name } } sources { nodes { id key document } } }": 2,
    # What Python computes, and what not everybody may see.
    '{ scorecardByKey(employeeNo: "E2", scheme: "engineers", period: "2026-05") { score explanation { text steps } '
    "lines { key explanation { text numerator steps zh: text } reading { value } } rewards { explanation { text } } "
    "} }": 1,
    "{ scorecards(first: 2) { totalCount pageInfo { endCursor } edges { cursor node { rank lines { explanation "
    "(language: ZH) { text } scorecard { id } } department { code employees(first: 1) { totalCount nodes { name } } "
    "} } } } }": 1,
    "{ employees(first: 30) { nodes { number basePay { amount currency } performancePay { amount } } } }": 1,
    "{ departments { nodes { employees(first: 2) { nodes { basePay { amount } position { code } } } } } }": 1,
    "{ schemes { nodes { versions { changes version } } } }": 1,
    "{ cycles { nodes { runs { error number } } } }": 1,
}  # fmt: skip

WITH_VARIABLES = """
query Cards($first: Int! = 2, $short: Boolean!, $filter: ScorecardFilter, $after: String, $order: [ScorecardOrder!]) {
  scorecards(first: $first, filter: $filter, after: $after, orderBy: $order) {
    ...Page
    nodes { ...Card @skip(if: $short) ... on Node { id } ... on Scorecard @include(if: $short) { rank }
      lines { ...Line } }
  }
}
fragment Page on ScorecardConnection { pageInfo { hasNextPage endCursor } }
fragment Card on Scorecard { score lines { key weight } ... on Node { id } }
fragment Line on ScoreLine { key target: weight reading @include(if: $short) { value } }
"""
ROLES = ("admin", "manager", "employee", "integrator")


@pytest.fixture
def answers(ask, monkeypatch):
    """Asks twice, plainly and compiled: both bodies, and the statements that the compiled answer took."""

    async def both(query: str, key: str, variables: Any = None, **headers: str) -> tuple[Any, Any, int]:
        monkeypatch.setattr(GraphQLView, "compiled", False)
        plain = await ask(query, key, variables, **headers)
        monkeypatch.setattr(GraphQLView, "compiled", True)
        done = count()
        with monkeypatch.context() as counting:
            for name in ("read", "read_value"):
                counting.setattr(RequestContext, name, counted(getattr(RequestContext, name), done))
            compiled = await ask(query, key, variables, **headers)
        return plain.body, compiled.body, next(done)

    return both


@pytest.fixture
def told(caplog, monkeypatch):
    """What is told of fields that are not compiled, whatever another module of this process has asked before."""
    once = Told.once

    def again(self: Told, field: str, reason: str) -> None:
        self.seen.discard((field, reason))
        once(self, field, reason)

    monkeypatch.setattr(Told, "once", again)
    caplog.set_level("INFO", "meritline.graphql.compiled")
    return caplog


def counted(read: Any, done: Any) -> Any:
    async def counting(self: RequestContext, sql: str, *args: object) -> Any:
        next(done)
        return await read(self, sql, *args)

    return counting


def same(plain: Any, compiled: Any) -> None:
    """Equal to the order of the keys."""
    assert json.dumps(compiled, indent=1, ensure_ascii=False) == json.dumps(plain, indent=1, ensure_ascii=False)


@pytest.mark.parametrize("query", WHOLE)
async def test_every_role_is_answered_as_by_the_plain_resolvers(answers, north, query) -> None:
    for role, language in zip(ROLES, ("en", "zh", "zh", "en"), strict=True):
        plain, compiled, _ = await answers(query, north.keys[role], **{"accept-language": language})
        same(plain, compiled)


@pytest.mark.parametrize(("query", "statements"), WHOLE.items())
async def test_a_root_field_takes_one_statement(answers, north, query, statements) -> None:
    _, compiled, taken = await answers(query, north.keys["admin"])
    assert "errors" not in compiled, compiled["errors"]
    assert taken == statements


async def test_fragments_directives_and_variables_decide_anew_each_time(answers, north) -> None:
    key = north.keys["hr"]
    wishes: list[dict[str, Any]] = [
        {"short": True}, {"short": False}, {"short": True, "first": 4}, {"short": False, "filter": {"ranked": False}},
        {"short": False, "filter": {"ranked": True, "grade": "good"}}, {"short": True, "filter": {"grade": None}},
        {"short": True, "order": [{"field": "SCORE", "direction": "DESC"}]}, {"short": False, "order": []},
        {"short": True, "order": [{"field": "RANK"}, {"field": "SCORE"}]},
    ]  # fmt: skip
    for wish in wishes:
        after = None
        for _ in range(3):
            plain, compiled, taken = await answers(WITH_VARIABLES, key, {**wish, "after": after})
            same(plain, compiled)
            assert taken == 1
            page = compiled["data"]["scorecards"]["pageInfo"]
            after = page["endCursor"]
            if not page["hasNextPage"]:
                break


@pytest.mark.parametrize(
    "query",
    [
        "{ scorecards(first: 0) { totalCount } }",
        '{ scorecards(after: "x") { nodes { id } } }',
        "{ departments { nodes { code employees(first: 0) { totalCount } } } }",
        '{ departments { nodes { code employees(after: "x") { totalCount } } } }',
        "query($n: Int!) { departments { nodes { employees(first: $n) { totalCount } } } }",
        '{ scorecards(filter: { scheme: "\\u0000" }) { totalCount } }',
        '{ node(id: "x") { id } scorecard(id: "") { id } }',
        "{ scorecards(first: 2) { nodes { x: id ... on Scorecard { y: id } } } me: viewer { employee { number } } }",
    ],
)
async def test_refusals_are_the_same(answers, north, query) -> None:
    for role in ROLES:
        same(*(await answers(query, north.keys[role], {"n": 101}))[:2])


async def test_an_object_is_found_by_its_id_alike(answers, north) -> None:
    card = global_id("Scorecard", north.cards["E3"])
    query = "query($id: ID!) { node(id: $id) { __typename id ... on Scorecard { score lines { key } } } "
    query += "scorecard(id: $id) { rank explanation { text } rewards { title } } cycle(id: $id) { period } }"
    for role in ROLES:
        for one in (card, global_id("Cycle", north.cycle), global_id("Scorecard", north.cycle), "?"):
            same(*(await answers(query, north.keys[role], {"id": one}))[:2])
    assert (await answers(query, north.keys["hr"], {"id": card}))[2] == 2


async def test_what_cannot_be_told_beforehand_is_left_to_the_plain_resolvers(answers, north, told) -> None:
    query = "{ departments { nodes { children { code employees(first: 5) { nodes { name } } } } } }"
    plain, compiled, taken = await answers(query, north.keys["hr"])
    same(plain, compiled)
    assert taken == 3
    assert "'departments' is read by the plain resolvers" in told.text


async def test_texts_are_escaped_as_ever(answers, platform, north) -> None:
    odd = "".join(map(chr, range(1, 0x180))) + '"\\/\u2028\U0001f600'
    async with platform.database.unit_of_work(north.id) as uow:
        await uow.conn.execute("update employee set name = $2 where tenant_id = $1 and number = 'E4'", north.id, odd)
    query = '{ employees(filter: { numbers: ["E4"] }, orderBy: [{ field: NAME }]) '
    query += "{ nodes { name } pageInfo { endCursor } } }"
    plain, compiled, taken = await answers(query, north.keys["hr"])
    same(plain, compiled)
    assert taken == 1
    assert compiled["data"]["employees"]["nodes"] == [{"name": odd}]


async def test_what_the_schema_does_not_promise_is_told_by_the_plain_resolvers(
    answers, north, migrated_database, told
) -> None:
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    try:
        await owner.execute("alter table scorecard drop constraint scorecard_state_check")
        await owner.execute("update scorecard set state = 'odd' where subject_code = 'E6' and tenant_id = $1", north.id)
    finally:
        await owner.close()
    plain, compiled, _ = await answers("{ scorecards { nodes { score state } } }", north.keys["hr"])
    same(plain, compiled)
    assert [error["path"][-1] for error in compiled["errors"]] == ["state"]
    assert "'scorecards' is read by the plain resolvers: InvalidTextRepresentationError" in told.text

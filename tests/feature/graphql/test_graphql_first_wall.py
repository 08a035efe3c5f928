"""The first of the two walls: every read names its tenant itself, so it holds even where the policies let all through.

With row level security in place a statement that forgets its tenant gives the same answers, and nobody would notice.
"""

import json
import re

import asyncpg
import pytest
from graphql import GraphQLObjectType, get_named_type, is_required_argument

from meritline.graphql.kit.ids import global_id
from meritline.graphql.schema import schema

DEEP = """{ viewer { tenant { id name } }
  departments(first: 50) { totalCount nodes { code parent { id } children { id }
    employees(first: 50) { totalCount nodes { number } } } }
  employees(first: 50) { nodes { number name employments { id } externalCodes { id } department { id } } }
  schemes { nodes { key current { id } versions { id } } }
  cycles { nodes { id run { id } } }
  leaderboard(period: "2026-05", scheme: "engineers", first: 50) { totalCount nodes { subject { code } } }
  scorecardByKey(employeeNo: "E2", scheme: "engineers", period: "2026-05") { id }
  scorecards(first: 50) { totalCount nodes { id cycle { id } schemeVersion { id } lines { id } rewards { id } } } }"""


def lists() -> str:
    """Every list at the root that needs no argument, with its total and what identifies its rows."""
    chosen = []
    for name, found in schema()._schema.query_type.fields.items():
        connection = get_named_type(found.type)
        required = any(is_required_argument(each) for each in found.args.values())
        if isinstance(connection, GraphQLObjectType) and "totalCount" in connection.fields and not required:
            node = get_named_type(connection.fields["nodes"].type)
            shown = "id" if "id" in node.fields else "__typename"
            chosen.append(f"{name}(first: 50) {{ totalCount nodes {{ {shown} }} }}")
    return "{ " + " ".join(chosen) + " }"


@pytest.fixture(scope="module")
async def answers(ask, north, south) -> dict[tuple[str, str], str]:
    """What each role of one company sees while the policies stand."""
    return {
        (role, query): json.dumps((await ask(query, north.keys[role])).body)
        for role in ("admin", "manager", "employee") for query in (DEEP, lists())
    }  # fmt: skip


@pytest.fixture
async def without_policies(answers, platform, north, south, migrated_database):
    """The policies let everything through, and the application role really sees both companies."""
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    protected = [row[0] for row in await owner.fetch("select tablename from pg_policies where policyname = 'tenant'")]
    try:
        for table in protected:
            await owner.execute(f'alter policy tenant on "{table}" using (true)')
        seen = await platform.database.read(north.id, "select distinct tenant_id from scorecard")
        assert {row[0] for row in seen} == {north.id, south.id}
        yield
    finally:
        for table in protected:
            await owner.execute(f'alter policy tenant on "{table}" '
                                "using (tenant_id = current_setting('app.tenant_id', true)::uuid)")
        await owner.close()


async def test_every_read_names_its_tenant_itself(without_policies, answers, ask, north, south) -> None:
    assert len(re.findall(r"totalCount", lists())) >= 12
    assert not [query for (role, query), before in answers.items() if role == "admin" and '"errors"' in before]
    for (role, query), before in answers.items():
        assert json.dumps((await ask(query, north.keys[role])).body) == before, role
    theirs = global_id("Scorecard", south.cards["E1"])
    found = await ask("query($id: ID!) { node(id: $id) { id } scorecard(id: $id) { id } }", north.keys["admin"],
                      {"id": theirs})  # fmt: skip
    assert found.data == {"node": None, "scorecard": None}

"""Every list, walked from its first page to its last by both ways: cursors, totals, orders with nulls, plain fields."""

import os
from collections.abc import Iterator
from typing import Any, Final

import orjson
from graphql import GraphQLNonNull, build_schema, get_named_type, is_leaf_type
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from meritline.graphql.schema import sdl

EXAMPLES: Final = 1000 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 30
MODEL: Final = build_schema(sdl())
QUERY: Final = MODEL.query_type.fields  # type: ignore[union-attr]
LISTS: Final = sorted(name for name, each in QUERY.items() if get_named_type(each.type).name.endswith("Connection"))
REQUIRED: Final = {
    "leaderboard": 'period: "2026-05", scheme: "engineers"', "serviceRecords": 'recordType: "call_record"',
}  # fmt: skip
MOST_PAGES: Final = 5


def node_of(connection: Any) -> Any:
    """The type whose page a connection is."""
    return get_named_type(get_named_type(connection).fields["nodes"].type)


def leaves(kind: Any) -> Iterator[str]:
    """What can be selected of a type without arguments or a selection of its own."""
    for name, each in kind.fields.items():
        needed = any(isinstance(one.type, GraphQLNonNull) and one.default_value is None for one in each.args.values())
        if is_leaf_type(get_named_type(each.type)) and not needed:
            yield name


def orders(root: str) -> list[str]:
    """What a list can be ordered by."""
    given = QUERY[root].args.get("orderBy")
    return list(get_named_type(get_named_type(given.type).fields["field"].type).values) if given else []


@st.composite
def walks(draw: st.DrawFn) -> tuple[str, str, int, str]:
    """A list, its order, the size of its pages, and who walks it."""
    root = draw(st.sampled_from(LISTS))
    term = st.tuples(st.sampled_from(orders(root) or [""]), st.sampled_from(["ASC", "DESC"]))
    terms = draw(st.lists(term, max_size=3))
    order = ", ".join(f"{{field: {name}, direction: {way}}}" for name, way in terms if name)
    who = draw(st.sampled_from(["admin", "admin", "manager", "employee"]))
    return root, order, draw(st.sampled_from([1, 2, 4, 100])), who


@settings(max_examples=EXAMPLES, deadline=None, database=None, phases=(Phase.explicit, Phase.generate),
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(walk=walks())
async def test_a_list_reads_the_same_to_its_end(both: Any, walk: tuple[str, str, int, str]) -> None:
    root, order, size, who = walk
    asked = [f"first: {size}, after: $after", REQUIRED.get(root), order and f"orderBy: [{order}]"]
    given = ", ".join(filter(None, asked))
    document = (
        f"query W($after: String) {{ {root}({given}) {{ totalCount edges {{ cursor node {{ __typename }} }} "
        f"nodes {{ {' '.join(leaves(node_of(QUERY[root].type)))} }} "
        "pageInfo { startCursor hasPreviousPage hasNextPage endCursor } } }"
    )
    after, seen, total = None, 0, None
    for _ in range(MOST_PAGES):
        answer = orjson.loads(await both.equal(document, {"after": after}, whose=(who,)))
        if answer["data"] is None:
            return
        page = answer["data"][root]
        seen, total = seen + len(page["nodes"]), page["totalCount"]
        last = [each["cursor"] for each in page["edges"]][-1:]
        assert last == ([page["pageInfo"]["endCursor"]] if page["nodes"] else [])
        if not page["pageInfo"]["hasNextPage"]:
            assert seen == total, "a walk shows every row once"
            return
        after = page["pageInfo"]["endCursor"]


async def test_page_sizes_are_refused_alike(both: Any) -> None:
    for place, root in enumerate(LISTS):
        given = ", ".join(filter(None, [f"first: {(0, 101, -1)[place % 3]}", REQUIRED.get(root)]))
        answer = await both.equal(f"{{ a: {root}({given}) {{ totalCount }} }}", whose=("admin",))
        assert b"E-PAGE-SIZE" in answer, root

"""Every field of every type once, by both ways: what the generated operations meet only now and then."""

from collections.abc import Iterator
from typing import Any, Final

import orjson
import pytest
from graphql import GraphQLNonNull, build_schema, get_named_type, is_leaf_type

from meritline.graphql.kit.context import RequestContext
from meritline.graphql.kit.declare import Computed
from meritline.graphql.schema import schema, sdl

MODEL: Final = build_schema(sdl())
QUERY: Final = MODEL.query_type.fields  # type: ignore[union-attr]
REQUIRED: Final = {
    "leaderboard": '(period: "2026-05", scheme: "engineers")', "serviceRecords": '(recordType: "call_record")',
}  # fmt: skip
#: Not compiled: it has no table.
LEFT_OUT: Final = {"indicatorSets"}
LISTS: Final = sorted(
    name for name, each in QUERY.items()
    if get_named_type(each.type).name.endswith("Connection") and name not in LEFT_OUT
)  # fmt: skip
DEEPEST: Final = 3


def computed(kind: str) -> set[str]:
    """The fields of a type that Python computes."""
    shape = schema().declarations.shapes.objects.get(kind)
    return {each.name for each in shape.fields if isinstance(each, Computed)} if shape else set()


def fields(kind: Any, above: tuple[str, ...], without: bool) -> Iterator[str]:
    """All fields of a type, and those of the types below it, none of which is entered twice."""
    for name, each in kind.fields.items():
        needed = any(isinstance(one.type, GraphQLNonNull) and one.default_value is None for one in each.args.values())
        inner = get_named_type(each.type)
        if needed or (without and name in computed(kind.name)) or inner.name in above:
            continue
        if is_leaf_type(inner):
            yield name
        elif len(above) < DEEPEST and not inner.name.endswith("Connection"):
            below = " ".join(fields(inner, (*above, inner.name), without))
            yield f"{name} {{ __typename {below} }}"


def every(root: str, *, without: bool) -> str:
    """The operation that selects them."""
    node = get_named_type(get_named_type(QUERY[root].type).fields["nodes"].type)
    below = " ".join(fields(node, (node.name,), without))
    return f"{{ {root}{REQUIRED.get(root, '')} {{ totalCount nodes {{ __typename {below} }} }} }}"


@pytest.mark.parametrize("root", LISTS)
async def test_every_field_reads_the_same(both: Any, root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def plainly(*_: Any) -> None:
        raise AssertionError("it was not compiled")

    for language in ("en", "zh"):
        await both.equal(every(root, without=False), whose=("admin",), language=language)
        await both.equal(every(root, without=True), whose=("admin", "employee"), language=language)
    monkeypatch.setattr(RequestContext, "read", plainly)
    answer = await both.answer("admin", every(root, without=True), compiled=True)
    assert b'"errors":[]' in answer, "it was not compiled"
    assert b'"nodes":[{' in answer, "there are no rows to compare"


async def test_the_fields_of_the_company_read_the_same(both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = get_named_type(QUERY["tenant"].type)
    document = f"{{ tenant {{ {' '.join(fields(kind, (kind.name,), True))} }} }}"
    await both.equal(document, whose=("admin", "employee"), language="zh")
    monkeypatch.setattr(RequestContext, "read", None)
    assert b'"errors":[]' in await both.answer("admin", document, compiled=True), "it was not compiled"


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("query($n: Int) { departments { nodes { code employees(first: $n) { totalCount } } } }", {"n": None}),
        ("query($s: Boolean = true) { departments { nodes { code @skip(if: $s) name } } }", {"s": None}),
        ("query($f: EmployeeFilter) { departments { nodes { employees(filter: $f) { totalCount } } } }",
         {"f": {"search": "\x00"}}),
        ("query($f: EmployeeFilter) { employees(filter: $f) { totalCount } }", {"f": {"search": "\ud800"}}),
    ],
)  # fmt: skip
async def test_what_does_not_fit_is_refused_at_the_same_place(both: Any, document: str, variables: Any) -> None:
    answer = orjson.loads(await both.equal(document, variables, whose=("admin", "employee")))
    place = ["departments", "nodes", 0] if "departments" in document else ["employees"]
    assert answer["errors"][0]["path"][: len(place)] == place

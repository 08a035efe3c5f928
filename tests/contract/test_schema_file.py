"""schema.graphql is what the code says, and every type and field in it says what it is."""

from pathlib import Path

from graphql import GraphQLInputObjectType, GraphQLObjectType, build_schema

from meritline.graphql.schema import sdl

FILE = Path(__file__).parents[2] / "schema.graphql"


def test_the_file_is_the_schema() -> None:
    assert FILE.read_text("utf-8") == sdl(), "run: meritline schema print > schema.graphql"


def test_everything_is_described() -> None:
    lacking = []
    for name, each in build_schema(FILE.read_text("utf-8")).type_map.items():
        if name.startswith("__") or name in ("String", "Int", "Boolean", "ID", "Float"):
            continue
        if not each.description:
            lacking.append(name)
        fields = each.fields if isinstance(each, GraphQLObjectType | GraphQLInputObjectType) else {}
        lacking += [f"{name}.{field}" for field, found in fields.items() if not found.description]
    assert not lacking

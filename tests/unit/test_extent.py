"""How large an operation may be, with its fragments spread."""

import pytest
from graphql import parse

from meritline.graphql.kit.extent import refusals
from meritline.graphql.schema import schema


def twice(deep: int, between: str) -> str:
    """Fragments each of which spreads the next one twice."""
    made = [f"fragment f{n} on Department {{ {between % (f'...f{n + 1}', f'...f{n + 1}')} }}" for n in range(deep)]
    return "{ departments { nodes { ...f0 } } } " + " ".join(made) + f" fragment f{deep} on Department {{ code }}"


LINES = "lines { scorecard { " * 4 + "lines { key }" + " } }" * 4


@pytest.mark.parametrize(
    ("document", "refused"),
    [
        # A rule that follows each spread would not come back from these.
        (twice(60, "%s %s"), "fields with its fragments spread"),
        (twice(11, "parent { %s } children { %s }"), "fields with its fragments spread"),
        (twice(60, "parent { %s } children { %s }"), "depth of 14"),
        ("{ scorecards { nodes { " + LINES + " } } }", "6 lists inside each other"),
        ("{ " + " ".join(f"a{n}: __typename" for n in range(31)) + " }", "31 aliases"),
        ("{ departments { nodes { ...f } } } fragment f on Department { parent { ...f } }", "spread fragment 'f'"),
        ("{ viewer { role ...f } } fragment f on Viewer { ...g " + "role " * 900 + "} fragment g on Viewer { ...f }",
         "spread fragment"),
        # GraphQL compares each of these with each.
        ("{ viewer { " + "role " * 31 + "} }", "role: "),
        ("{ " + "viewer { role } " * 31 + "}", "viewer: "),
        ("{ " + "... { viewer { role } } " * 31 + "}", "viewer: "),
        ("{ " + ("tenant { " + "key " * 6 + "} ") * 6 + "}", "key: "),
        ("{ " + "x: tenant { key } " * 20 + "x: viewer { key } " * 11 + "}", "aliases"),
        ("{ " + " ".join(f"...f{n}" for n in range(31)) + " } "
         + " ".join(f"fragment f{n} on Query {{ viewer {{ role }} }}" for n in range(31)), "viewer: "),
        ("{ " + "viewer { role } " * 30 + "tenant { " + "key " * 30 + "} " + "...f " * 40 + "} "
         "fragment f on Query { tenant { name } }", None),
        # What no operation spreads is compared as well.
        ("{ viewer { role } } fragment f on Viewer { " + "role " * 900 + "}", "'f' is never used"),
        ("{ viewer { ...f } } fragment f on Viewer { " + "role " * 900 + "} fragment f on Viewer { role }",
         "only one fragment named 'f'"),
        # Each operation is looked at, whichever is named.
        (" ".join(f"query q{n} {{ ...f }}" for n in range(200)) + " fragment f on Query { "
         + "tenant { key name } viewer { role } " * 10 + "}", "All operations together have 10000 fields"),
        ("{ __schema { " + " ".join(f"a{n}: types {{ name }}" for n in range(3)) + " } }", "3 aliases found in intro"),
        ("{ ...f } fragment f on Query { __schema { a: types { name } b: types { name } } a: __typename }", None),
        ("{ departments { nodes { ...gone } } }", None),
        ("{ scorecards { nodes { lines { scorecard { lines { key } } } } } }", None),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_followed(document: str, refused: str | None) -> None:
    found = refusals(schema()._schema, parse(document))
    shown = [f"{error.message} {error.original_error}" for error in found]
    assert any(refused in each for each in shown) if refused else not found, shown

"""Numbers that nobody should send: absurd exponents, thousands of digits, spellings that only Python reads."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from graphql import parse_value

from meritline.documents import read_toml
from meritline.documents.table import exact_number
from meritline.errors import Problem
from meritline.graphql.kit.scalars import literal
from meritline.graphql.schema import schema
from meritline.records.formats import Hints, open_table
from meritline_sdk.explain.figures import closing_product, figure, rounding
from meritline_sdk.explain.readings import reading_text

ABSURD = "1e" + "9" * 25


def test_a_line_with_an_absurd_number_does_not_keep_the_others_out() -> None:
    body = f'{{"id": 1}}\n{{"id": {ABSURD}}}\n{{"id": 3}}\n'.encode()
    (chunk,) = open_table(body, Hints(format="ndjson"), name="body").chunks()
    assert list(chunk.lines) == [1, 3]
    assert [(each.line, each.problem.code) for each in chunk.bad] == [(2, "E-ROW-JSON")]


def test_a_manifest_with_an_absurd_number_is_refused_as_a_manifest() -> None:
    found = read_toml(f"weight = {ABSURD}\n".encode(), "scheme.toml")
    assert isinstance(found, Problem)
    assert found.code == "E-DOC-SYNTAX"


@pytest.mark.parametrize("text", ["9" * 5000, ABSURD])
def test_a_literal_of_a_size_that_python_refuses_is_bad_input(text: str) -> None:
    with pytest.raises(Exception, match="JSON cannot be") as refused:
        literal(parse_value(f"{{ a: [{text}] }}"))
    assert refused.value.extensions == {"code": "BAD_USER_INPUT"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("query", [
    "{ employees(first: %s) { totalCount } }", "{ a: employees(first: -%s) { totalCount } }",
    "query($n: Int = %s) { employees(first: $n) { totalCount } }",
])  # fmt: skip
async def test_a_whole_number_of_thousands_of_digits_is_bad_input(query: str) -> None:
    """Python refuses to read more than 4,300."""
    found = await schema().execute(query % ("9" * 4301))
    first = (found.errors or [])[0]
    assert first.extensions == {"code": "BAD_USER_INPUT"}
    assert first.message.startswith("Int cannot be '")
    assert len(first.message) < 150


@pytest.mark.parametrize("text", ["1_000", "1e9", "1E2", "１２", "²", ".5", "5.", "0x10", "1 000", "", "\u00a05"])
def test_a_number_in_a_document_is_plain_digits(text: str) -> None:
    assert exact_number(text) == "E-DOC-NUMBER"


@pytest.mark.parametrize("value", [Decimal("1e9999999"), Decimal("-1e9999999"), Decimal("0e9999999"), 10**15])
def test_a_huge_number_of_a_document_is_refused_without_arithmetic(value: Any) -> None:
    assert exact_number(value) == "E-DOC-SIZE"


@pytest.mark.parametrize("text", ["1.5", " 1.5 ", "+1.5", "001.50"])
def test_a_plain_number_of_a_document_is_read(text: str) -> None:
    assert exact_number(text) == Decimal("1.5")


def test_a_change_is_one_subtraction_with_one_blank_on_each_side() -> None:
    step = {"state": "measured", "value": "-1/3", "earlier": "1", "unit": "percentage_point", "form": "change"}
    assert Fraction(2, 3) - 1 == Fraction(step["value"])
    assert reading_text(step, "en").startswith("2/3 − 1 = −0.3333…")
    assert reading_text({**step, "value": "1.5", "earlier": "-0.5"}, "en").startswith("1 − (−0.5) = 1.5")


@pytest.mark.parametrize("value", [Fraction(1, 1_010_000), Fraction(-1, 3 * 10**9), Fraction(1, 3)])
def test_no_number_is_shown_with_an_exponent(value: Fraction) -> None:
    for text in (figure(value), closing_product(value, Fraction(100), 2), rounding(value, 8, "en")):
        assert "E" not in text, text

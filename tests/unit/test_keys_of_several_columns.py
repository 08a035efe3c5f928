"""A row that is known by several columns: its id, and that it is looked for and ordered by the columns themselves."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from meritline.graphql.kit import GlobalId, Object, Order, Visible, cursors
from meritline.graphql.kit.ids import global_id, key_of, typed_key
from meritline.graphql.kit.paging import Arguments
from meritline.graphql.kit.shapes import Shapes
from meritline.graphql.kit.statements import Statements, total_order

CARD = "01a0b1c2-d3e4-7f56-8a9b-0c1d2e3f4a5b"
SHAPE = Object(name="Line", description="A line.", table="line", visible=Visible(action="lines:read"),
               fields=(GlobalId(),), key_type="uuid.int", key_columns=("{t}.card", "{t}.place"))  # fmt: skip


class Anybody:
    """A reader of the test."""

    tenant_id, employee_id, role = UUID(int=1), None, "admin"


STATEMENTS = Statements(Shapes({"Line": SHAPE}), Anybody(), lambda _: "company", date(2026, 5, 1))  # type: ignore[arg-type]


@pytest.mark.parametrize("place", ["0", "1", "10", "999999999"])
def test_a_key_is_its_own_text(place: str) -> None:
    assert typed_key(f"{CARD}.{place}", "uuid.int") == f"{CARD}.{place}"
    assert key_of(global_id("Line", f"{CARD}.{place}"), "Line", "uuid.int") == f"{CARD}.{place}"


@pytest.mark.parametrize("text", [
    "", ".", CARD, f"{CARD}.", f".{CARD}", ".0", "0", f"{CARD}.00", f"{CARD}.01", f"{CARD}.-1", f"{CARD}.+1",
    f"{CARD}. 1", f"{CARD}.1 ", f"{CARD}.1\n", f"{CARD}.1.1", f"{CARD}.1000000000", f"{CARD}.99999999999999999999",
    f"{CARD}.1e3", f"{CARD}.0x1", f"{CARD}.٣", f"{CARD}.１", f"{CARD}.1\x00", f"{CARD}:1", f"{CARD.upper()}.1",
    f"{CARD.replace('-', '')}.1", f"{{{CARD}}}.1", f"urn:uuid:{CARD}.1", f" {CARD}.1", f"{CARD[:-1]}.1",
])  # fmt: skip
def test_any_other_text_is_no_key(text: str) -> None:
    assert typed_key(text, "uuid.int") is None


def test_a_key_has_as_many_columns_as_types() -> None:
    for wrong in ({"key_type": "uuid"}, {"key_columns": ()}, {"key_columns": ("{t}.card",)}):
        with pytest.raises(ValueError, match="as many columns as types"):
            replace(SHAPE, **wrong)  # type: ignore[arg-type]


def test_rows_are_looked_for_by_the_columns_themselves() -> None:
    sql, values = STATEMENTS.matching(SHAPE, SHAPE.key, [f"{CARD}.1", f"{CARD}.12"])
    assert values == [UUID(int=1), [CARD, CARD], ["1", "12"]]
    assert "(t.card, t.place) in (select * from unnest($2::text[]::uuid[], $3::text[]::int[]))" in sql


def test_lists_are_ordered_by_the_columns_themselves() -> None:
    order = total_order(SHAPE, (Order("name", "{t}.name", "text"),))
    after = cursors.encode(order, ["N", CARD, 3])
    sql, values = STATEMENTS.page(SHAPE, Arguments(first=2, after=after, order=order).wish())
    assert "order by t.name asc, t.card asc, t.place asc" in sql
    assert "(t.name, t.card, t.place) > ($2::text, $3::uuid, $4::int)" in sql
    assert values[1:4] == ["N", UUID(CARD), 3]

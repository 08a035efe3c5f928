"""Rows of a COPY read back are the values that were written, with the places of their decimals."""

import random
from decimal import Decimal
from typing import Any
from uuid import UUID

from meritline.appraisal.refresh.unpacked import given, unpacked
from meritline.appraisal.run.prepared import wire

TYPES = {"who": "uuid", "said": "text", "many": "int", "much": "numeric", "so": "boolean"}
WRITE = {"uuid": wire.uuid, "text": wire.text, "int": wire.whole, "numeric": wire.numeric, "boolean": wire.boolean}


def test_what_was_written_is_read_back() -> None:
    dice = random.Random(1)
    rows: list[tuple[Any, ...]] = [
        (UUID(int=number), dice.choice((None, "", "钱 'quoted'")), dice.choice((None, -3, 2**31 - 1)), decimal(dice),
         dice.choice((None, True, False))) for number in range(2_000)
    ]  # fmt: skip
    packed = b"".join(wire.row(*(WRITE[kind](value) for kind, value in zip(TYPES.values(), row, strict=True)))
                      for row in rows)  # fmt: skip
    columns = unpacked(packed, TYPES)
    assert list(zip(*columns, strict=True)) == rows
    for (*_, much, _), found in zip(rows, columns[3], strict=True):
        assert (much is None) == (found is None)
        assert much is None or much.as_tuple() == found.as_tuple() or much == found == 0
    assert unpacked(b"", TYPES) == [[]] * 5


def decimal(dice: random.Random) -> Decimal | None:
    """A number of any size, also below one and with zeros behind it."""
    number = dice.choice((0, 1, 10_000, dice.randint(-10**17, 10**17), dice.randint(-9999, 9999) * 10_000))
    return dice.choice((None, Decimal(number).scaleb(-dice.randint(0, 12))))


def test_the_parameters_stand_in_the_order_of_the_columns() -> None:
    assert given({"a": "uuid", "b": "text"}, 4) == "select * from unnest($4::uuid[], $5::text[]) as given (a, b)"

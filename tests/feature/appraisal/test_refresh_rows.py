"""Rows of a COPY that come as one parameter are the values that were written, with the places of their decimals."""

import random
from decimal import Decimal
from typing import Any
from uuid import UUID

from meritline.appraisal.refresh.unpacked import as_json, given, unpacked
from meritline.appraisal.run.prepared import wire
from meritline.db import Database

TYPES = {"who": "uuid", "said": "text", "many": "int", "much": "numeric", "so": "boolean"}
WRITE: dict[str, Any] = {"uuid": wire.uuid, "text": wire.text, "int": wire.whole,
                         "numeric": wire.numeric, "boolean": wire.boolean}
TEXTS = (None, "", "null", "钱 'quoted' \"twice\" \\ \\u0041 \t\n\r \x01 \x1f \U0001f4b0", '{"steps": [1.50, null]}')


async def test_what_was_written_comes_to_the_database(database: Database) -> None:
    dice = random.Random(1)
    rows: list[tuple[Any, ...]] = [
        (dice.choice((None, UUID(int=number))), dice.choice(TEXTS), dice.choice((None, -3, 0, 2**31 - 1)),
         decimal(dice), dice.choice((None, True, False))) for number in range(2_000)
    ]  # fmt: skip
    packed = b"".join(wire.row(*(WRITE[kind](value) for kind, value in zip(TYPES.values(), row, strict=True)))
                      for row in rows)  # fmt: skip
    async with database.global_work() as conn:
        found = await conn.fetch(f"select *, much::text as shown from ({given(TYPES, 1)}) rows",  # noqa: S608
                                 as_json(packed, TYPES))
        assert await conn.fetch(given(TYPES, 1), as_json(b"", TYPES)) == []
    assert [tuple(row)[:-1] for row in found] == rows
    for (*_, much, _), row in zip(rows, found, strict=True):
        assert row["shown"] == (much if much is None else format(abs(much) if much == 0 else much, "f"))
    assert unpacked(packed, TYPES)[0][1] == rows[0][1]


def decimal(dice: random.Random) -> Decimal | None:
    """A number of any size, also below one and with zeros behind it."""
    number = dice.choice((0, 1, 10_000, dice.randint(-10**17, 10**17), dice.randint(-9999, 9999) * 10_000))
    return dice.choice((None, Decimal(number).scaleb(-dice.randint(0, 12))))

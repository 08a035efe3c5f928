"""The id of a score line: made of its card and its position, found by the index of the two, unknown where malformed."""

import json
from collections.abc import Iterator
from typing import Any, Final

import asyncpg
import orjson
import pytest

from meritline.db.wire import ScopedConnection
from meritline.graphql.kit.ids import global_id
from meritline.local import LocalUrls

#: What the database can answer with JSON, what Python has to fill in, and what Python has to finish.
SELECTED: Final = {
    "whole": "position key scorecard { id }",
    "with gaps": "position explanation { text numerator }",
    "brought": "position scorecard { cycle { scorecards(first: 1) { nodes { explanation { text } } } } }",
}
NODE: Final = "query($id: ID!) {{ node(id: $id) {{ id __typename ... on ScoreLine {{ {} }} }} }}"
MORE_LINES: Final = """
insert into score_line (tenant_id, run_id, scorecard_id, position, kind, key, title_en, title_zh, unit, direction,
    reading_state, steps)
select $1, card, card, position, 'item', 'k', 'K', 'K', 'u', 'higher', 'not_measured', '[]'
from (select uuidv7() as card from generate_series(1, 1500)) cards, generate_series(0, 11) position
"""


def line_id(card: object, position: object) -> str:
    """The opaque id of a line."""
    return global_id("ScoreLine", f"{card}.{position}")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...]]]:
    """The statements over score lines, with their values."""
    found: list[tuple[str, tuple[Any, ...]]] = []

    def noting(name: str) -> None:
        sends = getattr(ScopedConnection, name)

        async def send(self: ScopedConnection, sql: str, *args: Any, **options: Any) -> Any:
            if '"score_line" t' in sql and not sql.startswith("explain"):
                found.append((sql, args))
            return await sends(self, sql, *args, **options)

        monkeypatch.setattr(ScopedConnection, name, send)

    for each in ("fetch", "fetchval", "fetchrow"):
        noting(each)
    return found


@pytest.mark.parametrize("selected", SELECTED)
async def test_a_line_is_found_again_by_the_id_that_its_card_shows(both: Any, north: Any, selected: str) -> None:
    shown = orjson.loads(await both.equal("{ scorecards { nodes { id lines { id position } } } }", whose=("admin",)))
    cards = {global_id("Scorecard", card): card for card in north.cards.values()}
    lines = [(cards[card["id"]], line) for card in shown["data"]["scorecards"]["nodes"] for line in card["lines"]]
    assert len(lines) == 2 * len(north.cards)
    for card, line in lines:
        assert line["id"] == line_id(card, line["position"])
    for card, line in lines[:4]:
        answer = orjson.loads(await both.equal(NODE.format(SELECTED[selected]), {"id": line["id"]},
                                               whose=("admin", "manager", "employee")))  # fmt: skip
        assert answer["errors"] == []
        found = orjson.loads(await both.answer("admin", NODE.format(SELECTED[selected]), {"id": line["id"]},
                                               compiled=True))["data"]["node"]  # fmt: skip
        assert (found["id"], found["__typename"], found["position"]) == (line["id"], "ScoreLine", line["position"])
        if selected == "whole":
            assert found["scorecard"] == {"id": global_id("Scorecard", card)}


async def test_several_lines_are_found_at_once(both: Any, north: Any) -> None:
    first, second = list(north.cards.values())[:2]
    wanted = [line_id(second, 1), line_id(first, 0), line_id(first, 2), line_id(second, 1), line_id(first, 1)]
    document = " ".join(f'n{place}: node(id: "{each}") {{ id }}' for place, each in enumerate(wanted))
    found = orjson.loads(await both.equal(f"{{ {document} }}", whose=("admin",)))
    assert found["errors"] == []
    assert list(found["data"].values()) == [{"id": each} if place != 2 else None for place, each in enumerate(wanted)]


def unknown(north: Any, south: Any) -> dict[str, str]:
    """Ids of no line that the reader could see, by what is wrong with them."""
    card, other = str(north.cards["E1"]), str(south.cards["E1"])
    return {
        "no such position": line_id(card, 2), "no such card": line_id(card[:-4] + "ffff", 0),
        "of another company": line_id(other, 0), "upper case": line_id(card.upper(), 0),
        "without hyphens": line_id(card.replace("-", ""), 0), "in braces": line_id(f"{{{card}}}", 0),
        "leading zero": line_id(card, "00"), "signed": line_id(card, "+0"), "negative": line_id(card, -1),
        "beyond the column": line_id(card, 2**31), "beyond any number": line_id(card, "9" * 40),
        "a fraction": line_id(card, "0.0"), "other digits": line_id(card, "٠"), "a space": line_id(card, " 0"),
        "a null byte": line_id(card, "0\x00"), "no position": line_id(card, ""), "no card": line_id("", 0),
        "the card alone": global_id("ScoreLine", card), "nothing": global_id("ScoreLine", ""),
        "a word": line_id(card, "first"), "of another type": global_id("Scorecard", f"{card}.0"),
        "padded": line_id(card, 0) + "=",
    }  # fmt: skip


async def test_every_other_id_is_unknown_and_no_error(both: Any, north: Any, south: Any) -> None:
    for wrong, each in unknown(north, south).items():
        for selected in SELECTED.values():
            answer = await both.equal(NODE.format(selected), {"id": each}, whose=("admin", "employee"))
            assert orjson.loads(answer) == {"data": {"node": None}, "errors": []}, wrong


async def test_a_malformed_id_asks_nothing_of_the_database(both: Any, north: Any, south: Any, sent: Any) -> None:
    asked = set()
    for wrong, each in unknown(north, south).items():
        for compiled in (True, False):
            sent.clear()
            await both.answer("admin", NODE.format("key"), {"id": each}, compiled=compiled)
            if sent:
                asked.add(wrong)
    assert asked == {"no such position", "no such card", "of another company"}


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("who", ["admin", "employee"])
async def test_a_line_is_looked_for_by_the_index_of_its_key(
    both: Any, north: Any, migrated_database: LocalUrls, sent: Any, compiled: bool, who: str
) -> None:
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    try:
        if await owner.fetchval("select count(*) from score_line") < 10_000:
            await owner.execute(MORE_LINES, north.id)
            await owner.execute("analyze score_line")
    finally:
        await owner.close()
    for selected in SELECTED.values():
        await both.answer(who, NODE.format(selected), {"id": line_id(north.cards["E2"], 1)}, compiled=compiled)
    assert sent
    async with both.platform.database.scoped_read(north.id) as conn:
        for sql, values in sent:
            for kind in ("format json", "format json, generic_plan"):
                plan = json.loads(await conn.fetchval(f"explain ({kind}) {sql}", *values))
                (scan,) = scans(plan[0]["Plan"])
                assert scan.get("Index Name") == "score_line_pkey", plan
                for column in ("tenant_id", "scorecard_id", '"position"'):
                    assert f"({column} = " in scan["Index Cond"], plan


def scans(plan: Any) -> Iterator[Any]:
    """What reads the table of lines."""
    if plan.get("Relation Name") == "score_line":
        yield plan
        return
    for below in plan.get("Plans", ()):
        yield from scans(below)

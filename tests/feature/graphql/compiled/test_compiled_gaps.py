"""Answers with gaps that Python fills: equal to those of the plain resolvers, also where a gap cannot be filled."""

import re
from typing import Any

import pytest

from meritline.graphql.kit.compiled import answering
from meritline.graphql.kit.ids import global_id

EVERYBODY = ("admin", "hr", "manager", "employee", "integrator")
PARTS = """text formula points weight weightFormula effectiveWeight weightedFormula weightedPoints numerator steps
  reading { state value unit text sampleSize __typename } target { exact text } dimension { title }
  rule { kind text parameters { name value } } policy { policy state } rounding { exact places to mode result }
  limits { kind limit } parts { title parts { title reading { state } } }"""
LINES = f"""lines {{ explanation {{ {PARTS} }} position id key title(language: ZH)
  why: explanation(language: $language) {{ __typename told: text text ...Reading }} indicator {{ title unit }}
  scorecard {{ explanation {{ text steps }} score rank }} }}"""
CARDS = f"""query($id: ID!, $language: Language, $short: Boolean! = false) {{
  scorecard(id: $id) {{ explanation {{ text }} score {LINES} grade {{ name }}
    rewards {{ title explanation @skip(if: $short) {{ text formula amount reading {{ value }} limits {{ kind }}
      conditions {{ holds text }} }} }} }}
  scorecardByKey(employeeNo: "E3", scheme: "engineers", period: "2026-05") {{ x: state subject {{ name }} {LINES} }}
  nobody: scorecardByKey(employeeNo: "no", scheme: "engineers", period: "2026-05") {{ explanation {{ text }} }}
  node(id: $id) {{ ... on Scorecard {{ {LINES} }} }} }}
fragment Reading on Explanation {{ reading @include(if: $short) {{ value }} }}"""


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was refused, and an error if rows were brought for a walk of the executor."""
    refused: list[str] = []
    monkeypatch.setattr(answering.Told, "once", lambda _, name, reason: refused.append(f"{name}: {reason}"))
    return refused


async def test_gaps_are_filled_as_the_plain_resolvers_fill_them(both: Any, north: Any, filled: Any) -> None:
    for number in ("E2", "E5"):
        card = global_id("Scorecard", north.cards[number])
        for language, spoken in (("en", None), ("zh", "EN"), ("en", "ZH")):
            for short in (True, False):
                await both.equal(CARDS, {"id": card, "language": spoken, "short": short}, whose=EVERYBODY,
                                 language=language)  # fmt: skip
    assert filled == []


async def test_nothing_is_walked_where_all_gaps_are_known(both: Any, north: Any, monkeypatch: Any) -> None:
    walked: list[Any] = []
    monkeypatch.setattr(answering, "walkable", lambda *given: walked.append(given))
    variables = {"id": global_id("Scorecard", north.cards["E2"]), "language": "ZH"}
    assert b'"errors":[]' in await both.answer("admin", CARDS, variables, compiled=True)
    assert walked == []


@pytest.mark.parametrize("steps", ["[]", '[{"step": "nothing"}]', '{"a": 1}'])
async def test_a_gap_that_cannot_be_filled_is_told_by_the_plain_resolvers(
    both: Any, north: Any, platform: Any, filled: Any, steps: str
) -> None:
    document = """query($id: ID!) { scorecard(id: $id) { score explanation { text }
        lines { key explanation { text formula reading { value } } } } }"""
    card = north.cards["E4"]
    async with platform.database.unit_of_work(north.id) as uow:
        before = await uow.conn.fetchval("select steps from score_line where scorecard_id = $1 limit 1", card)
        await uow.conn.execute("update score_line set steps = $2 where scorecard_id = $1 and position = 1", card, steps)
    try:
        for who in ("admin", "employee"):
            answers = [await both.answer(who, document, {"id": global_id("Scorecard", card)}, compiled=compiled)
                       for compiled in (True, False)]  # fmt: skip
            assert masked(answers[0]) == masked(answers[1])
    finally:
        async with platform.database.unit_of_work(north.id) as uow:
            await uow.conn.execute("update score_line set steps = $2 where scorecard_id = $1", card, before)


async def test_a_null_that_was_not_promised_is_told_where_it_is(
    both: Any, north: Any, monkeypatch: Any, filled: Any
) -> None:
    from meritline.appraisal import graphql_explanation

    monkeypatch.setattr(graphql_explanation, "told_of", lambda *_: (None, None))
    document = "query($id: ID!) { scorecard(id: $id) { rank lines { key explanation { text } } } }"
    variables = {"id": global_id("Scorecard", north.cards["E2"])}
    answers = [await both.answer("admin", document, variables, compiled=compiled) for compiled in (True, False)]
    assert masked(answers[0]) == masked(answers[1])
    assert b'"path":["scorecard","lines",0,"explanation","text"]' in answers[0]
    assert filled == ["scorecard: a gap: ValueError"]


def masked(answer: bytes) -> str:
    """An answer without the references of errors that were not expected."""
    return re.sub(r"[0-9a-f]{12}", "", answer.decode())

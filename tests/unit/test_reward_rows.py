"""Reward lines on the wire are what the lines say, and their digests those of the domain, whatever is shared."""

import hashlib
import json
import random
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from meritline.appraisal.definitions import SchemeInForce
from meritline.appraisal.refresh.unpacked import unpacked
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.subjects import Appraised
from meritline.domain.digest import reward_digest
from meritline.domain.rewarding import RewardLine
from meritline.errors import MeritlineError
from meritline.rewards.rows import NEW_REWARD_LINE, REWARD_LINE, ids_of, new_rows, rows_again, rows_of
from meritline_sdk import Item, RatedIndicator, Scheme, Text, rules
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.schemes import SubjectKind

TITLE = Text("Bonus", "奖金")
SCHEME = Scheme("s", TITLE, (Item(RatedIndicator("q", TITLE), 100, rules.AsPoints()),))
RULES = ("bonus", "act", "fine")
TYPED: dict[str, Any] = {"uuid": UUID, "numeric": Decimal}
DETAIL = Text('A "course"', "课程")
PEOPLE = tuple(Appraised(Subject(SubjectKind.EMPLOYEE, f"工{number}"), UUID(int=100 + number), f"Name {number}")
               for number in range(40))
CARDS = {who.subject: UUID(int=1_000 + place) for place, who in enumerate(PEOPLE)}


def appraisal() -> Appraisal:
    table: Any = SimpleNamespace(rules=[SimpleNamespace(key=key) for key in RULES])
    return Appraisal(SchemeInForce(UUID(int=1), UUID(int=2), 1, SCHEME, "hash", date(2026, 1, 1), table), PEOPLE)


def lines() -> list[RewardLine]:
    """Many share amounts and steps, as those do whom a rule pays alike; what is equal is not always the same."""
    dice = random.Random(3)
    amounts = [None, Decimal("0.00"), Decimal("300.00"), Decimal("-12.50"), Decimal("123456789012.01")]
    steps: list[Any] = [(), ({"step": "一", "number": 1},), ({"step": "x", "text": "\" \\ \n"}, {"step": "y"})]
    found = []
    for who in PEOPLE:
        money, reason = dice.choice(amounts), dice.choice(steps)
        found.append(RewardLine(who.subject, "bonus", "by_grade", "money", TITLE, money, reason))
        if dice.random() < 0.5:
            found.append(RewardLine(who.subject, "act", "proposal", "act", TITLE, None, dice.choice(steps), "training",
                                    DETAIL))
        if dice.random() < 0.5:
            found.append(RewardLine(who.subject, "fine", "fine", "money", TITLE, Decimal(str(money or "0.00")),
                                    tuple(reason)))
    return found


def test_rows_and_digests_are_those_of_each_line_alone() -> None:
    made = lines()
    rows, digests = rows_of("2026-05", appraisal(), made, CARDS)
    assert digests == [reward_digest("2026-05", "s", line) for line in made]
    people = {who.subject: who for who in PEOPLE}
    plain = [
        (CARDS[line.subject], "employee", people[line.subject].id, line.subject.key, digest, "s", line.rule_key,
         line.kind, "Bonus", "奖金", line.amount, json.dumps(line.steps, ensure_ascii=False, separators=(",", ":")),
         line.act, line.detail and line.detail.en, line.detail and line.detail.zh, RULES.index(line.rule_key))
        for line, digest in zip(made, digests, strict=True)
    ]  # fmt: skip
    assert typed(rows_again(rows), REWARD_LINE) == plain
    ids, *columns = zip(*typed(new_rows(ids_of(appraisal(), made, {}), rows), NEW_REWARD_LINE), strict=True)
    assert list(zip(*columns, strict=True)) == plain
    assert (sorted(set(ids)), {each.version for each in ids}) == (list(ids), {7})
    for line, amount in zip(made, columns[list(REWARD_LINE).index("amount")], strict=True):
        assert line.amount is None or amount.as_tuple().exponent == -2


def test_a_line_that_was_there_keeps_its_id() -> None:
    made = lines()
    people = {who.subject: who.id.bytes for who in PEOPLE}
    before = {("s", "employee", "bonus"): {people[line.subject]: UUID(int=place).bytes
                                           for place, line in enumerate(made) if line.rule_key == "bonus"},
              ("other", "employee", "act"): {each: UUID(int=9_000).bytes for each in people.values()},
              ("s", "department", "fine"): {each: UUID(int=9_001).bytes for each in people.values()}}
    ids = ids_of(appraisal(), made, before)
    for place, (line, own) in enumerate(zip(made, ids, strict=True)):
        assert (UUID(bytes=own) == UUID(int=place)) == (line.rule_key == "bonus")
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("kind", SubjectKind)
def test_the_line_of_a_department_or_the_company_keeps_its_id_too(kind: SubjectKind) -> None:
    who = Appraised(Subject(kind, "A"), UUID(int=7), "A")
    line = RewardLine(who.subject, "bonus", "by_grade", "money", TITLE, Decimal("1.00"), ())
    before = {("s", each.value, "bonus"): {who.id.bytes: UUID(int=place).bytes}
              for place, each in enumerate(SubjectKind)}  # fmt: skip
    of = appraisal()
    of.people = (who,)
    assert ids_of(of, [line], before) == [UUID(int=list(SubjectKind).index(kind)).bytes]


def typed(rows: bytes, types: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """The values of rows in the wire's form."""
    return [tuple(value if value is None else TYPED.get(kind, lambda same: same)(value)
                  for kind, value in zip(types.values(), row, strict=True)) for row in unpacked(rows, types)]


def test_the_digest_is_that_of_canonical_json() -> None:
    line = RewardLine(PEOPLE[0].subject, "act", "proposal", "act", TITLE, None, (), "training", DETAIL)
    told = {"act": "training", "amount": None, "detail": {"en": DETAIL.en, "zh": DETAIL.zh}, "kind": "employee",
            "period": "2026-05", "rule": "act", "scheme": "s", "subject": "工0"}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert reward_digest("2026-05", "s", line) == hashlib.sha256(text.encode()).hexdigest()


def test_an_amount_that_cannot_be_kept_names_its_subject() -> None:
    line = RewardLine(PEOPLE[7].subject, "bonus", "by_grade", "money", TITLE, Decimal(10**15), ())
    with pytest.raises(MeritlineError, match="E-RUN-SIZE") as caught:
        rows_of("2026-05", appraisal(), [line], CARDS)
    assert caught.value.problem.params["subject"] == PEOPLE[7].subject.key

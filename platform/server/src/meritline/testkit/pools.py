"""Whether the parts of a reward table's pools sum to their amounts: tried on groups of several sizes and shares."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from meritline.domain.facts import Facts
from meritline.domain.ranking import Card
from meritline.domain.rewarding import SubjectReadings, reward
from meritline_sdk.evaluate.numbers import fraction, rounded
from meritline_sdk.evaluate.readings import MEASURED, Reading
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.blanks import open_blanks
from meritline_sdk.model.rewards import Pool, RewardTable
from meritline_sdk.model.schemes import OWN, Scheme, SubjectKind, key_of
from meritline_sdk.testing.law_schemes import asked_by, indicators_of

GROUPS = (1, 2, 3, 7)
MORE = (Fraction(0), Fraction(1, 3), Fraction(25))
"""By how much the reading is above what the pool asks for."""


def leaks(table: RewardTable, scheme: Scheme) -> list[str]:
    """Each pool with a group whose parts sum to another amount."""
    if open_blanks((table, scheme)):
        return []
    pools = [rule for rule in table.rules if isinstance(rule, Pool)]
    return [told for rule in pools for people in GROUPS for more in MORE for told in leak(table, scheme, rule, people,
                                                                                          more)]


def leak(table: RewardTable, scheme: Scheme, rule: Pool, people: int, more: Fraction) -> Iterator[str]:
    """The sentence for a group, where its parts do not sum to the pool; whom the terms refuse gets no part."""
    indicators, asked = indicators_of(scheme, []), asked_by(scheme)
    subjects = [Subject(SubjectKind.EMPLOYEE, f"E{number:02}") for number in range(people)]
    reading = Reading(MEASURED, fraction(rule.at_least) + more, sample=1000)
    readings: SubjectReadings = {
        one: dict.fromkeys(asked, Reading(MEASURED, Fraction(90 + place, 1), sample=1000))
        | {(key_of(rule.indicator), rule.read_from): reading} for place, one in enumerate(subjects)}
    cards = [Card(one, score(scheme, {key: found for key, found in readings[one].items() if key[1] == OWN
                                      or key in asked}, indicators), "D1") for one in subjects]
    facts = {one: Facts(days=10 + place, period_days=31, performance_pay=Decimal(1000 + 100 * place))
             for place, one in enumerate(subjects)}
    lines = [line for line in reward(table, scheme, cards, readings, indicators=indicators, facts=facts)
             if line.rule_key == rule.key and line.amount]
    given, wanted = sum((line.amount or Decimal(0) for line in lines), Decimal(0)), amount_of(rule, reading)
    if lines and given != wanted:
        yield f"{rule.key}: {people} people get {given} of {wanted}"


def amount_of(rule: Pool, reading: Reading) -> Decimal:
    """What the whole group gets, counted once more here."""
    assert reading.value is not None
    over = reading.value - fraction(rule.at_least)
    steps = 1 if rule.per_step is None else over // fraction(rule.per_step) + 1
    whole = fraction(rule.amount) * steps
    return rounded(whole if rule.cap is None else min(whole, fraction(rule.cap)), 2)

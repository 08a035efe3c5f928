"""A reward table as written. Decides its keys; amounts are in the tenant's currency, exact to the cent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from meritline.appraisal.documents.quantities import quantity
from meritline.appraisal.documents.schemes import Indicators
from meritline.documents import Document, Table
from meritline.documents.table import nearest_first
from meritline.errors import Problem
from meritline_sdk import (
    BasePay,
    ByGrade,
    ByRank,
    DeclarationError,
    Fine,
    Fixed,
    PerReading,
    Pool,
    RewardTable,
    Scheme,
    WhenMet,
)  # fmt: skip
from meritline_sdk.model.rewards import CENT, MEAN_OF_PLACES, PAY_MODES, REWARD_RULES, TIES, RewardRule
from meritline_sdk.model.schemes import READ_FROM

BONUS = "performance_bonus"


@dataclass(frozen=True, slots=True)
class RewardDraft:
    """A reward table that reads well, not yet anybody's."""

    table: RewardTable
    valid_from: date
    document: Document


def read_reward_table(document: Document, indicators: Indicators,
                      schemes: Mapping[str, Scheme]) -> tuple[RewardDraft | None, list[Problem]]:
    """The table and all problems of its document; the table is None where one of them is an error."""
    problems: list[Problem] = []
    table = Table(document, problems)
    scheme, valid_from = table.key("scheme", required=True), table.day("valid_from", required=True)
    key = table.key("reward_table", default=scheme)
    title = table.title(default=key)
    rows = table.tables("reward", required=True)
    rules = [read_reward(row, indicators, schemes.get(scheme or "")) for row in rows]
    table.finish()
    if scheme is not None and scheme not in schemes:
        table.report("E-SCHEME-UNKNOWN", "scheme", value=scheme, known=nearest_first(scheme, schemes)[:3])
    if table.has("reward") and not rows:
        table.report("E-REWARD-EMPTY", "reward")
    check_whole(rows, rules)
    if problems or key is None or scheme is None or valid_from is None or title is None:
        return None, problems
    try:
        return RewardDraft(RewardTable(key, title, scheme, tuple(rules)), valid_from, document), problems  # type: ignore[arg-type]
    except DeclarationError as wrong:
        table.report("E-DOC-DECLARATION", "reward", reason=wrong)
        return None, problems


def read_reward(table: Table, indicators: Indicators, scheme: Scheme | None) -> RewardRule | None:
    """One rule of the table, or None with its problems reported."""
    before = len(table.problems)
    key, kind = table.key("key", required=True), table.choice("kind", REWARD_RULES, required=True)
    title, pays = table.title(default=key), table.key("pays")
    given: dict[str, Any] = {} if pays is None else {"pays": pays}
    if kind is None:
        return None
    given |= READERS[kind](table, indicators, scheme)
    table.finish()
    if len(table.problems) != before:
        return None
    try:
        return REWARD_RULES[kind](key=key, title=title, **given)  # type: ignore[call-arg]
    except DeclarationError as wrong:
        table.report("E-DOC-DECLARATION", "kind", value=kind, reason=wrong)
        return None


def read_by_grade(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """``amounts = { good = 300, excellent = 500 }``: every grade of the scheme, and no other."""
    amounts = table.table("amounts", required=True)
    found = {grade: money(amounts, grade, required=True) for grade in amounts.data} if amounts else {}
    known = scheme.grades.keys() if scheme and scheme.grades else ()
    if amounts and scheme:
        for grade in known:
            if grade not in found:
                table.report("E-REWARD-GRADE-MISSING", "amounts", value=grade, scheme=scheme.key)
        for grade in found:
            if grade not in known:
                amounts.report("E-REWARD-GRADE-UNKNOWN", grade, value=grade, scheme=scheme.key,
                               known=known or ("—",))
    return {"amounts": {grade: found[grade] for grade in known if grade in found} if known else found}


def read_by_rank(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """``amounts = [500, 300, 200]`` from the first place down."""
    amounts = table.numbers("amounts", required=True)
    for place, amount in enumerate(amounts):
        if amount != amount.quantize(CENT):
            table.report("E-MONEY-CENTS", "amounts", place, value=amount)
    return {
        "amounts": amounts,
        "tail_step": money(table, "tail_step"),
        "tail_least": money(table, "tail_least", default=Decimal(0)),
        "ties": table.choice("ties", TIES, default=MEAN_OF_PLACES),
        "low_score": table.number("low_score"),
        "low_amount": money(table, "low_amount", default=Decimal(0)),
    }


def read_fine(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """An amount off for each unit of a reading."""
    amount = money(table, "amount", required=True)
    if amount is not None and amount <= 0:
        table.report("E-DOC-ABOVE", "amount", value=amount, limit=0)
    return {"indicator": read_indicator(table, indicators), "amount": amount,
            "reduces": table.key("reduces", default=BONUS)}


def read_per_reading(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """An amount for each unit of a reading."""
    return {"indicator": read_indicator(table, indicators), "amount": money(table, "amount", required=True),
            "cap": money(table, "cap")}


def read_when_met(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """An amount where a reading lies within limits."""
    name, amount = read_indicator(table, indicators), money(table, "amount", required=True)
    if not table.has("at_least") and not table.has("at_most"):
        table.report("E-REWARD-LIMITS", "at_least")
    return {"indicator": name, "amount": amount, "at_least": read_limit(table, "at_least", name, indicators),
            "at_most": read_limit(table, "at_most", name, indicators)}


def read_pool(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """An amount for the whole group."""
    name, amount = read_indicator(table, indicators), money(table, "amount", required=True)
    return {"indicator": name, "amount": amount,
            "at_least": read_limit(table, "at_least", name, indicators, required=True),
            "read_from": table.choice("read_from", READ_FROM[1:], default="company")}


def read_fixed(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """The same amount for everybody."""
    return {"amount": money(table, "amount", required=True)}


def read_base_pay(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """``days = 22, hours = 13``: what a day rate and an hour rate divide by."""
    found: dict[str, Any] = {"mode": table.choice("mode", PAY_MODES, default=PAY_MODES[0])}
    for name in ("days", "hours"):
        divisor = table.number(name)
        if divisor is not None and divisor <= 0:
            table.report("E-DOC-ABOVE", name, value=divisor, limit=0)
        found |= {} if divisor is None else {name: divisor}
    return found


READERS = {
    ByGrade.kind: read_by_grade, ByRank.kind: read_by_rank, Fine.kind: read_fine, PerReading.kind: read_per_reading,
    WhenMet.kind: read_when_met, Pool.kind: read_pool, Fixed.kind: read_fixed, BasePay.kind: read_base_pay,
}  # fmt: skip


def read_indicator(table: Table, indicators: Indicators) -> str | None:
    """The indicator a rule looks at."""
    name = table.text("indicator", required=True)
    if name is not None and name not in indicators:
        table.report("E-INDICATOR-UNKNOWN", "indicator", value=name, known=nearest_first(name, indicators)[:3])
        return None
    return name


def read_limit(table: Table, key: str, name: str | None, indicators: Indicators, *,
               required: bool = False) -> Decimal | None:
    """A limit in the unit of the rule's indicator."""
    if name is None:
        table.has(key)
        return None
    return quantity(table, key, indicators[name].unit, name, required=required)


def money(table: Table, key: str, *, required: bool = False, default: Decimal | None = None) -> Decimal | None:
    """An amount, exact to the cent."""
    found = table.number(key, required=required, default=default)
    if found is not None and found != found.quantize(CENT):
        table.report("E-MONEY-CENTS", key, value=found)
        return default
    return found


def check_whole(rows: list[Table], rules: list[RewardRule | None]) -> None:
    """What only the whole shows: keys and money that stand twice, fines that reduce nothing."""
    keys: set[str] = set()
    pays: dict[str, str] = {}
    for row, rule in zip(rows, rules, strict=True):
        if rule is None:
            continue
        if rule.key in keys:
            row.report("E-DOC-TWICE", "key", value=rule.key)
        elif rule.pays in pays:
            row.report("E-REWARD-TWICE", "pays", value=rule.pays, first=pays[rule.pays], second=rule.key)
        keys.add(rule.key)
        pays.setdefault(rule.pays, rule.key)
    for row, rule in zip(rows, rules, strict=True):
        if isinstance(rule, Fine) and rule.reduces not in pays and None not in rules:
            row.report("E-REWARD-REDUCES", "reduces", value=rule.reduces, known=sorted(pays))

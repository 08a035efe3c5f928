"""The rules of a reward table as written. Decides what each kind must say; amounts are exact to the cent."""

from decimal import Decimal
from typing import Any

from meritline.appraisal.documents.blanks import Said, number, open_at, require_order
from meritline.appraisal.documents.conditions import read_in_a_row, read_when
from meritline.appraisal.documents.points import Indicators, read_indicator
from meritline.appraisal.documents.quantities import quantity
from meritline.documents import Table
from meritline_sdk import BasePay, ByGrade, ByRank, DeclarationError, Fine, Fixed, PerReading, Pool, Scheme, WhenMet
from meritline_sdk.model.blanks import Blank
from meritline_sdk.model.consequences import ACTS, Award, Coefficient, Proposal, Reduction
from meritline_sdk.model.rewards import (
    CENT,
    EQUAL,
    MEAN_OF_PLACES,
    PAY_MODES,
    REWARD_RULES,
    SPLITS,
    TIES,
    RewardRule,
)  # fmt: skip
from meritline_sdk.model.schemes import READ_FROM

BONUS = "performance_bonus"
CERTAIN = 100


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
    return {"amounts": by_grade(table, "amounts", scheme, cents=True)}


def by_grade(table: Table, key: str, scheme: Scheme | None, *, cents: bool = False) -> dict[str, Said | None]:
    """A number for every grade of the scheme, and for no other."""
    inner = table.table(key, required=True)
    if inner is None:
        return {}
    found = {grade: money(inner, grade, required=True) if cents else number(inner, grade, required=True, least=0)
             for grade in inner.data}
    if scheme is None:
        return found
    known = scheme.grades.keys() if scheme.grades else ()
    for grade in known:
        if grade not in found:
            table.report("E-REWARD-GRADE-MISSING", key, value=grade, scheme=scheme.key)
    for grade in found:
        if grade not in known:
            inner.report("E-REWARD-GRADE-UNKNOWN", grade, value=grade, scheme=scheme.key, known=known or ("—",))
    return {grade: found[grade] for grade in known if grade in found} if known else found


def read_by_rank(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """``amounts = [500, 300, 200]`` from the first place down, and what the places after them get."""
    if table.has("tail_step") == table.has("beyond"):
        table.report("E-REWARD-TAIL", "beyond" if table.has("beyond") else "amounts", value=table.data.get("beyond"))
    return {
        "amounts": amounts(table),
        "tail_step": money(table, "tail_step"),
        "tail_least": money(table, "tail_least", default=Decimal(0)),
        "beyond": money(table, "beyond"),
        "ties": table.choice("ties", TIES, default=MEAN_OF_PLACES),
        "low_score": number(table, "low_score"),
        "low_amount": money(table, "low_amount", default=Decimal(0)),
    }


def amounts(table: Table) -> tuple[Said, ...]:
    """A list of amounts."""
    written = table.data.get("amounts")
    value = written if isinstance(written, list | tuple) else ()
    places = range(len(value))
    blanks = {place: blank for place in places if (blank := open_at(table, "amounts", place))}
    if not blanks:
        found = table.numbers("amounts", required=True)
        for place, amount in enumerate(found):
            if amount < 0:
                table.report("E-DOC-LEAST", "amounts", place, value=amount, limit=0)
            report_cents(table, amount, "amounts", place)
        return found
    inner = Table(table.document, table.problems, (*table.path, "amounts"))
    inner.data = {str(place): value[place] for place in places}
    read = [blanks.get(place) or inner.number(str(place), required=True, least=0) for place in places]
    return tuple(one for one in read if one is not None)


def read_fine(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """An amount off for each unit of a reading."""
    return {"indicator": read_indicator(table, indicators), "amount": above_zero(table, "amount"),
            "reduces": table.key("reduces", default=BONUS), "cap": money(table, "cap")}


def above_zero(table: Table, key: str) -> Said | None:
    """An amount of at least a cent."""
    found = money(table, key, required=True, least=None)
    if found is not None and not isinstance(found, Blank) and found <= 0:
        table.report("E-DOC-ABOVE", key, value=found, limit=0)
    return found


def read_per_reading(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """An amount for each unit of a reading, above a quota where there is one."""
    name = read_indicator(table, indicators)
    return {"indicator": name, "amount": money(table, "amount", required=True), "cap": money(table, "cap"),
            "above": read_limit(table, "above", name, indicators) or Decimal(0)}


def read_when_met(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """An amount where a reading lies within limits."""
    name, amount = read_indicator(table, indicators), money(table, "amount", required=True)
    if not table.has("at_least") and not table.has("at_most"):
        table.report("E-REWARD-LIMITS", "at_least")
    least, most = (read_limit(table, key, name, indicators) for key in ("at_least", "at_most"))
    require_order(table, "at_least", "at_most", least, most)
    return {"indicator": name, "amount": amount, "at_least": least, "at_most": most}


def read_pool(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """An amount for the whole group."""
    name, amount = read_indicator(table, indicators), money(table, "amount", required=True)
    per_step = read_limit(table, "per_step", name, indicators)
    if per_step is not None and not isinstance(per_step, Blank) and per_step <= 0:
        table.report("E-DOC-ABOVE", "per_step", value=per_step, limit=0)
    return {"indicator": name, "amount": amount,
            "at_least": read_limit(table, "at_least", name, indicators, required=True),
            "read_from": table.choice("read_from", READ_FROM[1:], default="company"),
            "split": table.choice("split", SPLITS, default=EQUAL), "per_step": per_step, "cap": money(table, "cap")}


def read_fixed(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """The same amount for everybody."""
    return {"amount": money(table, "amount", required=True)}


def read_base_pay(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """``days = 22, hours = 13``: what a day rate and an hour rate divide by."""
    found: dict[str, Any] = {"mode": table.choice("mode", PAY_MODES, default=PAY_MODES[0])}
    for name in ("days", "hours"):
        divisor = number(table, name, above=0)
        found |= {} if divisor is None else {name: divisor}
    return found


def read_coefficient(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """``by_grade = { good = 1, excellent = 1.2 }``, or ``per = 100`` with ``least`` and ``most``."""
    if table.has("by_grade") == table.has("per"):
        table.report("E-REWARD-COEFFICIENT", "per" if table.has("per") else "by_grade", value=table.data.get("per"))
    found: dict[str, Any] = {"by_grade": by_grade(table, "by_grade", scheme)} if table.has("by_grade") else {}
    least, most = number(table, "least", least=0, default=Decimal(0)), number(table, "most", least=0)
    require_order(table, "least", "most", least, most)
    return found | {"per": number(table, "per", above=0), "least": least, "most": most}


def read_award(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """An amount where a condition holds."""
    return {"amount": money(table, "amount", required=True), "when": read_when(table, scheme),
            "in_a_row": read_in_a_row(table)}


def read_reduction(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """A percentage off where a condition holds."""
    return {"percent": number(table, "percent", required=True, above=0, most=CERTAIN),
            "when": read_when(table, scheme), "in_a_row": read_in_a_row(table),
            "reduces": table.key("reduces", default=BONUS)}


def read_proposal(table: Table, indicators: Indicators, scheme: Scheme | None) -> dict[str, Any]:
    """What is no money, proposed where a condition holds."""
    return {"act": table.choice("act", ACTS, required=True), "when": read_when(table, scheme),
            "in_a_row": read_in_a_row(table), "detail": table.title("detail")}


READERS = {
    ByGrade.kind: read_by_grade, ByRank.kind: read_by_rank, Fine.kind: read_fine, PerReading.kind: read_per_reading,
    WhenMet.kind: read_when_met, Pool.kind: read_pool, Fixed.kind: read_fixed, BasePay.kind: read_base_pay,
    Coefficient.kind: read_coefficient, Award.kind: read_award, Reduction.kind: read_reduction,
    Proposal.kind: read_proposal,
}  # fmt: skip


def read_limit(table: Table, key: str, name: str | None, indicators: Indicators, *,
               required: bool = False) -> Said | None:
    """A limit in the unit of the rule's indicator."""
    if name is None:
        table.has(key)
        return None
    return quantity(table, key, indicators[name].unit, name, required=required)


def money(table: Table, key: str, *, required: bool = False, least: int | None = 0,
          default: Decimal | None = None) -> Said | None:
    """An amount, exact to the cent. What is taken from people is a fine or a reduction, never an amount below zero."""
    found = number(table, key, required=required, least=least, default=default)
    if found is None or isinstance(found, Blank) or not report_cents(table, Decimal(found), key):
        return found
    return default


def report_cents(table: Table, amount: Decimal, *steps: str | int) -> bool:
    """Report an amount that is finer than a cent."""
    if amount == amount.quantize(CENT):
        return False
    table.report("E-MONEY-CENTS", *steps, value=amount)
    return True

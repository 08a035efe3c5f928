"""The formula of a reward line with the numbers put in, free of language, and the exact number that it comes to.

Decides how each reward rule is written down. What is taken away has a minus before it.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from meritline_sdk.explain.figures import MINUS, TIMES, added, factor, multiplied, operand, signed
from meritline_sdk.explain.readings import value_operand
from meritline_sdk.explain.structured import Step


class Sum(NamedTuple):
    """A formula and what it comes to, not rounded."""

    formula: str
    exact: Fraction


def reward_sum(steps: Sequence[Step]) -> Sum | None:
    """The formula of the line; None where it has no amount."""
    reading = next((step for step in steps if step["step"] == "reading"), None)
    found: Sum | None = None
    for step in steps:
        if step["step"] == "by_days" and found is not None:
            found = Sum(f"({found.formula}) {TIMES} {step['days']} / {step['period_days']}", Fraction(step["exact"]))
        elif step["step"] in SUMS:
            found = SUMS[step["step"]](step, reading)
        elif step["step"] in NO_SUM:
            found = None
    return found


NO_SUM = ("unread", "unread_fine", "unknown_money", "proposal")


def plain(step: Step, name: str = "amount") -> Sum | None:
    """An amount that the table names."""
    return None if step.get(name) is None else Sum(operand_money(step[name]), Fraction(step[name]))


def operand_money(text: str) -> str:
    """The amount inside a formula."""
    return f"({signed(text)})" if text.startswith("-") else text


def refused(step: Step, _: Step | None) -> Sum:
    """Whom the terms refuse gets nothing."""
    return Sum("0", Fraction(0))


def named(step: Step, _: Step | None) -> Sum | None:
    """The amount of a grade, a condition, everybody."""
    return plain(step)


def by_rank(step: Step, _: Step | None) -> Sum | None:
    """(800.00 + 600.00) / 2."""
    places = step.get("places")
    if not places:
        return plain(step)
    if len(places) == 1:
        return Sum(operand_money(places[0]), Fraction(places[0]))
    total = sum(map(Fraction, places), Fraction(0))
    return Sum(f"({added([operand_money(one) for one in places])}) / {len(places)}", total / len(places))


def base_pay(step: Step, _: Step | None) -> Sum | None:
    """2200.00, or 2200.00 / 22 × 13."""
    if step["base"] is None:
        return None
    base, days, hours = (Fraction(step[name]) for name in ("base", "days", "hours"))
    if step["mode"] == "literal":
        return Sum(f"{step['base']} / {factor(days)} {TIMES} {factor(hours)}", base / days * hours)
    return Sum(step["base"], base)


def coefficient(step: Step, _: Step | None) -> Sum | None:
    """3000.00 × 1.2, or 3000.00 × min(1.5, 95 / 60)."""
    if step["exact"] is None:
        return None
    found, exact = factor(Fraction(step["coefficient"])), Fraction(step["exact"])
    if step["by"] == "grade":
        return Sum(f"{step['base']} {TIMES} {found}", exact)
    share = f"{factor(Fraction(step['score']))} / {factor(Fraction(step['per']))}"
    if step["limit"] is not None:
        share = f"{'max' if step['limit'] == 'least' else 'min'}({found}, {share})"
    return Sum(f"{step['base']} {TIMES} {share}", exact)


def product(step: Step, reading: Step) -> str:
    """5.00 × 12, or 5.00 × max(0, 12 − 10)."""
    value = value_operand(reading)
    by = multiplied(value)
    if step.get("above"):
        by = f"max(0, {value} {MINUS} {operand(Fraction(step['above']))})"
    return f"{operand_money(step['each'])} {TIMES} {by}"


def per_reading(step: Step, reading: Step | None) -> Sum | None:
    """So much for each unit, within the cap."""
    assert reading is not None
    if step["cap"] is None:
        return Sum(product(step, reading), Fraction(step["exact"]))
    return Sum(f"min({step['cap']}, {product(step, reading)})", Fraction(step["cap"]))


def taken(step: Step, formula: str, exact: Fraction) -> Sum:
    """As much as there is of what should be taken."""
    if Fraction(step["rest"]):
        return Sum(f"{MINUS}min({step['left']}, {formula})", -Fraction(step["left"]))
    return Sum(f"{MINUS}{formula}", -exact)


def fine(step: Step, reading: Step | None) -> Sum | None:
    """−100.00 × 2, −min(150.00, 100.00 × 2)."""
    assert reading is not None
    formula, exact = product(step, reading), Fraction(step["exact"])
    if Fraction(reading["value"]) < 0:
        formula = f"max(0, {formula})"
    if step.get("cap") is not None:
        formula, exact = f"min({step['cap']}, {formula})", Fraction(step["cap"])
    return taken(step, formula, exact)


def reduction(step: Step, _: Step | None) -> Sum:
    """−1000.00 × 20 / 100."""
    if not step["acts"]:
        return Sum("0", Fraction(0))
    return taken(step, f"{step['of']} {TIMES} {factor(Fraction(step['percent']))} / 100", Fraction(step["exact"]))


def pool(step: Step, _: Step | None) -> Sum | None:
    """500.00 / 4, or floor(500.00 / 7 × 100) / 100 + 0.01: a part that no cent divides is cut, and may get one back."""
    if step.get("amount") is None:
        return None
    split, amount = step.get("split", "equal"), Fraction(step["amount"])
    if split != "equal" and not Fraction(step["weights"]):
        return Sum("0", Fraction(0))
    formula = f"{step['pool']} / {step['members']}"
    part = Fraction(step["pool"]) / step["members"]
    if split != "equal":
        weight, every = Fraction(step["weight"]), Fraction(step["weights"])
        formula = f"{step['pool']} {TIMES} {factor(weight)} / {factor(every)}"
        part = Fraction(step["pool"]) * weight / every
    if part == amount:
        return Sum(formula, amount)
    return Sum(f"floor({formula} {TIMES} 100) / 100{' + 0.01' if step['extra'] else ''}", amount)


SUMS: dict[str, Callable[[Step, Step | None], Sum | None]] = {
    "refused": refused, "by_grade": named, "by_rank": by_rank, "fixed": named, "base_pay": base_pay,
    "coefficient": coefficient, "award": named, "per_reading": per_reading, "when_met": named, "fine": fine,
    "reduction": reduction, "pool": pool,
}  # fmt: skip

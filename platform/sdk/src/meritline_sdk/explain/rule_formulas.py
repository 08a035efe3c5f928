"""The formula of a scoring rule with the numbers put in, free of language. Decides how each rule is written down."""

from collections.abc import Callable, Sequence

from meritline_sdk.evaluate.numbers import sign_of
from meritline_sdk.explain.figures import MINUS, TIMES, added, multiplied, spelt
from meritline_sdk.explain.readings import value_operand
from meritline_sdk.explain.structured import Step


def rule_formula(step: Step, reading: Step) -> str:
    """``max(0, 100 − 2 × (85 − 2800/34))``: what the rule gives for this reading."""
    formula = FORMULAS[step["kind"]](step, reading) if step["kind"] in FORMULAS else number(step, "result")
    if step["limit"] is None:
        return formula
    return f"{'max' if step['limit'] == 'floor' else 'min'}({number(step, 'result')}, {formula})"


def number(step: Step, name: str) -> str:
    """A number of the step as an operand."""
    return spelt(step[name]).operand


def counted(step: Step, difference: str) -> str:
    """How many steps count, of a difference."""
    per = step.get("per", "1")
    count = f"({difference})" if per == "1" else f"({difference}) / {spelt(per).factor}"
    mode = step.get("mode", "proportional")
    if mode == "proportional":
        return count
    bare = difference if per == "1" else count
    return f"{'floor' if mode == 'whole' else 'ceil'}({bare})"


def deduct(step: Step, reading: Step) -> str:
    """100 − 2 × (85 − 2800/34)."""
    if sign_of(step["distance"]) <= 0:
        return number(step, "full")
    sides = [number(step, "target"), value_operand(reading)]
    difference = f" {MINUS} ".join(sides if step["when"] == "below_target" else reversed(sides))
    return f"{number(step, 'full')} {MINUS} {spelt(step['points']).factor} {TIMES} {counted(step, difference)}"


def around_target(step: Step, reading: Step) -> str:
    """100 + 2 × (92.5 − 90)."""
    above = sign_of(step["distance"])
    if not above:
        return number(step, "full")
    sides = [value_operand(reading), number(step, "target")]
    difference = f" {MINUS} ".join(sides if above > 0 else reversed(sides))
    return f"{number(step, 'full')} {signed_factor(step['each'])} {TIMES} {counted(step, difference)}"


def signed_factor(text: str) -> str:
    """``+ 2`` or ``− 2``: what follows another number."""
    return f"{MINUS if text.startswith('-') else '+'} {spelt(text.removeprefix('-')).factor}"


def above_floor(step: Step, reading: Step) -> str:
    """2.5 × (82.4 − 60)."""
    if sign_of(step["distance"]) <= 0:
        return "0"
    difference = f"{value_operand(reading)} {MINUS} {number(step, 'start')}"
    return f"{spelt(step['points']).factor} {TIMES} {counted(step, difference)}"


def per_unit(step: Step, reading: Step) -> str:
    """20 − 10 × 2."""
    value = multiplied(value_operand(reading))
    if not sign_of(step["start"]):
        return f"{spelt(step['points']).factor} {TIMES} {value}"
    return f"{number(step, 'start')} {signed_factor(step['points'])} {TIMES} {value}"


def to_target(step: Step, reading: Step) -> str:
    """100 × 40 / 50."""
    if step.get("best"):
        return number(step, "unlimited")
    sides = [multiplied(value_operand(reading)), spelt(step["target"]).factor]
    above, below = reversed(sides) if step["inverse"] else sides
    return f"{spelt(step['full']).factor} {TIMES} {above} / {below}"


def as_points(step: Step, reading: Step) -> str:
    """84."""
    return value_operand(reading)


def judged(step: Step, reading: Step) -> str:
    """−12."""
    value = value_operand(reading)
    return value if sign_of(step["sign"]) > 0 else f"{MINUS}{multiplied(value)}"


FORMULAS: dict[str, Callable[[Step, Step], str]] = {
    "deduct": deduct, "around_target": around_target, "above_floor": above_floor, "per_unit": per_unit,
    "to_target": to_target, "as_points": as_points, "judged": judged,
}  # fmt: skip
"""The others give a number of points that they name: which one is told by the rule and its parameters."""


def combined_formula(steps: Sequence[Step]) -> str | None:
    """``(60 × 90 / 100 + 40 × 70 / 100) × 100 / 100``: the parts averaged by their inner weights."""
    combine = next((step for step in steps if step["step"] == "combine"), None)
    if combine is None:
        return None
    terms = [f"{spelt(part['weight']).factor} {TIMES} {spelt(part['points']).factor} / "
             f"{spelt(part['full']).factor}"
             for part in steps if part["step"] == "part" and part["points"] is not None]
    return f"({added(terms)}) {TIMES} 100 / {spelt(combine['weights']).factor}"

"""A score line as a structure: formula, reading, target, rule, weight, policy, limits, rounding, parts.

Decides what a program is told of a line, so that it need not read its text. A pure function of the line's stored steps,
so it reads the same for ever; words stand in the reader's language, formulas and numbers in none.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from meritline_sdk.evaluate.numbers import half_up, parsed, pointed
from meritline_sdk.explain.figures import TIMES, figure, spelt, with_unit
from meritline_sdk.explain.lines import LEAVING_OUT, weight_formula, without_reading
from meritline_sdk.explain.phrases import index, say
from meritline_sdk.explain.readings import package_of, reading_text
from meritline_sdk.explain.rule_formulas import combined_formula, rule_formula
from meritline_sdk.explain.rules import points, rule_text
from meritline_sdk.explain.structured import (
    HALF_UP,
    DimensionTold,
    Figure,
    Limit,
    LineStructure,
    Parameter,
    PartTold,
    PolicyTold,
    ReadingTold,
    Rounding,
    RuleTold,
    Step,
)
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import UNITS

# What a rule says of itself; the rest of its step is what became of one reading.
RULE_WORDS = ("full", "points", "per", "mode", "when", "start", "above", "below", "each", "met", "missed", "strict",
              "over", "allowed", "least", "most", "sign", "closed", "low", "high")  # fmt: skip


class Told:
    """What is told of a score line, each part made when somebody asks for it."""

    def __init__(self, steps: Sequence[Step], language: str, target: str | None = None, unit: str | None = None,
                 dimension: Text | None = None) -> None:
        self.steps, self.language, self.target, self.unit, self.own = steps, language, target, unit, dimension
        named = {step["step"]: step for step in reversed(steps)}  # the first of each
        self.reading, self.rule, self.weigh, add = map(named.get, ("reading", "rule", "weigh", "add"))
        last = self.weigh or add
        self.added, self.worth = add is not None, None if last is None else last["points"]

    def part(self, name: str) -> object:
        """The part of that name of ``LineStructure``."""
        return PARTS[name](self)

    def weight_formula(self) -> str | None:
        """How the effective weight came about."""
        weigh = self.weigh
        return None if weigh is None or not parsed(weigh["effective"]) else weight_formula(weigh)

    def weighted_formula(self) -> str | None:
        """How the weighted points came about; an event adds its points as they are."""
        if self.added and self.worth is not None:
            return spelt(self.worth).operand
        return None if self.weigh is None or self.weigh["result"] is None else weighted_formula(self.weigh)

    def of_weighing(self, name: str) -> str | None:
        """What the line says of its weight."""
        return None if self.weigh is None else self.weigh[name]


PARTS: Final[Mapping[str, Callable[[Told], Any]]] = {
    "formula": lambda told: points_formula(told.steps, told.reading, told.rule, told.weigh),
    "points": lambda told: told.worth,
    "weight": lambda told: told.of_weighing("weight"),
    "weight_formula": Told.weight_formula,
    "effective_weight": lambda told: told.of_weighing("effective"),
    "weighted_formula": Told.weighted_formula,
    "weighted_points": lambda told: told.of_weighing("result") if told.weigh is not None else told.worth,
    "reading": lambda told: reading_told(told.reading, told.language),
    "target": lambda told: target_told(told.rule, told.target, told.unit, told.language),
    "rule": lambda told: rule_told(told.rule, told.reading, told.language),
    "dimension": lambda told: dimension_told(told.weigh, told.own, told.language),
    "policy": lambda told: policy_told(told.steps, told.weigh, told.language),
    "rounding": lambda told: rounding_told(told.weigh),
    "limits": lambda told: limits_of(told.rule),
    "parts": lambda told: parts_of(told.steps, told.language),
}


def line_structure(steps: Sequence[Step], language: str, target: str | None = None, unit: str | None = None,
                   dimension: Text | None = None) -> LineStructure:
    """The structure of a score line; ``target``, ``unit`` and ``dimension`` are the line's own, for what its steps do
    not tell where there was no reading."""
    told = Told(steps, language, target, unit, dimension)
    return LineStructure(**{name: part(told) for name, part in PARTS.items()})


def step_of(steps: Sequence[Step], name: str) -> Step | None:
    """The step of that name."""
    return next((step for step in steps if step["step"] == name), None)


def points_formula(steps: Sequence[Step], reading: Step | None, rule: Step | None, weigh: Step | None) -> str | None:
    """What gives the raw points: the rule, the parts, or the policy."""
    if rule is not None and reading is not None:
        return rule_formula(rule, reading)
    if weigh is not None and weigh["policy"] is not None:
        carried = weigh.get("carried")
        if carried is not None:
            return f"{spelt(carried['share']).factor} {TIMES} {spelt(weigh['full']).factor}"
        return None if weigh["points"] is None else spelt(weigh["points"]).operand
    return combined_formula(steps)


def weighted_formula(weigh: Step) -> str:
    """``(1610/17) / 100 × 30``: the share of full points, times the effective weight."""
    worth, full, effective = (spelt(weigh[name]).factor for name in ("points", "full", "effective"))
    return f"{worth} / {full} {TIMES} {effective}"


def reading_told(step: Step | None, language: str) -> ReadingTold | None:
    """The reading with its little formula in words; a composite has none."""
    if step is None:
        return None
    return ReadingTold(step["state"], step["value"], step["unit"], reading_text(step, language), step.get("numerator"),
                       step.get("denominator"), step.get("sample"), step.get("reason"), *function_told(step, language))


def function_told(step: Step, language: str) -> tuple[str | None, str | None, str | None]:
    """The author's sentence, the Python function and its package, where one computed the reading."""
    if "function" not in step:
        return None, None, None
    return list(step["says"].values())[index(language)], step["function"], package_of(step)


def target_told(rule: Step | None, target: str | None, unit: str | None, language: str) -> Figure | None:
    """The target that was compared with; without a reading, the one that would have been."""
    if rule is not None:
        target, unit = rule.get("target"), rule["unit"]
    if target is None or unit is None:
        return None
    value = parsed(target)
    return Figure(str(value), with_unit(figure(value), UNITS[unit], language))


def rule_told(rule: Step | None, reading: Step | None, language: str) -> RuleTold | None:
    """The rule with what it says of itself; without a reading none was applied."""
    if rule is None or reading is None:
        return None
    told = tuple(Parameter(name, said(rule[name])) for name in RULE_WORDS if rule.get(name) is not None)
    return RuleTold(rule["kind"], told, rule_text(rule, reading, language))


def said(value: object) -> str:
    """A parameter as text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def dimension_told(weigh: Step | None, own: Text | None, language: str) -> DimensionTold | None:
    """The line's group, with its weights where it has its own."""
    group = weigh.get("group") if weigh is not None else None
    if group is not None:
        return DimensionTold(list(group["title"].values())[index(language)], group["weight"], group["counting"])
    return None if own is None else DimensionTold(own.in_language(language))


def policy_told(steps: Sequence[Step], weigh: Step | None, language: str) -> PolicyTold | None:
    """What was done for want of a reading."""
    if weigh is None:
        add, reading = step_of(steps, "add"), step_of(steps, "reading")
        if add is None or add["points"] is not None or reading is None:
            return None
        return PolicyTold("nothing", reading["state"], say(language, "nothing"))
    if weigh["policy"] is None:
        return None
    # A line of before states were told with their policy has the state of its reading.
    reading = step_of(steps, "reading")
    state = weigh.get("state") or (reading["state"] if reading else "not_measured")
    text = say(language, "then").join(without_reading(steps, weigh, language))
    return PolicyTold(weigh["policy"], state, text, (weigh.get("carried") or {}).get("period"))


def rounding_told(weigh: Step | None) -> Rounding | None:
    """How the weighted points are printed; they are added up unrounded."""
    if weigh is None or weigh["result"] is None:
        return None
    value = parsed(weigh["result"])
    places = weigh["places"]
    return Rounding(weigh["result"], places, pointed(1, places), HALF_UP, pointed(half_up(value, places), places))


def limits_of(rule: Step | None) -> tuple[Limit, ...]:
    """The limit of the rule that held."""
    if rule is None or rule["limit"] is None:
        return ()
    return (Limit(rule["limit"], rule["result"], rule["unlimited"], rule["result"]),)


def parts_of(steps: Sequence[Step], language: str) -> tuple[PartTold, ...]:
    """The parts of a composite."""
    return tuple(part_told(step, language) for step in steps if step["step"] == "part")


def part_told(step: Step, language: str) -> PartTold:
    """One part, which may be made of parts itself."""
    inner = step["steps"]
    reading, rule = step_of(inner, "reading"), step_of(inner, "rule")
    formula = rule_formula(rule, reading) if rule is not None and reading is not None else combined_formula(inner)
    if formula is None and step["points"] is not None:
        formula = spelt(step["points"]).operand
    return PartTold(
        title=list(step["title"].values())[index(language)], indicator=step["indicator"] or None, weight=step["weight"],
        full=step["full"], formula=formula, points=step["points"],
        reading=reading_told(reading, language), target=target_told(rule, None, None, language),
        rule=rule_told(rule, reading, language), policy=part_policy(step, reading, language),
        limits=limits_of(rule), parts=parts_of(inner, language),
    )  # fmt: skip


def part_policy(step: Step, reading: Step | None, language: str) -> PolicyTold | None:
    """What was done for want of the part's reading."""
    policy = step.get("policy")
    if policy is None:
        return None
    state = step.get("state") or (reading["state"] if reading else "not_measured")
    text = say(language, f"part_{policy}" if policy in LEAVING_OUT else policy, weight=spelt(step["weight"]).figure,
               points=points(parsed(step["full"]), language))
    return PolicyTold(policy, state, text)

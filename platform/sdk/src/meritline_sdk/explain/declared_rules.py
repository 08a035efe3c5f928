"""A scoring rule in words as it is declared, before there is a reading. Decides only the words."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from meritline_sdk.explain.figures import figure, with_unit
from meritline_sdk.model import rules
from meritline_sdk.model.blanks import Blank
from meritline_sdk.model.rules import Rule
from meritline_sdk.model.units import PERCENT, PERCENTAGE_POINT, POINTS, Unit

WORDS: dict[str, tuple[str, str]] = {
    "points": ("{number} points", "{number} 分"),
    "deduct_below_target": ("{full}, less {points} for each {per} below the target, not below {floor}",
                            "满分{full}，低于目标值每{per}减{points}，最低{floor}"),
    "deduct_above_target": ("{full}, less {points} for each {per} above the target, not below {floor}",
                            "满分{full}，高于目标值每{per}减{points}，最低{floor}"),
    "around": ("{full} at the target, {above} for each {per} above it, {below} for each {per} below it",
               "达到目标值得{full}，高于目标值每{per}{above}，低于目标值每{per}{below}"),
    "above_floor": ("{points} for each unit above {start}, nothing at or below it",
                    "超过{start}的部分每单位得{points}，{start}及以下不得分"),
    "per_unit": ("{start}, then {points} for each unit of the reading", "基础{start}，实际值每单位{points}"),
    "met": ("{met} where the target is reached, else {missed}", "达到目标值得{met}，否则得{missed}"),
    "met_strict": ("{met} where the reading is strictly past the target, else {missed}",
                   "优于目标值（不含目标值本身）得{met}，否则得{missed}"),
    "to_target": ("{full} in proportion to how far the target is reached", "按目标完成比例得分，满分{full}"),
    "as_points": ("the reading is the points", "实际值即为得分"),
    "threshold": ("{points} where the reading is above {over}, else nothing", "超过{over}得{points}，否则不得分"),
    "zero_tolerance": ("{full} where the reading is at most {allowed}, else nothing",
                       "不超过{allowed}得{full}，否则不得分"),
    "judged_takes": ("{least} to {most} taken for each event, as judged", "每次视情况扣{least}至{most}"),
    "judged_gives": ("{least} to {most} given for each event, as judged", "每次视情况加{least}至{most}"),
    "up_to": ("up to {limit}: {points}", "不超过{limit}：{points}"),
    "beyond": ("above: {points}", "超出：{points}"),
    "at_least": ("from {limit} on: {points}", "{limit}及以上：{points}"),
    "below": ("below: {points}", "以下：{points}"),
    "floor": ("not below {limit}", "最低{limit}"),
    "cap": ("at most {limit}", "最高{limit}"),
    "whole": ("complete steps only", "只计整步"),
    "started": ("each step begun counts", "不足一步按一步计"),
    "full": ("of {full}", "满分{full}"),
    "comma": ("; ", "；"),
}  # fmt: skip

SINGLE = {"1 percentage points": "percentage point", "1 days": "day", "1 points": "point", "1 个百分点": "个百分点",
          "1 天": "天", "1 分": "分"}  # fmt: skip


def rule_words(rule: Rule, unit: Unit, language: str) -> str:
    """The rule as a phrase: ``100 points, less 2 points for each percentage point below the target``."""
    say = spoken(language)
    return say("comma").join([told(rule, unit, language, say), *extras(rule, unit, language, say)])


def spoken(language: str) -> Callable[..., str]:
    """The words of a language."""
    place = 1 if language.lower().startswith("zh") else 0
    return lambda name, **values: WORDS[name][place].format(**values)


def number(value: Any, language: str) -> str:
    """A number as declared; a blank as it is printed, with its name."""
    if isinstance(value, Blank):
        return f"{value.printed} [{value.title.in_language(language)}]"
    return figure(Fraction(Decimal(value)))


def points(value: Any, language: str, *, signed: bool = False) -> str:
    """So many points; with their sign where they change something."""
    text = number(value, language)
    if signed and not isinstance(value, Blank) and Decimal(value) >= 0:
        text = f"+{text}"
    return spoken(language)("points", number=text)


def in_unit(value: Any, unit: Unit, language: str) -> str:
    """A limit in the reading's unit."""
    return number(value, language) if isinstance(value, Blank) else with_unit(number(value, language), unit, language)


def width(value: Any, unit: Unit, language: str) -> str:
    """The width of a step: a difference of percentages is in percentage points; one of a thing has no number."""
    text = in_unit(value, PERCENTAGE_POINT if unit is PERCENT else unit, language)
    return SINGLE.get(text, text)


def told(rule: Rule, unit: Unit, language: str, say: Callable[..., str]) -> str:
    """The heart of the rule."""
    match rule:
        case rules.Deduct():
            return say(f"deduct_{rule.when}", full=points(rule.full, language), points=points(rule.points, language),
                       per=width(rule.per, unit, language), floor=number(rule.floor, language))
        case rules.AroundTarget():
            return say("around", full=points(rule.full, language), above=points(rule.above, language, signed=True),
                       below=points(rule.below, language, signed=True), per=width(rule.per, unit, language))
        case rules.AboveFloor():
            return say("above_floor", points=points(rule.points, language), start=in_unit(rule.start, unit, language))
        case rules.PerUnit():
            return say("per_unit", start=points(rule.start, language),
                       points=points(rule.points, language, signed=True))
        case rules.TargetMet():
            return say("met_strict" if rule.strict else "met", met=points(rule.met, language),
                       missed=points(rule.missed, language))
        case rules.ToTarget():
            return say("to_target", full=points(rule.full, language))
        case rules.Threshold():
            return say("threshold", points=points(rule.points, language), over=in_unit(rule.over, unit, language))
        case rules.ZeroTolerance():
            return say("zero_tolerance", full=points(rule.full, language),
                       allowed=in_unit(rule.allowed, unit, language))
        case rules.Judged():
            return say("judged_takes" if rule.sign < 0 else "judged_gives", least=number(rule.least, language),
                       most=points(rule.most, language))
        case rules.Bands():
            return bands(rule, unit, language, say)
    return say("as_points")


def bands(rule: rules.Bands, unit: Unit, language: str, say: Callable[..., str]) -> str:
    """The ranges, in the order in which a reader looks through them."""
    name, rest = ("up_to", "beyond") if rule.closed == "upper" else ("at_least", "below")
    steps = rule.steps if rule.closed == "upper" else tuple(reversed(rule.steps))
    return say("comma").join([
        *(say(name, limit=in_unit(limit, unit, language), points=points(worth, language)) for limit, worth in steps),
        say(rest, points=points(rule.rest, language)),
    ])  # fmt: skip


def extras(rule: Rule, unit: Unit, language: str, say: Callable[..., str]) -> list[str]:
    """Limits and ways of counting that are not the ordinary ones."""
    found: list[str] = []
    mode = getattr(rule, "step", rules.PROPORTIONAL)
    if mode in (rules.WHOLE, rules.STARTED):
        found.append(say(mode))
    if not isinstance(rule, rules.Deduct) and getattr(rule, "floor", None) not in (None, 0):
        found.append(say("floor", limit=with_points(rule.floor, language)))  # type: ignore[attr-defined]
    if getattr(rule, "cap", None) is not None:
        found.append(say("cap", limit=with_points(rule.cap, language)))  # type: ignore[attr-defined]
    if isinstance(rule, rules.AsPoints | rules.PerUnit | rules.AboveFloor | rules.Bands) and rule.full != 100:
        found.append(say("full", full=points(rule.full, language)))
    return found


def with_points(value: Any, language: str) -> str:
    """A limit of points."""
    return with_unit(number(value, language), POINTS, language)

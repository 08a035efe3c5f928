"""A score line in words: reading, rule, weight; each formula closes on a pocket calculator."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from meritline_sdk.evaluate.numbers import parsed, terminating
from meritline_sdk.explain.figures import TIMES, added, closing_product, factor, figure, rounding, spelt
from meritline_sdk.explain.phrases import index, say
from meritline_sdk.explain.readings import Step, asides_text, reading_text
from meritline_sdk.explain.rules import in_unit, points, rule_text
from meritline_sdk.explain.totals import begun
from meritline_sdk.model.text import Text

FEW = 4
MOST_SHARES, MOST_PRODUCTS = 512, 4096
LEAVING_OUT = ("renormalise", "exempt", "carry")
type Weights = tuple[str, str, str, str, tuple[str, str, str] | None]
"""Weight, base, what counts and what it comes to; of a dimension that is weighed within itself its title, its weight
and what counts of it."""


def line_text(steps: Sequence[Step], title: Text, language: str) -> str:
    """The explanation of a score line from its language-free steps."""
    named = {step["step"]: step for step in reversed(steps)}  # the first of each
    sentences: list[str] = []
    for step in steps:
        match step["step"]:
            case "reading":
                sentences.append(opening(named.get("rule"), step, language))
            case "rule":
                sentences.append(rule_text(step, named["reading"], language))
            case "weigh":
                sentences += weigh_text(steps, step, language)
            case "part":
                sentences.append(part_text(step, language))
            case "combine":
                sentences.append(combined(steps, step, language))
            case "add":
                sentences.append(add_text(step, language))
    for step in steps:
        if step["step"] == "reading":
            sentences += asides_text(step, language)
    return say(language, "head", title=title.in_language(language), text=joined(sentences, language))


def joined(sentences: Sequence[str], language: str) -> str:
    """The first sentence, then the rest separated by semicolons: reading first, arithmetic after it."""
    first, *rest = filter(None, sentences)
    then, stop, end = signs(language)
    text = begun(then.join(rest))
    return first + stop + text + end if text else first + end


@lru_cache(64)
def signs(language: str) -> tuple[str, str, str]:
    """What stands between sentences, after the first one, and at the end."""
    return say(language, "then"), say(language, "stop"), say(language, "end")


def opening(rule: Step | None, reading: Step, language: str) -> str:
    """The reading, with the target where the rule looks at one."""
    text = reading_text(reading, language)
    if rule is None or rule.get("target") is None:
        return text
    return say(language, "target", reading=text, target=in_unit(rule, "target", language))


def part_text(step: Step, language: str) -> str:
    """One part of a composite item, in brackets: an indicator, or a composite of its own."""
    weight, full = parsed(step["weight"]), parsed(step["full"])
    told = nested_texts(step["steps"], language)
    if not told:
        reading, *rules = step["steps"]
        rule = next((one for one in rules if one["step"] == "rule"), None)
        told = [opening(rule, reading, language), *(rule_text(rule, reading, language) for rule in rules)]
    if "state" in step and step["steps"][0]["step"] == "part":
        told.append(say(language, f"whole_{step['state']}"))
    if "policy" in step:
        policy = step["policy"]
        told.append(say(language, f"part_{policy}" if policy in LEAVING_OUT else policy, weight=figure(weight),
                        points=points(full, language)))
    return say(language, "part", title=step["title"]["zh" if index(language) else "en"], weight=figure(weight),
               text=say(language, "then").join(told))


def nested_texts(steps: Sequence[Step], language: str) -> list[str]:
    """The parts of a part, and what they are together."""
    return [part_text(step, language) if step["step"] == "part" else combined(steps, step, language)
            for step in steps if step["step"] in ("part", "combine")]


def combined(steps: Sequence[Step], step: Step, language: str) -> str:
    """The parts' shares of their full points, averaged by inner weight: ``(60 × 90/100 + 40 × 70/100) × 100 / 100``."""
    counted = [part for part in steps if part["step"] == "part" and part["points"] is not None]
    terms = [f"{spelt(part['weight']).factor} {TIMES} {spelt(part['points']).factor} / "
             f"{spelt(part['full']).factor}" for part in counted]
    formula = f"({added(terms)}) {TIMES} 100 / {spelt(step['weights']).factor}"
    return say(language, "combined", formula=f"{formula} = {points(parsed(step['result']), language)}")


def weigh_text(steps: Sequence[Step], step: Step, language: str) -> list[str]:
    """``94.7058… × 30% = 28.41 (rounded to 0.01)``, and what was done without a reading or with the weights."""
    told = without_reading(steps, step, language) if step["policy"] else []
    if step["result"] is None:
        return told
    return [*told, *product_text(language, step["points"], step["full"], step["result"], step["places"],
                                 weights_of(step, language))]


def weights_of(step: Step, language: str) -> Weights:
    """The weights of a step."""
    group = step.get("group")
    within = None if not group else (
        group["title"]["zh" if index(language) else "en"], group["weight"], group["counting"])
    return step["weight"], step["base"], step["counting"], step["effective"], within


@lru_cache(MOST_PRODUCTS)
def product_text(language: str, worth: str, full: str, result: str, places: int, weights: Weights) -> tuple[str, ...]:
    """The weighted points, with what became of the weights: the same for all who have these points for this line."""
    told, by, share = share_of(language, full, weights)
    text = closing_product(parsed(worth), share, places)
    return *told, f"{text} {by} = {rounding(parsed(result), places, language, text)}"


@lru_cache(MOST_SHARES)
def share_of(language: str, full_points: str, weights: Weights) -> tuple[tuple[str, ...], str, Fraction]:
    """What became of the weights, and by what points are multiplied, in words and as a number: the same for all who
    have this line."""
    weight, _, _, share, group = weights
    full, effective, told = parsed(full_points), parsed(share), tuple[str, ...]()
    formula = formula_of(weights) if effective else ""
    if not effective:
        told = (say(language, "weightless"),)
    elif group is not None:
        told = (say(language, "spread_in", weight=spelt(weight).figure, group=group[0], of=spelt(group[1]).figure,
                    formula=f"{formula} = {figure(effective)}"),)
    elif effective != parsed(weight):
        told = (say(language, "spread", weight=spelt(weight).figure, formula=f"{formula} = {figure(effective)}"),)
    ends = terminating(effective)
    if ends is not None and ends <= FEW:
        by = f"{TIMES} {figure(effective)}%" if full == 100 else f"/ {factor(full)} {TIMES} {figure(effective)}"
    else:
        by = f"/ {factor(full)} {TIMES} {formula}"
    return told, by, effective / full


def weight_formula(step: Step) -> str:
    """``20 × 30 / 85 × 100 / 80``: its part of its dimension's weight, and that part of what counts."""
    return formula_of(weights_of(step, "en"))


def formula_of(weights: Weights) -> str:
    """The formula of weights."""
    weight, base, counting, _, group = weights
    text = spelt(weight).factor
    if group is not None:
        text = f"{spelt(group[1]).factor} {TIMES} {text} / {spelt(group[2]).factor}"
        if parsed(base) == parsed(counting):
            return text
    return f"{text} {TIMES} {spelt(base).factor} / {spelt(counting).factor}"


def without_reading(steps: Sequence[Step], step: Step, language: str) -> list[str]:
    """What the scheme does for want of a reading; of a composite also which state it is in as a whole."""
    policy, full = step["policy"], parsed(step["full"])
    told = [say(language, f"whole_{step['state']}")] if step.get("state") and steps[0]["step"] == "part" else []
    if policy != "carry":
        return [*told, say(language, policy, goes=where_it_goes(step, language), points=points(full, language))]
    carried = step.get("carried")
    if carried is None:
        return [*told, say(language, "carry_nothing", goes=where_it_goes(step, language))]
    share = parsed(carried["share"])
    formula = f"{factor(share)} {TIMES} {factor(full)} = {points(share * full, language)}"
    return [*told, say(language, "carry", period=carried["period"], formula=formula)]


def where_it_goes(step: Step, language: str) -> str:
    """Who has the weight of a line that is left out: the rest of its dimension, where that is weighed within itself."""
    group, weight = step.get("group"), spelt(step["weight"]).figure
    if not group:
        return say(language, "goes", weight=weight)
    title = group["title"]["zh" if index(language) else "en"]
    if parsed(group["counting"]):
        return say(language, "goes_in", weight=weight, group=title)
    return say(language, "goes_group", group=title, of=spelt(group["weight"]).figure)


def add_text(step: Step, language: str) -> str:
    """What an event adds to the total, or takes from it."""
    if step["points"] is None:
        return say(language, "nothing")
    amount = parsed(step["points"])
    phrase = "adds" if amount > 0 else "takes" if amount < 0 else "changes_nothing"
    return say(language, phrase, points=points(abs(amount), language))


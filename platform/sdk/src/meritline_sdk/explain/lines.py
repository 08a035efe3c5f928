"""A score line and a score in words: reading, rule, weight; each formula closes on a pocket calculator."""

from collections.abc import Sequence
from fractions import Fraction

from meritline_sdk.evaluate.numbers import terminating
from meritline_sdk.explain.figures import TIMES, added, closing_product, closing_sum, factor, figure, rounding
from meritline_sdk.explain.phrases import say
from meritline_sdk.explain.readings import Step, asides_text, reading_text
from meritline_sdk.explain.rules import in_unit, points, rule_text
from meritline_sdk.model.text import Text

FEW = 4


def line_text(steps: Sequence[Step], title: Text, language: str) -> str:
    """The explanation of a score line from its language-free steps."""
    sentences: list[str] = []
    for step in steps:
        match step["step"]:
            case "reading":
                sentences.append(opening(steps, step, language))
            case "rule":
                sentences.append(rule_text(step, reading_of(steps), language))
            case "part":
                sentences.append(part_text(step, language))
            case "combine":
                sentences.append(combined(steps, step, language))
            case "weigh":
                sentences.extend(weigh_text(step, language))
            case "add":
                sentences.append(add_text(step, language))
    sentences += [text for step in steps if step["step"] == "reading" for text in asides_text(step, language)]
    return say(language, "head", title=title.in_language(language), text=joined(sentences, language))


def joined(sentences: Sequence[str], language: str) -> str:
    """The first sentence, then the rest separated by semicolons: reading first, arithmetic after it."""
    first, *rest = [sentence for sentence in sentences if sentence]
    text = begun(say(language, "then").join(rest))
    return (first + say(language, "stop") + text if text else first) + say(language, "end")


def begun(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def reading_of(steps: Sequence[Step]) -> Step:
    """The step that tells the reading."""
    return next(step for step in steps if step["step"] == "reading")


def opening(steps: Sequence[Step], reading: Step, language: str) -> str:
    """The reading, with the target where the rule looks at one."""
    text = reading_text(reading, language)
    rule = next((step for step in steps if step["step"] == "rule"), None)
    if rule is None or rule.get("target") is None:
        return text
    return say(language, "target", reading=text, target=in_unit(rule, "target", language))


def part_text(step: Step, language: str) -> str:
    """One indicator of a composite item, in brackets."""
    reading, *rules = step["steps"]
    told = [opening(step["steps"], reading, language), *(rule_text(rule, reading, language) for rule in rules)]
    if "policy" in step:
        told.append(without_reading(step["policy"], Fraction(step["full"]), Fraction(step["weight"]), language))
    return say(language, "part", title=step["title"]["zh" if language.lower().startswith("zh") else "en"],
               weight=figure(Fraction(step["weight"])), text=say(language, "then").join(told))


def combined(steps: Sequence[Step], step: Step, language: str) -> str:
    """The parts' shares of their full points, averaged by inner weight: ``(60 × 90/100 + 40 × 70/100) × 100 / 100``."""
    counted = [part for part in steps if part["step"] == "part" and part["points"] is not None]
    terms = [f"{factor(Fraction(part['weight']))} {TIMES} {factor(Fraction(part['points']))} / "
             f"{factor(Fraction(part['full']))}" for part in counted]
    formula = f"({added(terms)}) {TIMES} 100 / {factor(Fraction(step['weights']))}"
    return say(language, "combined", formula=f"{formula} = {points(Fraction(step['result']), language)}")


def weigh_text(step: Step, language: str) -> list[str]:
    """``94.7058… × 30% = 28.41 (rounded to 0.01)``, and what was done without a reading or with the weights."""
    full, weight, effective = (Fraction(step[name]) for name in ("full", "weight", "effective"))
    told = [without_reading(step["policy"], full, weight, language)] if step["policy"] else []
    if step["result"] is None:
        return told
    base, counting = Fraction(step["base"]), Fraction(step["counting"])
    formula = f"{factor(weight)} {TIMES} {factor(base)} / {factor(counting)}"
    if effective != weight:
        told.append(say(language, "spread", weight=figure(weight), formula=f"{formula} = {figure(effective)}"))
    value, places = Fraction(step["points"]), step["places"]
    text = closing_product(value, effective / full, places)
    ends = terminating(effective)
    if ends is not None and ends <= FEW:
        by = f"{TIMES} {figure(effective)}%" if full == 100 else f"/ {factor(full)} {TIMES} {figure(effective)}"
    else:
        by = f"/ {factor(full)} {TIMES} {formula}"
    return [*told, f"{text} {by} = {rounding(Fraction(step['result']), places, language, text)}"]


def without_reading(policy: str, full: Fraction, weight: Fraction, language: str) -> str:
    """What the scheme does for want of a reading."""
    return say(language, policy, weight=figure(weight), points=points(full, language))


def add_text(step: Step, language: str) -> str:
    """What an event adds to the total, or takes from it."""
    if step["points"] is None:
        return say(language, "nothing")
    amount = Fraction(step["points"])
    phrase = "adds" if amount > 0 else "takes" if amount < 0 else "changes_nothing"
    return say(language, phrase, points=points(abs(amount), language))


def score_text(steps: Sequence[Step], language: str) -> str:
    """The explanation of the score: the sum, its limits and the one rounding."""
    step = steps[0]
    if step["step"] == "no_score":
        return say(language, "no_score")
    terms = [Fraction(term) for _, term in step["terms"]]
    total, exact, places = Fraction(step["sum"]), Fraction(step["exact"]), step["places"]
    sides = added(closing_sum(terms, places))
    formula = f"{sides} = {rounding(total, places, language, sides)}"
    if step["limit"]:
        formula = say(language, f"limit_{step['limit']}", formula=formula, limit=figure(exact),
                      points=say(language, "points", points=rounding(exact, places, language)))
    text = say(language, "total", formula=formula)
    if step["left_out"]:
        place, comma = ("zh", "、") if language.lower().startswith("zh") else ("en", ", ")
        lines = comma.join(one[place] for one in step["left_out"])
        text += say(language, "then") + say(language, "left_out", lines=lines)
    return text + say(language, "end")

"""A score in words: the sum, what limits it, what a veto leaves, the one rounding; or why there is none."""

from collections.abc import Sequence
from fractions import Fraction

from meritline_sdk.evaluate.numbers import parsed
from meritline_sdk.explain.figures import TIMES, added, closing_sum, factor, figure, rounding, spelt
from meritline_sdk.explain.phrases import index, say
from meritline_sdk.explain.readings import Step, reading_text
from meritline_sdk.explain.rules import in_unit, points


def score_text(steps: Sequence[Step], language: str) -> str:
    """The explanation of the score: the dimensions, the sum, its limits and the one rounding."""
    step = next(one for one in steps if one["step"] in ("total", "no_score"))
    if step["step"] == "no_score":
        return no_score_text(step, language)
    told = [dimension_text(one, language) for one in steps if one["step"] == "dimension"]
    told += [capped_text(one, language) for one in step.get("capped", ())]
    text = "".join(begun(one) + say(language, "end") + gap(language) for one in told) + total_text(step, language)
    rest = [veto_text(one, language) for one in step.get("vetoes", ())]
    if any(one["held"] for one in step.get("vetoes", ())):
        exact = parsed(step["exact"])
        rest.append(say(language, "remains", points=say(
            language, "points", points=rounding(exact, step["places"], language))))
    if step.get("granted"):
        rest.append(say(language, "granted", grade=in_language(step["granted"], language)))
    if step["left_out"]:
        rest.append(say(language, "left_out", lines=listed(step["left_out"], language)))
    return say(language, "then").join([text, *rest]) + say(language, "end")


def in_language(title: Step, language: str) -> str:
    """A title of a step."""
    return str(title["zh" if index(language) else "en"])


def begun(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def gap(language: str) -> str:
    """What stands between two sentences."""
    return "" if index(language) else " "


def listed(lines: Sequence[Step], language: str) -> str:
    """The titles of lines."""
    return say(language, "comma").join(in_language(one, language) for one in lines)


def no_score_text(step: Step, language: str) -> str:
    """Why there is no score."""
    told = []
    if step["state"] == "not_measured":
        told.append(say(language, "no_score"))
    if step.get("waiting"):
        told.append(say(language, "no_score_manual", lines=listed(step["waiting"], language)))
    if step.get("least") and step["state"] != "not_measured":
        told.append(say(language, "no_score_least_measured", measured=spelt(step["measured"]).figure,
                        least=spelt(step["least"]).figure))
    return gap(language).join(told)


def total_text(step: Step, language: str) -> str:
    """The sum of the lines, with what the caps on events leave of those, and the limit where one held."""
    capped = step.get("capped", ())
    left = {key for one in capped for key, _ in one["terms"]}
    terms = [spelt(term) for key, term in step["terms"] if key not in left]
    terms += [spelt(one["cap"] if one["side"] == "additions" else f"-{one['cap']}") for one in capped]
    total, places = parsed(step["sum"]), step["places"]
    limited = parsed(step["limited"] if "limited" in step else step["exact"])
    sides = added(closing_sum(terms, places))
    formula = f"{sides} = {rounding(total, places, language, sides)}"
    if step["limit"]:
        formula = say(language, f"limit_{step['limit']}", formula=formula, limit=figure(limited),
                      points=say(language, "points", points=rounding(limited, places, language)))
    return say(language, "total", formula=formula)


def capped_text(step: Step, language: str) -> str:
    """``additions 20 + 15 = 35, at most 30``; what deductions take is told without its sign."""
    terms = [abs(parsed(term)) for _, term in step["terms"]]
    total = figure(sum(terms, Fraction(0)))
    formula = f"{added([factor(one) for one in terms])} = {total}" if len(terms) > 1 else total
    return say(language, f"{step['side']}_capped", formula=formula, cap=spelt(step["cap"]).figure)


def dimension_text(step: Step, language: str) -> str:
    """What the lines of a dimension came to among themselves, out of 100."""
    terms = [f"{weight.factor} {TIMES} {value.factor} / {full.factor}"
             for weight, value, full in (map(spelt, term) for term in step["terms"])]
    formula = f"({added(terms)}) {TIMES} 100 / {spelt(step['weights']).factor}"
    return say(language, "dimension", title=in_language(step["title"], language), weight=figure(Fraction(
        step["weight"])), formula=f"{formula} = {points(parsed(step['result']), language)}")


def veto_text(step: Step, language: str) -> str:
    """What a veto looked at, and what it took."""
    reading = step["reading"]
    values = {"title": in_language(step["title"], language), "reading": reading_text(reading, language)}
    if reading["state"] != "measured" or reading["value"] is None:
        return say(language, "veto_unread", **values)
    over = in_unit({**reading, "over": step["over"]}, "over", language)
    if not step["held"]:
        return say(language, "veto_free", over=over, **values)
    return say(language, "veto_held", over=over, score=spelt(step["score"]).figure,
               taken=points(parsed(step["taken"]), language), **values)

"""What is taken away, in words: a share of some money or so much for each event, as far as the money goes."""

from fractions import Fraction

from meritline_sdk.explain.figures import TIMES, factor, rounding
from meritline_sdk.explain.phrases import say
from meritline_sdk.explain.readings import Step
from meritline_sdk.explain.reward_money import CENTS, money, product
from meritline_sdk.explain.reward_phrases import tell, titled


def reduction_text(step: Step, language: str) -> list[str]:
    """20% of the bonus: 1000.00 × 20 / 100 = 200.00; 200.00 of it is taken from the bonus."""
    if not step["acts"]:
        return [tell(language, "reduction_not")]
    exact = Fraction(step["exact"])
    formula = f"{step['of']} {TIMES} {factor(Fraction(step['percent']))} / 100 = {rounding(exact, CENTS, language)}"
    return [tell(language, "reduction", percent=step["percent"], money=titled(step["title"], language),
                 formula=formula), *taken_text(step, step["reduction"], language)]


def fine_text(step: Step, reading: Step, language: str) -> list[str]:
    """A fine of 100.00 × 1 = 100.00; 100.00 of it is taken from the bonus; the rest is dropped."""
    formula = product(step, reading, language)
    if step.get("cap") is not None:
        formula = say(language, "limit_cap", formula=formula, limit=step["cap"], points=money(step["fine"]))
    return [tell(language, "fine", formula=formula), *taken_text(step, step["fine"], language)]


def taken_text(step: Step, whole: str, language: str) -> list[str]:
    """What is taken from which money, and what that money could not bear."""
    told = []
    if Fraction(whole):
        told.append(tell(language, "fine_taken", taken=step["taken"], bonus=titled(step["title"], language)))
    if Fraction(step["rest"]):
        told.append(tell(language, "fine_rest", rest=step["rest"]))
    return told

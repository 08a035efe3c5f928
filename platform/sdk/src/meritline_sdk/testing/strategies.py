"""Hypothesis strategies: whole schemes with readings and what is carried, so that every feature meets every other."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

from hypothesis import strategies as st

from meritline_sdk.evaluate.lines import Carried
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.model.bands import LOWER_INCLUSIVE, UPPER_INCLUSIVE, Grade, GradeBands, Granted
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.items import MEAN, ScoreOf, Veto, source_of
from meritline_sdk.model.policies import CARRY, EXEMPT, FULL, MANUAL, RENORMALISE, WITHOUT, ZERO, Policies
from meritline_sdk.model.schemes import Dimension, Event, Item, Part, Scheme
from meritline_sdk.model.text import Text
from meritline_sdk.testing.random_readings import (
    decimals,
    indicators,
    levels,
    mean_scores,
    one_of,
    readings,
    scoring_rules,
    up_to,
)

CHOICES = (RENORMALISE, ZERO, FULL, CARRY, EXEMPT)
RARELY_MANUAL = (None, None, *CHOICES, *CHOICES, MANUAL)
WEIGHTS = ("must_sum_to_100", "renormalise", "as_given")


@dataclass(frozen=True)
class Situation:
    """A scheme with indicators, readings, and the shares that may be carried."""

    scheme: Scheme
    readings: dict[tuple[str, str], Reading]
    indicators: dict[str, AnyIndicator]
    carried: dict[str, Carried] = field(default_factory=dict)


@cache
def policies() -> st.SearchStrategy[Policies]:
    """Nothing said most of the time."""
    each = one_of(*RARELY_MANUAL)
    return st.just(Policies()) | st.builds(Policies, **dict.fromkeys(WITHOUT, each))


class Maker:
    """Makes the lines of one scheme; every line has indicators of its own."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.known: dict[str, AnyIndicator] = {}

    def indicator(self) -> str:
        """The key of another indicator."""
        key = f"i{len(self.known)}"
        self.known[key] = self.draw(indicators(key))
        return key

    def part(self, depth: int) -> Part:
        """A part, sometimes of parts itself."""
        draw, weight = self.draw, self.draw(decimals(1, 50))
        if depth and not draw(up_to(3)):
            parts = tuple(self.part(depth - 1) for _ in range(1 + draw(up_to(1))))
            return Part(None, weight, parts=parts, title=Text("Inner", "内层"))
        return Part(self.indicator(), weight, draw(scoring_rules()), draw(levels()))

    def item(self, number: int, weight: Decimal | int, dimension: Text | str | None) -> Item:
        """An item of one indicator, of parts, or of the scores of months."""
        draw = self.draw
        key, title, kind = f"line{number}", Text(f"Line {number}", f"第{number}项"), draw(up_to(7))
        missing, own = draw(one_of(*RARELY_MANUAL)), draw(policies())
        if kind < 2:
            parts = tuple(self.part(2) for _ in range(1 + draw(up_to(2))))
            return Item(None, weight, None, None, dimension, missing=missing, parts=parts, title=title, key=key,
                        policies=own)
        asked = ScoreOf(f"months{number}", MEAN) if kind == 2 else None
        return Item(None if asked else self.indicator(), weight, draw(scoring_rules()), draw(levels()), dimension,
                    missing=missing, title=title, key=key, policies=own, score_of=asked,
                    minimum_sample=draw(one_of(None, None, None, 200)))

    def event(self) -> Event:
        """An event."""
        return Event(self.indicator(), self.draw(scoring_rules()), target=self.draw(levels()))

    def veto(self, number: int) -> Veto:
        """A veto."""
        return Veto(f"veto{number}", Text("Veto", "否决"), self.indicator(), self.draw(up_to(2) | levels()),
                    self.draw(up_to(60)))

    def grades(self) -> GradeBands | None:
        """Grades in either reading, sometimes with one that is granted."""
        draw = self.draw
        reading = draw(one_of(None, LOWER_INCLUSIVE, UPPER_INCLUSIVE))
        if reading is None:
            return None
        limits = sorted(draw(st.sets(one_of(0, 40, 60, 80, 100), min_size=1, max_size=3)))
        bounds = [None, *limits] if reading == LOWER_INCLUSIVE else [*limits, None]
        title = Text("Grade", "等级")
        granted = (Granted("granted", title, self.indicator()),) if draw(one_of(True, False)) else ()
        return GradeBands(tuple(Grade(f"g{place}", title, limit) for place, limit in enumerate(bounds)), reading,
                          granted)


@st.composite
def situations(draw: st.DrawFn, most: int = 4) -> Situation:
    """Any scheme of a few items and events, with readings for some of them."""
    maker, choice = Maker(draw), draw(one_of(*WEIGHTS))
    heading = one_of(None, None, "within", "within", "other", "plain")
    headings = [draw(heading) for _ in range(1 + draw(up_to(most - 1)))]
    dimensions = tuple(Dimension(key, Text(f"Dimension {key}", f"维度{key}"), None if key == "plain" else 1,
                                 key != "plain") for key in ("within", "other", "plain") if key in headings)
    top = [one for one in headings if one in (None, "plain")]
    units = len(top) + len({*headings} & {"within", "other"})
    weight = {one.key: shared_weight(draw, choice, units) for one in dimensions if one.inner}
    items = [maker.item(number, shared_weight(draw, choice, headings.count(one) if one in weight else units), one)
             for number, one in enumerate(headings)]
    if choice != "must_sum_to_100" and len(items) > 1 and headings.count(headings[-1]) > 1 and not draw(up_to(3)):
        items[-1] = replace(items[-1], weight=0)
    scheme = Scheme(
        "made_up", Text("Made up", "虚构"), tuple(items), tuple(maker.event() for _ in range(draw(up_to(3)))),
        missing=draw(one_of(*CHOICES, *CHOICES, MANUAL)), weights=choice, weight_tolerance="0.1",
        cap=draw(one_of(None, 110)), floor=draw(one_of(0, 0, None, 30)), places=draw(up_to(3)),
        pass_score=draw(one_of(None, 60)), grades=maker.grades(), policies=draw(policies()),
        dimensions=tuple(replace(one, weight=weight.get(one.key)) for one in dimensions),
        least_measured=draw(one_of(None, None, None, 50)), additions_cap=draw(one_of(None, None, 10, 30)),
        deductions_cap=draw(one_of(None, None, 10, 30)), vetoes=tuple(maker.veto(n) for n in range(draw(up_to(2)))),
    )  # fmt: skip
    found = {(key, "own"): draw(readings(one)) for key, one in maker.known.items() if draw(up_to(8))}
    found |= {(source_of(item), "own"): draw(mean_scores()) for item in items if item.score_of and draw(up_to(4))}
    carried = {item.name(): Carried(Fraction(draw(up_to(120)), 100), "2026-04") for item in items if draw(up_to(2))}
    return Situation(scheme, found, maker.known, carried)


def shared_weight(draw: st.DrawFn, choice: str, among: int) -> Decimal | int:
    """An equal part of 100 where weights must sum to it, else any weight."""
    if choice == "must_sum_to_100":
        return (Decimal(100) / among).quantize(Decimal("0.01"))
    return draw(decimals(1, 60))


__all__ = ["Situation", "decimals", "indicators", "levels", "readings", "scoring_rules", "situations"]

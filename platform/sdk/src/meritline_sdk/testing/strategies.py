"""Hypothesis strategies: whole schemes with readings and what is carried, so that every feature meets every other."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

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
    COINS,
    STATES,
    decimals,
    draw_reading,
    indicators,
    levels,
    mean_scores,
    one_of,
    readings,
    scoring_rules,
    together,
    up_to,
)

CHOICES = (RENORMALISE, ZERO, FULL, CARRY, EXEMPT)
RARELY_MANUAL = (None, None, *CHOICES, *CHOICES, MANUAL)
WEIGHTS = ("must_sum_to_100", "renormalise", "as_given")
HEADINGS = (None, None, "within", "within", "other", "plain")
LIMITS = tuple(some for count in (1, 2, 3) for some in combinations((0, 40, 60, 80, 100), count))


@dataclass(frozen=True)
class Situation:
    """A scheme with indicators, readings, and the shares that may be carried."""

    scheme: Scheme
    readings: dict[tuple[str, str], Reading]
    indicators: dict[str, AnyIndicator]
    carried: dict[str, Carried] = field(default_factory=dict)


def draw_policies(draw: st.DrawFn, said: bool) -> Policies:
    """What is done in each state, two states at a draw; or nothing is said."""
    if not said:
        return Policies()
    found: list[str | None] = []
    while len(found) < len(WITHOUT):
        found += draw(together(RARELY_MANUAL, RARELY_MANUAL))
    return Policies(**dict(zip(WITHOUT, found, strict=False)))


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
        among, count = draw(together((1, 0, 0, 0), (1, 2))) if depth else (0, 0)
        if among:
            parts = tuple(self.part(depth - 1) for _ in range(count))
            return Part(None, weight, parts=parts, title=Text("Inner", "内层"))
        return Part(self.indicator(), weight, draw(scoring_rules()), draw(levels()))

    def item(self, number: int, weight: Decimal | int, dimension: Text | str | None) -> Item:
        """An item of one indicator, of parts, or of the scores of months."""
        draw = self.draw
        key, title = f"line{number}", Text(f"Line {number}", f"第{number}项")
        kind, missing = draw(together(tuple(range(8)), RARELY_MANUAL))
        said, sample = draw(together((False, True), (None, None, None, 200)))
        own = draw_policies(draw, said)
        if kind < 2:
            parts = tuple(self.part(2) for _ in range(1 + draw(up_to(2))))
            return Item(None, weight, None, None, dimension, missing=missing, parts=parts, title=title, key=key,
                        policies=own)
        asked = ScoreOf(f"months{number}", MEAN) if kind == 2 else None
        return Item(None if asked else self.indicator(), weight, draw(scoring_rules()), draw(levels()), dimension,
                    missing=missing, title=title, key=key, policies=own, score_of=asked,
                    minimum_sample=sample)

    def event(self) -> Event:
        """An event."""
        return Event(self.indicator(), self.draw(scoring_rules()), target=self.draw(levels()))

    def veto(self, number: int) -> Veto:
        """A veto."""
        return Veto(f"veto{number}", Text("Veto", "否决"), self.indicator(), self.draw(up_to(2) | levels()),
                    self.draw(up_to(60)))

    def grades(self) -> GradeBands | None:
        """Grades in either reading, sometimes with one that is granted."""
        reading, limits, some = self.draw(together((None, LOWER_INCLUSIVE, UPPER_INCLUSIVE), LIMITS, COINS))
        if reading is None:
            return None
        bounds = [None, *limits] if reading == LOWER_INCLUSIVE else [*limits, None]
        title = Text("Grade", "等级")
        granted = (Granted("granted", title, self.indicator()),) if some else ()
        return GradeBands(tuple(Grade(f"g{place}", title, limit) for place, limit in enumerate(bounds)), reading,
                          granted)


@st.composite
def situations(draw: st.DrawFn, most: int = 4) -> Situation:
    """Any scheme of a few items and events, with readings for some of them."""
    maker = Maker(draw)
    choice, count, events, vetoes = draw(together(WEIGHTS, tuple(range(1, most + 1)), tuple(range(4)), tuple(range(3))))
    headings = [draw(one_of(*HEADINGS)) for _ in range(count)]
    dimensions = tuple(Dimension(key, Text(f"Dimension {key}", f"维度{key}"), None if key == "plain" else 1,
                                 key != "plain") for key in ("within", "other", "plain") if key in headings)
    top = [one for one in headings if one in (None, "plain")]
    units = len(top) + len({*headings} & {"within", "other"})
    weight = {one.key: shared_weight(draw, choice, units) for one in dimensions if one.inner}
    items = [maker.item(number, shared_weight(draw, choice, headings.count(one) if one in weight else units), one)
             for number, one in enumerate(headings)]
    if choice != "must_sum_to_100" and len(items) > 1 and headings.count(headings[-1]) > 1 and not draw(up_to(3)):
        items[-1] = replace(items[-1], weight=0)
    cap, floor, places, pass_score, least = draw(together(
        (None, 110), (0, 0, None, 30), tuple(range(4)), (None, 60), (None, None, None, 50)))
    missing, additions, deductions = draw(together((*CHOICES, *CHOICES, MANUAL), *[(None, None, 10, 30)] * 2))
    scheme = Scheme(
        "made_up", Text("Made up", "虚构"), tuple(items), tuple(maker.event() for _ in range(events)),
        missing=missing, weights=choice, weight_tolerance="0.1", cap=cap, floor=floor, places=places,
        pass_score=pass_score, grades=maker.grades(), policies=draw_policies(draw, draw(st.booleans())),
        dimensions=tuple(replace(one, weight=weight.get(one.key)) for one in dimensions),
        least_measured=least, additions_cap=additions, deductions_cap=deductions,
        vetoes=tuple(maker.veto(n) for n in range(vetoes)),
    )  # fmt: skip
    drawn = {(key, "own"): draw_reading(draw, one, (*STATES, None)) for key, one in maker.known.items()}
    found = {key: reading for key, reading in drawn.items() if reading is not None}
    found |= {(source_of(item), "own"): draw(mean_scores()) for item in items if item.score_of and draw(up_to(4))}
    shares = {item.name(): draw(up_to(3 * 121 - 1)) for item in items}
    carried = {name: Carried(Fraction(share // 3, 100), "2026-04") for name, share in shares.items() if share % 3}
    return Situation(scheme, found, maker.known, carried)


def shared_weight(draw: st.DrawFn, choice: str, among: int) -> Decimal | int:
    """An equal part of 100 where weights must sum to it, else any weight."""
    if choice == "must_sum_to_100":
        return (Decimal(100) / among).quantize(Decimal("0.01"))
    return draw(decimals(1, 60))


__all__ = ["Situation", "decimals", "indicators", "levels", "readings", "scoring_rules", "situations"]

"""Hypothesis strategies: whole schemes with readings and what is carried, so that every feature meets every other."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations

from hypothesis import strategies as st

from meritline_sdk.evaluate.lines import Carried
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.model.bands import LOWER_INCLUSIVE, UPPER_INCLUSIVE, Grade, GradeBands, Granted
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.items import MEAN, ScoreOf, Veto, source_of
from meritline_sdk.model.policies import CARRY, EXEMPT, FULL, MANUAL, RENORMALISE, WITHOUT, ZERO, Policies
from meritline_sdk.model.rules import Rule
from meritline_sdk.model.schemes import Dimension, Event, Item, Part, Scheme
from meritline_sdk.model.text import Text
from meritline_sdk.testing import random_readings as random
from meritline_sdk.testing.dice import Dice, rolled

CHOICES = (RENORMALISE, ZERO, FULL, CARRY, EXEMPT)
RARELY_MANUAL = (None, None, *CHOICES, *CHOICES, MANUAL)
WEIGHT = random.decimals(1, 50)
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


def policies(dice: Dice, said: int) -> Policies:
    """What is done in each state; or nothing is said."""
    return Policies(**{state: dice.choice(RARELY_MANUAL) for state in WITHOUT}) if said else Policies()


class Maker:
    """Makes the lines of one scheme; every line has indicators of its own."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.known: dict[str, AnyIndicator] = {}

    def indicator(self) -> str:
        """The key of another indicator."""
        key = f"i{len(self.known)}"
        self.known[key] = self.dice.choice(random.indicators(key))
        return key

    def part(self, depth: int) -> Part:
        """A part, sometimes of parts itself."""
        dice, weight = self.dice, WEIGHT(self.dice)
        if depth and dice.below(4) == 3:
            parts = tuple(self.part(depth - 1) for _ in range(1 + dice.below(2)))
            return Part(None, weight, parts=parts, title=Text("Inner", "内层"))
        return Part(self.indicator(), weight, random.scoring_rules(dice), random.levels(dice))

    def item(self, number: int, weight: Decimal | int, dimension: Text | str | None) -> Item:
        """An item of one indicator, of parts, or of the scores of months."""
        dice = self.dice
        key, title = f"line{number}", Text(f"Line {number}", f"第{number}项")
        kind, missing, own = dice.below(8), dice.choice(RARELY_MANUAL), policies(dice, dice.below(2))
        sample = dice.choice((None, None, None, 200))
        if kind > 5:
            parts = tuple(self.part(2) for _ in range(1 + dice.below(3)))
            return Item(None, weight, None, None, dimension, missing=missing, parts=parts, title=title, key=key,
                        policies=own)
        asked = ScoreOf(f"months{number}", MEAN) if kind == 5 else None
        return Item(None if asked else self.indicator(), weight, random.scoring_rules(dice), random.levels(dice),
                    dimension, missing=missing, title=title, key=key, policies=own, score_of=asked,
                    minimum_sample=sample)

    def event(self) -> Event:
        """An event."""
        return Event(self.indicator(), random.scoring_rules(self.dice), target=random.levels(self.dice))

    def veto(self, number: int) -> Veto:
        """A veto."""
        dice = self.dice
        above = dice.below(3) if dice.below(2) else random.levels(dice)
        return Veto(f"veto{number}", Text("Veto", "否决"), self.indicator(), above, dice.between(0, 60))

    def grades(self) -> GradeBands | None:
        """Grades in either reading, sometimes with one that is granted."""
        dice = self.dice
        reading = dice.choice((None, LOWER_INCLUSIVE, UPPER_INCLUSIVE))
        if reading is None:
            return None
        limits, title = dice.choice(LIMITS), Text("Grade", "等级")
        bounds = [None, *limits] if reading == LOWER_INCLUSIVE else [*limits, None]
        granted = (Granted("granted", title, self.indicator()),) if dice.below(2) else ()
        return GradeBands(tuple(Grade(f"g{place}", title, limit) for place, limit in enumerate(bounds)), reading,
                          granted)


def situation(dice: Dice, most: int = 4) -> Situation:
    """Any scheme of a few items and events, with readings for some of them."""
    maker = Maker(dice)
    choice, count, events, vetoes = dice.choice(WEIGHTS), 1 + dice.below(most), dice.below(4), dice.below(3)
    headings = [dice.choice(HEADINGS) for _ in range(count)]
    dimensions = tuple(Dimension(key, Text(f"Dimension {key}", f"维度{key}"), None if key == "plain" else 1,
                                 key != "plain") for key in ("within", "other", "plain") if key in headings)
    top = [one for one in headings if one in (None, "plain")]
    units = len(top) + len({*headings} & {"within", "other"})
    weight = {one.key: shared_weight(dice, choice, units) for one in dimensions if one.inner}
    items = [maker.item(number, shared_weight(dice, choice, headings.count(one) if one in weight else units), one)
             for number, one in enumerate(headings)]
    if choice != "must_sum_to_100" and len(items) > 1 and headings.count(headings[-1]) > 1 and dice.below(4) == 3:
        items[-1] = replace(items[-1], weight=0)
    scheme = Scheme(
        "made_up", Text("Made up", "虚构"), tuple(items), tuple(maker.event() for _ in range(events)),
        missing=dice.choice((*CHOICES, *CHOICES, MANUAL)), weights=choice, weight_tolerance="0.1",
        cap=dice.choice((None, 110)), floor=dice.choice((0, 0, None, 30)), places=dice.below(4),
        pass_score=dice.choice((None, 60)), grades=maker.grades(), policies=policies(dice, dice.below(2)),
        dimensions=tuple(replace(one, weight=weight.get(one.key)) for one in dimensions),
        least_measured=dice.choice((None, None, None, 50)), additions_cap=dice.choice((None, None, 10, 30)),
        deductions_cap=dice.choice((None, None, 10, 30)), vetoes=tuple(maker.veto(n) for n in range(vetoes)),
    )  # fmt: skip
    drawn = {(key, "own"): random.reading(dice, one, (*random.STATES, None)) for key, one in maker.known.items()}
    found = {key: reading for key, reading in drawn.items() if reading is not None}
    found |= {(source_of(item), "own"): random.mean_scores(dice) for item in items if item.score_of and dice.below(5)}
    shares = {item.name(): dice.between(0, 120) for item in items if dice.below(3)}
    carried = {name: Carried(Fraction(share, 100), "2026-04") for name, share in shares.items()}
    return Situation(scheme, found, maker.known, carried)


def shared_weight(dice: Dice, choice: str, among: int) -> Decimal | int:
    """An equal part of 100 where weights must sum to it, else any weight."""
    if choice == "must_sum_to_100":
        return (Decimal(100) / among).quantize(Decimal("0.01"))
    return random.decimals(1, 60)(dice)


@cache
def situations(most: int = 4) -> st.SearchStrategy[Situation]:
    """Any scheme of a few items and events, with readings for some of them."""
    return rolled(lambda dice: situation(dice, most), 384)


@cache
def decimals(low: int, high: int, places: int = 2) -> st.SearchStrategy[Decimal]:
    """Exact decimals within the limits."""
    return rolled(random.decimals(low, high, places), 6)


@cache
def levels() -> st.SearchStrategy[Decimal]:
    """A target, a limit or a reading; the round ones come often, so that they meet."""
    return rolled(random.levels, 8)


@cache
def scoring_rules() -> st.SearchStrategy[Rule]:
    """Any rule, its numbers of any sign that makes sense."""
    return rolled(random.scoring_rules, 24)


@cache
def indicators(key: str) -> st.SearchStrategy[AnyIndicator]:
    """A ratio, a mean, or a rating."""
    return st.sampled_from(random.indicators(key))


@cache
def readings(indicator: AnyIndicator) -> st.SearchStrategy[Reading]:
    """A reading that the indicator may give, measured most of the time."""
    return rolled(lambda dice: random.reading(dice, indicator), 24)


__all__ = ["Situation", "decimals", "indicators", "levels", "readings", "scoring_rules", "situations"]

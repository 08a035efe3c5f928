"""What a line comes to for what was seen of its readings, without steps. Decides nothing: ``drafts`` and ``composites``
say what a missing reading and parts of parts are worth, and this gives the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from meritline_sdk.evaluate.drafts import policy_of, resolve
from meritline_sdk.evaluate.numbers import fraction, rational_text
from meritline_sdk.evaluate.quick_rules import NOTHING, Pair, pair, pointing, reduced
from meritline_sdk.evaluate.readings import MEASURED, NOT_MEASURED, SAMPLE_TOO_SMALL, WAIVED, Reading
from meritline_sdk.model.indicators import AnyIndicator, RatedIndicator
from meritline_sdk.model.items import Event, Item, Part, key_of
from meritline_sdk.model.rules import Rule
from meritline_sdk.model.schemes import CARRY, EXEMPT, FULL, MANUAL, ZERO, Scheme
from meritline_sdk.model.units import HIGHER, Direction

COUNTS, READ, WHOLE, EXEMPTED, WAITS, CARRIES = (1 << place for place in range(6))
"""What is told of a line: it has points or waits for them, has a reading, lacks nothing that was due, is exempt, waits
for somebody, would carry its share from an earlier period."""
FLAGS: Final = 6
EVERYTHING: Final = COUNTS | READ | WHOLE
ALL_POINTS: Final[Pair] = (1, 1)

type Need = tuple[str, str]


class Seen(NamedTuple):
    """What scoring sees of a reading: its state, its exact value as text, how many records it rests on, and whether
    somebody entered it without a sample, so that no minimum judges it."""

    state: str
    value: str | None = None
    sample: int = 0
    by_hand: bool = False


UNSEEN = Seen(NOT_MEASURED)


def seen(reading: Reading) -> Seen:
    """The same of a whole reading."""
    return Seen(reading.state, None if reading.value is None else rational_text(reading.value), reading.sample,
                reading.entered is not None and not reading.sample)


def judged(cell: Seen, minimum: int | None) -> Seen:
    """The reading judged by a minimum sample, as ``Reading.needing`` does."""
    if minimum is None or cell.value is None or cell.by_hand or cell.state not in (MEASURED, SAMPLE_TOO_SMALL):
        return cell
    return cell._replace(state=MEASURED if cell.sample >= minimum else SAMPLE_TOO_SMALL)


@dataclass(slots=True, eq=False)
class Worth:
    """A line's share of its full points (of an event its points), what is told of it, and the records behind it.

    One object for each reading that occurs, known by its identity: nothing is compared or hashed by value.
    """

    share: Pair | None
    told: int
    sample: int = 0


class Lines:
    """Makes the functions that say what the lines of a scheme come to."""

    def __init__(self, scheme: Scheme, indicators: Mapping[str, AnyIndicator]) -> None:
        self.scheme, self.indicators = scheme, indicators
        self._policies: dict[tuple[int, str], str] = {}

    def single(self, item: Item) -> Callable[[Seen], Worth]:
        """An item of one reading."""
        better = HIGHER if item.indicator is None else resolve(item.indicator, self.indicators).better
        share = sharing(item.rule, item.target, better)

        def worth(cell: Seen) -> Worth:
            found = judged(cell, item.minimum_sample)
            if found.state == MEASURED and found.value is not None:
                return Worth(share(found.value), EVERYTHING, found.sample)
            return self.without(item, found.state)

        return worth

    def composite(self, item: Item) -> Callable[[tuple[Seen, ...]], Worth]:
        """An item of several readings, which stand in the order of ``leaves``."""
        mixed = self.mixed(item, item.parts)

        def worth(cells: tuple[Seen, ...]) -> Worth:
            state, found = mixed([judged(cell, item.minimum_sample) for cell in cells])
            if found.share is not None:
                return found
            return Worth(None, COUNTS | WAITS) if found.told & WAITS else self.without(item, state)

        return worth

    def mixed(self, item: Item, parts: Sequence[Part]) -> Callable[[Sequence[Seen]], tuple[str, Worth]]:
        """Parts averaged by their inner weights: the state they share, and what they come to."""
        weights = [fraction(part.weight) for part in parts]
        each = [self.nested(item, part) if part.parts else self.leaf(item, part) for part in parts]
        widths = [len(leaves([part])) for part in parts]

        def mix(cells: Sequence[Seen]) -> tuple[str, Worth]:
            found, first = list[tuple[str, Worth]](), 0
            for one, width in zip(each, widths, strict=True):
                found.append(one(cells[first:first + width]))
                first += width
            counting = [(weight, worth.share) for weight, (_, worth) in zip(weights, found, strict=True)
                        if worth.share is not None]
            total = sum((weight for weight, _ in counting), Fraction(0))
            read = any(worth.told & READ for _, worth in found)
            waiting = [state for state, worth in found if worth.told & WAITS and read]
            if waiting or not read or not total:
                states = {state for state, _ in found}
                state = waiting[0] if waiting else states.pop() if len(states) == 1 else NOT_MEASURED
                return state, Worth(None, WAITS if waiting else 0)
            share = sum((weight * Fraction(*part) for weight, part in counting), Fraction(0)) / total
            whole = all(worth.told & WHOLE for _, worth in found)
            sample = max(worth.sample for _, worth in found if worth.told & READ)
            return MEASURED, Worth(share.as_integer_ratio(), COUNTS | READ | (WHOLE if whole else 0), sample)

        return mix

    def leaf(self, item: Item, part: Part) -> Callable[[Sequence[Seen]], tuple[str, Worth]]:
        """A part of one reading."""
        assert part.indicator is not None
        share = sharing(part.rule, part.target, resolve(part.indicator, self.indicators).better)
        weighs = fraction(part.weight) > 0

        def worth(cells: Sequence[Seen]) -> tuple[str, Worth]:
            cell = cells[0]
            if cell.state == MEASURED and cell.value is not None:
                return MEASURED, Worth(share(cell.value), EVERYTHING, cell.sample)
            return cell.state, self.unread(item, cell.state, weighs)

        return worth

    def nested(self, item: Item, part: Part) -> Callable[[Sequence[Seen]], tuple[str, Worth]]:
        """A part that is a composite itself."""
        mix, weighs = self.mixed(item, part.parts), fraction(part.weight) > 0

        def worth(cells: Sequence[Seen]) -> tuple[str, Worth]:
            state, found = mix(cells)
            if found.share is not None:
                return MEASURED, found
            if found.told & WAITS:
                return state, Worth(None, READ | (WAITS if weighs else 0))
            return state, self.unread(item, state, weighs)

        return worth

    def event(self, event: Event) -> Callable[[Seen], Worth]:
        """What an event adds; a person who gave no rating of it reported none."""
        indicator = resolve(event.indicator, self.indicators)
        points, rated = pointing(event.rule, event.target, indicator.better), isinstance(indicator, RatedIndicator)

        def worth(cell: Seen) -> Worth:
            found = reduced(points(*ratio(cell.value))) if cell.state == MEASURED and cell.value is not None else None
            return Worth(found, WHOLE if rated or cell.state in (MEASURED, WAIVED) else 0,
                         cell.sample if cell.state == MEASURED else 0)

        return worth

    def without(self, item: Item, state: str) -> Worth:
        """An item without a reading."""
        policy = self.policy(item, state)
        if policy == MANUAL:
            return Worth(None, COUNTS | WAITS)
        share = given(policy)
        told = (COUNTS if share is not None else 0) | (CARRIES if policy == CARRY else 0)
        return Worth(share, told | (WHOLE | EXEMPTED if policy == EXEMPT else 0))

    def unread(self, item: Item, state: str, weighs: bool) -> Worth:
        """A part without a reading; nothing is carried for a part."""
        policy = self.policy(item, state)
        return Worth(given(policy), (WHOLE if policy == EXEMPT else 0) | (WAITS if policy == MANUAL and weighs else 0))

    def policy(self, item: Item, state: str) -> str:
        """What is done for want of a reading."""
        known = self._policies.get((id(item), state))
        if known is None:
            known = self._policies[id(item), state] = policy_of(self.scheme, item, Reading(state))
        return known


def leaves(parts: Sequence[Part]) -> list[str]:
    """The indicators of all parts, and of their parts, in order."""
    return [key for part in parts for key in (leaves(part.parts) if part.parts else [key_of(part.indicator)])]


def sharing(rule: Rule | None, target: object, better: Direction) -> Callable[[str], Pair]:
    """A reading's share of the full points of its rule."""
    assert rule is not None
    points, (full, full_of) = pointing(rule, target, better), pair(rule.full)

    def share(value: str) -> Pair:
        top, bottom = points(*ratio(value))
        return reduced((top * full_of, bottom * full))

    return share


def given(policy: str) -> Pair | None:
    """The share that a policy gives by itself."""
    return NOTHING if policy == ZERO else ALL_POINTS if policy == FULL else None


def ratio(value: str) -> Pair:
    """The number of an exact text."""
    top, _, bottom = value.partition("/")
    return int(top), int(bottom) if bottom else 1

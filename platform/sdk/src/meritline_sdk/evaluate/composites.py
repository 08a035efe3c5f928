"""Items made of parts. Decides how parts, and parts of parts, become one number.

- Parts give their shares of their full points, averaged by inner weights; a composite is out of 100.
- A part without a reading is treated as the item's policy says: left out (its inner weight goes to its neighbours),
  nothing, or full. Nothing is carried for a part, only for the item as a whole: a part that would be carried is left
  out. Where a part with an inner weight waits for somebody, the item waits.
- Where no part was measured, the composite as a whole is in the state that all its parts share (``not_measured`` where
  they differ), and the policy for that state holds for it as a whole. A part that is a composite does likewise.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from meritline_sdk.evaluate.drafts import Draft, Known, points_without, policy_of, resolve, scored, without
from meritline_sdk.evaluate.numbers import fraction, rational_text
from meritline_sdk.evaluate.plans import HUNDRED, NONE, ItemPlan, goal
from meritline_sdk.evaluate.readings import MEASURED, UNREAD, Reading
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.evaluate.shown import reading_step
from meritline_sdk.model.items import Item, Part, key_of
from meritline_sdk.model.schemes import EXEMPT, MANUAL, Scheme
from meritline_sdk.model.text import Text


class Found(NamedTuple):
    """A part: its state, its share of its full points, and whether it was measured, lacks nothing, waits."""

    state: str
    share: Fraction | None
    measured: bool
    whole: bool
    waits: bool
    sample: int
    step: Step


class Mixed(NamedTuple):
    """Several parts as one; no share where none was measured, or where one waits."""

    state: str
    share: Fraction | None
    whole: bool
    waits: bool
    sample: int
    steps: tuple[Step, ...]


def composite_draft(scheme: Scheme, line: ItemPlan, known: Known) -> Draft:
    """The item of several parts with its points; with none measured, with what the policy gives."""
    found = mixed(scheme, line.item, line.item.parts, known)
    if found.share is not None:
        points = found.share * 100
        return Draft(line, None, Reading(MEASURED, points, sample=found.sample), points, True, found.whole, None,
                     found.steps)
    if found.waits:
        return Draft(line, None, Reading(found.state), None, False, False, MANUAL, found.steps)
    return without(scheme, line, Reading(found.state), found.steps, known.carried)


def mixed(scheme: Scheme, item: Item, parts: Sequence[Part], known: Known) -> Mixed:
    """The parts' shares averaged by their inner weights."""
    found = [nested(scheme, item, part, known) if part.parts else leaf(scheme, item, part, known) for part in parts]
    steps = tuple(one.step for one in found)
    counting = [(fraction(part.weight), one.share) for part, one in zip(parts, found, strict=True)
                if one.share is not None]
    weights = sum((weight for weight, _ in counting), NONE)
    measured = any(one.measured for one in found)
    waiting = [one.state for one in found if one.waits and measured]
    if waiting or not measured or not weights:
        if not measured:  # the policy of the whole holds, none of the parts'
            for one in found:
                one.step.pop("policy", None)
                one.step["points"] = None
        states = {one.state for one in found}
        state = waiting[0] if waiting else states.pop() if len(states) == 1 else UNREAD.state
        return Mixed(state, None, False, bool(waiting), 0, steps)
    share = sum((weight * part for weight, part in counting), NONE) / weights
    combine: Step = {"step": "combine", "weights": rational_text(weights), "result": rational_text(share * 100)}
    sample = max((one.sample for one in found if one.measured), default=0)
    return Mixed(MEASURED, share, all(one.whole for one in found), False, sample, (*steps, combine))


def leaf(scheme: Scheme, item: Item, part: Part, known: Known) -> Found:
    """The part of one indicator."""
    assert part.indicator is not None
    assert part.rule is not None
    indicator = resolve(part.indicator, known.indicators)
    reading = known.readings.get((key_of(part.indicator), item.read_from), UNREAD)
    if item.minimum_sample is not None:
        reading = reading.needing(item.minimum_sample)
    full, told = fraction(part.rule.full), reading_step(reading, indicator)
    if reading.state != MEASURED or reading.value is None:
        step = part_step(part, part.title or indicator.title, full, (told,))
        return unread(scheme, item, part, full, Reading(reading.state), step)
    points, rule = scored(part.rule, reading.value, goal(part.target), indicator.unit, indicator.better)
    step = part_step(part, part.title or indicator.title, full, (told, rule), points)
    return Found(MEASURED, points / full, True, True, False, reading.sample, step)


def nested(scheme: Scheme, item: Item, part: Part, known: Known) -> Found:
    """The part that is a composite itself."""
    found = mixed(scheme, item, part.parts, known)
    title = part.title or Text("", "")
    if found.share is not None:
        step = part_step(part, title, HUNDRED, found.steps, found.share * 100)
        return Found(MEASURED, found.share, True, found.whole, False, found.sample, step)
    step = part_step(part, title, HUNDRED, found.steps)
    if found.waits:
        step |= {"policy": MANUAL, "state": found.state}
        return Found(found.state, None, True, False, fraction(part.weight) > 0, 0, step)
    return unread(scheme, item, part, HUNDRED, Reading(found.state), step)


def unread(scheme: Scheme, item: Item, part: Part, full: Fraction, reading: Reading, step: Step) -> Found:
    """The part without a reading: what the policy gives, or nothing."""
    policy = policy_of(scheme, item, reading)
    points = points_without(policy, full)
    step |= {"policy": policy, "state": reading.state, "points": None if points is None else rational_text(points)}
    return Found(reading.state, None if points is None else points / full, False, policy == EXEMPT,
                 policy == MANUAL and fraction(part.weight) > 0, 0, step)


def part_step(part: Part, title: Text, full: Fraction, steps: Sequence[Step], points: Fraction | None = None) -> Step:
    """What the step of a part tells."""
    return {"step": "part", "indicator": key_of(part.indicator), "weight": rational_text(fraction(part.weight)),
            "title": {"en": title.en, "zh": title.zh}, "full": rational_text(full), "steps": list(steps),
            "points": None if points is None else rational_text(points)}

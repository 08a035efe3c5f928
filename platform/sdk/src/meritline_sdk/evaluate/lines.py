"""One line of a scorecard. Decides how an item's points become weighted points, and what an event adds."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from meritline_sdk.evaluate.composites import composite_draft
from meritline_sdk.evaluate.drafts import (
    Carried,
    Draft,
    Known,
    indicator_draft,
    policy_of,
    resolve,
    scored,
)  # fmt: skip
from meritline_sdk.evaluate.numbers import rational_text
from meritline_sdk.evaluate.plans import EventPlan, ItemPlan, Weighing
from meritline_sdk.evaluate.readings import MEASURED, UNREAD, Reading
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.evaluate.shown import reading_step
from meritline_sdk.model.indicators import RatedIndicator
from meritline_sdk.model.schemes import CARRY, Scheme, key_of
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import HIGHER, POINTS, Direction, Unit

NOTHING_ADDED = "nothing"


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """A line of a scorecard; ``kind`` is ``item`` or ``event``, ``position`` counts from 1 over both.

    ``policy`` is the policy that held for want of a reading, None where there is one; the reading's state says why. An
    item that was left out has an effective weight of 0 and no points; one that waits for somebody keeps its weight.
    A composite item has no indicator, and its reading is its points; an item of scores has none either.
    """

    position: int
    kind: str
    key: str
    indicator: str | None
    read_from: str
    title: Text | None
    dimension: Text | None
    unit: Unit | None
    better: Direction | None
    target: Decimal | None
    reading: Reading
    raw_points: Fraction | None
    full: Fraction | None
    weight: Decimal | None
    effective_weight: Fraction | None
    weighted_points: Fraction | None
    policy: str | None
    rated: bool = False
    steps: tuple[Step, ...] = field(default=(), hash=False)


def item_draft(scheme: Scheme, line: ItemPlan, known: Known) -> Draft:
    """The item with its points; without a reading, with what the policy gives."""
    return composite_draft(scheme, line, known) if line.item.parts else indicator_draft(scheme, line, known)


def weighed(draft: Draft, position: int, weighing: Weighing, places: int) -> ScoredLine:
    """The line of the item once it is known which weights count."""
    line, points, found = draft.line, draft.points, draft.indicator
    item = line.item
    weighted = None if points is None else points * weighing.factor
    step: Step = {
        **weighing.told, "points": None if points is None else rational_text(points), "places": places,
        "result": None if weighted is None else rational_text(weighted), "policy": draft.policy,
    }  # fmt: skip
    if draft.policy is not None:
        step["state"] = draft.reading.state
    if draft.policy == CARRY:
        step["carried"] = draft.carried and {"share": rational_text(draft.carried.share),
                                             "period": draft.carried.period}
    unit, better = (POINTS, HIGHER) if item.score_of else (found.unit, found.better) if found else (None, None)
    return ScoredLine(
        position=position, kind="item", key=line.name, indicator=key_of(item.indicator) or None,
        read_from=item.read_from, title=item.title or (found.title if found else None), dimension=line.dimension,
        unit=unit, better=better, target=line.target, reading=draft.reading, raw_points=points, full=line.full,
        weight=line.declared, effective_weight=weighing.effective, weighted_points=weighted, policy=draft.policy,
        rated=isinstance(found, RatedIndicator), steps=(*draft.steps, step),
    )  # fmt: skip


def event_line(plan: EventPlan, position: int, known: Known) -> ScoredLine:
    """The line of an event: its points are added as they are."""
    event = plan.event
    indicator = resolve(event.indicator, known.indicators)
    reading = known.readings.get(plan.source, UNREAD)
    steps: tuple[Step, ...] = (reading_step(reading, indicator),)
    points = None
    if reading.state == MEASURED and reading.value is not None:
        points, told = scored(event.rule, reading.value, plan.goal, indicator.unit, indicator.better)
        steps = (*steps, told)
    added: Step = {"step": "add", "points": None if points is None else rational_text(points)}
    return ScoredLine(
        position=position, kind="event", key=plan.name, indicator=plan.source[0], read_from=event.read_from,
        title=event.title or indicator.title, dimension=None, unit=indicator.unit, better=indicator.better,
        target=plan.target, reading=reading, raw_points=points, full=None, weight=None, effective_weight=None,
        weighted_points=points, policy=None if points is not None else NOTHING_ADDED,
        rated=isinstance(indicator, RatedIndicator), steps=(*steps, added),
    )  # fmt: skip


__all__ = [
    "NOTHING_ADDED", "Carried", "Draft", "ScoredLine", "event_line", "item_draft", "policy_of", "resolve", "weighed",
]  # fmt: skip

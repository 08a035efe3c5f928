"""From readings to a score. Decides whether there is one, and whether it is complete.

- An item's weighted points are ``points / full * effective weight``; an event's points are added as they are. What an
  item weighs, ``plans`` says; what stands in for a missing reading, the policy for its state (``drafts``).
- An event without a reading adds nothing and says so; no policy holds for it.
- There is no score where no item with a weight was measured (``not_measured``, whatever the policies say); where an
  item with a weight waits for somebody, or where less than ``least_measured`` percent of the weights were measured
  (both ``incomplete``).
- A score is ``complete`` where every item with a weight was measured, or was exempt from it, and every event was
  measured, waived, or rated by people: a person who gave no rating of an event reported none.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from meritline_sdk.evaluate.drafts import Carried, Draft, Known, policy_of
from meritline_sdk.evaluate.lines import ScoredLine, event_line, item_draft, weighed
from meritline_sdk.evaluate.numbers import fraction, rational_text
from meritline_sdk.evaluate.plans import HUNDRED, NONE, plan_of
from meritline_sdk.evaluate.readings import MEASURED, WAIVED, Reading
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.evaluate.totals import Scored, summed, titles
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.schemes import EXEMPT, MANUAL, Scheme

COMPLETE, INCOMPLETE = "complete", "incomplete"
NOT_MEASURED = "not_measured"
TOO_LITTLE = "least_measured"
NOTHING_CARRIED: Mapping[str, Carried] = {}


def score(scheme: Scheme, readings: Mapping[tuple[str, str], Reading], indicators: Mapping[str, AnyIndicator],
          carried: Mapping[str, Carried] | None = None) -> Scored:
    """The result for readings keyed by (``source_of`` the item, or the indicator's full key, and ``read_from``).

    An absent reading was not measured. ``carried`` has, by the item's name, what the policy ``carry`` carries.
    """
    plan, known = plan_of(scheme), Known(readings, indicators, NOTHING_CARRIED if carried is None else carried)
    drafts = [item_draft(scheme, line, known) for line in plan.items]
    weighings = plan.weighed(tuple(draft.counts for draft in drafts))
    lines = tuple(weighed(draft, position, weighing, scheme.places)
                  for position, (draft, weighing) in enumerate(zip(drafts, weighings, strict=True), 1))
    lines += tuple(event_line(event, position, known) for position, event in enumerate(plan.events, len(lines) + 1))
    measured = part_measured(drafts)
    unscored = why_none(scheme, drafts, lines, measured)
    if unscored is not None:
        return Scored(lines, None, None, None, None, unscored["state"], (unscored,), measured)
    return summed(plan, lines, known, state_of(drafts, lines[len(drafts):]), measured)


def part_measured(drafts: Sequence[Draft]) -> Fraction:
    """The percentage of the weights whose lines have a reading; what is exempt is in neither side."""
    if all(draft.measured for draft in drafts):
        return HUNDRED
    due = [draft for draft in drafts if draft.policy != EXEMPT]
    whole = sum((draft.line.whole for draft in due), NONE)
    return sum((draft.line.whole for draft in due if draft.measured), NONE) * 100 / whole if whole else NONE


def why_none(scheme: Scheme, drafts: Sequence[Draft], lines: Sequence[ScoredLine], measured: Fraction) -> Step | None:
    """The step that says why there is no score, if there is none."""
    waiting = [line for draft, line in zip(drafts, lines, strict=False)
               if draft.policy == MANUAL and draft.line.whole]
    too_little = scheme.least_measured is not None and measured < fraction(scheme.least_measured)
    nothing = not any(draft.measured and draft.line.whole for draft in drafts)
    if not (nothing or waiting or too_little):
        return None
    step: Step = {"step": "no_score", "state": NOT_MEASURED if nothing else INCOMPLETE,
                  "reason": NOT_MEASURED if nothing else MANUAL if waiting else TOO_LITTLE}
    if waiting:
        step["waiting"] = [{"key": line.key, **titles(line)} for line in waiting]
    if too_little and scheme.least_measured is not None:
        step |= {"measured": rational_text(measured), "least": rational_text(fraction(scheme.least_measured))}
    return step


def state_of(drafts: Sequence[Draft], events: Sequence[ScoredLine]) -> str:
    """Whether all of what was due was measured."""
    whole = all(draft.whole for draft in drafts if draft.line.whole)
    told = all(line.rated or line.reading.state in (MEASURED, WAIVED) for line in events)
    return COMPLETE if whole and told else INCOMPLETE


__all__ = ["COMPLETE", "INCOMPLETE", "NOT_MEASURED", "Scored", "ScoredLine", "policy_of", "score"]

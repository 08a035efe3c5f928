"""Runs of periods. Decides how many in a row a condition has held, and in which of them a rule acts.

A run is counted back from this period along the sequence of the scheme's periods, across the turn of a year. A period
without a score is a gap, whether it has a cycle or not: it is skipped, or it breaks the run.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from meritline.domain.facts import Outcome
from meritline.domain.periods import kind_of, previous
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.model.canonical import decimal_text
from meritline_sdk.model.consequences import BREAK
from meritline_sdk.model.rewards import InARow

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Run:
    """The periods of a run, the oldest first, with the gaps that were skipped inside it."""

    over: tuple[Outcome, ...]
    gaps: tuple[str, ...]
    acts: bool

    def step(self, row: InARow) -> Step:
        """The run as a step."""
        return {"step": "run", "needed": row.periods, "length": len(self.over), "every": row.every, "gaps": row.gaps,
                "acts": self.acts, "skipped": list(self.gaps),
                "over": [{"period": one.period, "score": decimal_text(one.score or NOTHING)} for one in self.over]}


def in_a_row(row: InARow, now: Outcome, history: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> Run:
    """The run that ends in this period, in which the condition holds.

    It acts where the run reaches its length: once per run, or from then on in each period.
    """
    over, gaps, skipped = [now], list[str](), list[str]()
    for outcome in backwards(now.period, history):
        if outcome.score is None:
            if row.gaps == BREAK:
                break
            gaps.append(outcome.period)
        elif holds(outcome):
            over.append(outcome)
            skipped, gaps = [*skipped, *gaps], []
        else:
            break
    length = len(over)
    return Run(tuple(reversed(over)), tuple(reversed(skipped)),
               length >= row.periods if row.every else length == row.periods)


def backwards(period: str, history: Sequence[Outcome]) -> list[Outcome]:
    """The periods before this one, the latest first, each one there; one that was never appraised has no score."""
    if not period:
        return list(reversed(history))
    kind = kind_of(period)
    known = {outcome.period: outcome for outcome in history if kind_of(outcome.period) is kind}
    found: list[Outcome] = []
    oldest = min(known, default=period)
    while period > oldest:
        period = previous(period)
        found.append(known.get(period, Outcome(period)))
    return found

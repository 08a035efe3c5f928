"""What a scorecard is worth. Decides the reward lines of a scheme's subjects, each rounded once to the cent, half up.

Fines are taken after everything else, in the table's order. What was not measured pays nothing and says so: its
amount is None, which is not zero. A fine is a negative amount, never more than the money it reduces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from meritline.domain.ranking import Card, Place, rank
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.rules import Step
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.model.rewards import RewardTable
from meritline_sdk.model.schemes import Scheme
from meritline_sdk.model.text import Text

type SubjectReadings = Mapping[Subject, Mapping[tuple[str, str], Reading]]


@dataclass(frozen=True, slots=True)
class RewardLine:
    """One amount with its reason; None where something it needs was not measured."""

    subject: Subject
    rule_key: str
    kind: str
    pays: str
    title: Text
    amount: Decimal | None
    steps: tuple[Step, ...] = field(default=(), hash=False)


def reward(table: RewardTable, scheme: Scheme, cards: Sequence[Card], readings: SubjectReadings,
           places: Mapping[Subject, Place] | None = None) -> tuple[RewardLine, ...]:
    """The reward lines of all cards: by subject in order of key, then by rule in the table's order.

    ``readings`` holds for every subject what ``scoring.score`` was given; ``places`` are ranked here if not given.
    """
    raise NotImplementedError

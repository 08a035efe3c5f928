"""What rewards rest on beside the scorecard: the employment in the period, the pay on record, the periods before.

All of it is read by the run and is part of its input digest.
"""

from dataclasses import dataclass
from decimal import Decimal

from meritline_sdk.model.schemes import REGULAR


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an earlier cycle of the same scheme came to for the subject; ``score`` None where there was none."""

    period: str
    score: Decimal | None = None
    grade: str | None = None
    passed: bool | None = None
    rank: int | None = None
    among: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """A subject in a period. Who is no employee is there for the whole of it.

    ``days``: the days employed under the scheme in the period, of ``period_days``; ``to_the_end``: still employed on
    its last day; ``employment``: ``regular`` or ``probation``; ``history``: the earlier periods, the oldest first, each
    with its outcome where it was appraised; periods that were never appraised are not in it.
    """

    days: int = 1
    period_days: int = 1
    to_the_end: bool = True
    employment: str = REGULAR
    base_pay: Decimal | None = None
    performance_pay: Decimal | None = None
    history: tuple[Outcome, ...] = ()


NO_FACTS = Facts()

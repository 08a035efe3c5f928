"""Policies: what a scheme does where there is no reading. Decides which there are and which one holds for a line.

Not measured is not zero; what it is instead is the company's choice, made for each state and told on the line.
"""

from dataclasses import dataclass

from meritline_sdk.model.records import DeclarationError

RENORMALISE = "renormalise"
"""Policy: without a reading the line is left out and its weight spread over the others; the card is incomplete."""
ZERO = "zero"
"""Policy: without a reading no points."""
FULL = "full"
"""Policy: without a reading full points."""
CARRY = "carry"
"""Policy: without a reading the share of full points of the last earlier period that has one."""
EXEMPT = "exempt"
"""Policy: without a reading the line is left out, and the card counts as complete."""
MANUAL = "manual"
"""Policy: without a reading no score, until somebody has entered a figure or waived the line."""
MISSING_POLICIES = (RENORMALISE, ZERO, FULL, CARRY, EXEMPT, MANUAL)
NOT_MEASURED, SAMPLE_TOO_SMALL, FAILED, WAIVED = "not_measured", "sample_too_small", "failed", "waived"
WITHOUT = (NOT_MEASURED, SAMPLE_TOO_SMALL, FAILED, WAIVED)


@dataclass(frozen=True, slots=True)
class Policies:
    """What is done in each state without a reading; None leaves it to the next in line.

    - ``renormalise``: the line is left out, its weight is spread over the others, the card is incomplete.
    - ``zero``, ``full``: no points, full points.
    - ``carry``: the share of full points of the last earlier period in which the line was measured; without one, as
      ``renormalise``.
    - ``exempt``: the line is left out like that, and the card counts as complete: nothing was to be done.
    - ``manual``: there is no score until somebody has entered a figure or waived the line.

    A line looks first at its own policies, then at its ``missing``, then at the scheme's policies, then at the scheme's
    ``missing``. What was waived is exempt unless the state ``waived`` says otherwise.
    """

    not_measured: str | None = None
    sample_too_small: str | None = None
    failed: str | None = None
    waived: str | None = None

    def __post_init__(self) -> None:
        for state in WITHOUT:
            if getattr(self, state) not in (None, *MISSING_POLICIES):
                raise DeclarationError(f"policy for {state}: one of {', '.join(MISSING_POLICIES)}, "
                                       f"not {getattr(self, state)!r}")

    def of(self, state: str) -> str | None:
        """The policy of a state, if one is said."""
        found: str | None = getattr(self, state)
        return found


def policy_for(state: str, own: Policies, own_missing: str | None, shared: Policies, missing: str) -> str:
    """The policy of a line in a state without a reading."""
    if state == WAIVED:
        return own.of(state) or shared.of(state) or EXEMPT
    return own.of(state) or own_missing or shared.of(state) or missing

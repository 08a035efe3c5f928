"""How large a result may be. Decides that a number too large to keep ends the run with whose and which it is."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from meritline.errors import MeritlineError

DISPLAYED_PLACES: Final = 10
"""The places of the columns that are for display."""

# The limits of the columns; nobody means numbers of that size.
MOST_SCORE: Final = 10**9
MOST_POINTS: Final = 10**18
MOST_MONEY: Final = 10**15


def require_size(value: Fraction | Decimal | None, most: int, subject: str, key: str) -> None:
    """Raise where the value of the subject's line, card or reward cannot be kept."""
    if value is not None and not -most < value < most:
        raise MeritlineError("E-RUN-SIZE", field=key, value=f"{float(value):.3g}", subject=subject,
                             most=len(str(most)) - 1)

"""What a reading is: a value, what it is the quotient of, how much it rests on, and why there may be none."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from meritline_sdk.model.nodes import ParameterRef, Scalar
from meritline_sdk.model.text import Text

if TYPE_CHECKING:
    from meritline_sdk.evaluate.ratings import Group

MEASURED, NOT_MEASURED, SAMPLE_TOO_SMALL = "measured", "not_measured", "sample_too_small"
FAILED, WAIVED = "failed", "waived"
STATES = (MEASURED, NOT_MEASURED, SAMPLE_TOO_SMALL, FAILED, WAIVED)

NO_RECORDS, NOT_DELIVERED = "no_records", "not_delivered"
DENOMINATOR_ZERO, DENOMINATOR_NEGATIVE = "denominator_zero", "denominator_negative"
EARLIER_NOT_MEASURED, BLANK = "earlier_not_measured", "blank"
NOT_ASKED = "not_asked"
"""Nobody asked the Python function."""


@dataclass(frozen=True, slots=True)
class Entered:
    """Who gave or waived a reading by hand, when (RFC 3339), and from where; a waiver has a reason, and no source.

    ``found`` is what the records give, so that nothing is ever overridden in silence.
    """

    by: str
    at: str
    source: str | None = None
    note: str | None = None
    version: int = 1
    found: "Reading | None" = None


@dataclass(frozen=True, slots=True)
class Asides:
    """What is told beside a reading and changes nothing: numbers shown beside it with their titles and units, what
    the tenant chose, until when it is provisional (RFC 3339), and which package and version holds its function."""

    beside: tuple[tuple[Text, "Reading", str], ...] = ()
    chosen: tuple[tuple[ParameterRef, Scalar], ...] = ()
    provisional_until: str | None = None
    package: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingPart:
    """A reading that went into another, with its weight in a weighted mean; ``period`` is whose score it is."""

    reading: "Reading"
    weight: Fraction | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """An indicator's value for a subject and a period, in the indicator's unit, never rounded.

    ``numerator`` and ``denominator`` are what the value is the quotient of (a ratio's two sides, a mean's sum and
    count, a weighted mean's sum and weights, a relative change's difference and the earlier value), in the unit of
    the value save for a ratio's factor; ``earlier`` is what a change is the difference to; ``needed`` is the minimum
    sample it was judged by; ``reason`` is a word for why there is no value (``no_records``, ``not_delivered``,
    ``denominator_zero``, ``denominator_negative``, ``earlier_not_measured``, ``blank:<the parameter>``), or the words
    of the person who waived it; ``groups`` are the raters behind a rated one; ``parts`` are what a total or a
    weighted mean is made of, or the pairs that are compared for completeness, in the order of the declaration.
    """

    state: str
    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    sample: int = 0
    earlier: Fraction | None = None
    needed: int | None = None
    reason: str | None = None
    entered: Entered | None = None
    groups: tuple["Group", ...] = ()
    parts: tuple[ReadingPart, ...] = ()
    asides: Asides | None = None

    def needing(self, minimum: int) -> "Reading":
        """The same reading judged by another minimum sample; what was entered without one is not judged by it."""
        if self.value is None or self.state not in (MEASURED, SAMPLE_TOO_SMALL) or (self.entered and not self.sample):
            return self
        state = MEASURED if self.sample >= minimum else SAMPLE_TOO_SMALL
        return Reading(state, self.value, self.numerator, self.denominator, self.sample, self.earlier, minimum,
                       self.reason, self.entered, self.groups, self.parts, self.asides)


UNREAD = Reading(NOT_MEASURED)
NOTHING_FOUND, NOTHING_DELIVERED = (Reading(NOT_MEASURED, reason=why) for why in (NO_RECORDS, NOT_DELIVERED))


def unread(reason: str, sample: int = 0, parts: tuple[ReadingPart, ...] = ()) -> Reading:
    """No value, and why."""
    return replace(UNREAD, reason=reason, sample=sample, parts=parts)

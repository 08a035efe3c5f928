"""Grade bands: a score becomes a name. Decides that the bands always cover the whole range and which end is closed."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from meritline_sdk.model.blanks import Open, is_open, young
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.records import DeclarationError, require_key
from meritline_sdk.model.rules import exact
from meritline_sdk.model.text import Text

LOWER_INCLUSIVE = "lower_inclusive"
"""``reading=`` of grade bands: a limit is where a grade begins, ``[limit, next)``."""
UPPER_INCLUSIVE = "upper_inclusive"
"""``reading=`` of grade bands: a limit is where a grade ends, ``(before, limit]``."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade; ``limit`` is where it begins (lower reading) or ends (upper reading).

    The lowest grade has no limit in the lower reading, the highest none in the upper: so no score is uncovered.
    """

    key: str
    title: Text
    limit: Open | None = None

    def __post_init__(self) -> None:
        require_key(self.key, "grade")
        if self.limit is not None:
            object.__setattr__(self, "limit", exact(self.limit, f"grade {self.key!r}"))


@dataclass(frozen=True, slots=True)
class Granted:
    """A grade that no score reaches: a person grants it, and the reading of ``indicator`` (1 or more) tells that.

    It stands above all bands; whoever has it has it whatever the score.
    """

    key: str
    title: Text
    indicator: AnyIndicator | str

    def __post_init__(self) -> None:
        require_key(self.key, "grade")


@dataclass(frozen=True, slots=True)
class GradeBands:
    """Grades from the lowest to the highest, half-open: ``[limit, next)``, in the upper reading ``(before, limit]``.

    >>> GradeBands((Grade("poor", Text("Poor", "差")), Grade("good", Text("Good", "好"), 60))).reading
    'lower_inclusive'
    """

    grades: tuple[Grade, ...]
    reading: str = LOWER_INCLUSIVE
    granted: tuple[Granted, ...] = young(())

    def __post_init__(self) -> None:
        object.__setattr__(self, "grades", tuple(self.grades))
        object.__setattr__(self, "granted", tuple(self.granted))
        if self.reading not in (LOWER_INCLUSIVE, UPPER_INCLUSIVE):
            raise DeclarationError(f"grade bands: reading is {LOWER_INCLUSIVE} or {UPPER_INCLUSIVE}, "
                                   f"not {self.reading!r}")
        if not self.grades or len(set(self.keys())) != len(self.keys()):
            raise DeclarationError("grade bands need grades, each key once")
        open_grade, *closed = self.grades if self.reading == LOWER_INCLUSIVE else reversed(self.grades)
        if open_grade.limit is not None or any(grade.limit is None for grade in closed):
            end = "lowest" if self.reading == LOWER_INCLUSIVE else "highest"
            raise DeclarationError(f"grade bands, {self.reading}: every grade has a limit but the {end} one, "
                                   "which is open, so that no score is uncovered")
        limits = [grade.limit for grade in self.grades if grade.limit is not None]
        if any(Decimal(low) >= Decimal(high) for low, high in pairwise(limits) if not is_open(low, high)):  # type: ignore[arg-type]
            raise DeclarationError(f"grade bands: the limits must rise: {', '.join(map(str, limits))}")

    def keys(self) -> tuple[str, ...]:
        """The grades, the lowest first; those that are granted after them."""
        return (*(grade.key for grade in self.grades), *(grade.key for grade in self.granted))

    def titles(self) -> dict[str, Text]:
        """What each grade is called, those that are granted too."""
        return {grade.key: grade.title for grade in self.grades} | {one.key: one.title for one in self.granted}

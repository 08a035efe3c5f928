"""Rated indicators: numbers that people give. Decides who may give them, on which scale, and how they become one."""

from dataclasses import dataclass

from meritline_sdk.model.records import DeclarationError, require_key
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import SCORE_100, Direction, Unit


@dataclass(frozen=True, slots=True)
class RatedIndicator:
    """A number that people give. The reading is the mean of the ratings of the period.

    ``raters`` are the roles that may rate; ``minimum_raters`` is its minimum sample.
    """

    key: str
    title: Text
    scale_min: int = 0
    scale_max: int = 100
    unit: Unit = SCORE_100
    better: Direction = Direction.HIGHER
    raters: tuple[str, ...] = ("manager",)
    minimum_raters: int = 1
    note: Text | None = None

    def __post_init__(self) -> None:
        require_key(self.key, "rated indicator")
        if not self.scale_min < self.scale_max:
            raise DeclarationError(f"rated indicator {self.key!r}: the scale runs upwards, "
                                   f"but {self.scale_min} is not below {self.scale_max}")

"""Units and directions. Decides what a reading's number means, so that 4.5 of 5 is never compared with 90 of 100."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND
from meritline_sdk.model.text import Text


@dataclass(frozen=True, slots=True)
class Unit:
    """What a reading is measured in.

    ``ratio_factor`` multiplies a quotient of two tallies (100 for percent); ``seconds`` is the length of one unit
    of time, None for everything else; ``places`` is how many decimals a person is shown. ``least`` and ``most`` are the
    ends of a scale that nothing leaves, whatever is measured.
    """

    key: str
    title: Text
    symbol: str
    places: int = 2
    ratio_factor: int = 1
    seconds: int | None = None
    least: int | None = None
    most: int | None = None

    def of_microseconds(self) -> Fraction:
        """The factor that turns microseconds into this unit of time."""
        if self.seconds is None:
            raise ValueError(f"{self.key} is not a unit of time")
        return Fraction(1, self.seconds * MICROSECONDS_PER_SECOND)


class Direction(StrEnum):
    """Whether more is better, less, neither, or what lies within limits (``range``)."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"
    RANGE = "range"


HIGHER = Direction.HIGHER
"""More is better."""
LOWER = Direction.LOWER
"""Less is better."""
NEITHER = Direction.NEITHER
"""Neither more nor less is better: it is shown, not judged."""
RANGE = Direction.RANGE
"""What lies within limits is best."""

PERCENT = Unit("percent", Text("percent", "百分比"), "%", ratio_factor=100)
"""A share: a quotient of two counts or sums, times 100. 66.67 means two of three."""
PERCENTAGE_POINT = Unit("percentage_point", Text("percentage points", "百分点"), "pp", ratio_factor=100)
"""The difference of two percentages: from 90 to 92 percent it is 2."""
SECONDS = Unit("second", Text("seconds", "秒"), "s", seconds=1)
"""Times in seconds; a duration of a record is turned into it exactly."""
MINUTES = Unit("minute", Text("minutes", "分钟"), "min", seconds=60)
"""Times in minutes."""
HOURS = Unit("hour", Text("hours", "小时"), "h", seconds=3600)
"""Times in hours."""
DAYS = Unit("day", Text("days", "天"), "d", seconds=86400)
"""Times in days of 24 hours."""
COUNT = Unit("count", Text("times", "次"), "", places=0)
"""How many; shared records may make it a fraction. Also for a quotient that is no share."""
POINTS = Unit("points", Text("points", "分"), "")
"""Points that somebody gives or takes."""
SCORE_100 = Unit("score_0_100", Text("score of 100", "百分制得分"), "/100", least=0, most=100)
"""A score from 0 to 100."""
SCORE_5 = Unit("score_0_5", Text("score of 5", "五分制得分"), "/5", least=0, most=5)
"""A score from 0 to 5; it is never compared with one of 100."""
MONEY = Unit("money", Text("money", "金额"), "")
"""An amount in the company's currency."""
PER_MINUTE = Unit("per_minute", Text("per minute", "每分钟"), "/min", least=0)
"""How many in a minute."""
RATING = Unit("rating", Text("rating on its own scale", "评分(原始分制)"), "")
"""A rating on the scale of its own record."""
CHARACTERS_PER_MINUTE = Unit("characters_per_minute", Text("characters per minute", "字/分钟"), "/min", least=0)
"""How quickly somebody types."""
TIMES_PER_WEEK = Unit("times_per_week", Text("times per week", "次/周"), "/week", ratio_factor=7, least=0)
"""How often in seven days: a count divided by days, times 7."""
YES_NO = Unit("yes_no", Text("yes or no", "是否"), "", places=0, least=0, most=1)
"""1 or 0; the unit of ``Complete``, and of nothing else."""

UNITS = {unit.key: unit for unit in (
    PERCENT, PERCENTAGE_POINT, SECONDS, MINUTES, HOURS, DAYS, COUNT, POINTS, SCORE_100, SCORE_5, MONEY, PER_MINUTE,
    RATING, CHARACTERS_PER_MINUTE, TIMES_PER_WEEK, YES_NO,
)}  # fmt: skip

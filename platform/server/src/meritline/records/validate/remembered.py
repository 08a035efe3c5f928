"""Moments put together from pieces that were read before. Decides when that gives the same as reading the text.

An export has few days, few minutes of a day and few seconds of a minute, and hardly any two equal moments. Where the
source's first pattern is a day, a blank and a time of day, whatever days and times it has read go together freely:
the pattern would read any of them beside any other. Only days are remembered on which the zone's clock is not changed.
"""

from datetime import datetime, timedelta
from typing import Final

from meritline.records.clock import LocalClock
from meritline.records.patterns import Pattern

MOST_REMEMBERED: Final = 10_000
TIMES: Final = ("%H:%M:%S", "%H:%M")


class RememberedMoments:
    """The pieces of one pattern's moments in one zone."""

    def __init__(self, clock: LocalClock, with_seconds: bool) -> None:
        self.clock, self.with_seconds = clock, with_seconds
        self._midnights: dict[str, datetime | None] = {}
        self._minutes: dict[str, timedelta] = {}
        self._seconds = {"": timedelta()}

    def instant(self, text: str) -> datetime | None:
        """The instant of a text, or None where a piece is new."""
        day, _, time = text.partition(" ")
        second = ""
        if self.with_seconds:
            time, _, second = time.rpartition(":")
        midnight, minutes, seconds = self._midnights.get(day), self._minutes.get(time), self._seconds.get(second)
        if midnight is None or minutes is None or seconds is None:
            return None
        return midnight + (minutes + seconds)

    def learn(self, text: str, local: datetime) -> None:
        """Remember the pieces of a text that the pattern read as a local time."""
        day, _, time = text.partition(" ")
        second = ""
        if self.with_seconds:
            time, _, second = time.rpartition(":")
        if len(self._midnights) + len(self._minutes) + len(self._seconds) > MOST_REMEMBERED:
            return
        self._minutes[time] = timedelta(hours=local.hour, minutes=local.minute)
        self._seconds[second] = timedelta(seconds=local.second)
        if day not in self._midnights:
            self._midnights[day] = self.clock.steady_midnight(local)


def remembered(pattern: Pattern, clock: LocalClock) -> RememberedMoments | None:
    """A memory for the pattern, where its day and its time stand apart."""
    day, _, time = pattern.text.partition(" ")
    if time not in TIMES or not pattern.places or any(mark in day for mark in ("%H", "%M", "%S", "\t", "\n")):
        return None
    return RememberedMoments(clock, time == TIMES[0])

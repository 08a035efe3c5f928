"""The dice of the record generator. Decides how seasons, weekends, skill and luck are drawn; nothing is scored here.

Floats are fine in this room: they shape fictitious events and never reach a score or an amount.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKEND = 0.55


class Chance(random.Random):
    """Seeded dice with the draws that service work needs."""

    def minutes(self, typical: float, spread: float = 0.5) -> timedelta:
        """A duration around ``typical`` minutes, skewed to the long side as real work is."""
        return timedelta(minutes=round(typical * self.lognormvariate(0, spread), 1))

    def happens(self, probability: float) -> bool:
        """True with the probability."""
        return self.random() < probability

    def skill(self) -> float:
        """How good someone is: around 0, within -1 and 1."""
        return max(-1.0, min(1.0, self.gauss(0.0, 0.5)))


def dice(seed: str) -> Chance:
    """Dice that always fall the same way for the same seed."""
    return Chance(seed)


def days(first: date, last: date) -> Iterator[date]:
    """The days from the first to before the last."""
    for offset in range((last - first).days):
        yield first + timedelta(days=offset)


def demand(day: date, summer: float = 0.0) -> float:
    """How busy a day is against an ordinary weekday: quieter weekends, and a summer if the trade has one."""
    season = 1 + summer * (1 if day.month in (6, 7, 8) else 0.4 if day.month in (5, 9) else 0)
    return season * (WEEKEND if day.weekday() >= 5 else 1)


def at_local(chance: Chance, day: date, zone: ZoneInfo, opens: int = 8, closes: int = 20) -> datetime:
    """A moment within opening hours, busier in the middle of the day."""
    second = int(chance.triangular(opens, closes, (opens + closes) / 2 - 1) * 3600)
    return datetime.combine(day, time(0), zone) + timedelta(seconds=second)


def count_of(chance: Chance, mean: float) -> int:
    """How many things happened, around the mean."""
    return max(0, round(chance.gauss(mean, mean**0.5)))

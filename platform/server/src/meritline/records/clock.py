"""Local times of a zone. Decides what a local time means on the two days a year when the clock is changed.

A time that the clock skipped never was: it is refused. A time that came twice means the first of the two unless the
source says otherwise (``repeated_hour = "second"`` or ``"refuse"``).
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from meritline.records.sources.mapping import Twice
from meritline_sdk.evaluate.windows import zone_of

HOUR = timedelta(hours=1)
MOST_REMEMBERED = 200_000


class Skipped(ValueError):
    """The clock was put forward over this time."""


class Repeated(ValueError):
    """This time came twice, and the source refuses to guess."""


class LocalClock:
    """Converts local times to instants, remembering the offset of every hour that lies away from a change."""

    def __init__(self, zone: str, twice: Twice = Twice.FIRST) -> None:
        self.name, self.zone, self.twice = zone, zone_of(zone), twice
        self._offsets: dict[tuple[int, int, int, int], timedelta | None] = {}

    def forget(self) -> None:
        """Remember no hour."""
        self._offsets.clear()

    def instant(self, local: datetime) -> datetime:
        """The instant, in UTC; raises ``Skipped`` or ``Repeated``."""
        if local.tzinfo is not None:
            return local.astimezone(UTC)
        hour = (local.year, local.month, local.day, local.hour)
        offset = self._offsets.get(hour, HOUR * 99)
        if offset == HOUR * 99:
            offset = self._remembered(hour)
        return (local - offset).replace(tzinfo=UTC) if offset is not None else self._exact(local)

    def steady_midnight(self, local: datetime) -> datetime | None:
        """The instant at which the day of a local time begins; None where the clock is changed on it."""
        first = datetime(local.year, local.month, local.day)  # noqa: DTZ001 - a local time
        hours = {self._remembered((first.year, first.month, first.day, hour)) for hour in range(24)}
        offset = hours.pop() if len(hours) == 1 else None
        return None if offset is None else (first - offset).replace(tzinfo=UTC)

    def day(self, instant: datetime) -> date:
        """The local day of an instant."""
        return instant.astimezone(self.zone).date()

    def _remembered(self, hour: tuple[int, int, int, int]) -> timedelta | None:
        """The offset of the hour, None where it changes in or beside it."""
        if len(self._offsets) >= MOST_REMEMBERED:
            self._offsets.clear()
        first = datetime(*hour)  # noqa: DTZ001 - a local time
        around = [at.replace(tzinfo=self.zone, fold=fold).utcoffset() for at in (first - HOUR, first, first + HOUR)
                  for fold in (0, 1)]  # fmt: skip
        found = self._offsets[hour] = around[0] if len(set(around)) == 1 else None
        return found

    def _exact(self, local: datetime) -> datetime:
        """The instant of a time near a change."""
        earlier, later = (self._as(local, fold) for fold in (0, 1))
        if earlier == later:
            return earlier
        if self._back(earlier) != local:
            raise Skipped
        if self.twice is Twice.REFUSE:
            raise Repeated
        return earlier if self.twice is Twice.FIRST else later

    def _as(self, local: datetime, fold: int) -> datetime:
        """The instant with the offset before (0) or after (1) the change."""
        return local.replace(tzinfo=self.zone, fold=fold).astimezone(UTC)

    def _back(self, instant: datetime) -> datetime:
        """The local time of an instant."""
        return instant.astimezone(self.zone).replace(tzinfo=None, fold=0)


@lru_cache(maxsize=256)
def offsets(zone: ZoneInfo, first_year: int = 1969, last_year: int = 2100) -> list[tuple[datetime, timedelta]]:
    """Every instant from which another offset holds, with the offset: local days for a database without zones."""
    found: list[tuple[datetime, timedelta]] = []
    moment = datetime(first_year, 1, 1, tzinfo=UTC)
    end = datetime(last_year, 1, 1, tzinfo=UTC)
    day = timedelta(days=1)
    current = offset_at(moment, zone)
    found.append((datetime(1, 1, 2, tzinfo=UTC), current))
    while moment < end:
        if offset_at(moment + day, zone) != current:
            change = bisected(moment, moment + day, zone)
            current = offset_at(moment + day, zone)
            found.append((change, current))
        moment += day
    return found


def bisected(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The first second with the offset of ``high``."""
    before = offset_at(low, zone)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if offset_at(middle, zone) == before else (low, middle)
    return high


def offset_at(moment: datetime, zone: ZoneInfo) -> timedelta:
    """The offset of the zone at an instant."""
    found = moment.astimezone(zone).utcoffset()
    assert found is not None
    return found

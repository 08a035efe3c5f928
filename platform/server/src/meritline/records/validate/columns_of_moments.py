"""Instants of a whole column at once. Decides when the calendar of the standard library reads them as we would.

Exports write their moments alike: year, month, day and time of two digits each, in one zone. Where a column of a chunk
does so throughout, and the zone's clock is not changed in its span, it is read without looking at each text by itself.
Anything else gives None, and the converter reads text by text.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import repeat
from operator import sub
from typing import Final

from meritline.records.clock import LocalClock, offsets

USUAL: Final = re.compile(r"%Y(?P<mark>[-/.])%m(?P=mark)%d(?P<blank>[ T])%H:%M(?P<seconds>:%S)?")
ZONE: Final = re.compile(r"(?:Z|[+-](?:0[0-9]|1[0-4]):(?:00|15|30|45))$")
YEAR: Final = "(?:19|20|21)[0-9]{2}"
MARGIN: Final = timedelta(days=2)
KNOWN_UNTIL: Final = datetime(2099, 1, 1, tzinfo=UTC)
KNOWN_FROM: Final = datetime(1970, 1, 1, tzinfo=UTC)
UTC_SUFFIX: Final = "+00:00"


class MomentColumns:
    """Reads the columns of one field; ``first`` is the source's first pattern, None where it has none."""

    def __init__(
        self, first: str | None, clock: LocalClock, missing: frozenset[str], zone_required: bool
    ) -> None:
        self.clock, self.missing, self.zone_required = clock, missing, zone_required
        self.usual = USUAL.fullmatch(first) if first else None
        self.possible = first is None or self.usual is not None
        self.mark = self.usual["mark"] if self.usual else "-"

    def read(self, cells: Sequence[str]) -> list[datetime | None] | None:
        """The instants of the column, or None where it has to be read text by text."""
        sample = next((cell for cell in cells if cell not in self.missing), None)
        if not self.possible or sample is None:
            return None
        suffix = found[0] if self.usual is None and (found := ZONE.search(sample)) else ""
        text = "\n".join(cells)
        if text.count("\n") != len(cells) - 1 or (self.zone_required and not suffix):
            return None
        if not self.shape(suffix).fullmatch(text + "\n"):
            return None
        if self.mark != "-":
            text = text.replace(self.mark, "-")
        *written, _ = f"{text}\n".replace(f"{suffix}\n", f"{UTC_SUFFIX}\n").split("\n")
        missing, read = self.missing, datetime.fromisoformat
        try:
            if missing.isdisjoint(cells):
                return self.moved(list(map(read, written)), suffix)
            shown = [None if cell in missing else read(each) for cell, each in zip(cells, written, strict=True)]
        except ValueError:  # the 30th of February: let the converter say so
            return None
        offset = offset_of(suffix) if suffix else self.steady_offset([each for each in shown if each is not None])
        if offset is None:
            return None
        return [None if each is None else each - offset for each in shown] if offset else shown

    def moved(self, shown: list[datetime], suffix: str) -> list[datetime | None] | None:
        """The instants of a column without a gap, that are shown as if they were UTC."""
        offset = offset_of(suffix) if suffix else self.steady_offset(shown)
        if offset is None:
            return None
        return list(map(sub, shown, repeat(offset)))

    def shape(self, suffix: str) -> re.Pattern[str]:
        """What the whole column must look like, one text a line."""
        if self.usual is None:
            return shape("-", "[T ]", True, True, suffix, self.missing)
        return shape(self.mark, self.usual["blank"], self.usual["seconds"] is not None, False, suffix, self.missing)

    def steady_offset(self, shown: Sequence[datetime]) -> timedelta | None:
        """The offset of the zone that holds all through the column; its local times are given as if they were UTC."""
        first, last = min(shown), max(shown)
        if first < KNOWN_FROM or last > KNOWN_UNTIL:
            return None
        changes, steps = table(self.clock.name)
        before, after = bisect_right(changes, first - MARGIN), bisect_right(changes, last + MARGIN)
        return steps[before - 1] if before == after else None


@lru_cache(maxsize=256)
def table(zone: str) -> tuple[list[datetime], list[timedelta]]:
    """When the clock of a zone is changed, and to which offset."""
    found = offsets(LocalClock(zone).zone)
    return [change for change, _ in found], [offset for _, offset in found]


@lru_cache(maxsize=256)
def shape(
    mark: str, blank: str, with_seconds: bool, fraction: bool, suffix: str, missing: frozenset[str]
) -> re.Pattern[str]:
    """The pattern of a column."""
    seconds = ":[0-5][0-9]" if with_seconds else ""
    seconds += r"(?:\.[0-9]{3}(?:[0-9]{3})?)?" if fraction else ""
    day = f"{YEAR}{re.escape(mark)}[01][0-9]{re.escape(mark)}[0-3][0-9]"
    text = f"{day}{blank}[0-2][0-9]:[0-5][0-9]{seconds}{re.escape(suffix)}"
    words = "|".join(re.escape(word) for word in sorted(missing) if word and "\n" not in word)
    return re.compile(f"(?:(?:{text}{'|' + words if words else ''})?\n)*+")


def offset_of(suffix: str) -> timedelta:
    """The offset that all texts of a column give."""
    if suffix == "Z":
        return timedelta()
    found = timedelta(hours=int(suffix[1:3]), minutes=int(suffix[4:]))
    return found if suffix[0] == "+" else -found

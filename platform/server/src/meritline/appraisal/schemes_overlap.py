"""Which schemes appraise whom, and when. Decides that no position has two schemes of one kind in force at once.

A version holds from its first day until the first day of a later one of the same scheme; of two with the same first
day the newer number decides. A scheme for probation, or for regular staff, stands beside one of the same position for
any employment: it comes first for those it is for, and the other has the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from meritline.appraisal.pins import NO_PINS, Pins
from meritline_sdk import Scheme, SubjectKind

TEMPLATE = "template:"


@dataclass(frozen=True, slots=True)
class Version:
    """A scheme's version with its first day, who made it, and the definitions that it was saved with."""

    scheme: Scheme
    version: int
    valid_from: date
    created_by: str
    pins: Pins = NO_PINS

    @property
    def untouched(self) -> bool:
        """Whether it stands as its template brought it: nobody of the company decided it."""
        return self.created_by.startswith(TEMPLATE)


@dataclass(frozen=True, slots=True)
class Clash:
    """Positions that two schemes would share from a day on."""

    other: Version
    positions: tuple[str, ...]
    since: date


def reign(versions: Iterable[Version]) -> list[tuple[Version, date, date]]:
    """One scheme's versions with the first day and the day before which each decides."""
    newest = {one.valid_from: one for one in sorted(versions, key=lambda one: one.version)}
    days = sorted(newest)
    return [(newest[day], day, end) for day, end in zip(days, [*days[1:], date.max], strict=True)]


def clashes(new: Version, every: Iterable[Version]) -> list[Clash]:
    """Where the new version meets other schemes for the same positions; only employees are one scheme's alone."""
    if new.scheme.subject is not SubjectKind.EMPLOYEE or not new.scheme.for_positions:
        return []
    own = [one for one in every if one.scheme.key == new.scheme.key]
    ((_, start, end),) = [span for span in reign([*own, new]) if span[0] is new]
    found: list[Clash] = []
    others = sorted((one for one in every if one.scheme.key != new.scheme.key), key=lambda one: one.scheme.key)
    for _, versions in groupby(others, key=lambda one: one.scheme.key):
        for other, first, last in reign(versions):
            shared = [one for one in new.scheme.for_positions if one in other.scheme.for_positions]
            like = (other.scheme.subject is new.scheme.subject and other.scheme.period is new.scheme.period
                    and other.scheme.for_employment == new.scheme.for_employment)
            if shared and like and first < end and start < last:
                found.append(Clash(other, tuple(shared), max(first, start)))
    return found

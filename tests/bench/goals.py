"""The figures that the product must reach: for each a floor that it must pass and a goal that it aims at.

All of them are ratios of two things measured side by side. Decides nothing else: what is measured stands in the parts,
and whether it is enough is told by ``reached``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tests.bench.rounds import Figures


class Reached(StrEnum):
    """How far a figure came."""

    GOAL = "goal"
    FLOOR = "floor"
    NO = "**no**"
    UNKNOWN = "not measured"


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure. ``more``: a greater ratio is better."""

    key: str
    what: str
    floor: float
    goal: float
    more: bool

    def reached(self, found: Figures | None) -> Reached:
        """What the median comes to."""
        if found is None:
            return Reached.UNKNOWN
        sign = 1 if self.more else -1
        for bound, answer in ((self.goal, Reached.GOAL), (self.floor, Reached.FLOOR)):
            if sign * found.median >= sign * bound:
                return answer
        return Reached.NO


def more(key: str, what: str, floor: float, goal: float) -> Goal:
    """At least this much."""
    return Goal(key, what, floor, goal, True)


def less(key: str, what: str, floor: float, goal: float) -> Goal:
    """At most this much."""
    return Goal(key, what, floor, goal, False)


GOALS: Final = (
    more("list", "scorecard list against PostGraphile 5, requests per second", 1.5, 2.5),
    more("list_bare", "scorecard list against the bare route, requests per second", 0.65, 0.8),
    less("memory", "peak memory of one API process against PostGraphile", 0.25, 0.2),
    less("p99", "slowest 1% of the list at 16 connections against PostGraphile", 0.8, 0.5),
    more("card", "one scorecard with its explanation against PostGraphile", 1.2, 2),
    more("leaderboard", "leaderboard against PostGraphile", 1.2, 2),
    more("employees", "employees page with filter against PostGraphile", 1.2, 2),
    less("run_records", "complete run from records against one hand-written aggregate, time", 1.8, 1.35),
    less("run_state", "complete run from state against that aggregate, time", 0.8, 0.35),
    more("run_orm", "complete run against an ORM loop per employee, times faster", 40, 200),
    less("growth", "run from state with four times the records, time", 2, 1.3),
    more("corrected", "one corrected record to the new card against a full run, times faster", 200, 500),
    more("ranked", "the same with ranks, times faster", 50, 100),
    more("ingest", "bulk ingest with dedupe against bare COPY, rows per second", 0.5, 0.7),
    more("ingest_state", "bulk ingest with state against bare COPY, rows per second", 0.45, 0.6),
    more("single", "single records by HTTP against one commit each, records per second", 5, 15),
    less("scoped_list", "tenant-scoped list against the same unscoped on a held connection, time", 1.3, 1.1),
    less("scoped_point", "tenant-scoped point read against the same, time", 3, 1.5),
    less("help", "`meritline --help` against importing starlette, strawberry and tortoise, time", 1, 0.3),
    less("serve", "start of `meritline serve` against the same imports, time", 3, 2),
)


def verdicts(found: Mapping[str, Figures]) -> list[tuple[Goal, Figures | None, Reached]]:
    """Every figure with what became of it, in the order of the list."""
    return [(each, found.get(each.key), each.reached(found.get(each.key))) for each in GOALS]

"""What other periods tell a run: runs of periods, shares to carry, the scores that a longer period is made of.

Decides which other cycles are looked at: for rules on runs of periods all earlier ones with results, back to two years
before the longest run that a rule asks for; to carry a share the last twelve; for scores of shorter periods those that
are locked or published, since what may still change is no ground for a result. What nothing asks for is not read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.definitions import SchemeInForce
from meritline.appraisal.run import earlier_store as store
from meritline.appraisal.run.needs import carrying, rows_needed, scores_asked
from meritline.appraisal.store import Cycle
from meritline.db import Connection
from meritline.domain.calendars import CompanyCalendar
from meritline.domain.cycles import SETTLED
from meritline.domain.facts import Outcome
from meritline.domain.periods import PeriodKind, kind_of, previous, shorter
from meritline_sdk.evaluate.lines import Carried
from meritline_sdk.evaluate.results import NOT_MEASURED, Reading
from meritline_sdk.evaluate.scores import (
    NO_SCORE,
    NO_SHORTER,
    NOT_APPRAISED,
    NOT_LOCKED,
    PeriodScore,
    combined,
)  # fmt: skip
from meritline_sdk.model.items import ScoreOf
from meritline_sdk.model.schemes import SubjectKind

BEYOND: Final = 24
"""How many periods more than a rule asks for are read, so that the length of a longer run is told truly."""
CARRIED_BACK: Final = 12

type SubjectId = tuple[SubjectKind, UUID]
type Histories = Mapping[str, Mapping[SubjectId, tuple[Outcome, ...]]]
type Shares = Mapping[str, Mapping[SubjectId, Mapping[str, Carried]]]


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of shorter periods. ``made_of`` are the periods that each key asks for; ``states`` are those of the
    cycles there are; ``given`` are the scores by scheme, period and subject, of settled cycles alone."""

    asked: Mapping[str, ScoreOf] = field(default_factory=dict)
    made_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[tuple[str, str, SubjectId], Decimal | None] = field(default_factory=dict)

    def reading(self, key: str, target: SubjectId) -> Reading:
        """What the subject's scores come to."""
        periods = self.made_of[key]
        if not periods:
            return Reading(NOT_MEASURED, reason=NO_SHORTER)
        return combined(self.asked[key], self.of(key, target))

    def of(self, key: str, target: SubjectId) -> list[PeriodScore]:
        """The score of each period, or why there is none."""
        scheme = self.asked[key].scheme
        return [PeriodScore(period, found := self.given.get((scheme, period, target)),
                            self.why_none(period) if found is None else None) for period in self.made_of[key]]

    def why_none(self, period: str) -> str:
        """The word for why a period gives no score."""
        state = self.states.get(period)
        if state is None:
            return NOT_APPRAISED
        return NO_SCORE if state in SETTLED else NOT_LOCKED


@dataclass(frozen=True, slots=True)
class Earlier:
    """All of it, by scheme and subject."""

    history: Histories = field(default_factory=dict)
    shares: Shares = field(default_factory=dict)
    scores: Scores = field(default_factory=Scores)


async def earlier_of(conn: Connection, tenant_id: UUID, cycle: Cycle, calendar: CompanyCalendar,
                     chosen: Sequence[SchemeInForce]) -> Earlier:
    """Read what the schemes and their reward tables ask of other periods: one statement for each sort."""
    return Earlier(await histories(conn, tenant_id, cycle, chosen), await shares(conn, tenant_id, cycle.period, chosen),
                   await scores(conn, tenant_id, cycle.period, calendar, chosen))


async def histories(conn: Connection, tenant_id: UUID, cycle: Cycle, chosen: Iterable[SchemeInForce]) -> Histories:
    """What the earlier periods came to, for the schemes whose rewards look at runs of them."""
    rows = {each.scheme.key: rows_needed(each.reward) for each in chosen}
    asked = [key for key, most in rows.items() if most]
    if not asked:
        return {}
    found: dict[str, dict[SubjectId, list[Outcome]]] = {}
    for row in await store.history(conn, tenant_id, cycle.period_kind, cycle.starts_at, asked,
                                   max(rows.values()) + BEYOND):
        found.setdefault(row["scheme_key"], {}).setdefault(subject_of(row), []).append(Outcome(
            row["period"], row["score"], row["grade"], row["passed"], row["rank"], row["ranked_among"] or 0))
    return {key: {who: tuple(some) for who, some in people.items()} for key, people in found.items()}


async def shares(conn: Connection, tenant_id: UUID, period: str, chosen: Iterable[SchemeInForce]) -> Shares:
    """The last measured share of full points, of items that may carry one."""
    wanted = {each.scheme.key: keys for each in chosen if (keys := carrying(each.scheme))}
    if not wanted:
        return {}
    found: dict[str, dict[SubjectId, dict[str, Carried]]] = {}
    periods = [previous(period, count) for count in range(1, CARRIED_BACK + 1)]
    for row in await store.carried(conn, tenant_id, periods, wanted):
        share = Fraction(row["raw_points_exact"]) / Fraction(row["full_points"])
        found.setdefault(row["scheme_key"], {}).setdefault(subject_of(row), {})[row["key"]] = Carried(
            share, row["period"])
    return found


async def scores(conn: Connection, tenant_id: UUID, period: str, calendar: CompanyCalendar,
                 chosen: Iterable[SchemeInForce]) -> Scores:
    """The scores of the shorter periods of which this one is made."""
    asked = scores_asked(each.scheme for each in chosen)
    made_of = {key: periods_of(one, period, calendar) for key, one in asked.items()}
    periods = sorted({each for some in made_of.values() for each in some})
    if not periods:
        return Scores(asked, made_of)
    rows = await store.scores(conn, tenant_id, periods, sorted({one.scheme for one in asked.values()}), SETTLED)
    return Scores(asked, made_of, {row["period"]: row["state"] for row in rows},
                  {(row["scheme_key"], row["period"], subject_of(row)): row["score"] for row in rows
                   if row["scheme_key"] is not None})


def periods_of(asked: ScoreOf, period: str, calendar: CompanyCalendar) -> tuple[str, ...]:
    """The shorter periods that are meant; none where there are no shorter ones."""
    own = kind_of(period)
    kind = shorter(own) if asked.period is None else PeriodKind(asked.period)
    if kind is None or kind is own or kind is PeriodKind.YEAR or own is PeriodKind.MONTH:
        return ()
    return calendar.inside(period, kind)


def subject_of(row: Mapping[str, Any]) -> SubjectId:
    """Whose it is."""
    return SubjectKind(row["subject_kind"]), row["subject_id"]

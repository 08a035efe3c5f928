"""Simulations. Decides that they read one snapshot, write nothing (the database refuses it), and that a period is read
while the one before it is scored."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

import asyncpg

from meritline.appraisal.definitions import indicators_of
from meritline.appraisal.rated import as_chosen
from meritline.appraisal.run.answers import Functions
from meritline.appraisal.run.needs import carrying
from meritline.appraisal.simulation.comparison import Compared, PeriodTotal, by_person, compared, period_total
from meritline.appraisal.simulation.drafts import Draft, listed_periods, periods_asked, read_draft
from meritline.appraisal.simulation.gathering import Frame, Gathered, gather
from meritline.appraisal.simulation.money import PayRoll
from meritline.appraisal.simulation.outcomes import Chain, Given, Scores, Side, placed, scored, sides
from meritline.appraisal.simulation.standing import Cards, standing_of
from meritline.db import Connection, Database
from meritline.documents import Document
from meritline.errors import MeritlineError, Problem
from meritline.plugins import Catalogue
from meritline.tenancy.calendar import calendar_of
from meritline.tenancy.people import employments
from meritline.tenancy.service import tenant_profile
from meritline.tenancy.store import tenant_key
from meritline_sdk import Scheme
from meritline_sdk.evaluate.quick import Quick
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.schemes import SubjectKind

SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """A draft and the periods: a list, or from one on to another, or so many."""

    scheme: Document | None = None
    rewards: Document | None = None
    first: str = ""
    to: str | None = None
    count: int | None = None
    periods: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Simulation:
    """What came of it. ``again`` are the periods whose records had to be read."""

    scheme: str
    kind: SubjectKind
    currency: str
    by_money: bool
    periods: tuple[PeriodTotal, ...]
    people: tuple[Compared, ...]
    again: tuple[str, ...]
    warnings: tuple[Problem, ...]

    @property
    def before(self) -> Decimal:
        """What stands costs."""
        return sum((one.before for one in self.periods), Decimal("0.00"))

    @property
    def after(self) -> Decimal:
        """What the draft would have cost."""
        return sum((one.after for one in self.periods), Decimal("0.00"))

    def how_many(self, verdict: str) -> int:
        """How many gain, lose or keep what they have."""
        return sum(one.verdict == verdict for one in self.people)


async def simulate(database: Database, tenant_id: UUID, catalogue: Catalogue, asked: Asked, now: datetime, *,
                   functions: Functions | None = None) -> Simulation:
    """What the draft would have given; without ``functions`` what a Python function computes fails."""
    try:
        async with asyncio.timeout(SECONDS), database.scoped_read(tenant_id, snapshot=True) as conn:
            await conn.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")
            return await simulated(conn, tenant_id, catalogue, asked, now, functions)
    except (asyncpg.QueryCanceledError, TimeoutError) as slow:
        raise MeritlineError("E-SIMULATE-SLOW", seconds=SECONDS) from slow


async def simulated(conn: Connection, tenant_id: UUID, catalogue: Catalogue, asked: Asked, now: datetime,
                    functions: Functions | None = None) -> Simulation:
    """The same within a read of the tenant."""
    profile = await tenant_profile(conn, tenant_id)
    calendar = calendar_of(profile)
    draft = await read_draft(conn, tenant_id, catalogue, asked.scheme, asked.rewards)
    periods = listed_periods(draft, asked.periods, calendar, now) if asked.periods else periods_asked(
        draft, asked.first, asked.to, asked.count, calendar, now)
    key = await tenant_key(conn, tenant_id)
    indicators = {one.key: one for one in await indicators_of(conn, tenant_id)}
    frame = Frame(conn, tenant_id, key or str(tenant_id), profile, calendar, await employments(conn, tenant_id),
                  indicators, await standing_of(conn, tenant_id, periods), now, functions=functions)
    trial = Trial({key: as_chosen(one) for key, one in indicators.items()})
    following: asyncio.Task[Gathered] | None = asyncio.create_task(gather(frame, draft, periods[0]))
    try:
        for place, _ in enumerate(periods):
            assert following is not None
            gathered = await following
            following = asyncio.create_task(gather(frame, draft, periods[place + 1])) if place + 1 < len(
                periods) else None
            await asyncio.to_thread(trial.take, gathered)
    finally:
        if following is not None:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    return await asyncio.to_thread(trial.result, draft, profile.currency)


class Trial:
    """The periods as they are scored, one after another."""

    def __init__(self, indicators: Mapping[str, AnyIndicator]) -> None:
        self.indicators = indicators
        self.sides: list[tuple[str, Mapping[str, Side], Mapping[str, Side]]] = []
        self.names: dict[str, str] = {}
        self.warnings: list[Problem] = []
        self.again: list[str] = []
        self.by_money = False
        self._before, self._after = Chain(), Chain()
        self._quick: dict[tuple[int, tuple[str, ...]], tuple[Scheme, Quick]] = {}
        self._pay_rolls: dict[tuple[int, tuple[str, ...]], PayRoll] = {}

    def take(self, gathered: Gathered) -> None:
        """Score a period on both sides."""
        cards, base, after = gathered.cards, gathered.base, gathered.after
        for given in (base, after):
            if given is not None:
                self.names |= {who.code: who.name for who in given.people}
                self.by_money = self.by_money or given.table is not None
        before: Mapping[str, Side] = {} if base is None else self.scored(base, self._before)
        if cards is not None:
            before, self.names = cards.sides, self.names | cards.names
            self.by_money = self.by_money or any(side.money is not None for side in before.values())
        found = self.scored(after, self._after) if cards is None or gathered.rescored else self.paid_anew(after, cards)
        self.sides.append((gathered.period, before, found))
        self.warnings += gathered.warnings
        if gathered.again:
            self.again.append(gathered.period)

    def scored(self, given: Given, chain: Chain) -> dict[str, Side]:
        """One side of a period, from its readings."""
        scores = scored(given, self.quick(given), chain, carries=bool(carrying(given.scheme)))
        return self.paid(given, placed(scores, given.scheme.ranking.minimum_sample), chain)

    def paid(self, given: Given, found: Scores, chain: Chain) -> dict[str, Side]:
        """The side with its money; what it came to is the past of later periods where a table looks at that."""
        if given.table is None:
            return sides(given, found, [None] * len(given.people))
        key = id(given.table), given.read_by
        pay_roll = self._pay_rolls.get(key)
        if pay_roll is None:
            pay_roll = self._pay_rolls[key] = PayRoll(given.table, {**self.indicators, **given.indicators})
        money = pay_roll.pay(given, found, chain)
        if pay_roll.in_a_row:
            chain.note(given, found)
        return sides(given, found, money)

    def paid_anew(self, given: Given, held: Cards) -> dict[str, Side]:
        """The cards as they stand, with the money of another table."""
        standing = {who.code: score for who, score in zip(held.people, held.scores, strict=True)}
        scores = [standing[who.code] for who in given.people]
        terms = given.table.terms if given.table else ()
        if any(one.least_measured is not None for one in terms):
            again = scored(given, self.quick(given), Chain(), carries=False)
            scores = [one._replace(measured=other.measured) for one, other in zip(scores, again, strict=True)]
        ranks = [held.sides[who.code].rank for who in given.people]
        shared = Counter(one.score for one, rank in zip(scores, ranks, strict=True)
                         if rank is not None and one.score is not None)
        return self.paid(given, Scores(scores, ranks, shared, held.among), self._after)

    def quick(self, given: Given) -> Quick:
        """The scheme made ready, once for all periods that read it by the same definitions."""
        scheme, key = given.scheme, (id(given.scheme), given.read_by)
        known = self._quick.get(key)
        if known is None:
            known = self._quick[key] = (scheme, Quick(scheme, {**self.indicators, **given.indicators}))
        return known[1]

    def result(self, draft: Draft, currency: str) -> Simulation:
        """Everything put together."""
        people = compared(by_person(self.sides, self.names).values(), by_money=self.by_money)
        totals = tuple(period_total(*each) for each in self.sides)
        return Simulation(draft.key, draft.subject, currency, self.by_money, totals, tuple(people), tuple(self.again),
                          (*draft.warnings, *self.warnings))

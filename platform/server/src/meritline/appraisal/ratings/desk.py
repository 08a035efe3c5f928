"""What is asked of raters in a period: by which scheme, which indicator, of whom. Decides what a rating can be about.

The indicator is that of a line of the scheme in force on the period's last day, or the one whose ratings such a line
reads; a subject is one whom that line looks at. Everything is read once, however many ratings follow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from meritline.appraisal import store as cycles
from meritline.appraisal.definitions import SchemeInForce, as_pinned, indicators_of, schemes_in_force
from meritline.appraisal.rated import rated_of
from meritline.appraisal.ratings.reach import Reach, reach_of
from meritline.appraisal.run.needs import needs
from meritline.appraisal.run.roster import roster_of
from meritline.appraisal.run.subjects import Appraised, Roster
from meritline.db import Connection
from meritline.domain.cycles import SETTLED
from meritline.errors import MeritlineError
from meritline.tenancy.calendar import calendar_of
from meritline.tenancy.people import Employments, employments
from meritline.tenancy.service import tenant_profile
from meritline.tenancy.store import tenant_key
from meritline_sdk.model.rated import RatedIndicator
from meritline_sdk.model.schemes import OWN, SubjectKind


@dataclass(frozen=True)
class Asked:
    """A rated indicator of a scheme with everybody of whom it is asked."""

    scheme: str
    key: str
    indicator: RatedIndicator
    subjects: tuple[Appraised, ...]

    @cached_property
    def by_name(self) -> Mapping[tuple[SubjectKind, str], Appraised]:
        """The subjects by kind and code."""
        return {(one.subject.kind, one.subject.key): one for one in self.subjects}


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that is asked in a period; ``reaches`` remembers what was looked up of raters."""

    tenant_id: UUID
    company: str
    period: str
    last_day: date
    people: Employments
    asked: Mapping[str, tuple[Asked, ...]]
    reaches: dict[UUID, Reach] = field(default_factory=dict)

    def one(self, scheme: str, indicator: str) -> Asked:
        """What the scheme asks by the indicator."""
        if scheme not in self.asked:
            raise MeritlineError("E-RATING-SCHEME", field="scheme", value=scheme, period=self.period)
        for each in self.asked[scheme]:
            if each.key == indicator:
                return each
        raise MeritlineError("E-RATING-INDICATOR", field="indicator", value=indicator, scheme=scheme)

    def everything(self, scheme: str | None) -> Sequence[Asked]:
        """All that is asked, by one scheme or by all."""
        if scheme is not None and scheme not in self.asked:
            raise MeritlineError("E-RATING-SCHEME", field="scheme", value=scheme, period=self.period)
        return [one for key in sorted(self.asked) if scheme in (None, key) for one in self.asked[key]]

    async def reach(self, conn: Connection, rater: UUID) -> Reach:
        """Whom the rater leads, works with and is."""
        if rater not in self.reaches:
            self.reaches[rater] = await reach_of(conn, self.tenant_id, rater, self.last_day, self.people)
        return self.reaches[rater]


async def desk_of(conn: Connection, tenant_id: UUID, period: str) -> Desk:
    """Read it. A published period is not rated any more."""
    profile = await tenant_profile(conn, tenant_id)
    window = calendar_of(profile).window(period)
    last_day = window.end_day - timedelta(days=1)
    await refuse_published(conn, tenant_id, period)
    people = await employments(conn, tenant_id)
    key = await tenant_key(conn, tenant_id) or ""
    schemes = [one for one in await schemes_in_force(conn, tenant_id, last_day) if one.scheme.period == window.kind]
    roster = roster_of(people, window, tenant_id, key, profile.name, (one.scheme for one in schemes))
    every = {one.key: one for one in await indicators_of(conn, tenant_id)}
    pinned = await as_pinned(conn, tenant_id, every, [one.pins for one in schemes])
    asked = {one.scheme.key: asked_by(one, roster, rated_of(known)) for one, known in zip(schemes, pinned, strict=True)}
    return Desk(tenant_id, key, period, last_day, people, asked)


async def refuse_published(conn: Connection, tenant_id: UUID, period: str) -> None:
    """What is published stays."""
    cycle = await cycles.cycle_of_period(conn, tenant_id, period)
    if cycle is not None and cycle.state in SETTLED:
        raise MeritlineError("E-RATING-PUBLISHED", field="period", value=period)


def asked_by(chosen: SchemeInForce, roster: Roster,
             rated: Mapping[str, tuple[str, RatedIndicator]]) -> tuple[Asked, ...]:
    """The rated indicators of a scheme; one whose ratings two lines read is asked once."""
    levels: dict[str, set[str]] = {}
    for key, read_from in needs(chosen.scheme, chosen.reward):
        if key in rated:
            levels.setdefault(rated[key][0], set()).add(read_from)
    settled = dict(rated.values())
    return tuple(Asked(chosen.scheme.key, key, settled[key], tuple(subjects(found, chosen, roster)))
                 for key, found in levels.items())


def subjects(levels: set[str], chosen: SchemeInForce, roster: Roster) -> Sequence[Appraised]:
    """Everybody of whom a scheme's lines read an indicator."""
    return [
        *(roster.of(chosen.scheme) if OWN in levels else ()),
        *(roster.every_department() if "department" in levels else ()),
        *((roster.company,) if "company" in levels else ()),
    ]

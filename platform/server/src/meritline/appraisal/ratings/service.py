"""Who may rate whom, on which scale, and what a second rating does.

- The indicator is a rated one of a line of the scheme in force on the period's last day; the subject is one whom that
  line reads; the role is one of the indicator's raters; the value lies within its scale.
- HR may enter any rating, in the name of a rater or of nobody in particular (a customer). A manager rates their team
  as ``manager``. Nobody rates themselves save as ``self``, where the indicator asks for that.
- The same rater in the same role has one voice: the same value again changes nothing, another one names the version
  that it replaces.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from meritline.access.principal import Principal, require
from meritline.appraisal import store as cycles
from meritline.appraisal.definitions import SchemeInForce, indicators_of, schemes_in_force
from meritline.appraisal.ratings import store
from meritline.appraisal.ratings.store import Key, Rating, Voice
from meritline.appraisal.run.needs import needs
from meritline.appraisal.run.roster import roster_of
from meritline.appraisal.run.subjects import Appraised, Roster
from meritline.audit import append
from meritline.db import UnitOfWork
from meritline.domain.cycles import CycleState
from meritline.domain.periods import PeriodKind
from meritline.errors import Forbidden, MeritlineError, NotFound, Stale
from meritline.tenancy.calendar import calendar_of
from meritline.tenancy.people import employments
from meritline.tenancy.service import tenant_profile
from meritline.tenancy.store import tenant_key
from meritline_sdk.model.indicators import RatedIndicator
from meritline_sdk.model.schemes import OWN, SubjectKind

MANAGER, SELF = "manager", "self"
HR_ROLES: Final = ("admin", "hr")
MOST_DECIMALS: Final = 4
LONGEST_COMMENT: Final = 2000


@dataclass(frozen=True, slots=True)
class RatingInput:
    """A rating as it is submitted; everything by natural key. ``rater`` is the number of the employee who rates."""

    period: str
    scheme: str
    indicator: str
    subject: str
    value: Decimal
    subject_kind: SubjectKind = SubjectKind.EMPLOYEE
    rater_role: str = MANAGER
    rater: str | None = None
    comment: str | None = None
    expected_version: int | None = None


async def submit_rating(uow: UnitOfWork, principal: Principal, given: RatingInput, *,
                        clock: Callable[[], datetime]) -> Rating:
    """Write the rating, or leave it as it stands; the row as it is then."""
    require(principal, "ratings:write")
    profile = await tenant_profile(uow.conn, uow.tenant_id)
    window = calendar_of(profile).window(given.period)
    last_day = window.end_day - timedelta(days=1)
    await refuse_published(uow, given.period)
    scheme = await scheme_asked(uow, given, window.kind, last_day)
    indicator = await indicator_asked(uow, given, scheme)
    check_voice(given, indicator)
    people = await employments(uow.conn, uow.tenant_id)
    key = await tenant_key(uow.conn, uow.tenant_id)
    roster = roster_of(people, window, uow.tenant_id, key or "", profile.name)
    subject = subject_asked(given, scheme, roster)
    rater = await rater_of(uow, principal, given)
    await check_reach(uow, principal, given, subject, rater, last_day)
    voice_of = Key(given.period, given.scheme, given.indicator, given.subject_kind.value, subject.id,
                   given.rater_role, rater)
    voice = Voice(given.value, Decimal(indicator.scale_min), Decimal(indicator.scale_max), given.comment,
                  principal.actor, clock())
    return await put(uow, principal, given, voice_of, voice)


async def refuse_published(uow: UnitOfWork, period: str) -> None:
    """What is published stays."""
    cycle = await cycles.cycle_of_period(uow.conn, uow.tenant_id, period)
    if cycle is not None and cycle.state == CycleState.PUBLISHED:
        raise MeritlineError("E-RATING-PUBLISHED", field="period", value=period)


async def scheme_asked(uow: UnitOfWork, given: RatingInput, kind: PeriodKind, on: date) -> SchemeInForce:
    """The scheme in force that asks for the rating."""
    for each in await schemes_in_force(uow.conn, uow.tenant_id, on):
        if each.scheme.key == given.scheme and each.scheme.period == kind:
            return each
    raise MeritlineError("E-RATING-SCHEME", field="scheme", value=given.scheme, period=given.period)


async def indicator_asked(uow: UnitOfWork, given: RatingInput, scheme: SchemeInForce) -> RatedIndicator:
    """The rated indicator of one of the scheme's lines."""
    asked = {key for key, _ in needs(scheme.scheme, scheme.reward)}
    for each in await indicators_of(uow.conn, uow.tenant_id):
        if each.key == given.indicator and each.key in asked and isinstance(each.indicator, RatedIndicator):
            return each.indicator
    raise MeritlineError("E-RATING-INDICATOR", field="indicator", value=given.indicator, scheme=given.scheme)


def check_voice(given: RatingInput, indicator: RatedIndicator) -> None:
    """Role, value and comment are such as the indicator takes."""
    if given.rater_role not in indicator.raters:
        raise MeritlineError("E-RATING-ROLE", field="rater_role", value=given.rater_role,
                             known=list(indicator.raters))
    value = given.value
    if not value.is_finite() or not indicator.scale_min <= value <= indicator.scale_max:
        raise MeritlineError("E-RATING-SCALE", field="value", value=value, low=indicator.scale_min,
                             high=indicator.scale_max)
    if value != round(value, MOST_DECIMALS):
        raise MeritlineError("E-RATING-DECIMALS", field="value", value=value, places=MOST_DECIMALS)
    if given.comment is not None and len(given.comment) > LONGEST_COMMENT:
        raise MeritlineError("E-RATING-COMMENT", field="comment", longest=LONGEST_COMMENT)


def subject_asked(given: RatingInput, scheme: SchemeInForce, roster: Roster) -> Appraised:
    """The subject, if a line of the scheme reads the indicator of it."""
    for each in rated_subjects(given.indicator, scheme, roster):
        if (each.subject.kind, each.subject.key) == (given.subject_kind, given.subject):
            return each
    raise MeritlineError("E-RATING-SUBJECT", field="subject", value=given.subject, scheme=given.scheme,
                         period=given.period)


def rated_subjects(indicator: str, scheme: SchemeInForce, roster: Roster) -> Sequence[Appraised]:
    """Everybody of whom the scheme reads the indicator."""
    levels = {read_from for key, read_from in needs(scheme.scheme, scheme.reward) if key == indicator}
    return [
        *(roster.of(scheme.scheme) if OWN in levels else ()),
        *(roster.every_department() if "department" in levels else ()),
        *((roster.company,) if "company" in levels else ()),
    ]


async def rater_of(uow: UnitOfWork, principal: Principal, given: RatingInput) -> UUID | None:
    """Who rates: the person behind the key, or whom HR names."""
    if principal.role not in HR_ROLES:
        return principal.employee_id
    if given.rater is None:
        return None
    found = await store.employee_id(uow.conn, uow.tenant_id, given.rater)
    if found is None:
        raise NotFound(kind="employee", value=given.rater, field="rater")
    return found


async def check_reach(uow: UnitOfWork, principal: Principal, given: RatingInput, subject: Appraised,
                      rater: UUID | None, on: date) -> None:
    """Nobody rates themselves but as ``self``; managers rate their team, employees only themselves."""
    own = rater is not None and subject.id == rater
    if own != (given.rater_role == SELF) and (own or principal.role not in HR_ROLES):
        raise MeritlineError("E-RATING-SELF", field="rater_role", value=given.rater_role)
    if own or principal.role in HR_ROLES:
        return
    leads = principal.employee_id is not None and await store.in_team(
        uow.conn, uow.tenant_id, principal.employee_id, on, given.subject_kind.value, subject.id)
    if principal.role != MANAGER or given.rater_role != MANAGER or not leads:
        raise Forbidden(role=principal.role, action=f"rate {given.subject}", field="subject")


async def put(uow: UnitOfWork, principal: Principal, given: RatingInput, key: Key, voice: Voice) -> Rating:
    """Insert or change, and say so in the audit chain."""
    rating = await store.insert(uow.conn, uow.tenant_id, key, voice)
    before: Rating | None = None
    if rating is None:
        before = await store.find(uow.conn, uow.tenant_id, key)
        if given.expected_version is None and (before.value, before.comment) == (voice.value, voice.comment):
            return before
        if given.expected_version != before.version:
            raise Stale(kind="rating", value=given.indicator, expected=given.expected_version or 0,
                        actual=before.version, field="expected_version")
        rating = await store.change(uow.conn, uow.tenant_id, before.id, voice)
    elif given.expected_version:
        raise Stale(kind="rating", value=given.indicator, expected=given.expected_version, actual=0,
                    field="expected_version")
    await append(uow.conn, uow.tenant_id, actor=principal.actor, action="rating.submit", subject=f"rating:{rating.id}",
                 body={"period": key.period, "scheme": key.scheme_key, "indicator": key.indicator_key,
                       "kind": key.subject_kind, "subject": given.subject, "role": key.rater_role,
                       "value": str(rating.value), "before": None if before is None else str(before.value),
                       "version": rating.version})
    return rating

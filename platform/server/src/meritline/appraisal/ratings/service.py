"""What makes a rating: who gives it, in which role, on which scale, and what a second one does.

- It is about something that is asked (``desk``), by somebody who may (``reach``), with a value within the scale; the
  lowest and the highest value need a comment.
- A rater has one voice for a person and an indicator: the same again changes nothing, another value names the version
  that it replaces, another role is refused. Where many voices come through one door (customers, sampled records,
  departments), a reference tells them apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol
from uuid import UUID

from meritline.access.principal import Principal, require
from meritline.appraisal.ratings import store
from meritline.appraisal.ratings.desk import Desk, desk_of
from meritline.appraisal.ratings.reach import HR_KEYS, MANY_VOICES, PERSONAL_KEYS, PROGRAM_KEY
from meritline.appraisal.ratings.store import Key, Rating, Voice
from meritline.appraisal.run.subjects import Appraised
from meritline.audit import append
from meritline.db import UnitOfWork
from meritline.errors import Forbidden, MeritlineError, NotFound, Stale
from meritline_sdk.model.rated import CUSTOMER, INSPECTOR, MANAGER, SELF, RatedIndicator, role_named
from meritline_sdk.model.schemes import SubjectKind

MOST_DECIMALS: Final = 4
LONGEST_COMMENT: Final = 2000
LONGEST_REFERENCE: Final = 100


class Who(Protocol):
    """Who submits: the role of a key, the person behind it, and the name in the audit chain."""

    @property
    def role(self) -> str: ...
    @property
    def employee_id(self) -> UUID | None: ...
    @property
    def actor(self) -> str: ...


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
    reference: str | None = None


async def submit_rating(uow: UnitOfWork, principal: Principal, given: RatingInput, *,
                        clock: Callable[[], datetime]) -> Rating:
    """Write the rating, or leave it as it stands; the row as it is then."""
    require(principal, "ratings:write")
    desk = await desk_of(uow.conn, uow.tenant_id, given.period)
    rating, _ = await give(uow, principal, desk, given, clock())
    return rating


async def give(uow: UnitOfWork, who: Who, desk: Desk, given: RatingInput, now: datetime) -> tuple[Rating, bool]:
    """Write one rating of the desk's period, and whether there was anything to write."""
    asked, role = desk.one(given.scheme, given.indicator), role_named(given.rater_role)
    check_voice(given, role, asked.indicator, asked.key)
    subject = asked.by_name.get((given.subject_kind, given.subject))
    if subject is None:
        raise MeritlineError("E-RATING-SUBJECT", field="subject", value=given.subject, scheme=given.scheme,
                             period=given.period)
    rater = await rater_of(uow, who, given)
    await check_reach(uow, who, desk, asked.indicator, role, subject, rater)
    check_reference(who, role, given.reference)
    key = Key(given.period, given.scheme, given.indicator, given.subject_kind.value, subject.id, role, rater,
              given.reference)
    voice = Voice(given.value, Decimal(asked.indicator.scale_min), Decimal(asked.indicator.scale_max), given.comment,
                  who.actor, now)
    return await put(uow, who, given, key, voice)


def check_voice(given: RatingInput, role: str, indicator: RatedIndicator, key: str) -> None:
    """Role, value and comment are such as the indicator takes."""
    if indicator.needs_name:
        raise MeritlineError("E-RATING-UNNAMED", field="indicator", value=key)
    if indicator.group(role) is None:
        raise MeritlineError("E-RATING-ROLE", field="rater_role", value=given.rater_role,
                             known=[one.role for one in indicator.groups])
    value, low, high = given.value, indicator.scale_min, indicator.scale_max
    if not value.is_finite() or not low <= value <= high:
        raise MeritlineError("E-RATING-SCALE", field="value", value=value, low=low, high=high)
    if value != round(value, MOST_DECIMALS):
        raise MeritlineError("E-RATING-DECIMALS", field="value", value=value, places=MOST_DECIMALS)
    if given.comment is not None and len(given.comment) > LONGEST_COMMENT:
        raise MeritlineError("E-RATING-COMMENT", field="comment", longest=LONGEST_COMMENT)
    if indicator.comment_at_ends and value in (low, high) and not (given.comment or "").strip():
        raise MeritlineError("E-RATING-COMMENT-MISSING", field="comment", value=value)


def check_reference(who: Who, role: str, reference: str | None) -> None:
    """A reference tells apart voices that come through one door, and a program's need one."""
    if reference is not None and role not in MANY_VOICES:
        raise MeritlineError("E-RATING-REFERENCE", field="reference", value=role)
    missing = reference is None and who.role == PROGRAM_KEY
    if missing or (reference is not None and not 1 <= len(reference.strip()) <= len(reference) <= LONGEST_REFERENCE):
        raise MeritlineError("E-RATING-REFERENCE-MISSING", field="reference", longest=LONGEST_REFERENCE)


async def rater_of(uow: UnitOfWork, who: Who, given: RatingInput) -> UUID | None:
    """Who rates: the person behind the key, or whom HR names; a program speaks for no employee."""
    named = None
    if given.rater is not None:
        named = await store.employee_id(uow.conn, uow.tenant_id, given.rater)
        if named is None and who.role in HR_KEYS:
            raise NotFound(kind="employee", value=given.rater, field="rater")
        if who.role not in HR_KEYS and (named is None or named != who.employee_id):
            raise Forbidden(role=who.role, action="rate in another's name", field="rater")
    return named if who.role in HR_KEYS else who.employee_id


async def check_reach(uow: UnitOfWork, who: Who, desk: Desk, indicator: RatedIndicator, role: str,
                      subject: Appraised, rater: UUID | None) -> None:
    """Nobody rates themselves but as ``self``, nor enters another's rating of them; the rest is up to the key and the
    reporting line."""
    own = rater is not None and subject.id == rater
    entered_by_subject = who.employee_id is not None and who.employee_id == subject.id
    if own != (role == SELF) or (entered_by_subject and not own):
        raise MeritlineError("E-RATING-SELF", field="rater_role", value=role)
    if who.role in HR_KEYS:
        return
    allowed: tuple[str, ...] = (CUSTOMER, INSPECTOR) if who.role == PROGRAM_KEY else ()
    if who.role in PERSONAL_KEYS and rater is not None:
        reach = await desk.reach(uow.conn, rater)
        allowed = reach.roles(subject, indicator, leads=who.role == MANAGER)
    if role not in allowed:
        raise Forbidden(role=who.role, action=f"rate {subject.subject.key} as {role}", field="subject")


async def put(uow: UnitOfWork, who: Who, given: RatingInput, key: Key, voice: Voice) -> tuple[Rating, bool]:
    """Insert or change, and say so in the audit chain."""
    if key.rater_id is not None and key.reference is None:
        other = await store.other_role(uow.conn, uow.tenant_id, key)
        if other is not None:
            raise MeritlineError("E-RATING-TWICE", field="rater_role", value=key.rater_role, other=other)
    rating = await store.insert(uow.conn, uow.tenant_id, key, voice)
    before: Rating | None = None
    if rating is None:
        before = await store.find(uow.conn, uow.tenant_id, key)
        if voice.says_the_same_as(before):
            return before, False
        if given.expected_version != before.version:
            raise Stale(kind="rating", value=given.indicator, expected=given.expected_version or 0,
                        actual=before.version, field="expected_version")
        rating = await store.change(uow.conn, uow.tenant_id, before.id, voice)
    elif given.expected_version:
        raise Stale(kind="rating", value=given.indicator, expected=given.expected_version, actual=0,
                    field="expected_version")
    await append(uow.conn, uow.tenant_id, actor=who.actor, action="rating.submit", subject=f"rating:{rating.id}",
                 body={"period": key.period, "scheme": key.scheme_key, "indicator": key.indicator_key,
                       "kind": key.subject_kind, "subject": given.subject, "role": key.rater_role,
                       "value": str(rating.value), "before": None if before is None else str(before.value),
                       "version": rating.version})
    return rating, True

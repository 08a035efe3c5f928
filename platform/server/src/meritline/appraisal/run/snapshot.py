"""Everything a run reads, from one snapshot of the database: a handful of statements, however many people there are."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from uuid import UUID

from meritline.appraisal.definitions import (
    SchemeInForce,
    TenantIndicator,
    as_pinned,
    indicators_of,
    schemes_in_force,
)
from meritline.appraisal.figures.readings import figures_of
from meritline.appraisal.rated import with_sources
from meritline.appraisal.run import store
from meritline.appraisal.run.earlier import Earlier, earlier_of
from meritline.appraisal.run.inputs import Names
from meritline.appraisal.run.readings import ByHand, Ratings, Reader
from meritline.appraisal.run.roster import memberships, pieces_of, roster_of
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.subjects import Appraised, Days, Roster
from meritline.appraisal.store import Cycle
from meritline.db import Connection
from meritline.domain.calendars import CompanyCalendar
from meritline.domain.periods import Window
from meritline.errors import MeritlineError
from meritline.measuring.attempts import attempted
from meritline.measuring.coverage import Coverage, coverage_of
from meritline.measuring.memberships import Memberships
from meritline.measuring.requests import TallyRequest, pass_of
from meritline.tenancy.calendar import calendar_of
from meritline.tenancy.people import employments
from meritline.tenancy.service import tenant_profile
from meritline.tenancy.store import tenant_key
from meritline.tenancy.values import Profile
from meritline_sdk.evaluate.measured import Covered
from meritline_sdk.evaluate.ratings import Rating
from meritline_sdk.model.functions import PythonMeasure
from meritline_sdk.model.indicators import AnyIndicator, Indicator, indicator_tallies
from meritline_sdk.model.schemes import OWN, SubjectKind

type Covering = tuple[tuple[int, str, bool | None], ...]
"""Of each period back and record type that is read, whether it was delivered; None: nothing delivers it at all."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the pure part computes from."""

    profile: Profile
    calendar: CompanyCalendar
    roster: Roster
    appraisals: tuple[Appraisal, ...]
    ratings: Ratings
    delivered: tuple[tuple[int, str], ...]
    names: Names
    earlier: Earlier
    window: Window
    covering: Covering

    @property
    def readers(self) -> tuple[Reader, ...]:
        """The readers: one, unless schemes pinned different definitions of the same indicator."""
        return tuple({id(each.reader): each.reader for each in self.appraisals}.values())


async def take(conn: Connection, tenant_id: UUID, cycle: Cycle, scheme: str | None, known_at: datetime,
               drafted: Sequence[SchemeInForce] = (), *, functions_only: bool = False) -> Snapshot:
    """Read it; the unit's isolation keeps all statements at the same moment, and ``known_at`` the records. Where
    something is ``drafted``, only that is read for, the first of it as if it were in force. With ``functions_only``
    only those records are looked at that Python functions get."""
    basis = await basis_of(conn, tenant_id, cycle, scheme, drafted, functions_only=functions_only)
    return await read_on(conn, basis, known_at)


@dataclass(frozen=True, eq=False)
class Basis:
    """All that is not records: people, schemes with their definitions, what was given by hand, other periods."""

    tenant_id: UUID
    profile: Profile
    calendar: CompanyCalendar
    window: Window
    back: Callable[[int], Window]
    roster: Roster
    editions: "tuple[Edition, ...]"
    people: Mapping[str, tuple[Appraised, ...]]
    requests: tuple[TallyRequest, ...]
    levels: frozenset[SubjectKind]
    memberships: Memberships
    ratings: Ratings
    by_hand: ByHand
    names: Names
    earlier: Earlier
    schemes: tuple[SchemeInForce, ...]

    @cached_property
    def places(self) -> Mapping[str, Mapping[UUID, int]]:
        """The place of each subject among the people of its scheme, by scheme."""
        return {key: {who.id: place for place, who in enumerate(people)} for key, people in self.people.items()}

    @cached_property
    def days_read(self) -> list[Days] | None:
        """The days whose records are read; None where a moment is computed, so that no mark tells it."""
        if not all(pass_of(each).plain or each.tally.at is None for each in self.requests):
            return None
        windows = (self.back(earlier) for earlier in {each.tally.earlier for each in self.requests})
        return [(each.first_day, each.end_day) for each in windows]

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """The periods that are read."""
        return tuple(self.back(earlier) for earlier in sorted({each.tally.earlier for each in self.requests} | {0}))


async def basis_of(conn: Connection, tenant_id: UUID, cycle: Cycle, scheme: str | None,
                   drafted: Sequence[SchemeInForce] = (), *, functions_only: bool = False) -> Basis:
    """Read everything but the records."""
    profile = await tenant_profile(conn, tenant_id)
    calendar = calendar_of(profile)
    back = cache(calendar.windows_back(cycle.period))
    now = back(0)
    in_force = with_draft(await of_kind(conn, tenant_id, now), drafted)
    chosen = list(drafted) or chosen_schemes(in_force, cycle, now, scheme)
    people = await employments(conn, tenant_id)
    key = await tenant_key(conn, tenant_id)
    roster = roster_of(people, now, tenant_id, key or str(tenant_id), profile.name, (each.scheme for each in in_force))
    appraisals = tuple(Appraisal(each, roster.of(each.scheme)) for each in chosen)
    past = await earlier_of(conn, tenant_id, cycle, calendar, chosen)
    editions = tuple(await editions_of(conn, tenant_id, appraisals, past.scores.asked))
    requests = requests_of(one for each in editions for one in each.indicators.values()
                           if not functions_only or has_function(one.indicator))
    pieces = pieces_of(who for each in appraisals for who in each.people)
    return Basis(
        tenant_id, profile, calendar, now, back, roster, editions,
        {each.chosen.scheme.key: each.people for each in appraisals}, tuple(requests), levels_of(appraisals),
        memberships(people, profile.time_zone, pieces, now.first_day), await ratings_of(conn, tenant_id, cycle.period),
        ByHand(await figures_of(conn, tenant_id, cycle.period), profile.time_zone),
        names_of(roster, tenant_id, appraisals), past, tuple(chosen),
    )  # fmt: skip


async def read_on(conn: Connection, basis: Basis, known_at: datetime, some: Collection[UUID] | None = None) -> Snapshot:
    """Read the records, of everybody or of ``some`` employees; then nobody else is appraised."""
    covers = (await coverage_for(conn, basis)).covers(basis.back)
    done = await attempted(conn, basis.tenant_id, basis.requests, basis.back, basis.memberships, levels=basis.levels,
                           known_at=known_at, clock=basis.calendar.clock(basis.window), employees=some)
    covering = covering_of(basis, covers)
    delivered = tuple((earlier, record) for earlier, record, state in covering if state)
    appraisals: dict[str, Appraisal] = {}
    for edition in basis.editions:
        reader = Reader(edition.indicators, done.found, basis.ratings, covers, basis.tenant_id, window=basis.window,
                        by_hand=basis.by_hand, failed=done.failed, scores=basis.earlier.scores)
        for each in edition.schemes:
            people = basis.people[each.scheme.key]
            made = Appraisal(each, people if some is None else tuple(who for who in people if who.id in some))
            made.reads(edition.indicators, reader)
            appraisals[each.scheme.key] = made
    return Snapshot(basis.profile, basis.calendar, basis.roster,
                    tuple(appraisals[each.scheme.key] for each in basis.schemes), basis.ratings,
                    delivered, basis.names, basis.earlier, basis.window, covering)


async def coverage_for(conn: Connection, basis: Basis) -> Coverage:
    """What was delivered in the periods that are read."""
    return await coverage_of(conn, basis.tenant_id, basis.windows)


def covering_of(basis: Basis, covers: Covered) -> Covering:
    """What that comes to for what is read."""
    return tuple(sorted({(each.tally.earlier, each.tally.record, covers(each.tally))
                         for each in basis.requests if each.tally.record},
                        key=lambda one: one[:2]))


@dataclass(frozen=True, slots=True)
class Edition:
    """Schemes that agree on the definition of whatever more than one of them reads, so that it is read once for all."""

    indicators: dict[str, TenantIndicator]
    schemes: list[SchemeInForce]


async def editions_of(conn: Connection, tenant_id: UUID, appraisals: Sequence[Appraisal],
                      asked: Collection[str]) -> list[Edition]:
    """The schemes with what they read, as each pinned it; one edition unless some pinned what others did not."""
    every = {one.key: one for one in await indicators_of(conn, tenant_id)}
    pinned = await as_pinned(conn, tenant_id, every, [each.chosen.pins for each in appraisals])
    found: list[Edition] = []
    for each, known in zip(appraisals, pinned, strict=True):
        used = {key for key, _ in each.wanted if key not in asked}
        own = {key: required(known, key) for key in sorted(with_sources(used, known))}
        edition = next((one for one in found if agree(one.indicators, own)), None)
        if edition is None:
            found.append(Edition(own, [each.chosen]))
        else:
            edition.indicators.update(own)
            edition.schemes.append(each.chosen)
    return found


def agree(some: Mapping[str, TenantIndicator], others: Mapping[str, TenantIndicator]) -> bool:
    """Whether what both know is the same definition."""
    return all(some[key].definition_hash == one.definition_hash for key, one in others.items() if key in some)


def has_function(indicator: AnyIndicator) -> bool:
    """Whether a Python function computes it."""
    return isinstance(indicator, Indicator) and isinstance(indicator.measure, PythonMeasure)


def levels_of(appraisals: Iterable[Appraisal]) -> frozenset[SubjectKind]:
    """Whose numbers are looked at; nobody else's are added up, and adding up teams is most of the work."""
    return frozenset(each.chosen.scheme.subject if read_from == OWN else SubjectKind(read_from)
                     for each in appraisals for _, read_from in each.wanted)


async def of_kind(conn: Connection, tenant_id: UUID, window: Window) -> list[SchemeInForce]:
    """The schemes in force on the period's last day that appraise periods of its kind."""
    last_day = window.end_day.fromordinal(window.end_day.toordinal() - 1)
    return [each for each in await schemes_in_force(conn, tenant_id, last_day) if each.scheme.period == window.kind]


def with_draft(in_force: list[SchemeInForce], drafted: Sequence[SchemeInForce]) -> list[SchemeInForce]:
    """The schemes in force, with the drafted one in the place of that of its name."""
    if not drafted:
        return in_force
    return [*(each for each in in_force if each.scheme.key != drafted[0].scheme.key), drafted[0]]


def chosen_schemes(in_force: Iterable[SchemeInForce], cycle: Cycle, window: Window,
                   scheme: str | None) -> list[SchemeInForce]:
    """All of them, or the one that was asked for."""
    found = [each for each in in_force if scheme in (None, each.scheme.key)]
    if not found:
        last_day = window.end_day.fromordinal(window.end_day.toordinal() - 1)
        raise MeritlineError("E-RUN-NO-SCHEME" if scheme is None else "E-RUN-SCHEME", field="scheme", value=scheme,
                             period=cycle.period, kind=window.kind.value, day=last_day)
    return sorted(found, key=lambda each: each.scheme.key)


def required(every: Mapping[str, TenantIndicator], key: str) -> TenantIndicator:
    """The tenant's indicator that a scheme names."""
    if key not in every:
        raise MeritlineError("E-RUN-INDICATOR", field="indicator", value=key)
    return every[key]


def requests_of(indicators: Iterable[TenantIndicator]) -> list[TallyRequest]:
    """What the records are asked for."""
    found = (TallyRequest.of(tally, one.parameters) for one in indicators if isinstance(one.indicator, Indicator)
             for tally in indicator_tallies(one.indicator))  # fmt: skip
    return list(dict.fromkeys(found))


async def ratings_of(conn: Connection, tenant_id: UUID, period: str) -> Ratings:
    """What people gave for the period."""
    found: dict[tuple[str, str, tuple[SubjectKind, UUID]], list[Rating]] = {}
    for row in await store.ratings_of(conn, tenant_id, period):
        key = (row["scheme_key"], row["indicator_key"], (SubjectKind(row["subject_kind"]), row["subject_id"]))
        found.setdefault(key, []).append(Rating(row["rater_role"], row["value"], None, row["scale_min"],
                                                row["scale_max"]))
    return found


def names_of(roster: Roster, company: UUID, appraisals: Iterable[Appraisal]) -> Names:
    """The natural key of everyone who can be looked at; of the records of some days the scheme's beside it."""
    names = {(SubjectKind.COMPANY, company): roster.company.subject.key}
    names |= {(SubjectKind.DEPARTMENT, each.id): each.code for each in roster.departments.values()}
    names |= {(SubjectKind.EMPLOYEE, each.id): each.subject.key for each in roster.employees}
    return names | {(SubjectKind.EMPLOYEE, who.stay.records): f"{who.subject.key} {each.chosen.scheme.key}"
                    for each in appraisals for who in each.people if who.stay and who.stay.records}

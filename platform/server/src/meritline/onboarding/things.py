"""A company as a set of named things. Decides what counts as the same, so that a difference can be shown and refused.

Everything that a manifest sets and the API can change is a thing: a kind, a key, and a text that says all of it. Two
companies with the same things are alike, whatever way their rows came to be.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from meritline.appraisal import schemes_store
from meritline.appraisal.indicators import IndicatorSettings, TenantIndicator, bound, least_sample, parse_row
from meritline.appraisal.own import store as own_store
from meritline.appraisal.schemes_overlap import TEMPLATE
from meritline.appraisal.starting import completed
from meritline.db import Connection
from meritline.onboarding.manifest import Manifest
from meritline.tenancy import store as company
from meritline.tenancy.calendar_document import calendar_tables
from meritline.tenancy.values import (
    REFRESH_ASKED,
    Department,
    Employee,
    ExternalCode,
    Position,
    Profile,
    Source,
)
from meritline_sdk.model.canonical import content_hash, to_plain

KINDS = ("company", "calendar", "indicator set", "department", "position", "employee", "code", "source", "indicator",
         "scheme", "reward table", "adoption")  # fmt: skip
CALENDAR = {"calendar": "working hours", "fiscal": "fiscal months"}


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing. ``untouched``: nobody of the company decided it, so it may be overwritten without a question."""

    kind: str
    key: str
    says: str
    untouched: bool = False

    @property
    def name(self) -> tuple[str, str]:
        """Kind and key."""
        return self.kind, self.key

    @property
    def digest(self) -> str:
        """What it says, in short."""
        return sha256(self.says.encode()).hexdigest()


type Things = dict[tuple[str, str], Thing]


@dataclass(frozen=True, slots=True)
class Standing:
    """A company as it stands in the database."""

    profile: Profile | None
    departments: Mapping[str, Department]
    positions: Mapping[str, Position]
    employees: Mapping[str, Employee]
    codes: Mapping[str, tuple[ExternalCode, ...]]
    sources: Mapping[str, Source]
    indicators: Mapping[str, TenantIndicator]
    schemes: Mapping[str, Any]
    rewards: Mapping[str, Any]
    sets: Mapping[str, str]
    golden: Mapping[str, Any] = field(default_factory=dict)
    """The golden cases of the company's own indicators; all of these have an entry."""


async def standing(conn: Connection, tenant_id: UUID) -> Standing:
    """Read it all."""
    return Standing(
        await company.profile(conn, tenant_id), await company.departments(conn, tenant_id),
        await company.positions(conn, tenant_id), await company.employees(conn, tenant_id),
        by_code(await company.codes(conn, tenant_id)), await company.sources(conn, tenant_id),
        {row["key"]: bound(row, parse_row(row)) for row in await schemes_store.indicators(conn, tenant_id)},
        {row["key"]: row for row in await schemes_store.scheme_versions(conn, tenant_id)},
        {row["key"]: row for row in await schemes_store.reward_versions(conn, tenant_id)},
        await schemes_store.enabled_sets(conn, tenant_id), await own_store.golden(conn, tenant_id),
    )  # fmt: skip


def by_code(rows: Iterable[ExternalCode]) -> dict[str, tuple[ExternalCode, ...]]:
    """The meanings of each code, by ``space:code``."""
    found: dict[str, tuple[ExternalCode, ...]] = {}
    for row in rows:
        name = f"{row.code_space}:{row.code}"
        found[name] = (*found.get(name, ()), row)
    return found


def things_of(now: Standing) -> Things:
    """What stands."""
    found = [] if now.profile is None else [profile_thing(now.profile), *calendar_things(now.profile)]
    found += [Thing("indicator set", key, says) for key, says in now.sets.items()]
    found += [department_thing(one) for one in now.departments.values()]
    found += [position_thing(one) for one in now.positions.values()]
    found += [employee_thing(one) for one in now.employees.values()]
    found += [code_thing(key, rows) for key, rows in now.codes.items()]
    found += [source_thing(one) for one in now.sources.values()]
    found += [indicator_thing(one.key, one.own, one.minimum_sample,
                              untouched=not one.own and one.minimum_sample == least_sample(one.indicator))
              for one in now.indicators.values() if one.key not in now.golden]  # fmt: skip
    found += [own_thing(one.key, one.definition_hash, one.own, now.golden[one.key])
              for one in now.indicators.values() if one.key in now.golden]  # fmt: skip
    for kind, rows in (("scheme", now.schemes), ("reward table", now.rewards)):
        found += [version_thing(kind, key, row["definition_hash"], row["valid_from"],
                                untouched=row["created_by"].startswith(TEMPLATE)) for key, row in rows.items()]
    return {one.name: one for one in found}


def things_in(manifest: Manifest, now: Standing, sets: Mapping[str, str]) -> Things:
    """What the manifest wants; where it says nothing of a part of a thing, that part stays as it stands."""
    people = manifest.people
    found = [profile_thing(manifest.profile)]
    found += [one for one in calendar_things(manifest.calendar.applied(manifest.profile))
              if one.key in {CALENDAR[part] for part in manifest.calendar.changes}]
    found += [Thing("indicator set", key, sets[key]) for key in manifest.indicator_sets]
    found += [department_thing(one) for one in people.departments
              if one.code not in people.implied or one.code not in now.departments]
    found += [position_thing(one) for one in people.positions]
    found += [employee_thing(with_pay(one, now, people.with_pay)) for one in people.employees]
    found += [code_thing(key, rows) for key, rows in by_code(people.codes).items()]
    found += [source_thing(one) for one in manifest.sources]
    found += [wanted_indicator(one, now) for one in manifest.indicators]
    found += [own_thing(one.key, content_hash(one.indicator), one.parameters, one.golden) for one in manifest.own]
    found += [version_thing("scheme", one.scheme.key, content_hash(one.scheme), one.valid_from)
              for one in manifest.schemes]
    found += [version_thing("reward table", one.table.key, content_hash(one.table), one.valid_from)
              for one in manifest.rewards]
    return {one.name: one for one in found}


def with_pay(wanted: Employee, now: Standing, given: Collection[str]) -> Employee:
    """The employee with the pay that stands, where the manifest has no column for it; ``given`` are its columns."""
    before = now.employees.get(wanted.number)
    if before is None:
        return wanted
    pay = wanted.performance_pay if "performance_pay" in given else before.performance_pay
    base = wanted.base_pay if "base_pay" in given else before.base_pay
    return replace(wanted, performance_pay=pay, base_pay=base)


def wanted_indicator(wanted: IndicatorSettings, now: Standing) -> Thing:
    """The settings with what a starter sets, and the sample that stands where none is given."""
    before = now.indicators.get(wanted.key)
    sample = wanted.minimum_sample
    if sample is None and before is not None:
        sample = before.minimum_sample
    return indicator_thing(wanted.key, completed(wanted, before).parameters, sample)


def profile_thing(one: Profile) -> Thing:
    """The company itself, without its calendar; ``fiscal`` stays, or what was noted before would seem to differ."""
    said = {name: getattr(one, name) for name in ("name", "time_zone", "currency", "languages", "country")}
    if one.refresh != REFRESH_ASKED:  # and so what was noted before there was a choice is the same
        said["refresh"] = one.refresh
    return Thing("company", "profile", text({**said, "fiscal": None}))


def calendar_things(one: Profile) -> list[Thing]:
    """Working hours and fiscal months, each by itself; what nobody has said may be said without a question."""
    tables = calendar_tables(one)
    return [Thing("calendar", key, text(tables.get(part)), untouched=part not in tables)
            for part, key in CALENDAR.items()]


def department_thing(one: Department) -> Thing:
    """A department; one that was only mentioned is named by its code."""
    return Thing("department", one.code, text([one.name, one.parent]), one.name == one.code and one.parent is None)


def position_thing(one: Position) -> Thing:
    """A position; one that was only mentioned is named by its code."""
    return Thing("position", one.code, text([one.name_en, one.name_zh]), one.name_en == one.name_zh == one.code)


def employee_thing(one: Employee) -> Thing:
    """A person with all intervals."""
    settled = one.settled(None)
    pay = None if settled.performance_pay is None else f"{settled.performance_pay:.2f}"
    base = () if settled.base_pay is None else (f"{settled.base_pay:.2f}",)
    spans = [asdict(span) for span in settled.employments or ()]
    return Thing("employee", one.number, text([one.name, pay, spans, *base]))


def code_thing(key: str, rows: tuple[ExternalCode, ...]) -> Thing:
    """All that an outside code means."""
    said = [[row.employee, row.department, *(at and int(at.timestamp() * 1_000_000) for at in
                                            (row.valid_from, row.valid_to))] for row in rows]
    return Thing("code", key, text(sorted(said, key=str)))


def source_thing(one: Source) -> Thing:
    """A source with its whole mapping."""
    return Thing("source", one.key, text([one.record_type, one.body, one.strict]))


def indicator_thing(key: str, own: Mapping[str, Any], sample: int | None, *, untouched: bool = False) -> Thing:
    """What a company set of an indicator."""
    return Thing("indicator", key, text([{name: to_plain(value) for name, value in own.items()}, sample]), untouched)


def own_thing(key: str, name: str, own: Mapping[str, Any], golden: Iterable[Any]) -> Thing:
    """An indicator that the company declared."""
    return Thing("indicator", key, text([name, {one: to_plain(value) for one, value in own.items()}, list(golden)]))


def version_thing(kind: str, key: str, name: str, valid_from: object, *, untouched: bool = False) -> Thing:
    """The newest version of a scheme or reward table."""
    return Thing(kind, key, text([name, valid_from]), untouched)


def text(value: Any) -> str:
    """One spelling."""
    return json.dumps(value, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

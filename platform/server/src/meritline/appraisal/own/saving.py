"""Keeping a company's own indicators. Decides that a name is the company's alone, that what a scheme uses stays, and
that every change is a new version: what a finished run was computed with is found by its hash for ever.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from meritline import audit
from meritline.appraisal import schemes_store as store
from meritline.appraisal.indicators import parse_row, put, read_settings
from meritline.appraisal.own import store as own_store
from meritline.appraisal.own.cases import run_cases
from meritline.appraisal.own.drafts import PREFIX, OwnDraft, read_own
from meritline.appraisal.run.needs import scheme_needs
from meritline.db import Connection, UnitOfWork
from meritline.documents import Document, Table
from meritline.errors import MeritlineError, NotFound, Problem, Refused, Stale
from meritline.plugins import Catalogue
from meritline.tenancy import store as company
from meritline_sdk.model.canonical import content_hash, parse, to_plain
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.records import RecordDeclaration

MOST = 500


@dataclass(frozen=True, slots=True)
class SavedIndicator:
    """What stands after a save; ``changed`` is False where it stood already."""

    key: str
    version: int
    changed: bool


async def enabled_records(conn: Connection, tenant_id: UUID, catalogue: Catalogue) -> dict[str, RecordDeclaration]:
    """The record types that the company may name: those of its enabled sets, and no others."""
    sets = tuple(key for key in await store.enabled_sets(conn, tenant_id) if key in catalogue.sets)
    return catalogue.records_of(sets)


async def save_own(uow: UnitOfWork, actor: str, catalogue: Catalogue, document: Document | Mapping[str, Any],
                   expected_version: int | None = None, *, today: date | None = None) -> SavedIndicator:
    """Declare an indicator, or refuse the document with every mistake."""
    await company.lock(uow.conn, uow.tenant_id)
    whole = document if isinstance(document, Document) else Document(document)
    records = await enabled_records(uow.conn, uow.tenant_id, catalogue)
    profile = await company.profile(uow.conn, uow.tenant_id)
    draft, problems = read_own(whole, records, profile.time_zone if profile else None)
    if draft is None:
        raise Refused(problems)
    return await store_own(uow, actor, draft, expected_version, today=today)


async def resave_own(uow: UnitOfWork, actor: str, catalogue: Catalogue, document: Mapping[str, Any],
                     expected_version: int | None = None, *, today: date | None = None) -> SavedIndicator:
    """Set parameters and minimum sample of an indicator of the company's own; its golden cases must still come out."""
    await company.lock(uow.conn, uow.tenant_id)
    row = await own_store.standing(uow.conn, uow.tenant_id, str(document.get("key")))
    if row is None or row["retired"]:
        raise NotFound(kind="indicator", value=document.get("key"), field="key")
    problems: list[Problem] = []
    whole, indicator = Document(document), parse_row(row)
    assert isinstance(indicator, Indicator)
    given = read_settings(Table(whole, problems), {row["key"]: indicator})
    if given is None:
        raise Refused(problems)
    sample = indicator.minimum_sample if given.minimum_sample is None else given.minimum_sample
    settled = replace(indicator, minimum_sample=sample)
    golden = tuple(json.loads(row["golden"]))
    records = await enabled_records(uow.conn, uow.tenant_id, catalogue)
    wrong = list(run_cases(settled, golden, records, whole))
    if wrong:
        raise Refused(wrong)
    return await store_own(uow, actor, OwnDraft(settled, given.parameters, golden, whole), expected_version,
                           today=today)


async def store_own(uow: UnitOfWork, actor: str, draft: OwnDraft, expected_version: int | None = None, *,
                    today: date | None = None) -> SavedIndicator:
    """Keep a checked indicator as its next version; the same again changes nothing."""
    await company.lock(uow.conn, uow.tenant_id)
    before = await own_store.standing(uow.conn, uow.tenant_id, draft.key)
    if before is not None and before["set_key"] is not None:
        raise Refused([draft.document.problem("E-INDICATOR-SHADOW", ("indicator",), value=draft.key,
                                              short=draft.indicator.key)])
    seen = 0 if before is None or before["retired"] else before["version"]
    if expected_version is not None and expected_version != seen:
        raise Stale(kind="indicator", value=draft.key, expected=expected_version, actual=seen)
    says = what(content_hash(draft.indicator), draft)
    if before is not None and not before["retired"] and says == stood(before):
        return SavedIndicator(draft.key, before["version"], False)
    if before is None or before["retired"]:
        await require_room(uow)
    else:
        await require_same_unit(uow, draft, before, today)
    version = 1 if before is None else before["version"] + 1
    golden = store.json_text(list(draft.golden))
    await put(uow.conn, uow.tenant_id, draft.key, draft.indicator, None, draft.parameters,
              draft.indicator.minimum_sample, version, actor, golden)
    await audit.append(
        uow.conn, uow.tenant_id, actor=actor, action="indicator.declare", subject=f"indicator:{draft.key}",
        body={"version": version, "hash": content_hash(draft.indicator), "unit": draft.indicator.unit.key,
              "minimum_sample": draft.indicator.minimum_sample, "golden_cases": len(draft.golden),
              "parameters": {name: to_plain(value) for name, value in draft.parameters.items()}},
    )  # fmt: skip
    return SavedIndicator(draft.key, version, True)


def what(name: str, draft: OwnDraft) -> str:
    """All that an indicator says, in one spelling."""
    parameters = {key: to_plain(value) for key, value in draft.parameters.items()}
    return store.json_text([name, draft.indicator.minimum_sample, parameters, list(draft.golden)])


def stood(row: Any) -> str:
    """The same of what is kept."""
    return store.json_text([row["definition_hash"], row["minimum_sample"], json.loads(row["parameters"]),
                            json.loads(row["golden"])])


async def require_room(uow: UnitOfWork) -> None:
    """Raise where the company has as many as are kept."""
    count = await own_store.count(uow.conn, uow.tenant_id)
    if count >= MOST:
        raise MeritlineError("E-INDICATOR-MANY", field="indicator", count=count, most=MOST)


async def require_same_unit(uow: UnitOfWork, draft: OwnDraft, row: Any, today: date | None) -> None:
    """Raise where a scheme has targets in the unit that the indicator would lose."""
    before = parse_row(row)
    if before.unit == draft.indicator.unit:
        return
    scheme = await using(uow, draft.key, today)
    if scheme is not None:
        raise Refused([draft.document.problem("E-INDICATOR-UNIT-USED", ("unit",), value=draft.indicator.unit.key,
                                              scheme=scheme, unit=before.unit.key)])


async def using(uow: UnitOfWork, key: str, today: date | None) -> str | None:
    """A scheme that reads the indicator, now or later; one whose newest version does not, does no more."""
    names = f'"{key}"'
    newest: dict[str, list[Any]] = {}
    for row in await store.scheme_versions(uow.conn, uow.tenant_id):
        newest.setdefault(row["key"], []).append(row)
    for scheme, rows in newest.items():
        if any(names in row["body"] and reads(row, key) for row in in_force(rows, today)):
            return scheme
    for row in await store.reward_versions(uow.conn, uow.tenant_id):
        if names in row["body"]:
            return str(row["key"])
    return None


def in_force(rows: list[Any], today: date | None) -> list[Any]:
    """The versions that decide on the day or later."""
    ordered = sorted(rows, key=lambda row: (row["valid_from"], row["version"]))
    past = [row for row in ordered if today is not None and row["valid_from"] <= today]
    return [*past[-1:], *(row for row in ordered if today is None or row["valid_from"] > today)]


def reads(row: Any, key: str) -> bool:
    """Whether a line of the scheme version reads the indicator."""
    return any(name == key for name, _ in scheme_needs(parse(row["body"])))


async def remove_own(uow: UnitOfWork, actor: str, key: str, expected_version: int | None = None, *,
                     today: date | None = None) -> None:
    """Put an indicator away that no scheme uses; its versions stay, and results that were computed with them."""
    await company.lock(uow.conn, uow.tenant_id)
    row = await own_store.standing(uow.conn, uow.tenant_id, key)
    if row is None or row["retired"]:
        raise NotFound(kind="indicator", value=key, field="key")
    if not key.startswith(PREFIX) or row["set_key"] is not None:
        raise MeritlineError("E-INDICATOR-SETS", field="key", value=key)
    if expected_version is not None and expected_version != row["version"]:
        raise Stale(kind="indicator", value=key, expected=expected_version, actual=row["version"])
    scheme = await using(uow, key, today)
    if scheme is not None:
        raise MeritlineError("E-INDICATOR-USED", field="key", value=key, scheme=scheme)
    await own_store.retire(uow.conn, uow.tenant_id, key)
    await audit.append(uow.conn, uow.tenant_id, actor=actor, action="indicator.remove", subject=f"indicator:{key}",
                       body={"version": row["version"]})

"""Reward tables of a company: saved as immutable versions, each valid from a day; a scheme has one of its own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from meritline import audit
from meritline.appraisal import schemes_store as store
from meritline.appraisal.documents import read_reward_table
from meritline.appraisal.documents.rewards import NO_TABLES
from meritline.appraisal.indicators import TenantIndicator
from meritline.appraisal.pins import Pins, pins_now, pins_of
from meritline.appraisal.rated import with_sources
from meritline.appraisal.run.needs import table_needs
from meritline.appraisal.schemes import Saved, indicators, newer_notes, tenant_indicators, versions_of
from meritline.appraisal.schemes_overlap import TEMPLATE
from meritline.appraisal.standing import REWARDS, locked_problems, require_version
from meritline.db import UnitOfWork
from meritline.documents import Document
from meritline.errors import Refused
from meritline.tenancy import store as company
from meritline_sdk import RewardTable
from meritline_sdk.model.canonical import content_hash


async def save_reward_table(uow: UnitOfWork, actor: str, document: Document | Mapping[str, Any],
                            expected_version: int | None = None, *,
                            templates: Mapping[str, RewardTable] = NO_TABLES, named: bool = False) -> Saved:
    """Save a reward table document as the next version of its table, or refuse it with every mistake.

    With ``named`` the writer must say which version it saw, where somebody of the company decided one.
    """
    await company.lock(uow.conn, uow.tenant_id)
    whole = document if isinstance(document, Document) else Document(document)
    newest = {one.scheme.key: one.scheme for one in await versions_of(uow)}
    draft, problems = read_reward_table(whole, await indicators(uow), newest, templates)
    if draft is None:
        raise Refused(one for one in problems if one.severity == "error")
    saved = await store_reward_table(uow, actor, draft.table, draft.valid_from, expected_version,
                                     document=draft.document, named=named)
    return replace(saved, warnings=(*problems, *saved.warnings))


async def store_reward_table(uow: UnitOfWork, actor: str, table: RewardTable, valid_from: date,
                             expected_version: int | None = None, *, document: Document | None = None,
                             named: bool = False, pins: Pins | None = None) -> Saved:
    """Keep a checked reward table; a scheme has one of the company's own, which counts before a template's.

    It is saved with the present definitions of what its rules read; ``pins`` as ``schemes.store_scheme`` has it.
    """
    await company.lock(uow.conn, uow.tenant_id)
    rows = await store.reward_versions(uow.conn, uow.tenant_id)
    own = [row for row in rows if row["key"] == table.key]
    last = own[-1] if own else None
    require_version("reward table", table.key, expected_version, last["version"] if last else 0)
    if last and (last["valid_from"], last["definition_hash"]) == (valid_from, content_hash(table)) and pins is None:
        return Saved(table.key, last["version"], valid_from, False)
    require_version("reward table", table.key, expected_version, last["version"] if last else 0,
                    named=named and last is not None and not last["created_by"].startswith(TEMPLATE))
    at = document or Document({})
    other = next((row["key"] for row in rows if row["scheme_key"] == table.scheme and row["key"] != table.key
                  and not row["created_by"].startswith(TEMPLATE)), None)  # fmt: skip
    if other is not None and not actor.startswith(TEMPLATE):
        raise Refused([at.problem("E-REWARD-SCHEME-TAKEN", ("reward_table",), value=table.key, scheme=table.scheme,
                                  other=other)])
    if locked := await locked_problems(uow, at, REWARDS, table.scheme, valid_from):
        raise Refused(locked)
    version = last["version"] + 1 if last else 1
    read_by = pins_of_table(table, await tenant_indicators(uow)) if pins is None else pins
    newer = [] if pins is not None or last is None else newer_notes(
        at, table.key, pins_of(last["pins"]), read_by, ("reward_table",))
    await store.put_reward_table(uow.conn, uow.tenant_id, table, version, valid_from, actor, read_by)
    await audit.append(uow.conn, uow.tenant_id, actor=actor, action="reward_table.save",
                       subject=f"reward_table:{table.key}",
                       body={"version": version, "valid_from": valid_from, "hash": content_hash(table)})
    return Saved(table.key, version, valid_from, True, tuple(newer))


def pins_of_table(table: RewardTable, known: Mapping[str, TenantIndicator]) -> Pins:
    """What a reward table that is saved now is read by."""
    return pins_now(with_sources({key for key, _ in table_needs(table)}, known), known)

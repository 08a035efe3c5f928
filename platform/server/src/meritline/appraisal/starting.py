"""What a starter sets of indicators for the company that takes it. Decides that the company's own setting comes first.

A starter's lines read indicators that need a limit or a promise which no record names. Taking the starter sets what is
still unset, by the ordinary way of a setting, and tells of each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from meritline.appraisal import schemes_store as store
from meritline.appraisal.documents import SchemeDraft
from meritline.appraisal.indicators import (
    IndicatorSettings,
    TenantIndicator,
    bound,
    declared,
    parse_row,
    store_settings,
)
from meritline.db import UnitOfWork
from meritline.documents import Document
from meritline.errors import Problem
from meritline_sdk import Text
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.settings import Settings, spoken

type Started = Mapping[str, Settings]
"""By the full name of a starter: what it sets."""
NO_SETTINGS: Started = MappingProxyType({})


def proposed_by(document: Document, started: Started) -> dict[str, dict[str, Scalar]]:
    """What the starter that a document begins from sets, by indicator; nothing where it begins from none."""
    name = document.data.get("template")
    return {key: dict(values) for key, values in started.get(name, ())} if isinstance(name, str) else {}


async def set_unset(uow: UnitOfWork, actor: str, document: Document, started: Started) -> tuple[Problem, ...]:
    """Set what the document's starter sets and the company has not; a note for each."""
    proposed = proposed_by(document, started)
    rows = {row["key"]: row for row in await store.indicators(uow.conn, uow.tenant_id)} if proposed else {}
    found: list[Problem] = []
    for key, values in proposed.items():
        if key not in rows:
            continue
        before = bound(rows[key], parse_row(rows[key]))
        given = IndicatorSettings(key, {}, None, values, document, stays=True)
        await store_settings(uow, actor, completed(given, before), before)
        found += notes(given, before)
    return tuple(found)


def with_proposals(given: Iterable[IndicatorSettings], schemes: Iterable[SchemeDraft], started: Started,
                   indicators: Mapping[str, AnyIndicator]) -> tuple[IndicatorSettings, ...]:
    """The settings of a manifest with what the starters of its schemes set beside them."""
    found = {one.key: one for one in given}
    for draft in schemes:
        for key, values in proposed_by(draft.document, started).items():
            if key in indicators:
                one = found.get(key) or IndicatorSettings(key, {}, None, stays=True)
                found[key] = replace(one, proposed={**values, **one.proposed},
                                     proposed_in=one.proposed_in or draft.document)
    return tuple(found.values())


def completed(given: IndicatorSettings, before: TenantIndicator | None) -> IndicatorSettings:
    """The settings with what a starter proposes: below what the company has set, and what it says now."""
    if not given.proposed:
        return given
    own = before.own if before else {}
    known = {one.name for one in declared(before.indicator)} if before else set(given.proposed)
    kept = own if given.stays else {name: own[name] for name in given.proposed if name in own}
    proposed = {name: value for name, value in given.proposed.items() if name in known}
    return replace(given, parameters=MappingProxyType({**proposed, **kept, **given.parameters}))


def notes(given: IndicatorSettings, before: TenantIndicator) -> list[Problem]:
    """What of a starter's proposals is new, as notes."""
    at = given.proposed_in or Document({})
    known = {one.name: one for one in declared(before.indicator)}
    return [at.problem("E-STARTER-SET", ("template",), value=given.key, parameter=name,
                       given=spoken(value, known[name].kind), title=known[name].title or Text(name, name))
            for name, value in given.proposed.items()
            if name in known and name not in before.own and name not in given.parameters]  # fmt: skip

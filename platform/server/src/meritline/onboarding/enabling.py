"""Enabling an indicator set for a company. Decides what becomes the company's own, and what an upgrade may touch.

Enabling creates the company's own indicators (also those of the sets it uses), schemes and reward tables, from the
catalogue. A template's scheme applies to the positions it lists, where no other scheme of the company has them; where
it lists none, the company chooses when it saves the scheme. Enabling again brings the definitions of a newer plugin
version as new indicator versions, keeps the company's parameters, and never touches a scheme that exists: that one
reads by the definitions it was saved with.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from meritline import audit
from meritline.appraisal import schemes_store as store
from meritline.appraisal.indicators import bound, least_sample, parse_row, put
from meritline.appraisal.reward_tables import store_reward_table
from meritline.appraisal.schemes import store_scheme, versions_of
from meritline.appraisal.schemes_overlap import TEMPLATE, Version, clashes
from meritline.db import UnitOfWork
from meritline.errors import Problem, problem
from meritline.onboarding.sets.fitting import Fitted
from meritline.onboarding.sets.standing import sets_of
from meritline.plugins import Catalogue, InstalledSet
from meritline.tenancy import store as company
from meritline_sdk import Fine, RewardTable, Scheme
from meritline_sdk.model.canonical import content_hash
from meritline_sdk.model.indicators import AnyIndicator

ALWAYS = date(1970, 1, 1)
LONGEST_KEY = 41
UNFITTED = "unfitted"
"""What stands for the content of a set whose schemes could not be fitted: enabling again asks again."""


@dataclass(frozen=True, slots=True)
class Enabled:
    """What enabling did: nothing where everything stood already."""

    set_key: str
    changed: bool
    indicators: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    reward_tables: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()


async def enable_indicator_set(uow: UnitOfWork, actor: str, catalogue: Catalogue, set_key: str, *,
                               fitted: Fitted | None = None, today: date | None = None) -> Enabled:
    """Make an installed set, and those it uses, the company's own; the same again changes nothing.

    ``fitted`` is what the set's plugin proposes for this company; without it the set's own schemes and tables are
    taken. On ``today`` it is decided what still reads an indicator that the set has no more.
    """
    await company.lock(uow.conn, uow.tenant_id)
    wanted = catalogue.require(set_key)
    known = await store.enabled_sets(uow.conn, uow.tenant_id)
    closure = catalogue.closure((set_key,))
    indicators = tuple([key for one in closure for key in await put_indicators(uow, actor, one)])
    gone = await put_away(uow, closure, today)
    if known.get(set_key) == wanted.content_hash:
        await note(uow, wanted, wanted.content_hash)
        return Enabled(set_key, bool(indicators or gone), indicators)
    given = fitted or Fitted(wanted.set.schemes, wanted.set.rewards)
    names = await put_schemes(uow, wanted, given.schemes)
    if set_key not in known:
        await store.resume_schemes(uow.conn, uow.tenant_id, [name for name, new in names.values() if not new])
    tables, warnings = await put_reward_tables(uow, wanted, given.rewards, names)
    await note(uow, wanted, wanted.content_hash if given.problem is None else UNFITTED)
    created = tuple(name for name, new in names.values() if new)
    await audit.append(uow.conn, uow.tenant_id, actor=actor, action="indicator_set.enable", subject=f"set:{set_key}",
                       body={"plugin": wanted.plugin, "version": wanted.version, "content": wanted.content_hash,
                             "indicators": list(indicators), "schemes": list(created), "reward_tables": list(tables),
                             "put_away": list(gone)})
    told = warnings if given.problem is None else (given.problem, *warnings)
    return Enabled(set_key, True, indicators, created, tables, told)


async def note(uow: UnitOfWork, installed: InstalledSet, content: str) -> None:
    """Keep which version of the set the company has, and what it declared."""
    await store.put_enabled_set(uow.conn, uow.tenant_id, installed.key, installed.plugin, installed.version, content,
                                installed.set.uses, (installed.set.records, installed.set.extensions))


async def put_away(uow: UnitOfWork, closure: Sequence[InstalledSet], today: date | None) -> list[str]:
    """The indicators that their sets have no more and that nothing in force reads."""
    rows = await store.indicators(uow.conn, uow.tenant_id)
    present = {f"{one.key}.{indicator.key}" for one in closure for indicator in one.set.indicators}
    sets = {one.key for one in closure}
    gone = [row["key"] for row in rows if row["set_key"] in sets and row["key"] not in present]
    if gone:
        standing = await sets_of(uow.conn, uow.tenant_id, today)
        gone = [key for key in gone if not standing.readers(key)]
        await store.retire(uow.conn, uow.tenant_id, gone)
    return gone


async def put_indicators(uow: UnitOfWork, actor: str, installed: InstalledSet) -> Sequence[str]:
    """The set's indicators that are new or say something new; parameters that are still declared are kept."""
    rows = {row["key"]: row for row in await store.indicators(uow.conn, uow.tenant_id, retired=True)}
    found: list[str] = []
    for indicator in installed.set.indicators:
        key = f"{installed.key}.{indicator.key}"
        row = rows.get(key)
        if row is not None and row["definition_hash"] == content_hash(indicator) and not row["retired"]:
            continue
        await put_indicator(uow, actor, key, installed, indicator, row)
        found.append(key)
    return found


async def put_indicator(uow: UnitOfWork, actor: str, key: str, installed: InstalledSet, indicator: AnyIndicator,
                        row: object) -> None:
    """One indicator, for the first time, with a newer definition, or again after it was put away.

    What the company set stays with it, also of parameters that only the definition before has: schemes that pinned
    that one read by it.
    """
    brought = (installed.plugin, installed.version)
    if row is None:
        await put(uow.conn, uow.tenant_id, key, indicator, installed.key, {}, least_sample(indicator), 1, actor,
                  chosen=False, brought=brought)
        return
    before = bound(row, parse_row(row))
    sample = before.minimum_sample if before.chosen_sample else least_sample(indicator)
    await put(uow.conn, uow.tenant_id, key, indicator, installed.key, {**before.kept, **before.own}, sample,
              before.version + 1, actor, chosen=before.chosen_sample, brought=brought)


async def put_schemes(uow: UnitOfWork, installed: InstalledSet,
                      schemes: Sequence[Scheme]) -> dict[str, tuple[str, bool]]:
    """The template schemes that the company has not yet: template key to the scheme's key and whether it is new."""
    names: dict[str, tuple[str, bool]] = {}
    actor = f"{TEMPLATE}{installed.key}"
    for template in schemes:
        versions = await versions_of(uow)
        name, new = scheme_name(template, actor, versions)
        names[template.key] = (name, new)
        if new:
            free = without_taken(replace(template, key=name), versions, actor)
            await store_scheme(uow, actor, free, ALWAYS)
    return names


def scheme_name(template: Scheme, actor: str, versions: Sequence[Version]) -> tuple[str, bool]:
    """The key of the template's scheme in the company, and whether it is new; another set's scheme keeps its name."""
    set_key = actor.removeprefix(TEMPLATE)
    for name in (template.key, f"{set_key}_{template.key}"[:LONGEST_KEY]):
        first = next((one for one in versions if one.scheme.key == name), None)
        if first is None or first.created_by == actor or not first.untouched:
            return name, first is None
    return name, False


def without_taken(scheme: Scheme, versions: Sequence[Version], actor: str) -> Scheme:
    """The scheme without the positions that another scheme of the company has already."""
    taken = {position for clash in clashes(Version(scheme, 1, ALWAYS, actor), versions) for position in clash.positions}
    return replace(scheme, for_positions=tuple(one for one in scheme.for_positions if one not in taken))


async def put_reward_tables(uow: UnitOfWork, installed: InstalledSet, tables: Sequence[RewardTable],
                            names: dict[str, tuple[str, bool]]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The reward tables of the schemes that are new; a table with fines that nobody confirmed is left out, and no other
    is paid in its place."""
    rows = await store.reward_versions(uow.conn, uow.tenant_id)
    stood, paid = {row["key"] for row in rows}, {row["scheme_key"] for row in rows}
    found: list[str] = []
    warnings: list[Problem] = []
    for table in tables:
        scheme, new = names[table.scheme]
        name = table.key if table.key not in stood else f"{installed.key}_{table.key}"[:LONGEST_KEY]
        if not new or scheme in paid or name in stood:
            continue
        paid.add(scheme)
        if not table.fines_confirmed and any(isinstance(rule, Fine) for rule in table.rules):
            warnings.append(problem("E-SET-FINES", field="reward_table", value=name, scheme=scheme,
                                    template=f"{installed.key}.{table.key}"))
            continue
        await store_reward_table(uow, f"{TEMPLATE}{installed.key}", replace(table, key=name, scheme=scheme), ALWAYS)
        found.append(name)
    return tuple(found), tuple(warnings)

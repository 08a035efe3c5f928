"""Schemes of a company: saved as immutable versions, each valid from a day; reward tables stand beside this file.

What nobody decided gives way: where a company's own scheme takes a position that a template's scheme had, the
template's scheme gets a new version without the position. Any other clash is refused with both names.

A version is saved with the present definitions of what it reads; saying the same again is no new version and takes no
newer ones, only adopting does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from meritline import audit
from meritline.appraisal import drafts_store
from meritline.appraisal import schemes_store as store
from meritline.appraisal.documents import SchemeDraft, read_scheme
from meritline.appraisal.documents.export import part_document, plain, rule_document
from meritline.appraisal.documents.schemes import NO_RECORDS, NOTHING, Records
from meritline.appraisal.indicators import TenantIndicator, bound, parse_row
from meritline.appraisal.pins import Pins, pins_now, pins_of
from meritline.appraisal.rated import as_chosen, with_sources
from meritline.appraisal.run.needs import scheme_needs
from meritline.appraisal.scheme_references import score_of_problems
from meritline.appraisal.schemes_overlap import Clash, Version, clashes
from meritline.appraisal.standing import SCHEME, locked_problems, require_version
from meritline.appraisal.starting import NO_SETTINGS, Started, set_unset
from meritline.db import UnitOfWork
from meritline.documents import Document
from meritline.documents.table import nearest_first
from meritline.errors import Problem, Refused, problem
from meritline.tenancy import store as company
from meritline_sdk import DeclarationError, Event, Item, Scheme, Text
from meritline_sdk.model.canonical import content_hash, parse
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.rewards import require_grades
from meritline_sdk.model.schemes import key_of
from meritline_sdk.model.units import POINTS


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands after a save; ``changed`` is False where it stood already."""

    key: str
    version: int
    valid_from: date
    changed: bool
    warnings: tuple[Problem, ...] = ()


async def save_scheme(uow: UnitOfWork, actor: str, document: Document | Mapping[str, Any],
                      expected_version: int | None = None, *, templates: Mapping[str, Scheme] = NOTHING,
                      records: Records = NO_RECORDS, named: bool = False, started: Started = NO_SETTINGS) -> Saved:
    """Save a scheme document as the next version of its scheme, or refuse it with every mistake.

    With ``named`` the writer must say which version it saw, where somebody of the company decided one. ``started``:
    what each starter sets of indicators; that of the document's starter is set with the scheme.
    """
    await company.lock(uow.conn, uow.tenant_id)
    draft, problems = await read_document(uow, document, templates, records)
    if draft is None or any(one.severity == "error" for one in problems):
        raise Refused(one for one in problems if one.severity == "error")
    saved = await store_scheme(uow, actor, draft.scheme, draft.valid_from, expected_version, document=draft.document,
                               named=named)
    await drafts_store.remove(uow.conn, uow.tenant_id, saved.key)
    notes = await set_unset(uow, actor, draft.document, started)
    return replace(saved, warnings=(*problems, *saved.warnings, *notes))


async def read_document(uow: UnitOfWork, document: Document | Mapping[str, Any], templates: Mapping[str, Scheme],
                        records: Records) -> tuple[SchemeDraft | None, list[Problem]]:
    """A scheme document with everything that the company has, also the schemes whose scores it takes."""
    whole = document if isinstance(document, Document) else Document(document)
    draft, problems = read_scheme(whole, await indicators(uow), templates, records=records)
    if draft is not None:
        newest = {one.scheme.key: one.scheme for one in await versions_of(uow)}
        problems = [*problems, *score_of_problems(draft.document, draft.scheme, newest)]
    return draft, problems


async def indicators(uow: UnitOfWork) -> dict[str, AnyIndicator]:
    """The company's indicators by key, as it has weighed and named them."""
    return {key: as_chosen(one) for key, one in (await tenant_indicators(uow)).items()}


async def tenant_indicators(uow: UnitOfWork) -> dict[str, TenantIndicator]:
    """The company's indicators by key, with their present definitions."""
    return {row["key"]: bound(row, parse_row(row)) for row in await store.indicators(uow.conn, uow.tenant_id)}


async def store_scheme(uow: UnitOfWork, actor: str, scheme: Scheme, valid_from: date,
                       expected_version: int | None = None, *, document: Document | None = None,
                       named: bool = False, pins: Pins | None = None) -> Saved:
    """Keep a checked scheme; ``document`` is where mistakes are placed. With ``pins`` it is read by these definitions
    and the text may be that of before; without, by the present ones."""
    at = document or Document({})
    await company.lock(uow.conn, uow.tenant_id)
    versions = await versions_of(uow)
    own = [one for one in versions if one.scheme.key == scheme.key]
    last = own[-1] if own else None
    require_version("scheme", scheme.key, expected_version, last.version if last else 0)
    if last and (last.valid_from, content_hash(last.scheme)) == (valid_from, content_hash(scheme)) and pins is None:
        return Saved(scheme.key, last.version, valid_from, False)
    require_version("scheme", scheme.key, expected_version, last.version if last else 0,
                    named=named and last is not None and not last.untouched)
    known = await tenant_indicators(uow)
    read_by = pins_of_scheme(scheme, known) if pins is None else pins
    new = Version(scheme, last.version + 1 if last else 1, valid_from, actor, read_by)
    if problems := await standing_problems(uow, at, new, versions):
        raise Refused(problems)
    for clash in clashes(new, versions):
        await give_way(uow, clash, versions, known)
    await put(uow, new, known)
    newer = [] if pins is not None or last is None else newer_notes(at, scheme.key, last.pins, new.pins)
    return Saved(scheme.key, new.version, valid_from, True, (*await grade_warnings(uow, scheme), *newer))


def pins_of_scheme(scheme: Scheme, known: Mapping[str, TenantIndicator]) -> Pins:
    """What a scheme that is saved now is read by."""
    return pins_now(with_sources({key for key, _ in scheme_needs(scheme)}, known), known)


def newer_notes(at: Document, key: str, before: Pins, after: Pins,
                place: tuple[str] = ("scheme",)) -> list[Problem]:
    """That a version takes newer definitions beside what its author changed; nobody shall find out by the numbers."""
    newer = [key for key, pin in after.items() if key in before and before[key].hash != pin.hash]
    return [at.problem("E-SCHEME-NEWER", place, value=key, indicators=newer)] if newer else []


async def standing_problems(uow: UnitOfWork, at: Document, new: Version, versions: Sequence[Version]) -> list[Problem]:
    """What keeps a scheme that reads well from standing beside what the company has."""
    own = [one for one in versions if one.scheme.key == new.scheme.key]
    found = clashes(new, versions)
    problems = [*kind_problems(at, new.scheme, own[-1] if own else None), *await position_problems(uow, at, new),
                *(overlap_problem(at, new, one) for one in found if not one.other.untouched),
                *await locked_problems(uow, at, SCHEME, new.scheme.key, new.valid_from)]
    for clash in found:
        problems += await locked_problems(uow, at, SCHEME, clash.other.scheme.key, clash.since)
    return problems


async def versions_of(uow: UnitOfWork) -> list[Version]:
    """All versions of all schemes."""
    return [Version(parse(row["body"]), row["version"], row["valid_from"], row["created_by"], pins_of(row["pins"]))
            for row in await store.scheme_versions(uow.conn, uow.tenant_id)]


def kind_problems(at: Document, scheme: Scheme, last: Version | None) -> list[Problem]:
    """A scheme keeps its subject and its period."""
    if last is None or (last.scheme.subject, last.scheme.period) == (scheme.subject, scheme.period):
        return []
    return [at.problem("E-SCHEME-KIND", ("subject",), value=scheme.key, stored=last.scheme.period.value,
                       subject=last.scheme.subject.value)]


async def position_problems(uow: UnitOfWork, at: Document, new: Version) -> list[Problem]:
    """Positions that the company does not have; a template may name some that it never will."""
    known = await company.positions(uow.conn, uow.tenant_id)
    return [at.problem("E-SCHEME-POSITION-UNKNOWN", ("for_positions",), value=one,
                       known=nearest_first(one, known)[:5] or ("—",))
            for one in new.scheme.for_positions if one not in known and not new.untouched]


def overlap_problem(at: Document, new: Version, clash: Clash) -> Problem:
    """The refusal of a clash, naming both schemes."""
    return at.problem("E-SCHEME-OVERLAP", ("for_positions",), value=", ".join(clash.positions), scheme=new.scheme.key,
                      other=clash.other.scheme.key, since=clash.since, period=new.scheme.period.value)


async def give_way(uow: UnitOfWork, clash: Clash, versions: Sequence[Version],
                   known: Mapping[str, TenantIndicator]) -> None:
    """A new version of the template's scheme without the positions that the company's own scheme takes; what it reads
    stays as it was."""
    other = clash.other
    number = max(one.version for one in versions if one.scheme.key == other.scheme.key) + 1
    left = tuple(one for one in other.scheme.for_positions if one not in clash.positions)
    without = replace(other.scheme, for_positions=left)
    await put(uow, Version(without, number, clash.since, other.created_by, other.pins), known)


async def put(uow: UnitOfWork, new: Version, known: Mapping[str, TenantIndicator]) -> None:
    """Write a version and tell of it."""
    await store.put_scheme(uow.conn, uow.tenant_id, new.scheme, new.version, new.valid_from, new.created_by,
                           lines_of(new.scheme, {key: one.indicator for key, one in known.items()}), new.pins)
    await audit.append(uow.conn, uow.tenant_id, actor=new.created_by, action="scheme.save",
                       subject=f"scheme:{new.scheme.key}",
                       body={"version": new.version, "valid_from": new.valid_from, "hash": content_hash(new.scheme),
                             "for_positions": list(new.scheme.for_positions)})


def lines_of(scheme: Scheme, known: Mapping[str, AnyIndicator]) -> list[tuple[Any, ...]]:
    """Items and events as rows: position, kind, key, indicator, dimension, weight, target, unit, rule."""
    lines: list[Item | Event] = [*scheme.items, *scheme.events]
    return [(place, *line_of(scheme, line, known)) for place, line in enumerate(lines)]


def line_of(scheme: Scheme, line: Item | Event, known: Mapping[str, AnyIndicator]) -> tuple[Any, ...]:
    """One row; a target is in the unit of its indicator, scores of shorter periods are in points."""
    item = line if isinstance(line, Item) else None
    declared = scheme.dimension_of(item) if item else None
    dimension = declared.title if declared else item.dimension if item else None
    unit = POINTS if item and item.score_of else known[key].unit if (key := key_of(line.indicator)) in known else None
    parts = [plain(part_document(part)) for part in item.parts] if item else []
    return ("item" if item else "event", line.name(), key_of(line.indicator) or None,
            dimension.en if isinstance(dimension, Text) else dimension, item.weight if item else None, line.target,
            unit.key if unit and line.target is not None else None,
            store.json_text({"parts": parts} if parts else plain(rule_document(line.rule))))


async def grade_warnings(uow: UnitOfWork, scheme: Scheme) -> tuple[Problem, ...]:
    """The scheme's reward table, where it pays other grades than the scheme now has."""
    rows = [row for row in await store.reward_versions(uow.conn, uow.tenant_id) if row["scheme_key"] == scheme.key]
    if not rows:
        return ()
    try:
        require_grades(parse(rows[-1]["body"]), scheme.grades)
    except DeclarationError:
        grades = scheme.grades.keys() if scheme.grades else ("—",)
        return (problem("E-REWARD-GRADES-CHANGED", field="grades", value=rows[-1]["key"], scheme=scheme.key,
                        grades=grades),)
    return ()


__all__ = ["Saved", "save_scheme", "store_scheme"]

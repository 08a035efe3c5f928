"""Sources, indicators, schemes and rewards of a manifest: what the company decided, checked against each other."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from meritline.appraisal.documents import RewardDraft, SchemeDraft, read_reward_table, read_scheme
from meritline.appraisal.indicators import IndicatorSettings, read_settings
from meritline.appraisal.own.drafts import OwnDraft, read_own
from meritline.appraisal.own.saving import MOST
from meritline.appraisal.rated import settled_by
from meritline.appraisal.scheme_references import score_of_problems
from meritline.appraisal.schemes_overlap import Version, clashes
from meritline.appraisal.starting import with_proposals
from meritline.documents import Document, Table
from meritline.documents.table import nearest_first
from meritline.domain.periods import PeriodRefused, kind_of
from meritline.errors import Problem
from meritline.plugins import Catalogue
from meritline.records.sources import parse_source
from meritline.tenancy.values import Source
from meritline_sdk import RewardTable, Scheme
from meritline_sdk.model.records import KEY, RecordDeclaration

type Read = Callable[[str], list[Document]]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the TOML files beside ``tenant.toml`` say."""

    sources: tuple[Source, ...]
    indicators: tuple[IndicatorSettings, ...]
    schemes: tuple[SchemeDraft, ...]
    rewards: tuple[RewardDraft, ...]
    own: tuple[OwnDraft, ...]


def read_decisions(read: Read, catalogue: Catalogue, sets: tuple[str, ...], positions: Collection[str],
                   problems: list[Problem], zone: str | None = None) -> Decisions:
    """Everything, with every mistake collected."""
    indicators, templates = catalogue.indicators(sets), catalogue.templates(sets)
    records = catalogue.records_of(sets)
    sources = [one for document in read("sources.toml") for one in read_sources(document, records, problems)]
    settings = [one for document in read("indicators.toml") for one in read_indicators(document, indicators, problems)]
    declared = read_declared(read, records, zone, problems)
    indicators = {**settled_by(indicators, settings), **{one.key: one.indicator for one in declared}}
    schemes: list[SchemeDraft] = []
    for document in read("schemes"):
        draft, found = read_scheme(document, indicators, templates, records=records)
        problems.extend(found)
        if draft is not None:
            problems.extend(scheme_problems(draft, schemes, positions))
            schemes.append(draft)
    every = {**brought(catalogue, sets), **{one.scheme.key: one.scheme for one in schemes}}
    for one in schemes:
        problems.extend(score_of_problems(one.document, one.scheme, every))
    settings = [*with_proposals(settings, schemes, catalogue.settings(sets), indicators)]
    rewards = read_rewards(read, indicators, every, catalogue.reward_tables(sets), problems)
    for document in read("acceptance"):
        read_acceptance(document, problems)
    return Decisions(tuple(sources), tuple(settings), tuple(schemes), tuple(rewards), tuple(declared))


def read_declared(read: Read, records: Mapping[str, RecordDeclaration], zone: str | None,
                  problems: list[Problem]) -> list[OwnDraft]:
    """The company's own indicators, one a file; their golden cases are run."""
    found: list[OwnDraft] = []
    for document in read("indicators"):
        draft, mistakes = read_own(document, records, zone)
        problems.extend(mistakes)
        if draft is None:
            continue
        if draft.key in {one.key for one in found}:
            problems.append(document.problem("E-DOC-TWICE", ("indicator",), value=draft.key))
        found.append(draft)
    if len(found) > MOST:
        problems.append(found[MOST].document.problem("E-INDICATOR-MANY", ("indicator",), count=len(found), most=MOST))
    return found


def brought(catalogue: Catalogue, sets: tuple[str, ...]) -> dict[str, Scheme]:
    """The schemes that enabling the sets makes, by key."""
    return {scheme.key: scheme for name in sets for scheme in catalogue.require(name).set.schemes}


def read_sources(document: Document, records: Mapping[str, RecordDeclaration],
                 problems: list[Problem]) -> list[Source]:
    """One source per table of ``sources.toml``."""
    found: list[Source] = []
    for key, body in document.data.items():
        if not KEY.fullmatch(key):
            problems.append(document.problem("E-DOC-KEY", (key,), value=key))
        if not isinstance(body, Mapping):
            problems.append(document.problem("E-DOC-TABLE", (key,), value=body))
            continue
        mapping = parse_source(document, records, key=key, path=(key,))
        if isinstance(mapping, list):
            problems.extend(mapping)
        else:
            found.append(Source(key, mapping.record.key, dict(body), mapping.strict))
    return found


def read_indicators(document: Document, indicators: Mapping[str, Any],
                    problems: list[Problem]) -> list[IndicatorSettings]:
    """``[[indicator]]`` tables with the parameters that the company sets."""
    table = Table(document, problems)
    found: list[IndicatorSettings] = []
    for one in table.tables("indicator", required=True):
        settings = read_settings(one, indicators)
        if settings is None:
            continue
        if settings.key in {each.key for each in found}:
            one.report("E-DOC-TWICE", "key", value=settings.key)
        found.append(settings)
    table.finish()
    return found


def scheme_problems(draft: SchemeDraft, others: list[SchemeDraft], positions: Collection[str]) -> list[Problem]:
    """What is wrong between a scheme, the other schemes and the company's positions."""
    document, scheme = draft.document, draft.scheme
    found = [document.problem("E-SCHEME-POSITION-UNKNOWN", ("for_positions",), value=one,
                              known=nearest_first(one, positions)[:5] or ["—"])
             for one in scheme.for_positions if one not in positions]  # fmt: skip
    if scheme.key in {one.scheme.key for one in others}:
        found.append(document.problem("E-DOC-TWICE", ("scheme",), value=scheme.key))
        return found
    versions = [Version(one.scheme, 1, one.valid_from, "") for one in others]
    for clash in clashes(Version(scheme, 1, draft.valid_from, ""), versions):
        found.append(document.problem(
            "E-SCHEME-OVERLAP", ("for_positions",), value=", ".join(clash.positions), scheme=scheme.key,
            other=clash.other.scheme.key, since=clash.since, period=scheme.period.value,
        ))  # fmt: skip
    return found


def read_rewards(read: Read, indicators: Mapping[str, Any], schemes: Mapping[str, Scheme],
                 templates: Mapping[str, RewardTable], problems: list[Problem]) -> list[RewardDraft]:
    """Reward tables; a scheme has one of the company's own."""
    taken: dict[str, str] = {}
    found: list[RewardDraft] = []
    for document in read("rewards"):
        draft, mistakes = read_reward_table(document, indicators, schemes, templates)
        problems.extend(mistakes)
        if draft is None:
            continue
        other = taken.setdefault(draft.table.scheme, draft.table.key)
        if other != draft.table.key:
            problems.append(document.problem("E-REWARD-SCHEME-TAKEN", ("reward_table",), value=draft.table.key,
                                             scheme=draft.table.scheme, other=other))
        if draft.table.key in {one.table.key for one in found}:
            problems.append(document.problem("E-DOC-TWICE", ("reward_table",), value=draft.table.key))
        found.append(draft)
    return found


def read_acceptance(document: Document, problems: list[Problem]) -> None:
    """An acceptance example names its period; what it expects is compared by a command of its own."""
    table = Table(document, problems)
    period = table.text("period", required=True)
    try:
        kind_of(period or "2026-01")
    except PeriodRefused:
        table.report("E-PERIOD", "period", value=period)

"""A manifest: the folder in which a company says what it is. Decides that it is right as a whole, or not applied.

``check`` reads everything and writes nothing. Every mistake is found in one pass and named by file and line.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from meritline.appraisal.documents import RewardDraft, SchemeDraft
from meritline.appraisal.indicators import IndicatorSettings
from meritline.appraisal.own.drafts import OwnDraft
from meritline.documents import Document, Table, read_toml
from meritline.documents.table import nearest_first
from meritline.errors import MeritlineError, Problem, problem
from meritline.onboarding.adoptions import Adoption, read_adoptions
from meritline.onboarding.decisions import read_decisions
from meritline.onboarding.people import People, read_people
from meritline.plugins import Catalogue
from meritline.tenancy.calendar_document import CalendarDraft, read_calendar
from meritline.tenancy.service import check_profile, check_tenant_key
from meritline.tenancy.values import REFRESH_ASKED, REFRESH_ON_IMPORT, Profile, Source

FILES = ("tenant.toml", "people.csv", "departments.csv", "positions.csv", "codes.csv", "sources.toml",
         "indicators.toml", "indicators", "schemes", "rewards", "acceptance", "records", "README.md")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that a folder says, checked."""

    key: str
    profile: Profile
    calendar: CalendarDraft
    indicator_sets: tuple[str, ...]
    people: People
    sources: tuple[Source, ...]
    indicators: tuple[IndicatorSettings, ...]
    schemes: tuple[SchemeDraft, ...]
    rewards: tuple[RewardDraft, ...]
    warnings: tuple[Problem, ...]
    own: tuple[OwnDraft, ...] = ()
    adoptions: tuple[Adoption, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """What ``tenant.toml`` says."""

    key: str
    profile: Profile
    calendar: CalendarDraft
    indicator_sets: tuple[str, ...]
    adoptions: tuple[Adoption, ...] = ()


def check(folder: Path, catalogue: Catalogue) -> Manifest | list[Problem]:
    """The manifest, or everything that is wrong with it."""
    if not (folder / "tenant.toml").is_file():
        raise MeritlineError("E-MANIFEST-FOLDER", value=str(folder))
    problems: list[Problem] = []
    company = read_company(folder, catalogue, problems)
    people = read_people(folder, company.profile.time_zone if company else "UTC", problems)
    # Where the sets are not known, all of them: one mistake in tenant.toml shall not make every indicator one.
    unsure = any(one.code.startswith(("E-MANIFEST-SET", "E-SET-")) for one in problems)
    sets = tuple(catalogue.sets) if company is None or unsure else company.indicator_sets
    decisions = read_decisions(documents_of(folder, problems), catalogue, sets, people.position_codes, problems,
                               company.profile.time_zone if company else None)
    warnings = [*strangers(folder), *(one for one in problems if one.severity == "warning")]
    errors = [one for one in problems if one.severity == "error"]
    if errors or company is None:
        once = {(one.text(), one.line): one for one in errors}.values()
        return sorted(once, key=lambda one: (rank(one.file), one.file or "", one.line or 0))
    return Manifest(company.key, company.profile, company.calendar, company.indicator_sets, people, decisions.sources,
                    decisions.indicators, decisions.schemes, decisions.rewards, tuple(warnings),
                    decisions.own, company.adoptions)


def rank(file: str | None) -> int:
    """Problems are told in the order in which a reader would mend them."""
    first = (file or "").partition("/")[0]
    return FILES.index(first) if first in FILES else len(FILES)


def read_company(folder: Path, catalogue: Catalogue, problems: list[Problem]) -> Company | None:
    """``tenant.toml``."""
    document = read_document(folder, "tenant.toml", problems)
    if document is None:
        return None
    table, before = Table(document, problems), len(problems)
    key = table.text("key", required=True)
    name, zone, currency, country = (
        table.text(one, required=True) or "" for one in ("name", "time_zone", "currency", "country"))
    languages, sets = table.texts("languages"), table.texts("indicator_sets")
    calendar, adoptions = read_calendar(table), read_adoptions(table, sets)
    refresh = read_refresh(table)
    table.finish()
    known = [one for one in sets if one in catalogue.sets]
    for one in sets:
        if one not in catalogue.sets:
            report_absent(table, catalogue, one)
    profile = Profile(name, zone, currency, languages, country, origin="manifest", refresh=refresh)
    absent = {one.field for one in problems[before:] if one.code == "E-DOC-MISSING"}
    found = [*(check_tenant_key(key) if key else ()), *check_profile(profile)]
    problems.extend(replace(one, file=document.file, line=document.line((one.field or "",)))
                    for one in found if one.field not in absent)
    if any(one.field == "time_zone" for one in found):
        return None
    return Company(key or "", profile, calendar, tuple(known), adoptions)


def read_refresh(table: Table) -> str:
    """``[appraisal] refresh``: whether computed cycles are refreshed when somebody asks, or after every import."""
    appraisal = table.table("appraisal")
    if appraisal is None:
        return REFRESH_ASKED
    found = appraisal.choice("refresh", (REFRESH_ASKED, REFRESH_ON_IMPORT))
    appraisal.finish()
    return found or REFRESH_ASKED


def report_absent(table: Table, catalogue: Catalogue, key: str) -> None:
    """Why a set is not there: its plugin is left out, or may be; else it is most often a name with a mistake."""
    why = catalogue.why_absent(key)
    unknown = sorted((one for one in catalogue.plugins if (one.quarantined or one.off) and not one.left_out),
                     key=lambda one: one.off is not None)
    left = [one.label for one in unknown][:5]
    if why.code != "E-SET-ABSENT":
        table.report(why.code, "indicator_sets", value=key, **why.params)
    elif left and not near(key, catalogue.sets):
        table.report("E-MANIFEST-SET-LEFT", "indicator_sets", value=key, known=left)
    else:
        table.report("E-MANIFEST-SET", "indicator_sets", value=key, known=nearest_first(key, catalogue.sets) or ["—"])


def near(key: str, known: Iterable[str]) -> bool:
    """Whether the key is most likely another, written wrongly."""
    return bool(get_close_matches(key, [*known], n=1, cutoff=0.8))


def documents_of(folder: Path, problems: list[Problem]) -> Callable[[str], list[Document]]:
    """Reads the TOML of a name: the file ``sources.toml``, or every file of the folder ``schemes``."""

    def read(name: str) -> list[Document]:
        if name.endswith(".toml"):
            files = [name] if (folder / name).is_file() else []
        else:
            files = sorted(f"{name}/{path.name}" for path in (folder / name).glob("*.toml"))
        return [found for file in files if (found := read_document(folder, file, problems)) is not None]

    return read


def read_document(folder: Path, name: str, problems: list[Problem]) -> Document | None:
    """One TOML file; what keeps it from being read is collected."""
    try:
        found = read_toml((folder / name).read_bytes(), name)
    except OSError as wrong:
        found = problem("E-DOC-UNREADABLE", file=name, reason=wrong.strerror or type(wrong).__name__)
    if isinstance(found, Problem):
        problems.append(found)
        return None
    return found


def strangers(folder: Path) -> list[Problem]:
    """Files that nothing reads: most often a name with a mistake."""
    stems = {name.partition(".")[0] for name in FILES}
    found = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    return [
        problem("E-MANIFEST-FILE", file=path.name, value=path.name, known=nearest_first(path.name, FILES))
        for path in found
        if path.name not in FILES and not (path.stem in stems and path.suffix in (".csv", ".tsv", ".xlsx"))
    ]  # fmt: skip


__all__ = ["Company", "Manifest", "check"]

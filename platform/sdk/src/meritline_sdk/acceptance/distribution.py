"""What a plugin's distribution says of itself: its range of the SDK, its entry point, author and licence.

The range in the dependencies is the only statement of which hosts a plugin works with; a host reads it before it
imports anything.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, version
from pathlib import Path

from meritline_sdk.acceptance.findings import Finding, found
from meritline_sdk.hookspecs import ENTRY_POINT_GROUP
from meritline_sdk.model.sets import IndicatorSet

SDK = "meritline-sdk"
REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?([^;()]*)\)?\s*(;.*)?", re.ASCII)
CLAUSE = re.compile(r"\s*(===|==|~=|!=|<=|>=|<|>)\s*([0-9][0-9A-Za-z.*+!-]*)\s*", re.ASCII)
BOUNDING = frozenset({"<", "<=", "==", "===", "~="})
AUTHORS = ("Author", "Author-email", "Maintainer", "Maintainer-email")


@dataclass(frozen=True, slots=True)
class About:
    """A distribution as its metadata, or its ``pyproject.toml``, describes it.

    ``entries`` are the modules that its entry points of the group name; ``requires`` its requirements, as they stand.
    """

    name: str
    version: str
    author: str
    licence: str
    requires: tuple[str, ...]
    entries: tuple[str, ...]
    summary: str = ""
    links: tuple[str, ...] = ()


def about_distribution(dist: Distribution) -> About:
    """What an installed distribution says."""
    told: dict[str, str] = {}
    for name, value in dist.metadata.items():  # type: ignore[attr-defined]
        if value and str(value) != "UNKNOWN":
            told.setdefault(name, str(value))
    author = next((told[name] for name in AUTHORS if name in told), "")
    entries = tuple(sorted(entry.value for entry in dist.entry_points if entry.group == ENTRY_POINT_GROUP))
    return About(dist.name, dist.version, author, told.get("License-Expression") or told.get("License", ""),
                 tuple(sorted(dist.requires or ())), entries, told.get("Summary", ""),
                 tuple(sorted(map(str, dist.metadata.get_all("Project-URL") or ()))))


def about_project(folder: Path) -> About | None:
    """What the project of a folder says; None where there is none."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8")).get("project")
    except (OSError, UnicodeError, tomllib.TOMLDecodeError):
        return None
    if not isinstance(project, dict):
        return None
    people = [*project.get("authors", ()), *project.get("maintainers", ())]
    licence = project.get("license", "")
    entries = project.get("entry-points", {}).get(ENTRY_POINT_GROUP, {})
    return About(
        str(project.get("name", "")), str(project.get("version", "")),
        next((str(one.get("name") or one.get("email") or "") for one in people if isinstance(one, dict)), ""),
        str(licence.get("text") or licence.get("file") or "") if isinstance(licence, dict) else str(licence),
        tuple(sorted(map(str, project.get("dependencies", ())))), tuple(sorted(map(str, entries.values()))),
        str(project.get("description", "")),
        tuple(sorted(f"{name}, {link}" for name, link in project.get("urls", {}).items())),
    )  # fmt: skip


def distribution_problems(about: About | None, module: str, here: str | None = None) -> Iterator[Finding]:
    """What keeps a host from the distribution, and what an operator would miss in it.

    ``here`` is the version of the SDK that is installed.
    """
    if about is None:
        yield found("distribution", module, value=module)
        return
    place = about.name or module
    if module not in {entry.partition(":")[0].strip() for entry in about.entries}:
        yield found("entry", place, value=module, group=ENTRY_POINT_GROUP)
    yield from range_problems(about, place, installed_sdk() if here is None else here)
    if not about.licence:
        yield found("licence", place)
    if not about.author:
        yield found("author", place)


def installed_sdk() -> str:
    """The version of the SDK that is here."""
    try:
        return version(SDK)
    except PackageNotFoundError:
        return ""


def range_problems(about: About, place: str, here: str) -> Iterator[Finding]:
    """What is wrong with the range of the SDK."""
    ranges = [clauses for text in about.requires if (clauses := sdk_range(text)) is not None]
    if not any(ranges):
        yield found("range_missing", place)
        return
    for clauses in filter(None, ranges):
        told = ",".join(f"{sign}{number}" for sign, number in clauses)
        if not any(sign in BOUNDING for sign, _ in clauses):
            yield found("range_open", place, value=told)
        if here and not all(admits(sign, number, here) for sign, number in clauses):
            yield found("range", place, value=told, actual=here)


def sdk_range(text: str) -> tuple[tuple[str, str], ...] | None:
    """The clauses of a requirement of the SDK; None where it is of something else, or of an extra alone."""
    parts = REQUIREMENT.fullmatch(text)
    if parts is None or normalised(parts[1]) != SDK or "extra" in (parts[3] or ""):
        return None
    return tuple((one[1], one[2]) for one in map(CLAUSE.fullmatch, parts[2].split(",")) if one is not None)


def normalised(name: str) -> str:
    """The name of a distribution in its one spelling."""
    return re.sub(r"[-_.]+", "-", name).lower()


def release(number: str) -> tuple[int, ...]:
    """The numbers of a version, without what comes after them; zeros at its end say nothing."""
    found_there = re.match(r"(?:[0-9]+!)?([0-9]+(?:\.[0-9]+)*)", number, re.ASCII)
    parts = [int(part) for part in found_there[1].split(".")] if found_there else []
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def admits(sign: str, number: str, here: str) -> bool:
    """Whether a clause admits the version; of unusual clauses a host says more."""
    wanted, actual = release(number.removesuffix(".*")), release(here)
    parts = number.removesuffix(".*").split(".")
    starts = release(here + ".0" * len(parts))[: len(wanted)] == wanted
    match sign:
        case ">=":
            return actual >= wanted
        case ">":
            return actual > wanted
        case "<=":
            return actual <= wanted
        case "<":
            return actual < wanted
        case "==" | "===":
            return starts if number.endswith(".*") else actual == wanted
        case "!=":
            return not starts if number.endswith(".*") else actual != wanted
    ceiling = (*map(int, parts[:-2]), int(parts[-2]) + 1) if len(parts) > 1 and all(map(str.isdigit, parts)) else wanted
    return wanted <= actual < ceiling


def dependency_problems(about: About | None, sets: Sequence[IndicatorSet],
                        owners: dict[str, str]) -> Iterator[Finding]:
    """Sets that are used and whose distribution, by ``owners``, is not among the dependencies."""
    if about is None:
        return
    named = {normalised(parts[1]) for text in about.requires if (parts := REQUIREMENT.fullmatch(text))}
    for one in sets:
        for key in one.uses:
            if key in owners and normalised(owners[key]) not in {*named, normalised(about.name)}:
                yield found("dependency", one.key, value=key, distribution=owners[key])

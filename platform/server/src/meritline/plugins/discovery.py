"""Which plugins are installed. Decides the allow-list and the range of the SDK, before anything is imported."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, entry_points, version

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from meritline.errors import Problem, problem
from meritline_sdk.hookspecs import ENTRY_POINT_GROUP

SDK = "meritline-sdk"
UNKNOWN = "unknown"
AUTHORS = ("Author", "Author-email", "Maintainer", "Maintainer-email")


@dataclass(frozen=True, slots=True)
class Found:
    """One entry point with what its distribution says of itself."""

    entry: EntryPoint
    distribution: str
    version: str
    author: str
    licence: str

    @property
    def label(self) -> str:
        """Name and version, as errors name a plugin."""
        return f"{self.distribution} {self.version} ({self.entry.name})"


def installed() -> list[Found]:
    """Every plugin on the path, sorted, so that the order of the path cannot matter."""
    return described(entry_points(group=ENTRY_POINT_GROUP))


def described(entries: Iterable[EntryPoint]) -> list[Found]:
    """The entry points with their distributions, each once."""
    found = [
        Found(entry, *facts(entry.dist)) if entry.dist else Found(entry, entry.name, UNKNOWN, "", "")
        for entry in entries
    ]
    unique = {(canonicalize_name(one.distribution), one.entry.name): one for one in reversed(found)}
    return [unique[key] for key in sorted(unique)]


def facts(dist: Distribution) -> tuple[str, str, str, str]:
    """Name, version, author and licence of a distribution."""
    about = {name: value for name, value in dist.metadata.items() if value}  # type: ignore[attr-defined]
    author = next((about[name] for name in AUTHORS if name in about), "")
    return dist.name, dist.version, author, about.get("License-Expression") or about.get("License", "")


def allowed(found: list[Found], allow: frozenset[str] | None) -> tuple[list[Found], list[Problem]]:
    """Those the operator allows, by distribution or entry point name; a name that fits nothing is reported."""
    if allow is None:
        return found, []
    wanted = {canonicalize_name(name): name for name in allow}
    chosen = [one for one in found if names(one) & wanted.keys()]
    met = {name for one in chosen for name in names(one)}
    absent = [
        problem("E-PLUGIN-ABSENT", field="MERITLINE_PLUGINS", value=wanted[name],
                known=sorted({one.distribution for one in found}) or ["—"])
        for name in sorted(wanted.keys() - met)
    ]  # fmt: skip
    return chosen, absent


def names(one: Found) -> set[str]:
    """The names by which the allow-list may call a plugin."""
    return {str(canonicalize_name(one.distribution)), str(canonicalize_name(one.entry.name))}


def range_problem(one: Found) -> Problem | None:
    """What is wrong between the plugin's declared range and the SDK that is here."""
    here = version(SDK)
    for text in (one.entry.dist.requires or []) if one.entry.dist else []:
        try:
            wanted = Requirement(text)
        except InvalidRequirement:
            continue
        if canonicalize_name(wanted.name) != SDK or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        if wanted.specifier.contains(here, prereleases=True):
            return None if wanted.specifier else problem("E-PLUGIN-RANGE-MISSING", plugin=one.label)
        return problem("E-PLUGIN-RANGE", plugin=one.label, wanted=str(wanted.specifier), actual=here)
    return problem("E-PLUGIN-RANGE-MISSING", plugin=one.label)

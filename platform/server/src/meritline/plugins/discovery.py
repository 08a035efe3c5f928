"""Which plugins are installed. Decides the allow-list and the range of the SDK, before anything is imported."""

import json
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError, distributions, entry_points, version
from pathlib import Path

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from meritline.errors import Problem, problem
from meritline_sdk.hookspecs import ENTRY_POINT_GROUP

SDK = "meritline-sdk"
UNKNOWN = "unknown"
EVERY = "*"
AUTHORS = ("Author", "Author-email", "Maintainer", "Maintainer-email")
ALLOWED, LEFT_OUT = "MERITLINE_PLUGINS", "MERITLINE_NO_PLUGINS"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """One plugin with what is known of it without importing it.

    ``requires`` are the requirements it declares; ``file`` is a one-file plugin of ``--plugins-dir``. What is
    ``changing`` (an editable installation, such a file) may say something else under the same version.
    """

    name: str
    distribution: str
    version: str
    author: str
    licence: str
    requires: tuple[str, ...]
    module: str
    attribute: str | None = None
    file: Path | None = None
    changing: bool = False

    @property
    def label(self) -> str:
        """Name and version, as errors name a plugin."""
        return f"{self.distribution} {self.version} ({self.name})"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The plugins that may be used, those that the operator left out with the setting that says so, and the names in
    those settings that fit nothing."""

    used: tuple[Found, ...]
    off: tuple[tuple[Found, str], ...] = ()
    problems: tuple[Problem, ...] = ()


def installed() -> list[Found]:
    """Every plugin on the path, sorted, so that the order of the path cannot matter."""
    try:
        return described(entry_points(group=ENTRY_POINT_GROUP))
    except (OSError, ValueError):
        return described(entry for one in distributions() for entry in entries_of(one))


def entries_of(dist: Distribution) -> Iterable[EntryPoint]:
    """The entry points of one distribution; none where what it says of them cannot be read, whosesoever that is."""
    try:
        return [*dist.entry_points.select(group=ENTRY_POINT_GROUP)]
    except (OSError, ValueError) as wrong:
        log.warning("the entry points of %s cannot be read (%s): install it again", getattr(dist, "_path", dist),
                    type(wrong).__name__)
        return []


def described(entries: Iterable[EntryPoint]) -> list[Found]:
    """The entry points with their distributions, each once."""
    unique: dict[tuple[str, str], Found] = {}
    for entry in reversed([*entries]):
        if EntryPoint.pattern.match(entry.value) is None:
            log.warning("the entry point %s = %s names no module: install its package again", entry.name, entry.value)
            continue
        one = found_by(entry)
        unique[canonicalize_name(one.distribution), one.name] = one
    return [unique[key] for key in sorted(unique)]


def found_by(entry: EntryPoint) -> Found:
    """What an entry point and its distribution say; where an installation broke off, what its folder is called."""
    if entry.dist is None:
        return Found(entry.name, entry.name, UNKNOWN, "", "", (), entry.module, entry.attr or None)
    try:
        name, version, author, licence = facts(entry.dist)
        requires = tuple(entry.dist.requires or ())
    except (OSError, ValueError, TypeError, KeyError):  # not readable, or not text
        name, version, author, licence, requires = "", "", "", "", ()
    folder, _, its_version = Path(str(getattr(entry.dist, "_path", ""))).stem.partition("-")
    return Found(entry.name, name or folder.replace("_", "-") or entry.name, version or its_version or UNKNOWN, author,
                 licence, requires, entry.module, entry.attr or None, changing=editable(entry.dist))


def facts(dist: Distribution) -> tuple[str, str, str, str]:
    """Name, version, author and licence of a distribution; empty what it does not say."""
    about = {name: value for name, value in dist.metadata.items() if value}  # type: ignore[attr-defined]
    author = next((about[name] for name in AUTHORS if name in about), "")
    licence = about.get("License-Expression") or about.get("License", "")
    return about.get("Name", ""), about.get("Version", ""), author, licence


def editable(dist: Distribution) -> bool:
    """Whether the distribution is somebody's working copy (PEP 610)."""
    try:
        told = json.loads(dist.read_text("direct_url.json") or "{}")
    except ValueError:
        return False
    folder = told.get("dir_info") if isinstance(told, dict) else None
    return isinstance(folder, dict) and folder.get("editable") is True


def chosen(found: Iterable[Found], allow: frozenset[str] | None, without: frozenset[str] = frozenset()) -> Chosen:
    """Those that the operator allows and does not leave out, by the name of distribution or entry point."""
    every = [*found]
    wanted = None if allow is None else compared(allow)
    refused = compared(without - {EVERY})
    used: list[Found] = []
    off: list[tuple[Found, str]] = []
    for one in every:
        if EVERY in without or names(one) & refused.keys():
            off.append((one, LEFT_OUT))
        elif wanted is not None and not names(one) & wanted.keys():
            off.append((one, ALLOWED))
        else:
            used.append(one)
    known = sorted({one.distribution for one in every}) or ["—"]
    met = {name for one in every for name in names(one)}
    absent = [problem("E-PLUGIN-ABSENT", field=ALLOWED, value=name, known=known)
              for key, name in sorted((wanted or {}).items()) if key not in met]
    absent += [problem("E-PLUGIN-NO-SUCH", field=LEFT_OUT, value=name, known=known)
               for key, name in sorted(refused.items()) if key not in met]
    return Chosen(tuple(used), tuple(off), tuple(absent))


def compared(given: frozenset[str]) -> dict[str, str]:
    """The names as they are compared, to the names as they were written."""
    return {str(canonicalize_name(name)): name for name in given}


def names(one: Found) -> set[str]:
    """The names by which a plugin may be called."""
    return {str(canonicalize_name(one.distribution)), str(canonicalize_name(one.name))}


def range_problem(one: Found) -> Problem | None:
    """What is wrong between the plugin's declared range and the SDK that is here."""
    here = version(SDK)
    for wanted in requirements(one):
        if canonicalize_name(wanted.name) != SDK:
            continue
        if wanted.specifier.contains(here, prereleases=True):
            return None if wanted.specifier else problem("E-PLUGIN-RANGE-MISSING", plugin=one.label, actual=here)
        return problem("E-PLUGIN-RANGE", plugin=one.label, wanted=str(wanted.specifier), actual=here)
    return problem("E-PLUGIN-RANGE-MISSING", plugin=one.label, actual=here)


def needed_problem(one: Found) -> Problem | None:
    """A requirement that is not met. Whoever installed a distribution was told; a file is installed by nobody."""
    for wanted in requirements(one) if one.file else ():
        if canonicalize_name(wanted.name) == SDK:
            continue
        try:
            here = version(wanted.name)
        except PackageNotFoundError:
            here = "—"
        if here == "—" or not wanted.specifier.contains(here, prereleases=True):
            return problem("E-PLUGIN-NEEDS", plugin=one.label, wanted=str(wanted), actual=here)
    return None


def requirements(one: Found) -> Iterable[Requirement]:
    """What the plugin says that it needs here; what cannot be read says nothing."""
    for text in one.requires:
        try:
            wanted = Requirement(text)
        except InvalidRequirement:
            continue
        with suppress(UndefinedComparison, UndefinedEnvironmentName):  # it may compare what cannot be compared
            if not wanted.marker or wanted.marker.evaluate({"extra": ""}):
                yield wanted

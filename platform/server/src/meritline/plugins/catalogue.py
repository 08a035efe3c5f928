"""The frozen catalogue of installed indicator sets. Decides what the rest of the server may know of a plugin."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from meritline.errors import MeritlineError, NotFound, Problem, problem
from meritline.plugins.record_types import RecordTypes
from meritline_sdk import IndicatorSet, RewardTable, Scheme, Text, content_hash
from meritline_sdk.model.canonical import set_hash
from meritline_sdk.model.functions import PythonMeasure
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.settings import Settings
from meritline_sdk.model.templates import Starter, Template

if TYPE_CHECKING:
    from meritline.plugins.processes import Source


class NeedsPlugin(MeritlineError):
    """A plugin that is needed is not there; ``problem`` says which and why."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.code)
        self.problem = found
        self.args = (found.text(),)


@dataclass(frozen=True, slots=True)
class InstalledSet:
    """One indicator set and who brought it; ``content_hash`` names exactly what it says, ``python`` are the full names
    of its indicators that a function computes, ``source`` is where a process finds that function."""

    key: str
    plugin: str
    version: str
    author: str
    licence: str
    content_hash: str
    set: IndicatorSet
    source: "Source | None" = None
    python: tuple[str, ...] = ()
    fits: bool = False


@dataclass(frozen=True, slots=True)
class PluginReport:
    """One plugin as ``plugins list`` shows it; quarantined where a problem keeps it, or a set of it, out.

    ``left_out`` are its sets that are not used, as far as they are known; ``off`` is the setting by which the operator
    left the whole plugin out, unasked.
    """

    name: str
    distribution: str
    version: str
    author: str
    licence: str
    sets: tuple[str, ...]
    problems: tuple[Problem, ...]
    left_out: tuple[str, ...] = ()
    off: str | None = None
    source: "Source | None" = None
    content_hash: str = ""

    @property
    def label(self) -> str:
        """Name and version, as errors name a plugin."""
        return f"{self.distribution} {self.version} ({self.name})"

    @property
    def quarantined(self) -> bool:
        """Whether something of it is left out."""
        return any(found.severity == "error" for found in self.problems)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that the installed plugins bring, sorted by key, so that load order cannot matter."""

    sets: Mapping[str, InstalledSet]
    records: RecordTypes | Mapping[str, RecordDeclaration]
    plugins: tuple[PluginReport, ...]
    problems: tuple[Problem, ...]

    def require(self, set_key: str) -> InstalledSet:
        """The set, or an error that answers for an unknown one, or says why the one that is meant is left out."""
        found = self.sets.get(set_key)
        if found is None:
            why = self.why_absent(set_key)
            if why.code != "E-SET-ABSENT":
                raise NeedsPlugin(why)
            raise NotFound(kind="indicator set", value=set_key, field="indicator_sets")
        return found

    def report_of(self, installed: InstalledSet) -> PluginReport | None:
        """The plugin that brings a set."""
        return next((one for one in self.plugins if installed.key in one.sets), None)

    def source_of(self, module: str, set_key: str | None, plugin: str | None) -> "Source | None":
        """Where a process finds a function: with the plugin that brings the set of its indicator now, else with the
        distribution that brought it. Nobody else is asked, whatever modules it names its own."""
        usable = [one for one in self.plugins if one.source and one.sets and one.source.brings(module)]
        for one in (*(one for one in usable if set_key in one.sets),
                    *(one for one in usable if plugin in (None, one.distribution))):
            return one.source
        return None

    def why_absent(self, set_key: str, plugin: str = "", version: str = "") -> Problem:
        """Why a set that a company needs is not there: its plugin is quarantined, left out, or not installed.

        ``plugin`` and ``version`` are the distribution that brought it to the company.
        """
        return why_absent(self.plugins, set_key, plugin, version)

    def closure(self, set_keys: tuple[str, ...]) -> tuple[InstalledSet, ...]:
        """The sets and all that they use, those that are used first."""
        found: dict[str, InstalledSet] = {}

        def visit(key: str) -> None:
            if key not in found:
                one = self.require(key)
                for used in one.set.uses:
                    visit(used)
                found[key] = one

        for key in set_keys:
            visit(key)
        return tuple(found.values())

    def records_of(self, set_keys: tuple[str, ...]) -> dict[str, RecordDeclaration]:
        """The record types of these sets and what they use, with the fields that a company with them has."""
        records = self.records
        mine = records.for_sets(set_keys) if isinstance(records, RecordTypes) else records
        return {each.key: mine[each.key] for one in self.closure(set_keys) for each in one.set.records}

    def shown(self, record: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a record as a company sees them: what sets add that it may not have is left out where empty."""
        added = self.records.added(record) if isinstance(self.records, RecordTypes) else frozenset()
        return {name: value for name, value in fields.items() if value is not None or name not in added}

    def indicators(self, set_keys: tuple[str, ...] | None = None) -> Mapping[str, AnyIndicator]:
        """``set.key`` to indicator, of these sets and what they use, or of all."""
        chosen = self.closure(tuple(self.sets) if set_keys is None else set_keys)
        return MappingProxyType({
            f"{one.key}.{indicator.key}": indicator for one in chosen for indicator in one.set.indicators
        })

    def templates(self, set_keys: tuple[str, ...] | None = None) -> Mapping[str, Scheme]:
        """``set.key`` to everything a scheme may begin from: schemes, templates and starters of these sets and what
        they use, or of all."""
        chosen = self.closure(tuple(self.sets) if set_keys is None else set_keys)
        return MappingProxyType({f"{one.key}.{scheme.key}": scheme for one in chosen for scheme in (
            *one.set.schemes, *(each.scheme for each in one.set.offered()))})

    def reward_tables(self, set_keys: tuple[str, ...] | None = None) -> Mapping[str, RewardTable]:
        """``set.key`` to everything a reward table may begin from, as ``templates``."""
        chosen = self.closure(tuple(self.sets) if set_keys is None else set_keys)
        return MappingProxyType({f"{one.key}.{table.key}": table for one in chosen for table in (
            *one.set.rewards, *(found for each in one.set.offered() for found in each.rewards))})

    def settings(self, set_keys: tuple[str, ...] | None = None) -> Mapping[str, Settings]:
        """``set.key`` to what each starter sets of its indicators."""
        return MappingProxyType({key: one.settings for key, one in self.offered(set_keys).items()
                                 if isinstance(one, Starter) and one.settings})

    def offered(self, set_keys: tuple[str, ...] | None = None) -> Mapping[str, Template | Starter]:
        """``set.key`` to the templates and starters of these sets and what they use, or of all."""
        chosen = self.closure(tuple(self.sets) if set_keys is None else set_keys)
        return MappingProxyType({f"{one.key}.{each.scheme.key}": each for one in chosen
                                 for each in one.set.offered()})


def why_absent(plugins: Iterable[PluginReport], set_key: str, plugin: str, version: str) -> Problem:
    """Why none of these plugins brings the set: the one that should is quarantined, left out, or not among them."""
    for one in plugins:
        if set_key in one.left_out or (plugin and one.distribution == plugin):
            if one.off:
                return problem("E-SET-OFF", value=set_key, plugin=one.label, setting=one.off)
            told = next((each for each in one.problems if each.severity == "error"), None)
            if told:
                return problem("E-SET-QUARANTINED", value=set_key, plugin=one.label, reason=sentence(told),
                               cause=told.code)
            return problem("E-SET-DROPPED", value=set_key, plugin=one.label, version=version or "—")
    return problem("E-SET-ABSENT", value=set_key, plugin=f"{plugin} {version}".strip() or "—")


def sentence(told: Problem) -> Text:
    """What a problem says, inside the sentence of another."""
    return Text(told.message("en").rstrip("."), told.message("zh").rstrip("。"))


def functions_of(declared: IndicatorSet) -> Iterator[PythonMeasure]:
    """The Python measures of a set."""
    for one in declared.indicators:
        if isinstance(one, Indicator) and isinstance(one.measure, PythonMeasure):
            yield one.measure


def release_hash(declared: Sequence[IndicatorSet], known: Sequence[str] = ()) -> str:
    """The hash of everything that a plugin says, from the hashes of its sets where they are known; empty where
    something in it has no canonical form."""
    try:
        hashes = known or [*map(set_hash, declared)]
        return content_hash(tuple(sorted((one.key, hashed) for one, hashed in zip(declared, hashes, strict=True))))
    except Exception:  # a plugin may put anything into a dataclass; whoever uses the set is told what
        return ""

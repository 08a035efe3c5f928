"""The frozen catalogue of installed indicator sets. Decides what the rest of the server may know of a plugin."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from meritline.errors import NotFound, Problem, problem
from meritline.plugins.record_types import RecordTypes
from meritline_sdk import IndicatorSet, RewardTable, Scheme, Text, content_hash
from meritline_sdk.model.functions import PythonMeasure
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.settings import Settings
from meritline_sdk.model.templates import Starter, Template

if TYPE_CHECKING:
    from meritline.plugins.processes import Source


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
    entry: str = ""


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
        """The set, or an error that answers for an unknown one."""
        found = self.sets.get(set_key)
        if found is None:
            raise NotFound(kind="indicator set", value=set_key, field="indicator_sets")
        return found

    def source_of(self, module: str) -> "Source | None":
        """Where the function of a module is found: what uses it now, else the plugin of its top package."""
        for one in self.sets.values():
            if any(measure.module == module for measure in functions_of(one.set)):
                return one.source
        top = module.partition(".")[0]
        tops = {each.source.module.partition(".")[0]: each.source for each in reversed(self.plugins)
                if each.source and not each.quarantined and not each.off}
        return tops.get(top)

    def why_absent(self, set_key: str, plugin: str = "", version: str = "") -> Problem:
        """Why a set that a company needs is not there: its plugin is quarantined, left out, or not installed.

        ``plugin`` and ``version`` are the distribution that brought it to the company.
        """
        for one in self.plugins:
            if set_key in one.left_out or (plugin and one.distribution == plugin and (one.quarantined or one.off)):
                if one.off:
                    return problem("E-SET-OFF", value=set_key, plugin=one.label, setting=one.off)
                told = next((each for each in one.problems if each.severity == "error"), None)
                if told:
                    return problem("E-SET-QUARANTINED", value=set_key, plugin=one.label, reason=sentence(told),
                                   cause=told.code)
        needed = f"{plugin} {version}".strip() or "—"
        return problem("E-SET-ABSENT", value=set_key, plugin=needed)

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
            *one.set.schemes, *(each.scheme for each in (*one.set.templates, *one.set.starters)))})

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
                                 for each in (*one.set.templates, *one.set.starters)})


def sentence(told: Problem) -> Text:
    """What a problem says, inside the sentence of another."""
    return Text(told.message("en").rstrip("."), told.message("zh").rstrip("。"))


def functions_of(declared: IndicatorSet) -> Iterator[PythonMeasure]:
    """The Python measures of a set."""
    for one in declared.indicators:
        if isinstance(one, Indicator) and isinstance(one.measure, PythonMeasure):
            yield one.measure


def hash_of(declared: IndicatorSet) -> str:
    """The hash of everything a set says; it fails where something in it has no canonical form."""
    return content_hash((
        declared.key, declared.title, declared.records, declared.indicators, declared.schemes, declared.rewards,
        declared.uses, *((declared.templates, declared.starters) if declared.templates or declared.starters else ()),
        *((declared.extensions,) if declared.extensions else ()),
    ))  # fmt: skip

"""The frozen catalogue of installed indicator sets. Decides what the rest of the server may know of a plugin."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from meritline.errors import NotFound, Problem
from meritline_sdk import IndicatorSet, RewardTable, Scheme, content_hash
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.settings import Settings
from meritline_sdk.model.templates import Starter, Template


@dataclass(frozen=True, slots=True)
class InstalledSet:
    """One indicator set and who brought it; ``content_hash`` names exactly what it says."""

    key: str
    plugin: str
    version: str
    author: str
    licence: str
    content_hash: str
    set: IndicatorSet


@dataclass(frozen=True, slots=True)
class PluginReport:
    """One plugin as ``plugins list`` shows it; quarantined where a problem keeps it, or a set of it, out."""

    name: str
    distribution: str
    version: str
    author: str
    licence: str
    sets: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def quarantined(self) -> bool:
        """Whether something of it is left out."""
        return any(found.severity == "error" for found in self.problems)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that the installed plugins bring, sorted by key, so that load order cannot matter."""

    sets: Mapping[str, InstalledSet]
    records: Mapping[str, RecordDeclaration]
    plugins: tuple[PluginReport, ...]
    problems: tuple[Problem, ...]

    def require(self, set_key: str) -> InstalledSet:
        """The set, or an error that answers for an unknown one."""
        found = self.sets.get(set_key)
        if found is None:
            raise NotFound(kind="indicator set", value=set_key, field="indicator_sets")
        return found

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


def hash_of(declared: IndicatorSet) -> str:
    """The hash of everything a set says; it fails where something in it has no canonical form."""
    return content_hash((
        declared.key, declared.title, declared.records, declared.indicators, declared.schemes, declared.rewards,
        declared.uses, *((declared.templates, declared.starters) if declared.templates or declared.starters else ()),
        *((declared.extensions,) if declared.extensions else ()),
    ))  # fmt: skip

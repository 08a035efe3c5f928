"""From what each plugin brings to one catalogue. Decides clashes: where two disagree, both are named and left out.

Choosing one would make the result depend on an order that nobody sees.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from meritline.errors import Problem, problem
from meritline.plugins.catalogue import Catalogue, InstalledSet, PluginReport, hash_of
from meritline_sdk import IndicatorSet, content_hash

KEPT = "own"


@dataclass(frozen=True, slots=True)
class Brought:
    """One plugin with what it brings and what is wrong with it so far."""

    name: str
    distribution: str
    version: str
    author: str
    licence: str
    sets: tuple[IndicatorSet, ...]
    problems: tuple[Problem, ...]

    @property
    def label(self) -> str:
        """Name and version, as errors name a plugin."""
        return f"{self.distribution} {self.version} ({self.name})"


def assemble(brought: Iterable[Brought], problems: Iterable[Problem]) -> Catalogue:
    """The catalogue of the plugins that can be used together."""
    plugins = sorted(brought, key=lambda one: (one.distribution, one.name))
    found: dict[str, list[Problem]] = defaultdict(list)
    sets: list[tuple[Brought, InstalledSet]] = []
    for one in plugins:
        found[one.label].extend(one.problems)
        for declared in one.sets:
            try:
                if declared.key == KEPT:
                    raise ValueError(f"the key {KEPT!r} is kept for indicators that companies declare themselves")
                sets.append((one, InstalledSet(declared.key, one.distribution, one.version, one.author, one.licence,
                                               hash_of(declared), declared)))
            except Exception as wrong:  # a plugin may put anything into a dataclass
                found[one.label].append(problem("E-PLUGIN-DECLARES", plugin=one.label, reason=wrong))
    for refuse in (same_key, same_record, missing_use):
        sets = refuse(sets, found)
    kept = sorted((one for _, one in sets), key=lambda one: one.key)
    reports = tuple(report(one, kept, found[one.label]) for one in plugins)
    records = {record.key: record for one in kept for record in one.set.records}
    every = dict.fromkeys([*problems, *(each for one in reports for each in one.problems)])
    return Catalogue(
        MappingProxyType({one.key: one for one in kept}), MappingProxyType(dict(sorted(records.items()))), reports,
        tuple(every),
    )  # fmt: skip


type Sets = list[tuple[Brought, InstalledSet]]
type Problems = dict[str, list[Problem]]


def same_key(sets: Sets, found: Problems) -> Sets:
    """Without the sets whose key two plugins claim."""
    owners: dict[str, list[Brought]] = defaultdict(list)
    for plugin, one in sets:
        owners[one.key].append(plugin)
    for key, (first, *others) in owners.items():
        for second in others:
            clash = problem("E-PLUGIN-SET-TWICE", value=key, first=first.label, second=second.label)
            for label in {first.label, second.label}:
                found[label].append(clash)
    return [(plugin, one) for plugin, one in sets if len(owners[one.key]) == 1]


def same_record(sets: Sets, found: Problems) -> Sets:
    """Without the sets that declare one record type differently."""
    declared: dict[str, list[tuple[str, Brought]]] = defaultdict(list)
    for plugin, one in sets:
        for record in one.set.records:
            declared[record.key].append((content_hash(record), plugin))
    refused = {key for key, claims in declared.items() if len({here for here, _ in claims}) > 1}
    for key in sorted(refused):
        for here, plugin in declared[key]:
            other = next(against for there, against in declared[key] if there != here)
            found[plugin.label].append(
                problem("E-PLUGIN-RECORD-TWICE", value=key, first=plugin.label, second=other.label))
    return [(plugin, one) for plugin, one in sets if not refused & {record.key for record in one.set.records}]


def missing_use(sets: Sets, found: Problems) -> Sets:
    """Without the sets that use one which is not there, until nothing more falls."""
    present = {one.key for _, one in sets}
    kept: Sets = []
    for plugin, one in sets:
        absent = sorted(set(one.set.uses) - present)
        if not absent:
            kept.append((plugin, one))
        for key in absent:
            found[plugin.label].append(problem("E-PLUGIN-USES", plugin=plugin.label, value=one.key, uses=key))
    return kept if len(kept) == len(sets) else missing_use(kept, found)


def report(one: Brought, kept: list[InstalledSet], problems: list[Problem]) -> PluginReport:
    """The plugin as it is shown."""
    mine = {declared.key for declared in one.sets}
    used = tuple(each.key for each in kept if each.key in mine and each.plugin == one.distribution)
    return PluginReport(one.name, one.distribution, one.version, one.author, one.licence, used, tuple(problems))

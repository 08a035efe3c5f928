"""From what each plugin brings to one catalogue. Decides clashes: where two disagree, both are named and left out.

Choosing one would make the result depend on an order that nobody sees.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING

from meritline.errors import Problem, problem
from meritline.plugins.catalogue import Catalogue, InstalledSet, PluginReport, release_hash, why_absent
from meritline.plugins.extending import bad_extensions, same_field
from meritline.plugins.record_types import RecordTypes
from meritline_sdk import IndicatorSet, content_hash
from meritline_sdk.model.canonical import set_hash
from meritline_sdk.model.functions import PythonMeasure
from meritline_sdk.model.indicators import Indicator

if TYPE_CHECKING:
    from meritline.plugins.processes import Source

KEPT = "own"


@dataclass(frozen=True, slots=True)
class Brought:
    """One plugin with what it brings and what is wrong with it so far; ``off`` is the setting that leaves it out."""

    name: str
    distribution: str
    version: str
    author: str
    licence: str
    sets: tuple[IndicatorSet, ...] = ()
    problems: tuple[Problem, ...] = ()
    source: "Source | None" = None
    changing: bool = False
    off: str | None = None
    left_out: tuple[str, ...] = ()
    fits: bool = False
    words: str = ""
    """A digest of what it said to the letter, where it said it to us."""
    hashes: tuple[str, ...] = ()
    """The content hashes of its sets, where they are known: they are asked for again and again."""

    @property
    def content_hash(self) -> str:
        """The hash of everything that it says; empty where something in it has no canonical form."""
        return release_hash(self.sets, self.hashes) if self.sets else ""

    @property
    def label(self) -> str:
        """Name and version, as errors name a plugin."""
        return f"{self.distribution} {self.version} ({self.name})"


type Sets = list[tuple[Brought, InstalledSet]]
type Problems = dict[str, list[Problem]]


def assemble(brought: Iterable[Brought], problems: Iterable[Problem] = ()) -> Catalogue:
    """The catalogue of the plugins that can be used together."""
    plugins = sorted(brought, key=lambda one: (one.distribution, one.name))
    found: Problems = defaultdict(list)
    sets: Sets = []
    for one in plugins:
        found[one.label].extend(one.problems)
        for declared, known in zip_longest(one.sets, one.hashes[:len(one.sets)]):
            try:
                sets.append((one, installed(one, declared, known)))
            except Exception as wrong:  # a plugin may put anything into a dataclass
                found[one.label].append(problem("E-PLUGIN-DECLARES", plugin=one.label, reason=wrong))
    for refuse in (same_key, same_record):
        sets = refuse(sets, found)
    return cataloged(plugins, standing(sets, found), found, problems)


def standing(sets: Sets, found: Problems) -> Sets:
    """The sets that have all they need, until nothing more falls."""
    before = -1
    while len(sets) != before:
        before = len(sets)
        for refuse in (missing_use, bad_extensions, same_field):
            sets = refuse(sets, found)
    return sets


def installed(plugin: Brought, declared: IndicatorSet, known: str | None) -> InstalledSet:
    """The set with who brings it and which of its indicators need Python."""
    if declared.key == KEPT:
        raise ValueError(f"the key {KEPT!r} is kept for indicators that companies declare themselves")
    python = tuple(f"{declared.key}.{one.key}" for one in declared.indicators
                   if isinstance(one, Indicator) and isinstance(one.measure, PythonMeasure))
    return InstalledSet(declared.key, plugin.distribution, plugin.version, plugin.author, plugin.licence,
                        known or set_hash(declared), declared, plugin.source, python, plugin.fits)


def cataloged(plugins: list[Brought], sets: Sets, found: Problems, problems: Iterable[Problem]) -> Catalogue:
    """What stands, frozen and sorted."""
    kept = sorted((one for _, one in sets), key=lambda one: one.key)
    reports = tuple(report(one, [mine for plugin, mine in sets if plugin is one], found[one.label]) for one in plugins)
    records = RecordTypes({record.key: record for one in kept for record in one.set.records},
                          [added for one in kept for added in one.set.extensions],
                          MappingProxyType({one.key: one.set.uses for one in kept}), partial(why_absent, reports))
    every = dict.fromkeys([*problems, *(each for one in reports for each in one.problems)])
    return Catalogue(MappingProxyType({one.key: one for one in kept}), records, reports, tuple(every))


def noted(brought: Iterable[Brought], wrong: Mapping[str, Sequence[Problem]]) -> list[Brought]:
    """The same plugins with what was found out of them later, by label; an error leaves all sets of a plugin out."""
    return [with_problems(one, wrong[one.label]) if one.label in wrong else one for one in brought]


def with_problems(one: Brought, wrong: Sequence[Problem]) -> Brought:
    """The plugin with these problems too."""
    stands = all(each.severity == "warning" for each in wrong)
    return replace(one, problems=(*one.problems, *wrong), sets=one.sets if stands else (),
                   left_out=one.left_out if stands else keys_of(one.sets))


def hashes_of(sets: Sequence[IndicatorSet]) -> tuple[str, ...]:
    """The content hash of each set; nothing where one of them has none."""
    try:
        return tuple(map(set_hash, sets))
    except Exception:  # a plugin may put anything into a dataclass; whoever uses the set is told what
        return ()


def keys_of(sets: Sequence[IndicatorSet]) -> tuple[str, ...]:
    """The keys, as far as they are keys."""
    return tuple(one.key for one in sets if type(one.key) is str)


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
    used = tuple(sorted(each.key for each in kept))
    left = tuple(sorted({*one.left_out, *(each.key for each in one.sets)} - {*used}))
    return PluginReport(one.name, one.distribution, one.version, one.author, one.licence, used,
                        tuple(dict.fromkeys(problems)), left, one.off, one.source,
                        one.content_hash)

"""Fields that one set adds to the record type of another. Decides which additions can stand beside each other.

The SDK refuses most of this where the set is declared; what came from a plugin is checked again here.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from meritline.errors import Problem, problem
from meritline_sdk.model.fields import FieldSpec
from meritline_sdk.model.records import SUFFIXES, RecordExtension

if TYPE_CHECKING:
    from meritline.plugins.assembly import Brought, Problems, Sets


def bad_extensions(sets: "Sets", found: "Problems") -> "Sets":
    """Without the sets that add fields where they cannot."""
    owners: dict[str, set[str]] = defaultdict(set)
    for _, one in sets:
        for record in one.set.records:
            owners[record.key].add(one.key)
    kept: Sets = []
    for plugin, one in sets:
        wrong = [each for added in one.set.extensions
                 for each in misplaced(plugin, one.key, one.set.uses, added, owners)]
        found[plugin.label].extend(wrong)
        if not wrong:
            kept.append((plugin, one))
    return kept


def misplaced(plugin: "Brought", key: str, uses: tuple[str, ...], added: RecordExtension,
              owners: dict[str, set[str]]) -> Iterator[Problem]:
    """What is wrong with one extension by itself."""
    if added.record not in owners:
        yield problem("E-PLUGIN-EXTENDS-ABSENT", plugin=plugin.label, value=added.record, set=key,
                      known=sorted(owners) or ["—"])
    elif not owners[added.record] & set(uses):
        yield problem("E-PLUGIN-EXTENDS-FOREIGN", plugin=plugin.label, value=added.record, set=key,
                      uses=sorted(owners[added.record]))
    for spec in added.fields:
        if added.by != key or not spec.name.startswith(f"{key}__") or not spec.optional:
            reason = f"the field {spec.name!r} added to {added.record!r} is not an optional one named {key}__…"
            yield problem("E-PLUGIN-DECLARES", plugin=plugin.label, reason=reason)


def same_field(sets: "Sets", found: "Problems") -> "Sets":
    """Without the sets that add a field whose columns are there already: both of two that add it, never the declaring
    one."""
    taken: dict[tuple[str, str], list[tuple[Brought, str, str]]] = defaultdict(list)
    for plugin, one in sets:
        for added in one.set.extensions:
            for spec in added.fields:
                for column in columns_of(spec):
                    taken[added.record, column].append((plugin, one.key, spec.name))
    declared = {(record.key, column): plugin for plugin, one in sets for record in one.set.records
                for spec in record.fields for column in columns_of(spec)}
    refused: set[str] = set()
    for (record, column), claims in sorted(taken.items(), key=lambda each: each[0]):
        first = declared.get((record, column), claims[0][0])
        if len(claims) == 1 and (record, column) not in declared:
            continue
        for plugin, key, name in claims:
            other = next((each for each, _, _ in claims if each is not plugin), first)
            found[plugin.label].append(problem("E-PLUGIN-FIELD-TWICE", value=name, record=record, first=plugin.label,
                                               second=other.label))
            refused.add(key)
    return [(plugin, one) for plugin, one in sets if one.key not in refused]


def columns_of(spec: FieldSpec) -> tuple[str, ...]:
    """The columns that a field takes: those that name people or teams take several."""
    return tuple(spec.name + suffix for suffix in SUFFIXES.get(spec.kind, ("",)))

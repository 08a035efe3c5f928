"""Fields that one set adds to the record type of another. Decides which additions can stand beside each other.

The SDK refuses most of this where the set is declared; what came from a plugin is checked again here.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from meritline.errors import Problem, problem
from meritline_sdk.model.records import RecordExtension

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
    """Without the sets that add a field which is there already: both of two that add it, never the declaring one."""
    taken: dict[tuple[str, str], list[tuple[Brought, str]]] = defaultdict(list)
    for plugin, one in sets:
        for added in one.set.extensions:
            for spec in added.fields:
                taken[added.record, spec.name].append((plugin, one.key))
    declared = {(record.key, spec.name): plugin for plugin, one in sets for record in one.set.records
                for spec in record.fields}
    refused: set[str] = set()
    for (record, name), claims in sorted(taken.items()):
        first = declared.get((record, name), claims[0][0])
        if len(claims) == 1 and (record, name) not in declared:
            continue
        for plugin, key in claims:
            other = next((each for each, _ in claims if each is not plugin), first)
            found[plugin.label].append(problem("E-PLUGIN-FIELD-TWICE", value=name, record=record, first=plugin.label,
                                               second=other.label))
            refused.add(key)
    return [(plugin, one) for plugin, one in sets if one.key not in refused]

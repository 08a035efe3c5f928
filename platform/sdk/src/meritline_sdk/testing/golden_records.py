"""The records of a golden case. Decides which types it may hold, and how a record gets what the case leaves out."""

from collections.abc import Iterable, Mapping
from typing import Any

from meritline_sdk.evaluate.expressions import Record
from meritline_sdk.model.indicators import Indicator, indicator_tallies
from meritline_sdk.model.nodes import Field, Other, walk
from meritline_sdk.model.records import EXTERNAL_ID, DeclarationError, RecordDeclaration
from meritline_sdk.testing.values import CaseError, field_value

SOURCE = "source"
FROM = "golden"
"""The source of a record that names none."""
NAMES = frozenset({EXTERNAL_ID, SOURCE})
MOST_REMEMBERED = 1000
LOOKED_AT: dict[int, tuple[Indicator, tuple[str, ...]]] = {}
"""By identity, the indicator kept beside it: to hash one takes as long as to read it."""


def looked_at(indicator: Indicator) -> tuple[str, ...]:
    """The record types that the indicator measures or looks at; many cases are of one indicator."""
    before = LOOKED_AT.get(id(indicator))
    if before and before[0] is indicator:
        return before[1]
    if len(LOOKED_AT) >= MOST_REMEMBERED:
        LOOKED_AT.clear()
    found = types_of(indicator)
    LOOKED_AT[id(indicator)] = indicator, found
    return found


def types_of(indicator: Indicator) -> tuple[str, ...]:
    """The same, read from its expressions."""
    nodes = (node for tally in indicator_tallies(indicator) for part in tally.nodes() for node in walk(part))
    fields = (node.field if isinstance(node, Other) else node for node in nodes if isinstance(node, Field | Other))
    return tuple(dict.fromkeys((*indicator.records(), *(each.record for each in fields))))


def known(indicator: Indicator) -> dict[str, RecordDeclaration]:
    """The record types of the indicator, which another set may have declared."""
    from meritline_sdk.explain.words import known_records

    everything = known_records()
    return {key: everything[key] for key in looked_at(indicator) if key in everything}


def records_of(body: Mapping[str, Any], indicator: Indicator, declared: Mapping[str, RecordDeclaration],
               place: str) -> dict[str, tuple[Record, ...]]:
    """The records by type; those without an external id are named 1, 2, 3 in order."""
    types = looked_at(indicator)
    found: dict[str, list[Record]] = {}
    for number, (key, row) in enumerate(rows_of(body, types), 1):
        where = f"{place}, record {number}"
        if key is None or key not in declared:
            raise CaseError(f"{where}: say record = one of {', '.join(types)}; got {key!r}")
        values = {**defaults_of(body, declared, types, key), **row}
        found.setdefault(key, []).append(record_of(declared[key], values, str(number), where))
    return {key: tuple(part) for key, part in found.items()}


def rows_of(body: Mapping[str, Any], types: tuple[str, ...]) -> Iterable[tuple[str | None, Mapping[str, Any]]]:
    """Each record with its type."""
    given = body.get("records", [])
    if isinstance(given, Mapping):
        return [(key, row) for key, part in given.items() for row in part]
    return [(row.get("record", types[0] if len(types) == 1 else None), row) for row in given]


def defaults_of(body: Mapping[str, Any], declared: Mapping[str, RecordDeclaration], types: tuple[str, ...], key: str,
                ) -> dict[str, Any]:
    """The defaults of a record type: those in a table of its name, and those of its fields for all types."""
    given = body.get("defaults", {})
    own = given.get(key, {}) if key in declared and isinstance(given.get(key), Mapping) else {}
    shared = {name: value for name, value in given.items() if not (name in declared and isinstance(value, Mapping))}
    elsewhere = {spec.name for each in types if each in declared for spec in declared[each].fields}
    names = {spec.name for spec in declared[key].fields}
    return {name: value for name, value in shared.items() if name in names or name not in elsewhere} | own


def record_of(declared: RecordDeclaration, values: Mapping[str, Any], number: str, where: str) -> Record:
    """The record with its typed values."""
    found: dict[str, Any] = {EXTERNAL_ID: str(values.get(EXTERNAL_ID, number)), SOURCE: str(values.get(SOURCE, FROM))}
    for name, value in values.items():
        if name == "record" or name in NAMES:
            continue
        try:
            found[name] = field_value(declared.field(name), value, where)
        except DeclarationError as problem:
            raise CaseError(f"{where}: {problem}") from problem
    return found

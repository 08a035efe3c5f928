"""Documents as TOML that a person goes on editing. Decides the layout: scalars first, small tables on one line."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import tomlkit
from tomlkit.items import AoT, InlineTable, Item, Table

from meritline_sdk.model.canonical import decimal_text


def toml_text(document: Mapping[str, Any]) -> str:
    """The document as TOML; ``read_toml`` gives the same document again."""
    written = tomlkit.document()
    for key, value in ordered(document):
        written.add(key, outer(value))
    return tomlkit.dumps(written)


def ordered(table: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What fits on a line before what is a section of its own, since a section ends only where the next begins."""
    return sorted(table.items(), key=lambda one: section(one[1]))


def section(value: Any) -> int:
    """0: a line; 1: a table with lines of its own; 2: a list of tables."""
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        return 2
    return int(isinstance(value, Mapping) and any(isinstance(one, Mapping | list) for one in value.values()))


def outer(value: Any) -> Item:
    """A value at the outer level, where tables may be sections."""
    kind = section(value)
    if kind == 0:
        return inner(value)
    if kind == 1:
        table: Table = tomlkit.table()
        for key, one in ordered(value):
            table.add(key, fields(one) if isinstance(one, Mapping) and len(one) > 3 else outer(one))
        return table
    rows: AoT = tomlkit.aot()
    for one in value:
        row = tomlkit.table()
        for key, each in ordered(one):
            row.add(key, outer(each) if section(each) == 2 else inner(each))
        rows.append(row)
    return rows


def fields(value: Mapping[str, Any]) -> Table:
    """A section whose values are one line each."""
    table = tomlkit.table()
    for key, one in value.items():
        table.add(key, inner(one))
    return table


def inner(value: Any) -> Item:
    """A value on one line; decimals keep every digit."""
    if isinstance(value, Mapping):
        found: InlineTable = tomlkit.inline_table()
        for key, one in value.items():
            found.append(key, inner(one))
        return found
    if isinstance(value, list | tuple):
        many = tomlkit.array()
        for one in value:
            many.append(inner(one))
        return many
    if isinstance(value, Decimal):
        return tomlkit.value(decimal_text(value))  # type: ignore[no-any-return]
    return tomlkit.item(value)  # type: ignore[no-any-return]

"""Small values of a source document. Decides their forms: texts that may be empty, lists of them, conditions."""

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from meritline.documents import Table
from meritline.records.patterns import BadPattern, pattern
from meritline.records.sources.mapping import Conditions

SCALARS = (str, int, Decimal)
LONGEST = 500


def scalar_text(value: Any) -> str | None:
    """A scalar as a cell would show it; None where it is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, SCALARS) and len(str(value)) <= LONGEST and "\0" not in str(value):
        return str(value).strip()
    return None


def words(table: Table, key: str) -> frozenset[str] | None:
    """One text or a list of them, the empty text among them; None where the key is absent."""
    value = table.raw(key)
    if value is None:
        return None
    found = [scalar_text(one) for one in (value if isinstance(value, list | tuple) else [value])]
    if None in found:
        table.report("E-DOC-LIST", key, value=value)
        return frozenset()
    return frozenset(one for one in found if one is not None)


def word(table: Table, key: str) -> str | None:
    """One scalar as text; it may be empty."""
    value = table.raw(key)
    found = None if value is None else scalar_text(value)
    if value is not None and found is None:
        table.report("E-DOC-TEXT", key, value=value, longest=LONGEST)
    return found


def columns(table: Table, key: str, *, required: bool = False) -> tuple[str, ...]:
    """One column or a list of columns, each by the name its header has."""
    value = table.raw(key, required=required)
    if value is None:
        return ()
    found = [value] if isinstance(value, str) else value
    named = isinstance(found, list | tuple) and all(isinstance(one, str) and one.strip() for one in found)
    if not named or not found:
        table.report("E-SOURCE-COLUMNS", key, value=value)
        return ()
    return tuple(" ".join(one.split()) for one in found)


def mark(table: Table, key: str) -> str | None:
    """A short separator; it may be a blank or a tab."""
    value = table.raw(key)
    if value is None or (isinstance(value, str) and 1 <= len(value) <= 5):
        return value
    table.report("E-SOURCE-MARK", key, value=value)
    return None


def conditions(table: Table, key: str) -> Conditions:
    """``{ outcome = ["PHANTOM"] }``: columns with the values that count."""
    inner = table.table(key)
    if inner is None:
        return MappingProxyType({})
    found = {" ".join(name.split()): words(inner, name) or frozenset() for name in inner.data}
    return MappingProxyType(found)


def translations(table: Table, key: str) -> Mapping[str, str]:
    """``{ "已完成" = "resolved" }``: what a raw value means."""
    inner = table.table(key)
    if inner is None:
        return MappingProxyType({})
    return MappingProxyType({name.strip(): word(inner, name) or "" for name in inner.data})


def patterns(table: Table, key: str) -> tuple[str, ...]:
    """Date patterns such as ``%Y/%m/%d %H:%M``, one or several."""
    value = table.raw(key)
    if value is None:
        return ()
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list | tuple) or not all(isinstance(one, str) for one in found):
        table.report("E-DOC-LIST", key, value=value)
        return ()
    kept = []
    for one in found:
        try:
            pattern(one)
            kept.append(one)
        except (BadPattern, re.error) as wrong:
            table.report("E-SOURCE-PATTERN", key, value=one, reason=str(wrong))
    return tuple(kept)

"""The fields of a source document. Decides which options fit which kind of field."""

from collections.abc import Mapping
from typing import Any, Final

from meritline.documents import Document, Path, Table
from meritline.documents.table import nearest_first
from meritline.errors import Problem
from meritline.records.sources.mapping import FieldMapping
from meritline.records.sources.values import columns, conditions, mark, patterns, translations, word, words
from meritline_sdk.model.fields import Choice, FieldSpec
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.records import RecordDeclaration

MOMENTS: Final = frozenset({Kind.INSTANT, Kind.DAY})
CODED: Final = frozenset({Kind.PERSON, Kind.PEOPLE, Kind.TEAM})
FITS: Final[Mapping[str, frozenset[Kind]]] = {
    "format": MOMENTS,
    "rolls_over_from": frozenset({Kind.INSTANT}),
    "true": frozenset({Kind.FLAG}),
    "false": frozenset({Kind.FLAG}),
    "ignore": frozenset({Kind.FLAG}),
    "external_codes": CODED,
    "decimal": frozenset({Kind.NUMBER, Kind.INT}),
    "thousands": frozenset({Kind.NUMBER, Kind.INT}),
    "unit": frozenset({Kind.NUMBER, Kind.INT}),
    "separator": frozenset({Kind.PEOPLE}),
    "parts": frozenset({Kind.PEOPLE}),
    "count": frozenset({Kind.PEOPLE}),
}


class Defaults:
    """What the source says for all its fields."""

    def __init__(self, missing: frozenset[str], code_space: str | None, moments: dict[Kind, tuple[str, ...]]) -> None:
        self.missing, self.code_space, self.moments = missing, code_space, moments


def field_mappings(table: Table | None, record: RecordDeclaration, defaults: Defaults) -> tuple[FieldMapping, ...]:
    """Every field that the source fills, in the order of the record type."""
    if table is None:
        return ()
    specs = {spec.name: spec for spec in record.fields}
    found: dict[str, FieldMapping] = {}
    for name in table.data:
        table.asked.add(name)
        if name not in specs:
            table.report("E-SOURCE-FIELD", name, value=name, record=record.key, known=nearest_first(name, specs)[:8])
            continue
        found[name] = field_mapping(table, name, specs[name], defaults)
    for spec in record.fields:
        if spec.name not in found and not spec.optional:
            table.report("E-SOURCE-REQUIRED", value=spec.name, record=record.key)
    check_roll_overs(table, found)
    return tuple(found[spec.name] for spec in record.fields if spec.name in found)


def field_mapping(table: Table, name: str, spec: FieldSpec, defaults: Defaults) -> FieldMapping:
    """One field: a table of options, or only the name of its column."""
    inner = None if isinstance(table.data[name], str) else table.table(name)
    inner = inner or shorthand(table, name)
    mapping = options(inner, spec, defaults)
    mapping_ways = [bool(mapping.columns), mapping.constant is not None, bool(mapping.alternatives)]
    if sum(mapping_ways) != 1:
        inner.report("E-SOURCE-ORIGIN")
    return mapping


def shorthand(table: Table, name: str) -> Table:
    """``visits = "上门次数"`` read as ``visits = { column = "上门次数" }``, with the same place."""
    return Nested(table, name, {"column": table.data[name]} if isinstance(table.data[name], str) else {})


class Nested(Table):
    """A table that stands for a single value."""

    def __init__(self, outer: Table, key: str, data: Mapping[str, Any]) -> None:
        super().__init__(outer.document, outer.problems, (*outer.path, key))
        self.data = data


def options(table: Table, spec: FieldSpec, defaults: Defaults) -> FieldMapping:
    """All options of one field; those that mean nothing for its kind are reported."""
    for key, kinds in FITS.items():
        if table.has(key) and spec.kind not in kinds:
            table.report("E-SOURCE-OPTION", key, value=key, kind=spec.kind, fits=sorted(kinds))
    own = words(table, "missing")
    one, many = columns(table, "column"), columns(table, "columns")
    if len(one) > 1:
        table.report("E-SOURCE-COLUMNS", "column", value=table.data["column"])
    mapping = FieldMapping(
        spec=spec,
        columns=one or many,
        constant=word(table, "constant"),
        alternatives=tuple(options(each, spec, defaults) for each in table.tables("first_of")),
        when=conditions(table, "when"),
        missing=defaults.missing if own is None else own | {""},
        formats=patterns(table, "format") or defaults.moments.get(spec.kind, ()),
        rolls_over_from=table.text("rolls_over_from"),
        true=folded(words(table, "true")),
        false=folded(words(table, "false")),
        ignore=folded(words(table, "ignore")),
        values=translations(table, "map"),
        otherwise=word(table, "otherwise"),
        code_space=table.text("external_codes") or defaults.code_space,
        decimal=mark(table, "decimal") or ".",
        thousands=mark(table, "thousands"),
        unit=mark(table, "unit"),
        separator=mark(table, "separator"),
        part_separator=mark(table, "parts"),
        count_column=next(iter(columns(table, "count")), None),
    )
    table.finish()
    check_meaning(table, mapping)
    return mapping


def folded(found: frozenset[str] | None) -> frozenset[str]:
    """Words compared without regard to case."""
    return frozenset(one.casefold() for one in found or ())


def check_meaning(table: Table, mapping: FieldMapping) -> None:
    """Options that contradict each other or the field."""
    spec = mapping.spec
    if mapping.ignore and not spec.optional:
        table.report("E-SOURCE-IGNORE", "ignore", value=sorted(mapping.ignore))
    for words_twice in sorted((mapping.true & mapping.false) | (mapping.true & mapping.ignore)
                              | (mapping.false & mapping.ignore)):  # fmt: skip
        table.report("E-DOC-TWICE", "true", value=words_twice)
    if bool(mapping.true) != bool(mapping.false) and spec.kind is Kind.FLAG:
        table.report("E-SOURCE-FLAG", "true" if mapping.true else "false")
    if isinstance(spec, Choice):
        meant = [*mapping.values.values(), *([mapping.otherwise] if mapping.otherwise else []),
                 *([mapping.constant] if mapping.constant is not None else [])]  # fmt: skip
        for value in sorted({one for one in meant if one not in spec.options and one not in mapping.missing}):
            table.report("E-SOURCE-CHOICE", "map", value=value, known=nearest_first(value, spec.options))


def check_roll_overs(table: Table, found: Mapping[str, FieldMapping]) -> None:
    """An instant may roll over from another instant that the source fills, and that one from no other."""
    for name, mapping in found.items():
        other = mapping.rolls_over_from
        if other is None:
            continue
        base = found.get(other)
        if base is None or base.spec.kind is not Kind.INSTANT or base.rolls_over_from is not None or other == name:
            path: Path = (*table.path, name, "rolls_over_from")
            table.problems.append(place(table.document, path, other))


def place(document: Document, path: Path, other: str) -> Problem:
    """The problem of a roll-over that leads nowhere."""
    return document.problem("E-SOURCE-ROLL", path, value=other)

"""The rows of a file as records of a type. Decides which column is which field, and that a bad row is left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from meritline_sdk.evaluate.expressions import Record
from meritline_sdk.model.fields import FieldSpec
from meritline_sdk.model.records import EXTERNAL_ID, RecordDeclaration
from meritline_sdk.trying.refusals import Refusal, refusal
from meritline_sdk.trying.tables import Table
from meritline_sdk.trying.values import CellError, field_value

SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The records of one file; ``rows`` is how many rows it has."""

    file: str
    record: RecordDeclaration
    records: tuple[Record, ...]
    rows: int
    refusals: tuple[Refusal, ...]


def load(table: Table, record: RecordDeclaration, zone: str, language: str) -> Loaded:
    """The records of the table, and everything that is wrong with it."""
    refusals = list(table.refusals)
    columns = columns_of(table, record, language, refusals)
    found: dict[str, tuple[int, Record]] = {}
    for line, row in table.rows if columns is not None else ():
        made = record_of(row, columns or {}, record, table.name, line, zone, language, refusals)
        if made is None:
            continue
        name = str(made[EXTERNAL_ID])
        if name in found:
            refusals.append(refusal("twice", table.name, line, EXTERNAL_ID, name, first=found[name][0]))
        found[name] = (line, made)
    return Loaded(table.name, record, tuple(one for _, one in found.values()), len(table.rows) + len(
        {one.line for one in table.refusals if one.line}), tuple(refusals))


def columns_of(table: Table, record: RecordDeclaration, language: str,
               refusals: list[Refusal]) -> dict[str, FieldSpec | None] | None:
    """The field of each column (None: the record's id or its source); None where the file cannot be of the type."""
    known = names_of(record)
    columns: dict[str, FieldSpec | None] = {}
    for header in table.header:
        folded = header.strip().casefold()
        if folded in (EXTERNAL_ID, SOURCE):
            columns[header] = None
        elif folded in known:
            columns[header] = known[folded]
        elif folded:
            refusals.append(refusal("column_unknown", table.name, 1, header, record=titled(record, language),
                                    hint=nearest(header, [spec.name for spec in record.fields])))
    present = {spec.name for spec in columns.values() if spec is not None}
    absent = [spec for spec in record.fields if not spec.optional and spec.name not in present]
    if not table.rows:
        return columns
    for spec in absent:
        refusals.append(refusal("column_absent", table.name, 1, spec.name, record=titled(record, language),
                                hint=nearest(spec.name, [one for one in table.header if one not in columns])))
    return None if absent else columns


def names_of(record: RecordDeclaration) -> dict[str, FieldSpec]:
    """The fields by what a header may call them: the name, the title in either language."""
    found: dict[str, FieldSpec] = {}
    for spec in record.fields:
        for title in (spec.title.en, spec.title.zh) if spec.title else ():
            found.setdefault(title.casefold(), spec)
    return found | {spec.name.casefold(): spec for spec in record.fields}


def nearest(name: str, known: Iterable[str]) -> str:
    """The nearest name, or all of them."""
    names = [one for one in known if one]
    near = get_close_matches(name.casefold(), {one.casefold(): one for one in names}, n=1)
    if near:
        return f"→ {next(one for one in names if one.casefold() == near[0])}"
    return ", ".join(names)


def record_of(row: Mapping[str, Any], columns: Mapping[str, FieldSpec | None], record: RecordDeclaration, file: str,
              line: int, zone: str, language: str, refusals: list[Refusal]) -> Record | None:
    """The record of a row; None where something in it is refused."""
    made: dict[str, object | None] = {EXTERNAL_ID: str(line), SOURCE: file}
    wrong: list[Refusal] = []
    for header, spec in columns.items():
        cell = row.get(header)
        if spec is None:
            name = header.strip().casefold()
            made[name] = str(cell).strip() if cell is not None and str(cell).strip() else made[name]
            continue
        try:
            made[spec.name] = field_value(spec, cell, zone)
        except CellError as problem:
            wrong.append(refusal(problem.rule, file, line, spec.name, cell, **problem.told))
            continue
        if made[spec.name] is None and not spec.optional:
            wrong.append(refusal("missing", file, line, spec.name, record=titled(record, language)))
    for spec in record.fields:
        made.setdefault(spec.name, None)
    refusals += wrong
    return None if wrong else made


def titled(record: RecordDeclaration, language: str) -> str:
    """What the record type is called."""
    return record.title.in_language(language)

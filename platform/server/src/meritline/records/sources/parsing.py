"""Source documents: TOML of a manifest or JSON of a mutation, to a mapping or every mistake in it."""

from collections.abc import Mapping
from typing import Any, Final

from meritline.documents import Document, Path, Table
from meritline.documents.table import nearest_first
from meritline.errors import Problem
from meritline.records.formats import FORMATS, Hints, is_encoding
from meritline.records.sources.fields import Defaults, field_mappings
from meritline.records.sources.folding import fold_order
from meritline.records.sources.mapping import EXTERNAL_ID, CoverageMode, SourceMapping, Twice
from meritline.records.sources.values import columns, conditions, mark, patterns, words
from meritline_sdk.evaluate.windows import PeriodError, zone_of
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.records import RecordDeclaration

MOST_HEADER_ROWS: Final = 100


def parse_source(
    document: Document | Mapping[str, Any],
    declarations: Mapping[str, RecordDeclaration],
    *,
    key: str,
    path: Path = (),
) -> SourceMapping | list[Problem]:
    """The mapping of the source ``key``, whose table stands at ``path`` of the document, or all that is wrong with it.

    A file ``sources.toml`` has one table per source: call it with ``path=(key,)`` for each. Without ``record`` the
    source is for the record type of its own name.
    """
    whole = document if isinstance(document, Document) else Document(document)
    problems: list[Problem] = []
    table = Table(whole, problems, path)
    mapping = read_source(table, declarations, key)
    return problems or mapping or problems


def read_source(table: Table, declarations: Mapping[str, RecordDeclaration], key: str) -> SourceMapping | None:
    """The mapping; what it lacks is in the problems."""
    record = declarations.get(table.text("record", default=key) or key)
    missing = words(table, "missing")
    missing = (missing or frozenset()) | {""}
    moments = {Kind.INSTANT: patterns(table, "instant_format"), Kind.DAY: patterns(table, "day_format")}
    defaults = Defaults(missing, table.text("external_codes"), moments)
    hints, zone, fields = read_hints(table), time_zone(table), table.table("fields", required=True)
    if record is None:
        named = str(table.data.get("record", key))
        table.report("E-SOURCE-RECORD", "record", value=named, known=nearest_first(named, declarations)[:8])
    id_columns, id_separator = external_id(table)
    mapped = field_mappings(fields, record, defaults) if record else ()
    rest: dict[str, Any] = {
        "skip_when": conditions(table, "skip_when"),
        "fold": fold_order(table.table("fold"), moments),
        "strict": table.flag("strict"),
        "only_known_columns": table.choice("unknown_columns", ("ignore", "refuse"), default="ignore") == "refuse",
        "coverage": CoverageMode(table.choice("coverage", [*CoverageMode]) or CoverageMode.BY_ROWS),
        "twice": Twice(table.choice("repeated_hour", [*Twice]) or Twice.FIRST),
    }
    table.finish()
    if record is None:
        return None
    return SourceMapping(key=key, record=record, fields=mapped, hints=hints, time_zone=zone, id_columns=id_columns,
                         id_separator=id_separator, missing=missing, **rest)  # fmt: skip


def read_hints(table: Table) -> Hints:
    """What the source says of its files."""
    encoding = table.text("encoding")
    if encoding is not None and not is_encoding(encoding):
        table.report("E-SOURCE-ENCODING", "encoding", value=encoding)
    delimiter = mark(table, "delimiter")
    if delimiter is not None and (len(delimiter) > 1 or delimiter in '"\r\n'):
        table.report("E-SOURCE-MARK", "delimiter", value=delimiter)
        delimiter = None
    row = table.whole("header_row", least=1, default=1) or 1
    if row > MOST_HEADER_ROWS:
        table.report("E-DOC-MOST", "header_row", value=row, limit=MOST_HEADER_ROWS)
    told = table.choice("format", FORMATS)
    return Hints(told, encoding, table.text("sheet"), delimiter, min(row, MOST_HEADER_ROWS))  # type: ignore[arg-type]


def time_zone(table: Table) -> str | None:
    """The zone of local times; the tenant's own where nothing is said."""
    name = table.text("time_zone")
    if name is None:
        return None
    try:
        zone_of(name)
    except PeriodError:
        table.report("E-TIME-ZONE", "time_zone", value=name)
        return None
    return name


def external_id(table: Table) -> tuple[tuple[str, ...], str]:
    """The columns that together name a record, and what stands between them."""
    if isinstance(table.data.get(EXTERNAL_ID), Mapping):
        inner = table.table(EXTERNAL_ID)
        assert inner is not None
        found, separator = columns(inner, "columns", required=True), mark(inner, "separator") or ":"
        inner.finish()
        return found, separator
    return columns(table, EXTERNAL_ID, required=True), ":"

"""Keys of rows: the external id, the place in the order of a case, the digest of what a row says.

The digest is over the values of the fields by name, what is missing left out, so that neither the order of columns nor
a field that a record type gains later makes an old row a new version. Codes count, not whom they mean today.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

import msgspec

from meritline.records.clock import LocalClock
from meritline.records.formats import Chunk, column, damaged
from meritline.records.sources.mapping import FieldMapping, OrderPart, SourceMapping
from meritline.records.validate.converters import (
    MOST_REMEMBERED,
    Converter,
    DayConverter,
    Failure,
    MomentConverter,
    NumberConverter,
)
from meritline.records.validate.fields import Failures
from meritline_sdk.model.fields import Day, Instant, Int

LONGEST_ID: Final = 200
DIGEST_BYTES: Final = 16
BEGUN: Final = blake2b(digest_size=DIGEST_BYTES).copy
SHIFT: Final = 10**18
encode_lines = msgspec.json.Encoder().encode_lines


def external_ids(chunk: Chunk, mapping: SourceMapping) -> tuple[Sequence[str], Failures]:
    """The id of every row."""
    columns = [column(chunk, name) for name in mapping.id_columns]
    ids: Sequence[str] = columns[0]
    if len(columns) > 1:
        ids = [mapping.id_separator.join(parts) for parts in zip(*columns, strict=True)]
    failures: Failures = {}
    for cells in columns:
        for row, part in enumerate(cells):
            if part in mapping.missing:
                failures[row] = (Failure("E-ROW-ID-MISSING"), part)
    together = "".join(ids)
    if max(map(len, ids), default=0) > LONGEST_ID or not (together.isascii() and together.isprintable()):
        for row, one in enumerate(ids):
            if len(one) > LONGEST_ID:
                failures[row] = (Failure("E-ROW-LONG", {"limit": LONGEST_ID, "length": len(one)}), one)
            elif damaged(one):
                failures[row] = (Failure("E-ROW-TEXT"), one)
    return ids, failures


def digests(names: Sequence[str], columns: Sequence[Sequence[Any]], rows: int) -> list[bytes]:
    """The digest of every row; ``names`` are sorted, so that it does not depend on the order of the record type."""
    if not columns:
        return [digest(b"{}")] * rows
    written = encode_lines(list(map(row_of(tuple(names)), *columns))).split(b"\n")
    return list(map(digest, written[: len(columns[0])]))


def digest(line: bytes) -> bytes:
    """The digest of a row's JSON; a copy of a beginning costs less than a beginning."""
    begun = BEGUN()
    begun.update(line)
    return begun.digest()


@lru_cache(maxsize=512)
def row_of(names: tuple[str, ...]) -> Callable[..., Any]:
    """Makes rows whose JSON leaves out what is missing."""
    return msgspec.defstruct("Row", [(name, Any, None) for name in names], omit_defaults=True, gc=False)


class FoldKeys:
    """The place of every line in the order of its case, as text that sorts as the order does."""

    def __init__(self, order: Sequence[OrderPart], source: SourceMapping, clock: LocalClock) -> None:
        self.parts = [(part, order_converter(part, source, clock)) for part in order]

    def keys(self, chunk: Chunk) -> tuple[list[str], list[tuple[str, Failures]]]:
        """The keys, and where a column of the order could not be read."""
        columns: list[list[str]] = []
        failed: list[tuple[str, Failures]] = []
        for part, converter in self.parts:
            if converter is None:
                columns.append([f"{line:010d}" for line in chunk.lines])
                continue
            raw = chunk.cells(part.column or "")
            texts: list[Any] = list(map(converter.__getitem__, raw))
            if converter.failed:
                wrong: Failures = {row: (text, raw[row]) for row, text in enumerate(texts) if type(text) is Failure}
                failed.append((part.column or "", wrong))
                texts = ["" if type(text) is Failure else text for text in texts]
            columns.append(texts)
        return ["|".join(parts) for parts in zip(*columns, strict=True)], failed


class Sorting(dict[str, Any]):
    """Texts of a column of the order to texts that sort as their values do; what is missing comes first."""

    def __init__(self, inner: Converter) -> None:
        super().__init__()
        self.inner, self.failed = inner, False

    def __missing__(self, raw: str) -> Any:
        value = self.inner.value(raw)
        if type(value) is Failure:
            self.failed = True
            return value
        text = "" if value is None else sortable(value)
        if len(self) < MOST_REMEMBERED:
            self[raw] = text
        return text


def order_converter(part: OrderPart, source: SourceMapping, clock: LocalClock) -> Sorting | None:
    """How a column of the order is read."""
    if part.kind == "line":
        return None
    spec = {"instant": Instant(), "day": Day(), "int": Int()}[part.kind]
    mapping = FieldMapping(spec=spec, columns=(part.column or "",), formats=part.formats, missing=source.missing)
    if part.kind == "int":
        return Sorting(NumberConverter(mapping))
    return Sorting((MomentConverter if part.kind == "instant" else DayConverter)(mapping, clock))


def sortable(value: Any) -> str:
    """A value as text that sorts as the value does."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else f"{int(value) + SHIFT:019d}"

"""Chunks made ready for the database, away from the event loop. Decides how much is applied at once.

The first batches are small so that the database soon has work; from then on it applies one batch while the next is
read and validated. A column in which no row of a chunk has anything is not sent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from meritline.records.columns import Column, columns_of
from meritline.records.copying import (
    NULL,
    Cells,
    CellWriter,
    digest_cells,
    moment_cells,
    moments,
    payload,
    text_cells,
)
from meritline.records.formats import Chunk
from meritline.records.marking import Marks, Named
from meritline.records.sources import SourceMapping
from meritline.records.statements import STAGED
from meritline.records.validate.rows import Validated, Validator
from meritline_sdk.model.kinds import Kind

FIRST_ROWS: Final = 1000
BATCH_ROWS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Piece:
    """The rows of a chunk as COPY takes them, with the columns it has."""

    columns: tuple[str, ...]
    data: bytes


@dataclass(slots=True)
class Batch:
    """What is applied at once. ``again``: rows that say what another row of the batch says, by their lines;
    ``in_order``: whether their ids ascend, as the database compares them (code points, like Python)."""

    validated: list[Validated] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    named: list[tuple[Sequence[str], Named]] = field(default_factory=list)
    digests: dict[str, bytes] = field(default_factory=dict)
    again: set[int] = field(default_factory=set)
    in_order: bool = True
    last: str = ""

    @property
    def rows(self) -> int:
        """The rows that are staged."""
        return len(self.digests)


class Contradiction(Exception):
    """Rows of one id that say different things: which is right, only the whole file tells."""


class Preparer:
    """Makes batches of the chunks of one delivery; ``whole``: rows are sent with what tells lines of an id apart."""

    def __init__(self, source: SourceMapping, validator: Validator, marks: Marks, *, whole: bool) -> None:
        self.validator, self.marks, self.whole = validator, marks, whole
        self.stored = [column for mapping in source.fields for column in columns_of(mapping.spec)]
        self.writers = [CellWriter(column) for column in self.stored]
        self.own = [CellWriter(column) for column in STAGED]

    def batches(self, chunks: Iterator[Chunk]) -> Iterator[Batch]:
        """The chunks of a file, several at once."""
        batch, wanted, count = Batch(), FIRST_ROWS, 0
        for chunk in chunks:
            validated = self.validator.validated(chunk)
            self.add(batch, validated)
            count += validated.lines
            if count >= wanted:
                yield batch
                batch, wanted, count = Batch(), min(2 * wanted, BATCH_ROWS), 0
        if batch.validated:
            yield batch

    def add(self, batch: Batch, validated: Validated) -> None:
        """One more chunk."""
        batch.validated.append(validated)
        if not self.whole:
            validated = once(batch, validated)
        if not validated.ids:
            return
        batch.in_order = batch.in_order and ascending(batch, validated.ids)
        batch.last = validated.ids[-1]
        filled = [(column, writer, values) for column, writer, values in
                  zip(self.stored, self.writers, validated.stored, strict=True)
                  if values[0] is not None or values.count(None) < len(values)]  # fmt: skip
        instants = {column.name: moments(values) for column, _, values in filled if column.kind is Kind.INSTANT}
        cells = [moment_cells(instants[column.name]) if column.name in instants else writer.cells(values)
                 for column, writer, values in filled]  # fmt: skip
        names = tuple(column.name for column, _, _ in filled)
        before = self.staged(validated)
        batch.pieces.append(Piece((*before, *names), payload([*before.values(), *cells])))
        if not self.whole:
            days = [values for column, _, values in filled if column.kind is Kind.DAY]
            columns = {column.name: values for column, _, values in filled}
            batch.named.append((validated.ids, self.marks.named(columns, instants.values(), days)))

    def staged(self, validated: Validated) -> dict[str, Cells]:
        """The columns beside those of the fields."""
        ids, digests = text_cells(validated.ids), digest_cells(validated.digests)
        if not self.whole:
            return {"external_id": ids, "digest": digests}
        line, _, _, fold, unresolved = self.own
        folds = [NULL if one is None else one for one in fold.cells(validated.folds)]
        return {"#line": line.cells(validated.numbers), "external_id": ids, "digest": digests, "fold_key": folds,
                "#unresolved": unresolved.cells(validated.open_rows)}  # fmt: skip


def once(batch: Batch, validated: Validated) -> Validated:
    """The rows of ids that the batch has not yet; raises where another row of an id says something else."""
    known, ids, digests = batch.digests, validated.ids, validated.digests
    if len(set(ids)) == len(ids) and known.keys().isdisjoint(ids):
        known.update(zip(ids, digests, strict=True))
        return validated
    keep = []
    for line, one, digest in zip(validated.numbers, ids, digests, strict=True):
        keep.append(one not in known)
        if known.setdefault(one, digest) != digest:
            raise Contradiction
        if not keep[-1]:
            batch.again.add(line)
    return validated.only(keep)


def ascending(batch: Batch, ids: Sequence[str]) -> bool:
    """Whether these ids go on where those of the batch ended, each behind the one before."""
    return batch.last <= ids[0] and list(ids) == sorted(ids)


def all_columns(source: SourceMapping) -> tuple[Column, ...]:
    """Every column that a source may fill."""
    return tuple(column for mapping in source.fields for column in columns_of(mapping.spec))


def filled_fields(source: SourceMapping, batch: Batch) -> tuple[str, ...]:
    """The fields that have a value in any row of the batch."""
    sent = {name for piece in batch.pieces for name in piece.columns}
    return tuple(mapping.spec.name for mapping in source.fields
                 if any(column.name in sent for column in columns_of(mapping.spec)))  # fmt: skip


def rows_of(batch: Batch) -> Iterator[tuple[int, str, bool, Any]]:
    """Every row that was staged or says what another said: line, id, whether a code is open, the reasons."""
    for one in batch.validated:
        for line, external_id, unresolved in zip(one.numbers, one.ids, one.open_rows, strict=True):
            yield line, external_id, unresolved, one.unresolved.get(line, ())

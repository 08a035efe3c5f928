"""Rejected rows written to a file. Decides that the file can be mended and imported by the same source.

It has the columns of the first file, the line it came from and the reasons; our own columns begin with ``#`` and are no
data. A delimited file keeps its delimiter and the encoding that the source names; a workbook becomes CSV.
"""

import csv
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec

from meritline.errors import MeritlineError
from meritline.messages import Language
from meritline.records.formats import Table
from meritline.records.formats.chunks import LINE_COLUMN, REASONS_COLUMN
from meritline.records.rejecting import scrubbed_text
from meritline.records.sources import SourceMapping
from meritline.records.validate.rows import Reject


class RejectsFile:
    """Appears under its name when the import is done, and not at all when it is given up or nothing was rejected."""

    def __init__(self, path: Path, language: Language = "en") -> None:
        self.path, self.language, self.count = path, language, 0
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._file: IO[str] | None = None
        self._table: Table | None = None
        self._encoding = "utf-8-sig"
        self._line: Callable[[Reject], None] | None = None

    def like(self, table: Table, source: SourceMapping | None = None) -> None:
        """Write in the form of this file, in the encoding that its source names."""
        self._table = table
        self._encoding = (source and source.hints.encoding) or ("utf-8" if table.format == "ndjson" else "utf-8-sig")

    def write(self, reject: Reject) -> None:
        """One rejected row."""
        if self._line is None:
            self._line = self._opened()
        self._line(reject)
        self.count += 1

    def _opened(self) -> Callable[[Reject], None]:
        """The writer of the table's form, its header written."""
        assert self._table is not None
        try:
            self._file = self._part.open("w", encoding=self._encoding, errors="backslashreplace", newline="")
        except OSError as error:
            raise MeritlineError("E-FILE-REJECTS", value=str(self.path), reason=error.strerror) from error
        if self._table.header is None:
            return self._as_json
        header = [name for name in self._table.header if name not in (LINE_COLUMN, REASONS_COLUMN)]
        writer = csv.writer(self._file, delimiter=self._table.delimiter, lineterminator="\n")
        writer.writerow([*header, LINE_COLUMN, REASONS_COLUMN])
        return lambda reject: writer.writerow(
            [*(scrubbed_text(reject.raw.get(name, "")) for name in header), reject.line, self._reasons(reject)]
        )

    def _as_json(self, reject: Reject) -> None:
        """A rejected line of NDJSON, as an object again; what was no object stands under an empty name."""
        assert self._file is not None
        row = {name: scrubbed_text(value) for name, value in reject.raw.items() if not name.startswith("#")}
        told = row | {LINE_COLUMN: str(reject.line), REASONS_COLUMN: self._reasons(reject)}
        self._file.write(msgspec.json.encode(told).decode() + "\n")

    def _reasons(self, reject: Reject) -> str:
        """All reasons in one cell."""
        return " | ".join(each.text(self.language) for each in reject.reasons)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if self._file is None:
            return
        self._file.close()
        if kind is None:
            self._part.replace(self.path)
        else:
            self._part.unlink(missing_ok=True)

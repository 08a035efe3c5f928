"""Opening a file of records. Decides its format: what it is beats what it is called or said to be.

A zip archive is a workbook, a first line that begins with a brace is NDJSON unless the source says otherwise; the rest
is delimited text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from meritline.records.formats.chunks import Table
from meritline.records.formats.container import ZIP, Content, FileRefused
from meritline.records.formats.delimited import delimited_table
from meritline.records.formats.limits import DEFAULT_LIMITS, Limits
from meritline.records.formats.ndjson import ndjson_table

type Format = Literal["csv", "tsv", "ndjson", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "tsv", "ndjson", "xlsx")
ENDINGS: dict[str, Format] = {
    ".csv": "csv", ".txt": "csv", ".tsv": "tsv", ".tab": "tsv", ".ndjson": "ndjson", ".jsonl": "ndjson",
    ".json": "ndjson", ".xlsx": "xlsx", ".xlsm": "xlsx",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hints:
    """What a source says of its files; what it leaves out is found out."""

    format: Format | None = None
    encoding: str | None = None
    sheet: str | None = None
    delimiter: str | None = None
    header_row: int = 1


def open_table(
    given: Path | bytes, hints: Hints | None = None, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Table:
    """The file as a table that can be read any number of times; raises ``FileRefused`` and its kind.

    The header is read here, the rows only when the chunks are.
    """
    hints = hints or Hints()
    content = Content(given, name or (given.name if isinstance(given, Path) else "upload"), limits)
    match format_of(content, hints):
        case "xlsx":
            from meritline.records.formats.xlsx import xlsx_table  # its library is large, and most starts need none

            return xlsx_table(content, hints.sheet, hints.header_row)
        case "ndjson":
            return ndjson_table(content, hints.encoding)
        case "tsv":
            return delimited_table(content, hints.encoding, hints.delimiter or "\t", hints.header_row)
        case _:
            return delimited_table(content, hints.encoding, hints.delimiter, hints.header_row)


def format_of(content: Content, hints: Hints) -> Format:
    """The format of the file."""
    if content.head.startswith(ZIP):
        return "xlsx"
    ending = Path(content.name.lower().removesuffix(".gz")).suffix
    told = hints.format or ENDINGS.get(ending)
    if told == "xlsx" and hints.format is None:
        raise FileRefused("E-FILE-FORMAT", file=content.name, value=ending, known=FORMATS)
    if told is None and content.head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return "ndjson"
    if told is None and ending in (".xls", ".ods", ".pdf", ".zip", ".doc", ".docx"):
        raise FileRefused("E-FILE-FORMAT", file=content.name, value=ending, known=FORMATS)
    return "csv" if told in (None, "xlsx") else told


def open_rows(
    given: Path | bytes, hints: Hints | None = None, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and values of every row that can be cut into columns."""
    for chunk in open_table(given, hints, name=name, limits=limits).chunks():
        for place, line in enumerate(chunk.lines):
            yield line, chunk.raw(place)

"""Files of records: CSV, TSV, NDJSON and XLSX, each also gzipped, in UTF-8 or GB18030."""

from meritline.records.formats.chunks import BadRow, Chunk, ObjectChunk, Table, column
from meritline.records.formats.container import FileRefused
from meritline.records.formats.decoding import damaged, is_encoding
from meritline.records.formats.limits import DEFAULT_LIMITS, Limits
from meritline.records.formats.opening import FORMATS, Format, Hints, open_rows, open_table

__all__ = [
    "DEFAULT_LIMITS",
    "FORMATS",
    "BadRow",
    "Chunk",
    "FileRefused",
    "Format",
    "Hints",
    "Limits",
    "ObjectChunk",
    "Table",
    "column",
    "damaged",
    "is_encoding",
    "open_rows",
    "open_table",
]

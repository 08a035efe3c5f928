"""How the example tenants' own systems export: each its own format, so that the demo imports what companies have."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

type Row = dict[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class Export:
    """A file of one source: ``source`` is its key in the tenant's ``sources.toml``."""

    source: str
    name: str
    rows: Sequence[Row]
    encoding: str = "utf-8"
    delimiter: str = ","


def write(export: Export, folder: Path) -> Path:
    """Write the file and return its path; the ending decides the format."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / export.name
    if path.suffix == ".ndjson":
        path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in export.rows))
        return path
    with path.open("w", encoding=export.encoding, newline="") as file:
        names = list(dict.fromkeys(name for row in export.rows for name in row))
        writer = csv.DictWriter(file, names, delimiter=export.delimiter, restval="")
        writer.writeheader()
        writer.writerows(export.rows)
    return path

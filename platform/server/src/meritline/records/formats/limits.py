"""How much a file may ask for. Decides the bounds that keep a hostile file from taking the memory or the disk."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one file; the defaults let real exports of millions of rows through."""

    unpacked_bytes: int = 8 * 1024**3
    workbook_bytes: int = 1024**3
    # Deflate reaches 1032 on zeros, real exports stay below 60; only from `suspicious_bytes` on does it matter.
    packing_ratio: int = 200
    suspicious_bytes: int = 64 * 1024**2
    line_characters: int = 1024**2
    cell_characters: int = 128 * 1024
    columns: int = 2000


DEFAULT_LIMITS = Limits()

"""A delivery: a file or a body of records with what its sender said of it, and what was counted so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from meritline.records.formats import Table
from meritline.records.repeating import Request
from meritline.records.sources.mapping import SourceMapping
from meritline.records.summary import RowVerdict
from meritline.records.validate.rows import Reject, Validated


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a delivery is."""

    lines: int
    bytes_read: int
    bytes_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What is to be ingested, and what the sender said of it."""

    source: SourceMapping
    table: Table
    actor: str
    file_name: str | None = None
    request: Request | None = None
    period: tuple[date, date] | None = None
    rows_wanted: bool = False
    progress: Callable[[Progress], None] | None = None
    rejected: Callable[[Reject], None] | None = None


@dataclass(slots=True)
class Tally:
    """What has been counted so far."""

    lines: int = 0
    skipped: int = 0
    rejected: int = 0
    kept_rejects: int = 0
    first_day: date | None = None
    last_day: date | None = None
    rejects: list[RowVerdict] = field(default_factory=list)

    def count(self, chunk: Validated) -> None:
        """Add a chunk."""
        self.lines += chunk.lines
        self.skipped += chunk.skipped
        if chunk.first_day and chunk.last_day:
            self.first_day = min(self.first_day or chunk.first_day, chunk.first_day)
            self.last_day = max(self.last_day or chunk.last_day, chunk.last_day)

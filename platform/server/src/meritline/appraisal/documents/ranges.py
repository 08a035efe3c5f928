"""Rows ``from``/``to`` of a table of ranges. Decides that they cover everything once, and says where they do not."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from meritline.documents import Table

type Number = Callable[[Table, str], Decimal | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One range; an end that is None is open."""

    table: Table
    low: Decimal | None
    high: Decimal | None


def read_rows(tables: list[Table], number: Number, lowest: Decimal | None, highest: Decimal | None) -> list[Row] | None:
    """The rows from low to high, or None with every gap and overlap reported.

    ``lowest`` and ``highest`` are the ends of what can occur (None: no end): a row that reaches them is open there.
    """
    before = len(tables[0].problems) if tables else 0
    rows = [opened(Row(table, number(table, "from"), number(table, "to")), lowest, highest) for table in tables]
    rows.sort(key=lambda row: (row.low is not None, row.low or Decimal(0)))
    for row in rows:
        if row.low is not None and row.high is not None and row.low >= row.high:
            row.table.report("E-BANDS-EMPTY", "to", value=row.high, low=row.low)
    if rows and len(rows[0].table.problems) == before:
        report_seams(rows)
    return rows if rows and len(tables[0].problems) == before else None


def opened(row: Row, lowest: Decimal | None, highest: Decimal | None) -> Row:
    """The row with its ends open where nothing can lie beyond them."""
    low = None if row.low is not None and lowest is not None and row.low <= lowest else row.low
    high = None if row.high is not None and highest is not None and row.high >= highest else row.high
    return Row(row.table, low, high)


def report_seams(rows: list[Row]) -> None:
    """Report what no row covers and what two rows cover, going up."""
    if rows[0].low is not None:
        rows[0].table.report("E-BANDS-BELOW", "from", low=rows[0].low)
    top = rows[0]  # the row that reaches highest so far
    for row in rows[1:]:
        if top.high is not None and row.low is not None and top.high < row.low:
            row.table.report("E-BANDS-GAP", "from", low=top.high, high=row.low)
        elif top.high is None or row.low is None or row.low < top.high:
            ends = [end for end in (top.high, row.high) if end is not None]
            row.table.report("E-BANDS-OVERLAP", "from", low="…" if row.low is None else row.low,
                             high=min(ends, default="…"))
        if top.high is not None and (row.high is None or row.high > top.high):
            top = row
    if top.high is not None:
        top.table.report("E-BANDS-ABOVE", "to", high=top.high)

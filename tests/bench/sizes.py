"""How much work a benchmark run does. Decides the sizes behind ``--size``.

``small`` works on 0.1 million records and ends within minutes; ``medium`` has a million, of which a month of 5,000
employees is appraised, as the goals name it; ``large`` has the same month among ten million. Every size has as many
records for an employee. ``tiny`` only shows that the benchmarks themselves work: its figures mean nothing.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Size:
    """The sizes of one run of all benchmarks."""

    name: str
    rounds: int
    import_rows: int
    employees: int
    records: int
    others: int
    """Records of other months beside those of the appraised one."""
    cards: int
    card_records: int
    load_seconds: float
    single_seconds: float
    reads: int
    """Reads of one form in a round of the scope benchmark."""
    months: int
    month_records: int
    connections: int = 16


SIZES: Final = {
    each.name: each
    for each in (
        Size("tiny", rounds=1, import_rows=2_000, employees=100, records=8_000, others=0, cards=150,
             card_records=3_000, load_seconds=1, single_seconds=1, reads=100, months=3, month_records=1_000),
        Size("small", rounds=3, import_rows=25_000, employees=645, records=100_000, others=0, cards=5_000,
             card_records=50_000, load_seconds=2.5, single_seconds=2, reads=400, months=12, month_records=5_000),
        Size("medium", rounds=5, import_rows=100_000, employees=5_000, records=777_000, others=223_000, cards=5_000,
             card_records=100_000, load_seconds=5, single_seconds=5, reads=1_000, months=12, month_records=50_000),
        Size("large", rounds=5, import_rows=200_000, employees=5_000, records=777_000, others=9_223_000, cards=5_000,
             card_records=100_000, load_seconds=5, single_seconds=5, reads=1_000, months=12, month_records=50_000),
    )
}  # fmt: skip

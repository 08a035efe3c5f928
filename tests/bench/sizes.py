"""How much work a benchmark run does. Decides the sizes behind ``--size``.

``small`` has the sizes that the product's goals name and ends within minutes; ``medium`` has more of everything;
``tiny`` only shows that the benchmarks themselves work, and its figures mean nothing.
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
    cards: int
    card_records: int
    connections: int
    load_seconds: float
    months: int
    month_records: int


SIZES: Final = {
    each.name: each
    for each in (
        Size("tiny", rounds=1, import_rows=2_000, employees=200, records=8_000, cards=120, card_records=2_400,
             connections=4, load_seconds=0.5, months=3, month_records=1_000),
        Size("small", rounds=3, import_rows=50_000, employees=5_000, records=500_000, cards=1_000, card_records=30_000,
             connections=8, load_seconds=4, months=12, month_records=50_000),
        Size("medium", rounds=5, import_rows=100_000, employees=5_000, records=1_000_000, cards=5_000,
             card_records=100_000, connections=8, load_seconds=10, months=12, month_records=100_000),
    )
}  # fmt: skip

"""Dimensions and weights as written. Decides what a document must say of them, and finds sums that do not come out."""

from decimal import Decimal

from meritline.appraisal.documents.blanks import Said, number
from meritline.documents import Table
from meritline.documents.table import nearest_first
from meritline_sdk import Item, Text
from meritline_sdk.model.blanks import is_open
from meritline_sdk.model.records import DeclarationError
from meritline_sdk.model.weights import MUST_SUM_TO_100, UNDECIDED, Dimension, heavier, sums, whole_weights

HEAVIEST = 10**6
HUNDRED = Decimal(100)
NEAR = 80, 120
"""Weights that sum to so much were most likely meant as percentages; 1 + 1 + 1 was not."""


def read_dimensions(tables: list[Table]) -> tuple[Dimension, ...]:
    """Every ``[[dimension]]``; those with problems are left out."""
    found: dict[str, Dimension] = {}
    for table in tables:
        before = len(table.problems)
        key, weight = table.key("key", required=True), number(table, "weight", least=0, most=HEAVIEST)
        title, inner = table.title(default=key), table.flag("inner")
        table.finish()
        if inner and not table.has("weight"):
            table.report("E-DIMENSION-WEIGHT", "weight", value=key)
        if key in found:
            table.report("E-DOC-TWICE", "key", value=key)
        if len(table.problems) == before and key is not None:
            found[key] = Dimension(key, title or Text(key, key), weight, inner)
    return tuple(found.values())


def check_weights(table: Table, items: tuple[Item, ...], dimensions: tuple[Dimension, ...], choice: str,
                  tolerance: Said, *, may_be_open: bool = False) -> None:
    """Report sums that the scheme's choice does not allow; tell of those that it does allow and that are not 100."""
    last = ("item", len(items) - 1, "weight")
    for one in dimensions:
        if not any(item.dimension == one.key for item in items):
            table.report("E-DIMENSION-EMPTY", "dimension", value=one.key)
    for wanted, key, weights in sums(items, dimensions):
        if wanted is None or not weights or is_open(tolerance, *weights):
            continue
        total = sum(map(Decimal, weights), Decimal(0))  # type: ignore[arg-type]
        away = abs(wanted - total)
        if choice == UNDECIDED:
            if key is None and not may_be_open:
                table.report("E-SCHEME-WEIGHTS-UNDECIDED", "weights", total=total, raw=total * 4 / 5)
        elif total == 0:
            table.report("E-SCHEME-WEIGHTS-ZERO", *last)
        elif choice == MUST_SUM_TO_100 and away > Decimal(tolerance):  # type: ignore[arg-type]
            code = ("E-DIMENSION-SUM" if key else "E-SCHEME-WEIGHTS") + ("" if total < wanted else "-OVER")
            table.report(code, *last, total=total, wanted=wanted, difference=away, dimension=key, raw=total * 4 / 5)
        elif choice != MUST_SUM_TO_100 and key is None and total != HUNDRED and NEAR[0] <= total <= NEAR[1]:
            table.report("E-SCHEME-WEIGHTS-NOT-100", *last, total=total, raw=total * 4 / 5, choice=choice)


def check_heaviest(table: Table, items: tuple[Item, ...], dimensions: tuple[Dimension, ...],
                   heaviest: tuple[str, ...]) -> None:
    """Report an item that outweighs one which none may outweigh; tell of one that weighs the same."""
    weights = whole_weights(items, dimensions)
    for place, key in enumerate(heaviest):
        if key not in weights:
            table.report("E-SCHEME-HEAVIEST-UNKNOWN", "heaviest", place, value=key,
                         known=nearest_first(key, weights)[:5])
    known = tuple(key for key in heaviest if key in weights)
    try:
        found = heavier(items, dimensions, known)
    except DeclarationError:
        return
    if found is not None:
        table.report("E-SCHEME-HEAVIEST", "heaviest", value=found[2], other=found[0], weight=shown(found[1]),
                     limit=shown(found[3]))
    for key in known:
        for name, weight in weights.items():
            if weight is not None and weight == weights[key] and name not in heaviest:
                table.report("E-SCHEME-HEAVIEST-EQUAL", "heaviest", value=key, other=name, weight=shown(weight))


def shown(weight: object) -> Decimal:
    """A weight of the whole as it is told: two decimals."""
    return (Decimal(weight.numerator) / Decimal(weight.denominator)).quantize(Decimal("0.01"))  # type: ignore[attr-defined]



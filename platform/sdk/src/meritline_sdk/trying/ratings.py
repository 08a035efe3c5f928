"""Ratings from a file, for indicators that people give. Decides what such a file must say.

Columns: ``indicator``, ``subject`` (the employee), ``role``, ``value``; where they are known ``rater``, ``scale_min``
and ``scale_max``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from meritline_sdk.evaluate.ratings import Rating
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.rated import ROLES, RatedIndicator, role_named
from meritline_sdk.trying.records import nearest
from meritline_sdk.trying.refusals import Refusal, refusal
from meritline_sdk.trying.tables import Table
from meritline_sdk.trying.values import DECIMAL

NEEDED = ("indicator", "subject", "role", "value")
KNOWN = (*NEEDED, "rater", "scale_min", "scale_max")
NAMES = {"employee": "subject", "person": "subject"}
WORD = "rating"


@dataclass(frozen=True, slots=True)
class GivenRating:
    """A rating with whom it is about, and by which indicator (its full name)."""

    indicator: str
    subject: str
    rating: Rating


def load_ratings(table: Table, indicators: Mapping[str, AnyIndicator]) -> tuple[tuple[GivenRating, ...], list[Refusal]]:
    """The ratings, and everything that is wrong with the file."""
    refusals = list(table.refusals)
    columns = {header: NAMES.get(name, name) for header in table.header if (name := header.strip().casefold())}
    absent = [name for name in NEEDED if name not in columns.values()]
    if table.rows:
        refusals += [refusal("column_absent", table.name, 1, name, record=WORD, hint=nearest(name, table.header))
                     for name in absent]
    found: list[GivenRating] = []
    for line, row in () if absent else table.rows:
        cells = {columns[header]: str(cell).strip() for header, cell in row.items()
                 if header in columns and cell is not None and columns[header] in KNOWN}
        made = rating_of(cells, indicators, table.name, line)
        if isinstance(made, Refusal):
            refusals.append(made)
        else:
            found.append(made)
    return tuple(found), refusals


def rating_of(cells: Mapping[str, str], indicators: Mapping[str, AnyIndicator], file: str,
              line: int) -> GivenRating | Refusal:
    """The rating of a row, or what is wrong with it."""
    for name in NEEDED:
        if not cells.get(name):
            return refusal("missing", file, line, name, record=WORD)
    rated = {key: one for key, one in indicators.items() if isinstance(one, RatedIndicator)}
    key = next((name for name in rated if cells["indicator"] in (name, name.partition(".")[2])), None)
    if key is None:
        return refusal("rated", file, line, "indicator", cells["indicator"], hint=nearest(cells["indicator"], rated))
    role = role_named(cells["role"].casefold().replace(" ", "_"))
    if role not in ROLES:
        return refusal("role", file, line, "role", cells["role"], known=", ".join(ROLES))
    numbers: dict[str, Any] = {}
    for name in ("value", "scale_min", "scale_max"):
        if cells.get(name):
            if not DECIMAL.fullmatch(cells[name]):
                return refusal("number", file, line, name, cells[name])
            numbers[name] = Decimal(cells[name])
    low, high = numbers.get("scale_min", rated[key].scale_min), numbers.get("scale_max", rated[key].scale_max)
    if not low <= numbers["value"] <= high or low >= high:
        return refusal("scale", file, line, "value", cells["value"], low=low, high=high)
    return GivenRating(key, cells["subject"], Rating(role, rater=cells.get("rater") or None, **numbers))

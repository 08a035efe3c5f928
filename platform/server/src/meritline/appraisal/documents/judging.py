"""Judged points: from so many to so many each. Decides that what is judged outside the range cannot come in.

The records that carry the points must refuse them at their own border; a scheme that would let them through is refused.
"""

from collections.abc import Mapping
from decimal import Decimal

from meritline.documents import Path, Table
from meritline_sdk.model import fields
from meritline_sdk.model.blanks import Blank
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.measures import Sum
from meritline_sdk.model.nodes import Field
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.rules import Judged


def judged_problem(table: Table, path: Path, rule: Judged, name: str, indicators: Mapping[str, AnyIndicator],
                   records: Mapping[str, RecordDeclaration]) -> None:
    """Report unless the indicator sums a whole number whose declared limits lie within the range."""
    indicator = indicators.get(name)
    if indicator is None or isinstance(rule.least, Blank) or isinstance(rule.most, Blank):
        return
    measure = indicator.measure if isinstance(indicator, Indicator) else None
    value = measure.tally.value if isinstance(measure, Sum) else None
    if not isinstance(value, Field):
        table.report("E-JUDGED-SUM", *path, "rule", value=name)
        return
    found = next((one for one in records[value.record].fields if one.name == value.name), None) if (
        value.record in records) else None
    if found is None:
        return
    low, high = (found.minimum, found.maximum) if isinstance(found, fields.Int) else (None, None)
    if low is None or high is None or low < Decimal(rule.least) or high > Decimal(rule.most):
        table.report("E-JUDGED-RANGE", *path, "rule", value=name, field_name=f"{value.record}.{value.name}",
                     low="…" if low is None else low, high="…" if high is None else high, least=rule.least,
                     most=rule.most)

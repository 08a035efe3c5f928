"""Rule and target of a line, both in the unit of its indicator. Decides what each may be."""

from collections.abc import Mapping

from meritline.appraisal.documents.blanks import Said
from meritline.appraisal.documents.fitting import fit_problems
from meritline.appraisal.documents.quantities import quantity
from meritline.appraisal.documents.rules import read_rule
from meritline.documents import Table
from meritline.documents.table import nearest_first
from meritline_sdk.model.blanks import Blank
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.rated import RatedIndicator
from meritline_sdk.model.rules import Rule, ToTarget
from meritline_sdk.model.units import Direction, Unit

type Indicators = Mapping[str, AnyIndicator]


def read_indicator(table: Table, indicators: Indicators, *, required: bool = True) -> str | None:
    """The indicator that a line looks at."""
    name = table.text("indicator", required=required)
    if name is not None and name not in indicators:
        table.report("E-INDICATOR-UNKNOWN", "indicator", value=name, known=nearest_first(name, indicators)[:3])
        return None
    return name


def read_points(table: Table, name: str, indicators: Indicators, *,
                told: bool = False) -> tuple[Rule | None, Said | None]:
    """Rule and target of an indicator, both in its unit; of what is only told the rule need not fit."""
    indicator = indicators.get(name)
    if indicator is None:
        table.report("E-INDICATOR-UNKNOWN", "indicator", value=name, known=nearest_first(name, indicators)[:3])
        table.table("rule", required=True)
        table.has("target")
        return None, None
    if isinstance(indicator, RatedIndicator) and indicator.needs_name:
        table.report("E-INDICATOR-UNNAMED", "indicator", value=name)
    found, target = read_rule_table(table, indicator.unit, indicator.better, name)
    if found is not None and not told:
        fit_problems(table, found, target, indicator, name)
    return found, target


def read_rule_table(table: Table, unit: Unit, better: Direction, name: str) -> tuple[Rule | None, Said | None]:
    """``rule`` and ``target`` in a unit."""
    rule = table.table("rule", required=True)
    target = quantity(table, "target", unit, name)
    found = read_rule(rule, unit, better, name) if rule else None
    if found is not None and found.needs_target and not table.has("target"):
        table.report("E-TARGET-MISSING", "target", kind=found.kind)
    if isinstance(found, ToTarget) and target is not None and not isinstance(target, Blank) and target <= 0:
        table.report("E-DOC-ABOVE", "target", value=target, limit=0)
    return found, target

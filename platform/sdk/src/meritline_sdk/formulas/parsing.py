"""A formula as a measure, or everything that is wrong with it."""

from collections.abc import Mapping

from meritline_sdk.formulas.checks import require_measurable
from meritline_sdk.formulas.measuring import measured
from meritline_sdk.formulas.problems import FormulaError
from meritline_sdk.formulas.scope import Scope
from meritline_sdk.formulas.syntax import OF_A_TENANT, Limits, at_start, parsed
from meritline_sdk.model.measures import Measure
from meritline_sdk.model.records import RecordDeclaration


def measure_of(formula: str, records: Mapping[str, RecordDeclaration], limits: Limits = OF_A_TENANT) -> Measure:
    """The measure that the text says, of these record types and no others; raises ``FormulaError``."""
    tree, source = parsed(formula, limits)
    scope = Scope(source, records, limits=limits)
    try:
        found = measured(tree, scope)
    except RecursionError as deep:
        raise at_start("E-FORMULA-DEEP", most=limits.deepest) from deep
    wrong = require_measurable(found, tree, scope)
    if wrong:
        raise FormulaError(wrong)
    return found

"""A measure as text, and back: how a company declares an indicator of its own without writing code.

The text is the author's Python with record types as names: ``ratio(count(visit, seq == 1), count(visit))``. It
is parsed, never run: each name, function and operator is one of a closed list.
"""

from meritline_sdk.formulas.needs import fields_needed, record_types
from meritline_sdk.formulas.parsing import measure_of
from meritline_sdk.formulas.printing import text
from meritline_sdk.formulas.problems import FormulaError, FormulaProblem
from meritline_sdk.formulas.syntax import OF_A_TENANT, OF_AN_AUTHOR, Limits

__all__ = [
    "OF_AN_AUTHOR", "OF_A_TENANT", "FormulaError", "FormulaProblem", "Limits", "fields_needed", "measure_of",
    "record_types", "text",
]  # fmt: skip

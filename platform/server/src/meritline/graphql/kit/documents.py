"""Documents that clients send as JSON: schemes, reward tables, sources. Decides that their numbers stay exact.

A number of JSON arrives as int or Decimal (never float). Stored mappings keep decimals as texts of plain digits.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from meritline.errors import MeritlineError


def given_document(value: object) -> dict[str, Any]:
    """The document, which must be an object."""
    if not isinstance(value, Mapping):
        raise MeritlineError("E-INPUT", field="document", reason="a document is a JSON object")
    return {str(name): each for name, each in value.items()}


def plain_document(value: Any) -> Any:
    """The document without Decimal, for places that keep JSON."""
    if isinstance(value, Mapping):
        return {str(name): plain_document(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain_document(each) for each in value]
    return format(value, "f") if isinstance(value, Decimal) else value

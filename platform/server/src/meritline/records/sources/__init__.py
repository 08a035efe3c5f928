"""Sources: how the columns of a tenant's own exports become records."""

from meritline.records.sources.mapping import (
    CoverageMode,
    FieldMapping,
    OrderPart,
    SourceMapping,
    Twice,
    direct_mapping,
)
from meritline.records.sources.parsing import parse_source

__all__ = [
    "CoverageMode",
    "FieldMapping",
    "OrderPart",
    "SourceMapping",
    "Twice",
    "direct_mapping",
    "parse_source",
]

"""The kit: declared reads and everything that turns declarations into GraphQL. It knows no feature."""

from meritline.graphql.kit.context import RequestContext
from meritline.graphql.kit.declare import (
    ALL,
    Column,
    Computed,
    Connected,
    Embedded,
    Field,
    Filter,
    GlobalId,
    Module,
    Object,
    Order,
    RootById,
    RootConnection,
    Through,
    ToMany,
    ToOne,
    Translated,
    Visible,
)
from meritline.graphql.kit.enums import words

__all__ = [
    "ALL",
    "Column",
    "Computed",
    "Connected",
    "Embedded",
    "Field",
    "Filter",
    "GlobalId",
    "Module",
    "Object",
    "Order",
    "RequestContext",
    "RootById",
    "RootConnection",
    "Through",
    "ToMany",
    "ToOne",
    "Translated",
    "Visible",
    "words",
]

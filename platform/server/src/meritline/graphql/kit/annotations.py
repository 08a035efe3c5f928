"""Types as the schema writes them, ``[ScoreLine!]!``, turned into what Strawberry wants."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Optional

import strawberry
from graphql import ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode, parse_type

from meritline.graphql.kit.scalars import Document

SCALARS: Mapping[str, Any] = {
    "String": str,
    "Int": int,
    "Boolean": bool,
    "ID": strawberry.ID,
    "Decimal": Decimal,
    "Date": date,
    "DateTime": datetime,
    "JSON": Document,
}


def annotation(text: str, names: Mapping[str, Any]) -> Any:
    """The annotation of a written type."""
    return of_node(parse_type(text), names)


def of_node(node: TypeNode, names: Mapping[str, Any]) -> Any:
    """The annotation of a type node; without ``!`` it is optional."""
    if isinstance(node, NonNullTypeNode):
        return required(node.type, names)
    return Optional[required(node, names)]  # noqa: UP045


def required(node: TypeNode, names: Mapping[str, Any]) -> Any:
    """The annotation without null."""
    if isinstance(node, ListTypeNode):
        return list[of_node(node.type, names)]  # type: ignore[misc]
    assert isinstance(node, NamedTypeNode)
    name = node.name.value
    return SCALARS.get(name) or names[name]

"""Filter and order inputs, made from a type's declaration."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry

from meritline.graphql.kit.annotations import annotation
from meritline.graphql.kit.declare import Object
from meritline.graphql.kit.paging import OrderDirection


def filter_input(shape: Object, names: Mapping[str, Any]) -> type:
    """The filter input of a type: fields that are given must all hold."""
    name = f"{shape.name}Filter"
    made: type = type(name, (), {"__annotations__": {}})
    for each in shape.filters:
        made.__annotations__[each.name] = annotation(each.type, names)
        setattr(made, each.name, strawberry.field(
            name=each.name, description=each.description, default=strawberry.UNSET
        ))  # fmt: skip
    return strawberry.input(made, name=name, description=f"Which {shape.name} objects; all given conditions hold.")


def order_input(shape: Object, names: Mapping[str, Any]) -> type:
    """The order input of a type."""
    choices = {each.name: strawberry.enum_value(each.name, description=each.description) for each in shape.orders}
    make: Any = Enum
    field_enum: Any = make(f"{shape.name}OrderField", choices)
    strawberry.enum(field_enum, description=f"What {shape.name} objects can be ordered by; nulls come last.")
    name = f"{shape.name}Order"
    made: type = type(name, (), {"__annotations__": {"field": field_enum, "direction": OrderDirection}})
    made.field = strawberry.field(description="What to order by.")  # type: ignore[attr-defined]
    made.direction = strawberry.field(  # type: ignore[attr-defined]
        description="Which way.", default=OrderDirection.ASC
    )
    return strawberry.input(made, name=name, description=f"How {shape.name} objects are ordered.")

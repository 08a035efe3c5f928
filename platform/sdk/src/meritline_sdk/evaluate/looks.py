"""Looking at other records from one. Decides that they are found by what ties the two, and never the record itself."""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from meritline_sdk.evaluate.numbers import EXACT
from meritline_sdk.evaluate.scenes import Record, Scene
from meritline_sdk.model import nodes
from meritline_sdk.model.nodes import Node
from meritline_sdk.model.related import conjuncts, ties

type Found = Callable[[Node, Record, Scene], Any]


def looked(node: nodes.Related, record: Record, scene: Scene, found: Found) -> Any:
    """What the other records for which ``where`` is true come to; where it is unknown they do not count."""
    fields, names = tied(node)
    held = tuple(found(each, record, scene) for each in fields)
    there = (scene.beside(other) for other in scene.holding(node.record, names, held) if other is not record)
    matching = (beside for beside in there if found(node.where, record, beside) is True)
    if node.how == "exists":
        return any(True for _ in matching)
    if node.how == "count":
        return sum(1 for _ in matching)
    assert node.value is not None
    values = [value for beside in matching if (value := found(node.value, record, beside)) is not None]
    if node.how == "sum":
        return added(values)
    return None if not values else min(values) if node.how == "least" else max(values)


@lru_cache(maxsize=1024)
def tied(node: nodes.Related) -> tuple[tuple[nodes.Field, ...], tuple[str, ...]]:
    """The record's own fields that the other's must equal, and the names of those."""
    sides = [side for part in conjuncts(node.where) if ties(part) for side in nodes.children(part)]
    own = tuple(side for side in sides if isinstance(side, nodes.Field))
    return own, tuple(side.field.name for side in sides if isinstance(side, nodes.Other))


def added(values: list[Any]) -> int | Decimal:
    """The exact sum; of nothing 0."""
    total: int | Decimal = 0
    for value in values:
        total = EXACT.add(Decimal(total), value) if isinstance(value, Decimal) else (
            EXACT.add(total, Decimal(value)) if isinstance(total, Decimal) else total + value)
    return total

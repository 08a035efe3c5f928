"""How what was remembered of thousands of people goes. Decides that others are let in between."""

from typing import Any


def emptied(*remembered: dict[Any, Any]) -> None:
    """Empty each, piece by piece: all at once would hold the interpreter for as long as it takes, and whoever has the
    next statement ready would wait."""
    for each in remembered:
        while each:
            each.popitem()

"""Enums of the schema from the words that the tables hold."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry


def words(name: str, description: str, values: Mapping[str, str]) -> type[Enum]:
    """An enum whose members are the upper-case forms of the stored words, with a description each."""
    members = {word.upper(): strawberry.enum_value(word, description=text) for word, text in values.items()}
    # Through Any: mypy knows enums only by literal names.
    make: Any = Enum
    made: type[Enum] = make(name, members)
    strawberry.enum(made, description=description)
    return made

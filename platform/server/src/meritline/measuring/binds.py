"""The bind parameters of one statement. Decides that a value never becomes SQL text."""

from collections.abc import Callable, Hashable
from typing import Any


class Binds:
    """Collects values and hands out their places; the same value of the same type has one place."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[Hashable, str] = {}

    def add(self, value: Any, sql_type: str) -> str:
        """The place of the value, as ``$3::bigint``."""
        if isinstance(value, list):
            return self._place(value, sql_type)
        key = (sql_type, type(value), value)
        if key not in self._places:
            self._places[key] = self._place(value, sql_type)
        return self._places[key]

    def once(self, key: Hashable, sql_type: str, made: Callable[[], Any]) -> str:
        """The place of a value that is made when it is first asked for by this key."""
        if key not in self._places:
            self._places[key] = self._place(made(), sql_type)
        return self._places[key]

    def _place(self, value: Any, sql_type: str) -> str:
        self.values.append(value)
        return f"${len(self.values)}::{sql_type}"

"""A plain document and where its parts stand. Decides how a place is named to its author."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from meritline.errors import Problem, problem

type Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Dictionaries, lists and scalars; ``lines``: on which line of ``file`` each begins, if there is a file."""

    data: Mapping[str, Any]
    file: str | None = None
    lines: Mapping[Path, int] = field(default_factory=lambda: MappingProxyType({}))

    def line(self, path: Path) -> int | None:
        """The line of the part, or of the nearest part around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1 if self.file else None

    def at(self, path: Path) -> Any:
        """The part itself, or None."""
        found: Any = self.data
        for step in path:
            if isinstance(step, int):
                found = found[step] if isinstance(found, list | tuple) and step < len(found) else None
            else:
                found = found.get(step) if isinstance(found, Mapping) else None
        return found

    def name(self, path: Path) -> str:
        """The part as its author knows it: its key beside a line number, else the way to it, ``item[2].weight``."""
        if self.file and path and isinstance(path[-1], str):
            return path[-1]
        way = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        return way.removeprefix(".")

    def problem(self, code: str, path: Path, *, value: object = None, **params: Any) -> Problem:
        """A problem at a part of the document."""
        return problem(code, file=self.file, line=self.line(path), field=self.name(path) or None, value=value, **params)

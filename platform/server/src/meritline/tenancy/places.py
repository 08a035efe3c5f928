"""Where a row of people, departments or codes came from, so that a mistake in it can name its place."""

from dataclasses import dataclass, field
from typing import Any

from meritline.errors import Problem, problem


@dataclass(frozen=True, slots=True)
class Places:
    """``lines`` of a file by index of the row; without a file the way through an input, ``employees[3].department``."""

    name: str
    file: str | None = None
    lines: tuple[int, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)

    def problem(self, code: str, index: int, name: str, value: object = None, **params: Any) -> Problem:
        """A problem in one field of a row."""
        if self.file is None:
            return problem(code, field=f"{self.name}[{index}].{name}", value=value, **params)
        line = self.lines[index] if index < len(self.lines) else None
        return problem(code, file=self.file, line=line, field=self.columns.get(name, name), value=value, **params)

"""What ``meritline doctor`` looks at: one file for each place where something may be wrong."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from meritline.errors import Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what is wrong with it, or what it is."""

    check: str
    problems: tuple[Problem, ...] = ()
    note: str = ""

    @property
    def state(self) -> str:
        """``ok``, ``warning`` or ``wrong``."""
        if not self.problems:
            return "ok"
        return "wrong" if any(each.severity == "error" for each in self.problems) else "warning"


type Findings = AsyncIterator[Finding]

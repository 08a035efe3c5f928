"""Where a plugin's code is, and how a keeper is started. Decides everything that such a process inherits: nothing."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOVED_S = 400 * 86_400 + 7 * 3600 + 1234
"""How far the second keeper's clock is ahead: another year, month, week day and hour."""
ZONES = ("UTC0", "AHEAD-13:45")
BEGIN = ("import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
         "from meritline_sdk.running.keeper import main; main(json.loads(sys.argv[2]))")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One plugin's code: a module of the path (with what of it is the plugin), or one file under a module's name."""

    label: str
    module: str
    attribute: str | None = None
    file: Path | None = None
    path: tuple[str, ...] = ()

    def brings(self, module: str) -> bool:
        """Whether a module is of this plugin: of its top package, or its one file."""
        if self.file:
            return module == self.module
        return module.partition(".")[0] == self.module.partition(".")[0]

    def plain(self) -> dict[str, Any]:
        """As a child is told."""
        return {"module": self.module, "attribute": self.attribute, "file": self.file and str(self.file),
                "path": list(self.path) or search_path()}


def search_path() -> list[str]:
    """Where this process finds modules; never the folder that it happens to stand in."""
    return [os.path.abspath(one) for one in sys.path if one]


def command(*, moved: bool, nice: int = 0) -> list[str]:
    """The command line of a keeper; a nice one lets those go first who answer people."""
    setup = {"parent": os.getpid(), "moved_s": MOVED_S if moved else None, "nice": nice}
    return [sys.executable, "-P", "-s", "-X", "utf8", "-c", BEGIN, json.dumps(search_path()), json.dumps(setup)]


def environment(*, moved: bool) -> Mapping[str, str]:
    """All that a keeper sees of the environment. The second one orders sets differently, in another zone."""
    seed = 1 + int.from_bytes(os.urandom(4)) % 4_000_000_000 if moved else 0
    return {"PYTHONHASHSEED": str(seed), "TZ": ZONES[moved], "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1"}

"""``meritline`` under cProfile, between two signals: SIGUSR1 begins, SIGUSR2 ends and writes the profile.

So that what is told is the work on requests, without the start. Run by ``python -m tests.bench.reads.observed FILE
serve ...``.
"""

import cProfile
import signal
import sys
import time
from pathlib import Path
from typing import Any

from meritline.cli import main


def observe(path: Path) -> None:
    """Listen to the signals."""
    profile = cProfile.Profile(time.process_time)

    def begin(*_: Any) -> None:
        profile.enable()

    def end(*_: Any) -> None:
        profile.disable()
        profile.dump_stats(path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)

    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, end)


if __name__ == "__main__":
    observe(Path(sys.argv.pop(1)))
    sys.exit(main(sys.argv[1:]))

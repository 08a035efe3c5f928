"""``python -m tests.bench``: measures, prints a table, and writes platform/docs/performance.md."""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.bench import appraising, importing, listing, report, simulating
from tests.bench.sizes import SIZES, Size
from tests.bench.stage import Stage, stage

PAGE: Final = Path("platform/docs/performance.md")
PARTS: Final[dict[str, Callable[[Stage, Size], Coroutine[Any, Any, report.Section]]]] = {
    "import": importing.measure, "run": appraising.measure, "list": listing.measure,
    "simulate": simulating.measure,
}  # fmt: skip


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--only", choices=PARTS, help="one benchmark; the page is not written then")
    asked = parser.parse_args()
    size, begun = SIZES[asked.size], time.monotonic()
    signal.signal(signal.SIGTERM, stop)

    def tell(what: str) -> None:
        print(f"[{time.monotonic() - begun:5.0f} s] {what}", file=sys.stderr, flush=True)

    tell("starting the services")
    with stage(tell) as ready:
        assert ready.services.postgres is not None
        server = ready.services.postgres.sql("show server_version").split()[0]
        sections: list[report.Section] = []
        for name, measure in PARTS.items():
            if asked.only in (None, name):
                tell(name)
                sections.append(asyncio.run(measure(ready, size)))
    print("\n\n".join(report.table(each) for each in sections))
    if asked.only is None and size.name != "tiny":
        PAGE.write_text(report.page(sections, size, datetime.now(UTC).date(), server), "utf-8")
        tell(f"written: {PAGE}")
    return 0


def stop(number: int, _: Any) -> None:
    """End in order, so that everything is taken away."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())

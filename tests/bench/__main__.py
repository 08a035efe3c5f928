"""``python -m tests.bench``: measures, prints a table, and writes platform/docs/performance.md."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import uvloop
from tests.bench import report
from tests.bench.ingest import importing, single
from tests.bench.reads import listing
from tests.bench.runs import correcting, running, simulating
from tests.bench.scoped import reading
from tests.bench.sizes import SIZES, Size
from tests.bench.stage import Stage, stage
from tests.bench.starting import launching

PAGE: Final = Path("platform/docs/performance.md")
PARTS: Final[dict[str, Callable[[Stage, Size], Coroutine[Any, Any, list[report.Section]]]]] = {
    "list": listing.measure, "scope": reading.measure, "run": running.measure,
    "correct": correcting.measure, "import": importing.measure,
    "single": single.measure, "start": launching.measure, "simulate": simulating.measure,
}  # fmt: skip


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--only", choices=PARTS, action="append", help="one benchmark; the page is not written then")
    parser.add_argument("--profile", action="store_true", help="say also where the time goes")
    asked = parser.parse_args()
    size, begun = SIZES[asked.size], time.monotonic()
    signal.signal(signal.SIGTERM, stop)

    def tell(what: str) -> None:
        print(f"[{time.monotonic() - begun:5.0f} s] {what}", file=sys.stderr, flush=True)

    tell(f"starting the services; the machine's load is {os.getloadavg()[0]:.1f}")
    with stage(tell, profile=asked.profile) as ready:
        assert ready.services.postgres is not None
        server = ready.services.postgres.sql("show server_version").split()[0]
        sections: list[report.Section] = []
        for name, measure in PARTS.items():
            if not asked.only or name in asked.only:
                tell(name)
                found = uvloop.run(measure(ready, size))
                print("\n\n".join(map(report.table, found)), end="\n\n", flush=True)
                sections += found
    print(report.verdict(sections))
    if not asked.only and size.name != "tiny":
        PAGE.write_text(report.page(sections, size, datetime.now(UTC).date(), server), "utf-8")
        tell(f"written: {PAGE}")
    return 0


def stop(number: int, _: Any) -> None:
    """End in order, so that everything is taken away."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())

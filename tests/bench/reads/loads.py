"""A load on a server and what it cost: requests, times of answers, processor time of the server and of Postgres."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.bench.processes import cpu_seconds, family_seconds, peak_mb
from tests.bench.reads.servers import Server
from tests.bench.report import shown
from tests.bench.rounds import WARM_UP, Act, Figures
from tests.bench.sizes import Size

WARM_UP_S = 1.0


@dataclass(frozen=True, slots=True)
class Load:
    """What one loop of requests found. Processor times are milliseconds for a request; None: nobody tells."""

    per_second: float
    median_ms: float
    slow_ms: float
    server_ms: float | None
    postgres_ms: float | None
    client_ms: float
    peak_mb: float | None


def ask(server: Server, message: bytes, connections: int, seconds: float, postgres: int, subjects: int) -> Load:
    """One loop, by a process of its own."""
    command = [sys.executable, "-m", "tests.bench.reads.client", str(server.port), str(connections), str(seconds),
               str(subjects)]
    before = cpu_seconds(server.pid), family_seconds(postgres)
    done = subprocess.run(command, input=message, capture_output=True, check=False)
    after = cpu_seconds(server.pid), family_seconds(postgres)
    if done.returncode != 0:
        raise RuntimeError(f"{done.stderr.decode()[-800:]}\n{server.told()}")
    found = json.loads(done.stdout)
    count = found["count"]
    used = [None if a is None or b is None else 1000 * (b - a) / count for a, b in zip(before, after, strict=True)]
    return Load(count / found["seconds"], found["median_ms"], found["slow_ms"], used[0], used[1],
                1000 * found["client_cpu"] / count, peak_mb(server.pid))  # fmt: skip


@dataclass(slots=True)
class Loads:
    """The loops of one benchmark, by the name of what was asked."""

    size: Size
    postgres: int
    connections: int = 0
    seen: dict[str, list[Load]] = field(default_factory=dict)

    def act(self, name: str, server: Server, message: bytes, seconds: float) -> Act:
        """One loop of a variant."""

        async def act(number: int) -> float:
            span = min(seconds, WARM_UP_S) if number == WARM_UP else seconds
            connections = self.connections or self.size.connections
            load = await asyncio.to_thread(ask, server, message, connections, span, self.postgres,
                                           self.size.cards)  # fmt: skip
            if number != WARM_UP:
                self.seen.setdefault(name, []).append(load)
            return load.per_second

        return act

    def figures(self, name: str, of: Callable[[Load], float | None]) -> Figures | None:
        """One figure of every round."""
        found = [each for each in map(of, self.seen[name]) if each is not None]
        return Figures(tuple(found)) if found else None

    def note(self, name: str) -> str:
        """Times of answers, and where the processor's time went."""
        figures = {
            "half of the answers within {} ms": self.figures(name, lambda each: each.median_ms),
            "99% within {} ms": self.figures(name, lambda each: each.slow_ms),
            "processor time for a request: server {} ms": self.figures(name, lambda each: each.server_ms),
            "Postgres {} ms": self.figures(name, lambda each: each.postgres_ms),
            "the asking client {} ms": self.figures(name, lambda each: each.client_ms),
            "peak memory of the server {} MB": self.figures(name, lambda each: each.peak_mb),
        }
        return f"{name}: " + ", ".join(text.format(shown(each.median)) for text, each in figures.items() if each)

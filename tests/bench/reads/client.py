"""A closed loop of requests: so many connections, each asking again as soon as it was answered, for a bounded time.

A process of its own (``python -m tests.bench.reads.client PORT CONNECTIONS SECONDS SUBJECTS``, the request on standard
input, the result as JSON on standard output), and it does next to nothing with an answer: client, server and database
share the machine's cores, and what the client needs is taken from the others. ``##########`` in the request is a number
that is another one for each, ``@@@@@`` one of so many subjects after the other, far apart.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import uvloop

HOST: Final = "127.0.0.1"
END: Final = b"\r\n\r\n"
NUMBER: Final = b"##########"
SUBJECT: Final = b"@@@@@"
APART: Final = 7919
"""A prime, so that all subjects have their turn."""
LENGTH: Final = b"content-length:"


class Asker(asyncio.Protocol):
    """One connection. It ends with the first answer that is not what the first one was."""

    def __init__(self, parts: list[bytes], numbers: Iterator[bytes], until: float,
                 loop: asyncio.AbstractEventLoop) -> None:
        self.parts, self.numbers, self.until = parts, numbers, until
        self.done: asyncio.Future[None] = loop.create_future()
        self.taken: list[float] = []
        self.head = b""
        self.missing = self.size = 0
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        """Ask for the first time."""
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        """Ask, unless the time is up."""
        self.begun = time.perf_counter()
        if self.begun >= self.until:
            self.transport.close()
            return
        first, *rest = self.parts
        self.transport.write(next(self.numbers).join(self.parts) if rest else first)

    def data_received(self, data: bytes) -> None:
        """Count what comes."""
        if not self.missing:
            self.head += data
            end = self.head.find(END)
            if end < 0:
                return
            data = self.head[end + len(END) :]
            self.missing = self.length(self.head[:end])
            self.head = b""
        self.missing -= len(data)
        if not self.missing:
            self.taken.append(time.perf_counter() - self.begun)
            self.ask()

    def length(self, head: bytes) -> int:
        """How long the body is; always the same, or the server said something else."""
        head = head.lower()
        size = int(head.split(LENGTH, 1)[1].split(b"\r\n", 1)[0])
        same = len(self.parts) > 1 or size == (self.size or size)
        if b" 200 " not in head.split(b"\r\n", 1)[0] or not same:
            self.done.set_exception(RuntimeError(f"the answers differ: {self.size} and {size} bytes, {head[:100]!r}"))
            self.transport.abort()
        self.size = size
        return size

    def connection_lost(self, problem: Exception | None) -> None:
        """The end, in order or not."""
        if self.done.done():
            return
        if self.missing or self.head or problem:
            self.done.set_exception(RuntimeError(f"the server closed the connection: {problem}"))
        else:
            self.done.set_result(None)


def itself(asker: Asker) -> Asker:
    """The protocol that was made already."""
    return asker


def asked(message: bytes, subjects: int) -> tuple[list[bytes], Iterator[bytes]]:
    """The request in parts, and what stands between them in one after the other."""
    if SUBJECT in message:
        return message.split(SUBJECT), (b"%05d" % (each * APART % subjects) for each in itertools.count())
    begin = time.time_ns() // 100_000 % 10**10
    return message.split(NUMBER), (b"%010d" % each for each in itertools.count(begin))


async def load(port: int, connections: int, seconds: float, subjects: int, message: bytes) -> dict[str, float]:
    """What the loop found."""
    loop = asyncio.get_running_loop()
    start, used = time.perf_counter(), time.process_time()
    parts, numbers = asked(message, subjects)
    askers = [Asker(parts, numbers, start + seconds, loop) for _ in range(connections)]
    for each in askers:
        await loop.create_connection(partial(itself, each), HOST, port)
    await asyncio.gather(*(each.done for each in askers))
    taken = sorted(one for each in askers for one in each.taken)
    return {
        "count": len(taken), "seconds": time.perf_counter() - start, "median_ms": 1000 * taken[len(taken) // 2],
        "slow_ms": 1000 * taken[int(len(taken) * 0.99)], "client_cpu": time.process_time() - used,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(uvloop.run(
        load(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), sys.stdin.buffer.read())
    )))  # fmt: skip

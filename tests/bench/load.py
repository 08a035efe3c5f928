"""A closed loop of requests: so many connections, each asking again as soon as it was answered, for a bounded time.

Speaks just enough HTTP/1.1 to cost little: client, server and database share the machine's cores.
"""

import asyncio
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
MOST_REQUESTS = 100_000


@dataclass(frozen=True, slots=True)
class Load:
    """What a loop measured."""

    per_second: float
    median_ms: float
    slowest_ms: float
    cpu_ms: float | None
    """The server's processor time for a request; None where the system does not tell."""


class Refused(RuntimeError):
    """The server did not give the answer that it gave before."""


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """The bytes of a request on a connection that stays open."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(body)}",
             *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def ask(port: int, message: bytes) -> bytes:
    """One answer."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        return await exchange(reader, writer, message)
    finally:
        writer.close()


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, message: bytes) -> bytes:
    """Send and receive."""
    writer.write(message)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    body = await reader.readexactly(int(fields["content-length"]))
    if " 200 " not in head[0]:
        raise Refused(f"{head[0]}: {body[:500]!r}")
    return body


async def loop(port: int, message: bytes, connections: int, seconds: float, pid: int) -> Load:
    """Ask until the time is up; every answer must be as long as the first."""
    expected = len(await ask(port, message))
    taken: list[float] = []
    before, start = cpu_seconds(pid), time.perf_counter()
    end = start + seconds

    async def connection() -> None:
        reader, writer = await asyncio.open_connection(HOST, port, limit=2**22)
        try:
            while (begun := time.perf_counter()) < end and len(taken) < MOST_REQUESTS:
                if len(await exchange(reader, writer, message)) != expected:
                    raise Refused("the answers differ")
                taken.append(time.perf_counter() - begun)
        finally:
            writer.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(connection())
    passed, after = time.perf_counter() - start, cpu_seconds(pid)
    cpu = None if before is None or after is None else 1000 * (after - before) / len(taken)
    slowest = sorted(taken)[int(len(taken) * 0.99)]
    return Load(len(taken) / passed, 1000 * statistics.median(taken), 1000 * slowest, cpu)


def cpu_seconds(pid: int) -> float | None:
    """What a process has used so far; None where there is no /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / 100

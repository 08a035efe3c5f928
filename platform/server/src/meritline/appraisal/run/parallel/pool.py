"""The processes that score beside this one. Decides how many there are, when they start and that none is left behind.

They start with the first run that is worth it, stay for the next one, and end after a while without any, with whoever
holds the pool, or when this process is gone: then nobody is at the other end of their pipe.
"""

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from meritline.appraisal.run.parallel.talk import LENGTH, unpacked
from meritline.plugins.processes.sources import search_path

log = logging.getLogger(__name__)

MOST: Final = 2
"""Processes beyond which the one connection that writes what they scored is the slower part."""
WORTH: Final = 2_000
"""People of a scheme from which on another process brings more than it costs to tell it about them."""
IDLE_S: Final = 60.0
LONGEST_S: Final = 300.0
"""How long a heap may take: a thousand times what it takes."""
BUFFER: Final = 1 << 22
BEGIN: Final = ("import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
                "from meritline.appraisal.run.parallel.child import main; main()")  # fmt: skip
QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")


class Gone(Exception):
    """The process ended, or it did not answer."""


class Child:
    """One process: asked one thing after another."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The number of its process, if there is one."""
        return None if self._process is None else self._process.pid

    async def ask(self, message: bytes) -> Any:
        """What it answers; ``Gone`` where it does not. Whoever gives up leaves no half a conversation behind."""
        try:
            async with asyncio.timeout(LONGEST_S):
                return await self._asked(message)
        except (OSError, EOFError, TimeoutError) as wrong:
            await self.end()
            raise Gone(f"a scoring process is gone: {wrong!r}") from wrong
        except BaseException:
            await self.end()
            raise

    async def _asked(self, message: bytes) -> Any:
        if self._process is None:
            self._process = await started()
        told, heard = self._process.stdin, self._process.stdout
        assert told is not None
        assert heard is not None
        told.write(message)
        await told.drain()
        length = LENGTH.unpack(await heard.readexactly(LENGTH.size))[0]
        return await asyncio.to_thread(unpacked, await heard.readexactly(length))

    async def end(self) -> None:
        """End it now; it holds nothing that is worth waiting for."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            if process.stdin is not None:
                process.stdin.close()
            await asyncio.shield(process.wait())


async def started() -> asyncio.subprocess.Process:
    """A process that knows nothing yet. It sees no settings, and is in a session of its own: what a terminal sends to
    this process is not for it."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-s", "-X", "utf8", "-c", BEGIN, json.dumps(search_path()), stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, limit=BUFFER, env=environment(), start_new_session=True,
    )  # fmt: skip


def environment() -> Mapping[str, str]:
    """All that such a process sees of the environment."""
    return {"LC_ALL": "C.UTF-8", **{name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}}


class Pool:
    """The processes of one server; ``processes`` counts this one too. Where nobody says how many, one processor is left
    to the database: it writes what they scored meanwhile."""

    def __init__(self, processes: int | None = None, *, worth: int = WORTH) -> None:
        self._worth = worth
        self._free = [Child() for _ in range((processes or min(max(processors() - 1, 1), MOST)) - 1)]
        self._busy: list[Child] = []
        self._ending: asyncio.TimerHandle | asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def taken(self, people: int) -> AsyncIterator[list[Child]]:
        """The processes that nobody else uses now, for so many people; none where it is not worth it."""
        mine = self._free if people >= self._worth else []
        if self._ending is not None and mine:
            self._ending.cancel()
        self._free = self._free if not mine else []
        self._busy += mine
        try:
            yield mine
        finally:
            self._busy = [each for each in self._busy if each not in mine]
            self._free = [*self._free, *mine]
            if mine:
                self._ending = asyncio.get_running_loop().call_later(IDLE_S, self._rest)

    def _rest(self) -> None:
        if not self._busy:
            self._ending = asyncio.get_running_loop().create_task(self.close())

    async def close(self) -> None:
        """End all of them; they start again when they are asked."""
        for each in (*self._busy, *self._free):
            await each.end()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        if self._ending is not None:
            self._ending.cancel()
        await self.close()


def processors() -> int:
    """How many processors this process may use, also where a container is given less than the machine has."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):
        quota, period = QUOTA.read_text("ascii").split()
        if quota != "max":
            allowed = min(allowed, int(quota) // int(period))
    return max(allowed, 1)

"""A keeper as the server holds it. Decides that a question never blocks the loop, and that nothing is left behind."""

import asyncio
import contextlib
import itertools
import os
import signal
from collections.abc import Iterable, Mapping
from typing import Any, Final

from meritline.plugins.processes.sources import command, environment
from meritline_sdk.running.frames import Incoming, frame
from meritline_sdk.running.limits import hide

GRACE_S: Final = 10.0
SLICE: Final = 1 << 18
type Said = tuple[dict[str, Any], bytes]


class KeeperGone(Exception):
    """The keeper ended, or it spoke nonsense, or it did not answer in time."""


class Keeper:
    """One keeper and the questions that wait for it: started by the first, replaced when it ends, closed for good."""

    def __init__(self, *, moved: bool) -> None:
        self.moved, self.closed = moved, False
        self.numbers = itertools.count()
        self.waiting: dict[int, asyncio.Future[Said]] = {}
        self.process: asyncio.subprocess.Process | None = None
        self.reader: asyncio.Task[None] | None = None
        self.starting, self.writing = asyncio.Lock(), asyncio.Lock()

    async def ask(self, head: Mapping[str, Any], body: Iterable[bytes] = (), length: int = 0) -> Said:
        """The head and the words of the answer; raises ``KeeperGone``."""
        process = await self.started()
        number = next(self.numbers)
        answer: asyncio.Future[Said] = asyncio.get_running_loop().create_future()
        self.waiting[number] = answer
        try:
            async with asyncio.timeout(head["deadline_s"] + GRACE_S):
                await self.send(process, frame({**head, "id": number}, length), body)
                return await answer
        except (TimeoutError, OSError) as wrong:
            async with self.starting:
                await self.end()
            raise KeeperGone("its process did not answer") from wrong
        finally:
            self.waiting.pop(number, None)

    async def send(self, process: asyncio.subprocess.Process, head: bytes, body: Iterable[bytes]) -> None:
        """A whole message, in pieces, and nobody else's between them."""
        assert process.stdin
        async with self.writing:
            try:
                process.stdin.write(head)
                for piece in body:
                    for begin in range(0, len(piece), SLICE):
                        process.stdin.write(piece[begin:begin + SLICE])
                        await process.stdin.drain()
                await process.stdin.drain()
            except BaseException:  # half a message: nobody could understand the next one
                with contextlib.suppress(AttributeError):  # the pipe is closed already
                    process.stdin.transport.abort()
                raise

    async def started(self) -> asyncio.subprocess.Process:
        """The process, which runs."""
        async with self.starting:
            if self.closed:
                raise KeeperGone("the server closes")
            if self.process is None or self.process.returncode is not None or self.reader is None or self.reader.done():
                await self.end()
                hide()
                pipe = asyncio.subprocess.PIPE
                self.process = await asyncio.create_subprocess_exec(
                    *command(moved=self.moved, nice=5), env=environment(moved=self.moved), stdin=pipe, stdout=pipe,
                    stderr=asyncio.subprocess.DEVNULL, start_new_session=True)
                self.reader = asyncio.create_task(self.read(self.process))
            return self.process

    async def read(self, process: asyncio.subprocess.Process) -> None:
        """Hand each answer to whoever waits for it, until the keeper ends."""
        incoming = Incoming()
        assert process.stdout
        try:
            while data := await process.stdout.read(SLICE):
                for head, body in incoming.feed(data):
                    waiting = self.waiting.get(head["id"])
                    if waiting is not None and not waiting.done():
                        waiting.set_result((head, body))
        except (OSError, ValueError, KeyError):
            pass  # told below to all that wait
        finally:
            for waiting in self.waiting.values():
                if not waiting.done():
                    waiting.set_exception(KeeperGone("the process that keeps plugins ended"))

    async def close(self) -> None:
        """End the keeper for good; its children end with it."""
        self.closed = True
        async with self.starting:
            await self.end()

    async def end(self) -> None:
        """End the process that there is."""
        process, self.process = self.process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                if process.stdin:
                    process.stdin.close()
                os.kill(process.pid, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 2)
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        reader, self.reader = self.reader, None
        if reader is not None:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)

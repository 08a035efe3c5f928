"""``meritline work``: a worker of its own, until it is told to stop."""

import argparse
import asyncio
import signal
from contextlib import AsyncExitStack, suppress
from typing import Any

NAME = "work"
HELP = "take jobs from the queue until stopped"
SERVES = True


def configure(parser: argparse.ArgumentParser) -> None:
    """No options."""


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Work; on SIGINT or SIGTERM give back what is unfinished and end."""
    async with AsyncExitStack() as stack:
        where = ""
        if (port := platform.settings.metrics_port) is not None:
            from meritline.http.beside import watched  # with its libraries, which a worker else does not need

            where = f"; metrics at {await stack.enter_async_context(watched(platform, port))}/metrics"
        task = asyncio.create_task(platform.jobs.run_worker(), name="worker")
        told = asyncio.Event()
        for sort in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sort, told.set)
        print(f"working; stop with Ctrl-C{where}", flush=True)
        stopping = asyncio.create_task(told.wait())
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        platform.draining = True
        for each in (stopping, task):
            each.cancel()
        with suppress(asyncio.CancelledError):
            await task
    return 0

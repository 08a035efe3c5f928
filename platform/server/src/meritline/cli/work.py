"""``meritline work``: a worker of its own, until it is told to stop."""

import argparse
import asyncio
import signal
from contextlib import suppress
from typing import Any

NAME = "work"
HELP = "take jobs from the queue until stopped"


def configure(parser: argparse.ArgumentParser) -> None:
    """No options."""


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Work; on SIGINT or SIGTERM give back what is unfinished and end."""
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(platform.jobs.run_worker(), name="worker")
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, task.cancel)
    print("working; stop with Ctrl-C", flush=True)
    with suppress(asyncio.CancelledError):
        await task
    return 0

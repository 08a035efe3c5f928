"""The wire of a run: writes in their order, some ahead, and none behind one that failed."""

import asyncio
import gc
import warnings
from collections.abc import Iterator

import pytest

from meritline.appraisal.run.wire import MOST, Wire

AHEAD = 3
SIZE = MOST // (1 + AHEAD)


@pytest.fixture(autouse=True)
def nothing_is_left_unawaited() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
        gc.collect()


class Table:
    """What is written, and how many at once."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.begun: list[int] = []
        self.busy = self.most = self.sent = 0
        self.open = asyncio.Event()

    async def write(self, row: int, error: Exception | None = None) -> None:
        self.begun.append(row)
        self.busy += 1
        self.most = max(self.most, self.busy)
        try:
            await self.open.wait()
            if error:
                raise error
            self.rows.append(row)
        finally:
            self.busy -= 1


async def settled() -> None:
    for _ in range(5 * AHEAD + 20):
        await asyncio.sleep(0)


async def test_writes_go_in_their_order_one_at_a_time_and_few_wait() -> None:
    table = Table()
    async with Wire() as wire:
        async def send_all() -> None:
            for row in range(AHEAD + 4):
                await wire.send(table.write(row), SIZE)
                table.sent += 1

        sending = asyncio.create_task(send_all())
        await settled()
        assert (table.begun, sending.done(), table.sent) == ([0], False, 1 + AHEAD)
        table.open.set()
        await sending
        await wire.settle()
        assert table.rows == list(range(AHEAD + 4))
        await wire.send(table.write(99))
    assert (table.rows[-1], table.most) == (99, 1)


async def test_it_is_behind_while_a_write_waits_for_another() -> None:
    table = Table()
    async with Wire() as wire:
        found = [wire.behind]
        for row in range(2):
            await wire.send(table.write(row))
            await settled()
            found.append(wire.behind)
        table.open.set()
        await settled()
        assert [*found, wire.behind] == [False, False, True, False]


async def test_what_holds_nothing_never_waits_and_what_is_too_large_goes_alone() -> None:
    table = Table()
    async with Wire() as wire:
        await wire.send(table.write(0), 2 * MOST)
        for row in range(1, 50):
            await wire.send(table.write(row))
        assert not table.rows
        table.open.set()
        await wire.send(table.write(50), 2 * MOST)
        assert table.rows == list(range(50))
    assert table.rows == list(range(51))


async def test_what_failed_fails_the_next_and_nothing_behind_it_is_begun() -> None:
    table = Table()

    async def run() -> None:
        async with Wire() as wire:
            await wire.send(table.write(0))
            await wire.send(table.write(1, OSError("gone")))
            await wire.send(table.write(2))
            table.open.set()
            await settled()
            await wire.send(table.write(3))

    with pytest.raises(OSError, match="gone"):
        await run()
    assert (table.rows, table.begun) == ([0], [0, 1])


async def test_what_failed_last_fails_at_the_end() -> None:
    table = Table()
    table.open.set()

    async def run() -> None:
        async with Wire() as wire:
            await wire.send(table.write(0, OSError("gone")))
            await wire.send(table.write(1))

    with pytest.raises(OSError, match="gone"):
        await run()
    assert table.begun == [0]


async def test_an_error_beside_the_wire_ends_what_is_on_it() -> None:
    table = Table()

    async def run() -> None:
        async with Wire() as wire:
            for row in range(AHEAD):
                await wire.send(table.write(row), SIZE)
            await settled()
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        await run()
    assert (table.rows, table.begun, table.busy) == ([], [0], 0)


async def test_whoever_is_cancelled_while_it_waits_leaves_nothing_behind() -> None:
    table = Table()

    async def run() -> None:
        async with Wire() as wire:
            for row in range(AHEAD + 2):
                await wire.send(table.write(row), SIZE)

    running = asyncio.create_task(run())
    await settled()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (table.rows, table.begun, table.busy) == ([], [0], 0)

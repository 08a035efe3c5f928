"""Work beside a trip: it begins once the trip has, and neither outlives the other."""

import asyncio

import pytest

from meritline.db.beside import beside


async def test_the_work_is_done_while_the_trip_is_waited_for() -> None:
    order = list[str]()
    sent, came = asyncio.Event(), asyncio.Event()

    async def trip() -> int:
        order.append("sent")
        sent.set()
        asyncio.get_running_loop().call_soon(order.append, "the loop turned")
        await came.wait()
        order.append("came")
        return 7

    def work() -> None:
        assert sent.is_set()
        order.append("worked")
        came.set()

    assert await beside(trip(), work) == 7
    assert order == ["sent", "the loop turned", "worked", "came"]


async def test_what_fails_or_is_cancelled_takes_the_other_with_it() -> None:
    ended = list[str]()

    async def trip() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("trip")

    with pytest.raises(ZeroDivisionError):
        await beside(trip(), lambda: 1 / 0)
    assert ended == ["trip"]
    for turns in (1, 5):  # before the work, and after it
        waiting = asyncio.create_task(beside(trip(), lambda: None))
        for _ in range(turns):
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert len(ended) == 3
    assert len(asyncio.all_tasks()) == 1, "this one"


async def test_what_the_trip_says_is_said() -> None:
    async def trip() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await beside(trip(), lambda: None)

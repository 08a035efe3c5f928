"""What a run read and scored goes beside its commit, piece by piece: the collector would let nobody in between."""

import gc
import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from meritline.appraisal.run import execute
from meritline.appraisal.run.prepared.cards import Result
from meritline.appraisal.run.prepared.cells import Cell
from meritline.appraisal.run.prepared.lines import Line, Spelt
from meritline.appraisal.run.snapshot import Snapshot
from meritline.errors import MeritlineError


def kept() -> list[Any]:
    """All that runs hold of anybody, of which there are thousands."""
    return [one for one in gc.get_objects() if isinstance(one, Cell | Line | Result | Spelt)]


async def test_nothing_is_left_to_the_collector(company: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    gc.collect()
    before, left = set(map(id, kept())), list[list[Any]]()
    monkeypatch.setattr(execute, "gc", SimpleNamespace(
        collect=lambda _: left.append([type(one) for one in kept() if id(one) not in before])))
    done = await company.appraise()
    assert (done.state, left) == ("done", [[]])


async def test_neither_the_commit_nor_what_is_said_of_it_waits_for_that(company: Any,
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    said, in_time = threading.Event(), list[bool]()
    let_go, tell = execute.let_go, execute.tell

    def waits(read: list[Snapshot]) -> None:
        in_time.append(said.wait(10))
        let_go(read)

    async def says(*whom: Any) -> None:
        await tell(*whom)
        said.set()

    monkeypatch.setattr(execute, "let_go", waits)
    monkeypatch.setattr(execute, "tell", says)
    done = await company.appraise()
    assert (done.state, in_time) == ("done", [True])


async def test_a_run_that_fails_meanwhile_writes_nothing_and_the_collector_goes_on(
        company: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    failed, turns, let_go = threading.Event(), sys.getswitchinterval(), execute.let_go

    def waits(read: list[Snapshot]) -> None:
        failed.wait(10)
        let_go(read)

    def fails(*_: Any, **__: Any) -> None:
        raise MeritlineError("E-RUN-NO-SCHEME", field="scheme", value=None, period="", kind="", day="")

    monkeypatch.setattr(execute, "let_go", waits)
    monkeypatch.setattr(execute, "after", fails)
    try:
        done = await company.appraise()
        assert (done.state, gc.isenabled(), sys.getswitchinterval()) == ("failed", True, turns)
        assert await company.cards() == {}
    finally:
        failed.set()
    monkeypatch.undo()
    assert (await company.appraise()).state == "done"

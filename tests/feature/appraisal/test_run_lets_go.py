"""What a run read and scored goes beside its commit, piece by piece: the collector would let nobody in between."""

import gc
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from meritline.appraisal.run import execute
from meritline.appraisal.run.prepared.cards import Result
from meritline.appraisal.run.prepared.cells import Cell
from meritline.appraisal.run.prepared.lines import Line, Spelt
from meritline.appraisal.run.snapshot import Snapshot


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

"""A process that scores. Decides that it holds one scheme at a time and ends with the one that started it.

It knows no database and no plugin. What goes wrong is answered with its kind and place, which may be logged: whoever
asked does the heap itself, and then it fails there, or not.
"""

import gc
import logging
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, Final
from uuid import UUID

from meritline.appraisal.run.parallel.talk import LENGTH, packed, unpacked
from meritline.appraisal.run.parallel.work import Done, Heap, Outcome, Task, heard, person_heard
from meritline.appraisal.run.prepared.pairs import pair
from meritline.appraisal.run.readings import Reader
from meritline.appraisal.run.rows import Writer, line_bytes
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.subjects import Appraised
from meritline.logs.private import trace
from meritline.measuring.requests import TallyRequest
from meritline_sdk.evaluate.tallies import Subject, Tallied
from meritline_sdk.model.measures import OF_NO_RECORDS, Tally

FAILED: Final = "failed"


class Desk:
    """A scheme made ready for one heap after another."""

    def __init__(self, task: Task) -> None:
        states = {(earlier, record): state for earlier, record, state in task.covering}

        def covered(tally: Tally) -> bool | None:
            return True if tally.how in OF_NO_RECORDS else states[tally.earlier, tally.record]

        self.task = task
        self.found: dict[TallyRequest, dict[Any, Tallied]] = {each: {} for each in task.requests}
        self.reader = Reader(task.indicators, self.found, task.ratings, covered, task.company, window=task.window,
                             by_hand=task.by_hand, failed=task.failed, scores=task.scores)
        self.appraisal = Appraisal(task.chosen, ())
        self.appraisal.reads(task.indicators, self.reader)
        self.declarations = self.appraisal.declarations
        self.writer = Writer(task.chosen, task.period)

    def score(self, heap: Heap) -> Done:
        """Everybody of the heap."""
        people = tuple([person_heard(one) for one in heap.people])
        for found, others, mine in zip(self.found.values(), self.task.others, heap.told, strict=True):
            found.clear()
            found.update(others)
            found.update(((who.subject.kind, who.records), heard(one))
                         for who, one in zip(people, mine, strict=True) if one is not None)
        self.reader.forget()
        appraisal = self.appraisal
        appraisal.anew(people)
        appraisal.score_portion(people, self.declarations, self.task.shares)
        ids = {who.subject: UUID(bytes=one) for who, one in zip(people, heap.ids, strict=True)}
        lines = line_bytes(appraisal, people, ids)
        return Done(lines, tuple([self.outcome(who, ids) for who in people]),
                    {key: frozenset(some) for key, some in self.reader.failures.items()}, heard_logs())

    def outcome(self, who: Appraised, ids: Mapping[Subject, UUID]) -> Outcome:
        """What somebody's card came to."""
        subject, appraisal = who.subject, self.appraisal
        result, tallied = appraisal.results[subject], appraisal.tallied[subject]
        return Outcome(self.writer.half(who, ids[subject], result, tallied), tallied,
                       tuple([cell.seen for cell in appraisal.cells[subject]]), result.score, result.pair, result.grade,
                       result.passed, result.state, pair(result.measured), result.sample)


class Kept(logging.Handler):
    """Keeps what is logged, for whoever asked: this process has no log of its own."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[tuple[str, int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.records.append((record.name, record.levelno, self.format(record)))


KEPT: Final = Kept()


def heard_logs() -> tuple[tuple[str, int, str], ...]:
    """What was logged since."""
    found = tuple(KEPT.records)
    KEPT.records.clear()
    return found


def answering() -> Callable[[Any], Any]:
    """Answers what is asked; a task is not answered."""
    desk: Desk | None = None

    def answer(asked: Any) -> Any:
        nonlocal desk
        try:
            if isinstance(asked, Task):
                desk = None  # the one before goes first: there is room for one
                desk = Desk(asked)
                return None
            assert desk is not None
            assert desk.task.number == asked.task
            return desk.score(asked)
        except Exception as error:
            return FAILED, trace(error)

    return answer


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer until nobody asks any more."""
    answer = answering()
    while len(head := incoming.read(LENGTH.size)) == LENGTH.size:
        length = LENGTH.unpack(head)[0]
        message = incoming.read(length)
        if len(message) < length:
            return
        outgoing.write(packed(answer(unpacked(message))))
        outgoing.flush()
        gc.collect()


def main() -> None:
    """Speak over the pipes that stand where input and output do; whatever else is printed goes to the log."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    logging.basicConfig(level=logging.WARNING, handlers=[KEPT])
    gc.disable()
    try:
        serve(incoming, outgoing)
    except BrokenPipeError:
        os._exit(0)

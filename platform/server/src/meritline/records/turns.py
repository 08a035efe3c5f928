"""Turns of threads while a file is prepared or a run computed. Decides how long the event loop waits for the thread.

Whoever waits for the interpreter gets it after five milliseconds; an import waits for the database several times for
each batch, a run for each heap of people, and everybody else whom the process serves waits as well. So turns are
shorter as long as any file is read or anybody is scored.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

TURN_S: Final = 0.0005


class Turns:
    """Who wants short turns, and how long they were before."""

    def __init__(self) -> None:
        self.lock, self.wanted, self.before = Lock(), 0, 0.0

    def change(self, by: int) -> None:
        """One more or one less; the last one leaves the turns as they were."""
        with self.lock:
            if not self.wanted:
                self.before = sys.getswitchinterval()
            self.wanted += by
            sys.setswitchinterval(min(TURN_S, self.before) if self.wanted else self.before)


TURNS: Final = Turns()


@contextmanager
def short_turns() -> Iterator[None]:
    """Short turns inside the block."""
    TURNS.change(1)
    try:
        yield
    finally:
        TURNS.change(-1)

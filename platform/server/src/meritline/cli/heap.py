"""The heap of a process that serves. Decides that all its threads allocate from one.

glibc gives each thread a heap of its own, so that threads need not wait for each other when they allocate; ours wait
for the interpreter anyway. What a thread has done with stays in its heap: the plugins' answers, read at the start in a
thread, left four megabytes there, for good and for nobody.
"""

import ctypes
from contextlib import suppress
from typing import Final

M_ARENA_MAX: Final = -8


def share_heap() -> None:
    """One heap for all threads that are still to come; elsewhere than with glibc there is nothing to say."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)

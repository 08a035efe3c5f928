"""Functions that end their process, hang, or say too much."""

import os
import signal
import sys
import time
from contextlib import suppress

from meritline_sdk import COUNT, Answer


def raises(rows, settings, period):
    raise ValueError(f"of {rows[0].id}: 王小明")


def raises_badly(rows, settings, period):
    class Rude(Exception):
        def __str__(self):
            raise SystemExit(3)

    raise Rude


def leaves(rows, settings, period):
    sys.exit(0)


def recurses(rows, settings, period):
    return recurses(rows, settings, period)


def ends_itself(rows, settings, period):
    if rows[0].amount == 2:
        os._exit(0)
    return Answer(1, COUNT)


def ends_itself_always(rows, settings, period):
    os._exit(7)


def signals_itself(rows, settings, period):
    os.kill(os.getpid(), signal.SIGKILL)


def crashes(rows, settings, period):
    import ctypes

    ctypes.string_at(0)


def sleeps(rows, settings, period):
    if rows[0].amount == 2:
        time.sleep(3600)
    return Answer(1, COUNT)


def spins(rows, settings, period):
    while True:
        pass


def spins_in_c(rows, settings, period):
    return Answer(sum(range(10**13)), COUNT)


def spins_deaf(rows, settings, period):
    for number in range(1, 65):
        with suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    return Answer(pow(3, 1 << 60), COUNT)


def takes_memory(rows, settings, period):
    return Answer(len(bytearray(2 << 30)), COUNT)


def takes_memory_slowly(rows, settings, period):
    held = []
    while True:
        held.append(bytearray(1 << 20))


def prints_much(rows, settings, period):
    for _ in range(200):
        print("x" * 1_000_000)
        print("x" * 1_000_000, file=sys.stderr)
    return Answer(1, COUNT)


def floods(rows, settings, period):
    text = b"x" * (1 << 20)
    while True:
        for one in range(3, 10):
            with suppress(OSError):
                os.write(one, text)


def speaks_for_itself(rows, settings, period):
    """A line that takes a reader of JSON long, in place of an answer."""
    left = memoryview(b"[" + b"1," * 6_000_000 + b"1]\n")
    while left:
        left = left[os.write(3, left):]
    return Answer(1, COUNT)


def empty_lines(rows, settings, period):
    left = memoryview(b"\n" * 8_000_000)
    while left:
        left = left[os.write(3, left):]
    return Answer(1, COUNT)


def answers_for_others(rows, settings, period):
    """Says something of subjects that it was not asked about."""
    os.write(3, b'[5, "answer", ["int", "1"], null, null, "count", null, null]\n')
    return Answer(1, COUNT)


def says_the_end(rows, settings, period):
    os.write(3, b"end\n")
    os._exit(0)

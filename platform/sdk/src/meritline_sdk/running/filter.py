"""A filter of system calls (seccomp) for a plugin's process. Decides which arguments of the special ones are allowed.

It is made of the classic packet filter's instructions and stays until the process ends. Where the system has none
(other systems, other processors), ``stand`` says so by False and the limits alone hold.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable, Sequence

from meritline_sdk.running.calls import ALLOWED, NEWEST, SPECIAL

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""The place of the machine's numbers in the tables, and its name for the kernel."""
LOAD, JUMP_EQUAL, JUMP_ABOVE, AND, RETURN = 0x20, 0x15, 0x25, 0x54, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
NO_NEW_PRIVILEGES, SET_FILTER = 38, 22
PRCTL = (15, 16, 21, 23, SET_FILTER, NO_NEW_PRIVILEGES, 0x53564D41)  # names of threads and memory, questions, filters
FCNTL = (0, 1, 2, 3, 4, 1030, 1032)  # duplicates and flags; not who gets a signal
IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # questions of terminals, flags

type Step = tuple[int, int, int, int]


def importing() -> list[Step] | None:
    """What holds from before the import: files are read only, and everything else stays outside."""
    if (machine := MACHINES.get(platform.machine())) is None or sys.platform != "linux":
        return None
    column, architecture = machine
    steps = beginning(architecture)
    for numbers in ALLOWED.values():
        steps += at(numbers[column], [(RETURN, 0, 0, ALLOW)])
    own = os.getpid()
    for name, body in (
        ("open", without(1, WRITES)), ("openat", without(2, WRITES)), ("prlimit64", equal(2, (0,), wide=True)),
        ("kill", equal(0, (own,))), ("tgkill", equal(0, (own,))), ("fcntl", equal(1, FCNTL)),
        ("ioctl", equal(1, IOCTL)), ("prctl", equal(0, PRCTL)), ("clone3", [refuse(errno.ENOSYS)]),
        ("openat2", [refuse(errno.ENOSYS)]),
    ):  # fmt: skip
        steps += at(SPECIAL[name][column], body)
    return [*steps, refuse(errno.EPERM)]


def computing() -> list[Step] | None:
    """What holds besides, from before the function: no file is opened."""
    if (machine := MACHINES.get(platform.machine())) is None or sys.platform != "linux":
        return None
    column, architecture = machine
    steps = beginning(architecture)
    for name in ("open", "openat", "openat2"):
        steps += at(SPECIAL[name][column], [refuse(errno.EACCES)])
    return [*steps, (RETURN, 0, 0, ALLOW)]


def stand(steps: Sequence[Step] | None) -> bool:
    """Put the filter on this process, for good; whether it stands."""
    if steps is None:
        return False
    packed = b"".join(struct.pack("HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(packed)
    program = ctypes.create_string_buffer(struct.pack("HP", len(steps), ctypes.addressof(held)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = (ctypes.c_int, *(ctypes.c_ulong,) * 4)
    return bool(prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
                and prctl(SET_FILTER, 2, ctypes.addressof(program), 0, 0) == 0)


def beginning(architecture: int) -> list[Step]:
    """Calls of another architecture end the process; those of the 32-bit kind and unknown ones are refused."""
    steps: list[Step] = [(LOAD, 0, 0, ARCHITECTURE), (JUMP_EQUAL, 1, 0, architecture), (RETURN, 0, 0, KILL),
                         (LOAD, 0, 0, NUMBER)]
    return [*steps, (JUMP_ABOVE, 0, 1, NEWEST), refuse(errno.ENOSYS)]


def at(number: int | None, body: list[Step]) -> list[Step]:
    """The steps for one call; none where the machine does not have it."""
    return [] if number is None else [(JUMP_EQUAL, 0, len(body), number), *body]


def equal(argument: int, values: Iterable[int], *, wide: bool = False) -> list[Step]:
    """Allowed where the argument is one of these."""
    steps: list[Step] = []
    if wide:
        steps += [(LOAD, 0, 0, ARGUMENTS + 8 * argument + 4), (JUMP_EQUAL, 1, 0, 0), refuse(errno.EPERM)]
    steps.append((LOAD, 0, 0, ARGUMENTS + 8 * argument))
    for value in values:
        steps += [(JUMP_EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW)]
    return [*steps, refuse(errno.EPERM)]


def without(argument: int, flags: int) -> list[Step]:
    """Allowed where the argument has none of these flags."""
    return [(LOAD, 0, 0, ARGUMENTS + 8 * argument), (AND, 0, 0, flags), (JUMP_EQUAL, 0, 1, 0),
            (RETURN, 0, 0, ALLOW), refuse(errno.EACCES)]


def refuse(error: int) -> Step:
    """The call fails with this error."""
    return (RETURN, 0, 0, REFUSE | error)

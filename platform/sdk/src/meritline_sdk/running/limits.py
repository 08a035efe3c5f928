"""What a child may use. Decides memory, time, files and processes; what the system cannot limit is not pretended."""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

LINUX = sys.platform == "linux"
DEATH_SIGNAL, DUMPABLE = 1, 4  # PR_SET_PDEATHSIG and PR_SET_DUMPABLE of <linux/prctl.h>
CAPABILITIES = 0x20080522  # _LINUX_CAPABILITY_VERSION_3
READING = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: what is installed may be somebody else's


def die_with(parent: int) -> None:
    """End when the parent ends: at once on Linux; elsewhere when its pipe closes."""
    if LINUX:
        ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def hide() -> None:
    """Nobody of the same user may look into this process any more: its memory, its environment, its pipes.

    A child of the same user could else open the keeper's pipe in ``/proc``, and read what other companies ask.
    """
    if LINUX:
        ctypes.CDLL(None).prctl(DUMPABLE, 0, 0, 0, 0)


def without_privileges() -> None:
    """Give up, for good, what the superuser may beyond others, save for reading files: it sees hidden processes."""
    if not LINUX:
        return
    system = ctypes.CDLL(None)
    head = (ctypes.c_uint32 * 2)(CAPABILITIES, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; then the same of the higher numbers
    if system.capget(head, sets) == 0:
        system.capset(head, (ctypes.c_uint32 * 6)(sets[0] & READING, sets[1] & READING))


def limit(memory_bytes: int, cpu_s: int) -> list[str]:
    """The limits that hold from before the plugin is imported; those that this system refuses are named."""
    wanted = {"CORE": 0, "FSIZE": 0, "CPU": cpu_s + 1, "NPROC": 0, "NOFILE": 256,
              "AS": memory_bytes, "DATA": memory_bytes}
    refused = [name for name, most in wanted.items() if not lower(getattr(resource, f"RLIMIT_{name}"), most)]
    with suppress(OSError, ValueError):  # a signal of its own first, so that its end says why
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    return refused


def open_nothing(most: int) -> None:
    """From now on no file: descriptors from this number on are refused."""
    lower(resource.RLIMIT_NOFILE, most)


def lower(which: int, most: int) -> bool:
    """Lower a limit for good; macOS refuses some of them, which the deadline then has to make up for."""
    try:
        resource.setrlimit(which, (most, most))
    except (OSError, ValueError):
        return False
    return True

"""What a child may use. Decides memory, time, files and processes; what the system cannot limit is not pretended."""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

LINUX = sys.platform == "linux"
DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>


def die_with(parent: int) -> None:
    """End when the parent ends: at once on Linux; elsewhere when its pipe closes."""
    if LINUX:
        ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


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

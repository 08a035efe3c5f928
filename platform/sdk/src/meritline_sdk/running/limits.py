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


def limit(memory_bytes: int, cpu_s: int) -> None:
    """The limits that hold from before the plugin is imported."""
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_FSIZE, 0)
    lower(resource.RLIMIT_CPU, cpu_s)
    lower(resource.RLIMIT_NPROC, 0)
    lower(resource.RLIMIT_NOFILE, 256)
    for each in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        lower(each, memory_bytes)


def open_nothing(most: int) -> None:
    """From now on no file: descriptors from this number on are refused."""
    lower(resource.RLIMIT_NOFILE, most)


def lower(which: int, most: int) -> None:
    """Lower a limit for good; macOS refuses some of them, which the deadline then has to make up for."""
    with suppress(OSError, ValueError):
        resource.setrlimit(which, (most, most))

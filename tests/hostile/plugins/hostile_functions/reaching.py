"""Functions that reach for other processes, files and connections."""

import os
import signal
import socket
import subprocess
import threading
import time

from meritline_sdk import COUNT, Answer


def forks(rows, settings, period):
    for _ in range(6):
        os.fork()
    return Answer(1, COUNT)


def forks_quietly(rows, settings, period):
    children = 0
    for _ in range(20):
        try:
            if os.fork() == 0:
                time.sleep(3600)
            children += 1
        except OSError:
            pass
    return Answer(children, COUNT)


def starts_a_program(rows, settings, period):
    return Answer(subprocess.run(["true"]).returncode, COUNT)


def becomes_a_program(rows, settings, period):
    os.execv("/bin/sh", ["/bin/sh", "-c", "sleep 3600"])


def starts_threads(rows, settings, period):
    started = [threading.Thread(target=time.sleep, args=(3600,)) for _ in range(20)]
    for one in started:
        one.start()
    return Answer(1, COUNT)


def ends_its_keeper(rows, settings, period):
    os.kill(os.getppid(), signal.SIGKILL)


def signals_its_keeper_by_handle(rows, settings, period):
    import fcntl

    fcntl.fcntl(3, 8, os.getppid())  # F_SETOWN
    return Answer(1, COUNT)


def outlives_its_keeper(rows, settings, period):
    import ctypes

    return Answer(ctypes.CDLL(None).prctl(1, 0, 0, 0, 0), COUNT)


def raises_its_limits(rows, settings, period):
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))


def opens_a_file(rows, settings, period):
    with open(__file__) as text:
        return Answer(len(text.read()), COUNT)


def opens_a_file_on_a_used_number(rows, settings, period):
    os.close(0)
    with open(__file__) as text:
        return Answer(len(text.read()), COUNT)


def removes_a_file(rows, settings, period):
    os.unlink(__file__)


def reads_what_is_asked(rows, settings, period):
    """The pipe on which the keeper is asked would hold the next tenant's rows."""
    return Answer(len(os.read(0, 100)), COUNT)


def opens_a_connection(rows, settings, period):
    socket.create_connection(("127.0.0.1", 9), timeout=1)


def imports_late(rows, settings, period):
    import wave

    return Answer(len(wave.__name__), COUNT)


def reads_the_environment(rows, settings, period):
    return Answer(len(set(os.environ) - {"TZ", "LC_ALL"}), COUNT)

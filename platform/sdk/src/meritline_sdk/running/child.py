"""A child of the keeper: one question, one process. Decides what is taken away before the plugin's code runs.

It has no handle but the pipe on which it answers, an empty environment, no output, limits on memory, time, files and
processes, and, where the system knows it, a filter of system calls. It never returns.
"""

import gc
import importlib
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from meritline_sdk.running import compute, declare, defaults, guards
from meritline_sdk.running.filter import importing, stand
from meritline_sdk.running.frames import END
from meritline_sdk.running.limits import die_with, limit, without_privileges

ANSWER = 3
FAILED = 70
WORKS: dict[str, Callable[[Mapping[str, Any], bytes, Callable[[bytes], None]], None]] = {
    "declare": declare.work,
    "defaults": defaults.work,
    "compute": compute.work,
    "guards": guards.work,
}


def run(head: Mapping[str, Any], body: bytes, pipe: int, keeper: int) -> NoReturn:
    """Answer the question and end."""
    gc.disable()  # an import makes much and throws little away
    try:
        alone(pipe, keeper)
        if head.get("moved_s"):
            move(head["moved_s"], head.get("zone"))
        signal.alarm(int(head["deadline_s"]) + 5)  # should the keeper be gone
        refused = limit(head["memory"], max(1, int(head["cpu_s"])))
        without_privileges()
        filtered = stand(importing())
        WORKS[head["do"]]({**head, "refused": refused, "filtered": filtered}, body, tell)
        tell(END)
        os._exit(0)
    except BaseException:  # the keeper's loop must not go on in a child
        os._exit(FAILED)
    finally:
        os._exit(FAILED)


def alone(pipe: int, keeper: int) -> None:
    """Nothing is shared with the keeper but the pipe of the answer."""
    os.setpgid(0, 0)
    die_with(keeper)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for one in (0, 1, 2):
        os.dup2(nothing, one)
    if pipe != ANSWER:
        os.dup2(pipe, ANSWER)
    os.closerange(ANSWER + 1, 65536)
    kept = {name: os.environ[name] for name in ("TZ", "LC_ALL") if name in os.environ}
    os.environ.clear()
    os.environ.update(kept)
    sys.argv[:] = [""]
    sys.dont_write_bytecode = True


def move(seconds: float, zone: str | None) -> None:
    """Set this process's clock ahead: what looks at it gives another answer than the unmoved process."""
    import time

    if zone:
        os.environ["TZ"] = zone
        time.tzset()
    clockwork().travel(time.time() + seconds, tick=True).start()


def clockwork() -> Any:
    """What moves the clock, without what it takes along for those who have it: pytest, and a reader of dates."""
    found = sys.modules.get("time_machine")
    if found is None:
        left_out = [name for name in ("pytest", "dateutil.parser") if name not in sys.modules]
        sys.modules.update(dict.fromkeys(left_out))  # type: ignore[arg-type]
        try:
            found = importlib.import_module("time_machine")
        finally:
            for name in left_out:
                sys.modules.pop(name, None)
    return found


def tell(text: bytes) -> None:
    """Say something to the keeper."""
    left = memoryview(text)
    while left:
        left = left[os.write(ANSWER, left):]

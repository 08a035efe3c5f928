"""The keeper: a warm process that forks a child for every question. Decides deadlines, and how much a child may say.

It runs no code of a plugin, so it stays what it was: every child begins from the same memory, and nothing of one
tenant is there for the next. It reads children without waiting for them, ends their process groups at the deadline,
and ends itself when the server does.
"""

import contextlib
import gc
import importlib
import os
import selectors
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from meritline_sdk.running import child
from meritline_sdk.running.frames import Incoming, frame
from meritline_sdk.running.limits import die_with, hide

AT_ONCE = 1 << 16
USUAL = (
    "meritline_sdk", "meritline_sdk.hookspecs", "meritline_sdk.model.canonical", "pluggy", "_strptime", "bisect",
    "calendar", "collections", "contextlib", "ctypes", "dataclasses", "datetime", "decimal", "enum", "fractions",
    "functools", "heapq", "importlib.metadata", "inspect", "itertools", "json", "math", "operator", "random", "re",
    "statistics", "string", "types", "typing", "unicodedata", "zoneinfo", "encodings.ascii", "encodings.idna",
    "encodings.latin_1",
)  # fmt: skip
"""What most plugins import, and what Python imports behind a function's back: a function can open no file."""


@dataclass(slots=True)
class Asked:
    """A question that a child is busy with."""

    number: int
    pid: int
    pipe: int
    deadline: float
    silence_s: float
    quiet_until: float
    most: int
    said: bytearray = field(default_factory=bytearray)
    ended: str | None = None
    open: bool = True

    @property
    def until(self) -> float:
        """When it is ended: at its deadline, or when it has said nothing for too long."""
        return min(self.deadline, self.quiet_until)


def main(setup: Mapping[str, Any]) -> None:
    """Serve until the server goes."""
    die_with(setup["parent"])
    hide()  # its children too, from each other
    for name in USUAL:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    if setup.get("moved_s"):
        child.clockwork()
    out = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    os.nice(setup.get("nice", 0))
    gc.collect()
    gc.freeze()
    Keeper(0, out, setup).serve()


class Keeper:
    """The loop around the server's pipe and those of the children."""

    def __init__(self, questions: int, answers: int, setup: Mapping[str, Any]) -> None:
        self.questions, self.answers, self.setup = questions, answers, setup
        self.children: dict[int, Asked] = {}
        self.incoming, self.leaving = Incoming(), bytearray()
        self.selector = selectors.DefaultSelector()
        self.woken, wake = os.pipe()
        for one in (questions, answers, self.woken, wake):
            os.set_blocking(one, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self.selector.register(questions, selectors.EVENT_READ)
        self.selector.register(self.woken, selectors.EVENT_READ)

    def serve(self) -> None:
        """Until the server closes its pipe."""
        try:
            while self.turn():
                pass
        except (OSError, ValueError):
            pass  # the server is gone, or it is not ours
        finally:
            for one in self.children.values():
                end(one.pid)
            os._exit(0)

    def turn(self) -> bool:
        """What there is to do now; False when the server is gone."""
        soonest = min((one.until for one in self.children.values() if not one.ended), default=None)
        wait = None if soonest is None else max(0.0, soonest - time.monotonic())
        for key, _ in self.selector.select(wait):
            if key.fd == self.questions:
                data = os.read(self.questions, AT_ONCE * 4)
                if not data:
                    return False
                for head, body in self.incoming.feed(data):
                    self.start(head, body)
            elif key.fd == self.woken:
                os.read(self.woken, AT_ONCE)
            elif key.fd == self.answers:
                self.send()
            elif (asked := self.children.get(key.fd)) is not None:
                self.hear(asked)
        self.look()
        return True

    def start(self, head: Mapping[str, Any], body: bytes) -> None:
        """Fork a child that answers. What moves its clock is read here, once for all children."""
        if head.get("moved_s"):
            with contextlib.suppress(ImportError):
                child.clockwork()
        pipe, theirs = os.pipe()
        keeper = os.getpid()
        pid = os.fork()
        if pid == 0:
            child.run({**head, "moved_s": head.get("moved_s") or self.setup.get("moved_s")}, body, theirs, keeper)
        os.close(theirs)
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        os.set_blocking(pipe, False)
        self.selector.register(pipe, selectors.EVENT_READ)
        now, silence = time.monotonic(), head.get("silence_s", head["deadline_s"])
        self.children[pipe] = Asked(head["id"], pid, pipe, now + head["deadline_s"], silence, now + silence,
                                    head["most"])

    def hear(self, asked: Asked) -> None:
        """Take what the child says, and no more than it may."""
        while asked.open:
            try:
                data = os.read(asked.pipe, AT_ONCE)
            except BlockingIOError:
                return
            if not data or asked.ended:
                asked.open = False
                self.selector.unregister(asked.pipe)
                return
            asked.said += data
            asked.quiet_until = time.monotonic() + asked.silence_s
            if len(asked.said) > asked.most:
                del asked.said[asked.most:]
                asked.ended = "flood"
                end(asked.pid)

    def look(self) -> None:
        """End those whose time is over, and answer for those that have ended."""
        now = time.monotonic()
        for asked in list(self.children.values()):
            if not asked.ended and now >= asked.until:
                asked.ended = "deadline"
                end(asked.pid)
            if (status := ended_with(asked.pid)) is not None:
                self.finish(asked, status)

    def finish(self, asked: Asked, status: int) -> None:
        """Tell the server how the child ended and what it said."""
        if not asked.ended:
            self.hear(asked)
        if asked.open:
            self.selector.unregister(asked.pipe)
        os.close(asked.pipe)
        del self.children[asked.pipe]
        head = {"id": asked.number, "ended": asked.ended or "exit", "status": status}
        self.leaving += frame(head, len(asked.said)) + asked.said
        self.send()

    def send(self) -> None:
        """Write what the server takes now, the rest when it can."""
        while self.leaving:
            try:
                written = os.write(self.answers, memoryview(self.leaving)[:AT_ONCE])
            except BlockingIOError:
                break
            del self.leaving[:written]
        watched = self.answers in self.selector.get_map()
        if self.leaving and not watched:
            self.selector.register(self.answers, selectors.EVENT_WRITE)
        elif not self.leaving and watched:
            self.selector.unregister(self.answers)


def ended_with(pid: int) -> int | None:
    """The exit code of a child that has ended, negative for a signal; whatever it left behind is ended too."""
    if hasattr(os, "waitid"):  # not on every macOS
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return None
        end(pid)  # before it is reaped: its number is still its own
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    found, status = os.waitpid(pid, os.WNOHANG)
    if not found:
        return None
    end(pid)
    return os.waitstatus_to_exitcode(status)


def end(pid: int) -> None:
    """End a child and everything in its process group."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    import json

    main(json.loads(sys.argv[1]))

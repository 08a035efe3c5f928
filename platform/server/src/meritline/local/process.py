"""One supervised server process: started under its identity, watched until ready, stopped with its parent.

The server inherits an open, locked file. The lock therefore lives exactly as long as any process of the server, also
after a kill -9 of the supervisor or of the server's first process, and nobody starts a second one on the same data.
"""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from meritline.local.errors import LocalServiceError, last_words
from meritline.local.identity import Identity

_REMAINS_SECONDS = 15
_READY_SECONDS = 120
_PAUSE_SECONDS = 0.02


def environment() -> dict[str, str]:
    """Ours, so that the interpreter of the launcher finds its libraries, without what would steer a database."""
    steering = ("PG", "LC_", "LANG", "MERITLINE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


class PortTaken(Exception):
    """Another process took the port between the choice and the start."""


class ServerProcess:
    """A server on the data in `home`, with `<name>.log` and `<name>.lock` beside it."""

    def __init__(self, name: str, home: Path, identity: Identity, stop_signal: signal.Signals) -> None:
        self.name = name
        self.home = home
        self.identity = identity
        self._stop_signal = stop_signal
        self._log = home.with_name(f"{home.name}.log")
        self._lock = home.with_name(f"{home.name}.lock")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the running server."""
        return self._process.pid if self._process and self.alive else None

    @property
    def alive(self) -> bool:
        """Whether the server's first process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self, program: Path, arguments: list[str], ready: Callable[[int], bool]) -> None:
        """Start the program and return when it is ready for clients."""
        lock = self.hold()
        try:
            with self._new_log() as log:
                self._process = subprocess.Popen(
                    self.identity.command(self._stop_signal, "run", str(program), *arguments),
                    cwd=self.home,
                    env=environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    pass_fds=[lock],
                    # Ctrl-C is for the parent, which stops its servers in order.
                    start_new_session=True,
                )
        finally:
            os.close(lock)
        self._wait_until(ready)

    def signal_stop(self) -> None:
        """Ask for an orderly end."""
        if self._process and self.alive:
            self._process.send_signal(self._stop_signal)

    def join(self, seconds: float = 30) -> None:
        """Wait for the end; a server that does not come to one is killed."""
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def hold(self) -> int:
        """The lock of this server's data, as an open file. Remains of a killed server get time to end."""
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        end = time.monotonic() + _REMAINS_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return lock
            except BlockingIOError:
                if time.monotonic() > end:
                    os.close(lock)
                    raise LocalServiceError(
                        "E-LOCAL-REMAINS", name=self.name, path=self.home, seconds=_REMAINS_SECONDS
                    ) from None
                time.sleep(_PAUSE_SECONDS)

    def _wait_until(self, ready: Callable[[int], bool]) -> None:
        process = self._process
        assert process is not None
        end = time.monotonic() + _READY_SECONDS
        while process.poll() is None and time.monotonic() < end:
            if ready(process.pid):
                return
            time.sleep(_PAUSE_SECONDS)
        self.signal_stop()
        self.join()
        output = self._log.read_text("utf-8", "replace")
        if "Address already in use" in output:
            raise PortTaken
        said = last_words(output)
        raise LocalServiceError("E-LOCAL-START", name=self.name, status=process.returncode, log=self._log, said=said)

    def _new_log(self) -> BinaryIO:
        """An empty log; that of the start before is kept, because it says why the server died."""
        if self._log.exists():
            self._log.replace(self._log.with_suffix(".log.1"))
        return os.fdopen(os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")

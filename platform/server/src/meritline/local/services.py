"""Both embedded services of one data directory as one thing: one owner at a time, started, kept alive, stopped."""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from meritline.local import remembered
from meritline.local.binaries import find_binaries
from meritline.local.errors import LocalServiceError
from meritline.local.identity import choose_identity
from meritline.local.ports import free_port
from meritline.local.postgres import Postgres
from meritline.local.process import PortTaken
from meritline.local.urls import LocalUrls
from meritline.local.valkey import Valkey

_log = logging.getLogger(__name__)
_WATCH_SECONDS = 0.2
_PORT_TRIES = 5


class LocalServices:
    """PostgreSQL and Valkey on `data_dir`. Start from the main thread: the servers end with the thread that did."""

    def __init__(
        self, data_dir: Path, *, durable: bool = True, with_postgres: bool = True, with_valkey: bool = True
    ) -> None:
        self.data_dir = data_dir.absolute()
        self._durable = durable
        self._wanted = {"postgres": with_postgres, "valkey": with_valkey}
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self._lock: int | None = None
        self._guard = threading.Lock()
        self._stopping = threading.Event()

    def start(self) -> LocalUrls:
        """Start what is wanted and return its addresses."""
        if threading.current_thread() is not threading.main_thread():
            raise LocalServiceError("E-LOCAL-THREAD")
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = self._take()
        try:
            self._prepare()
            for server in self._servers():
                self._start_on_free_port(server)
            threading.Thread(target=self._watch, name="local-services", daemon=True).start()
        except BaseException:
            self.stop()
            raise
        return self.urls

    @property
    def urls(self) -> LocalUrls:
        """The addresses; empty for a service that was not wanted."""
        database = owner = redis = ""
        if self.postgres:
            database, owner = self.postgres.url(remembered.APPLICATION), self.postgres.url(remembered.OWNER)
        if self.valkey:
            redis = self.valkey.url()
        return LocalUrls(database, owner, redis)

    def stop(self) -> None:
        """Stop both in an orderly way and let the data directory go."""
        self._stopping.set()
        with self._guard:
            for server in self._servers():
                server.process.signal_stop()
            for server in self._servers():
                server.process.join()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _prepare(self) -> None:
        binaries = find_binaries()
        remembered.passwords(self.data_dir)
        identity, binaries = choose_identity(self.data_dir, binaries)
        if self._wanted["postgres"]:
            self.postgres = Postgres(self.data_dir, binaries, identity, self._durable)
        if self._wanted["valkey"]:
            self.valkey = Valkey(self.data_dir, binaries, identity, self._durable)

    def _servers(self) -> list[Postgres | Valkey]:
        return [server for server in (self.postgres, self.valkey) if server]

    def _start_on_free_port(self, server: Postgres | Valkey) -> None:
        known = remembered.ports(self.data_dir)
        name = server.home.name
        preferred = known.get(name)
        for _ in range(_PORT_TRIES):
            try:
                server.start(free_port(preferred))
                break
            except PortTaken:
                preferred = None
        else:
            said = "Address already in use"
            raise LocalServiceError("E-LOCAL-START", name=name, status="-", log=server.home, said=said)
        remembered.remember_ports(self.data_dir, known | {name: server.port or 0})

    def _take(self) -> int:
        """Be the one supervisor of this data directory, as long as this process lives."""
        lock = os.open(self.data_dir / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(lock, 20).decode().strip() or "?"
            os.close(lock)
            raise LocalServiceError("E-LOCAL-IN-USE", path=self.data_dir, pid=pid) from None
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        return lock

    def _watch(self) -> None:
        """Bring a server back that died, on its old port; one that keeps failing gets longer and longer pauses."""
        pause = _WATCH_SECONDS
        while not self._stopping.wait(pause):
            pause = _WATCH_SECONDS if self._attempt(self._revive) else min(pause * 2, 30)

    def _revive(self) -> None:
        for server in self._servers():
            if not server.process.alive and server.port is not None:
                _log.warning("%s ended by itself and is started again", server.process.name)
                started = time.monotonic()
                server.start(server.port)
                _log.warning("%s is back after %.1f s", server.process.name, time.monotonic() - started)

    def _attempt(self, act: Callable[[], None]) -> bool:
        with self._guard:
            if self._stopping.is_set():
                return True
            try:
                act()
            except (LocalServiceError, PortTaken, OSError) as problem:
                _log.error("a local service could not be started again: %s", problem)
                return False
        return True


@contextmanager
def local_services(
    data_dir: Path, *, durable: bool = True, postgres: bool = True, valkey: bool = True
) -> Iterator[LocalUrls]:
    """The embedded services for the length of a block."""
    services = LocalServices(data_dir, durable=durable, with_postgres=postgres, with_valkey=valkey)
    try:
        yield services.start()
    finally:
        services.stop()

"""The servers that are asked: the product, PostGraphile and the bare route, each a process on the same database."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.stage import Company, Scene

from meritline.local.ports import free_port

HOST: Final = "127.0.0.1"
START_S: Final = 60
PRODUCT, PEER, BARE = "Meritline", "PostGraphile 5", "bare Starlette and asyncpg route"


COMMAND: Final = ("-m", "meritline.cli")


class Refused(RuntimeError):
    """A server did not answer as it should."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server process."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    port: int
    headers: Mapping[str, str]

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def told(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", "replace")[-2000:]

    def request(self, body: bytes, path: str = "/graphql") -> bytes:
        """The bytes of a request on a connection that stays open."""
        fields = {"Host": HOST, "Content-Type": "application/json", "Content-Length": str(len(body)), **self.headers}
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        return "\r\n".join(lines).encode() + body

    def answer(self, body: bytes, path: str = "/graphql") -> bytes:
        """One answer."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=START_S)
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json", **self.headers})
            found = connection.getresponse()
            content = found.read()
        finally:
            connection.close()
        if found.status != 200:
            raise Refused(f"{self.name}: {found.status} {content[:1000]!r}\n{self.told()}")
        return content

    def wait(self) -> None:
        """Until it listens."""
        until(self.listens)

    def listens(self) -> bool:
        """Whether it answers."""
        if self.process.poll() is not None:
            raise Refused(f"{self.name} ended: {self.told()}")
        connection = http.client.HTTPConnection(HOST, self.port, timeout=START_S)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            return False
        finally:
            connection.close()
        return True


def until(true: Callable[[], bool]) -> None:
    """Wait for something, not for ever."""
    end = time.monotonic() + START_S
    while not true():
        if time.monotonic() > end:
            raise Refused(f"nothing came in {START_S} s")
        time.sleep(0.01)


@contextmanager
def product(folder: Path, scene: Scene, firm: Company, meritline: Sequence[str] = COMMAND) -> Iterator[Server]:
    """The product as production runs it; ``meritline`` are the interpreter's arguments that are the command."""
    command = [sys.executable, *meritline]
    with serving(folder, scene, command, {"Authorization": f"Bearer {firm.admin_key}"}) as server:
        yield server


@contextmanager
def serving(folder: Path, scene: Scene, meritline: Sequence[str], headers: Mapping[str, str]) -> Iterator[Server]:
    """``meritline serve``, once it answers."""
    port = free_port()
    command = [*meritline, "serve", "--host", HOST, "--port", str(port)]
    with started(PRODUCT, command, scene.urls.environ(), folder / "product.log", port, headers) as server:
        yield server


@contextmanager
def bare(folder: Path, scene: Scene, firm: Company) -> Iterator[Server]:
    """The bare route."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.reads.bare", str(port), str(firm.tenant_id)]
    with started(BARE, command, scene.urls.environ(), folder / "bare.log", port, {}) as server:
        yield server


@contextmanager
def peer(folder: Path, scene: Scene, firm: Company, command: Sequence[str]) -> Iterator[Server]:
    """PostGraphile in one process, as production runs it."""
    port = free_port()
    settings = {"DATABASE_URL": scene.urls.database_url, "NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    with started(PEER, [*command, str(port), str(firm.tenant_id)], settings, folder / "peer.log", port, {}) as server:
        yield server


@contextmanager
def started(name: str, command: Sequence[str], settings: Mapping[str, str], log: Path, port: int,
            headers: Mapping[str, str]) -> Iterator[Server]:
    """A process that listens, ended with the block."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, env={**os.environ, **settings}, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=out)  # fmt: skip
        try:
            server = Server(name, process, log, port, headers)
            server.wait()
            yield server
        finally:
            process.terminate()
            process.wait(START_S)

"""The server: uvicorn on an application. Decides how a process starts listening and how it drains."""

import gc
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from meritline.http.app import create_app

DRAIN_S = 20


class DrainingServer(uvicorn.Server):
    """Says "not ready" from the moment it is told to stop."""

    def __init__(self, config: uvicorn.Config, platform: Any) -> None:
        super().__init__(config)
        self.platform = platform

    def handle_exit(self, sig: int, frame: Any) -> None:
        """The signal to stop."""
        self.platform.draining = True
        super().handle_exit(sig, frame)


async def serve(
    platform: Any, *, host: str | None = None, port: int | None = None, ready: Callable[[str], None] | None = None
) -> None:
    """Serve until a signal; ``ready`` is told the address once it listens and whoever asks is answered at once."""
    chosen = platform.settings.port if port is None else port
    listener = listening(host or platform.settings.host, chosen)
    server = server_for(platform)
    gc.freeze()  # what a start made stays for good: the collector need not look through it again and again
    gc.enable()
    (ready or announce)(address_of(listener))
    await server.serve(sockets=[listener])


def server_for(platform: Any) -> DrainingServer:
    """A server of the application that listens nowhere yet."""
    config = uvicorn.Config(
        create_app(platform),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_S,
        ws_max_size=256 * 1024,
    )
    return DrainingServer(config, platform)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; asking for port 0 gives a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        from meritline.errors import MeritlineError

        raise MeritlineError("E-HTTP-LISTEN", value=f"{host}:{port}", reason=error.strerror or error) from error
    made.listen(1024)
    return made


def address_of(listener: socket.socket) -> str:
    """The address as a browser wants it."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def announce(address: str) -> None:
    """Say where it listens."""
    print(f"serving {address}", flush=True)

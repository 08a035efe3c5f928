"""The server: uvicorn on an application. Decides how a process starts listening and how it drains.

On SIGTERM it says "not ready" first and goes on for ``MERITLINE_DRAIN_S`` seconds, in which whoever sends requests here
hears of it; then new connections are refused, what is being answered is finished (a request has its own deadline), and
the process ends with 0. A second signal, or Ctrl-C, leaves out the waiting.
"""

import gc
import logging
import signal
import socket
import time
from collections.abc import Callable
from typing import Any, Final

import uvicorn

from meritline.http.app import create_app

log = logging.getLogger(__name__)
#: What an answer may need beyond its deadline until its last byte is out.
TO_FINISH_S: Final = 5
#: How many more objects may be made than thrown away before the collector looks for rings among them. A request makes
#: thousands and leaves hardly a ring; by default it is looked through several times while it is answered.
YOUNG: Final = 10_000


class DrainingServer(uvicorn.Server):
    """Says "not ready" from the moment it is told to stop."""

    def __init__(self, config: uvicorn.Config, platform: Any) -> None:
        super().__init__(config)
        self.platform = platform
        self.leave_at = float("inf")

    def handle_exit(self, sig: int, frame: Any) -> None:
        """The signal to stop. uvicorn would raise SIGTERM again at its end, before anything else is closed."""
        again, self.platform.draining = self.platform.draining, True
        if sig == signal.SIGINT:
            super().handle_exit(sig, frame)
        elif again:
            self.should_exit = True
        else:
            self.leave_at = time.monotonic() + self.platform.settings.drain_s

    async def on_tick(self, counter: int) -> bool:
        """Whether to stop listening; asked ten times a second."""
        if time.monotonic() >= self.leave_at:
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Refuse what is new, finish what is there."""
        log.info("stopping", extra={"in_flight": len(self.server_state.tasks)})
        await super().shutdown(sockets)


async def serve(
    platform: Any, *, host: str | None = None, port: int | None = None, ready: Callable[[str], None] | None = None
) -> None:
    """Serve until a signal; ``ready`` is told the address once it listens and whoever asks is answered at once."""
    chosen = platform.settings.port if port is None else port
    listener = listening(host or platform.settings.host, chosen)
    server = server_for(platform)
    gc.freeze()  # what a start made stays for good: the collector need not look through it again and again
    gc.set_threshold(YOUNG)
    gc.enable()
    (ready or announce)(address_of(listener))
    await server.serve(sockets=[listener])


def server_for(platform: Any) -> DrainingServer:
    """A server of the application that listens nowhere yet."""
    grace = platform.settings.request_timeout_s + TO_FINISH_S
    return DrainingServer(configuration(create_app(platform), grace), platform)


def configuration(app: Any, grace_s: int) -> uvicorn.Config:
    """How uvicorn serves an application of ours; it logs as we do, and of requests nothing, which we do ourselves."""
    return uvicorn.Config(
        app, loop="uvloop", http="httptools", lifespan="off", log_config=None, log_level="warning", access_log=False,
        server_header=False, timeout_graceful_shutdown=grace_s, ws_max_size=256 * 1024,
    )  # fmt: skip


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

"""The embedded Valkey: an append-only log on disk, a password, loopback alone, and no key ever evicted."""

import signal
import socket
from pathlib import Path

from meritline.local import remembered
from meritline.local.binaries import Binaries
from meritline.local.identity import Identity
from meritline.local.ports import LOOPBACK
from meritline.local.process import ServerProcess

_CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir .
appendonly yes
appendfsync {fsync}
save ""
maxmemory-policy noeviction
daemonize no
"""


class Valkey:
    """The Valkey server of one data directory."""

    def __init__(self, data_dir: Path, binaries: Binaries, identity: Identity, durable: bool = True) -> None:
        self.home = data_dir / "valkey"
        self.port: int | None = None
        self._program = binaries.valkey
        self._fsync = "everysec" if durable else "no"
        self._password = remembered.passwords(data_dir)[remembered.VALKEY]
        self.process = ServerProcess("Valkey", self.home, identity, signal.SIGTERM)

    def start(self, port: int) -> None:
        """Start the server and wait until it has read its log."""
        if not self.home.exists():
            self.home.mkdir(mode=0o700)
            self.process.identity.own(self.home)
        # By file, since a command line shows the password to every user of the machine. Relative names: the
        # configuration has no safe way to write every path.
        configuration = self.home / "valkey.conf"
        remembered.write_whole(
            configuration,
            _CONFIGURATION.format(host=LOOPBACK, port=port, password=self._password, fsync=self._fsync),
        )
        self.process.identity.own(configuration)
        self.port = port
        self.process.start(self._program, [configuration.name], self._ready)

    def url(self) -> str:
        """The address with its password."""
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/0"

    def _ready(self, _pid: int) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port or 0), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (more := connection.recv(1024)):
                    answer += more
        except OSError:
            return False
        return answer == b"+OK" + b"\r\n" + b"+PONG" + b"\r\n"

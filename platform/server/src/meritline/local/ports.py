"""Which loopback port a server gets: the one it had before if that is free, else one that nobody uses."""

import socket

LOOPBACK = "127.0.0.1"


def free_port(preferred: int | None = None) -> int:
    """A port that was free a moment ago. Another process may still take it: who uses it starts again with a new one."""
    for port in (preferred, 0):
        if port is None:
            continue
        with socket.socket() as probe:
            # As the servers do: a port whose old connections only linger counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on the loopback interface")

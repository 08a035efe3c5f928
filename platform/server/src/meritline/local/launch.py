"""What a server process does to itself before it becomes the server. Run as a script, never imported.

    python -I -S launch.py PARENT SIGNAL IDENTITY run PROGRAM ARGUMENT...
    python -I -S launch.py PARENT SIGNAL IDENTITY check PATH...

IDENTITY is `same`, `namespace` (root only: the program sees itself as an ordinary user, the files stay root's) or
`UID:GID` (root only: really become that user). `check` exits 0 if that identity may enter or run every PATH.
A script rather than a `preexec_fn`: the parent may have threads, and code between fork and exec is not safe there.
It runs under -S, so the standard library is all it has; and it imports first and changes its identity then, since the
new one may not be allowed to read the interpreter's files.
"""

import ctypes
import os
import sys
from pathlib import Path

_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
_SEEN_AS = 1000


def become(identity: str) -> None:
    """Take the identity; an OSError means that it is forbidden here."""
    if identity == "namespace":
        uid, gid = os.getuid(), os.getgid()
        os.unshare(os.CLONE_NEWUSER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{_SEEN_AS} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{_SEEN_AS} {gid} 1")
    elif identity != "same":
        user, group = (int(part) for part in identity.split(":"))
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)


def stop_with(parent: int, signal: int) -> None:
    """Ask the kernel for `signal` when the parent dies, and end at once if it is dead already."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_SET_DEATH_SIGNAL, signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def main(parent: str, signal: str, identity: str, verb: str, *rest: str) -> None:
    """The whole life of this process until it becomes another."""
    os.umask(0o077)
    become(identity)
    # After the identity: a change of user clears the death signal.
    stop_with(int(parent), int(signal))
    if verb == "check":
        sys.exit(0 if all(os.access(path, os.X_OK) for path in rest) else 1)
    os.execv(rest[0], rest)


if __name__ == "__main__":
    main(*sys.argv[1:])

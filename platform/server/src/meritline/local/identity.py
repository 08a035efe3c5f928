"""As whom the servers run. PostgreSQL refuses root, so root needs another face.

An ordinary user runs them as itself. Root maps itself to an ordinary user in a user namespace: no account is made, no
permission changed, files stay root's. Where namespaces are forbidden (many containers), or the data directory already
belongs to somebody, root becomes that user, `postgres` or `nobody`.
"""

import os
import pwd
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from meritline.local.binaries import Binaries, copy_binaries
from meritline.local.errors import LocalServiceError

_LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Identity:
    """`same`, `namespace` or `UID:GID`, as the launcher understands it."""

    word: str

    def command(self, death_signal: signal.Signals, verb: str, *rest: str) -> list[str]:
        """The command line that becomes `rest` under this identity and dies with this process."""
        start = [sys.executable, "-I", "-S", str(_LAUNCH), str(os.getpid()), str(int(death_signal))]
        return [*start, self.word, verb, *rest]

    def own(self, path: Path) -> None:
        """Give a file or folder that the servers must write to whoever they run as."""
        if ":" in self.word:
            user, group = (int(part) for part in self.word.split(":"))
            os.chown(path, user, group)

    def may_use(self, *paths: Path) -> bool:
        """Whether a process of this identity can be made here and can enter or run every path."""
        command = self.command(signal.SIGKILL, "check", *map(str, paths))
        return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


def choose_identity(data_dir: Path, binaries: Binaries) -> tuple[Identity, Binaries]:
    """The identity for the servers of `data_dir`, and the programs that it can run."""
    owner = _owner_of_data(data_dir)
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise LocalServiceError("E-LOCAL-OWNER", path=data_dir, owner=owner, user=os.geteuid())
        return Identity("same"), binaries
    if not owner:
        namespace = Identity("namespace")
        if namespace.may_use(data_dir, binaries.postgres, binaries.valkey):
            return namespace, binaries
    # The servers must pass through the data directory; the passwords in it stay unreadable to them.
    data_dir.chmod(0o711)
    for candidate in _ordinary_users(data_dir, owner):
        if candidate.may_use(data_dir, binaries.postgres, binaries.valkey):
            return candidate, binaries
        if candidate.may_use(data_dir):
            return candidate, copy_binaries(binaries, data_dir / "programs")
    raise LocalServiceError("E-LOCAL-ROOT", path=data_dir)


def _owner_of_data(data_dir: Path) -> int | None:
    for name in ("postgres", "valkey"):
        if (data_dir / name).exists():
            return (data_dir / name).stat().st_uid
    return None


def _ordinary_users(data_dir: Path, owner: int | None) -> list[Identity]:
    """Who root may become: the owner of the data and nobody else, or someone plausible for new data."""
    if owner:
        return [_user(owner)]
    found = [_user(data_dir.parent.stat().st_uid)] if data_dir.parent.stat().st_uid else []
    for name in ("postgres", "nobody"):
        try:
            found.append(_user(pwd.getpwnam(name).pw_uid))
        except KeyError:
            continue
    return found


def _user(uid: int) -> Identity:
    try:
        return Identity(f"{uid}:{pwd.getpwuid(uid).pw_gid}")
    except KeyError:
        return Identity(f"{uid}:{uid}")


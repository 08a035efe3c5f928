"""The folder of what is kept. Decides whom it is believed of: nobody but the user that this process runs as.

Whoever may write it could tell the server what plugins declare. So the folder and each file must belong to this user
and be writable by nobody else, links are not followed, and a text stands with its own hash. A folder that is otherwise
is not used, and nothing in it is changed. Nothing here ever fails a start: what cannot be read is asked again, what
cannot be written is not kept.
"""

import hashlib
import logging
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISREG, S_IWGRP, S_IWOTH

OFF = "off"
OTHERS = S_IWGRP | S_IWOTH
LARGEST = 64 << 20
MOST_FILES = 512

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """A folder that is this user's own."""

    folder: Path

    def read(self, name: str) -> bytes | None:
        """The text of this name, if it is there and whole."""
        try:
            handle = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as file:
                about = os.fstat(handle)
                if not S_ISREG(about.st_mode) or not own(about) or about.st_size > LARGEST:
                    return None
                hashed, _, body = file.read(LARGEST).partition(b"\n")
        except OSError:
            return None
        return body if hashed == digest(name, body) else None

    def write(self, name: str, body: bytes) -> None:
        """Keep the text; whoever reads at the same time finds all of it or nothing."""
        new = self.folder / f".{name}.{secrets.token_hex(8)}"
        try:
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(digest(name, body) + b"\n" + body)
            new.replace(self.folder / name)
            self.tidy()
        except OSError as wrong:
            log.debug("nothing is kept in %s: %s", self.folder, wrong.strerror)
            with suppress(OSError):
                new.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Remove the oldest of too many."""
        names = os.listdir(self.folder)
        if len(names) > MOST_FILES:
            files = sorted((os.lstat(path).st_mtime_ns, path) for path in map(self.folder.joinpath, names))
            for _, path in files[: len(files) - MOST_FILES // 2]:
                path.unlink(missing_ok=True)


def digest(name: str, body: bytes) -> bytes:
    """What stands before a text: it is this one, and it stands under its own name."""
    return hashlib.sha256(name.encode() + b"\0" + body).hexdigest().encode()


def kept_in(chosen: Path | None) -> Kept | None:
    """The folder that the setting names, or this user's usual one; None where there is none that can be trusted."""
    folder = chosen or usual()
    if folder is None or str(folder) == OFF or not hasattr(os, "geteuid"):
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = os.lstat(folder)
    except OSError as wrong:
        log.debug("nothing is kept in %s: %s", folder, wrong.strerror)
        return None
    if not S_ISDIR(about.st_mode) or not own(about):
        log.warning("what plugins declare is not kept in %s (mode %o): it is no folder of this user alone", folder,
                    S_IMODE(about.st_mode))
        return None
    return Kept(folder)


def own(about: os.stat_result) -> bool:
    """Whether nobody but this user may write it."""
    return about.st_uid == os.geteuid() and not about.st_mode & OTHERS


def usual() -> Path | None:
    """The folder for what can be made again, of this process or its user (XDG); None for a user without a home."""
    if own_one := os.environ.get("MERITLINE_CACHE_DIR", "").strip():
        return Path(own_one)
    cache = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(cache):
        return Path(cache) / "meritline"
    home = os.environ.get("HOME", "")
    return Path(home) / ".cache" / "meritline" if os.path.isabs(home) and os.path.isdir(home) else None

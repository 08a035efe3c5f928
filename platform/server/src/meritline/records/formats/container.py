"""The bytes of a file: plain or gzip, from a path or from memory. Decides when a packed file is refused as a bomb."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from meritline.errors import MeritlineError
from meritline.records.formats.limits import Limits

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
BLOCK = 256 * 1024
IN_MEMORY = 16 * 1024**2


class FileRefused(MeritlineError):
    """A file that cannot be read as a whole; nothing of it is imported."""

    code = "E-FILE-DAMAGED"


class Content:
    """What was given, readable again and again; ``consumed`` counts the stored bytes of the current reading."""

    def __init__(self, given: Path | bytes, name: str, limits: Limits) -> None:
        self.given, self.name, self.limits, self.consumed = given, name, limits, 0
        with self.stored() as file:
            self.size = file.seek(0, io.SEEK_END)
            file.seek(0)
            self.packed = file.read(2) == GZIP
        self.head = next(self.blocks(), b"")[:65536]

    @contextmanager
    def stored(self) -> Iterator[BinaryIO]:
        """The bytes as they lie; what goes wrong while they are read is told in our words."""
        try:
            with io.BytesIO(self.given) if isinstance(self.given, bytes) else self.given.open("rb") as file:
                yield file
        except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
            raise FileRefused("E-FILE-OPEN", file=self.name, reason=error.strerror) from error
        except (OSError, EOFError, zlib.error) as error:
            raise FileRefused(file=self.name, reason=str(error) or type(error).__name__) from error

    def blocks(self) -> Iterator[bytes]:
        """The unpacked bytes."""
        unpacked = 0
        with self.stored() as stored:
            reader = gzip.GzipFile(fileobj=stored) if self.packed else stored
            while block := reader.read(BLOCK):
                unpacked += len(block)
                self.consumed = stored.tell()
                self.require_sane(unpacked)
                yield block

    def require_sane(self, unpacked: int) -> None:
        """Raise once the file has unpacked to more than any export would."""
        limits = self.limits
        bomb = self.packed and unpacked > max(limits.suspicious_bytes, limits.packing_ratio * self.consumed)
        if bomb or unpacked > limits.unpacked_bytes:
            raise FileRefused("E-FILE-TOO-LARGE", file=self.name, megabytes=unpacked // 1024**2)

    @contextmanager
    def seekable(self) -> Iterator[BinaryIO]:
        """The unpacked bytes as a file in which one can jump, as a workbook needs."""
        if not self.packed:
            with self.stored() as file:
                yield file
            return
        with SpooledTemporaryFile(IN_MEMORY) as file:
            for block in self.blocks():
                file.write(block)
            file.seek(0)
            yield file  # type: ignore[misc]

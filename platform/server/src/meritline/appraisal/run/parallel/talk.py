"""How the server and its scoring processes talk. Decides the form of a message: its length, then a pickle.

Both ends are this program in the same version, started by each other; nothing of a stranger comes this way.
"""

import io
import pickle
from struct import Struct
from types import MappingProxyType
from typing import Any, Final

LENGTH: Final = Struct(">Q")


class Pickler(pickle.Pickler):
    """Also takes the read-only mappings of definitions."""

    dispatch_table = {MappingProxyType: lambda one: (dict, (dict(one),))}  # noqa: RUF012


def packed(value: Any) -> bytes:
    """A message."""
    told = io.BytesIO()
    told.write(bytes(LENGTH.size))
    Pickler(told, pickle.HIGHEST_PROTOCOL).dump(value)
    length = told.tell() - LENGTH.size
    told.seek(0)
    told.write(LENGTH.pack(length))
    return told.getvalue()


def unpacked(message: bytes) -> Any:
    """What a message says, without its length."""
    return pickle.loads(message)

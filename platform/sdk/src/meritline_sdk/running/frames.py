"""How the server and the keeper talk. Decides the form of a message and the largest one.

A frame is two lengths (big-endian, 32 bits), a head of JSON and a body of bytes that the keeper never looks into.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any

LENGTHS = struct.Struct("!II")
MOST_HEAD = 64 * 1024
MOST_BODY = 256 * 1024 * 1024
END = b"end\n"
"""The last line of a child that came to its end."""


class FrameError(ValueError):
    """The other side does not speak this language, or too much."""


def frame(head: Mapping[str, Any], length: int) -> bytes:
    """The head of a message whose body has so many bytes; the body follows it."""
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > MOST_HEAD or length > MOST_BODY:
        raise FrameError(f"a message of {len(text)} and {length} bytes is too large")
    return LENGTHS.pack(len(text), length) + text


class Incoming:
    """Messages as they come in, in pieces of any size."""

    def __init__(self) -> None:
        self.held = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
        """The messages that are complete by now."""
        self.held += data
        while len(self.held) >= LENGTHS.size:
            head, body = LENGTHS.unpack_from(self.held)
            if head > MOST_HEAD or body > MOST_BODY:
                raise FrameError(f"a message of {head} and {body} bytes is too large")
            begin, end = LENGTHS.size + head, LENGTHS.size + head + body
            if len(self.held) < end:
                return
            found = json.loads(bytes(self.held[LENGTHS.size:begin]))
            text = bytes(self.held[begin:end])
            del self.held[:end]
            yield found, text

"""The one line of a request: what is gathered for it while it is answered. Decides what may stand there.

Ids are opaque, names come from our own program (routes, root fields, codes), and the name that a client gave its
operation only where it looks like a name: it is the client's program text, but a program may be told anything.
"""

import re
from contextvars import ContextVar
from dataclasses import dataclass, field
from random import getrandbits
from typing import Any, Final

MOST_FIELDS, MOST_CODES, LONGEST_NAME = 10, 10, 64
#: Ids as proxies make them: nothing else of a client's comes into a line, and a telephone number is no such id.
FOREIGN_ID: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
NAME: Final = re.compile(r"[A-Za-z_][A-Za-z_0-9]*", re.ASCII)
NUMBER: Final = re.compile(r"[0-9]{5,}")


@dataclass(slots=True)
class Entry:
    """What is known of the request that is being answered."""

    request_id: str
    operation: str | None = None
    kind: str | None = None
    fields: tuple[str, ...] = ()
    codes: list[str] = field(default_factory=list)
    #: The document that was executed, where it was not known before.
    document: Any = None

    def refused(self, code: str) -> None:
        """One more code of an error that was answered."""
        if len(self.codes) < MOST_CODES and code not in self.codes:
            self.codes.append(code)


CURRENT: ContextVar[Entry | None] = ContextVar("meritline_request", default=None)


def begun(given: str | None) -> Entry:
    """The entry of a new request, under the id that a proxy gave it, or a new one."""
    known = given is not None and FOREIGN_ID.fullmatch(given) is not None
    return Entry(given if known and given else f"{getrandbits(128):032x}")


def note_code(code: str) -> None:
    """An error was answered."""
    if (entry := CURRENT.get()) is not None:
        entry.refused(code)


def note_document(document: Any) -> None:
    """A document was executed that nobody knew before."""
    if (entry := CURRENT.get()) is not None:
        entry.document = document


def safe_name(name: str | None) -> str | None:
    """The name of an operation, as far as it is one."""
    if not name or NAME.fullmatch(name) is None:
        return None
    return NUMBER.sub("_", name[:LONGEST_NAME])

"""What nobody foresaw. Decides what a reader sees of it: one line with a reference, and where the trace is."""

import asyncio
import os
import tempfile
import traceback
from pathlib import Path
from uuid import uuid4

import asyncpg

from meritline.errors import MeritlineError

#: What a lost or refused connection to the database raises, wherever it happens.
DATABASE_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    ConnectionError,
    asyncio.TimeoutError,
)


def told(error: Exception) -> MeritlineError:
    """The error in our terms; the trace of a surprise is kept in a file of its own, for this user alone."""
    if isinstance(error, DATABASE_AWAY):
        return MeritlineError("E-DATABASE-AWAY")
    reference = uuid4().hex[:12]
    trace = kept(error, reference)
    return MeritlineError("E-COMMAND-FAILED", reference=reference, kind=type(error).__name__, trace=trace)


def kept(error: Exception, reference: str) -> Path:
    """The file with the trace."""
    path = Path(tempfile.gettempdir()) / f"meritline-{reference}.txt"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("".join(traceback.format_exception(error)))
    return path

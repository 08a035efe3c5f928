"""The two forms of a line. Decides that both tell the same, and that no message is longer than a line should be."""

import json
import logging
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from meritline.logs.private import shape, trace, without_words
from meritline.logs.requests import CURRENT

STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
LEVELS: Final = {10: "debug", 20: "info", 30: "warning", 40: "error", 50: "critical"}
LONGEST: Final = 2000
BLANK: Final = vars(logging.makeLogRecord({}))


def spoken(logger: str, level: int, message: str, said: dict[str, Any]) -> logging.LogRecord:
    """A record that is all of one piece. The usual way looks for the caller, the thread and the process: for the line
    of a request that costs more than the line."""
    record = logging.LogRecord.__new__(logging.LogRecord)
    now = time.time()
    record.__dict__ = {**BLANK, "name": logger, "levelno": level, "levelname": logging.getLevelName(level),
                       "msg": message, "created": now, "msecs": now % 1 * 1000, "said": said}
    return record



class Told(logging.Formatter):
    """What both forms tell of a record: its message, its error and what stands beside it."""

    def parts(self, record: logging.LogRecord) -> tuple[str, str | None, dict[str, Any]]:
        """Message, error and extras."""
        if (said := getattr(record, "said", None)) is not None:
            return str(record.msg), None, said
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        extras = {name: value for name, value in vars(record).items() if name not in STANDARD and value is not None}
        entry = CURRENT.get()
        if entry is not None:
            extras.setdefault("request_id", entry.request_id)
        return message_of(record), trace(error) if error is not None else None, extras


def message_of(record: logging.LogRecord) -> str:
    """The message; errors in it by their shape."""
    args: Any = record.args
    if isinstance(args, Mapping):
        args = {name: without_words(value) for name, value in args.items()}
    elif args:
        args = tuple(without_words(value) for value in args)
    text = shape(record.msg) if isinstance(record.msg, BaseException) else str(record.msg)
    if record.name == "asyncio":
        text = text.partition("\n")[0]  # what follows shows the task, with the words of its error
    text = text % args if args else text
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


class ForPeople(Told):
    """``2026-05-03 09:00:00,120 WARNING meritline.jobs: the queue is gone  tenant=...``."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        message, error, extras = self.parts(record)
        beside = "  ".join(f"{name}={shown(value)}" for name, value in extras.items() if value not in (None, (), []))
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {message}"
        return "\n".join(part for part in (f"{line}  {beside}" if beside else line, error) if part)


def shown(value: object) -> str:
    """A value beside a message."""
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


class JsonLines(Told):
    """One object a line; what was given as ``extra`` stands beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        message, error, extras = self.parts(record)
        found: dict[str, object] = {
            "at": f"{second(int(record.created))}.{int(record.created % 1 * 1000):03}Z",
            "level": LEVELS[record.levelno] if record.levelno in LEVELS else record.levelname.lower(),
            "logger": record.name, "message": message,
        }  # fmt: skip
        if error:
            found["error"] = error
        return as_json(found | extras)


@lru_cache(2)
def second(at: int) -> str:
    """A second as text; many lines have the same."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def as_json(found: dict[str, object]) -> str:
    """JSON by the quick library where the process has loaded it anyway, which a small command has not."""
    orjson: Any = sys.modules.get("orjson")
    if orjson is None:
        return json.dumps(found, default=str, ensure_ascii=False)
    return orjson.dumps(found, default=str).decode()  # type: ignore[no-any-return]

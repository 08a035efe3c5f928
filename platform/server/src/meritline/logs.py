"""Logs on stderr. Decides their two forms: lines for people, JSON for machines."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final

STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
FOR_PEOPLE: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class JsonLines(logging.Formatter):
    """One object a line; what was given as ``extra`` stands beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        found: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            found["error"] = self.formatException(record.exc_info)
        found |= {name: value for name, value in vars(record).items() if name not in STANDARD}
        return json.dumps(found, default=str, ensure_ascii=False)


def set_up(form: str, level: int = logging.WARNING) -> None:
    """Log to stderr in this form: ``text`` or ``json``."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(FOR_PEOPLE))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)

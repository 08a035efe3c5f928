"""Logs on stderr. Decides their two forms (lines for people, JSON for machines), and which a process writes.

A company stands in them as an opaque id and a person not at all: see ``private`` for what is left out of errors, and
``requests`` for the one line of each request.
"""

import logging
import sys
from typing import TextIO

from meritline.logs.lines import ForPeople, JsonLines

#: What libraries say below a warning is for their authors.
OURS = "meritline"


def set_up(form: str, level: str | int = logging.WARNING, *, stream: TextIO | None = None) -> None:
    """Log to stderr in this form: ``text`` or ``json``. ``level`` is that of our own messages; of libraries only
    warnings and worse are told."""
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines() if form == "json" else ForPeople())
    number = level if isinstance(level, int) else logging.getLevelNamesMapping()[level.upper()]
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))
    logging.getLogger(OURS).setLevel(number)


def for_service(form: str, level: str) -> None:
    """The logs of a process that runs until it is told to stop."""
    set_up(form_of(form, terminal=sys.stderr.isatty(), service=True), level)


def for_command(form: str) -> None:
    """The logs of a command: what is wrong, for whoever typed it."""
    set_up(form_of(form, terminal=sys.stderr.isatty(), service=False))


def form_of(setting: str, *, terminal: bool, service: bool) -> str:
    """The form that a setting means here."""
    if setting != "auto":
        return setting
    return "json" if service and not terminal else "text"

"""A Python function over the subjects of one tenant, in its own process. Decides what it sees and what is told of it.

The body is lines of JSON: for each subject how many rows, then its rows. The function gets fresh values for each, so
that one that changes its input changes nobody else's. Each answer is told at once: what a later subject does to the
process leaves the earlier answers standing.
"""

import gc
import importlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from types import FunctionType, MappingProxyType
from typing import Any

from meritline_sdk.model.functions import Answer, Period, Row, digest_of
from meritline_sdk.model.units import UNITS, Unit
from meritline_sdk.running.declare import Tell
from meritline_sdk.running.filter import computing, stand
from meritline_sdk.running.importing import imported, place, reason
from meritline_sdk.running.limits import open_nothing
from meritline_sdk.running.wire import LONGEST_NAME, heard, number_told

HANDLES = 4


def work(head: Mapping[str, Any], body: bytes, tell: Tell) -> None:
    """Find the function, close the doors, ask it for each subject."""
    function = found(head, tell)
    if function is None:
        return
    open_nothing(HANDLES)
    stand(computing())
    gc.enable()
    numbers = head["numbers"]
    for number, rows in zip(numbers, subjects(body, head["names"]), strict=True):
        tell(json.dumps([number, *asked(function, rows, head)]).encode() + b"\n")


def found(head: Mapping[str, Any], tell: Tell) -> Any:
    """The function of the text that the declaration names, or None after telling why not."""
    module, _, name = head["function"].partition(":")
    why: list[str]
    try:
        if head["source"].get("file") or head["source"]["module"] == module:
            imported(head["source"])
        elif head["source"].get("path"):
            sys.path[:] = head["source"]["path"]
        function = getattr(importlib.import_module(module), name, None)
        if digest_of(module) != head["digest"] or type(function) is not FunctionType:
            why = ["plugin_changed", module]
        else:
            return function
    except MemoryError:
        why = ["plugin_memory", f"> {head['memory'] >> 20} MB, import {module}"]
    except ModuleNotFoundError as wrong:
        missing = wrong.name is not None and f"{module}.".startswith(f"{wrong.name}.")
        why = ["plugin_missing" if missing else "plugin_raised", reason(wrong)]
    except FileNotFoundError as wrong:
        gone = wrong.filename is not None and str(wrong.filename) == head["source"].get("file")
        why = ["plugin_missing" if gone else "plugin_raised", reason(wrong)]
    except BaseException as wrong:
        why = ["plugin_raised", reason(wrong)]
    tell(json.dumps([None, *why]).encode() + b"\n")
    return None


def subjects(body: bytes, names: Sequence[str]) -> Iterator[tuple[Row, ...]]:
    """The rows of each subject."""
    lines = iter(body.splitlines())
    for line in lines:
        yield tuple(row(json.loads(next(lines)), names) for _ in range(json.loads(line)))


def row(plain: Sequence[Any], names: Sequence[str]) -> Row:
    """One row; its first value is its id."""
    return Row(plain[0], tuple((name, heard(value)) for name, value in zip(names, plain[1:], strict=True)))


def asked(function: Any, rows: tuple[Row, ...], head: Mapping[str, Any]) -> list[Any]:
    """What is told of one subject: an answer, or how the function failed."""
    ids = [one.id for one in rows]
    settings = MappingProxyType({name: heard(value) for name, value in head["settings"].items()})
    try:
        return answer_told(function(rows, settings, period(head["period"])), ids)
    except MemoryError:
        return ["plugin_memory", f"> {head['memory'] >> 20} MB"]
    except BaseException as wrong:
        return ["plugin_raised", place(wrong)]


def period(plain: Sequence[str]) -> Period:
    """The period, made anew for each call."""
    start, end, first, last = plain
    return Period(datetime.fromisoformat(start), datetime.fromisoformat(end), date.fromisoformat(first),
                  date.fromisoformat(last))


def answer_told(answer: Any, ids: Sequence[str]) -> list[Any]:
    """The answer as exact text; what is none is told by its type."""
    if answer is None:
        return ["none"]
    if type(answer) is not Answer:
        return ["other", str(type(answer).__name__)[:LONGEST_NAME]]
    known = type(answer.unit) is Unit and UNITS.get(answer.unit.key) == answer.unit
    return ["answer", number_told(answer.value), number_told(answer.numerator), number_told(answer.denominator),
            answer.unit.key if known else [repr(answer.unit)[:LONGEST_NAME]], number_told(answer.sample),
            used_told(answer.used, ids)]


def used_told(used: Any, ids: Sequence[str]) -> Any:
    """Which rows it used, one bit for each, since a subject may have very many; one that is none of them by its name.
    """
    if used is None:
        return None
    if not isinstance(used, list | tuple) or not all(type(one) is str for one in used):
        return "other"
    places = {name: place for place, name in enumerate(ids)}
    named = set(used)
    strange = next((one for one in sorted(named) if one not in places), None)
    if strange is not None:
        return ["strange", strange[:LONGEST_NAME]]
    marks = bytearray((len(ids) + 7) // 8)
    for one in named:
        marks[places[one] // 8] |= 1 << places[one] % 8
    return {"bits": marks.hex()}

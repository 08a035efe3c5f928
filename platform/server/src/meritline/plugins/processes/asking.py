"""What a child is asked, and what may be made of its words. Decides the batch, its limits and its reasons of failure.

Everything that comes back is a claim of a stranger: it is read with bounds, and ``checked`` decides what is a reading.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from meritline.plugins.processes.sources import Source
from meritline_sdk.evaluate.answers import ANSWER_REASONS, MOST, AnswerError, checked, settings_of
from meritline_sdk.evaluate.results import Reading
from meritline_sdk.evaluate.tallies import Taken
from meritline_sdk.model.functions import Answer, Period, PythonMeasure
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.units import UNITS, Unit
from meritline_sdk.running.wire import number_heard, settings_told, strange, told

RAISED, DEADLINE, MEMORY, DIED = "plugin_raised", "plugin_deadline", "plugin_memory", "plugin_died"
DIFFERS, MISSING, CHANGED, FLOOD = "plugin_differs", "plugin_missing", "plugin_changed", "plugin_flood"
PLUGIN_REASONS = (RAISED, DEADLINE, MEMORY, DIED, DIFFERS, MISSING, CHANGED, FLOOD)
SAID = frozenset({RAISED, MEMORY, MISSING, CHANGED})
"""The reasons that a child may give itself."""
LONGEST_TOLD = 300
BYTES_A_SECOND = 250_000
"""What a child reads on a busy machine at the very least."""
MOST_LINE = 1 << 20
"""Longer lines are not read: one reading of JSON would hold up everything else."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use: ``deadline_s`` covers its whole life, ``silence_s`` its thought about one subject,
    ``cpu_s`` the processor's time."""

    deadline_s: float = 60.0
    silence_s: float = 10.0
    cpu_s: float = 60.0
    memory_bytes: int = 1 << 30
    answer_bytes: int = 32 << 20

    def plain(self) -> dict[str, Any]:
        """As a keeper is told."""
        return {"deadline_s": self.deadline_s, "silence_s": self.silence_s, "cpu_s": self.cpu_s,
                "memory": self.memory_bytes, "most": self.answer_bytes}

    def reading(self, largest: int, whole: int) -> "Limits":
        """The same for a question of so many bytes, the largest subject and all: reading much is no hang."""
        return replace(self, silence_s=self.silence_s + largest / BYTES_A_SECOND,
                       deadline_s=self.deadline_s + whole / BYTES_A_SECOND, cpu_s=self.cpu_s + whole / BYTES_A_SECOND)


@dataclass(frozen=True, slots=True)
class Batch:
    """One function, asked for the subjects of one tenant; ``subjects`` are names with their rows."""

    source: Source
    measure: PythonMeasure
    unit: Unit
    parameters: Mapping[str, Scalar]
    period: Period
    subjects: tuple[tuple[str, tuple[Taken, ...]], ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no reading: a word for it, and what was found, in figures and names that need no translation."""

    reason: str
    told: str


type Outcome = Reading | Failure


class TooLong(ValueError):
    """More than any answer."""


def head_of(batch: Batch, numbers: Sequence[int]) -> dict[str, Any]:
    """The question, without the subjects' names: a function does not know who they are."""
    one = batch.period
    return {"do": "compute", "source": batch.source.plain(), "function": batch.measure.function,
            "digest": batch.measure.module_digest, "names": batch.measure.names, "numbers": list(numbers),
            "settings": settings_told(settings_of(batch.measure, batch.parameters)),
            "period": [each.isoformat() for each in (one.start, one.end, one.first_day, one.last_day)]}


def rows_told(taken: Sequence[Taken]) -> Iterator[bytes]:
    """The rows of one subject as lines."""
    yield f"{len(taken)}\n".encode()
    for name, values in taken:
        yield json.dumps([name, *map(told, values)], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def answers(body: bytes, batch: Batch, asked: frozenset[int]) -> tuple[dict[int, Outcome], Failure | None, bool]:
    """What a child said of each subject, what it said of the whole, and whether it came to its end.

    Raises ``ValueError`` for what no child of ours says.
    """
    found: dict[int, Outcome] = {}
    for line in lines_of(body):
        if line == b"end":
            return found, None, True
        if len(found) == len(asked):
            raise ValueError("it said more than it was asked")
        try:
            number, kind, *rest = json.loads(line)
            if number is None and kind in SAID:
                return {}, failure(kind, *rest), True
            if type(number) is not int or number not in asked or number in found:
                raise ValueError("an answer to what was not asked")
            ids = [name for name, _ in batch.subjects[number][1]]
            found[number] = outcome(kind, rest, batch.unit, ids)
        except (ValueError, TypeError, KeyError, IndexError, ArithmeticError, RecursionError) as wrong:
            if body.endswith(b"\n"):
                raise ValueError(f"{type(wrong).__name__}: {wrong}"[:LONGEST_TOLD]) from wrong
            break  # the last line, cut off
    return found, None, False


def lines_of(body: bytes, most: int = MOST_LINE) -> Iterator[bytes]:
    """The lines, without looking at all of them first; one that is too long is nobody's."""
    begin = 0
    while begin < len(body):
        end = body.find(b"\n", begin)
        end = len(body) if end < 0 else end
        if end - begin > most:
            raise TooLong(f"> {most} B")
        yield body[begin:end]
        begin = end + 1


def outcome(kind: Any, rest: list[Any], unit: Unit, ids: Sequence[str]) -> Outcome:
    """A reading, or why there is none."""
    if kind in SAID:
        return failure(kind, *rest)
    try:
        return checked(answer_of(kind, rest, ids), unit, ids)
    except AnswerError as wrong:
        return Failure(wrong.reason, wrong.told[:LONGEST_TOLD])


def answer_of(kind: Any, rest: list[Any], ids: Sequence[str]) -> Any:
    """The answer as the function gave it, or a thing of its type's name."""
    match kind, rest:
        case "none", []:
            return None
        case "other", [str(name)]:
            return strange(name)
        case "answer", [value, above, below, said, sample, used]:
            numbers = [number_heard(one, MOST * 10) for one in (value, above, below, sample)]
            held: Any = UNITS.get(said) if isinstance(said, str) else str(said[0])
            return Answer(numbers[0], held, numbers[1], numbers[2], numbers[3], used_of(used, ids))
    raise ValueError("no answer")


def used_of(plain: Any, ids: Sequence[str]) -> Any:
    """The rows that it used, by their ids."""
    match plain:
        case None:
            return None
        case "other":
            return strange("used")
        case ["strange", str(name)]:
            return (name,)
        case {"bits": str(text)}:
            marks = bytes.fromhex(text)
            if len(marks) != (len(ids) + 7) // 8 or (marks and len(ids) % 8 and marks[-1] >> len(ids) % 8):
                raise ValueError("a row that is none")
            return tuple(name for place, name in enumerate(ids) if marks[place // 8] >> place % 8 & 1)
    raise ValueError("no rows")


def failure(reason: str, *words: Any) -> Failure:
    """A failure in the child's words, which are cut and shown as text only."""
    text = str(words[0]) if words else ""
    return Failure(reason, "".join(one if one.isprintable() else " " for one in text)[:LONGEST_TOLD])


def differing(first: Outcome, second: Outcome) -> Outcome:
    """What two runs of a function give together: the first, where they agree."""
    for one in (first, second):
        if isinstance(one, Failure) and one.reason not in (RAISED, *ANSWER_REASONS):
            return one
    if isinstance(first, Failure) and isinstance(second, Failure):
        return first
    if first == second:
        return first
    return Failure(DIFFERS, f"{shown(first)} ≠ {shown(second)}")


def shown(one: Outcome) -> str:
    """An outcome in a few words."""
    if isinstance(one, Failure):
        return one.reason
    return str(one.value) if one.value is not None else "—"

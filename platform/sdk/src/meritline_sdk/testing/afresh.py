"""Another interpreter: whether it declares and computes the same. Decides what it is asked and how it says so.

It has another hash seed and another time zone, and asks each function again on another day. It imports the plugin by
name, as a host does, and finds modules where the asking process finds them.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

from meritline_sdk.evaluate.tallies import Taken
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.sets import IndicatorSet

LATER = timedelta(days=400, hours=7, minutes=13)
LONGEST = 120
CHILD = "import sys, pickle; sys.path[:] = pickle.load(sys.stdin.buffer); " \
        "from meritline_sdk.testing.afresh import answer; answer()"

type Place = tuple[str, str]
"""Module and attribute."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the other interpreter is asked: where sets stand, and functions with their rows.

    ``functions`` holds (canonical text of the indicator, rows, parameters) for each.
    """

    sets: tuple[Place, ...] = ()
    functions: tuple[tuple[str, tuple[Taken, ...], Mapping[str, Scalar]], ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What it said: the hash of each set by its key, what each function gave that day and on a later one, and what
    went wrong."""

    hashes: Mapping[str, str] = field(default_factory=dict)
    outcomes: tuple[Any, ...] = ()
    later: tuple[Any, ...] = ()
    problem: str | None = None


def ask_afresh(question: Question, seed: int = 1) -> Heard:
    """Ask in another interpreter; what it cannot do is told in ``problem``."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_"))}
    environment |= {"PYTHONHASHSEED": str(seed), "TZ": "Pacific/Chatham", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run([sys.executable, "-c", CHILD], input=pickle.dumps(sys.path) + pickle.dumps(question),
                              capture_output=True, check=False, timeout=LONGEST, env=environment)
    except subprocess.TimeoutExpired:
        return Heard(problem=f"it gave no answer in {LONGEST} seconds")
    if done.returncode:
        return Heard(problem=done.stderr.decode(errors="replace").strip().rpartition("\n")[2])
    heard: Heard = pickle.loads(done.stdout[done.stdout.index(MARK) + len(MARK):])
    return heard


KNOWN_BEFORE = frozenset(sys.modules)
MARK = b"\n--meritline--\n"


def answer() -> None:
    """In the other interpreter: read the question, write what is heard."""
    question: Question = pickle.load(sys.stdin.buffer)
    heard = answered(question)
    sys.stdout.flush()
    sys.stdout.buffer.write(MARK + pickle.dumps(heard))


def answered(question: Question) -> Heard:
    """What is declared and computed here."""
    from meritline_sdk.model.canonical import content_hash, parse
    from meritline_sdk.testing.law_functions import outcome_of

    asked = [(parse(text), rows, parameters) for text, rows, parameters in question.functions]

    def outcomes() -> tuple[Any, ...]:
        return tuple(outcome_of(*one) for one in asked)

    try:
        hashes = {one.key: content_hash(one) for place in question.sets for one in sets_at(*place)}
        return Heard(hashes, outcomes(), shifted(outcomes) if asked else ())
    except Exception as problem:  # whatever a plugin does at import is told, not passed on
        return Heard(problem=f"{type(problem).__name__}: {problem}")


def sets_at(module: str, attribute: str) -> Sequence[IndicatorSet]:
    """The set, or the sets of the hook, that stand there."""
    found = getattr(import_module(module), attribute)
    return [found] if isinstance(found, IndicatorSet) else list(found() if callable(found) else found)


def shifted[T](run: Callable[[], T]) -> T:
    """Run it more than a year later, by the best clock that there is."""
    try:
        import time_machine
    except ImportError:
        return by_hand(run)
    with time_machine.travel(datetime.now().astimezone() + LATER, tick=True):
        return run()


def by_hand[T](run: Callable[[], T]) -> T:
    """The same without time-machine: modules of plugins are imported again, and see a later day."""
    import datetime as module
    import time

    class LaterDay(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, real_datetime if issubclass(cls, real_datetime) else real_date)

    real_datetime, real_date, real_time = datetime, date, time.time

    class Datetime(datetime, metaclass=LaterDay):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return real_datetime.now(tz) + LATER

        @classmethod
        def utcnow(cls) -> Any:
            return real_datetime.now(module.UTC).replace(tzinfo=None) + LATER

    class Date(date, metaclass=LaterDay):
        @classmethod
        def today(cls) -> Any:
            return (real_datetime.now() + LATER).date()

    for name in [name for name in sys.modules if name not in KNOWN_BEFORE and not name.startswith("meritline_sdk")]:
        del sys.modules[name]
    module.datetime, module.date = Datetime, Date  # type: ignore[misc]
    time.time = lambda: real_time() + LATER.days * 86400
    try:
        return run()
    finally:
        module.datetime, module.date, time.time = real_datetime, real_date, real_time  # type: ignore[misc]

"""The laws of Python measures. Decides what a function is tried on and how a wrong answer is told.

A function is asked with the rows of made-up records, of each subject that has any: here twice, on its rows in another
order, on the rows that it says it used, and in another interpreter.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter
from typing import Any

from meritline_sdk.evaluate.answers import (
    FLOAT,
    NO_ANSWER,
    NOT_FINITE,
    QUOTIENT,
    SAMPLE,
    TOO_LARGE,
    UNIT,
    USED,
    AnswerError,
    checked,
    function_of,
    period_of,
    rows_of,
    settings_of,
)  # fmt: skip
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.tallies import Taken
from meritline_sdk.evaluate.windows import window
from meritline_sdk.model.canonical import canonical
from meritline_sdk.model.functions import Answer, PythonMeasure
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.testing.afresh import Heard, Question, ask_afresh
from meritline_sdk.testing.heaps import PERIOD, SUBJECTS, ZONE, Heap, filled_in
from meritline_sdk.testing.law import Law, law, shown, smallest

LARGE = 1000
REMEDIES = {
    FLOAT: "Give Fraction(a, b), a Decimal of a text or an int; a float is never exact.",
    NOT_FINITE: "Leave out what is not a number before you calculate.",
    TOO_LARGE: "Give a number that a person could read.",
    NO_ANSWER: "Give Answer(value, UNIT, sample=...), or None where it cannot tell.",
    UNIT: "Give the Answer the unit of its Indicator.",
    QUOTIENT: "Give numerator and denominator whose quotient is the value (in PERCENT times 100), or neither.",
    SAMPLE: "Give sample= as how many of the rows it rests on.",
    USED: "Give used= as a tuple of row.id, of rows that it got.",
}


@dataclass(frozen=True)
class Asking:
    """A Python measure with the rows that each subject has."""

    indicator: Indicator

    @property
    def measure(self) -> PythonMeasure:
        """The measure."""
        assert isinstance(self.indicator.measure, PythonMeasure)
        return self.indicator.measure

    @cached_property
    def parameters(self) -> dict[str, Scalar]:
        """The blanks, filled."""
        return filled_in(self.indicator)

    @cached_property
    def several(self) -> tuple[tuple[Taken, ...], ...]:
        """The rows of each subject that has any."""
        heap = Heap.of(self.indicator)
        found = (heap.tallied(subject)[self.measure.tally].rows for subject in SUBJECTS)
        return tuple(rows for rows in found if rows)

    @cached_property
    def heard(self) -> Heard:
        """What another interpreter makes of the same rows, on this day and on a later one."""
        text = canonical(self.indicator)
        return ask_afresh(Question(functions=tuple((text, rows, self.parameters) for rows in self.several)))

    def answer(self, rows: Sequence[Taken]) -> Any:
        """What the function gives, whatever that is."""
        return function_of(self.measure)(rows_of(self.measure, rows), settings_of(self.measure, self.parameters),
                                         period_of(window(PERIOD, ZONE)))

    def outcome(self, rows: Sequence[Taken]) -> Any:
        """The reading of these rows, or the word for why it is none."""
        return outcome_of(self.indicator, rows, self.parameters)

    def broken(self, one: Law, told: str, rows: Sequence[Taken], breaks: Callable[[list[Taken]], bool],
               remedy: str | None = None) -> AssertionError:
        """The failure with the fewest rows that still break it."""
        few = smallest(rows, breaks)
        words = Law(one.name, one.of, one.holds, remedy or one.remedy)
        return words.broken(self.indicator.key, told, shown([dict(zip(("id", *self.measure.names), (name, *values),
                                                                      strict=True)) for name, values in few]))


def outcome_of(indicator: Indicator, rows: Sequence[Taken], parameters: Mapping[str, Scalar]) -> Any:
    """The reading of the function's answer, or the word for why it is none."""
    measure = indicator.measure
    assert isinstance(measure, PythonMeasure)
    try:
        answer = function_of(measure)(rows_of(measure, rows), settings_of(measure, parameters),
                                      period_of(window(PERIOD, ZONE)))
        return checked(answer, indicator.unit, [name for name, _ in rows])
    except AnswerError as wrong:
        return wrong.reason
    except Exception as problem:  # whatever it raises
        return f"raises {type(problem).__name__}"


def require_checked(one: Asking) -> None:
    """Every answer is a reading."""
    for rows in one.several:
        found = one.outcome(rows)
        if isinstance(found, Reading):
            continue
        try:
            checked(one.answer(rows), one.indicator.unit, [name for name, _ in rows])
            told = str(found)
        except Exception as problem:
            told = f"{found}: {problem}"
        def breaks(some: list[Taken], found: Any = found) -> bool:
            return bool(one.outcome(some) == found)

        raise one.broken(law("checked"), told, rows, breaks, REMEDIES.get(found))


def require_rows_order(one: Asking) -> None:
    """Backwards it gives the same."""
    for rows in one.several:
        def breaks(some: Sequence[Taken]) -> bool:
            return bool(one.outcome(some) != one.outcome(some[::-1]))

        if breaks(rows):
            raise one.broken(law("rows_order"), f"{one.outcome(rows)}, and backwards {one.outcome(rows[::-1])}", rows,
                             breaks)


def require_repeatable_answers(one: Asking) -> None:
    """Asked again it gives the same."""
    for rows in one.several:
        first = one.outcome(rows)
        for other in (rows[:1], rows):
            again = one.outcome(other)
        if first != again:
            raise law("repeatable").broken(one.indicator.key, f"{first}, and when asked again {again}")


def require_rows_kept(one: Asking) -> None:
    """Neither rows nor settings are another afterwards."""
    for rows in one.several:
        seen, settings = rows_of(one.measure, rows), settings_of(one.measure, one.parameters)
        before = copy.deepcopy((seen, settings))
        try:
            function_of(one.measure)(seen, settings, period_of(window(PERIOD, ZONE)))
        except Exception as problem:
            if isinstance(problem, TypeError | AttributeError):
                raise law("rows_kept").broken(one.indicator.key, f"{type(problem).__name__}: {problem}") from problem
            continue
        if (seen, settings) != before:
            changed = [shown([{"id": was.id, **dict(was.values)}, {"id": now.id, **dict(now.values)}])
                       for was, now in zip(before[0], seen, strict=True) if was != now]
            raise law("rows_kept").broken(one.indicator.key, "rows or settings were changed",
                                          changed[0] if changed else f"{before[1]} became {settings}")


def require_used(one: Asking) -> None:
    """What it used is enough."""
    for rows in one.several:
        def value(some: Sequence[Taken]) -> Any:
            found = one.outcome(some)
            return (found.value, found.numerator, found.denominator) if isinstance(found, Reading) else found

        def kept(some: Sequence[Taken]) -> list[Taken]:
            answer = one.answer(some)
            used = answer.used if isinstance(answer, Answer) and answer.used is not None else None
            return [row for row in some if used is None or row[0] in used]

        def breaks(some: Sequence[Taken], value: Callable[[Sequence[Taken]], Any] = value,
                   kept: Callable[[Sequence[Taken]], list[Taken]] = kept) -> bool:
            return isinstance(one.outcome(some), Reading) and value(some) != value(kept(some))

        if breaks(rows):
            raise one.broken(law("used"), "another value without the rows that it does not name", rows, breaks)


def require_afresh(one: Asking) -> None:
    """Another interpreter gives the same."""
    if one.heard.problem:
        raise law("afresh").broken(one.indicator.key, f"it cannot be asked there: {one.heard.problem}")
    require_alike(one, law("afresh"), [one.outcome(rows) for rows in one.several], one.heard.outcomes)


def require_alike(one: Asking, broken: Law, first: Sequence[Any], second: Sequence[Any]) -> None:
    """For the rows of every subject the two are the same."""
    for rows, this, that in zip(one.several, first, second, strict=True):
        if this != that:
            raise broken.broken(one.indicator.key, f"{this} first, {that} then", shown(
                [{"id": name, **dict(zip(one.measure.names, values, strict=True))} for name, values in rows]))


def require_no_clock(one: Asking) -> None:
    """Another day gives the same."""
    if not one.heard.problem:
        require_alike(one, law("no_clock"), one.heard.outcomes, one.heard.later)


def time_for(one: Asking) -> tuple[int, int]:
    """How many rows it was asked with, and the microseconds that it took."""
    heap = Heap.of(one.indicator, LARGE)
    rows = max((heap.tallied(subject)[one.measure.tally].rows for subject in SUBJECTS), key=len)
    began = perf_counter()
    one.outcome(rows)
    return len(rows), int((perf_counter() - began) * 1_000_000)

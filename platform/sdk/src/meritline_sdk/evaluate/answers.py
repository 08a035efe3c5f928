"""What a Python function is given and what of its answer is a reading. Decides that nothing inexact passes the border.

The same checks stand at every border: in the testkit, in ``meritline-sdk try``, in the process that runs the function,
and in the server, which trusts none of them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from typing import Any

from meritline_sdk.evaluate.numbers import fraction
from meritline_sdk.evaluate.results import MEASURED, NO_RECORDS, Reading, unread
from meritline_sdk.evaluate.tallies import Taken
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.functions import Answer, Function, Period, Plain, PythonMeasure, Row
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.units import Unit

MOST = 10**18
LONGEST = 10**60
"""A fraction of more digits than any sum of money or time needs."""

type Asked = Callable[[PythonMeasure, Unit, Sequence[Taken], Mapping[str, Scalar]], Reading]
"""How a function is asked: here, or in a process of its own."""


class AnswerError(ValueError):
    """An answer that is no reading. ``reason`` is the word for why, ``told`` says what was found."""

    def __init__(self, reason: str, told: str) -> None:
        super().__init__(told)
        self.reason, self.told = reason, told


FLOAT, NOT_FINITE, TOO_LARGE, NO_ANSWER = "answer_float", "answer_not_finite", "answer_too_large", "answer_type"
UNIT, SAMPLE, USED, QUOTIENT = "answer_unit", "answer_sample", "answer_used", "answer_quotient"
RANGE = "answer_range"
ANSWER_REASONS = (FLOAT, NOT_FINITE, TOO_LARGE, NO_ANSWER, UNIT, SAMPLE, USED, QUOTIENT, RANGE)


def rows_of(measure: PythonMeasure, taken: Sequence[Taken]) -> tuple[Row, ...]:
    """The rows with the names that the measure gave them."""
    return tuple(Row(name, tuple(zip(measure.names, values, strict=True))) for name, values in taken)


def settings_of(measure: PythonMeasure, parameters: Mapping[str, Scalar]) -> dict[str, Plain]:
    """What the tenant set of what the function looks at; durations as ``timedelta``."""
    found: dict[str, Plain] = {}
    for one in measure.settings:
        value = parameters.get(one.name, one.default)
        micros = one.kind is Kind.DURATION and isinstance(value, int)
        found[one.name] = timedelta(microseconds=value) if micros else value  # type: ignore[arg-type]
    return found


def period_of(window: Window) -> Period:
    """The window as a function sees it."""
    return Period(window.start, window.end, window.first_day, window.end_day - timedelta(days=1))


def function_of(measure: PythonMeasure) -> Function:
    """The function, imported here."""
    found: Function = getattr(import_module(measure.module), measure.name)
    return found


def asked_here(window: Window) -> Asked:
    """Ask the function in this process: for the testkit and ``try``; the host never does."""
    period = period_of(window)

    def ask(measure: PythonMeasure, unit: Unit, taken: Sequence[Taken], parameters: Mapping[str, Scalar]) -> Reading:
        answer = function_of(measure)(rows_of(measure, taken), settings_of(measure, parameters), period)
        return checked(answer, unit, [name for name, _ in taken])

    return ask


def checked(answer: Any, unit: Unit, ids: Sequence[str]) -> Reading:
    """The reading of an answer, or ``AnswerError``; ``ids`` are the rows that the function got."""
    if answer is None:
        return unread(NO_RECORDS, len(ids))
    if type(answer) is not Answer:
        raise AnswerError(NO_ANSWER, f"the function gave a {type(answer).__name__}, not an Answer or None")
    if answer.unit != unit:
        said = answer.unit.key if isinstance(answer.unit, Unit) else repr(answer.unit)[:40]
        raise AnswerError(UNIT, f"the answer is in {said}, the indicator in {unit.key}")
    value, above, below = (exact(what, one) for what, one in (
        ("value", answer.value), ("numerator", answer.numerator), ("denominator", answer.denominator)))
    if value is None:
        raise AnswerError(NO_ANSWER, "the answer has no value; a function that cannot tell gives None")
    require_range(value, unit)
    require_quotient(value, above, below, unit)
    return Reading(MEASURED, value, above, below, sample_of(answer, ids))


def require_range(value: Fraction, unit: Unit) -> None:
    """Raise where the value leaves the scale of its unit."""
    if (unit.least is not None and value < unit.least) or (unit.most is not None and value > unit.most):
        most = "" if unit.most is None else f" and at most {unit.most}"
        raise AnswerError(RANGE, f"a number in {unit.key} is at least {unit.least}{most}")


def require_quotient(value: Fraction, above: Fraction | None, below: Fraction | None, unit: Unit) -> None:
    """Raise where the division that is shown does not give the value: whoever reads it has a pocket calculator."""
    if above is None and below is None:
        return
    if above is None or not below:
        raise AnswerError(QUOTIENT, "give both numerator and denominator, which is not 0, or neither")
    if above / below * unit.ratio_factor != value:
        by = "" if unit.ratio_factor == 1 else f" times {unit.ratio_factor}"
        raise AnswerError(QUOTIENT, f"the numerator by the denominator{by} is not the value")


def exact(what: str, given: Any) -> Fraction | None:
    """An exact number of bearable size."""
    if given is None:
        return None
    if isinstance(given, float):
        raise AnswerError(FLOAT, f"the {what} is a float ({given!r}); give an int, a Decimal or a Fraction")
    if type(given) not in (int, Decimal, Fraction):
        raise AnswerError(NO_ANSWER, f"the {what} is a {type(given).__name__}, not an int, Decimal or Fraction")
    if isinstance(given, Decimal) and not given.is_finite():
        raise AnswerError(NOT_FINITE, f"the {what} is {given}")
    if isinstance(given, Decimal) and not -LONGEST_EXPONENT < given.adjusted() < LONGEST_EXPONENT:
        raise AnswerError(TOO_LARGE, f"the {what} has an exponent of {given.adjusted()}")
    found = fraction(given)
    if abs(found) > MOST or found.denominator > LONGEST:
        raise AnswerError(TOO_LARGE, f"the {what} is beyond 10^18, or has more than 60 digits below its fraction bar")
    return found


LONGEST_EXPONENT = 60


def sample_of(answer: Answer, ids: Sequence[str]) -> int:
    """On how many records it rests; what it used is among what it got."""
    used = ids if answer.used is None else answer.used
    if not isinstance(used, list | tuple) or not all(isinstance(one, str) for one in used):
        raise AnswerError(USED, "used= is a tuple of row ids")
    if strange := set(used) - set(ids):
        raise AnswerError(USED, f"used= names {sorted(strange)[0][:60]!r}, which is none of the rows")
    sample = len(set(used)) if answer.sample is None else answer.sample
    most = len(ids) if answer.used is None else len(set(used))
    if type(sample) is not int or not 0 <= sample <= most:
        raise AnswerError(SAMPLE, f"the sample is {str(sample)[:40]}, of {most} rows")
    return sample

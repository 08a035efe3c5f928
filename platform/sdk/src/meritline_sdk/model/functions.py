"""Measures that are Python functions. Decides what such a function is given, what it gives, and how it is named.

What declarations cannot say, a plain function may: it gets the records of one subject and period as plain values and
gives one number with its unit. It is named by module and name, never stored as code; the digest of its module's text
says which text computed a result. The host runs it in a process of its own, twice, without clock, files or network.
"""

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import FunctionType
from typing import Any

from meritline_sdk.model.credits import Credited
from meritline_sdk.model.expressions import Expr, ExpressionError, Parameter
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import ParameterRef, kind_of
from meritline_sdk.model.records import DeclarationError, RecordType, require_key
from meritline_sdk.model.tallies import Tally, require_whole, tally
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import Unit

ROWS = "rows"
NOBODY = frozenset({Kind.PERSON, Kind.PEOPLE, Kind.TEAM})

type Plain = int | Decimal | bool | str | datetime | date | timedelta | None


@dataclass(frozen=True, slots=True)
class Row:
    """One record as a function sees it: its id and the values that the measure asked for, by name or attribute.

    Whole numbers are ``int``, other numbers ``Decimal``, instants aware ``datetime`` in UTC, days ``date``, durations
    ``timedelta``, codes and choices ``str``, flags ``bool``; what a record does not have is ``None``. It says nothing
    of people.

    >>> Row("W-1", (("visits", 2), ("closed", None))).visits
    2
    """

    id: str
    values: tuple[tuple[str, Plain], ...]

    def __getattr__(self, name: str) -> Any:
        for known, value in self.values:
            if known == name:
                return value
        raise AttributeError(f"the row has no {name!r}; it has {', '.join(known for known, _ in self.values)}")


@dataclass(frozen=True, slots=True)
class Period:
    """The period appraised: half-open instants in UTC, and its local days, the last one included."""

    start: datetime
    end: datetime
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function gives: an exact number in the unit of its indicator, and what it rests on.

    ``value`` is an ``int``, a finite ``Decimal`` or a ``Fraction``; a float is refused. ``numerator`` and
    ``denominator`` are shown where the value is their quotient (in ``PERCENT`` times 100). ``sample`` is how many
    records it rests on, ``used`` the ids of those; by default all rows that the function got. A function that cannot
    tell gives ``None``: not measured.

    >>> from meritline_sdk import MINUTES
    >>> Answer(Decimal("12.5"), MINUTES, sample=4).value
    Decimal('12.5')
    """

    value: int | Decimal | Fraction
    unit: Unit
    numerator: int | Decimal | Fraction | None = None
    denominator: int | Decimal | Fraction | None = None
    sample: int | None = None
    used: tuple[str, ...] | None = None


type Function = Callable[[Sequence[Row], Mapping[str, Plain], Period], Answer | None]
"""``def longest_gap(rows, settings, period)``: rows in the order of their source and id; ``settings`` are what the
tenant set, durations as ``timedelta``."""


@dataclass(frozen=True, slots=True, init=False)
class PythonMeasure:
    """A measure that a function computes from the records of one subject and period.

    ``rows`` says which values of each record the function sees, by name; ``says`` is the sentence that an HR
    administrator reads in place of the formula, ``settings`` the parameters that the function looks at. Without any
    record the function is not asked: the reading is not measured, or ``nothing`` where the source delivered. Raises
    ``DeclarationError`` for a function that cannot be found again by its name, such as a lambda.

    Example::

        def longest_gap(rows, settings, period):
            closed = sorted(row.closed_at for row in rows if row.closed_at)
            gaps = [later - earlier for earlier, later in zip(closed, closed[1:])]
            return Answer(max(gaps) // timedelta(minutes=1), MINUTES, sample=len(closed)) if gaps else None

        LONGEST_GAP = Indicator(
            "longest_gap", Text("Longest gap", "最长间隔"), unit=MINUTES, better=LOWER,
            measure=PythonMeasure(longest_gap, Callout, rows={"closed_at": Callout.closed_at},
                                  says=Text("The longest time between two closures.", "两次关单间的最长间隔。")),
        )
    """

    function: str
    module_digest: str
    tally: Tally
    names: tuple[str, ...]
    says: Text
    settings: tuple[ParameterRef, ...]
    nothing: int | None

    def __init__(self, function: Function, record: type[RecordType], *, rows: Mapping[str, Expr], says: Text,
                 where: Expr | None = None, credit: Credited | None = None, at: Expr | str | None = None,
                 settings: Sequence[Parameter] = (), nothing: int | None = None) -> None:
        put = object.__setattr__
        put(self, "function", name_of(function))
        put(self, "module_digest", digest_of(function.__module__))
        found = tally(ROWS, record, where, credit, at, None, by=checked_rows(rows))
        put(self, "tally", require_whole(found, "function of records"))
        put(self, "names", tuple(rows))
        put(self, "says", says)
        put(self, "settings", tuple(reference(one) for one in settings))
        put(self, "nothing", nothing)

    @property
    def module(self) -> str:
        """The module of the function."""
        return self.function.partition(":")[0]

    @property
    def name(self) -> str:
        """The name of the function inside its module."""
        return self.function.partition(":")[2]


def name_of(function: Any) -> str:
    """``module:name``, by which the function is found again."""
    if not isinstance(function, FunctionType) or inspect.iscoroutinefunction(function):
        raise DeclarationError(f"a Python measure needs a plain function: got {function!r}")
    if "<" in function.__qualname__ or "." in function.__qualname__ or function.__module__ == "__main__":
        raise DeclarationError(f"function {function.__qualname__!r} of {function.__module__!r}: define it at the top "
                               "of a module of the plugin, so that another process can find it by its name")
    return f"{function.__module__}:{function.__name__}"


def digest_of(module: str) -> str:
    """SHA-256 of the module's text, the same however its lines end."""
    from hashlib import sha256

    return sha256(text_of(module).encode()).hexdigest()


def text_of(module: str) -> str:
    """The module's text with its lines as Python ends them.

    Were others counted (a form feed, U+2028), a comment that hides one would have the digest of a text in which the
    rest of it is code.
    """
    try:
        text = inspect.getsource(sys.modules[module])
    except (KeyError, OSError, TypeError) as wrong:
        raise DeclarationError(f"module {module!r}: its text cannot be read, so nobody could tell which function "
                               "computed a result; ship the source") from wrong
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")


def checked_rows(rows: Mapping[str, Expr]) -> list[Expr]:
    """What each row shows, or an error that names it."""
    if not rows:
        raise ExpressionError("say rows={...}: which values of a record the function sees")
    for name, value in rows.items():
        require_key(name, "value of a row")
        if name in ("id", "values"):
            raise DeclarationError(f"value of a row {name!r}: every row has that already; choose another name")
        if not isinstance(value, Expr):
            raise ExpressionError(f"value of a row {name!r}: it is a field or an expression of fields, not {value!r}")
        if kind_of(value.node) in NOBODY:
            raise ExpressionError(f"value of a row {name!r}: a function does not see people; credit= decides whose "
                                  "records it gets")
    return list(rows.values())


def reference(setting: Parameter) -> ParameterRef:
    """The parameter that a function looks at."""
    if not isinstance(setting, Parameter) or not isinstance(setting.node, ParameterRef):
        raise DeclarationError(f"settings= are Parameters: got {setting!r}")
    return setting.node

"""Records and readings made on the spot, for a test of one thing. Decides what is checked as a record is made.

What a record leaves out is missing, as in a golden case; what it says is checked against its declaration.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from meritline_sdk.evaluate.results import Reading
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.records import RecordType
from meritline_sdk.testing.golden_records import SOURCE, record_of
from meritline_sdk.testing.golden_scene import GoldenCase
from meritline_sdk.testing.values import CaseError

_numbers = count(1)
NO_WORD = ("indicator", "records", "defaults", "expect", "title")


class Made(Mapping[str, Any]):
    """A record that a test made: its fields by name; it cannot be changed. ``type`` is the key of its record type."""

    __slots__ = ("_values", "type")

    def __init__(self, type: str, values: Mapping[str, Any]) -> None:
        self.type, self._values = type, dict(values)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Made({self.type!r}, {self._values!r})"


def make_record(record: type[RecordType], **fields: Any) -> Made:
    """A record of the type, checked against its declaration.

    Values are as a golden case has them: a person or team by code, several people as ``["M1", "M2"]`` or
    ``[("M1", 2), ("M2", 1)]``, an instant as an aware ``datetime``, a day as a ``date``, a number as ``int``,
    ``Decimal`` or text. What is left out is missing. ``external_id`` and ``source`` name the record; by default it is
    numbered. Raises ``CaseError`` for a field that the type does not have, naming the nearest one, and for a value of
    another kind.

    >>> from meritline_sdk import Attribution, Int, Instant, Person, Text
    >>> class Callout(RecordType, key="doc_made_callout", title=Text("Call-out", "急修单")):
    ...     mechanic = Person()
    ...     closed_at = Instant(optional=True)
    ...     visits = Int(minimum=0)
    ...     defaults = Attribution(credit=mechanic, at=closed_at)
    >>> make_record(Callout, mechanic="M1", visits=1)["visits"]
    1
    >>> make_record(Callout, mechanik="M1")    # doctest: +ELLIPSIS
    Traceback (most recent call last):
    meritline_sdk.testing.values.CaseError: ... has no field 'mechanik'; did you mean 'mechanic'?
    """
    declared = record.declaration
    given = {name: value for name, value in fields.items() if value is not None}
    number = f"made-{next(_numbers)}"
    for name, value in list(given.items()):
        if isinstance(value, tuple):
            given[name] = list(value)
    return Made(declared.key, record_of(declared, {SOURCE: "test", **given}, number, "make_record"))


def read_indicator(indicator: Indicator, records: Sequence[Made], **scene: Any) -> Reading:
    """The indicator's reading of the records.

    ``scene`` says what surrounds them, by the words of a golden case: ``subject="M1"``, ``department="D1"`` or
    ``company=True`` (by default whoever is the only one credited), ``period="2026-05"`` (by default all time),
    ``time_zone``, ``calendar``, ``departments``, ``employed``, ``parameters``, ``covered`` and ``minimum_sample``.
    A Python measure is asked in this process. The value is an exact ``Fraction`` in the indicator's unit, or None where
    the state is ``not_measured``. Raises ``CaseError`` for a word that there is not, and where it does not say whose
    reading it is.

    >>> from meritline_sdk import COUNT, HIGHER, Attribution, Count, Instant, Person, Text
    >>> class Visit(RecordType, key="doc_read_visit", title=Text("Visit", "上门")):
    ...     mechanic = Person()
    ...     on = Instant(optional=True)
    ...     defaults = Attribution(credit=mechanic, at=on)
    >>> from datetime import UTC, datetime
    >>> seen = make_record(Visit, mechanic="M1", on=datetime(2026, 5, 1, tzinfo=UTC))
    >>> VISITS = Indicator("visits", Text("Visits", "上门次数"), Count(Visit), COUNT, HIGHER)
    >>> read_indicator(VISITS, [seen]).value
    Fraction(1, 1)
    """
    from meritline_sdk.testing.golden import KEYS, read_case

    words = KEYS - {*NO_WORD}
    if wrong := sorted(scene.keys() - words):
        raise CaseError(f"read_indicator: there is no {', '.join(wrong)}; there are {', '.join(sorted(words))}")
    by_type: dict[str, list[Made]] = {}
    for one in records:
        if not isinstance(one, Made):
            raise CaseError(f"read_indicator: records are made with make_record(): got {one!r:.80}")
        by_type.setdefault(one.type, []).append(one)
    return read_case(GoldenCase("read_indicator", indicator, {key: tuple(some) for key, some in by_type.items()},
                                scene))

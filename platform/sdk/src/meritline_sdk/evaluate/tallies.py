"""What one pass over the records finds. Decides whom a record counts for, and that passes can be merged.

Credit, for a subject:

- *company*: every record counts once, whoever it belongs to, also where that is nobody.
- *employee*: the whole record for the person named; for people who share it their part of the sum of all parts
  (``share``) or the whole (``each``); one ``divisor``-th (``divided``, nothing where the divisor is missing or
  below one). What belongs to nobody known stays unassigned.
- *department*: the employees' shares summed, by the department each was in at the record's moment (for a tally of
  things as they stand: on the window's last day), and every department above it; with ``each`` the record counts
  once. A Team field credits that department and those above.

``tally(A + B) == tally(A) + tally(B)`` for any two disjoint heaps of records, where ``mergeable(tally)``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from heapq import merge
from operator import itemgetter
from typing import Any

from meritline_sdk.evaluate.calendars import Clock
from meritline_sdk.evaluate.credits import NONE, Above, DepartmentOf, Subject, alone, nowhere, share_of
from meritline_sdk.evaluate.expressions import Record, value_of
from meritline_sdk.evaluate.scenes import NO_OTHERS, Scene
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.canonical import decimal_text
from meritline_sdk.model.functions import Plain
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import Credit, Tally, settled
from meritline_sdk.model.nodes import Scalar, kind_of
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.model.tallies import EMPLOYED_DAYS, OF_NO_RECORDS

__all__ = [
    "NOTHING",
    "Above",
    "Counted",
    "DepartmentOf",
    "EmployedDaysOf",
    "Key",
    "Subject",
    "Taken",
    "Tallied",
    "as_seen",
    "days_tallied",
    "row_name",
    "share_of",
    "tally_record",
    "tally_records",
]  # fmt: skip

type Counted = tuple[Fraction | None, Fraction]
type Key = tuple[Any, ...]
type Taken = tuple[str, tuple[Plain, ...]]
"""A row of ``rows``: ``source/external_id``, and what the tally's ``by`` gives, as a function sees it."""
type EmployedDaysOf = Callable[[Subject, Window], int]


@dataclass(frozen=True, slots=True)
class Tallied:
    """What a pass found; durations in microseconds.

    ``count``: ``amount`` is the sum of shares, ``records`` how many records. ``sum``: ``amount`` is the sum of
    share times value, ``records`` those that have the value. ``values``: the sorted values, ``amount`` is 0.
    ``distinct``: ``amount`` is how many ``keys`` there are; who never merges passes may leave the keys out.
    ``rows``: the ``rows`` in the order of their ids, ``amount`` is 0.
    """

    amount: Fraction = NONE
    records: int = 0
    values: tuple[Fraction, ...] = ()
    keys: frozenset[Key] = frozenset()
    rows: tuple[Taken, ...] = ()

    def __add__(self, other: "Tallied") -> "Tallied":
        keys = self.keys | other.keys
        amount = Fraction(len(keys)) if keys else self.amount + other.amount
        return Tallied(amount, self.records + other.records, tuple(merge(self.values, other.values)), keys,
                       tuple(merge(self.rows, other.rows, key=itemgetter(0))))


NOTHING = Tallied()
DISTINCT = "distinct"


def tally_records(tally: Tally, records: Iterable[Record], window: Window, parameters: Mapping[str, Scalar],
                  subject: Subject, *, department_of: DepartmentOf = nowhere, above: Above = alone,
                  others: Mapping[str, Sequence[Record]] = NO_OTHERS, clock: Clock | None = None,
                  employed_days: EmployedDaysOf | None = None) -> Tallied:
    """What the tally finds for the subject among records of its type.

    ``window`` is the window of the tally itself: for ``tally.earlier`` the caller passes that earlier period.
    ``department_of`` gives an employee's department at a moment with those above it, ``above`` a department
    with those above it. ``others`` are all records that are known, of every type, at which an expression may look
    (an ``Others`` made once for many calls is quick); ``clock`` is that of the period appraised, for every tally.
    """
    if tally.how in OF_NO_RECORDS:
        return days_tallied(tally, window, subject, employed_days)
    tally, scene = settled(tally, parameters), Scene(parameters, window, clock, others)
    counting = [(record, found) for record in records
                if (found := counted(tally, record, scene, subject, department_of, above)) is not None]
    match tally.how:
        case "values":
            return Tallied(NONE, len(counting), tuple(sorted(value for _, (value, _) in counting if value is not None)))
        case "distinct":
            keys = frozenset(key_of(tally, record, scene) for record, _ in counting)
            return Tallied(Fraction(len(keys)), len(counting), keys=keys)
        case "rows":
            rows = sorted((row_of(tally, record, scene) for record, _ in counting), key=itemgetter(0))
            return Tallied(NONE, len(rows), rows=tuple(rows))
    return Tallied(sum((share if value is None else share * value for _, (value, share) in counting), NONE),
                   len(counting))


def days_tallied(tally: Tally, window: Window, subject: Subject, employed_days: EmployedDaysOf | None = None
                 ) -> Tallied:
    """The days of the window, or those of them on which an employee was employed; a day is counted as a record."""
    days = (window.end_day - window.first_day).days
    if tally.how == EMPLOYED_DAYS and employed_days is not None and subject.kind is SubjectKind.EMPLOYEE:
        days = employed_days(subject, window)
    return Tallied(Fraction(days), days)


def tally_record(tally: Tally, record: Record, window: Window, parameters: Mapping[str, Scalar], subject: Subject,
                 department_of: DepartmentOf = nowhere, above: Above = alone, *,
                 others: Mapping[str, Sequence[Record]] = NO_OTHERS, clock: Clock | None = None) -> Counted | None:
    """Value and share of one record for the subject, or None where it does not count."""
    scene = Scene(parameters, window, clock, others)
    return counted(settled(tally, parameters), record, scene, subject, department_of, above)


def counted(tally: Tally, record: Record, scene: Scene, subject: Subject, department_of: DepartmentOf, above: Above,
            ) -> Counted | None:
    """Value and share of one record; the credit is settled."""
    moment = moment_of(tally, record, scene)
    if moment is None:
        return None
    if tally.where is not None and value_of(tally.where, record, scene) is not True:
        return None
    value = None if tally.value is None else brought(tally, record, scene)
    if (tally.value is not None and value is None) or (tally.how == DISTINCT and None in key_of(tally, record, scene)):
        return None
    assert isinstance(tally.credit, Credit)
    share = share_of(tally.credit, record, scene, subject, lambda person: department_of(person, moment), above)
    return (None if value is None else Fraction(value), share) if share else None


def brought(tally: Tally, record: Record, scene: Scene) -> Any:
    """The record's value, divided by what the tally says; missing where that is missing or not above zero."""
    value = value_of(tally.value, record, scene) if tally.value is not None else None
    if tally.over is None or value is None:
        return value
    over = value_of(tally.over, record, scene)
    return Fraction(value) / Fraction(over) if over is not None and over > 0 else None


def moment_of(tally: Tally, record: Record, scene: Scene) -> datetime | date | None:
    """The moment at which it counts, None where it lies outside the window."""
    window = scene.window
    assert window is not None
    if tally.at is None:
        return window.end_day - timedelta(days=1)
    moment: datetime | date | None = value_of(tally.at, record, scene)
    return moment if moment is not None and window.holds(moment) else None


def key_of(tally: Tally, record: Record, scene: Scene) -> Key:
    """What makes two records the same thing."""
    return tuple(value_of(part, record, scene) for part in tally.by)


def row_of(tally: Tally, record: Record, scene: Scene) -> Taken:
    """The record as a function sees it."""
    values = tuple(as_seen(value, kind_of(part)) for part, value in zip(tally.by, key_of(tally, record, scene),
                                                                       strict=True))
    return row_name(str(record.get("source") or ""), str(record.get("external_id") or "")), values


def row_name(source: str, external_id: str) -> str:
    """The id of a row; a slash in the source's name is written ``%2F``, so that no two records have one id.

    >>> row_name("dispatch", "W-1")
    'dispatch/W-1'
    """
    return f"{source.replace('%', '%25').replace('/', '%2F')}/{external_id}"


def as_seen(value: Any, kind: Kind) -> Plain:
    """A plain value as a function sees it, always of its kind's own type and spelling: 1.50 is 1.5, 3 as a number is
    ``Decimal(3)``, and a duration is a ``timedelta``; so no way of storing shows."""
    match None if value is None else kind:
        case None:
            return None
        case Kind.DURATION:
            return timedelta(microseconds=int(value))
        case Kind.INT:
            return int(value)
        case Kind.NUMBER:
            return Decimal(decimal_text(Decimal(value)))
    found: Plain = value
    return found

"""What one pass over the records finds. Decides whom a record counts for, and that passes can be merged.

Credit, for a subject:

- *company*: every record counts once, whoever it belongs to, also where that is nobody.
- *employee*: the whole record for the person named; for people who share it their part of the sum of all parts
  (``share``) or the whole (``each``); one ``divisor``-th (``divided``, nothing where the divisor is missing or
  below one). What belongs to nobody known stays unassigned.
- *department*: the employees' shares summed, by the department each was in at the record's moment, and every
  department above it; with ``each`` the record counts once. A Team field credits that department and those above.

``tally(A + B) == tally(A) + tally(B)`` for any two disjoint heaps of records.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from heapq import merge
from typing import Any

from meritline_sdk.evaluate.expressions import Record, value_of
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import Credit, Tally
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.schemes import SubjectKind

type DepartmentOf = Callable[[str, datetime | date], frozenset[str]]
type Above = Callable[[str], frozenset[str]]

type Counted = tuple[Fraction | None, Fraction]

ONE, NONE = Fraction(1), Fraction(0)


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """Who or what is appraised, by natural key: employee number, department code, or the tenant's key."""

    kind: SubjectKind
    key: str


@dataclass(frozen=True, slots=True)
class Tallied:
    """What a pass found; durations in microseconds.

    ``count``: ``amount`` is the sum of shares, ``records`` how many records. ``sum``: ``amount`` is the sum of
    share times value, ``records`` those that have the value. ``values``: the sorted values, ``amount`` is 0.
    """

    amount: Fraction = NONE
    records: int = 0
    values: tuple[Fraction, ...] = ()

    def __add__(self, other: "Tallied") -> "Tallied":
        return Tallied(self.amount + other.amount, self.records + other.records,
                       tuple(merge(self.values, other.values)))


NOTHING = Tallied()


def nowhere(employee: str, moment: datetime | date) -> frozenset[str]:
    """The departments of a company that has none."""
    return frozenset()


def alone(department: str) -> frozenset[str]:
    """A department with none above it."""
    return frozenset({department})


def tally_records(tally: Tally, records: Iterable[Record], window: Window, parameters: Mapping[str, Scalar],
                  subject: Subject, *, department_of: DepartmentOf = nowhere, above: Above = alone) -> Tallied:
    """What the tally finds for the subject among records of its type.

    ``window`` is the window of the tally itself: for ``tally.earlier`` the caller passes that earlier period.
    ``department_of`` gives an employee's department at a moment with those above it, ``above`` a department
    with those above it.
    """
    found = (tally_record(tally, record, window, parameters, subject, department_of, above) for record in records)
    amounts = [one for one in found if one is not None]
    values = sorted(value for value, _ in amounts if value is not None) if tally.how == "values" else ()
    amount = NONE if tally.how == "values" else sum((share if value is None else share * value
                                                     for value, share in amounts), NONE)
    return Tallied(amount, len(amounts), tuple(values))


def tally_record(tally: Tally, record: Record, window: Window, parameters: Mapping[str, Scalar], subject: Subject,
                 department_of: DepartmentOf = nowhere, above: Above = alone) -> Counted | None:
    """Value and share of one record for the subject, or None where it does not count."""
    moment = value_of(tally.at, record, parameters)
    if moment is None or not window.holds(moment):
        return None
    if tally.where is not None and value_of(tally.where, record, parameters) is not True:
        return None
    value = None if tally.value is None else value_of(tally.value, record, parameters)
    if tally.value is not None and value is None:
        return None
    share = share_of(tally.credit, record, parameters, subject, lambda person: department_of(person, moment), above)
    return (None if value is None else Fraction(value), share) if share else None


def share_of(credit: Credit, record: Record, parameters: Mapping[str, Scalar], subject: Subject,
             departments: Callable[[str], frozenset[str]], above: Above = alone) -> Fraction:
    """How much of the record counts for the subject, from 0 to 1."""
    if subject.kind is SubjectKind.COMPANY:
        return ONE
    if credit.field is None:
        return NONE
    holder: Any = value_of(credit.field, record, parameters)
    if holder is None:
        return NONE
    if credit.field.kind is Kind.TEAM:
        return ONE if subject.kind is SubjectKind.DEPARTMENT and subject.key in above(holder) else NONE

    def counts(person: str | None) -> bool:
        if person is None or subject.kind is SubjectKind.EMPLOYEE:
            return person == subject.key
        return subject.key in departments(person)

    if credit.field.kind is Kind.PERSON:
        return whole_or_part(credit, record, parameters) if counts(holder) else NONE
    mine = [part for person, part in holder if counts(person)]
    if credit.mode == "each":
        return ONE if mine else NONE
    total = sum(part for _, part in holder)
    return Fraction(sum(mine), total) if total else NONE


def whole_or_part(credit: Credit, record: Record, parameters: Mapping[str, Scalar]) -> Fraction:
    """What one person gets: the whole, or one divisor-th of it."""
    if credit.divisor is None:
        return ONE
    divisor = value_of(credit.divisor, record, parameters)
    return Fraction(1, divisor) if divisor is not None and divisor >= 1 else NONE

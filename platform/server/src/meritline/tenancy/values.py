"""What a company is made of, as plain values: the manifest and the mutations both give these, and read them back.

Everything is named by its natural key (a department's code, an employee's number), so a value means the same before
and after it is stored. ``expected_version`` is what the writer saw: None where nobody looked, 0 for "not there yet".
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from meritline_sdk.evaluate.calendars import WorkCalendar
from meritline_sdk.evaluate.windows import CALENDAR_MONTHS, FiscalCalendar

type Origin = Literal["manifest", "api"]
REGULAR, PROBATION = "regular", "probation"
STATUSES = (REGULAR, PROBATION)
REFRESH_ASKED, REFRESH_ON_IMPORT = "asked", "on_import"


@dataclass(frozen=True, slots=True)
class Profile:
    """The company itself, with its working hours, if it has said them, and the months that it counts by; ``refresh``
    says whether every import refreshes computed cycles."""

    name: str
    time_zone: str
    currency: str
    languages: tuple[str, ...]
    country: str
    calendar: WorkCalendar | None = None
    fiscal: FiscalCalendar = CALENDAR_MONTHS
    refresh: str = REFRESH_ASKED
    version: int = field(default=0, compare=False)
    origin: Origin = field(default="api", compare=False)


@dataclass(frozen=True, slots=True)
class Department:
    """A department; ``parent`` is the code of the one above it."""

    code: str
    name: str
    parent: str | None = None
    version: int = field(default=0, compare=False)
    expected_version: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Position:
    """A position: it decides which scheme applies."""

    code: str
    name_en: str
    name_zh: str
    version: int = field(default=0, compare=False)
    expected_version: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where an employee works from one day to before another; None as ``valid_to`` means until further notice."""

    valid_from: date
    valid_to: date | None = field(default=None, compare=True)
    department: str | None = None
    position: str | None = None
    manager: str | None = None
    status: str = REGULAR

    def text(self) -> str:
        """The interval as people write it."""
        return f"{self.valid_from} – {self.valid_to or '…'}"

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a day."""
        return (self.valid_to is None or other.valid_from < self.valid_to) and (
            other.valid_to is None or self.valid_from < other.valid_to
        )


@dataclass(frozen=True, slots=True)
class Employee:
    """A person. ``employments`` are all intervals, replacing those before; None leaves them as they are."""

    number: str
    name: str
    performance_pay: Decimal | None = None
    employments: tuple[Span, ...] | None = None
    base_pay: Decimal | None = None
    version: int = field(default=0, compare=False)
    expected_version: int | None = field(default=None, compare=False)

    def settled(self, before: "Employee | None") -> "Employee":
        """The employee as it will stand: intervals in order, those not given taken over."""
        spans = self.employments if self.employments is not None else before.employments if before else ()
        return replace(self, employments=tuple(sorted(spans or (), key=lambda span: span.valid_from)))


@dataclass(frozen=True, slots=True)
class ExternalCode:
    """What the outside calls an employee or a department; no ``valid_from`` and no ``valid_to`` mean always."""

    code_space: str
    code: str
    employee: str | None = None
    department: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    def text(self) -> str:
        """Whom it names and when."""
        since = self.valid_from.isoformat() if self.valid_from else "…"
        return f"{self.employee or self.department} ({since} – {self.valid_to.isoformat() if self.valid_to else '…'})"

    def overlaps(self, other: "ExternalCode") -> bool:
        """Whether the two hold at one moment."""
        return (self.valid_to is None or other.valid_from is None or other.valid_from < self.valid_to) and (
            other.valid_to is None or self.valid_from is None or self.valid_from < other.valid_to
        )


@dataclass(frozen=True, slots=True)
class Source:
    """Where records come from; ``body`` is the checked mapping document of ``records.sources``."""

    key: str
    record_type: str
    body: dict[str, Any]
    strict: bool = False
    version: int = field(default=0, compare=False)
    expected_version: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write did, by natural key; empty where everything stood already."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.created or self.updated)

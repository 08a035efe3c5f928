"""Seeded tickets of an invented service desk: the records that all benchmarks work on.

Decides that every run sees the same rows: times in working hours of one month, skill differences between people, some
fields missing, some tickets that do not count.
"""

import csv
import io
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

ZONE: Final = "Asia/Shanghai"
PERIOD: Final = "2026-05"
PREFIX: Final = "T#-"
FIRST_DAY: Final = datetime(2026, 5, 1, tzinfo=ZoneInfo(ZONE))
MINUTES: Final = 31 * 24 * 60
STATUSES: Final = ("closed",) * 47 + ("duplicate", "spam", "test")
OUTCOMES: Final = ("resolved",) * 9 + ("unresolved",)
CHANNELS: Final = ("phone", "chat", "mail", "portal")
PRIORITIES: Final = ("p1", "p2", "p2", "p3", "p3", "p3")

type Ticket = dict[str, Any]


def tickets(people: Sequence[str], count: int, first_day: datetime = FIRST_DAY) -> Iterator[Ticket]:
    """Tickets of the month by field name; a person is an employee number, an instant a local time."""
    dice = random.Random(1)
    skills = {person: dice.betavariate(8, 2) for person in people}
    for number in range(count):
        yield ticket(dice, f"{PREFIX}{number:07d}", people, skills, first_day)


def renamed(content: bytes, name: str) -> bytes:
    """The same tickets under other ids: making them anew would take longer than what is measured."""
    return content.replace(PREFIX.encode(), f"{name}-".encode())


def ticket(dice: random.Random, key: str, people: Sequence[str], skills: dict[str, float],
           first_day: datetime) -> Ticket:
    """One ticket that was closed in the month; of a shorter one a few belong to the next."""
    resolver, first = dice.choice(people), dice.choice(people)
    skill = skills[resolver]
    closed = first_day + timedelta(minutes=dice.randrange(MINUTES), seconds=dice.randrange(60))
    worked = timedelta(seconds=int(dice.lognormvariate(9.6 - skill, 0.9)))
    waited = timedelta(seconds=int(dice.lognormvariate(6.5, 0.8)))
    resolved = closed - timedelta(seconds=dice.randrange(86_400))
    created = resolved - worked
    return {
        "external_id": key,
        "status": dice.choice(STATUSES),
        "topic": f"topic-{dice.randrange(40)}",
        "channel": dice.choice(CHANNELS),
        "priority": dice.choice(PRIORITIES),
        "first_agent": first,
        "resolved_by": resolver,
        "created_at": created,
        "first_response_at": None if dice.random() < 0.05 else created + min(waited, worked),
        "resolved_at": resolved,
        "closed_at": closed,
        "outcome": dice.choice(OUTCOMES),
        "within_sla": None if dice.random() < 0.03 else dice.random() < 0.5 + skill / 2,
        "transfers": 0 if dice.random() < skill else dice.randrange(1, 5),
        "escalated": dice.random() > skill + 0.1,
        "reopenings": 0 if dice.random() < 0.96 else 1,
        "contacts": 1 + int(dice.expovariate(1)),
        "wrong_fields": None if dice.random() < 0.5 else int(dice.random() > skill),
    }


def as_csv(rows: Iterable[Ticket]) -> bytes:
    """The rows as a ticket system exports them: local times without a zone, yes and no."""
    out = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, list(row))
            writer.writeheader()
        writer.writerow({name: cell(value) for name, value in row.items()})
    return out.getvalue().encode()


def cell(value: Any) -> Any:
    """A value as it stands in the export."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat(" ")[:19] if isinstance(value, datetime) else value


def as_ndjson(rows: Iterable[Ticket]) -> bytes:
    """The rows as a program sends them: instants with their zone, what is missing left out."""
    return b"".join(
        json.dumps({name: value for name, value in row.items() if value is not None}, default=datetime.isoformat)
        .encode() + b"\n"
        for row in rows
    )  # fmt: skip

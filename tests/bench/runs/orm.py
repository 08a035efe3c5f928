"""The way HR suites appraise: an ORM, a loop over the employees, and objects. Here Tortoise, with floats for numbers.

Twice: with a query for each indicator of each employee, as such programs are mostly written, and with one query that
loads all tickets of an employee, as their careful authors do. Each also makes the employee's card and its twelve lines
by ``create``. No scope, no policies, no digests, no explanations; the tickets are a table of its own, with the index
that such a loop wants. Run by ``python -m tests.bench.runs.orm URL WAY FROM TO EMPLOYEE ...``; prints the seconds for
one.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tortoise import Tortoise, fields
from tortoise.functions import Sum
from tortoise.models import Model

EXCLUDED: Final = ("cancelled_by_customer", "duplicate", "spam", "test")
TICKETS: Final = """
create table orm_ticket as select external_id, status, resolved_by, created_at, first_response_at, resolved_at,
  closed_at, outcome, within_sla, transfers, escalated, reopenings, wrong_fields
  from record_ticket where tenant_id = $1;
"""
KEYS: Final = """
alter table orm_ticket add primary key (external_id);
create index on orm_ticket (resolved_by, closed_at);
"""
TABLES: Final = """
create table if not exists orm_card (id serial primary key, employee uuid not null, score float not null);
create table if not exists orm_line (id serial primary key, card_id int not null references orm_card (id) on delete
  cascade, indicator text not null, value float, points float not null);
"""


class Ticket(Model):
    """A copy of the company's tickets."""

    external_id = fields.TextField(primary_key=True)
    status = fields.TextField(null=True)
    resolved_by = fields.UUIDField(null=True)
    created_at = fields.DatetimeField(null=True)
    first_response_at = fields.DatetimeField(null=True)
    resolved_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    outcome = fields.TextField(null=True)
    within_sla = fields.BooleanField(null=True)
    transfers = fields.BigIntField(null=True)
    escalated = fields.BooleanField(null=True)
    reopenings = fields.BigIntField(null=True)
    wrong_fields = fields.BigIntField(null=True)

    class Meta:
        table = "orm_ticket"


class Card(Model):
    """A scorecard."""

    id = fields.IntField(primary_key=True)
    employee = fields.UUIDField()
    score = fields.FloatField()

    class Meta:
        table = "orm_card"


class Line(Model):
    """A line of it."""

    id = fields.IntField(primary_key=True)
    card: Any = fields.ForeignKeyField("models.Card")
    indicator = fields.TextField()
    value = fields.FloatField(null=True)
    points = fields.FloatField()

    class Meta:
        table = "orm_line"


type Found = dict[str, float | None]
type Month = tuple[datetime, datetime]


def share(part: int, whole: int) -> float | None:
    """A percentage."""
    return 100 * part / whole if whole else None


def mean(values: Sequence[float]) -> float | None:
    """The middle."""
    return statistics.fmean(values) if values else None


def percentile(values: Sequence[float], of: int) -> float | None:
    """Nearest rank."""
    return sorted(values)[-(-of * len(values) // 100) - 1] if values else None


async def by_queries(tickets: Any) -> Found:
    """A query or two for each indicator."""

    async def seconds(until: str) -> list[float]:
        rows = await tickets.filter(**{f"{until}__isnull": False}).values_list(until, "created_at")
        return [(end - start).total_seconds() for end, start in rows]

    known = {name: await tickets.filter(**{f"{name}__isnull": False}).count()
             for name in ("within_sla", "reopenings", "escalated", "wrong_fields")}
    total = await tickets.annotate(sum=Sum("transfers")).values_list("sum", flat=True)
    return {
        "closed": await tickets.count(),
        "within_sla": share(await tickets.filter(within_sla=True).count(), known["within_sla"]),
        "first_fix": share(await tickets.filter(transfers=0, reopenings=0).count(), known["reopenings"]),
        "reopened": share(await tickets.filter(reopenings__gt=0).count(), known["reopenings"]),
        "resolved": share(await tickets.filter(outcome="resolved").count(),
                          await tickets.filter(outcome__in=("resolved", "unresolved")).count()),
        "escalated": share(await tickets.filter(escalated=True).count(), known["escalated"]),
        "accurate": share(await tickets.filter(wrong_fields=0).count(), known["wrong_fields"]),
        "resolution_mean": mean(await seconds("resolved_at")),
        "resolution_p90": percentile(await seconds("resolved_at"), 90),
        "response_mean": mean(await seconds("first_response_at")),
        "response_median": percentile(await seconds("first_response_at"), 50),
        "transfers": float(sum(each or 0 for each in total)),
    }  # fmt: skip


async def by_objects(tickets: Any) -> Found:
    """All tickets as objects, the rest in Python."""
    rows = await tickets
    worked = [(each.resolved_at - each.created_at).total_seconds() for each in rows if each.resolved_at]
    waited = [(each.first_response_at - each.created_at).total_seconds() for each in rows if each.first_response_at]
    return {
        "closed": len(rows),
        "within_sla": share(sum(each.within_sla is True for each in rows),
                            sum(each.within_sla is not None for each in rows)),
        "first_fix": share(sum(each.transfers == 0 and each.reopenings == 0 for each in rows), len(rows)),
        "reopened": share(sum(each.reopenings > 0 for each in rows), len(rows)),
        "resolved": share(sum(each.outcome == "resolved" for each in rows), len(rows)),
        "escalated": share(sum(each.escalated is True for each in rows), len(rows)),
        "accurate": share(sum(each.wrong_fields == 0 for each in rows),
                          sum(each.wrong_fields is not None for each in rows)),
        "resolution_mean": mean(worked),
        "resolution_p90": percentile(worked, 90),
        "response_mean": mean(waited),
        "response_median": percentile(waited, 50),
        "transfers": float(sum(each.transfers or 0 for each in rows)),
    }  # fmt: skip


WAYS: Final[dict[str, Callable[[Any], Awaitable[Found]]]] = {"queries": by_queries, "objects": by_objects}


async def appraise(way: str, employee: UUID, month: Month) -> Found:
    """One employee's card."""
    tickets = Ticket.filter(resolved_by=employee, closed_at__gte=month[0], closed_at__lt=month[1])
    found = await WAYS[way](tickets.exclude(status__in=EXCLUDED))
    points = {name: min(100.0, value or 0.0) for name, value in found.items()}
    card = await Card.create(employee=employee, score=statistics.fmean(points.values()))
    for name, value in found.items():
        await Line.create(card=card, indicator=name, value=value, points=points[name])
    return found


async def main(url: str, way: str, employees: Sequence[UUID], month: Month) -> dict[str, Any]:
    """The seconds for an employee, and what the first one comes to."""
    await Tortoise.init(db_url=url.replace("postgresql://", "asyncpg://"), modules={"models": [__name__]})
    try:
        await Tortoise.get_connection("default").execute_script(TABLES)
        found = await appraise(way, employees[0], month)
        start = time.perf_counter()
        for each in employees[1:]:
            await appraise(way, each, month)
        return {"seconds": (time.perf_counter() - start) / (len(employees) - 1), "found": found}
    finally:
        await Tortoise.close_connections()


if __name__ == "__main__":
    url, way, first, last, *people = sys.argv[1:]
    span = datetime.fromisoformat(first), datetime.fromisoformat(last)
    print(json.dumps(asyncio.run(main(url, way, [UUID(each) for each in people], span))))

"""What explains a line. Decides that it is explained by the definitions of its own run, never by today's."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.run.needs import named
from meritline.db import Connection
from meritline.domain import calendars
from meritline.domain.calendars import CompanyCalendar
from meritline.errors import NotFound
from meritline_sdk.model.canonical import from_plain, parse
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.schemes import Scheme, SubjectKind, key_of

LINE: Final = """
select line.key, line.kind, line.indicator_key, line.steps, card.subject_kind, card.subject_id, card.department_id,
    card.period, card.spans, run.known_at, used.definitions, scheme.body as scheme, calendar.body as calendar
from score_line line
join scorecard card on card.tenant_id = line.tenant_id and card.id = line.scorecard_id
join run on run.tenant_id = card.tenant_id and run.id = card.run_id
join run_scheme used on used.tenant_id = card.tenant_id and used.run_id = card.run_id
    and used.scheme_key = card.scheme_key
join definition scheme on scheme.tenant_id = used.tenant_id and scheme.hash = used.scheme_hash
left join definition calendar on calendar.tenant_id = used.tenant_id and calendar.tenant_id = $1
    and calendar.hash = used.calendar_hash
where line.tenant_id = $1 and card.tenant_id = $1 and run.tenant_id = $1 and used.tenant_id = $1
    and scheme.tenant_id = $1 and line.scorecard_id = $2 and line.position = $3
"""
DEFINITION: Final = "select body from definition where tenant_id = $1 and hash = $2"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a line comes from: the indicators that it looks at (none: nothing but scores and days), and whose readings
    they are. ``calendar`` is None for what was computed before calendars were kept."""

    keys: tuple[str, ...]
    read_from: str
    subject_kind: SubjectKind
    subject_id: UUID
    department_id: UUID | None
    period: str
    known_at: datetime
    definitions: dict[str, Any]
    calendar: CompanyCalendar | None
    without_records: frozenset[str] = frozenset()
    spans: tuple[tuple[date, date], ...] = ()
    """The days whose records alone counted; none: those of the whole period did."""


async def line_origin(conn: Connection, tenant_id: UUID, card_id: UUID, position: int) -> Origin:
    """The line at a position of a card, with what its run was computed with."""
    row = await conn.fetchrow(LINE, tenant_id, card_id, position)
    if row is None:
        raise NotFound(kind="score line", value=f"{card_id}.{position}")
    keys, read_from = looked_at(parse(row["scheme"]), row["kind"], row["key"])
    return origin_of(row, keys, read_from, without_records(row["indicator_key"], json.loads(row["steps"])))


def origin_of(row: Any, keys: tuple[str, ...], read_from: str, without: frozenset[str]) -> Origin:
    """The origin of a row that tells subject, period, days, run, definitions and calendar."""
    return Origin(keys, read_from, SubjectKind(row["subject_kind"]), row["subject_id"], row["department_id"],
                  row["period"], row["known_at"], json.loads(row["definitions"]),
                  calendars.parse(row["calendar"]) if row["calendar"] else None, without, spans_of(row["spans"]))


def looked_at(scheme: Scheme, kind: str, key: str) -> tuple[tuple[str, ...], str]:
    """The indicators of a score line, and whose readings they are."""
    if kind == "event":
        event = next(each for each in scheme.events if each.name() == key)
        return (key_of(event.indicator),), event.read_from
    item = next(each for each in scheme.items if each.name() == key)
    return tuple(named(item)), item.read_from


def spans_of(text: str | None) -> tuple[tuple[date, date], ...]:
    """The days again."""
    return tuple((date.fromisoformat(first), date.fromisoformat(end)) for first, end in json.loads(text or "[]"))


def without_records(indicator: str | None, steps: list[dict[str, Any]]) -> frozenset[str]:
    """The indicators of the line that were entered by hand, waived, or could not be computed."""
    found = frozenset(indicator or "" for step in steps
                      if step["step"] == "reading" and (step.get("entered") or step["state"] == "failed"))
    return found.union(*(without_records(step["indicator"], step["steps"]) for step in steps if step["step"] == "part"))


async def indicator_used(conn: Connection, tenant_id: UUID, origin: Origin,
                         key: str) -> tuple[AnyIndicator, dict[str, Scalar]]:
    """The indicator as the run had it, and its parameters."""
    used = origin.definitions[key]
    body = await conn.fetchval(DEFINITION, tenant_id, used["hash"])
    if body is None:
        raise NotFound(kind="definition", value=used["hash"])
    return parse(body), {name: from_plain(value) for name, value in used["parameters"].items()}

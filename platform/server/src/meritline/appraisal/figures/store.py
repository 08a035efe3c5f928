"""The rows of figures. Decides that a change names the version it replaces, and that every version is kept.

A row whose version is not the one that was seen is left alone; the caller finds it missing among what was written.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from meritline.appraisal.figures.values import Content, Figure, Place, Writer
from meritline.db import Connection
from meritline_sdk.model.schemes import SubjectKind

COLUMNS: Final = (
    "id, indicator_key, subject_kind, subject_id, subject_code, kind, numerator, denominator, value, sample, source, "
    "note, withdrawn, entered_by, entered_name, entered_at, version"
)
OF_PERIOD: Final = f"select {COLUMNS} from entered_figure where tenant_id = $1 and period = $2"  # noqa: S608
PUT: Final = f"""
insert into entered_figure (tenant_id, period, indicator_key, subject_kind, subject_id, subject_code, kind, numerator,
    denominator, value, sample, source, note, withdrawn, version, entered_by, entered_name, entered_at)
select $1, $2, given.*, $3, $4, $5
from unnest($6::text[], $7::text[], $8::uuid[], $9::text[], $10::text[], $11::numeric[], $12::numeric[],
    $13::numeric[], $14::int[], $15::text[], $16::text[], $17::boolean[], $18::int[]) as given
on conflict on constraint entered_figure_once do update set
    subject_code = excluded.subject_code, kind = excluded.kind, numerator = excluded.numerator,
    denominator = excluded.denominator, value = excluded.value, sample = excluded.sample, source = excluded.source,
    note = excluded.note, withdrawn = excluded.withdrawn, version = excluded.version,
    entered_by = excluded.entered_by, entered_name = excluded.entered_name, entered_at = excluded.entered_at
where entered_figure.version = excluded.version - 1
returning {COLUMNS}
"""  # noqa: S608
REMEMBER: Final = """
insert into entered_figure_history (tenant_id, figure_id, version, kind, numerator, denominator, value, sample, source,
    note, withdrawn, entered_by, entered_name, entered_at)
select tenant_id, id, version, kind, numerator, denominator, value, sample, source, note, withdrawn, entered_by,
    entered_name, entered_at
from entered_figure where tenant_id = $1 and id = any($2)
"""

type Key = tuple[str, SubjectKind, UUID]
type Change = tuple[Place, Content, int]
"""What shall stand where, and as which version."""


async def of_period(conn: Connection, tenant_id: UUID, period: str) -> Mapping[Key, Figure]:
    """Every figure of the period, the withdrawn ones too."""
    found = [figure_of(row) for row in await conn.fetch(OF_PERIOD, tenant_id, period)]
    return {each.place.key: each for each in found}


async def put(conn: Connection, tenant_id: UUID, period: str, changes: Sequence[Change], writer: Writer,
              now: datetime) -> list[Figure]:
    """Write all of them in one statement, with their versions in another; what was written."""
    rows = [(place.indicator, place.subject_kind.value, place.subject_id, place.code, content.kind, content.numerator,
             content.denominator, content.value, content.sample, content.source, content.note, content.withdrawn,
             version) for place, content, version in changes]
    columns = [list(column) for column in zip(*rows, strict=True)]
    written = [figure_of(row) for row in await conn.fetch(PUT, tenant_id, period, writer.actor, writer.name, now,
                                                          *columns)]
    await conn.execute(REMEMBER, tenant_id, [each.id for each in written])
    return written


def figure_of(row: Any) -> Figure:
    """A row as a value."""
    place = Place(row["indicator_key"], SubjectKind(row["subject_kind"]), row["subject_id"], row["subject_code"])
    content = Content(kind=row["kind"], numerator=row["numerator"], denominator=row["denominator"],
                      value=row["value"], sample=row["sample"], source=row["source"], note=row["note"],
                      withdrawn=row["withdrawn"])
    return Figure(row["id"], place, content, row["entered_by"], row["entered_name"], row["entered_at"],
                  row["version"])


async def key_name(conn: Connection, tenant_id: UUID, key_id: UUID) -> Any:
    """Role and label of a key, and the employee behind it, if there is one."""
    return await conn.fetchrow(
        "select key.role, key.label, person.name, person.number from api_key key left join employee person "
        "on person.tenant_id = key.tenant_id and person.id = key.employee_id "
        "where key.tenant_id = $1 and key.id = $2", tenant_id, key_id,
    )  # fmt: skip

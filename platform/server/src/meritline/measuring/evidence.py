"""The records behind a number. Decides that evidence is the tally's own filter run again, never a stored list.

It reads what was known at the run's ``known_at`` (the newest versions and those superseded since), so the records
of a score line stay the same whatever arrives later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from meritline.db.pools import Connection
from meritline.measuring.binds import Binds
from meritline.measuring.compiler import Compiler
from meritline.measuring.credits import DIVISOR, HOLDER, PARTS, holding_of, shares
from meritline.measuring.memberships import Memberships, Moment
from meritline.measuring.requests import Pass, TallyRequest, passes
from meritline.measuring.statements import (
    Reach,
    conditions,
    divisor,
    holder_columns,
    rows_between,
    tallied_value,
)
from meritline.records.columns import HOUSEKEEPING, current_table
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import Tally
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.schemes import SubjectKind

type EvidenceKey = tuple[Moment, str, str]

NAMES = ("source", "external_id", "version")
HIDDEN = frozenset(column.name for column in HOUSEKEEPING)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record that counts, with how much of it counts for the subject and the value it brings."""

    source: str
    external_id: str
    version: int
    at: Moment
    share: Fraction
    value: Fraction | None
    fields: Mapping[str, Any]
    """By column: a person's ``agent`` is an employee id and ``agent_code`` what the source said."""

    @property
    def key(self) -> EvidenceKey:
        """Its place in the order of the pages."""
        return (self.at, self.source, self.external_id)


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """Records by moment, source and external id, whether more follow, and of which record type they are."""

    records: tuple[Evidence, ...]
    more: bool
    record_type: str = ""


async def records_behind(
    conn: Connection,
    tenant_id: UUID,
    tally: Tally,
    parameters: Mapping[str, Scalar],
    window: Window,
    subject_kind: SubjectKind,
    subject_id: UUID,
    people: Memberships,
    known_at: datetime | None = None,
    first: int = 50,
    after: EvidenceKey | None = None,
) -> EvidencePage:
    """The records that the tally counted for the subject, a page at a time.

    ``window`` is the tally's own: of an earlier period where the tally looks at one. ``after`` is the ``key`` of the
    last record seen.
    """
    binds = Binds()
    compiler = Compiler(binds)
    request = TallyRequest.of(tally, parameters)
    one = next(iter(passes([request])))
    columns = await columns_of_records(conn, one)
    order = [compiler.column(name) for name in (one.at.name, "source", "external_id")]
    where = conditions(compiler, request, {tally.earlier: window})
    where += belonging(one, compiler, subject_kind, subject_id, people)
    if after is not None:
        edge = (binds.add(after[0], moment_type(one)), *(binds.add(text, "text") for text in after[1:]))
        where.append(f"({', '.join(order)}) > ({', '.join(edge)})")
    value = tallied_value(compiler, request)
    if value is not None:
        where.append(f"{value.presence} IS NOT NULL")
    sql = (
        f"SELECT {value.text if value else 'NULL'}, {divisor(one, compiler)}, r.* "  # noqa: S608
        f"FROM ({rows_between(binds, one, columns, [window], Reach(tenant_id, known_at))}) AS r "
        f"WHERE {' AND '.join(where) or 'true'} ORDER BY {', '.join(order)} LIMIT {binds.add(first + 1, 'bigint')}"
    )
    rows = await conn.fetch(sql, *binds.values)
    found = [evidence(one, row, columns, people, tenant_id, (subject_kind, subject_id)) for row in rows[:first]]
    return EvidencePage(tuple(found), len(rows) > first, one.record)


async def columns_of_records(conn: Connection, one: Pass) -> tuple[str, ...]:
    """What the table has by now, which may be more or less than the record type: a removed field keeps its column."""
    empty = await conn.prepare(f"SELECT * FROM {current_table(one.record)} LIMIT 0")  # noqa: S608
    fields = sorted({each.name for each in empty.get_attributes()} - HIDDEN)
    return (*NAMES, *fields)


def moment_type(one: Pass) -> str:
    """The SQL type of the moments."""
    return "timestamptz" if one.instants else "date"


def belonging(one: Pass, compiler: Compiler, kind: SubjectKind, subject: UUID, people: Memberships) -> list[str]:
    """When a record counts for the subject."""
    if kind is SubjectKind.COMPANY:
        return []
    field = one.credit.field
    if field is None or ((field.kind is Kind.TEAM) != (kind is SubjectKind.DEPARTMENT) and field.kind is Kind.TEAM):
        return ["false"]
    holder = compiler.column(holder_columns(field)[0])
    if field.kind is Kind.TEAM:
        return [f"{holder} = ANY ({compiler.binds.add(list(people.subtree(subject)), 'uuid[]')})"]
    given = f"{divisor(one, compiler)} IS NOT NULL"
    names = f"= ANY ({holder})" if field.kind is Kind.PEOPLE else f"= {holder}"
    if kind is SubjectKind.EMPLOYEE:
        return [given, f"{compiler.binds.add(subject, 'uuid')} {names}"]
    return [given, members(one, compiler, names, people.subtree(subject), people)]


def members(one: Pass, compiler: Compiler, names: str, departments: tuple[UUID, ...], people: Memberships) -> str:
    """Whether somebody the record names was in one of the departments at its moment."""
    spells = people.spells_in(departments)
    edges = [spell.instants if one.instants else spell.days for _, spell in spells]
    moment, at = moment_type(one), compiler.column(one.at.name)
    ids = compiler.binds.add([employee for employee, _ in spells], "uuid[]")
    starts = compiler.binds.add([start for start, _ in edges], f"{moment}[]")
    ends = compiler.binds.add([end for _, end in edges], f"{moment}[]")
    return (f"EXISTS (SELECT FROM unnest({ids}, {starts}, {ends}) AS m(employee, starts, ends) "
            f"WHERE m.employee {names} AND {at} >= m.starts AND (m.ends IS NULL OR {at} < m.ends))")  # fmt: skip


def evidence(one: Pass, row: Any, columns: tuple[str, ...], people: Memberships, tenant_id: UUID,
             subject: tuple[SubjectKind, UUID]) -> Evidence:
    """A row as evidence; how much of it counts is decided where tallies decide it."""
    value, parts, *rest = tuple(row)
    found = dict(zip(columns, rest, strict=True))
    groups = dict(zip((HOLDER, PARTS), (found[name] for name in holder_columns(one.credit.field)), strict=False))
    at = found[one.at.name]
    holding = holding_of(one.credit, {**groups, DIVISOR: parts}, lambda _: at)
    share = next(Fraction(each.numerator, each.denominator) for each in shares(one.credit, holding, people, tenant_id)
                 if (each.kind, each.subject) == subject)  # fmt: skip
    source, external_id, version = (found.pop(name) for name in NAMES)
    return Evidence(source, external_id, version, at, share, None if value is None else Fraction(value), found)

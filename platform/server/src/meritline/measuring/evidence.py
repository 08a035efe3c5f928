"""The records behind a number. Decides that evidence is the tally's own filter run again, never a stored list.

It reads what was known at the run's ``known_at`` (the newest versions and those superseded since), so the records
of a score line stay the same whatever arrives later. Where the tally looks at other records, those that it found are
named with each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from meritline.db.pools import Connection
from meritline.measuring.belonging import belonging
from meritline.measuring.binds import Binds
from meritline.measuring.compiler import Compiler
from meritline.measuring.credits import DIVISOR, HOLDER, PARTS, holding_of, shares
from meritline.measuring.keys import key_parts
from meritline.measuring.memberships import Memberships, Moment, last_day
from meritline.measuring.pieces import Sql, instant_of
from meritline.measuring.reach import Reach
from meritline.measuring.relations import NamedRecord, named_by, named_records
from meritline.measuring.requests import Pass, TallyRequest, all_of, pass_of
from meritline.measuring.rows import Rows, edge, holder_columns, rows_of
from meritline.measuring.statements import brought, conditions, divisor
from meritline.records.columns import HOUSEKEEPING, current_table
from meritline_sdk.evaluate.calendars import Clock
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import OF_NO_RECORDS, Tally
from meritline_sdk.model.nodes import Scalar, kind_of
from meritline_sdk.model.schemes import SubjectKind

type EvidenceKey = tuple[Moment, str, str]

NAMES: Final = ("source", "external_id", "version")
HIDDEN: Final = frozenset(column.name for column in HOUSEKEEPING)


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
    record_type: str = ""
    related: tuple[NamedRecord, ...] = ()
    """Other records that decided over this one: the first of them, where there are many."""
    timed: bool = False
    """Whether its value is a time, in microseconds."""
    met: bool | None = None
    """Whether one of the tallies that it is compared with counts it as well; None where there is nothing to compare."""

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


@dataclass(frozen=True, slots=True)
class Look:
    """Whose records are looked for."""

    tenant_id: UUID
    subject: tuple[SubjectKind, UUID]
    people: Memberships
    window: Window


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
    clock: Clock | None = None,
    against: Sequence[Tally] = (),
) -> EvidencePage:
    """The records that the tally counted for the subject, a page at a time.

    ``window`` is the tally's own: of an earlier period where the tally looks at one; ``clock`` that of the period
    appraised. ``after`` is the ``key`` of the last record seen. As things stand, records have no moment of their own:
    they count on the window's last day. ``against`` are tallies of which each record tells whether they count it too,
    such as the numerator of a ratio; those that look at other records, or by another moment or credit, cannot be asked.
    """
    if tally.how in OF_NO_RECORDS:
        return EvidencePage((), False)
    request, look = TallyRequest.of(tally, parameters), Look(tenant_id, (subject_kind, subject_id), people, window)
    one = pass_of(request)
    columns = await columns_of_records(conn, one)
    compiler = Compiler(Binds(), reach=Reach(tenant_id, known_at), clock=clock, window=window)
    rows = rows_of(one, columns, [window], compiler)
    others = [each for each in (TallyRequest.of(one, parameters) for one in against) if comparable(each, request)]
    sql = evidence_statement(request, one, rows, compiler, look, first, after, others)
    found = await conn.fetch(sql, *compiler.binds.values)
    timed = tally.value is not None and kind_of(tally.value) is Kind.DURATION
    return EvidencePage(tuple(evidence(one, row, columns, rows.moment, look, timed=timed) for row in found[:first]),
                        len(found) > first, one.record)  # fmt: skip


def evidence_statement(request: TallyRequest, one: Pass, rows: Rows, compiler: Compiler, look: Look, first: int,
                       after: EvidenceKey | None, others: Sequence[TallyRequest]) -> str:
    """The rows behind the tally, in order, one more than are shown."""
    order = [*([] if rows.moment is None else [rows.moment.text]), *map(compiler.column, NAMES[:2])]
    where = [*rows.where, *conditions(compiler, request, {request.tally.earlier: look.window}, rows.moment)]
    where += belonging(one, rows, compiler, look.subject, look.people)
    if after is not None:
        where.append(f"({', '.join(order)}) > ({', '.join(seen(after, rows.moment, compiler))})")
    value, present = brought(compiler, request)
    where += [*present, *(f"{part.presence} IS NOT NULL" for part in key_parts(compiler, request))]
    looked = " || ".join(filter(None, (named_by(each.tally.nodes(), compiler, each.parameters)
                                       for each in (request, *others)))) or "NULL"  # fmt: skip
    moment = "NULL" if rows.moment is None else rows.moment.text
    return (
        f"SELECT {value}, {divisor(one, compiler)}, {moment}, {looked}, "  # noqa: S608
        f"{met(others, compiler)}, r.* "
        f"FROM {rows.source} WHERE {' AND '.join(where) or 'true'} "
        f"ORDER BY {', '.join(order)} LIMIT {compiler.binds.add(first + 1, 'bigint')}"
    )


def comparable(other: TallyRequest, shown: TallyRequest) -> bool:
    """Whether the other tally counts records of the same sort at the same moment for the same people."""
    return pass_of(other) == pass_of(shown) and other.tally.earlier == shown.tally.earlier


def met(others: Sequence[TallyRequest], compiler: Compiler) -> str:
    """Whether one of the other tallies counts the record too."""
    arms = []
    for each in others:
        every = [*(compiler.condition(one, each.parameters) for one in all_of(each.tally.where)),
                 *brought(compiler, each)[1],
                 *(f"{part.presence} IS NOT NULL" for part in key_parts(compiler, each))]  # fmt: skip
        arms.append(f"({' AND '.join(every) or 'true'}) IS TRUE")
    return " OR ".join(arms) or "NULL::boolean"


def seen(after: EvidenceKey, moment: Sql | None, compiler: Compiler) -> list[str]:
    """The last record seen, as the rows are ordered."""
    names = [compiler.binds.add(text, "text") for text in after[1:]]
    return names if moment is None else [edge(compiler.binds, after[0], moment), *names]


async def columns_of_records(conn: Connection, one: Pass) -> tuple[str, ...]:
    """What the table has by now, which may be more or less than the record type: a removed field keeps its column."""
    empty = await conn.prepare(f"SELECT * FROM {current_table(one.record)} LIMIT 0")  # noqa: S608
    fields = sorted({each.name for each in empty.get_attributes()} - HIDDEN)
    return (*NAMES, *fields)


def evidence(one: Pass, row: Sequence[Any], columns: tuple[str, ...], moment: Sql | None, look: Look, *,
             timed: bool) -> Evidence:
    """A row as evidence; how much of it counts is decided where tallies decide it."""
    value, parts, stamp, looked, is_met, *rest = tuple(row)
    found = dict(zip(columns, rest, strict=False))
    at = moment_of(stamp, moment, look.window)
    groups = dict(zip((HOLDER, PARTS), (found[name] for name in holder_columns(one.credit.field)), strict=False))
    holding = holding_of(one.credit, {**groups, DIVISOR: parts}, lambda _: at)
    share = next(Fraction(each.numerator, each.denominator)
                 for each in shares(one.credit, holding, look.people, look.tenant_id)
                 if (each.kind, each.subject) == look.subject)  # fmt: skip
    source, external_id, version = (found.pop(name) for name in NAMES)
    return Evidence(source, external_id, version, at, share, exactly(value), found,
                    one.record, named_records(looked), timed, is_met)  # fmt: skip


def exactly(value: Any) -> Fraction | None:
    """What the record brings; of a pair the quotient."""
    if isinstance(value, list):
        return Fraction(value[0]) / Fraction(value[1])
    return None if value is None else Fraction(value)


def moment_of(stamp: Any, moment: Sql | None, window: Window) -> Moment:
    """When the record counts."""
    if moment is None:
        return last_day(window)
    return instant_of(stamp, moment) if moment.kind is Kind.INSTANT else stamp

"""Whether a record counts for a subject, as a condition in SQL: the same that ``credits.shares`` says in Python."""

from uuid import UUID

from meritline.measuring.compiler import Compiler
from meritline.measuring.memberships import Memberships, last_day
from meritline.measuring.pieces import Sql
from meritline.measuring.requests import Pass
from meritline.measuring.rows import Rows, edges, holder_columns
from meritline.measuring.statements import divisor
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.schemes import SubjectKind


def belonging(one: Pass, rows: Rows, compiler: Compiler, subject: tuple[SubjectKind, UUID],
              people: Memberships) -> list[str]:
    """When a record counts for the subject."""
    kind, who = subject
    if kind is SubjectKind.COMPANY:
        return []
    field = one.credit.field
    if field is None or (field.kind is Kind.TEAM and kind is not SubjectKind.DEPARTMENT):
        return ["false"]
    holder = compiler.column(holder_columns(field)[0])
    if field.kind is Kind.TEAM:
        return [f"{holder} = ANY ({compiler.binds.add(list(people.subtree(who)), 'uuid[]')})"]
    given = f"{divisor(one, compiler)} IS NOT NULL"
    names = f"= ANY ({holder})" if field.kind is Kind.PEOPLE else f"= {holder}"
    if kind is SubjectKind.EMPLOYEE:
        return [given, f"{compiler.binds.add(who, 'uuid')} {names}", *within(rows, compiler, who, people)]
    return [given, members(one, rows, compiler, names, people.subtree(who), people)]


def within(rows: Rows, compiler: Compiler, employee: UUID, people: Memberships) -> list[str]:
    """Whether the moment lies in the part of the period that is looked at; of an earlier period everything counts."""
    spells = [spell for _, some in people.pieces.get(employee, ()) for spell in some]
    moment = rows.moment
    if not spells or moment is None or (compiler.window is not None and people.before_all(compiler.window.first_day)):
        return []
    found = [spell.edges(compiler.window.start if moment.kind is Kind.INSTANT else compiler.window.first_day)
             for spell in spells] if compiler.window else []
    starts = edges(compiler.binds, (start for start, _ in found), moment)
    ends = edges(compiler.binds, (end for _, end in found), moment)
    return [f"EXISTS (SELECT FROM unnest({starts}, {ends}) AS p(starts, ends) WHERE {moment.text} >= p.starts "
            f"AND {moment.text} < p.ends)"]  # fmt: skip


def members(one: Pass, rows: Rows, compiler: Compiler, names: str, departments: tuple[UUID, ...],
            people: Memberships) -> str:
    """Whether somebody the record names was in one of the departments at its moment."""
    spells = people.spells_in(departments)
    found = [spell.instants if one.instants else spell.days for _, spell in spells]
    moment = rows.moment or as_things_stand(compiler)
    ids = compiler.binds.add([employee for employee, _ in spells], "uuid[]")
    starts = edges(compiler.binds, (start for start, _ in found), moment)
    ends = edges(compiler.binds, (end for _, end in found), moment)
    return (f"EXISTS (SELECT FROM unnest({ids}, {starts}, {ends}) AS m(employee, starts, ends) WHERE m.employee "
            f"{names} AND {moment.text} >= m.starts AND (m.ends IS NULL OR {moment.text} < m.ends))")  # fmt: skip


def as_things_stand(compiler: Compiler) -> Sql:
    """The window's last day."""
    assert compiler.window is not None
    return Sql(compiler.binds.add(last_day(compiler.window), "date"), Kind.DAY)

"""The statement of one pass. Decides which rows are read, how they are grouped and what is taken of each group.

Rows are grouped by who holds them (with the credit's divisor and, for people who change department inside the span,
the stretch of time between two changes); whom that counts for is decided in Python. So sums, counts and arrays come
out exact, and one scan serves every tally of the pass. Only checked names and places of values become text.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from meritline.measuring.binds import Binds
from meritline.measuring.compiler import Compiler, Sql
from meritline.measuring.credits import DIVISOR, HOLDER, PARTS, SEGMENT
from meritline.measuring.memberships import Moves, span
from meritline.measuring.requests import Pass, TallyRequest, fields_of
from meritline.records.columns import (
    current_table,
    history_table,
    ids_column,
    quoted,
    shares_column,
    value_column,
)
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Field


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its values; ``groups`` names the columns before the tallies' own."""

    sql: str
    values: list[Any]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """Which records: of a tenant, of some employees or of all, as known now or at a moment."""

    tenant_id: UUID
    known_at: datetime | None = None
    employees: Collection[UUID] | None = None


def tally_statement(one: Pass, requests: Sequence[TallyRequest], windows: dict[int, Window], moves: Moves, reach: Reach,
                    grouped: bool) -> Statement:
    """One scan for all requests of a pass; ``grouped`` unless only the company is asked for."""
    binds = Binds()
    compiler = Compiler(binds)
    groups = grouping(one, compiler, moves) if grouped else {}
    rows = rows_between(binds, one, columns_read(one, requests), list(windows.values()), reach)
    wanted = [text for request in requests for text in aggregates(compiler, request, windows)]
    join = ""
    if SEGMENT in groups and one.credit.field and one.credit.field.kind is Kind.PERSON:
        join = f"LEFT JOIN unnest({binds.add(list(moves.movers), 'uuid[]')}) AS m(employee) ON m.employee = " \
               f"{compiler.column(one.credit.field.name)}"
    listed = [*(f"{text} AS {name}" for name, text in groups.items()), *wanted]
    by = f"GROUP BY {', '.join(str(place) for place in range(1, len(groups) + 1))}" if groups else ""
    sql = f"SELECT {', '.join(listed)} FROM ({rows}) AS r {join} {by}"  # noqa: S608
    return Statement(sql, binds.values, tuple(groups))


def columns_read(one: Pass, requests: Iterable[TallyRequest]) -> tuple[str, ...]:
    """The columns that the pass looks at."""
    names = {value_column(each.name, each.kind) for each in fields_of(requests)}
    return tuple(sorted(names | set(holder_columns(one.credit.field))))


def holder_columns(field: Field | None) -> tuple[str, ...]:
    """Where the credited people or team stand."""
    if field is None:
        return ()
    return (ids_column(field.name), shares_column(field.name)) if field.kind is Kind.PEOPLE else (field.name,)


def rows_between(binds: Binds, one: Pass, columns: Iterable[str], windows: Sequence[Window], reach: Reach) -> str:
    """The rows whose moment lies in the span of the windows: the newest versions, or those known at a moment."""
    start, end = span(windows, one.instants)
    at, moment = quoted(one.at.name), "timestamptz" if one.instants else "date"
    listed = ", ".join(quoted(each) for each in columns)
    where = (f"tenant_id = {binds.add(reach.tenant_id, 'uuid')} AND {at} >= {binds.add(start, moment)} "
             f"AND {at} < {binds.add(end, moment)}")  # fmt: skip
    if reach.employees is not None:
        where += f" AND {of_employees(binds, one.credit.field, reach.employees)}"
    newest = f"SELECT {listed} FROM {current_table(one.record)} WHERE {where}"  # noqa: S608
    if reach.known_at is None:
        return newest
    known = binds.add(reach.known_at, "timestamptz")
    older = f"SELECT {listed} FROM {history_table(one.record)} WHERE {where}"  # noqa: S608
    return (f"{newest} AND recorded_at <= {known} UNION ALL "
            f"{older} AND recorded_at <= {known} AND superseded_at > {known}")  # fmt: skip


def of_employees(binds: Binds, field: Field | None, employees: Collection[UUID]) -> str:
    """Only what some of the employees hold."""
    if field is None or field.kind is Kind.TEAM:
        return "false"
    wanted = binds.add(sorted(employees), "uuid[]")
    if field.kind is Kind.PEOPLE:
        return f"{quoted(ids_column(field.name))} && {wanted}"
    return f"{quoted(field.name)} = ANY ({wanted})"


def grouping(one: Pass, compiler: Compiler, moves: Moves) -> dict[str, str]:
    """By what the rows are grouped, by name."""
    field = one.credit.field
    if field is None:
        return {}
    columns = [compiler.column(name) for name in holder_columns(field)]
    found = dict(zip((HOLDER, PARTS), columns, strict=False))
    if one.credit.divisor is not None:
        found[DIVISOR] = divisor(one, compiler)
    if moves.movers and field.kind is not Kind.TEAM:
        found[SEGMENT] = segment(one, compiler, moves)
    return found


def divisor(one: Pass, compiler: Compiler) -> str:
    """By what the credit is divided; null where that is missing or below one, so that nobody gets anything."""
    found = "1" if one.credit.divisor is None else compiler.piece(one.credit.divisor, dict(one.bound)).text
    return f"CASE WHEN {found} >= 1 THEN {found} END"


def segment(one: Pass, compiler: Compiler, moves: Moves) -> str:
    """How many changes of department lie before the record; null for people who do not move."""
    thresholds = compiler.binds.add(list(moves.thresholds), "timestamptz[]" if one.instants else "date[]")
    holder = compiler.column(holder_columns(one.credit.field)[0])
    moving = "m.employee IS NOT NULL"
    if one.credit.field and one.credit.field.kind is Kind.PEOPLE:
        moving = f"{holder} && {compiler.binds.add(list(moves.movers), 'uuid[]')}"
    return f"CASE WHEN {moving} THEN width_bucket({compiler.column(one.at.name)}, {thresholds}) END"


def aggregates(compiler: Compiler, request: TallyRequest, windows: dict[int, Window]) -> tuple[str, ...]:
    """What one tally takes of a group: how many records, and their sum or their values; missing values do not count."""
    wanted, value = conditions(compiler, request, windows), tallied_value(compiler, request)
    if value is not None and request.tally.how == "values":
        wanted.append(f"{value.presence} IS NOT NULL")  # the other aggregates leave them out anyway
    only = f"FILTER (WHERE {' AND '.join(wanted)})" if wanted else ""
    match request.tally.how:
        case "count":
            return (f"count(*) {only}",)
        case "sum" if value is not None:
            return (f"count({value.presence}) {only}", f"sum({value.text}) {only}")
        case "values" if value is not None:
            return (f"array_agg({value.text}) {only}",)
    raise ValueError(f"a tally of {request.tally.record!r} has no way to {request.tally.how!r}")


def tallied_value(compiler: Compiler, request: TallyRequest) -> Sql | None:
    """What the tally adds up or collects."""
    return None if request.tally.value is None else compiler.piece(request.tally.value, request.parameters)


def conditions(compiler: Compiler, request: TallyRequest, windows: dict[int, Window]) -> list[str]:
    """When a row of the scan counts: in its own window and where the filter is true."""
    tally, found = request.tally, list[str]()
    if len(windows) > 1:
        instants = tally.at.kind is Kind.INSTANT
        start, end = span([windows[tally.earlier]], instants)
        at, moment = compiler.column(tally.at.name), "timestamptz" if instants else "date"
        found = [f"{at} >= {compiler.binds.add(start, moment)}", f"{at} < {compiler.binds.add(end, moment)}"]
    if tally.where is not None:
        found.append(compiler.condition(tally.where, request.parameters))
    return found

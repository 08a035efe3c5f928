"""The rows that a pass looks at. Decides when each record counts, by the moment of its tally.

The moment is a column as a rule: then the rows of the span are found by its index. It may be an expression: then it is
computed for every record of the tenant, once, under a name that no field can have. Without a moment every record
counts, as things stand on the window's last day.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from meritline.measuring.binds import Binds
from meritline.measuring.compiler import Compiler
from meritline.measuring.memberships import Moment, span
from meritline.measuring.pieces import Sql, shaped
from meritline.measuring.reach import known_rows
from meritline.measuring.relations import own_columns
from meritline.measuring.requests import Pass, TallyRequest, fields_of
from meritline.measuring.taken import columns_named
from meritline.records.columns import ids_column, quoted, shares_column, value_column
from meritline.records.moments import sources
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Field

COMPUTED: Final = "r._moment"


@dataclass(frozen=True, slots=True)
class Rows:
    """``FROM`` of a pass, its condition, and the moment of a row (None: as things stand)."""

    source: str
    where: tuple[str, ...]
    moment: Sql | None


def rows_of(one: Pass, columns: Iterable[str], windows: Sequence[Window], compiler: Compiler) -> Rows:
    """The rows of the tenant whose moment lies in the span of the windows, named ``r``."""
    assert compiler.reach is not None
    employees = compiler.reach.employees
    inside = [] if employees is None else [of_employees(compiler.binds, one.credit.field, employees)]
    start, end = span(windows, one.instants)
    if isinstance(one.at, Field):
        moment = compiler.piece(one.at, {})
        inside += between(compiler.binds, replace(moment, text=quoted(one.at.name)), start, end)
        return Rows(f"({known(one, columns, compiler, inside)}) AS r", (), moment)
    if one.at is None:
        return Rows(f"({known(one, columns, compiler, inside)}) AS r", (), None)
    rows = known(one, columns, compiler, [*inside, *nearby(one, compiler, start, end)])
    found = replace(compiler, row="s").within(windows[0]).piece(one.at, one.parameters)
    moment = replace(found, text=COMPUTED, interval="")
    # OFFSET 0 keeps the expression from being written out, and computed, wherever the moment is used.
    source = f"(SELECT s.*, {found.text} AS _moment FROM ({rows}) AS s OFFSET 0) AS r"  # noqa: S608
    return Rows(source, tuple(between(compiler.binds, moment, start, end)), moment)


def known(one: Pass, columns: Iterable[str], compiler: Compiler, where: Sequence[str]) -> str:
    """The records of the pass."""
    assert compiler.reach is not None
    return known_rows(compiler.binds, compiler.reach, one.record, columns, where)


def nearby(one: Pass, compiler: Compiler, start: Moment, end: Moment) -> list[str]:
    """What must be true of a record whose computed moment lies in the span: so the past need not be computed."""
    found = None if one.at is None else sources(one.at, one.parameters)
    if not found or not all(each.field.kind is Kind.INSTANT or not each.later for each in found):
        return []
    try:
        spans = [(each.field, start - each.later, end - each.later) for each in found]
    except OverflowError:
        return []
    arms = [" AND ".join(between(compiler.binds, Sql(quoted(field.name), field.kind), *edges))
            for field, *edges in spans]  # fmt: skip
    return [f"({' OR '.join(arms)})"]


def between(binds: Binds, moment: Sql, start: Moment, end: Moment) -> list[str]:
    """Whether the moment lies in the span."""
    return [f"{moment.text} >= {edge(binds, start, moment)}", f"{moment.text} < {edge(binds, end, moment)}"]


def edge(binds: Binds, moment: Moment, like: Sql) -> str:
    """A bound moment in the form of the rows' own."""
    return binds.add(formed(moment, like), like.sql_type)


def edges(binds: Binds, moments: Iterable[Moment | None], like: Sql) -> str:
    """Several of them as an array."""
    return binds.add([None if each is None else formed(each, like) for each in moments], f"{like.sql_type}[]")


def formed(moment: Moment, like: Sql) -> Any:
    """A moment as the rows' own are."""
    return shaped(moment, like) if isinstance(moment, datetime) else moment


def columns_read(one: Pass, requests: Sequence[TallyRequest]) -> tuple[str, ...]:
    """The columns that the pass looks at."""
    names = {value_column(each.name, each.kind) for each in fields_of(requests)}
    named = own_columns(part for request in requests for part in request.tally.nodes())
    return tuple(sorted(names | named | columns_named(requests) | set(holder_columns(one.credit.field))))


def holder_columns(field: Field | None) -> tuple[str, ...]:
    """Where the credited people or team stand."""
    if field is None:
        return ()
    return (ids_column(field.name), shares_column(field.name)) if field.kind is Kind.PEOPLE else (field.name,)


def of_employees(binds: Binds, field: Field | None, employees: Collection[UUID]) -> str:
    """Only what some of the employees hold."""
    if field is None or field.kind is Kind.TEAM:
        return "false"
    wanted = binds.add(sorted(employees), "uuid[]")
    if field.kind is Kind.PEOPLE:
        return f"{quoted(ids_column(field.name))} && {wanted}"
    return f"{quoted(field.name)} = ANY ({wanted})"

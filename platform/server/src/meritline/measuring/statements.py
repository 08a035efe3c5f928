"""The statement of one pass. Decides how rows are grouped and what is taken of each group.

Rows are grouped by who holds them (with the credit's divisor and, for people who change department inside the span,
the stretch of time between two changes); whom that counts for is decided in Python. So sums, counts and arrays come
out exact, and one scan serves every tally of the pass. Only checked names and places of values become text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meritline.measuring.compiler import Compiler
from meritline.measuring.credits import DIVISOR, HOLDER, PARTS, SEGMENT
from meritline.measuring.keys import key_parts, key_text
from meritline.measuring.memberships import Moves, span
from meritline.measuring.pieces import Sql
from meritline.measuring.requests import Pass, TallyRequest, all_of
from meritline.measuring.rows import Rows, between, columns_read, edges, holder_columns, rows_of
from meritline.measuring.taken import arrays
from meritline.measuring.yields import twins
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.kinds import Kind


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its values; ``groups`` names the columns before the tallies' own."""

    sql: str
    values: list[Any]
    groups: tuple[str, ...]


def tally_statement(one: Pass, requests: Sequence[TallyRequest], windows: Mapping[int, Window], moves: Moves,
                    compiler: Compiler, grouped: bool) -> Statement:
    """One scan for all requests of a pass; ``grouped`` unless only the company is asked for. What all of them ask of a
    record is asked once, of the row."""
    rows = rows_of(one, columns_read(one, requests), list(windows.values()), compiler)
    first = compiler.within(next(iter(windows.values())))
    groups = grouping(one, rows, first, moves) if grouped else {}
    wanted = [conditions(compiler, request, windows, rows.moment) for request in requests]
    common = [text for text in wanted[0] if all(text in other for other in wanted[1:])]
    follows = twins(tuple(requests))
    taken = [text for place, (request, conditions) in enumerate(zip(requests, wanted, strict=True))
             if place not in follows
             for text in aggregates(compiler.within(windows[request.tally.earlier]), request,
                                    [each for each in conditions if each not in common], spelt=True)]  # fmt: skip
    join = ""
    if SEGMENT in groups and one.credit.field and one.credit.field.kind is Kind.PERSON:
        join = f"LEFT JOIN unnest({compiler.binds.add(list(moves.movers), 'uuid[]')}) AS m(employee) ON m.employee = " \
               f"{compiler.column(one.credit.field.name)}"
    listed = [*(f"{text} AS {name}" for name, text in groups.items()), *taken]
    where = f"WHERE {' AND '.join((*rows.where, *common))}" if rows.where or common else ""
    by = f"GROUP BY {', '.join(str(place) for place in range(1, len(groups) + 1))}" if groups else ""
    sql = f"SELECT {', '.join(listed)} FROM {rows.source} {join} {where} {by}"  # noqa: S608
    return Statement(sql, compiler.binds.values, tuple(groups))


def grouping(one: Pass, rows: Rows, compiler: Compiler, moves: Moves) -> dict[str, str]:
    """By what the rows are grouped, by name."""
    field = one.credit.field
    if field is None:
        return {}
    columns = [compiler.column(name) for name in holder_columns(field)]
    found = dict(zip((HOLDER, PARTS), columns, strict=False))
    if one.credit.divisor is not None:
        found[DIVISOR] = divisor(one, compiler)
    if moves.movers and field.kind is not Kind.TEAM and rows.moment is not None:
        found[SEGMENT] = segment(one, rows.moment, compiler, moves)
    return found


def divisor(one: Pass, compiler: Compiler) -> str:
    """By what the credit is divided; null where that is missing or below one, so that nobody gets anything."""
    found = "1" if one.credit.divisor is None else compiler.piece(one.credit.divisor, one.parameters).text
    return f"CASE WHEN {found} >= 1 THEN {found} END"


def segment(one: Pass, moment: Sql, compiler: Compiler, moves: Moves) -> str:
    """How many changes of department lie before the record; null for people who do not move."""
    thresholds = edges(compiler.binds, moves.thresholds, moment)
    holder = compiler.column(holder_columns(one.credit.field)[0])
    moving = "m.employee IS NOT NULL"
    if one.credit.field and one.credit.field.kind is Kind.PEOPLE:
        moving = f"{holder} && {compiler.binds.add(list(moves.movers), 'uuid[]')}"
    return f"CASE WHEN {moving} THEN width_bucket({moment.text}, {thresholds}) END"


def aggregates(compiler: Compiler, request: TallyRequest, conditions: Sequence[str], *,
               spelt: bool = False) -> tuple[str, ...]:
    """What one tally takes of a group: how many records, and their sum, values or keys; the missing do not count.
    ``spelt``: whole values in order, as one text, which ``yields`` reads."""
    wanted, value = list(conditions), tallied_value(compiler, request)
    if value is not None and request.tally.how == "values":
        wanted += [f"{part} IS NOT NULL" for part in value.edges or (value.presence,)]  # others leave them out anyway
    parts = key_parts(compiler, request)
    wanted += [f"{part.presence} IS NOT NULL" for part in parts]
    only = f"FILTER (WHERE {' AND '.join(wanted)})" if wanted else ""
    match request.tally.how:
        case "count":
            return (f"count(*) {only}",)
        case "distinct" if parts:
            return (f"count(*) {only}", f"array_agg(DISTINCT {key_text(parts)}) {only}")
        case "sum" if value is not None and request.tally.over is not None:
            pair, present = brought(compiler, request)
            return (f"array_agg({pair}) FILTER (WHERE {' AND '.join([*wanted, *present])})",)
        case "sum" if value is not None:
            return (f"count({value.presence}) {only}", f"sum({value.text}) {only}")
        case "values" if value is not None and spelt and value.whole:
            return (f"array_to_string(array_sort(array_agg({value.text}) {only}), ',')",)
        case "values" if value is not None:
            return (f"array_agg({value.text}) {only}",)
        case "rows":
            return arrays(compiler, request, only)
    raise ValueError(f"a tally of {request.tally.record!r} has no way to {request.tally.how!r}")


def tallied_value(compiler: Compiler, request: TallyRequest) -> Sql | None:
    """What the tally adds up or collects."""
    return None if request.tally.value is None else compiler.piece(request.tally.value, request.parameters)


def brought(compiler: Compiler, request: TallyRequest) -> tuple[str, list[str]]:
    """What a record brings, and when it brings anything; a value and what divides it stand side by side, exact."""
    value = tallied_value(compiler, request)
    if value is None:
        return "NULL", []
    present = [f"{value.presence} IS NOT NULL"]
    if request.tally.over is None:
        return value.text, present
    over = compiler.piece(request.tally.over, request.parameters)
    return f"ARRAY[{value.text}::numeric, {over.text}::numeric]", [*present, f"{over.text} > 0"]


def conditions(compiler: Compiler, request: TallyRequest, windows: Mapping[int, Window],
               moment: Sql | None) -> list[str]:
    """When a row of the scan counts: in its own window and where the filter is true."""
    tally, found = request.tally, list[str]()
    compiler = compiler.within(windows[tally.earlier])
    if len(windows) > 1 and moment is not None:
        start, end = span([windows[tally.earlier]], moment.kind is Kind.INSTANT)
        found += between(compiler.binds, moment, start, end)
    return [*found, *(compiler.condition(each, request.parameters) for each in all_of(tally.where))]

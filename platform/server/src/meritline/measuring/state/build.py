# ruff: noqa: S608 - every name in these statements is a quoted identifier of a record type
"""The statements that make state from the records. Decides what a row of a day holds, and that of a month.

The rows of days come from the records as they are now, by the same expressions as a run without state uses; those of a
month from its days. Nothing is ever added to a row or taken from it: whoever holds the state removes rows and makes
them anew, so that none of them can be there.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from meritline.measuring.binds import Binds
from meritline.measuring.compiler import Compiler
from meritline.measuring.pieces import Sql
from meritline.measuring.reach import Reach
from meritline.measuring.rows import columns_read, holder_columns, rows_of
from meritline.measuring.state.cells import MOST_VALUES, Place, places
from meritline.measuring.state.kept import Kept
from meritline.measuring.state.months import days_window, next_month
from meritline.measuring.statements import aggregates, conditions, divisor
from meritline_sdk.evaluate.windows import Window, midnight
from meritline_sdk.model.kinds import Kind

NOBODY = UUID(int=0)
type Statement = tuple[str, list[Any]]
type Pairs = Sequence[tuple[UUID, date]]

WRITTEN = """(tenant_id, state_id, {day}, subject_id, holding, counts, sums, vals)"""


def day_rows(kept: Kept, tenant_id: UUID, state_id: UUID, first: date, end: date, pairs: Pairs | None) -> Statement:
    """Makes the rows of some days, of all subjects or of these alone, each on its own days."""
    found, binds = cells_by_day(kept, Reach(tenant_id), first, end, pairs, MOST_VALUES)
    sql = (f"insert into measure_state_day {WRITTEN.format(day='day')} "
           f"select {binds.add(tenant_id, 'uuid')}, {binds.add(state_id, 'uuid')}, c.* from ({found}) as c")
    return sql, binds.values


def cells_by_day(kept: Kept, reach: Reach, first: date, end: date, pairs: Pairs | None,
                 most: int | None = None) -> tuple[str, Binds]:
    """The query of the cells of some days: day, subject, holding, counts, sums, values; none beyond ``most``."""
    window = days_window(first, end, kept.zone)
    days = [midnight(first + timedelta(days=count), kept.zone) for count in range((end - first).days)]
    subjects = None if pairs is None else [subject for subject, _ in pairs]
    given = {TENANT: reach.tenant_id, KNOWN: reach.known_at, FIRST: first, END: end, STARTS: window.start,
             ENDS: window.end, DAYS: days, SUBJECTS: subjects, ON: None if pairs is None else [day for _, day in pairs]}
    named = subjects is not None and kept.by_subject and NOBODY not in subjects
    sql, values = made_once(kept, reach.known_at is not None, pairs is not None, named, most)
    binds = Binds()
    binds.values = [given[value] if isinstance(value, Given) else value for value in values]
    return sql, binds


class Given(NamedTuple):
    """Stands for a value that each reading brings."""

    name: str


TENANT, KNOWN, FIRST, END, STARTS, ENDS, DAYS, SUBJECTS, ON = map(
    Given, ("tenant", "known", "first", "end", "starts", "ends", "days", "subjects", "on"))
# A query is compiled by days long before anything was recorded; their values are told from all others by what they are.
MADE_FIRST, MADE_END, MADE_KNOWN = date(1, 3, 5), date(1, 3, 7), datetime(1, 3, 5, 1, 2, 3, 456789, tzinfo=UTC)
MADE_TENANT = UUID(int=0x5EED5EED5EED5EED5EED5EED5EED5EED)


@lru_cache(maxsize=512)
def made_once(kept: Kept, known: bool, paired: bool, named: bool, most: int | None) -> tuple[str, tuple[Any, ...]]:
    """The query with its values: compiling takes longer than a correction's whole reading."""
    window = days_window(MADE_FIRST, MADE_END, kept.zone)
    reach = Reach(MADE_TENANT, MADE_KNOWN if known else None)
    compiler = Compiler(Binds(), reach=reach, clock=kept.clock).within(window)
    binds = compiler.binds
    sql = cells_query(kept, compiler, window, paired, named, most)
    stand_ins: dict[Any, Given] = {MADE_TENANT: TENANT, MADE_KNOWN: KNOWN, MADE_FIRST: FIRST, MADE_END: END,
                                   window.start: STARTS, window.end: ENDS}
    return sql, tuple(each if isinstance(each, list | Given) or each not in stand_ins else stand_ins[each]
                      for each in binds.values)


def cells_query(kept: Kept, compiler: Compiler, window: Window, paired: bool, named: bool, most: int | None) -> str:
    """The query; ``paired`` where it is about some subjects, each on its own days, ``named`` where each is somebody."""
    binds = compiler.binds
    rows = rows_of(kept.one, columns_read(kept.one, kept.requests), [window], compiler)
    assert rows.moment is not None
    wanted = [conditions(compiler, each, {0: window}, rows.moment) for each in kept.requests]
    common = [text for text in wanted[0] if all(text in other for other in wanted[1:])]
    taken = [aggregates(compiler, request, [each for each in mine if each not in common])
             for request, mine in zip(kept.requests, wanted, strict=True)]
    subject, day = subject_of(kept, compiler), day_of(rows.moment, binds)
    where, join = [*rows.where, *common], ""
    if paired:
        ids = binds.once(SUBJECTS, "uuid[]", lambda: SUBJECTS)
        join = (f'join unnest({ids}, {binds.once(ON, "date[]", lambda: ON)}) as p("who", "on") '
                f'on p."who" = {subject} and p."on" = {day}')
        if named:
            where.append(f"{compiler.column(holder_columns(kept.one.credit.field)[0])} = any ({ids})")
    names = [[f'"a{place}_{part}"' for part in range(len(some))] for place, some in enumerate(taken)]
    listed = ", ".join(f"{text} as {name}" for some, own in zip(taken, names, strict=True)
                       for text, name in zip(some, own, strict=True))
    grouped = (f'select {day} as "on", {subject} as "who", {holding_of(kept, compiler)} as "held", {listed} '
               f"from {rows.source} {join} {'where ' + ' and '.join(where) if where else ''} group by 1, 2, 3")
    counts, sums, values = cell_arrays(places(kept.hows), names, most)
    return (f'select "on", "who", "held", {counts}, {sums}, {values} from ({grouped}) as g '
            f"where 0 < any ({counts})")


def subject_of(kept: Kept, compiler: Compiler) -> str:
    """Whom a record is credited to; nobody where it names none, or several."""
    nobody = compiler.binds.add(NOBODY, "uuid")
    if not kept.by_subject:
        return nobody
    return f"coalesce({compiler.column(holder_columns(kept.one.credit.field)[0])}, {nobody})"


def holding_of(kept: Kept, compiler: Compiler) -> str:
    """What else tells records of a day apart: the people and their parts, or what the credit is divided by."""
    credit = kept.one.credit
    if credit.field is not None and credit.field.kind is Kind.PEOPLE:
        ids, parts = map(compiler.column, holder_columns(credit.field))
        return f"coalesce({ids}::text || '|' || {parts}::text, '')"
    if credit.divisor is not None:
        return f"coalesce(({divisor(kept.one, compiler)})::text, '')"
    return "''::text"


def day_of(moment: Sql, binds: Binds) -> str:
    """The local day of a moment among the days that are looked at, as windows count days."""
    if moment.kind is Kind.DAY:
        return moment.text
    midnights = binds.once(DAYS, "timestamptz[]", lambda: DAYS)
    return f"({binds.add(MADE_FIRST, 'date')} + width_bucket({moment.text}, {midnights}) - 1)"


def cell_arrays(found: Sequence[Place], names: Sequence[Sequence[str]], most: int | None) -> tuple[str, str, str]:
    """Counts, sums and values from the aggregates."""
    counts, sums, values = [], [], []
    for place, own in zip(found, names, strict=True):
        match place.how:
            case "count":
                counts.append(own[0])
            case "sum":
                counts.append(own[0])
                sums.append(f"coalesce({own[1]}, 0)")
            case _:
                counts.append(f"coalesce(cardinality({own[0]}), 0)")
                values.append(f"coalesce({own[0]}, '{{}}')")
    lengths = " + ".join(counts[place.count] for place in found if place.how == "values")
    together = " || ".join(values) or "'{}'"
    if values and most is not None:
        together = f"case when {lengths} <= {most} then {together} end"
    return f"array[{', '.join(counts)}]::bigint[]", f"array[{', '.join(sums)}]::numeric[]", f"({together})::bigint[]"


def month_rows(kept: Kept, tenant_id: UUID, state_id: UUID, month: date, subjects: Sequence[UUID] | None) -> Statement:
    """Makes the rows of a month from those of its days, of all subjects or of some."""
    binds, found = Binds(), places(kept.hows)
    tenant, state = binds.add(tenant_id, "uuid"), binds.add(state_id, "uuid")
    inside = [f"d.tenant_id = {tenant}", f"d.state_id = {state}", f"d.day >= {binds.add(month, 'date')}",
              f"d.day < {binds.add(next_month(month), 'date')}"]
    if subjects is not None:
        inside.append(f"d.subject_id = any ({binds.add(list(subjects), 'uuid[]')})")
    where = " and ".join(inside)
    counts = ", ".join(f"sum(d.counts[{place.count + 1}])" for place in found)
    sums = ", ".join(f"sum(d.sums[{place.sum + 1}])" for place in found if place.sum >= 0)
    collected = [place for place in found if place.how == "values"]
    few = f"count(d.vals) = count(*) and coalesce({total(collected)}, 0) <= {MOST_VALUES}" if collected else "true"
    joined, values = "", []
    for number, place in enumerate(collected):
        low = " + ".join(["1", *(f"d.counts[{each + 1}]" for each in place.before)])
        high = " + ".join([*(f"d.counts[{each + 1}]" for each in place.before), f"d.counts[{place.count + 1}]"])
        # As text, since no aggregate of Postgres puts arrays of different lengths together.
        joined += f", string_agg(nullif(array_to_string(d.vals[{low}:{high}], ','), ''), ',') as v{number}"
        values.append(f"coalesce((select string_agg(v, ',' order by v::bigint) "
                      f"from string_to_table(c.v{number}, ',') as v), '')")
    vals = f"case when few then array[{', '.join(values)}] end" if values else "'{}'"
    base = (f"select d.subject_id, d.holding, array[{counts}]::bigint[] as counts, array[{sums}]::numeric[] as sums, "
            f"{few} as few{joined} from measure_state_day d where {where} group by 1, 2")
    sql = (f"insert into measure_state_month {WRITTEN.format(day='month')} "
           f"select {tenant}, {state}, {binds.add(month, 'date')}, subject_id, holding, counts, sums, "
           f"({vals})::text[] from ({base}) as c")
    return sql, binds.values


def total(collected: Sequence[Place]) -> str:
    """How many values there are of all measures that collect them."""
    return " + ".join(f"sum(d.counts[{place.count + 1}])" for place in collected)

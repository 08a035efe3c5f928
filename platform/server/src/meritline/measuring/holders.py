"""Who holds or held a record that changed. Decides which marks are of others whom the record only names.

A record marks everybody whom it names, on each local day that it names. It counts for whoever holds it: of the few days
that are marked, the records that he holds or held are found by the index that finds those of a month; without it, as
where records are credited to another than the type says, it is not asked. A record that changes says when, and what it
was before goes into the history with the same moment.
"""

from collections.abc import Iterable
from typing import Final

from meritline.measuring.requests import Pass, TallyRequest, passes
from meritline.records.columns import PREFIX, current_table, history_table, holder_index, quoted
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Field

DAY: Final = "((marks.month + bit)::timestamp at time zone 'UTC')"
SPAN: Final = (f"{DAY} - interval '16 hours'", f"{DAY} + interval '40 hours'")
"""No clock was ever sixteen hours before UTC, or behind it."""


def holds(requests: Iterable[TallyRequest], record: str, since: str) -> str | None:
    """SQL for whether the subject of a row of ``marks`` holds or held a record of the type that has changed ``since``
    (SQL for a moment) and that any of the requests looks at; None where that cannot be told of all of them."""
    found = [of_pass(one, since) for one in passes(requests) if one.record == record]
    parts = [each for each in found if each is not None]
    return f"({' or '.join(parts)})" if parts and len(parts) == len(found) else None


def of_pass(one: Pass, since: str) -> str | None:
    """The same of one pass; None of records that several hold or a team does, and of moments that are reckoned."""
    holder, at = one.credit.field, one.at
    if holder is None or holder.kind is not Kind.PERSON or not isinstance(at, Field):
        return None
    name = quoted(at.name)
    inside = (f"{name} >= {SPAN[0]} and {name} < {SPAN[1]}" if one.instants else f"{name} = marks.month + bit")
    mine = f"tenant_id = $1 and {quoted(holder.name)} = marks.subject_id and {inside}"
    index = holder_index(PREFIX + one.record, holder.name, at.name)
    return f"""to_regclass('{quoted(index)}') is null or exists (select from generate_series(0, 30) bit, lateral (
    select from {current_table(one.record)} where {mine} and recorded_at > {since} union all
    select from {history_table(one.record)} where {mine} and superseded_at > {since}) record
    where marks.days >> bit & 1 = 1)"""  # noqa: S608 - names of record types, quoted

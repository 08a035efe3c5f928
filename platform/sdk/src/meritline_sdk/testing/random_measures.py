"""Hypothesis strategies for measures: all of them, over two record types, with every credit and every moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from meritline_sdk.model.choices import If, earliest, first_present, titled
from meritline_sdk.model.expressions import Expr, Parameter, hours
from meritline_sdk.model.functions import Answer, Period, Plain, Row
from meritline_sdk.model.measures import (
    AS_THINGS_STAND,
    Change,
    Complete,
    Count,
    Distinct,
    EmployedDays,
    Largest,
    Mean,
    Percentile,
    PeriodDays,
    Pooled,
    PythonMeasure,
    Ratio,
    Smallest,
    Sum,
    Total,
    Weighted,
    company_only,
    credit_choice,
    divided,
    each,
)  # fmt: skip
from meritline_sdk.model.related import greatest_of, least_of
from meritline_sdk.model.text import Text
from meritline_sdk.model.times import at_clock, local_day
from meritline_sdk.testing.random_expressions import (
    LIMIT,
    MATE,
    PROBE,
    WAIT,
    Leaves,
    conditions,
    dates,
    durations,
    moments,
    numbers,
    p,
    plain,
    q,
    whole,
)  # fmt: skip

WHOSE = Parameter("whose", "agent", options=("agent", "crew", "queue"))
BY_WHOM = Parameter("by_whom", "helper", options=("agent", "helper"))


@dataclass(frozen=True, eq=False)
class Measured:
    """A record type with what its records may be credited to and counted at."""

    record: Any
    leaves: Leaves
    whole_credits: tuple[Any, ...]
    shared_credits: tuple[Any, ...]
    moments: tuple[Any, ...]


PROBES = Measured(
    p, PROBE,
    (None, p.agent, p.helper, p.queue, each(p.crew), company_only(),
     credit_choice(BY_WHOM, {"agent": p.agent, "helper": p.helper})),
    (p.crew, divided(p.agent, by=LIMIT), divided(p.agent, by=p.n),
     credit_choice(WHOSE, {"agent": p.agent, "crew": p.crew, "queue": p.queue})),
    (None, None, p.opened, p.closed, p.day, AS_THINGS_STAND, first_present(p.closed, p.opened),
     earliest(p.closed, p.opened + WAIT), titled(p.closed - WAIT, "Before", "之前"),
     If(p.yes, p.day, p.other), local_day(p.opened), at_clock(p.day, hours(23)),
     greatest_of(q, lambda v: v.at, lambda v: v.ref == p.word)),
)  # fmt: skip
MATES = Measured(
    q, MATE, (None, q.who, q.place, company_only()), (divided(q.who, by=q.k),),
    (None, None, q.at, q.on, AS_THINGS_STAND, least_of(p, lambda v: v.opened, lambda v: v.agent == q.who)),
)  # fmt: skip

COUNTED, SUMMED = (Count, Sum), (Mean, Percentile, Largest, Smallest)


@st.composite
def simple(draw: st.DrawFn, makers: Sequence[Any], of: Measured, timed: bool | None = None) -> Any:
    """A measure of one tally; ``timed``: whether it adds up times."""
    make, leaves = draw(st.sampled_from(makers)), of.leaves
    where = draw(conditions(leaves, 2)) if draw(st.integers(0, 2)) else None
    at = draw(st.sampled_from(of.moments)) if draw(st.integers(0, 5)) else draw(
        st.one_of(moments(leaves, 2), dates(leaves, 1)))
    credit = draw(st.sampled_from([*of.whole_credits, *(of.shared_credits if make in COUNTED else ())]))
    if make is Count:
        return Count(of.record, where, credit=credit, at=at)
    if make is Distinct:
        return Distinct(of.record, draw(st.lists(keys(leaves), min_size=1, max_size=3)), where, credit=credit, at=at)
    in_time = draw(st.booleans()) if timed is None else timed
    value = draw(durations(leaves, 2) if in_time else numbers(leaves, 2))
    asked = {"where": where, "credit": credit, "at": at, "record": of.record}
    if make is Percentile:
        return Percentile(value, draw(st.integers(1, 100)), **asked)
    if make in (Largest, Smallest):
        return make(value, **asked, nothing=draw(st.sampled_from([None, 0])))
    over = None if in_time or draw(st.integers(0, 2)) else draw(numbers(leaves, 1))
    return make(value, **asked, over=over)


@st.composite
def keys(draw: st.DrawFn, leaves: Leaves) -> Expr:
    """What makes two records the same thing."""
    found: Expr = draw(st.one_of(
        plain(leaves, 1, "texts"), plain(leaves, 1, "flags"), plain(leaves, 0, "people"), plain(leaves, 0, "teams"),
        st.sampled_from(leaves.numbers), whole(leaves, 1), numbers(leaves, 1), dates(leaves, 1), moments(leaves, 1),
        durations(leaves, 0), st.sampled_from(leaves.numbers),
    ))  # fmt: skip
    return found


@st.composite
def sides(draw: st.DrawFn) -> Any:
    """One side of a ratio."""
    match draw(st.integers(0, 4)):
        case 0:
            return draw(totals())
        case 1:
            return draw(st.sampled_from([EmployedDays(), PeriodDays()]))
        case _:
            return draw(simple((Count, Sum, Distinct), draw(st.sampled_from([PROBES, PROBES, MATES]))))


@st.composite
def totals(draw: st.DrawFn) -> Total:
    """Counts or sums of both types."""
    timed = draw(st.booleans())
    makers = (Sum,) if timed else (Count, Sum, Distinct)
    return Total(draw(simple(makers, PROBES, timed)), draw(simple(makers, MATES, timed)))


@st.composite
def pooled(draw: st.DrawFn) -> Pooled:
    """One mean over both types."""
    timed = draw(st.booleans())
    return Pooled(draw(simple((Mean,), PROBES, timed)), draw(simple((Mean,), MATES, timed)))


@st.composite
def measures(draw: st.DrawFn) -> Any:
    """Any measure of the SDK."""
    of = draw(st.sampled_from([PROBES, PROBES, PROBES, MATES]))
    match draw(st.integers(0, 8)):
        case 0:
            return draw(totals())
        case 1:
            found: Any = draw(pooled())
        case 2:
            found = Ratio(draw(sides()), draw(sides()))
        case 3:
            one, other = draw(simple((Mean, Count), of)), draw(simple((Mean, Sum), of))
            return Weighted((one, 2), (other, LIMIT))
        case 4:
            part, total = draw(simple((Count,), of)), draw(simple((Count,), of))
            return Complete((part, total), (EmployedDays(), PeriodDays()))
        case _:
            found = draw(simple((Count, Sum, Distinct, Distinct, *SUMMED), of))
    return draw(st.sampled_from([found, found, Change(found), Change(found, relative=True)]))


def how_many(rows: Sequence[Row], settings: Mapping[str, Plain], period: Period) -> Answer:
    """A function that only counts: what it is given is what is looked at."""
    from meritline_sdk.model.units import SECONDS

    return Answer(len(rows), SECONDS)


@st.composite
def python_measures(draw: st.DrawFn) -> PythonMeasure:
    """A function of rows that show anything but people."""
    of = draw(st.sampled_from([PROBES, PROBES, MATES]))
    shown = draw(st.lists(showable(of.leaves), min_size=1, max_size=4))
    return PythonMeasure(
        how_many, of.record, rows={f"value_{place}": one for place, one in enumerate(shown)}, says=Text("Any", "任意"),
        where=draw(conditions(of.leaves, 2)) if draw(st.integers(0, 1)) else None,
        at=draw(st.sampled_from(of.moments)), credit=draw(st.sampled_from(of.whole_credits)),
        settings=draw(st.sampled_from([(), (LIMIT,)])),
    )  # fmt: skip


@st.composite
def showable(draw: st.DrawFn, leaves: Leaves) -> Expr:
    """What a row may show: every kind but people, plain and computed."""
    found: Expr = draw(st.one_of(
        plain(leaves, 1, "texts"), plain(leaves, 1, "flags"), conditions(leaves, 1), whole(leaves, 2),
        numbers(leaves, 2), dates(leaves, 1), moments(leaves, 2), durations(leaves, 2),
    ))  # fmt: skip
    return found

"""Hypothesis strategies for expressions: every node there is, of every kind, a few levels deep.

Decides what may stand where: looks at other records never stand inside one another, and instants are moved by so
little that they stay within the calendar.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from meritline_sdk.model.choices import If, earliest, first_present, latest, titled
from meritline_sdk.model.expressions import Expr, Parameter, Quotient, as_expr, days, hours, minutes, seconds
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Field, Other, OtherFirst, ParameterRef
from meritline_sdk.model.related import only_first, only_last, related
from meritline_sdk.model.times import (
    BUSINESS,
    CALENDAR,
    FIRST_DAY,
    LAST_DAY,
    PERIOD_END,
    PERIOD_START,
    at_clock,
    business_time,
    cutoff,
    elapsed,
    in_period,
    local_day,
    working_days,
)  # fmt: skip
from meritline_sdk.testing.random_records import WORDS, Mate, Probe, decimals, instants, ints, some_days

type Expressions = st.SearchStrategy[Expr]
type Operators = Sequence[Callable[[Any, Any], Any]]

LIMIT, RATE, WAIT = Parameter("limit", 2), Parameter("rate", Decimal("0.25")), Parameter("wait", timedelta(hours=24))
SINCE = Parameter("since", datetime(2026, 3, 29, 1, tzinfo=UTC))
FROM_DAY, SHOWN = Parameter("from_day", date(2026, 3, 2)), Parameter("shown", hours(9))
NAMED, ON = Parameter("named", "a", options=WORDS), Parameter("on", True)
BLANKS = {kind: Parameter(f"blank_{kind}", blank=kind) for kind in (
    Kind.INT, Kind.NUMBER, Kind.DURATION, Kind.INSTANT, Kind.DAY, Kind.CODE, Kind.FLAG)}  # fmt: skip

microseconds = st.integers(-10**12, 10**12)
bound = st.fixed_dictionaries({}, optional={
    "limit": st.integers(-3, 3), "rate": decimals(3), "wait": microseconds, "since": instants, "from_day": some_days,
    "named": st.sampled_from(WORDS), "on": st.booleans(), "clock": st.sampled_from([CALENDAR, BUSINESS]),
    "shown": st.integers(0, 24).map(lambda hour: hour * 3_600_000_000), "blank_int": ints, "blank_number": decimals(3),
    "blank_duration": microseconds, "blank_instant": instants, "blank_day": some_days,
    "blank_code": st.sampled_from(WORDS), "blank_flag": st.booleans(),
    "whose": st.sampled_from(["agent", "crew", "queue"]), "by_whom": st.sampled_from(["agent", "helper"]),
})  # fmt: skip
"""What a tenant may set: parameters with defaults, blanks, choices."""


@dataclass(frozen=True, eq=False)
class Leaves:
    """What an expression may begin with; ``looks`` are the record types it may look at, ``inside`` whether it stands
    in such a look."""

    whole: tuple[Expr, ...] = ()
    numbers: tuple[Expr, ...] = ()
    moments: tuple[Expr, ...] = ()
    days: tuple[Expr, ...] = ()
    texts: tuple[Expr, ...] = ()
    people: tuple[Expr, ...] = ()
    teams: tuple[Expr, ...] = ()
    flags: tuple[Expr, ...] = ()
    crews: tuple[Expr, ...] = ()
    looks: tuple[Any, ...] = ()
    inside: bool = False

    def beside(self, others: "Leaves") -> "Leaves":
        """Both together, for an expression inside a look."""
        both: Any = {each.name: (*getattr(self, each.name), *getattr(others, each.name)) for each in fields(self)
                     if each.name not in ("looks", "inside")}
        return Leaves(**both, inside=True)

    def as_others(self) -> "Leaves":
        """The same fields of the other record."""
        moved: Any = {each.name: tuple(map(of_other, getattr(self, each.name))) for each in fields(self)
                      if each.name not in ("looks", "inside", "crews")}
        return Leaves(**moved)


def of_other(expression: Expr) -> Expr:
    """The field of the other record."""
    assert isinstance(expression.node, Field)
    return Expr(Other(expression.node))


def source_of(record: Any) -> Expr:
    """Where the record comes from."""
    return Expr(Field(record.declaration.key, "source", Kind.CODE))


p: Any = Probe
q: Any = Mate
PLAIN_PROBE = Leaves((p.n, p.m), (p.x, p.y), (p.opened, p.closed), (p.day, p.other),
                     (p.word, p.word, p.word, p.mode, p.external_id, source_of(p)), (p.agent, p.helper), (p.queue,),
                     (p.yes,), (p.crew,))
PLAIN_MATE = Leaves((q.k,), (q.z,), (q.at,), (q.on,), (q.ref, q.ref, q.ref, q.external_id, source_of(q)), (q.who,),
                    (q.place,), (q.fine,))
PROBE, MATE = (replace(plain, looks=(Probe, Mate)) for plain in (PLAIN_PROBE, PLAIN_MATE))
PLAIN = {"meaning_probe": PLAIN_PROBE, "meaning_mate": PLAIN_MATE}
THEIRS = {key: plain.as_others() for key, plain in PLAIN.items()}

EQUALITY: Operators = (lambda a, b: a == b, lambda a, b: a != b)
ORDER: Operators = (*EQUALITY, lambda a, b: a < b, lambda a, b: a <= b, lambda a, b: a > b, lambda a, b: a >= b)
SUMS: Operators = (lambda a, b: a + b, lambda a, b: a - b)
CALCULATIONS: Operators = (*SUMS, lambda a, b: a * b)
DIFFERENCE, LOGIC = SUMS[1:], (lambda a, b: a & b, lambda a, b: a | b)


def binary(draw: st.DrawFn, how: Operators, left: Expressions, right: Expressions) -> Expr:
    """An operator of the table between two things."""
    found: Expr = draw(st.sampled_from(how))(draw(left), draw(right))
    return found


def constant(draw: st.DrawFn, given: st.SearchStrategy[Any]) -> Expr:
    """A value as an expression."""
    return as_expr(draw(given))


def chosen(draw: st.DrawFn, leaves: Leaves, depth: int, values: Expressions, *, ordered: bool = True) -> Expr:
    """One of several values: by a condition, the first present, the least or the greatest."""
    several = st.lists(values, min_size=2, max_size=3)
    match draw(st.integers(0, 4 if ordered else 2)):
        case 0:
            return If(draw(conditions(leaves, depth)), draw(values), draw(values))
        case 1:
            return If(draw(conditions(leaves, depth)), draw(values))
        case 2:
            return first_present(*draw(several))
        case 3:
            return earliest(*draw(several))
        case _:
            return latest(*draw(several))


@cache
@st.composite
def whole(draw: st.DrawFn, leaves: Leaves, depth: int) -> Expr:
    """Whole numbers."""
    match draw(st.integers(0, (5 if leaves.looks else 4) if depth else 2)):
        case 0:
            return draw(st.sampled_from([*leaves.whole, LIMIT, BLANKS[Kind.INT]]))
        case 1:
            return constant(draw, ints)
        case 2:
            first, last = draw(dates(leaves, 0)), draw(dates(leaves, 0))
            return draw(st.sampled_from([working_days(first, last), working_days(first, last), last - first]))
        case 3:
            return binary(draw, CALCULATIONS, whole(leaves, depth - 1), whole(leaves, depth - 1))
        case 4:
            return chosen(draw, leaves, depth - 1, whole(leaves, depth - 1))
        case _:
            return draw(looks(leaves, ("count", "sum", "least", "greatest"), whole))


@cache
@st.composite
def numbers(draw: st.DrawFn, leaves: Leaves, depth: int) -> Expr:
    """Numbers of both kinds."""
    match draw(st.integers(0, (7 if leaves.looks else 6) if depth else 2)):
        case 0:
            return draw(st.sampled_from([*leaves.numbers, RATE, BLANKS[Kind.NUMBER]]))
        case 1:
            return constant(draw, decimals(12))
        case 2 | 3:
            return draw(whole(leaves, depth))
        case 4:
            return Quotient(draw(numbers(leaves, depth - 1)), draw(numbers(leaves, depth - 1)),
                            places=draw(st.integers(0, 12)))
        case 5:
            return binary(draw, CALCULATIONS, numbers(leaves, depth - 1), numbers(leaves, depth - 1))
        case 6:
            return chosen(draw, leaves, depth - 1, numbers(leaves, depth - 1))
        case _:
            return draw(looks(leaves, ("sum", "least", "greatest"), numbers))


@cache
@st.composite
def short(draw: st.DrawFn, leaves: Leaves) -> Expr:
    """A duration that keeps an instant within the calendar."""
    if draw(st.booleans()):
        return constant(draw, st.timedeltas(timedelta(days=-400), timedelta(days=400)))
    first, last = draw(st.sampled_from(leaves.moments)), draw(st.sampled_from(leaves.moments))
    return draw(st.sampled_from([last - first, WAIT, BLANKS[Kind.DURATION], seconds(1), hours(24), days(31)]))


@cache
@st.composite
def durations(draw: st.DrawFn, leaves: Leaves, depth: int) -> Expr:
    """Times."""
    match draw(st.integers(0, (8 if leaves.looks else 7) if depth else 1)):
        case 0:
            return draw(short(leaves))
        case 1:
            first, last = draw(moments(leaves, 0)), draw(moments(leaves, 0))
            return draw(st.sampled_from([business_time(first, last), elapsed(first, last)]))
        case 2:
            return binary(draw, SUMS, durations(leaves, depth - 1), durations(leaves, depth - 1))
        case 3:
            one, other = draw(st.permutations([durations(leaves, depth - 1), whole(leaves, 0)]))
            return binary(draw, CALCULATIONS[2:], one, other)
        case 4:
            return binary(draw, DIFFERENCE, moments(leaves, depth - 1), moments(leaves, depth - 1))
        case 5:
            return business_time(draw(moments(leaves, depth - 1)), draw(moments(leaves, depth - 1)))
        case 6 | 7:
            return chosen(draw, leaves, depth - 1, durations(leaves, depth - 1))
        case _:
            return draw(looks(leaves, ("least", "greatest"), durations))


@cache
@st.composite
def moments(draw: st.DrawFn, leaves: Leaves, depth: int) -> Expr:
    """Instants."""
    match draw(st.integers(0, (6 if leaves.looks else 5) if depth else 2)):
        case 0:
            return draw(st.sampled_from([*leaves.moments, SINCE, BLANKS[Kind.INSTANT], PERIOD_START, PERIOD_END]))
        case 1:
            return constant(draw, instants)
        case 2:
            shown = draw(st.sampled_from([hours(0), hours(2) + minutes(30), SHOWN, hours(23) + minutes(59)]))
            return at_clock(draw(dates(leaves, 0)), shown)
        case 3:
            return binary(draw, SUMS, moments(leaves, 0), short(leaves))
        case 4:
            late = draw(short(leaves))
            return draw(st.sampled_from([cutoff(late), late + draw(moments(leaves, 0))]))
        case 5:
            return chosen(draw, leaves, depth - 1, moments(leaves, depth - 1))
        case _:
            return draw(looks(leaves, ("least", "greatest"), moments))


@cache
@st.composite
def dates(draw: st.DrawFn, leaves: Leaves, depth: int) -> Expr:
    """Days."""
    match draw(st.integers(0, (4 if leaves.looks else 3) if depth else 2)):
        case 0:
            return draw(st.sampled_from([*leaves.days, FROM_DAY, BLANKS[Kind.DAY], FIRST_DAY, LAST_DAY]))
        case 1:
            return constant(draw, some_days)
        case 2:
            moment = draw(moments(leaves, 1)) if depth else draw(st.sampled_from(leaves.moments))
            return local_day(moment)
        case 3:
            return chosen(draw, leaves, depth - 1, dates(leaves, depth - 1))
        case _:
            return draw(looks(leaves, ("least", "greatest"), dates))


@cache
@st.composite
def plain(draw: st.DrawFn, leaves: Leaves, depth: int, name: str) -> Expr:
    """Texts, people, teams or flags: what has equality only."""
    found = {"texts": [NAMED, BLANKS[Kind.CODE], as_expr(draw(st.sampled_from(WORDS)))],
             "flags": [ON, BLANKS[Kind.FLAG], as_expr(draw(st.booleans()))]}.get(name, [])
    among: Expressions = st.sampled_from([*getattr(leaves, name), *found])
    if not depth or draw(st.integers(0, 2)):
        return draw(among)
    return chosen(draw, leaves, depth - 1, plain(leaves, depth - 1, name), ordered=False)


@cache
@st.composite
def memberships_of(draw: st.DrawFn, leaves: Leaves, depth: int) -> Expr:
    """A value that is one of several."""
    pairs: list[tuple[Expressions, st.SearchStrategy[Any]]] = [
        (plain(leaves, depth, "texts"), st.sampled_from(WORDS)), (whole(leaves, depth), ints),
        (moments(leaves, 1), instants), (dates(leaves, depth), some_days),
        (numbers(leaves, depth), decimals(2) | ints),
    ]  # fmt: skip
    item, among = draw(st.sampled_from(pairs))
    found: Expr = draw(item)
    return found.one_of(*draw(st.lists(among, min_size=1, max_size=4)))


@cache
@st.composite
def comparisons(draw: st.DrawFn, leaves: Leaves, depth: int) -> Expr:
    """Two values of one kind."""
    name = draw(st.sampled_from([*ORDERED_KINDS, "texts", "people", "teams", "flags"]))
    if name not in ORDERED_KINDS:
        return binary(draw, EQUALITY, plain(leaves, depth, name), plain(leaves, depth, name))
    return binary(draw, ORDER, ORDERED_KINDS[name](leaves, depth), ORDERED_KINDS[name](leaves, depth))


ORDERED_KINDS: dict[str, Callable[[Leaves, int], Expressions]] = {
    "numbers": numbers, "durations": durations, "moments": moments, "dates": dates}  # fmt: skip


@cache
@st.composite
def conditions(draw: st.DrawFn, leaves: Leaves, depth: int) -> Expr:
    """Whatever is true, false or unknown."""
    below = max(depth - 1, 0)
    match draw(st.integers(0, (11 if leaves.looks else 9) if depth else 6)):
        case 0 | 1 | 2:
            return draw(comparisons(leaves, below))
        case 3:
            return draw(memberships_of(leaves, below))
        case 4:
            found = draw(anything(leaves, below))
            return draw(st.sampled_from([found.missing(), found.present()]))
        case 5:
            return Expr(OtherFirst()) if leaves.inside else draw(plain(leaves, below, "flags"))
        case 6:
            return in_period(draw(st.one_of(moments(leaves, below), dates(leaves, below))))
        case 7:
            return ~draw(conditions(leaves, below))
        case 8:
            return binary(draw, LOGIC, conditions(leaves, below), conditions(leaves, below))
        case 9:
            return titled(chosen(draw, leaves, below, plain(leaves, below, "flags"), ordered=False), "It", "它")
        case 10:
            return draw(looks(leaves, ("exists",), None))
        case _:
            return draw(alone(leaves))


def anything(leaves: Leaves, depth: int) -> Expressions:
    """What may be missing."""
    held = st.sampled_from([*leaves.crews, *leaves.people, *leaves.teams, *leaves.flags])
    return st.one_of(held, numbers(leaves, depth), durations(leaves, depth), moments(leaves, depth),
                     plain(leaves, depth, "texts"), dates(leaves, depth), plain(leaves, depth, "flags"))


# Looks at other records -----------------------------------------------------------------------------------------------

@cache
@st.composite
def ties(draw: st.DrawFn, leaves: Leaves, theirs: Leaves) -> Expr:
    """A field of the one that equals a field of the other; texts and people most of all, since those meet."""
    name = draw(st.sampled_from(("texts", "people", "texts", "people", "texts", "people", "teams", "flags", "whole",
                                 "numbers", "days", "moments")))
    mine, other = draw(st.sampled_from(getattr(leaves, name))), draw(st.sampled_from(getattr(theirs, name)))
    found: Expr = other == mine if draw(st.booleans()) else mine == other
    return found


first_or_not = st.sampled_from([Expr(OtherFirst()), ~Expr(OtherFirst())])


@cache
@st.composite
def looks(draw: st.DrawFn, leaves: Leaves, hows: tuple[str, ...], values: Any) -> Expr:
    """A look at the records of either type."""
    record, how = draw(st.sampled_from(leaves.looks)), draw(st.sampled_from(hows))
    theirs = THEIRS[record.declaration.key]
    inner = beside(leaves, theirs)
    where = draw(ties(leaves, theirs))
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2]))):
        more = draw(st.one_of(ties(leaves, theirs), conditions(inner, 1), conditions(inner, 0), first_or_not))
        where = draw(st.sampled_from([where & more, more & where]))
    sought = None if how in ("exists", "count") else draw(values(inner, draw(st.integers(0, 1))))
    return Expr(related(how, record, lambda _: where, None if sought is None else lambda _: sought))


@cache
def beside(leaves: Leaves, theirs: Leaves) -> Leaves:
    """Both, always the same object, so that its strategies are made once."""
    return leaves.beside(theirs)


@cache
@st.composite
def alone(draw: st.DrawFn, leaves: Leaves) -> Expr:
    """The one record of each key that counts."""
    record = Probe if leaves.crews else Mate
    own = PLAIN[record.declaration.key]
    keys = draw(st.lists(st.sampled_from([*own.texts[:1], *own.people, *own.teams, *own.whole[:1]]), min_size=1,
                         max_size=2))
    order = draw(st.one_of(st.sampled_from([*own.moments, *own.days, *own.whole]), numbers(own, 1), moments(own, 1)))
    where = draw(conditions(own, 1))
    only: Callable[..., Expr] = draw(st.sampled_from([only_first, only_last]))
    return only(record, by=keys, order=order, where=where)


def expressions(leaves: Leaves, depth: int) -> Expressions:
    """Any expression whose value SQL can hand back."""
    return st.one_of(conditions(leaves, depth), numbers(leaves, depth), durations(leaves, depth),
                     moments(leaves, depth), dates(leaves, depth), whole(leaves, depth),
                     plain(leaves, depth, "texts"))


def parameter_of(expression: Expr) -> ParameterRef:
    """The node of a parameter."""
    assert isinstance(expression.node, ParameterRef)
    return expression.node

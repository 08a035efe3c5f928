"""What was tallied of many, in columns: the mapping it is, and the keys and texts made of it, are those of one by one.

The expected is made with ``Tallied``, as who reads the records by themselves has it.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from meritline.appraisal.run.parallel.work import heard
from meritline.appraisal.run.parallel.work import told_of_all as told_of_all_there
from meritline.appraisal.run.prepared.keys import keyed, told_by_key, told_of_all
from meritline.appraisal.run.tallied import told_of
from meritline.measuring import each
from meritline.measuring.columns import Columns, Places, joined
from meritline.measuring.written import Written
from meritline_sdk import (
    COUNT,
    HIGHER,
    PERCENT,
    SECONDS,
    Attribution,
    Count,
    Indicator,
    Instant,
    Largest,
    Number,
    Percentile,
    Person,
    Ratio,
    RecordType,
    Smallest,
    Sum,
    Text,
    Total,
)  # fmt: skip
from meritline_sdk.evaluate.tallies import Tallied
from meritline_sdk.model.indicators import indicator_tallies
from meritline_sdk.model.schemes import SubjectKind

T = Text("Title", "标题")


class Call(RecordType, key="columns_call", title=T):
    person = Person(optional=True)
    opened_at = Instant()
    closed_at = Instant(optional=True)
    cost = Number(optional=True)
    defaults = Attribution(credit=person, at=closed_at)


c: Any = Call
TOOK, DEAR = c.closed_at - c.opened_at, c.cost > 5
EVERY = (
    Indicator("count", T, Count(c), COUNT, HIGHER),
    Indicator("cost", T, Sum(c.cost), COUNT, HIGHER),
    Indicator("dear", T, Ratio(Count(c, where=DEAR), Count(c)), PERCENT, HIGHER),
    Indicator("each", T, Ratio(Sum(c.cost), Count(c)), COUNT, HIGHER),
    Indicator("p90", T, Percentile(TOOK, 90), SECONDS, HIGHER),
    Indicator("p50", T, Percentile(TOOK, 50), SECONDS, HIGHER),
    Indicator("most", T, Largest(TOOK), SECONDS, HIGHER),
    Indicator("least", T, Smallest(TOOK), SECONDS, HIGHER),
    Indicator("total", T, Total(Count(c), Count(c, where=DEAR), Count(c, where=c.cost > 9)), COUNT, HIGHER),
)  # fmt: skip
PEOPLE = [(SubjectKind.EMPLOYEE, UUID(int=number)) for number in range(6)]
OTHERS = [(SubjectKind.EMPLOYEE, UUID(int=99)), (SubjectKind.DEPARTMENT, UUID(int=1)), None]
WHOLE = st.sampled_from([0, 1, 2, 60_000_000, 10**25]) | st.integers(-9, 300)
RECORDS = st.sampled_from([0, 0, 1, 2, 7, 70_000])


@st.composite
def columns(draw: st.DrawFn, how: str, places: Places) -> tuple[Mapping[Any, Tallied], dict[Any, Tallied]]:
    """What a tally may find of the people, in columns as they come from the database, and the same one by one."""
    records = [draw(RECORDS) for _ in places.keys]
    if how == "count":
        return each.counts(places, records), {who: Tallied(Fraction(count), count)
                                              for who, count in zip(places.keys, records, strict=True) if count}
    if how == "sum":
        factor = draw(st.sampled_from([1, 1, 1, Decimal("0.5")]))
        sums = [draw(WHOLE) * factor for _ in places.keys]
        given_as = draw(st.sampled_from([str, Decimal]))
        told = [given_as(amount) if count or draw(st.booleans()) else None
                for amount, count in zip(sums, records, strict=True)]
        return each.sums(places, records, told), {
            who: Tallied(Fraction(amount), count)
            for who, count, amount in zip(places.keys, records, sums, strict=True) if count}
    values = [sorted(draw(st.lists(WHOLE, max_size=7))) for _ in places.keys]
    texts = [",".join(map(str, some)) if some or draw(st.booleans()) else None for some in values]
    return each.spelt(places, list(map(len, values)), texts), {  # type: ignore[arg-type]
        who: Tallied(records=len(some), values=Written(",".join(map(str, some)), len(some)))  # type: ignore[arg-type]
        for who, some in zip(places.keys, values, strict=True) if some}


@st.composite
def one_of(draw: st.DrawFn, how: str) -> Tallied:
    """What somebody has of whom several rows are put together."""
    count = draw(st.integers(1, 5))
    if how == "values":
        halves = draw(st.sampled_from([1, 1, 2]))
        return Tallied(records=count, values=tuple(sorted(Fraction(draw(WHOLE), halves) for _ in range(count))))
    return Tallied(Fraction(count if how == "count" and draw(st.booleans()) else draw(WHOLE),
                            draw(st.sampled_from([1, 1, 2]))), count)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_columns_say_what_each_one_says(data: st.DataObject) -> None:
    indicator = data.draw(st.sampled_from(EVERY))
    some = [who for who in PEOPLE if data.draw(st.booleans())]
    places = Places(some)
    quick, slow = [], []
    for tally in indicator_tallies(indicator):
        where = places if data.draw(st.booleans()) else Places(list(reversed(some)))
        quickly, slowly = data.draw(columns(tally.how, where))
        assert quickly == slowly
        assert slowly == quickly
        assert [*quickly] == [*slowly]
        assert len(quickly) == len(slowly)
        quick.append((tally, quickly))
        slow.append((tally, slowly))
    more = {PEOPLE[0]: [data.draw(st.booleans()) for _ in quick]} if PEOPLE[0] not in some else {}
    if data.draw(st.booleans()):  # somebody is read by the day
        others = [{who: data.draw(one_of(tally.how)) for who, has in more.items() if has[place]}
                  for place, (tally, _) in enumerate(quick)]
        found = joined({place: one for place, (_, one) in enumerate(quick)}, dict(enumerate(others)))
        quick = [(tally, found[place]) for place, (tally, _) in enumerate(quick)]
        slow = [(tally, {**one, **others[place]}) for place, (tally, one) in enumerate(slow)]
        assert [one for _, one in quick] == [one for _, one in slow]
    held = [who for who in data.draw(st.permutations([*PEOPLE, *OTHERS])) if data.draw(st.booleans())]
    for who in held:
        assert all((who in quickly) == (who in slowly) for (_, quickly), (_, slowly) in zip(quick, slow, strict=True))
    for (_, quickly), (_, slowly) in zip(quick, slow, strict=True):  # as it travels to other processes
        there = [one if one is None else heard(one) for one in told_of_all_there(quickly, held)]  # type: ignore[arg-type]
        assert there == [slowly.get(who) for who in held]
    expected = [told_of("key", slow, who) for who in held]
    for each_held in (held, held[:1], held[:0], held):
        keys = list(keyed(indicator, quick)(each_held))
        assert keys == list(keyed(indicator, slow)(each_held))
        assert told_of_all("key", quick, each_held) == expected[:len(each_held)]
        tell = told_by_key("key", quick)
        if tell is not None:
            assert list(map(tell, keys)) == expected[:len(each_held)]


def test_a_percentile_is_the_least_value_with_so_many_at_or_below_it() -> None:
    for percent in range(1, 101):
        indicator = Indicator("p", T, Percentile(TOOK, percent), SECONDS, HIGHER)
        (tally,) = indicator_tallies(indicator)
        lengths, places = range(1, 41), Places([(SubjectKind.EMPLOYEE, UUID(int=length)) for length in range(1, 41)])
        texts = [",".join(map(str, range(1, length + 1))) for length in lengths]
        spelt = each.spelt(places, lengths, texts)
        least = [next(value for value in range(1, length + 1) if 100 * value >= percent * length)
                 for length in lengths]  # fmt: skip
        for found in (spelt, dict(spelt)):
            keys = keyed(indicator, [(tally, found)])(places.keys)
            assert [key[0] for key in keys] == least


def test_nearly_everything_comes_in_columns() -> None:
    places = Places(PEOPLE)
    found = (each.counts(places, [1] * 6), each.sums(places, [0] * 6, [None] * 6),
             each.sums(places, [1] * 6, ["-3"] * 6), each.spelt(places, [1] * 6, ["5"] * 6))
    assert [type(one) for one in found] == [Columns] * 4
    assert isinstance(each.sums(places, [1] * 6, ["0.5", *["1"] * 5]), dict)


def test_columns_become_what_was_found_later() -> None:
    one, other = (SubjectKind.EMPLOYEE, UUID(int=1)), (SubjectKind.EMPLOYEE, UUID(int=2))
    counted, summed = Columns(Places([one]), [3]), Columns(Places([one, other]), [2, 1], [20, 5])
    spelt = Columns(Places([one]), [2], texts=["1,2"])
    assert counted.renew(summed)
    assert dict(counted) == dict(summed)
    assert not counted.renew(spelt)
    assert not counted.renew({one: Tallied(Fraction(1, 2), 1)})
    assert dict(counted) == dict(summed)
    for kept in (counted, spelt):
        assert kept.renew({})
        assert (dict(kept), kept.get(one), one in kept) == ({}, None, False)
    assert spelt.renew(Columns(Places([other]), [1], texts=["7"]))
    assert spelt[other].values == (7,)

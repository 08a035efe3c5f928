"""What tells the readings of an indicator apart, and how what was tallied of it is told of many people at once.

Decides nothing: ``run.tallied`` says how a tally is told. Where what was tallied stands in columns, keys and texts are
made of whole columns; else person by person.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import Any, Final

from meritline.appraisal.run.prepared.pairs import spelt
from meritline.appraisal.run.readings import SubjectId
from meritline.appraisal.run.tallied import told_of
from meritline.measuring.columns import Columns
from meritline.measuring.written import number_at
from meritline_sdk.evaluate.tallies import NOTHING, Tallied
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.measures import Largest, Percentile, Smallest, Tally

type Key = tuple[Any, ...]
"""What was tallied, as far as a reading looks at it."""
type Found = Sequence[tuple[Tally, Mapping[SubjectId, Tallied]]]
"""The tallies of an indicator, with what each found of whom."""
type Keys = Callable[[Sequence[Any]], Sequence[Key]]
"""The keys of the readings of many, by whom their records are tallied under."""
type Ranked = Percentile | Largest | Smallest

VALUES: Final = "values"


def keyed(indicator: Indicator, found: Found) -> Keys:
    """What tells the readings of an indicator apart."""
    columns = columns_of(found)
    if isinstance(indicator.measure, Percentile | Largest | Smallest) and len(found) == 1:
        return ranked_columns(indicator.measure, columns[0]) if columns and columns[0].texts is not None \
            else ranked(indicator.measure, found[0][1].get)
    if columns and all(each.texts is None for each in columns):
        return keys_of(columns)
    gets = [(subjects.get, tally.how == VALUES) for tally, subjects in found]
    if any(many for _, many in gets) or len(gets) > 2 or not gets:
        return lambda held: [tuple([part for get, many in gets for part in parts_of(get(one, NOTHING), many)])
                             for one in held]
    if len(gets) == 1:
        return single(gets[0][0])
    return double(gets[0][0], gets[1][0])


def columns_of(found: Found) -> list[Columns]:
    """The columns, where everything stands in columns; else none."""
    columns = [subjects for _, subjects in found if isinstance(subjects, Columns)]
    return columns if len(columns) == len(found) else []


def keys_of(columns: Sequence[Columns]) -> Keys:
    """The keys of tallies in columns, which hold whole numbers."""
    def keys(held: Sequence[Any]) -> list[Key]:
        parts: list[Any] = []
        for each in columns:
            take = each.places.taking(held)
            records = take(each.records)
            parts += records if each.amounts is each.records else take(each.amounts), repeat(1), records
        return list(zip(*parts, strict=False))  # the ones never end

    return keys


def ranked_columns(measure: Ranked, column: Columns) -> Keys:
    """As ``ranked``, of values that are spelt: only the one at its place is made a number."""
    percent = percent_of(measure)

    def key(length: int, text: str) -> Key:
        return (number_at(text, length, place_of(percent, length)), 1, length) if length else ()

    def keys(held: Sequence[Any]) -> list[Key]:
        take = column.places.taking(held)
        assert column.texts is not None
        return list(map(key, take(column.records), take(column.texts)))

    return keys


def parts_of(one: Tallied, many: bool) -> Key:
    """What a tally found, as whole numbers."""
    found: Key = (one.amount.numerator, one.amount.denominator, one.records)
    return (*found, one.values) if many else found


def single(get: Callable[..., Tallied]) -> Keys:
    """The keys of one tally."""
    return lambda held: [(one.amount.numerator, one.amount.denominator, one.records)
                         for one in map(get, held, repeat(NOTHING))]


def double(first: Callable[..., Tallied], second: Callable[..., Tallied]) -> Keys:
    """The keys of two tallies."""
    return lambda held: [
        ((above := one.amount).numerator, above.denominator, one.records,
         (below := other.amount).numerator, below.denominator, other.records)
        for one, other in zip(map(first, held, repeat(NOTHING)), map(second, held, repeat(NOTHING)), strict=True)]


def ranked(measure: Ranked, get: Callable[..., Tallied]) -> Keys:
    """The value at its place, and of how many."""
    percent = percent_of(measure)

    def key(values: Sequence[Any]) -> Key:
        length = len(values)
        if not length:
            return ()
        value = values[place_of(percent, length)]
        return value.numerator, value.denominator, length

    return lambda held: [key(one.values) for one in map(get, held, repeat(NOTHING))]


def percent_of(measure: Ranked) -> int:
    """So many of a hundred values are at or below the one that is read."""
    return measure.percent if isinstance(measure, Percentile) else 100 if isinstance(measure, Largest) else 0


def place_of(percent: int, length: int) -> int:
    """Where that value stands among so many."""
    return max(-(-percent * length // 100) - 1, 0)


def told_by_key(name: str, found: Found) -> Callable[[Key], str] | None:
    """What was tallied, told by the key alone, as ``told_of`` tells it; None where there are values, of which a key
    says no more than one."""
    if any(tally.how == VALUES for tally, _ in found):
        return None
    heads = [f"{name} {place} " for place in range(len(found))]
    if len(heads) != 2:
        return lambda key: "".join([f"{head}{spelt(top, bottom)} {records} \n" for head, top, bottom, records
                                    in zip(heads, key[::3], key[1::3], key[2::3], strict=True) if records])
    first, second = heads

    def told(key: Key) -> str:
        top, bottom, records, less, less_of, among = key
        above = f"{first}{top if bottom == 1 else f'{top}/{bottom}'} {records} \n" if records else ""
        return f"{above}{second}{less if less_of == 1 else f'{less}/{less_of}'} {among} \n" if among else above

    return told


def told_of_all(name: str, found: Found, held: Sequence[Any]) -> list[str]:
    """``told_of`` of everybody."""
    columns = columns_of(found)
    if not columns or len(columns) > 1 or columns[0].texts is None:
        return [told_of(name, found, one) for one in held]
    take, head = columns[0].places.taking(held), f"{name} 0 0 "
    return [f"{head}{records} {text}\n" if records else ""
            for records, text in zip(take(columns[0].records), take(columns[0].texts), strict=True)]

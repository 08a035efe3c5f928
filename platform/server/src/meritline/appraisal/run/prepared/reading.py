"""From tallies to cells: what each indicator of a scheme read for one subject after another.

Decides nothing: what an indicator makes of its tallies ``evaluate.measured`` says, and ``run.readings`` whose they are,
what was entered instead and what failed. The commonest measures are worked out here in whole numbers; every other
reading is asked there, once for all subjects of whom the same was tallied.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from meritline.appraisal.definitions import TenantIndicator
from meritline.appraisal.run.asides import Told
from meritline.appraisal.run.needs import Need
from meritline.appraisal.run.prepared.cells import Cell, Of, Spelling, cell_of
from meritline.appraisal.run.prepared.emptied import emptied
from meritline.appraisal.run.prepared.keys import VALUES, Key, Keys, keyed, told_by_key, told_of_all
from meritline.appraisal.run.prepared.pairs import Pair, lowest, pair
from meritline.appraisal.run.readings import MOST, Reader, SubjectId, records_of, target_of
from meritline.appraisal.run.subjects import Appraised
from meritline.appraisal.run.tallied import told_of
from meritline_sdk.evaluate.measured import TO_SECONDS, scale
from meritline_sdk.evaluate.readings import COUNTING, FAILED, Reading
from meritline_sdk.model.functions import ROWS
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.measures import (
    Count,
    Distinct,
    EmployedDays,
    Largest,
    Mean,
    Measure,
    Percentile,
    PeriodDays,
    Ratio,
    Smallest,
    Sum,
    side_tallies,
    timed,
)  # fmt: skip
from meritline_sdk.model.schemes import OWN
from meritline_sdk.model.units import Unit

type Read = tuple[Cell, str]
"""A reading, and what was tallied for it of the subject's own records."""
type Number = tuple[Pair, int, tuple[Pair, Pair] | None]
"""A value, its sample, and what it is the quotient of."""
type Worked = Callable[..., Number | None]
"""The number of a key; None: the plain way is asked."""
type Whose = Sequence[SubjectId | None]

OF_ONE: Final = (Count, Sum, Distinct, EmployedDays, PeriodDays)


class Column:
    """The readings of one indicator, or of scores of shorter periods, from one place."""

    def __init__(self, reader: Reader, scheme: str, need: Need, of: Of) -> None:
        self._reader, self._scheme, self._of = reader, scheme, of
        self.key, self._own, self._entered = need[0], need[1] == OWN, reader.entered
        self._by_hand = any(key == self.key for key, *_ in reader.entered)
        self._by_key: dict[Key, Read] = {}
        self._by_reading: dict[Reading, Cell] = {}
        self._keys_of: Keys | None = None
        self._tell: Callable[[Key], str] | None = None
        self._fast: Callable[[Key], Cell | None] | None = None
        self._trusted = self._many = False
        chosen = reader.chosen(self.key)
        self._tallies = () if chosen is None else reader.tallies_of(self.key)
        if chosen is not None and isinstance(chosen.indicator, Indicator) and self.key not in reader.broken:
            self._prepare(chosen, chosen.indicator, reader.asides_of(self.key))

    def _prepare(self, chosen: TenantIndicator, indicator: Indicator, asides: Told) -> None:
        found = self._tallies
        if any(tally.how == ROWS for tally, _ in found):
            return
        self._many = self._own and any(tally.how == VALUES for tally, _ in found)
        self._keys_of, self._tell = keyed(indicator, found), told_by_key(self.key, found)
        if indicator.beside or indicator is not self._of:
            return
        minimum = indicator.minimum_sample if chosen.minimum_sample is None else chosen.minimum_sample
        worked = worked_out(indicator.measure, indicator.unit)
        if worked is not None and len(found) == len({id(tally) for tally, _ in found}):
            self._fast = fast(worked, Spelling(indicator, asides.alone), minimum,
                              counting=isinstance(indicator.measure, COUNTING))

    def of(self, whom: Whose, held: Whose) -> tuple[list[Cell], list[str]]:
        """The reading of each target, whose records are tallied under another id, and what was tallied for it."""
        if self._keys_of is None or self._by_hand or None in whom:
            found = list(map(self._one, whom, held))
        else:
            known, missing = self._by_key.get, self._missing
            found = [known(key) or missing(key, target, one)
                     for key, target, one in zip(self._keys_of(held), whom, held, strict=True)]
            if self._many:
                return [cell for cell, _ in found], told_of_all(self.key, self._tallies, held)
        return [cell for cell, _ in found], [told for _, told in found]

    def let_go(self) -> None:
        """Of all that was read, piece by piece."""
        emptied(self._by_key, self._by_reading)

    def _one(self, target: SubjectId | None, held: SubjectId | None) -> Read:
        if self._keys_of is None or target is None or held is None or (self.key, *target) in self._entered:
            return self._plainly(target, held), self._told(held)
        key = self._keys_of([held])[0]
        found = self._by_key.get(key) or self._missing(key, target, held)
        return (found[0], self._told(held)) if self._many else found

    def _missing(self, key: Key, target: SubjectId | None, held: SubjectId | None) -> Read:
        """The reading of a key that was not met. What was tallied is not told of values, which the key does not
        tell."""
        cell = (self._fast(key) if self._trusted and self._fast else None) or self._worked(key, target, held)
        told = "" if self._many or not self._own else self._told(held) if self._tell is None else self._tell(key)
        if cell.state != FAILED:  # of whom a reading failed is told of everybody
            self._by_key[key] = cell, told
        return cell, told

    def _told(self, held: SubjectId | None) -> str:
        return "" if held is None or not self._own else told_of(self.key, self._tallies, held)

    def _worked(self, key: Key, target: SubjectId | None, held: SubjectId | None) -> Cell:
        """The reading of a key; the first one is asked both ways, and where they differ, the plain way alone."""
        found = None if self._fast is None else self._fast(key)
        if found is None:
            return self._plainly(target, held)
        if not self._trusted:
            plain = self._plainly(target, held)
            self._trusted = (plain.reading, plain.step, plain.digest, plain.seen) == (
                found.reading, found.step, found.digest, found.seen)  # fmt: skip
            if not self._trusted:
                self._fast = None
                return plain
        return found

    def _plainly(self, target: SubjectId | None, held: SubjectId | None) -> Cell:
        reading = self._reader.of(self._scheme, self.key, target, held)
        found = self._by_reading.get(reading)
        if found is None:
            found = self._by_reading[reading] = cell_of(reading, self._of)
        return found


class Rows:
    """The readings that a scheme and its rewards look at, of many subjects at once."""

    def __init__(self, reader: Reader, scheme: str, wanted: Sequence[Need],
                 declared: Mapping[str, AnyIndicator]) -> None:
        self._company = reader.company
        self._columns = [(need[1], Column(reader, scheme, need, reader.scores.asked.get(need[0]) or declared[need[0]]))
                         for need in wanted]
        self._froms = {read_from for _, read_from in wanted}

    def of(self, people: Sequence[Appraised]) -> tuple[list[list[Cell]], list[str]]:
        """What is read for each of the people, for one need after another, and what was tallied of the own records of
        each."""
        at = {each: ([target_of(who, each, self._company) for who in people],
                     [records_of(who, each, self._company) for who in people]) for each in self._froms}
        found = [column.of(*at[read_from]) for read_from, column in self._columns]
        told = list(map("".join, zip(*[told for _, told in found], strict=True))) if found else [""] * len(people)
        return [cells for cells, _ in found], told

    def let_go(self) -> None:
        """Of all that was read, piece by piece."""
        for _, column in self._columns:
            column.let_go()


def fast(worked: Worked, spelling: Spelling, minimum: int, *, counting: bool) -> Callable[[Key], Cell | None]:
    """The cell of a key; None where the plain way is asked."""
    def cell(key: Key) -> Cell | None:
        found = worked(*key) if key else None
        if found is None:
            return None
        value, sample, quotient = found
        judged = minimum > 1 or (sample and not counting)
        if (judged and sample < minimum) or abs(value[0]) > MOST * value[1]:
            return None
        return spelling.measured(value, sample, quotient, minimum if judged else None)
    return cell


def worked_out(measure: Measure, unit: Unit) -> Worked | None:
    """The number of a key, for the measures that are met most; a key holds amount and records of each tally."""
    match measure:
        case Ratio() if all(len(side_tallies(side)) == 1 for side in (measure.numerator, measure.denominator)):
            return ratio(measure, unit)
        case Count() | Sum() | Distinct() | EmployedDays() | PeriodDays():
            return amount(pair(scale(measure.tally, unit)))
        case Mean():
            return mean(pair(scale(measure.tally, unit)))
        case Percentile() | Largest() | Smallest():
            top, bottom = pair(scale(measure.tally, unit))
            return lambda value, of, sample: (lowest(value * top, of * bottom), sample, None)
    return None


def amount(factor: Pair) -> Worked:
    """What was counted or summed; nothing found is asked, since it may be that nothing was delivered."""
    top, bottom = factor

    def number(found: int, of: int, records: int) -> Number | None:
        return (lowest(found * top, of * bottom), records, None) if records else None

    return number


def mean(factor: Pair) -> Worked:
    """A sum by its records."""
    top, bottom = factor

    def number(found: int, of: int, records: int) -> Number | None:
        if not records:
            return None
        total = lowest(found * top, of * bottom)
        return lowest(total[0], total[1] * records), records, (total, (records, 1))

    return number


def ratio(measure: Ratio, unit: Unit) -> Worked | None:
    """A quotient of two tallies, which must differ, or there is one key for both."""
    (upper,), (lower,) = side_tallies(measure.numerator), side_tallies(measure.denominator)
    if upper == lower:
        return None
    upper_factor = lower_factor = (1, 1)
    if timed(upper):
        both = timed(lower)
        upper_factor = pair(TO_SECONDS if both else unit.of_microseconds())
        lower_factor = pair(TO_SECONDS) if both else (1, 1)
    (more, more_of), (less, less_of), by = upper_factor, lower_factor, unit.ratio_factor

    def number(above: int, above_of: int, records: int, below: int, below_of: int, sample: int) -> Number | None:
        if below <= 0 or not records:
            return None
        if above_of == below_of == more_of == less_of == 1:
            top, bottom = (above * more, 1), (below * less, 1)
        else:
            top, bottom = lowest(above * more, above_of * more_of), lowest(below * less, below_of * less_of)
        return lowest(top[0] * bottom[1] * by, top[1] * bottom[0]), sample, (top, bottom)

    return number


__all__ = ["Column", "Rows"]

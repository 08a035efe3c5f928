"""Scores without their explanation, for thousands of cards at once: what a simulation asks.

Decides nothing: ``Quick`` gives the score, grade and state that ``scoring.score`` gives, and a property test holds both
together. It is quick because a line is worked out once for each reading that occurs, weights and state once for each
set of lines that count, and everything between is whole numbers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from meritline_sdk.evaluate.bands import grade_of
from meritline_sdk.evaluate.drafts import Carried
from meritline_sdk.evaluate.numbers import decimal, fraction, shifted
from meritline_sdk.evaluate.plans import HUNDRED, NONE, plan_of
from meritline_sdk.evaluate.quick_lines import (
    CARRIES,
    COUNTS,
    EXEMPTED,
    FLAGS,
    READ,
    UNSEEN,
    WAITS,
    WHOLE,
    Lines,
    Need,
    Seen,
    Worth,
    judged,
    leaves,
    ratio,
    seen,
)
from meritline_sdk.evaluate.quick_rules import NOTHING, Pair, pair, reduced
from meritline_sdk.evaluate.quick_rules import within as limiting
from meritline_sdk.evaluate.readings import MEASURED
from meritline_sdk.evaluate.scoring import COMPLETE, INCOMPLETE, NOT_MEASURED
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.items import OWN, key_of, source_of
from meritline_sdk.model.schemes import Scheme

__all__ = ["UNSEEN", "Need", "Quick", "QuickScore", "Seen", "judged", "seen"]


class QuickScore(NamedTuple):
    """A subject's result: as ``Scored`` has it, without lines. ``top / bottom`` is the score before its rounding;
    ``sample`` are the records behind its best-founded line of its own."""

    top: int
    bottom: int
    score: Decimal | None
    grade: str | None
    passed: bool | None
    state: str
    measured: Fraction
    sample: int

    @property
    def exact(self) -> Fraction | None:
        """The score before its rounding."""
        return None if self.score is None else Fraction(self.top, self.bottom)


class Shape(NamedTuple):
    """What a set of lines comes to whatever their points: the state without a score, if there is none; what each item's
    share of its full points makes of the score; whether all was measured that was due; the percentage measured."""

    unscored: str | None
    weighted: "tuple[Remembered[Worth, Pair], ...]"
    whole: bool
    measured: Fraction


class Remembered[K, V](dict[K, V]):
    """Answers by question; each is worked out once."""

    def __init__(self, work: Callable[[K], V]) -> None:
        super().__init__()
        self._work = work

    def __missing__(self, key: K) -> V:
        found = self[key] = self._work(key)
        return found


class Quick:
    """A scheme made ready. ``needs`` are the readings it looks at: a row holds what was seen of each, in that order."""

    def __init__(self, scheme: Scheme, indicators: Mapping[str, AnyIndicator]) -> None:
        self.scheme, self._plan = scheme, plan_of(scheme)
        places: dict[Need, int] = {}

        def at(key: str, read_from: str) -> int:
            return places.setdefault((key, read_from), len(places))

        lines = Lines(scheme, indicators)
        self._items: list[tuple[Remembered[Any, Worth], int | tuple[int, ...]]] = [
            (Remembered(lines.composite(item)), tuple(at(key, item.read_from) for key in leaves(item.parts)))
            if item.parts else (Remembered(lines.single(item)), at(source_of(item), item.read_from))
            for item in scheme.items]  # fmt: skip
        self._events = [(Remembered(lines.event(one)), at(key_of(one.indicator), one.read_from))
                        for one in scheme.events]
        self._vetoes = [(at(key_of(one.indicator), one.read_from), pair(one.over), limiting(None, one.score))
                        for one in scheme.vetoes]
        self._granted = [(at(key_of(one.indicator), OWN), one.key)
                         for one in reversed(scheme.grades.granted if scheme.grades else ())]
        self.needs: tuple[Need, ...] = tuple(places)
        self._shapes, self._ends = Remembered(self._shape), Remembered(self._end)
        self._own = [line.item.read_from == OWN for line in self._plan.items]
        self._own += [event.read_from == OWN for event in scheme.events]
        self._limited = limiting(scheme.floor, scheme.cap)
        self._caps = [None if cap is None else pair(cap) for cap in (scheme.additions_cap, scheme.deductions_cap)]
        self._places = range(0, FLAGS * len(scheme.items), FLAGS)
        self._scale = 10**scheme.places
        self._brought: dict[tuple[Pair, int], Worth] = {}
        self._carries = sum(CARRIES << FLAGS * place for place in range(len(scheme.items)))

    def score(self, row: Sequence[Seen], carried: Mapping[str, Carried] | None = None) -> QuickScore:
        """The result of a row; ``carried`` as ``scoring.score`` takes it."""
        lines = self._lines(row)
        pattern = 0
        for line, place in zip(lines, self._places, strict=True):
            pattern |= line.told << place
        if carried and pattern & self._carries:
            lines = [self._carried(line, place, carried) for place, line in enumerate(lines)]
            pattern = sum(line.told << place for line, place in zip(lines, self._places, strict=True))
        unscored, weighted, whole, measured = self._shapes[pattern]
        events = [remembered[row[at]] for remembered, at in self._events]
        sample = 0
        for line, own in zip(lines + events, self._own, strict=True):
            if own and line.sample > sample:
                sample = line.sample
        if unscored is not None:
            return QuickScore(0, 1, None, None, None, unscored, measured, sample)
        top, bottom = 0, 1
        for line, points in zip(lines, weighted, strict=True):
            more, more_of = points[line]
            if bottom % more_of == 0:
                top += more * (bottom // more_of)
            else:
                top, bottom = top * more_of + more * bottom, bottom * more_of
        if events:
            top, bottom = plus(top, bottom, *self._added(events))
            whole = whole and all(event.told & WHOLE for event in events)
        top, bottom = self._limited(top, bottom)
        if self._vetoes:
            top, bottom = self._vetoed(row, top, bottom)
        rounded = (2 * abs(top) * self._scale + bottom) // (2 * bottom)
        result, grade, passed = self._ends[rounded if top >= 0 else -rounded]
        if self._granted:
            grade = self._grade(row, grade)
        return QuickScore(top, bottom, result, grade, passed, COMPLETE if whole else INCOMPLETE, measured, sample)

    def shares(self, row: Sequence[Seen]) -> Iterator[tuple[str, Fraction]]:
        """The share of full points of each item that was measured: what may be carried to a later period."""
        for plan, line in zip(self._plan.items, self._lines(row), strict=True):
            if line.told & READ and line.share is not None:
                yield plan.name, Fraction(*line.share)

    def _lines(self, row: Sequence[Seen]) -> list[Worth]:
        return [remembered[row[at] if isinstance(at, int) else tuple([row[one] for one in at])]
                for remembered, at in self._items]

    def _vetoed(self, row: Sequence[Seen], top: int, bottom: int) -> Pair:
        """What the vetoes leave."""
        for at, (over, over_of), left in self._vetoes:
            cell = row[at]
            if cell.state == MEASURED and cell.value is not None:
                value, value_of = ratio(cell.value)
                if value * over_of > over * value_of:
                    top, bottom = left(top, bottom)
        return top, bottom

    def _carried(self, line: Worth, place: int, carried: Mapping[str, Carried]) -> Worth:
        found = carried.get(self._plan.items[place].name) if line.told & CARRIES else None
        if found is None:
            return line
        share, told = found.share.as_integer_ratio(), line.told | COUNTS
        known = self._brought.get((share, told))
        if known is None:
            known = self._brought[share, told] = Worth(share, told)
        return known

    def _added(self, events: Sequence[Worth]) -> Pair:
        """The sum of the events, what they add and what they take each within its cap."""
        top, bottom = 0, 1
        for sign, cap in zip((1, -1), self._caps, strict=True):
            part, part_of = 0, 1
            for event in events:
                if event.share is not None and event.share[0] * sign > 0:
                    part, part_of = plus(part, part_of, *event.share)
            if cap is not None and part * sign * cap[1] > cap[0] * part_of:
                part, part_of = cap[0] * sign, cap[1]
            top, bottom = plus(top, bottom, part, part_of)
        return top, bottom

    def _shape(self, pattern: int) -> Shape:
        told = [pattern >> FLAGS * place for place in range(len(self._plan.items))]
        lines = list(zip(self._plan.items, told, strict=True))
        weighings = self._plan.weighed(tuple(bool(each & COUNTS) for each in told))
        due = sum((line.whole for line, each in lines if not each & EXEMPTED), NONE)
        read = sum((line.whole for line, each in lines if each & READ), NONE)
        measured = HUNDRED if all(each & READ for each in told) else read * 100 / due if due else NONE
        least = self.scheme.least_measured
        nothing = not any(each & READ and line.whole for line, each in lines)
        waits = any(each & WAITS and line.whole for line, each in lines)
        too_little = least is not None and measured < fraction(least)
        unscored = NOT_MEASURED if nothing else INCOMPLETE if waits or too_little else None
        whole = all(each & WHOLE for line, each in lines if line.whole)
        return Shape(unscored, tuple(Remembered(weighing(one.effective)) for one in weighings), whole, measured)

    def _grade(self, row: Sequence[Seen], earned: str | None) -> str | None:
        for at, key in self._granted:
            cell = row[at]
            if cell.state == MEASURED and cell.value is not None and Fraction(*ratio(cell.value)) >= 1:
                return key
        return earned

    def _end(self, rounded: int) -> tuple[Decimal, str | None, bool | None]:
        scheme, result = self.scheme, shifted(rounded, self.scheme.places)
        grade = grade_of(scheme.grades, result).key if scheme.grades else None
        return result, grade, None if scheme.pass_score is None else result >= decimal(scheme.pass_score)


def weighing(effective: Fraction) -> Callable[[Worth], Pair]:
    """What a share of the full points makes of the score."""
    weight, weight_of = effective.as_integer_ratio()
    return lambda line: NOTHING if line.share is None else reduced((line.share[0] * weight, line.share[1] * weight_of))


def plus(top: int, bottom: int, more: int, more_of: int) -> Pair:
    """The sum, in one step where one denominator divides the other."""
    if bottom % more_of == 0:
        return top + more * (bottom // more_of), bottom
    return top * more_of + more * bottom, bottom * more_of

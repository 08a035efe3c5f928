"""Scores of one scheme, for thousands of people: from cells to the score, its explanation and what goes into digests.

Decides nothing: the score, grade, state and every step are those of ``evaluate.scoring``. What a set of lines comes to
whatever their points (weights, state, how much was measured) is worked out once for each set that occurs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from meritline.appraisal.definitions import TenantIndicator
from meritline.appraisal.run.prepared import wire
from meritline.appraisal.run.prepared.cells import Cell
from meritline.appraisal.run.prepared.emptied import emptied
from meritline.appraisal.run.prepared.lines import CARRIES, Cells, Drawn, Line, Maker, Need
from meritline.appraisal.run.prepared.pairs import Pair, pair, spelt
from meritline.appraisal.run.prepared.rules import as_json
from meritline.appraisal.run.prepared.totals import Totals
from meritline_sdk.evaluate.bands import grade_of
from meritline_sdk.evaluate.drafts import Carried
from meritline_sdk.evaluate.lines import ScoredLine
from meritline_sdk.evaluate.numbers import decimal, fraction, shifted
from meritline_sdk.evaluate.plans import HUNDRED, NONE, Weighing, plan_of
from meritline_sdk.evaluate.quick import Remembered
from meritline_sdk.evaluate.quick_lines import COUNTS, EVERYTHING, EXEMPTED, READ, WAITS, WHOLE, leaves
from meritline_sdk.evaluate.scoring import COMPLETE, INCOMPLETE, score
from meritline_sdk.evaluate.totals import Scored
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.items import source_of
from meritline_sdk.model.schemes import Scheme


class Shape(NamedTuple):
    """What a set of lines comes to whatever their points. ``weighed`` makes the line of each item, by its weighing."""

    weighings: tuple[Weighing, ...]
    weighed: tuple[Callable[[Drawn], Line], ...]
    scored: bool
    whole: bool
    measured: Fraction


class Lined(NamedTuple):
    """A subject's lines, with what they were made of."""

    made: Sequence[Line]
    row: Sequence[Cell]
    shape: Shape
    carried: Mapping[str, Carried] | None


class End(NamedTuple):
    """What a rounded score comes to; ``text`` is how it stands in steps, ``exact`` how in digests."""

    score: Decimal
    grade: str | None
    passed: bool | None
    text: str
    exact: str
    column: bytes


class Result:
    """A subject's result: what ``Scored`` says, with its lines and steps made when somebody asks for them."""

    __slots__ = ("_exact", "_plain", "end", "grade", "made", "measured", "passed", "sample", "score", "state",
                 "steps_text")

    def __init__(self, made: Sequence[Line], sample: int, measured: Fraction, state: str, steps_text: str,
                 exact: Pair | None, end: End | None, grade: str | None, plain: Callable[[], Scored]) -> None:
        self.made, self.sample, self.measured, self.state, self.steps_text = made, sample, measured, state, steps_text
        self._exact, self.end, self.grade, self._plain = exact, end, grade, plain
        self.score = None if end is None else end.score
        self.passed = None if end is None else end.passed

    @property
    def exact(self) -> Fraction | None:
        """The score before its one rounding."""
        return None if self._exact is None else Fraction(*self._exact)

    @property
    def pair(self) -> Pair | None:
        """The same as two whole numbers."""
        return self._exact

    @property
    def exact_text(self) -> str | None:
        """The same as text."""
        return None if self._exact is None else spelt(*self._exact)

    @property
    def lines(self) -> tuple[ScoredLine, ...]:
        """The lines, as the plain way scores them."""
        return tuple(line.plain() for line in self.made)

    @property
    def plain(self) -> Scored:
        """The whole of it, as the plain way scores it."""
        return self._plain()


class Scorer:
    """A scheme made ready; a row of cells holds what was read of each of ``needs``."""

    def __init__(self, scheme: Scheme, indicators: Mapping[str, AnyIndicator], needs: Sequence[Need],
                 used: Mapping[str, TenantIndicator]) -> None:
        self._scheme, self._indicators, self._needs, self._plan = scheme, indicators, needs, plan_of(scheme)
        self._maker = maker = Maker(scheme, indicators, needs, used)
        places = maker.places
        self._singles: list[tuple[Remembered[Cell, Drawn] | None, int]] = []
        self._items: list[tuple[Remembered[Cells, Drawn], tuple[int, ...]]] = []
        for position, plan in enumerate(self._plan.items, 1):
            item = plan.item
            named = leaves(item.parts) if item.parts else [source_of(item)]
            at = tuple(places[key, item.read_from] for key in named)
            draw = maker.item(plan, position, at)
            self._items.append((maker.remembered(draw), at))
            self._singles.append((maker.remembered(of_one(draw)) if len(at) == 1 else None, at[0]))
        self._events = [(maker.remembered(maker.event(event, position, places[event.source])), places[event.source])
                        for position, event in enumerate(self._plan.events, len(self._items) + 1)]
        self._shapes: Remembered[tuple[int, ...], Shape] = maker.remembered(self._shape)
        self._ends: Remembered[int, End] = maker.remembered(self._end)
        self._scale = 10**scheme.places
        self._totals = Totals(self._plan, indicators, places)
        self._unscored: dict[Cells, tuple[str, str]] = {}
        self._usual = self._shapes[(EVERYTHING,) * len(self._items)]
        self._lines = [self._line(place) for place in range(len(self._items))]

    def let_go(self) -> None:
        """Of all that is remembered. What remembers asks the scorer, which has it: so nobody but the collector would
        find it, which lets nobody in between."""
        self._maker.let_go()
        emptied(self._unscored)
        vars(self).clear()

    def _line(self, place: int) -> "tuple[Remembered[Any, Line | None], tuple[int, ...]]":
        """The line of an item where every item of the card is measured: in one step, since its weight is known; None
        where it is not."""
        remembered, at = self._items[place]
        quick = self._maker.whole(self._plan.items[place], place + 1, self._usual.weighings[place])
        if quick is not None:
            return self._maker.remembered(quick), at
        weighed = self._usual.weighed[place]

        def line(cells: Any) -> Line | None:
            drawn = remembered[cells if len(at) > 1 else (cells,)]
            return weighed(drawn) if drawn.told == EVERYTHING else None

        return self._maker.remembered(line), at

    def score_all(self, columns: Sequence[Sequence[Cell]], carried: Sequence[Mapping[str, Carried]]) -> list[Result]:
        """The results of many; ``columns`` has the cells of all for each need."""
        return [self.ended(one) for one in self.lines_of_all(columns, carried)]

    def lines_of_all(self, columns: Sequence[Sequence[Cell]],
                     carried: Sequence[Mapping[str, Carried]]) -> list[Lined]:
        """Their lines alone, which ``ended`` makes results of."""
        rows = list(zip(*columns, strict=True))
        if not self._usual.scored or not self._lines:
            return [self._lined(row, shares) for row, shares in zip(rows, carried, strict=True)]
        made: list[Iterable[Any]] = [
            map(lines.__getitem__, columns[at[0]] if len(at) == 1 else zip(*[columns[one] for one in at], strict=True))
            for lines, at in self._lines]
        made += [map(lines.__getitem__, columns[at]) for lines, at in self._events]
        return [self._lined(row, shares) if None in lines else Lined(lines, row, self._usual, shares)
                for lines, row, shares in zip(zip(*made, strict=True), rows, carried, strict=True)]

    def score(self, row: Sequence[Cell], carried: Mapping[str, Carried] | None = None) -> Result:
        """The result of a row; ``carried`` as ``scoring.score`` takes it."""
        return self.ended(self._lined(row, carried))

    def _lined(self, row: Sequence[Cell], carried: Mapping[str, Carried] | None) -> Lined:
        """The lines of a row."""
        drawn = [remembered[row[at]] if remembered is not None else self._drawn(place, row)
                 for place, (remembered, at) in enumerate(self._singles)]
        pattern = tuple([one.told for one in drawn])
        if carried and any(told & CARRIES for told in pattern):
            drawn = [self._carried(place, one, row, carried) for place, one in enumerate(drawn)]
            pattern = tuple([one.told for one in drawn])
        shape = self._shapes[pattern]
        made = [weigh(one) for weigh, one in zip(shape.weighed, drawn, strict=True)]
        if self._events:
            made += [remembered[row[at]] for remembered, at in self._events]
        return Lined(made, row, shape, carried)

    def ended(self, lined: Lined) -> Result:
        """What the lines come to."""
        made, row, shape, carried = lined
        sample = max([line.sample for line in made])

        def plain() -> Scored:
            return score(self._scheme, {need: cell.reading for need, cell in zip(self._needs, row, strict=False)},
                         self._indicators, carried)

        if not shape.scored:
            state, steps = self._why_none(row, plain, carried)
            return Result(made, sample, shape.measured, state, steps, None, None, None, plain)
        whole = shape.whole and all(line.told & WHOLE for line in made[len(self._items):])
        told = self._totals.of(made, row)
        top, bottom = told.exact
        rounded = (2 * abs(top) * self._scale + bottom) // (2 * bottom)
        end = self._ends[rounded if top >= 0 else -rounded]
        grade, steps = self._totals.ended(told, made, row, end.text, end.grade)
        return Result(made, sample, shape.measured, COMPLETE if whole else INCOMPLETE, steps, told.exact, end, grade,
                      plain)

    def _drawn(self, place: int, row: Sequence[Cell]) -> Drawn:
        remembered, places = self._items[place]
        return remembered[tuple([row[at] for at in places])]

    def _carried(self, place: int, one: Drawn, row: Sequence[Cell], carried: Mapping[str, Carried]) -> Drawn:
        plan = self._plan.items[place]
        if not one.told & CARRIES or plan.name not in carried:
            return one
        places = self._items[place][1]
        known = self._maker.known([row[at] for at in places], places, carried)
        return self._maker.plainly(plan, place + 1, known)

    def _why_none(self, row: Sequence[Cell], plain: Callable[[], Scored], carried: object) -> tuple[str, str]:
        """The state and the step without a score; the same for all of whom the same was read."""
        key = tuple(row)
        found = None if carried else self._unscored.get(key)
        if found is None:
            scored = plain()
            found = scored.state, as_json(scored.steps)
            if not carried:
                self._unscored[key] = found
        return found

    def _shape(self, pattern: tuple[int, ...]) -> Shape:
        lines = list(zip(self._plan.items, pattern, strict=True))
        weighings = self._plan.weighed(tuple(bool(told & COUNTS) for told in pattern))
        due = sum((line.whole for line, told in lines if not told & EXEMPTED), NONE)
        read = sum((line.whole for line, told in lines if told & READ), NONE)
        measured = HUNDRED if all(told & READ for told in pattern) else read * 100 / due if due else NONE
        least = self._scheme.least_measured
        nothing = not any(told & READ and line.whole for line, told in lines)
        waits = any(told & WAITS and line.whole for line, told in lines)
        too_little = least is not None and measured < fraction(least)
        whole = all(told & WHOLE for line, told in lines if line.whole)
        return Shape(tuple(weighings), tuple(self._maker.remembered(weigh(one)).__getitem__ for one in weighings),
                     not (nothing or waits or too_little), whole, measured)

    def _end(self, rounded: int) -> End:
        scheme, result = self._scheme, shifted(rounded, self._scheme.places)
        grade = grade_of(scheme.grades, result).key if scheme.grades else None
        passed = None if scheme.pass_score is None else result >= decimal(scheme.pass_score)
        return End(result, grade, passed, str(result), spelt(*pair(Fraction(result))),
                   wire.scaled(rounded, scheme.places))


def of_one(draw: Callable[[Cells], Drawn]) -> Callable[[Cell], Drawn]:
    """An item of one reading."""
    return lambda cell: draw((cell,))


def weigh(weighing: Weighing) -> Callable[[Drawn], Line]:
    """The line of an item that weighs so much."""
    return lambda drawn: drawn.line(weighing)

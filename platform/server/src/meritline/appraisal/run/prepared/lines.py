"""Score lines made ready: points, weighted points, row and digest of an item for a reading, worked out once.

Decides nothing. An item of one measured reading is told here; every other one (parts, a missing reading, what is
carried, events) is asked of ``evaluate.lines`` and then put into the same form.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, NamedTuple

from meritline.appraisal.definitions import TenantIndicator
from meritline.appraisal.run.columns import SCORE_LINE, line_row
from meritline.appraisal.run.prepared import wire
from meritline.appraisal.run.prepared.cells import Cell
from meritline.appraisal.run.prepared.emptied import emptied
from meritline.appraisal.run.prepared.pairs import Pair, lowest, pair, spelt
from meritline.appraisal.run.prepared.rules import Told, as_json, told
from meritline.appraisal.run.sizes import MOST_POINTS
from meritline.domain.digest import CANONICAL, line_plain
from meritline_sdk.evaluate.drafts import Carried, Draft, Known, resolve
from meritline_sdk.evaluate.lines import ScoredLine, event_line, item_draft, weighed
from meritline_sdk.evaluate.plans import EventPlan, ItemPlan, Weighing
from meritline_sdk.evaluate.quick import Remembered
from meritline_sdk.evaluate.quick_lines import COUNTS, EVERYTHING, EXEMPTED, READ, WAITS, WHOLE
from meritline_sdk.evaluate.readings import MEASURED, WAIVED
from meritline_sdk.evaluate.totals import titles
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.schemes import CARRY, EXEMPT, MANUAL, OWN, Scheme
from meritline_sdk.model.units import HIGHER, POINTS

type Need = tuple[str, str]
type Cells = tuple[Cell, ...]

CARRIES: Final = 1 << 6
"""Set of an item whose policy is to carry: what it comes to depends on whose it is."""


@dataclass(slots=True, eq=False)
class Line:
    """A line of a scorecard, whoever's. ``weighted`` is None where it has no points; ``term`` and ``out`` are what the
    step of the sum tells of it then and otherwise; ``group`` is its term in its dimension's step; ``row`` is everything
    but the card's id."""

    weighted: Pair | None
    raw: Pair | None
    term: str
    out: str
    digest: str
    row: bytes
    sample: int
    told: int
    largest: Fraction | None
    _plainly: Callable[[Any], ScoredLine]
    _of: Any = None

    def plain(self) -> ScoredLine:
        """The line as the plain way scores it."""
        return self._plainly(self._of)


@dataclass(slots=True, eq=False)
class Drawn:
    """An item before the weights of the others are known: what is told of it, and how a line is made of it."""

    told: int
    line: Callable[[Weighing], Line]


class Maker:
    """Makes the lines of one scheme."""

    def __init__(self, scheme: Scheme, indicators: Mapping[str, AnyIndicator], needs: Sequence[Need],
                 used: Mapping[str, TenantIndicator]) -> None:
        self.scheme, self.indicators, self.needs, self._used = scheme, indicators, needs, used
        self.places = {need: place for place, need in enumerate(needs)}
        self._remembered: list[Remembered[Any, Any]] = []

    def remembered[K, V](self, work: Callable[[K], V]) -> Remembered[K, V]:
        """What the work gave so far, until the maker is let go."""
        found = Remembered(work)
        self._remembered.append(found)
        return found

    def let_go(self) -> None:
        """Of all that is remembered, piece by piece."""
        emptied(*self._remembered)
        self._remembered.clear()

    def known(self, cells: Sequence[Cell], places: Sequence[int], carried: Mapping[str, Carried]) -> Known:
        """What the plain way looks at."""
        return Known({self.needs[place]: cell.reading for place, cell in zip(places, cells, strict=True)},
                     self.indicators, carried)

    def item(self, plan: ItemPlan, position: int, places: Sequence[int]) -> Callable[[Cells], Drawn]:
        """An item as a function of what it reads."""
        quick = None if plan.item.parts else self._quick(plan, position)
        least = plan.item.minimum_sample or 0

        def drawn(cells: Cells) -> Drawn:
            if quick is not None and cells[0].value is not None and cells[0].sample >= least:
                return quick(cells[0])
            return self.plainly(plan, position, self.known(cells, places, {}))

        return drawn

    def plainly(self, plan: ItemPlan, position: int, known: Known) -> Drawn:
        """An item as the plain way draws it."""
        draft = item_draft(self.scheme, plan, known)
        return Drawn(told_of(draft), lambda weighing: self.line(weighed(draft, position, weighing, self.scheme.places)))

    def event(self, plan: EventPlan, position: int, place: int) -> Callable[[Cell], Line]:
        """An event as a function of what it reads."""
        return lambda cell: self.line(event_line(plan, position, self.known([cell], [place], {})))

    def line(self, line: ScoredLine) -> Line:
        """Any line in the form of all."""
        weighted = None if line.weighted_points is None else pair(line.weighted_points)
        values = dict(zip(SCORE_LINE, line_row(line, None, self._used.get(line.indicator or "")), strict=True))
        row = b"".join(ENCODERS[SCORE_LINE[name]](value) for name, value in values.items() if name != "scorecard_id")
        term = "" if weighted is None else as_json([line.key, spelt(*weighted)])
        own = line.read_from == OWN and line.reading.state == MEASURED
        told = WHOLE if line.rated or line.reading.state in (MEASURED, WAIVED) else 0
        return Line(weighted, None if line.raw_points is None else pair(line.raw_points), term,
                    as_json({"key": line.key, **titles(line)}), CANONICAL.encode(line_plain(line)), row,
                    line.reading.sample if own else 0, told, too_large(line), lambda _: line)

    def whole(self, plan: ItemPlan, position: int, weighing: Weighing) -> "Callable[[Cell], Line | None] | None":
        """The line of an item of one reading with this weight; None: not measured, or on too few records."""
        rule = None if plan.item.parts else self._rule(plan)
        if rule is None:
            return None
        least, own, weighs = plan.item.minimum_sample or 0, plan.item.read_from == OWN, None

        def line(cell: Cell) -> Line | None:
            nonlocal weighs
            value, sample = cell.value, cell.sample
            if value is None or sample < least:
                return None
            if weighs is None:
                weighs = Weighs(self, plan, position, weighing, cell)
            return weighs.line(cell, *rule(*value), sample if own else 0)

        return line

    def _rule(self, plan: ItemPlan) -> Told | None:
        """What an item of one measured reading gives."""
        item = plan.item
        assert item.rule is not None
        if item.score_of is not None:
            return told(item.rule, plan.goal, POINTS, HIGHER)
        assert item.indicator is not None
        indicator = resolve(item.indicator, self.indicators)
        if indicator is not self.indicators.get(plan.source[0]):
            return None
        return told(item.rule, plan.goal, indicator.unit, indicator.better)

    def _quick(self, plan: ItemPlan, position: int) -> Callable[[Cell], Drawn] | None:
        """An item of one reading, which is measured."""
        rule = self._rule(plan)
        if rule is None:
            return None
        weights: dict[int, Weighs] = {}
        own = plan.item.read_from == OWN

        def quick(cell: Cell) -> Drawn:
            value = cell.value
            assert value is not None
            top, bottom, step = rule(*value)

            def line(weighing: Weighing) -> Line:
                weighs = weights.get(id(weighing))
                if weighs is None or weighs.weighing is not weighing:
                    weighs = weights[id(weighing)] = Weighs(self, plan, position, weighing, cell)
                return weighs.line(cell, top, bottom, step, cell.sample if own else 0)

            return Drawn(EVERYTHING, line)

        return quick


class Spelt(NamedTuple):
    """What a line tells of its points: weighted points, columns, the end of its steps, its term, and what stands before
    and behind the reading in the digest; whether no column can hold it."""

    weighted: Pair
    middle: bytes
    steps: str
    term: str
    before: str
    behind: str
    huge: bool


class Weighs:
    """An item of one reading with what it weighs: how its lines are written."""

    def __init__(self, maker: Maker, plan: ItemPlan, position: int, weighing: Weighing, cell: Cell) -> None:
        self.weighing, self._maker, self._plan, self._position = weighing, maker, plan, position
        self._factor = pair(weighing.factor)
        self._points: Remembered[Pair, Spelt] = maker.remembered(self._spelt)
        self._told = f',{as_json(weighing.told)[:-1]},"points":"'
        self._places = f'","places":{maker.scheme.places},"result":"'
        first = self._plainly(cell)
        values = dict(zip(SCORE_LINE, line_row(first, None, maker._used.get(first.indicator or "")), strict=True))
        fields = {name: ENCODERS[SCORE_LINE[name]](value) for name, value in values.items()}
        names = list(SCORE_LINE)
        self._head = b"".join(fields[name] for name in names[1:names.index("reading_state")])
        self._weight = fields["weight"] + fields["effective_weight_exact"]
        plain = line_plain(first)
        text = {name: CANONICAL.encode(plain[name]) for name in plain}
        self._before = (f'{{"effective":{text["effective"]},"indicator":{text["indicator"]},"key":{text["key"]},'
                        f'"kind":"item","policy":null,"position":{text["position"]},"raw":"')
        self._target = f',"target":{text["target"]},"weighted":"'
        self._term = f"[{as_json(first.key)},\""
        self._out = as_json({"key": first.key, **titles(first)})

    def line(self, cell: Cell, top: int, bottom: int, step: str, sample: int) -> Line:
        """The line of a reading with its points."""
        points = top, bottom
        weighted, middle, steps, term, before, behind, huge = self._points[points]
        told = f"[{cell.step},{step}{steps}".encode()
        row = b"".join((self._head, cell.columns, middle, wire.LENGTHS[len(told)], told, cell.ending))
        return Line(weighted, points, term, self._out, f"{before}{cell.digest}{behind}", row, sample, WHOLE,
                    too_large(self._plainly(cell)) if huge or cell.huge else None, self._plainly, cell)

    def _spelt(self, points: Pair) -> Spelt:
        """What a line tells of its points, whatever the reading: rules give the same to many."""
        top, bottom = points
        factor, factor_of = self._factor
        weighted = lowest(top * factor, bottom * factor_of)
        given, result = spelt(top, bottom), spelt(*weighted)
        middle = b"".join((wire.shown(top, bottom), wire.text(given), self._weight, wire.shown(*weighted),
                           wire.text(result), wire.NULL))
        huge = abs(top) >= MOST_POINTS * bottom or abs(weighted[0]) >= MOST_POINTS * weighted[1]
        return Spelt(weighted, middle, f'{self._told}{given}{self._places}{result}","policy":null}}]',
                     f'{self._term}{result}"]', f'{self._before}{given}","reading":', f'{self._target}{result}"}}',
                     huge)

    def _plainly(self, cell: Cell) -> ScoredLine:
        """The line as the plain way scores it."""
        maker, plan = self._maker, self._plan
        draft = item_draft(maker.scheme, plan, Known({plan.source: cell.reading}, maker.indicators, {}))
        return weighed(draft, self._position, self.weighing, maker.scheme.places)


def too_large(line: ScoredLine) -> Fraction | None:
    """The first number of a line that no column can hold."""
    return next((each for each in (line.reading.value, line.raw_points, line.weighted_points)
                 if each is not None and not -MOST_POINTS < each < MOST_POINTS), None)


def told_of(draft: Draft) -> int:
    """What is told of an item."""
    told = (COUNTS if draft.counts else 0) | (READ if draft.measured else 0) | (WHOLE if draft.whole else 0)
    told |= (EXEMPTED if draft.policy == EXEMPT else 0) | (WAITS if draft.policy == MANUAL else 0)
    return told | (CARRIES if draft.policy == CARRY else 0)


ENCODERS: Final[Mapping[str, Callable[..., bytes]]] = {
    "text": wire.text, "int": wire.whole, "boolean": wire.boolean, "uuid": wire.uuid, "numeric": wire.numeric,
}  # fmt: skip

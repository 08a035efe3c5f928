"""From lines to the sum and the steps that explain it. Decides nothing: ``evaluate.totals`` does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from meritline.appraisal.run.prepared.cells import Cell
from meritline.appraisal.run.prepared.lines import Line, Need
from meritline.appraisal.run.prepared.pairs import Pair, lowest, pair, spelt
from meritline.appraisal.run.prepared.rules import as_json
from meritline_sdk.evaluate.drafts import resolve
from meritline_sdk.evaluate.numbers import fraction, rational_text
from meritline_sdk.evaluate.plans import Plan
from meritline_sdk.evaluate.quick import plus
from meritline_sdk.evaluate.quick_rules import within
from meritline_sdk.evaluate.shown import reading_step
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.items import OWN, Veto, key_of

NOTHING: Pair = (0, 1)


@dataclass(slots=True)
class Told:
    """The sum before its rounding, and what is told of it so far."""

    exact: Pair
    text: str


class Totals:
    """How the lines of one scheme become a score."""

    def __init__(self, plan: Plan, indicators: Mapping[str, AnyIndicator], places: Mapping[Need, int]) -> None:
        self._plan, scheme = plan, plan.scheme
        self._indicators = indicators
        self._first = f'[{{"step":"total","places":{scheme.places},"sum":"'
        self._low, self._high = (None if one is None else pair(fraction(one)) for one in (scheme.floor, scheme.cap))
        self._caps = [(name, pair(fraction(cap)), sign) for name, cap, sign in (
            ("additions", scheme.additions_cap, 1), ("deductions", scheme.deductions_cap, -1)) if cap is not None]
        self._vetoes = [Vetoing(veto, indicators, places) for veto in scheme.vetoes]
        granted = reversed(scheme.grades.granted if scheme.grades else ())
        self._granted = [(places[key_of(one.indicator), OWN], one.key,
                          as_json({"en": one.title.en, "zh": one.title.zh})) for one in granted]
        self._groups = [Grouping(plan, place) for place in range(len(plan.groups))]
        self._items = len(plan.items)

    def of(self, lines: Sequence[Line], row: Sequence[Cell]) -> Told:
        """The sum of the lines within its limits, after the vetoes."""
        top, bottom, terms, out = 0, 1, list[str](), list[str]()
        for line in lines:
            if line.weighted is None:
                out.append(line.out)
                continue
            terms.append(line.term)
            more, more_of = line.weighted
            if bottom % more_of == 0:
                top += more * (bottom // more_of)
            else:
                top, bottom = top * more_of + more * bottom, bottom * more_of
        capped: list[str] = []
        for cap in self._caps:
            top, bottom = self._cap(*cap, lines, (top, bottom), capped)
        top, bottom = lowest(top, bottom)
        amount, limit = spelt(top, bottom), "null"
        if self._low is not None and top * self._low[1] < self._low[0] * bottom:
            (top, bottom), limit = self._low, '"floor"'
        if self._high is not None and top * self._high[1] > self._high[0] * bottom:
            (top, bottom), limit = self._high, '"cap"'
        text = (f'{self._first}{amount}","limit":{limit},"terms":[{",".join(terms)}],'
                f'"left_out":[{",".join(out)}]')
        if capped:
            text += f',"capped":[{",".join(capped)}]'
        if self._vetoes:
            text += f',"limited":"{spelt(top, bottom)}","vetoes":['
            told: list[str] = []
            for veto in self._vetoes:
                (top, bottom), step = veto.of((top, bottom), row)
                told.append(step)
            text += ",".join(told) + "]"
        return Told((top, bottom), text)

    def ended(self, told: Told, lines: Sequence[Line], row: Sequence[Cell], score: str,
              grade: str | None) -> tuple[str | None, str]:
        """The grade, which may be a granted one, and the steps to their end."""
        text = told.text
        for place, key, title in self._granted:
            value = row[place].value
            if value is not None and value[0] >= value[1]:
                grade, text = key, f'{text},"granted":{title}'
                break
        text += f',"exact":"{spelt(*told.exact)}","score":"{score}","grade":{as_json(grade)}}}'
        groups = "".join([group.of(lines) for group in self._groups]) if self._groups else ""
        return grade, f"{text}{groups}]"

    def _cap(self, name: str, cap: Pair, sign: int, lines: Sequence[Line], total: Pair, told: list[str]) -> Pair:
        """The sum with what events add or take within its cap."""
        terms = [line for line in lines[self._items:] if line.weighted is not None and line.weighted[0] * sign > 0]
        part = NOTHING
        for line in terms:
            part = plus(*part, *(line.weighted or NOTHING))
        if part[0] * sign * cap[1] <= cap[0] * part[1]:
            return total
        told.append(f'{{"side":"{name}","cap":"{spelt(*cap)}","sum":"{spelt(*lowest(*part))}",'
                    f'"terms":[{",".join(line.term for line in terms)}]}}')
        return plus(*plus(*total, cap[0] * sign, cap[1]), -part[0], part[1])


class Vetoing:
    """A veto."""

    def __init__(self, veto: Veto, indicators: Mapping[str, AnyIndicator], places: Mapping[Need, int]) -> None:
        self._indicator = resolve(veto.indicator, indicators)
        self._plain = self._indicator is not indicators.get(key_of(veto.indicator))
        self._place = places[key_of(veto.indicator), veto.read_from]
        self._over, self._least = pair(fraction(veto.over)), pair(fraction(veto.score))
        self._limited = within(None, veto.score)
        self._head = as_json({"key": veto.key, "title": {"en": veto.title.en, "zh": veto.title.zh}})[:-1]
        self._mid = f',"over":"{spelt(*self._over)}","score":"{spelt(*self._least)}","taken":"'

    def of(self, exact: Pair, row: Sequence[Cell]) -> tuple[Pair, str]:
        """What it leaves of the score, and its step."""
        cell, left = row[self._place], exact
        held = cell.value is not None and cell.value[0] * self._over[1] > self._over[0] * cell.value[1]
        if held:
            left = self._limited(*exact)
        taken = lowest(*plus(*exact, -left[0], left[1]))
        step = as_json(reading_step(cell.reading, self._indicator)) if self._plain else cell.step
        return left, (f'{self._head},"held":{"true" if held else "false"},"reading":{step}{self._mid}'
                      f'{spelt(*taken)}","left":"{spelt(*left)}"}}')


class Grouping:
    """A dimension that is weighed within itself."""

    def __init__(self, plan: Plan, place: int) -> None:
        group = plan.groups[place]
        self._items = [(at, item.weight, item.full, rational_text(item.weight), rational_text(item.full))
                       for at, item in enumerate(plan.items) if item.group == place]
        self._head = as_json({"step": "dimension", "key": group.key,
                              "title": {"en": group.title.en, "zh": group.title.zh},
                              "weight": rational_text(fraction(group.weight or 0))})[:-1]

    def of(self, lines: Sequence[Line]) -> str:
        """Its step, after a comma; nothing where nothing of it has points."""
        weights, total = Fraction(0), Fraction(0)
        terms: list[str] = []
        for at, weight, full, weight_text, full_text in self._items:
            raw = lines[at].raw
            if raw is not None:
                weights += weight
                total += weight * Fraction(*raw) / full
                terms.append(f'["{weight_text}","{spelt(*raw)}","{full_text}"]')
        if not weights:
            return ""
        return (f',{self._head},"weights":"{rational_text(weights)}","terms":[{",".join(terms)}],'
                f'"result":"{rational_text(total * 100 / weights)}"}}')

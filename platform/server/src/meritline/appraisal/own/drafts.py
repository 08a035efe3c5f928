"""A company's own indicator as a document: TOML of a manifest and JSON of a mutation alike.

::

    indicator = "second_visit_rate"          # own.second_visit_rate everywhere else
    title = "Second visits"
    title_zh = "二次上门率"
    unit = "percent"
    better = "lower"
    formula = "ratio(count(work_order, visits > 1), count(work_order, visits >= 1))"

    [[golden]]
    records = [{ engineer = "E1", resolved_at = 2026-05-03T09:00:00+08:00, visits = 1 }]
    expect = { value = "0" }
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from meritline.appraisal.indicators import read_parameters
from meritline.appraisal.own.cases import plain_cases, run_cases
from meritline.documents import Document, Table
from meritline.documents.table import nearest_first
from meritline.errors import Problem
from meritline_sdk import Text
from meritline_sdk.formulas import FormulaError, FormulaProblem, measure_of
from meritline_sdk.model.expressions import ExpressionError
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import Change, Complete, Measure, Ratio, side_tallies, timed, value_kind
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.records import KEY, DeclarationError, RecordDeclaration
from meritline_sdk.model.units import COUNT, HOURS, PERCENT, PERCENTAGE_POINT, UNITS, Direction, Unit

OWN = "own"
PREFIX = f"{OWN}."
MOST_SAMPLE = 1_000_000


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """A checked indicator of the company's own, not yet kept. ``golden`` are its cases as plain JSON."""

    indicator: Indicator
    parameters: Mapping[str, Scalar]
    golden: tuple[Mapping[str, Any], ...] = ()
    document: Document = field(default_factory=lambda: Document({}))

    @property
    def key(self) -> str:
        """Its full name."""
        return f"{PREFIX}{self.indicator.key}"


def read_own(document: Document, records: Mapping[str, RecordDeclaration], zone: str | None = None, *,
             run: bool = True) -> tuple[OwnDraft | None, list[Problem]]:
    """The indicator, or everything that is wrong with it; its golden cases are run."""
    problems: list[Problem] = []
    table = Table(document, problems)
    key = own_key(table)
    title, note = table.title(), table.title("note")
    if title is None:
        table.report("E-DOC-MISSING", "title")
    unit = table.choice("unit", UNITS, required=True)
    better = table.choice("better", [each.value for each in Direction], required=True)
    sample = table.whole("minimum_sample", default=1)
    measure = read_formula(table, records)
    inner, golden = table.table("parameters"), plain_cases(table, "golden", zone)
    table.finish()
    if key is None or title is None or unit is None or better is None or measure is None or sample is None:
        return None, problems
    indicator = declared(table, key, title, measure, UNITS[unit], Direction(better), sample, note)
    if indicator is None:
        return None, problems
    parameters = read_parameters(inner, f"{PREFIX}{key}", indicator) if inner else {}
    if run and not problems:
        problems.extend(run_cases(indicator, golden, records, document))
    draft = OwnDraft(indicator, MappingProxyType(parameters), golden, document)
    return (None if any(one.severity == "error" for one in problems) else draft), problems


def own_key(table: Table) -> str | None:
    """The name without the company's own prefix, which may be written or not."""
    written = table.text("indicator", required=True)
    if written is None:
        return None
    short = written.removeprefix(PREFIX)
    if KEY.fullmatch(short):
        return short
    code = "E-INDICATOR-SHADOW" if "." in short and KEY.fullmatch(short.rpartition(".")[2]) else "E-DOC-KEY"
    table.report(code, "indicator", value=written, short=short.rpartition(".")[2])
    return None


def read_formula(table: Table, records: Mapping[str, RecordDeclaration], key: str = "formula") -> Measure | None:
    """The measure of a formula."""
    written = table.raw(key, required=True)
    if written is None:
        return None
    if not isinstance(written, str):
        table.report("E-INDICATOR-FORMULA", key, value=type(written).__name__)
        return None
    try:
        return measure_of(written, records)
    except FormulaError as wrong:
        table.problems.extend(formula_problem(table, key, each) for each in wrong.problems)
    return None


def formula_problem(table: Table, key: str, found: FormulaProblem) -> Problem:
    """A mistake of a formula as a problem of its document."""
    at = Text(f"line {found.line}, column {found.column}", f"第 {found.line} 行第 {found.column} 列")
    return table.document.problem(found.code, (*table.path, key), value=found.value, at=at, formula_line=found.line,
                                  formula_column=found.column, **{"reason": "?", **found.params})


def declared(table: Table, key: str, title: Text, measure: Measure, unit: Unit, better: Direction, sample: int,
             note: Text | None) -> Indicator | None:
    """The declaration, where the measure can give the unit."""

    def of(chosen: Unit) -> Indicator:
        return Indicator(key, title, measure, chosen, better, min(sample, MOST_SAMPLE), note)

    try:
        found = of(unit)
        found.parameters()
    except DeclarationError:
        table.report("E-INDICATOR-UNIT", "unit", value=unit.key, reason=nature(measure),
                     known=nearest_first(unit.key, possible(of)) or ("—",))
        return None
    except ExpressionError as wrong:
        at = Text("line 1, column 1", "第 1 行第 1 列")
        table.report("E-FORMULA-MEANING", "formula", value=key, at=at, reason=str(wrong))
        return None
    return found


def nature(measure: Measure) -> Text:
    """What sort of number the measure gives."""
    base = measure.measure if isinstance(measure, Change) else measure
    if isinstance(measure, Change) and measure.relative:
        return Text("a relative change is a percentage", "相对变化是百分比")
    if isinstance(base, Complete):
        return Text("it says yes or no", "其结果为是或否")
    if isinstance(base, Ratio):
        return ratio_nature(base)
    if value_kind(base) is Kind.DURATION:
        return Text("it measures a length of time", "其结果为时长")
    if isinstance(measure, Change):
        return Text("it is a difference", "其结果为差值")
    return Text("it is a plain number, not a length of time or a share", "其结果为普通数字，不是时长或占比")


def ratio_nature(ratio: Ratio) -> Text:
    """What a quotient is, by what is above and below the line."""
    above, below = (any(timed(each) for each in side_tallies(side)) for side in (ratio.numerator, ratio.denominator))
    if below and not above:
        return Text("a number divided by a length of time has no unit: keep the time as a number of minutes",
                    "数字除以时长没有单位：请用数字字段保存分钟数")
    if above and not below:
        return Text("a length of time divided by a number is a length of time", "时长除以数字仍为时长")
    return Text("it divides like by like, which is no length of time", "同类相除，结果不是时长")


def possible(of: Any) -> list[str]:
    """The units that the measure can give."""
    found = []
    for unit in UNITS.values():
        try:
            of(unit)
        except DeclarationError:
            continue
        found.append(unit.key)
    return found


def probable_unit(formula: str, records: Mapping[str, RecordDeclaration]) -> str:
    """A unit that the formula can give, for a trial that names none."""
    try:
        measure = measure_of(formula, records)
    except FormulaError:
        return COUNT.key

    def of(unit: Unit) -> Indicator:
        return Indicator("trial", Text("Trial", "试算"), measure, unit, Direction.NEITHER)

    found = possible(of)
    likely = (PERCENT,) if isinstance(measure, Ratio) else ()
    return next((unit.key for unit in (*likely, HOURS, COUNT, PERCENTAGE_POINT) if unit.key in found), COUNT.key)

"""A scheme as written. Decides its keys, and finds every mistake of a document in one pass.

A document may begin from a template: ``template = "appliance_repair.engineers"`` takes everything from it that the
document does not say itself; ``item`` and ``event`` replace the template's as a whole.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from meritline.appraisal.documents.export import scheme_document
from meritline.appraisal.documents.grades import read_grades
from meritline.appraisal.documents.quantities import quantity
from meritline.appraisal.documents.rules import NONE, read_rule
from meritline.documents import Document, Table
from meritline.documents.table import nearest_first
from meritline.errors import Problem
from meritline_sdk import DeclarationError, Event, Item, Part, PeriodKind, Ranking, Scheme, SubjectKind
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.rated import RatedIndicator
from meritline_sdk.model.rules import Rule, ToTarget
from meritline_sdk.model.schemes import MISSING_POLICIES, MUST_SUM_TO_100, OWN, READ_FROM, RENORMALISE, WEIGHT_CHOICES
from meritline_sdk.model.sets import short

type Indicators = Mapping[str, AnyIndicator]
NOTHING: Mapping[str, Scheme] = MappingProxyType({})
HIGHEST_PLACES, HEAVIEST = 4, 10**6


@dataclass(frozen=True, slots=True)
class SchemeDraft:
    """A scheme that reads well, not yet anybody's."""

    scheme: Scheme
    valid_from: date
    document: Document


def read_scheme(document: Document, indicators: Indicators,
                templates: Mapping[str, Scheme] = NOTHING) -> tuple[SchemeDraft | None, list[Problem]]:
    """The scheme and all problems of its document; the scheme is None where one of them is an error."""
    problems: list[Problem] = []
    document = on_template(document, templates, problems)
    table = Table(document, problems)
    table.raw("template")
    key, valid_from = table.key("scheme", required=True), table.day("valid_from", required=True)
    given = read_head(table) | {
        "items": tuple(read_item(one, indicators) for one in table.tables("item", required=True)),
        "events": tuple(read_event(one, indicators) for one in table.tables("event")),
    }
    grades = table.table("grades")
    given["grades"] = read_grades(grades, given["floor"], given["cap"]) if grades else None  # type: ignore[arg-type]
    table.finish()
    check_whole(table, given)
    if problems or key is None or valid_from is None:
        return None, problems
    try:
        return SchemeDraft(Scheme(key=key, **given), valid_from, document), problems  # type: ignore[arg-type]
    except DeclarationError as wrong:
        table.report("E-DOC-DECLARATION", "scheme", value=key, reason=wrong)
        return None, problems


def on_template(document: Document, templates: Mapping[str, Scheme], problems: list[Problem]) -> Document:
    """The document laid over the template it names, if it names one."""
    name = document.data.get("template")
    if name is None:
        return document
    if name not in templates:
        problems.append(document.problem("E-SCHEME-TEMPLATE", ("template",), value=name,
                                         known=nearest_first(str(name), templates)))
        return document
    return Document({**scheme_document(templates[name]), **document.data}, document.file, document.lines)


def read_head(table: Table) -> dict[str, object]:
    """Everything of a scheme that is not a line."""
    subject = table.choice("subject", SubjectKind) or SubjectKind.EMPLOYEE
    positions = table.texts("for_positions")
    if positions and subject == SubjectKind.COMPANY:
        table.report("E-SCHEME-POSITIONS", "for_positions", value=positions, subject=subject)
    ranking = table.table("ranking")
    return {
        "title": table.title(default=str(table.data.get("scheme") or "scheme")),
        "subject": SubjectKind(subject),
        "period": PeriodKind(table.choice("period", PeriodKind) or PeriodKind.MONTH),
        "for_positions": positions,
        "weights": table.choice("weights", WEIGHT_CHOICES, default=MUST_SUM_TO_100),
        "missing": table.choice("not_measured", MISSING_POLICIES, default=RENORMALISE),
        "pass_score": table.number("pass_score"),
        "floor": None if table.raw("floor") == NONE else table.number("floor", default=Decimal(0)),
        "cap": None if table.raw("cap") == NONE else table.number("cap"),
        "places": read_places(table),
        "ranking": Ranking(read_ranking(ranking)) if ranking else Ranking(),
    }


def read_places(table: Table) -> int:
    """To how many decimals the score is rounded."""
    places = table.whole("places", default=2)
    if places is not None and places > HIGHEST_PLACES:
        table.report("E-DOC-MOST", "places", value=places, limit=HIGHEST_PLACES)
    return 2 if places is None else places


def read_ranking(table: Table) -> int:
    """The sample below which a subject is scored but not ranked."""
    least = table.whole("minimum_sample", default=0)
    table.finish()
    return least or 0


def read_item(table: Table, indicators: Indicators) -> Item | None:
    """One weighted line, or None with its problems reported."""
    before = len(table.problems)
    name = table.text("indicator")
    parts = [read_part(one, indicators) for one in table.tables("part")]
    if (name is None) != bool(parts):
        table.report("E-ITEM-PARTS", "indicator", value=name)
    rule, target = read_points(table, name, indicators) if name and not parts else (None, None)
    given = {
        "weight": table.number("weight", required=True, least=0, most=HEAVIEST),
        "dimension": table.title("dimension"),
        "minimum_sample": table.whole("minimum_sample"),
        "missing": table.choice("not_measured", MISSING_POLICIES),
        "read_from": table.choice("read_from", READ_FROM, default=OWN),
        "title": table.title(default=None),
        "key": table.key("key", required=bool(parts)) or (short(name) if name else ""),
    }
    if parts and given["title"] is None:
        table.report("E-DOC-MISSING", "title")
    table.finish()
    if len(table.problems) != before:
        return None
    return built(table, lambda: Item(name, rule=rule, target=target, parts=tuple(parts), **given))  # type: ignore[arg-type]


def read_part(table: Table, indicators: Indicators) -> Part | None:
    """One indicator inside a composite item."""
    before = len(table.problems)
    name, weight = table.text("indicator", required=True), table.number("weight", required=True, above=0)
    rule, target = read_points(table, name, indicators) if name else (None, None)
    table.finish()
    if len(table.problems) != before or name is None or weight is None or rule is None:
        return None
    return built(table, lambda: Part(name, weight, rule, target))


def read_event(table: Table, indicators: Indicators) -> Event | None:
    """Something added to or taken from the total."""
    before = len(table.problems)
    name = table.text("indicator", required=True)
    rule, target = read_points(table, name, indicators) if name else (None, None)
    title, read_from = table.title(), table.choice("read_from", READ_FROM, default=OWN)
    key = table.key("key") or (short(name) if name else "")
    table.finish()
    if len(table.problems) != before or name is None or rule is None:
        return None
    return built(table, lambda: Event(name, rule, title, read_from or OWN, target, key))


def built[T](table: Table, make: Callable[[], T]) -> T | None:
    """The value; what the language itself refuses is a problem of the document like any other."""
    try:
        return make()
    except DeclarationError as wrong:
        table.report("E-DOC-DECLARATION", reason=wrong)
        return None


def read_points(table: Table, name: str, indicators: Indicators) -> tuple[Rule | None, Decimal | None]:
    """Rule and target of an indicator, both in its unit."""
    rule = table.table("rule", required=True)
    table.raw("target")
    indicator = indicators.get(name)
    if indicator is None:
        table.report("E-INDICATOR-UNKNOWN", "indicator", value=name, known=nearest_first(name, indicators)[:3])
        return None, None
    if isinstance(indicator, RatedIndicator) and indicator.needs_name:
        table.report("E-INDICATOR-UNNAMED", "indicator", value=name)
    target = quantity(table, "target", indicator.unit, name)
    found = read_rule(rule, indicator.unit, indicator.better, name) if rule else None
    if found is not None and found.needs_target and not table.has("target"):
        table.report("E-TARGET-MISSING", "target", kind=found.kind)
    if isinstance(found, ToTarget) and target is not None and target <= 0:
        table.report("E-DOC-ABOVE", "target", value=target, limit=0)
    return found, target


def check_whole(table: Table, given: dict[str, object]) -> None:
    """What only the whole shows: lines that stand twice, and the sum of the weights."""
    items, events = given["items"], given["events"]
    assert isinstance(items, tuple) and isinstance(events, tuple)  # noqa: PT018
    seen: set[str] = set()
    for where, lines in (("item", items), ("event", events)):
        for place, line in enumerate(lines):
            if line is not None and line.name() in seen:
                named = "key" if table.document.at((where, place, "key")) else "indicator"
                table.report("E-SCHEME-TWICE", where, place, named, value=line.name())
            seen |= {line.name()} if line is not None else set()
    if table.has("item") and not items:
        table.report("E-SCHEME-EMPTY", "item")
    if not items or None in items:
        return
    total = sum((item.weight for item in items), Decimal(0))
    last = ("item", len(items) - 1, "weight")
    if given["weights"] == MUST_SUM_TO_100 and total != 100:
        code = "E-SCHEME-WEIGHTS" if total < 100 else "E-SCHEME-WEIGHTS-OVER"
        table.report(code, *last, total=total, difference=abs(100 - total))
    elif total == 0:
        table.report("E-SCHEME-WEIGHTS-ZERO", *last)

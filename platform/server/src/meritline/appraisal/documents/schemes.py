"""A scheme as written. Decides its keys, and finds every mistake of a document in one pass.

A document may begin from a template: ``template = "appliance_repair.s01"`` takes everything from it that the document
does not say itself; ``item`` and ``event`` replace the template's as a whole, ``[blanks]`` fills its blanks, and
``[schemes]`` says what the company calls the schemes whose scores it takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from meritline.appraisal.documents.blanks import Filled, Said, filled_document, number, open_problems, require_order
from meritline.appraisal.documents.contradictions import check_lines
from meritline.appraisal.documents.export import scheme_document
from meritline.appraisal.documents.grades import read_grades
from meritline.appraisal.documents.items import Items, read_event, read_policies, read_veto
from meritline.appraisal.documents.points import Indicators
from meritline.appraisal.documents.renaming import RENAMED, renamed
from meritline.appraisal.documents.rules import NONE
from meritline.appraisal.documents.weighing import check_heaviest, check_weights, read_dimensions
from meritline.documents import Document, Table
from meritline.documents.table import nearest_first
from meritline.errors import Problem
from meritline_sdk import DeclarationError, PeriodKind, Ranking, Scheme, SubjectKind
from meritline_sdk.model.blanks import Blank, open_blanks
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.schemes import (
    ANY_EMPLOYMENT,
    EMPLOYMENTS,
    MISSING_POLICIES,
    MUST_SUM_TO_100,
    RENORMALISE,
    UNDECIDED,
    WEIGHT_CHOICES,
)  # fmt: skip

type Records = Mapping[str, RecordDeclaration]
NOTHING: Mapping[str, Scheme] = MappingProxyType({})
NO_RECORDS: Records = MappingProxyType({})
HIGHEST_PLACES = 4


@dataclass(frozen=True, slots=True)
class SchemeDraft:
    """A scheme that reads well, not yet anybody's."""

    scheme: Scheme
    valid_from: date
    document: Document


def read_scheme(document: Document, indicators: Indicators, templates: Mapping[str, Scheme] = NOTHING, *,
                records: Records = NO_RECORDS, blanks_stay: bool = False) -> tuple[SchemeDraft | None, list[Problem]]:
    """The scheme and all problems of its document; the scheme is None where one of them is an error.

    ``records`` tell the limits of the fields that are judged. With ``blanks_stay`` an open blank is no problem.
    """
    problems: list[Problem] = []
    whole = on_template(document, templates, problems)
    table = Table(whole, problems)
    table.raw("template")
    table.raw("blanks")
    table.raw(RENAMED)
    key, valid_from = table.key("scheme", required=True), table.day("valid_from", required=True)
    given = read_head(table)
    dimensions = read_dimensions(table.tables("dimension"))
    tables = table.tables("item", required=True)
    items = Items(tables, indicators, tuple(str(one.data.get("key")) for one in table.tables("dimension"))).read()
    events = tuple(read_event(one, indicators) for one in table.tables("event"))
    vetoes = tuple(read_veto(one, indicators) for one in table.tables("veto"))
    grades = table.table("grades")
    bands = read_grades(grades, given["floor"], given["cap"], indicators) if grades else None  # type: ignore[arg-type]
    table.finish()
    check_lines(table, {"item": items, "event": events, "veto": vetoes}, indicators, records)
    lines = {"items": items, "events": events, "vetoes": vetoes}
    if table.has("item") and not items:
        table.report("E-SCHEME-EMPTY", "item")
    if items and None not in items and len(dimensions) == len(table.tables("dimension")):
        found = tuple(one for one in items if one is not None)
        check_weights(table, found, dimensions, str(given["weights"]), given["weight_tolerance"],  # type: ignore[arg-type]
                      may_be_open=blanks_stay)
        check_heaviest(table, found, dimensions, given["heaviest"])  # type: ignore[arg-type]
    problems = [*problems, *([] if blanks_stay else open_problems(whole))]
    if any(one.severity == "error" for one in problems) or key is None or valid_from is None:
        return None, problems
    try:
        scheme = Scheme(key=key, **lines, grades=bands, dimensions=dimensions, **given)  # type: ignore[arg-type]
    except DeclarationError as wrong:
        return None, [*problems, whole.problem("E-DOC-DECLARATION", ("scheme",), value=key, reason=wrong)]
    return SchemeDraft(scheme, valid_from, whole), problems


def on_template(document: Document, templates: Mapping[str, Scheme], problems: list[Problem]) -> Filled:
    """The document laid over the template it names, if it names one, with its blanks filled."""
    name = document.data.get("template")
    if name is None:
        return laid(document.data, document, {}, problems)
    if not isinstance(name, str) or name not in templates:
        problems.append(document.problem("E-SCHEME-TEMPLATE", ("template",), value=name,
                                         known=nearest_first(str(name), templates)[:5] or ["—"]))
        return filled_document(document.data, document, {}, problems)
    template = templates[name]
    merged = {**scheme_document(template), **document.data}
    return laid(merged, document, {one.key: one for one in open_blanks(template)}, problems)


def laid(merged: Mapping[str, Any], given: Document, blanks: Mapping[str, Blank], problems: list[Problem]) -> Filled:
    """The merged document with the company's keys and numbers."""
    own, places = renamed(merged, given, problems)
    return replace(filled_document(own, given, blanks, problems), renamings=places)


def read_head(table: Table) -> dict[str, object]:
    """Everything of a scheme that is not a line."""
    subject = table.choice("subject", SubjectKind) or SubjectKind.EMPLOYEE
    positions = table.texts("for_positions")
    if positions and subject == SubjectKind.COMPANY:
        table.report("E-SCHEME-POSITIONS", "for_positions", value=positions, subject=subject)
    ranking = table.table("ranking")
    floor, cap = liftable(table, "floor", Decimal(0)), liftable(table, "cap", None)
    passing = number(table, "pass_score")
    require_order(table, "floor", "cap", floor, cap)
    require_order(table, "pass_score", "cap", passing, cap)
    return {
        "title": table.title(default=str(table.data.get("scheme") or "scheme")),
        "subject": SubjectKind(subject),
        "period": read_period(table),
        "for_positions": positions,
        "for_employment": table.choice("for_employment", EMPLOYMENTS, default=ANY_EMPLOYMENT),
        "weights": read_weights(table),
        "weight_tolerance": number(table, "weight_tolerance", least=0, most=1, default=Decimal(0)),
        "heaviest": table.texts("heaviest"),
        "missing": table.choice("not_measured", MISSING_POLICIES, default=RENORMALISE),
        "policies": read_policies(table.table("policies")),
        "least_measured": number(table, "least_measured", least=0, most=100),
        "pass_score": passing, "floor": floor, "cap": cap,
        "additions_cap": number(table, "additions_cap", least=0),
        "deductions_cap": number(table, "deductions_cap", least=0),
        "places": read_places(table),
        "ranking": Ranking(read_ranking(ranking)) if ranking else Ranking(),
    }


def liftable(table: Table, key: str, default: Decimal | None) -> Said | None:
    """A limit that ``"none"`` lifts."""
    return None if table.raw(key) == NONE else number(table, key, default=default)


def read_weights(table: Table) -> str | None:
    """What is done where the weights miss 100; a printed scheme may leave that open."""
    if table.data.get("weights") == UNDECIDED:
        table.has("weights")
        return UNDECIDED
    return table.choice("weights", WEIGHT_CHOICES, default=MUST_SUM_TO_100)


def read_period(table: Table) -> PeriodKind:
    """How long a period is; each has its end in the calendar."""
    found = table.raw("period")
    if found is not None and (not isinstance(found, str) or found not in tuple(PeriodKind)):
        table.report("E-SCHEME-PERIOD", "period", value=found)
        found = None
    return PeriodKind(found or PeriodKind.MONTH)


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

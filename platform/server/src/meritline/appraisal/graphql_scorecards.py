"""What GraphQL shows of results: scorecards, score lines, readings, and the ways to find them."""

from collections.abc import Mapping
from typing import Any

from meritline.appraisal.graphql_explanation import explained_line, explained_score
from meritline.errors import MeritlineError
from meritline.graphql.kit import (
    Column,
    Computed,
    Embedded,
    Filter,
    GlobalId,
    Object,
    Order,
    RequestContext,
    Through,
    ToMany,
    ToOne,
    Translated,
    Visible,
    words,
)
from meritline.graphql.kit.paging import DEFAULT_FIRST, Arguments, page_size, root_first, root_page
from meritline.graphql.kit.statements import total_order
from meritline.tenancy.visibility import LED_DEPARTMENTS, OWN_SUBJECT, SUPERIORS, TEAM_SUBJECT

ScorecardState = words(
    "ScorecardState",
    "How whole a scorecard is.",
    {
        "complete": "Every line has a reading.",
        "incomplete": "Some lines have none; the scheme says what that means.",
        "not_measured": "No line has one, so there is no score.",
    },
)
ReadingState = words(
    "ReadingState",
    "What became of a reading. Not measured is not zero.",
    {
        "measured": "There is a value.",
        "not_measured": "There was nothing to measure.",
        "sample_too_small": "There were too few records.",
        "failed": "It could not be computed.",
        "waived": "It was set aside, with a reason.",
    },
)

SUBJECT = Object(
    name="Subject",
    description="Who or what is appraised, as named when it was computed.",
    fields=(
        Column("kind", "SubjectKind!", "Employee, department or company."),
        Column("code", "String!", "Employee number, department code, or the company's key."),
        Column("name", "String!", "The name at that time."),
        ToOne("employee", "Employee", "The employee, where it is one.",
              key="case when {t}.subject_kind = 'employee' then {t}.subject_id end"),
        ToOne("department", "Department", "The department, where it is one.",
              key="case when {t}.subject_kind = 'department' then {t}.subject_id end"),
    ),
)  # fmt: skip
SUBJECT_COLUMNS = {"kind": "{t}.subject_kind", "code": "{t}.subject_code", "name": "{t}.subject_name"}

GRADE = Object(
    name="Grade",
    description="The grade that a score falls into.",
    fields=(
        Column("key", "String!", "Its short name in the scheme.", sql="{t}.grade"),
        Translated("name", "What it is called.", en="{t}.grade_title_en", zh="{t}.grade_title_zh"),
    ),
)

READING = Object(
    name="Reading",
    description="An indicator's value for one subject and period.",
    fields=(
        Column("state", "ReadingState!", "What became of it.", sql="{t}.reading_state"),
        Column("value", "Decimal", "The value, to ten places.", sql="trim_scale({t}.reading_value)"),
        Column("exact", "String", "The value without rounding, as a fraction or a decimal.", sql="{t}.reading_exact"),
        Column("numerator", "String", "What was divided."),
        Column("denominator", "String", "By what."),
        Column("sampleSize", "Int", "How many records stand behind it."),
        Column("reason", "String", "Why there is no value: no_records, not_delivered, no_ratings, overflow, "
               "plugin_raised, answer_unit ..., or the words of whoever waived it.", sql="{t}.reading_reason"),
        Embedded("entered", "EnteredReading", "Who gave it by hand, or waived it; null: it comes from records or "
                 "ratings.", null_without="by"),
    ),
)

ENTERED_READING = Object(
    name="EnteredReading",
    description="The figure or waiver that stands instead of what the records give.",
    fields=(
        Column("by", "String!", "Who entered it.", sql="({t}.entered::json ->> 'by')"),
        Column("at", "DateTime!", "When.", sql="({t}.entered::json ->> 'at')::timestamptz"),
        Column("source", "String", "Where the figure comes from; null: it is a waiver.",
               sql="({t}.entered::json ->> 'source')"),
        Column("note", "String", "What was said with it.", sql="({t}.entered::json ->> 'note')"),
        Column("numerator", "String", "What was divided, where a quotient was entered."),
        Column("denominator", "String", "By what."),
        Column("version", "Int!", "Which version of the figure it was.", sql="({t}.entered::json ->> 'version')::int"),
        Column("recordsState", "ReadingState", "What became of the reading that the records give; null: none is there.",
               sql="({t}.entered::json ->> 'records_state')"),
        Column("recordsValue", "String", "What the records give instead, exact: a whole number or a fraction.",
               sql="({t}.entered::json ->> 'records_value')"),
    ),
)  # fmt: skip

SCORED_INDICATOR = Object(
    name="ScoredIndicator",
    description="The indicator of a line, as it was when the line was computed.",
    fields=(
        Column("key", "String!", "Its full name.", sql="{t}.indicator_key"),
        Translated("title", "What it was called.", en="{t}.title_en", zh="{t}.title_zh"),
        Column("unit", "String!", "What its readings are measured in."),
        Column("direction", "BetterDirection!", "Which way is better."),
        Column("definitionHash", "String", "The hash of the definition that was computed with."),
        ToOne("current", "Indicator", "The indicator as the company has it now.",
              key="{t}.indicator_key", on="{t}.key"),
    ),
)  # fmt: skip

SCORE_LINE = Object(
    name="ScoreLine",
    description="One line of a scorecard: a reading, its raw points and its weighted points.",
    table="score_line",
    key_type="uuid.int",
    key_columns=("{t}.scorecard_id", "{t}.position"),
    visible=Through("Scorecard", "{t}.scorecard_id"),
    fields=(
        GlobalId(),
        Column("position", "Int!", "Where it stands, from 0."),
        Column("kind", "LineKind!", "A weighted item or an event."),
        Column("key", "String!", "Its name within the scheme."),
        Translated("title", "What it is called.", en="{t}.title_en", zh="{t}.title_zh"),
        Translated("dimension", "The dimension it belongs to.", en="{t}.dimension",
                   zh="coalesce({t}.dimension_zh, {t}.dimension)", nullable=True),
        Embedded("indicator", "ScoredIndicator", "The indicator; null for a composite item.", null_without="key"),
        Column("target", "Decimal", "The target.", sql="trim_scale({t}.target)"),
        Column("targetText", "String", "The target with its unit."),
        Embedded("reading", "Reading!", "What was measured."),
        Column("rawPoints", "Decimal", "The points by the rule, for display.", sql="trim_scale({t}.raw_points)"),
        Column("rawPointsExact", "String", "The same without rounding."),
        Column("weight", "Decimal", "The weight in the scheme.", sql="trim_scale({t}.weight)"),
        Column("effectiveWeight", "String", "The weight that counted, exact, as a share.",
               sql="{t}.effective_weight_exact"),
        Column("weightedPoints", "Decimal", "What the line adds to the score, for display.",
               sql="trim_scale({t}.weighted_points)"),
        Column("weightedPointsExact", "String", "The same without rounding."),
        Column("policy", "String", "What was done for want of a reading."),
        explained_line,
        ToOne("scorecard", "Scorecard", "The scorecard it stands on.", key="{t}.scorecard_id"),
    ),
    order=(Order("position", "{t}.position", "int"),),
)  # fmt: skip

SCORECARD = Object(
    name="Scorecard",
    description="One subject's result in a cycle.",
    table="scorecard",
    # Only the run that its cycle points to: older runs stay, and are not shown as results.
    where="exists (select 1 from cycle shown where shown.tenant_id = {tenant} and shown.id = {t}.cycle_id "
          "and shown.run_id = {t}.run_id)",
    visible=Visible(
        action="scorecards:read",
        team=f"{TEAM_SUBJECT} or ({{t}}.department_id in {LED_DEPARTMENTS} and {{t}}.subject_id not in {SUPERIORS})",
        own=OWN_SUBJECT,
    ),
    fields=(
        GlobalId(),
        Column("period", "String!", "The appraised period: 2026-05, 2026-Q2 or 2026."),
        Column("schemeKey", "String!", "The scheme that appraised."),
        Embedded("subject", "Subject!", "Who or what was appraised.", sql=SUBJECT_COLUMNS),
        Column("departmentCode", "String", "The department at that time."),
        Column("score", "Decimal", "The score, rounded once as the scheme says; null: not measured.",
               sql="trim_scale({t}.score)"),
        Column("exactScore", "String", "The score before rounding."),
        Embedded("grade", "Grade", "The grade.", null_without="key"),
        Column("rank", "Int", "The place among the ranked; null: not ranked."),
        Column("rankedAmong", "Int", "How many were ranked."),
        Column("state", "ScorecardState!", "How whole it is."),
        Column("passed", "Boolean", "Whether the pass score was reached, where the scheme has one."),
        Column("daysEmployed", "Int", "The days under the scheme in the period, of an employee."),
        Column("periodDays", "Int", "The days of the period; with fewer days under the scheme it is a part of it."),
        Column("digest", "String!", "The digest of the result."),
        explained_score,
        ToMany("lines", "ScoreLine", "Its lines, in the order of the scheme.",
               on="{t}.scorecard_id", order=("{t}.position",)),
        ToOne("cycle", "Cycle", "The cycle.", key="{t}.cycle_id"),
        ToOne("schemeVersion", "SchemeVersion", "The version of the scheme that appraised.",
              key="{t}.scheme_version_id"),
        ToOne("department", "Department", "The department at that time.", key="{t}.department_id"),
    ),
    order=(
        Order("period", "{t}.period", "text", descending=True),
        Order("scheme", "{t}.scheme_key", "text"),
        Order("rank", "{t}.rank", "int", nullable=True),
        Order("subject", "{t}.subject_code", "text"),
    ),
    orders=(
        Order("RANK", "{t}.rank", "int", "By place.", nullable=True),
        Order("SCORE", "{t}.score", "numeric", "By score.", nullable=True),
        Order("SUBJECT", "{t}.subject_code", "text", "By employee number or department code."),
        Order("PERIOD", "{t}.period", "text", "By period."),
    ),
    filters=(
        # The run is asked for at once: its cards are then read by their index, the best first, and not all sorted.
        Filter("period", "String", "({t}.period = {value} and {t}.run_id = (select shown.run_id from cycle shown "
               "where shown.tenant_id = {tenant} and shown.period = {value}))", "Of this period."),
        Filter("scheme", "String", "{t}.scheme_key = {value}", "By this scheme."),
        Filter("subjectKind", "SubjectKind", "{t}.subject_kind = {value}", "Of this kind of subject."),
        Filter("subjectCodes", "[String!]", "{t}.subject_code = any({value})", "Of these numbers or codes."),
        Filter("department", "String", "{t}.department_code = {value}", "Of people in this department at the time."),
        Filter("grade", "String", "{t}.grade = {value}", "With this grade."),
        Filter("state", "ScorecardState", "{t}.state = {value}", "In this state."),
        Filter("ranked", "Boolean", "{t}.ranked = {value}", "Ranked, or not."),
        Filter("scoreAtLeast", "Decimal", "{t}.score >= {value}", "With at least this score."),
        Filter("scoreBelow", "Decimal", "{t}.score < {value}", "With less than this score."),
    ),
)  # fmt: skip


def exactly(**filters: str) -> tuple[tuple[str, object], ...]:
    """Conditions on scorecards by the names of their filters."""
    known = {each.name: each.sql for each in SCORECARD.filters} | {"code": "{t}.subject_code = {value}"}
    return tuple((known[name], value) for name, value in filters.items())


async def scorecard_by_key(
    _: Mapping[str, Any],
    context: RequestContext,
    *,
    scheme: str,
    period: str,
    employee_no: str | None = None,
    department_code: str | None = None,
) -> Any:
    """The scorecard of a subject by the names that people use."""
    if employee_no is not None and department_code is not None:
        raise MeritlineError("E-SUBJECT-ONE", field="employeeNo")
    if employee_no is not None:
        subject = {"subjectKind": "employee", "code": employee_no}
    elif department_code is not None:
        subject = {"subjectKind": "department", "code": department_code}
    else:
        subject = {"subjectKind": "company"}
    asked = Arguments(
        first=1, filters=exactly(scheme=scheme, period=period, **subject), order=total_order(SCORECARD, ())
    )
    return await root_first(context, context.declarations.classes["Scorecard"], asked)


async def leaderboard(
    _: Mapping[str, Any],
    context: RequestContext,
    *,
    scheme: str,
    period: str,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> Any:
    """The ranked scorecards of a scheme, best first."""
    order = (Order("rank", "{t}.rank", "int", nullable=True), Order("subject", "{t}.subject_code", "text"))
    filters = (*exactly(scheme=scheme, period=period), ("{t}.ranked = {value}", True))
    asked = Arguments(first=page_size(first), after=after, filters=filters, order=total_order(SCORECARD, order))
    return await root_page(context, context.declarations.classes["Scorecard"], asked)


SCORECARD_BY_KEY = Computed(
    "scorecardByKey",
    "Scorecard",
    "The scorecard of an employee, of a department, or (with neither) of the company.",
    resolve=scorecard_by_key,
)
LEADERBOARD = Computed(
    "leaderboard", "ScorecardConnection!", "The ranked scorecards of a scheme, best first.", resolve=leaderboard
)

"""What GraphQL shows of appraisals: cycles, runs and ratings; schemes and scorecards stand beside this file."""

from collections.abc import Mapping
from typing import Any

from meritline.appraisal.graphql_drafts import DRAFT_OBJECTS
from meritline.appraisal.graphql_explanation import EXPLANATION_OBJECTS
from meritline.appraisal.graphql_figures import ENTERED_FIGURE, ENTERED_FIGURE_VERSION, FigureKind
from meritline.appraisal.graphql_schemes import (
    INDICATOR,
    REWARD_PIN,
    SCHEME,
    SCHEME_ITEM,
    SCHEME_PIN,
    SCHEME_VERSION,
    BetterDirection,
    IndicatorKind,
    LineKind,
    PeriodKind,
    SubjectKind,
)
from meritline.appraisal.graphql_scorecards import (
    ENTERED_READING,
    GRADE,
    LEADERBOARD,
    READING,
    SCORE_LINE,
    SCORECARD,
    SCORECARD_BY_KEY,
    SCORED_INDICATOR,
    SUBJECT,
    ReadingState,
    ScorecardState,
)
from meritline.appraisal.graphql_templates import (
    SCHEME_TEMPLATE,
    SCHEME_TEMPLATES,
    TEMPLATE_BLANK,
    TEMPLATE_LINE,
    TEMPLATE_NOTE,
    OfferKind,
)  # fmt: skip
from meritline.appraisal.graphql_trial import TRIAL, TRIAL_LOOK, TRIAL_READING
from meritline.graphql.kit import (
    Column,
    Computed,
    Connected,
    Filter,
    GlobalId,
    Module,
    Object,
    Order,
    RequestContext,
    RootById,
    RootConnection,
    Through,
    ToMany,
    ToOne,
    Visible,
    words,
)
from meritline.jobs import failure
from meritline.tenancy.visibility import TEAM_SUBJECT

CycleState = words(
    "CycleState",
    "How far a cycle is.",
    {
        "open": "Opened, nothing computed yet.",
        "running": "A run is under way; nothing else may change it.",
        "computed": "Has results that may still be computed anew.",
        "locked": "Its results are final; nothing is computed in it any more.",
        "published": "Published; its results never change.",
    },
)
RunState = words(
    "RunState",
    "How far a run is.",
    {
        "queued": "Waits for a worker.",
        "running": "Is being computed.",
        "complete": "Everything was computed.",
        "partial": "Computed, but some readings failed.",
        "failed": "Nothing was computed; see its error.",
    },
)


def run_error(needed: Mapping[str, Any], context: RequestContext) -> str | None:
    """Why a run failed, in the reader's language."""
    return failure.text_of(needed["error"], context.language) if needed["error"] else None


RUN = Object(
    name="Run",
    description="One computation of a cycle. What it wrote never changes; the cycle points to the one that counts.",
    table="run",
    visible=Visible(action="cycles:read"),
    fields=(
        GlobalId(),
        Column("number", "Int!", "Counts the runs of the cycle."),
        Column("state", "RunState!", "How far it is."),
        Column("asOf", "DateTime!", "The moment it looks from."),
        Column("knownAt", "DateTime!", "Records known at this moment count."),
        Column("engine", "String!", "What computed it."),
        Column("inputDigest", "String", "The digest of what went in."),
        Column("resultDigest", "String", "The digest of what came out: the same input gives the same."),
        Column("subjects", "Int!", "How many scorecards it made."),
        Computed("error", "String", "Why it failed; of a partial run, what could not be computed.",
                 resolve=run_error, needs={"error": "{t}.error"}),
        Column("createdAt", "DateTime!", "When it was asked for."),
        Column("startedAt", "DateTime", "When a worker began."),
        Column("finishedAt", "DateTime", "When it was done."),
        ToMany("schemes", "RunScheme", "What it was computed with.", on="{t}.run_id", order=("{t}.scheme_key",)),
        ToOne("cycle", "Cycle", "The cycle.", key="{t}.cycle_id"),
    ),
    order=(Order("number", "{t}.number", "int", descending=True),),
)

RUN_SCHEME = Object(
    name="RunScheme",
    description="A scheme as a run computed with it.",
    table="run_scheme",
    visible=Through("Run", "{t}.run_id"),
    fields=(
        GlobalId(),
        Column("schemeKey", "String!", "The scheme."),
        Column("schemeHash", "String!", "The hash of its whole definition."),
        Column("rewardHash", "String", "The hash of its reward table; null: it had none."),
        Column("definitions", "JSON!", "Indicator to the hash of its definition, parameters and minimum sample."),
        Column("calendarHash", "String", "The hash of the company's calendar."),
        ToOne("schemeVersion", "SchemeVersion", "The version, with the day from which it decides.",
              key="{t}.scheme_version_id"),
        ToOne("rewardTableVersion", "RewardTableVersion", "The version of its reward table; null: it had none.",
              key="{t}.reward_table_version_id"),
    ),
    order=(Order("scheme", "{t}.scheme_key", "text"),),
)

CYCLE = Object(
    name="Cycle",
    description="One appraisal of the company for a period, over all its schemes.",
    table="cycle",
    visible=Visible(action="cycles:read"),
    fields=(
        GlobalId(),
        Column("period", "String!", "2026-05, 2026-Q2 or 2026."),
        Column("periodKind", "PeriodKind!", "How long it is."),
        Column("startsAt", "DateTime!", "When the period begins."),
        Column("endsAt", "DateTime!", "When it ends, exclusive."),
        Column("state", "CycleState!", "How far it is."),
        Column("version", "Int!", "Counts the changes of its state."),
        ToOne("run", "Run", "The run whose results count.", key="{t}.run_id"),
        ToMany("runs", "Run", "All runs, the newest first.", on="{t}.cycle_id", order=("{t}.number desc",)),
        Connected("scorecards", "Scorecard", "Its scorecards.", on="{t}.cycle_id"),
    ),
    order=(Order("period", "{t}.period", "text", descending=True),),
    orders=(Order("PERIOD", "{t}.period", "text", "By period."),),
    filters=(
        Filter("periods", "[String!]", "{t}.period = any({value})", "Of one of these periods."),
        Filter("state", "CycleState", "{t}.state = {value}", "In this state."),
    ),
)

NOBODY = "'00000000-0000-0000-0000-000000000000'::uuid"
# Among colleagues only the rater knows whose voice it is, and keys that act for no person: HR, admin, auditor.
KNOWS_RATER = f"({{t}}.rater_role <> 'peer' or {{t}}.rater_id = {{employee}} or {{employee}} = {NOBODY})"
ABOUT_ME = "({t}.subject_kind = 'employee' and {t}.subject_id = {employee})"

RATING = Object(
    name="Rating",
    description="A number that a person gave.",
    table="rating",
    # A rated person sees ratings in the score line alone: a single voice is nobody's business but its owner's, and a
    # manager's own team has the manager in it.
    visible=Visible(
        action="ratings:read", team=f"(({TEAM_SUBJECT}) and not {ABOUT_ME}) or {{t}}.rater_id = {{employee}}",
        own="{t}.rater_id = {employee}",
    ),
    fields=(
        GlobalId(),
        Column("period", "String!", "The rated period."),
        Column("schemeKey", "String!", "The scheme that asks for it."),
        Column("indicatorKey", "String!", "The rated indicator."),
        Column("subjectKind", "SubjectKind!", "Whom it rates."),
        Column("raterRole", "String!", "In which role."),
        Column("value", "Decimal!", "The number.", sql="trim_scale({t}.value)"),
        Column("scaleMin", "Decimal!", "The least of the scale.", sql="trim_scale({t}.scale_min)"),
        Column("scaleMax", "Decimal!", "The most of the scale.", sql="trim_scale({t}.scale_max)"),
        Column("comment", "String", "What was said with it."),
        Column("reference", "String", "Whose voice it is, where that is no employee: customer, sampled record ..."),
        Column("submittedBy", "String!", "The key that entered it; of colleagues told to themselves and HR.",
               sql=f"case when {KNOWS_RATER} then {{t}}.submitted_by else '' end"),
        Column("submittedAt", "DateTime!", "When."),
        Column("version", "Int!", "The version that a change must name."),
        ToOne("employee", "Employee", "The rated employee.",
              key="case when {t}.subject_kind = 'employee' then {t}.subject_id end"),
        ToOne("department", "Department", "The rated department.",
              key="case when {t}.subject_kind = 'department' then {t}.subject_id end"),
        ToOne("rater", "Employee", "Who rated, where it is an employee; a colleague is told to that colleague and HR.",
              key=f"case when {KNOWS_RATER} then {{t}}.rater_id end"),
    ),
    order=(Order("submittedAt", "{t}.submitted_at", "timestamptz", descending=True),),
    filters=(
        Filter("period", "String", "{t}.period = {value}", "Of this period."),
        Filter("scheme", "String", "{t}.scheme_key = {value}", "For this scheme."),
        Filter("indicator", "String", "{t}.indicator_key = {value}", "Of this indicator."),
        Filter("employee", "ID", "{t}.subject_kind = 'employee' and {t}.subject_id = {value}",
               "Of this employee.", of="Employee"),
    ),
)  # fmt: skip


MODULE = Module(
    objects=(
        INDICATOR, SCHEME, SCHEME_VERSION, SCHEME_PIN, REWARD_PIN, SCHEME_ITEM, CYCLE, RUN, RUN_SCHEME, SCORECARD,
        SCORE_LINE, SUBJECT, GRADE, READING, ENTERED_READING, SCORED_INDICATOR, *EXPLANATION_OBJECTS, RATING,
        ENTERED_FIGURE,
        ENTERED_FIGURE_VERSION, TRIAL, TRIAL_READING, TRIAL_LOOK, SCHEME_TEMPLATE, TEMPLATE_BLANK, TEMPLATE_LINE,
        TEMPLATE_NOTE, *DRAFT_OBJECTS,
    ),
    enums=(
        SubjectKind, PeriodKind, BetterDirection, IndicatorKind, LineKind, CycleState, RunState, ScorecardState,
        ReadingState, FigureKind, OfferKind,
    ),
    queries=(
        SCHEME_TEMPLATES,
        RootConnection("indicators", "Indicator", "What the company measures."),
        RootConnection("schemes", "Scheme", "The company's schemes."),
        RootConnection("schemeDrafts", "SchemeDraft", "The schemes that are being written."),
        RootConnection("cycles", "Cycle", "The company's appraisals, the newest first."),
        RootById("cycle", "Cycle", "One cycle by its id."),
        RootConnection("scorecards", "Scorecard", "The scorecards that the viewer may see."),
        RootById("scorecard", "Scorecard", "One scorecard by its id."),
        SCORECARD_BY_KEY,
        LEADERBOARD,
        RootConnection("ratings", "Rating", "The ratings that the viewer may see."),
        RootConnection("enteredFigures", "EnteredFigure", "What was entered by hand, as far as the viewer may see it."),
    ),
)  # fmt: skip

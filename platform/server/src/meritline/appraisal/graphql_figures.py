"""What GraphQL shows of entered figures: the present one of each reading, and every version that stood before it."""

from meritline.graphql.kit import Column, Filter, GlobalId, Object, Order, Through, ToMany, ToOne, Visible, words
from meritline.tenancy.visibility import OWN_SUBJECT, TEAM_SUBJECT

FigureKind = words(
    "FigureKind",
    "What was entered.",
    {
        "ratio": "A numerator and a denominator.",
        "value": "A value as a whole.",
        "waiver": "That the reading is set aside.",
    },
)
CONTENT = (
    Column("kind", "FigureKind!", "What was entered."),
    Column("numerator", "Decimal", "What is divided.", sql="trim_scale({t}.numerator)"),
    Column("denominator", "Decimal", "By what.", sql="trim_scale({t}.denominator)"),
    Column("value", "Decimal", "The value, in the indicator's unit.", sql="trim_scale({t}.value)"),
    Column("sample", "Int", "How many cases it rests on, where that is known."),
    Column("source", "String", "Where it comes from; null: it is a waiver."),
    Column("note", "String", "What was said with it; of a waiver or a withdrawal the reason."),
    Column("withdrawn", "Boolean!", "Whether it no longer stands."),
    Column("enteredBy", "String!", "Who entered it.", sql="{t}.entered_name"),
    Column("enteredAt", "DateTime!", "When."),
    Column("version", "Int!", "The version; a change must name the one it saw."),
)
ENTERED_FIGURE = Object(
    name="EnteredFigure",
    description="A figure that somebody entered for what no system counts, or a waiver of a reading.",
    table="entered_figure",
    visible=Visible(action="figures:read", team=TEAM_SUBJECT, own=OWN_SUBJECT),
    fields=(
        GlobalId(),
        Column("period", "String!", "The period it is of."),
        Column("indicatorKey", "String!", "The indicator."),
        Column("subjectKind", "SubjectKind!", "Whose reading it is."),
        Column("subjectCode", "String!", "Employee number, department code, or the company's key."),
        *CONTENT,
        ToOne("employee", "Employee", "The employee, where it is one.",
              key="case when {t}.subject_kind = 'employee' then {t}.subject_id end"),
        ToOne("department", "Department", "The department, where it is one.",
              key="case when {t}.subject_kind = 'department' then {t}.subject_id end"),
        ToMany("history", "EnteredFigureVersion", "Every version, the newest first.",
               on="{t}.figure_id", order=("{t}.version desc",)),
    ),
    order=(
        Order("period", "{t}.period", "text", descending=True),
        Order("indicator", "{t}.indicator_key", "text"),
        Order("subject", "{t}.subject_code", "text"),
    ),
    filters=(
        Filter("period", "String", "{t}.period = {value}", "Of this period."),
        Filter("indicator", "String", "{t}.indicator_key = {value}", "Of this indicator."),
        Filter("subjectKind", "SubjectKind", "{t}.subject_kind = {value}", "Of this kind of subject."),
        Filter("subjectCodes", "[String!]", "{t}.subject_code = any({value})", "Of these numbers or codes."),
        Filter("kind", "FigureKind", "{t}.kind = {value}", "Of this kind."),
        Filter("withdrawn", "Boolean", "{t}.withdrawn = {value}", "Standing, or not."),
    ),
)  # fmt: skip
ENTERED_FIGURE_VERSION = Object(
    name="EnteredFigureVersion",
    description="A figure as it once stood; never changed.",
    table="entered_figure_history",
    visible=Through("EnteredFigure", "{t}.figure_id"),
    fields=CONTENT,
    order=(Order("version", "{t}.version", "int", descending=True),),
)

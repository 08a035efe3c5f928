"""What GraphQL shows of schemes and indicators: what the company measures, and how a reading becomes points."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from meritline.appraisal.graphql_trial import sentence_of, told_fields
from meritline.graphql.kit import (
    Column,
    Computed,
    Filter,
    GlobalId,
    Object,
    Order,
    RequestContext,
    ToMany,
    ToOne,
    Translated,
    Visible,
    words,
)
from meritline.graphql.kit.language import LanguageChoice
from meritline_sdk.model.canonical import parse
from meritline_sdk.model.schemes import Scheme

SubjectKind = words(
    "SubjectKind",
    "Who or what is appraised.",
    {"employee": "An employee.", "department": "A department (team).", "company": "The company itself."},
)
PeriodKind = words(
    "PeriodKind", "How long a period is.", {"month": "A month.", "quarter": "A quarter.", "year": "A year."}
)
BetterDirection = words(
    "BetterDirection",
    "Which way a reading is better.",
    {"higher": "More is better.", "lower": "Less is better.", "neither": "Neither is better by itself.",
     "range": "What lies within limits is best."},
)
IndicatorKind = words(
    "IndicatorKind",
    "Where a reading comes from.",
    {"measured": "From service records.", "rated": "From people's ratings."},
)
LineKind = words(
    "LineKind",
    "What a line of a scheme or scorecard is.",
    {"item": "A weighted item.", "event": "Something added to, or taken from, the total."},
)

DEFINITION = "(select body.body from definition body where body.tenant_id = {{t}}.tenant_id and body.hash = {{t}}.{})"
HASH = DEFINITION.format("definition_hash")
AT_PRESENT = """(
    select latest.id from {table}_version latest
    where latest.tenant_id = {{t}}.tenant_id and latest.{table}_id = {{t}}.id and latest.valid_from <= {{today}}
    order by latest.valid_from desc, latest.version desc limit 1)"""

TOLD = told_fields(HASH)


def changes_of(needed: Mapping[str, Any], context: RequestContext, language: LanguageChoice | None = None) -> list[str]:
    """What a version of a scheme or reward table changes of the one before."""
    # Imported late: most requests ask for no differences.
    from meritline_sdk.explain.differences import pin_differences, scheme_differences, table_differences

    if needed["before"] is None:
        return []
    old, new = parse(needed["before"]), parse(needed["body"])
    known = {**context.platform.catalogue.indicators(), **{key: parse(body) for key, body in pairs(needed["own"])}}
    differences = scheme_differences if isinstance(new, Scheme) else table_differences
    told = context.language_or(language)
    return [*differences(old, new, known, told),
            *pin_differences(dict(pairs(needed["pins_before"])), dict(pairs(needed["pins"])), known, told)]


def pairs(found: Any) -> Iterable[tuple[str, str]]:
    """What ``json_object_agg`` gave, as a text or as a value."""
    return (json.loads(found) if isinstance(found, str) else found or {}).items()  # type: ignore[no-any-return]


INDICATOR = Object(
    name="Indicator",
    description="A definition of what is measured, as the company has it.",
    table="indicator",
    visible=Visible(action="schemes:read"),
    fields=(
        GlobalId(),
        Column("key", "String!", "Its full name: set.key."),
        Column("setKey", "String", "The indicator set it came with; null: the company's own."),
        Translated("title", "What it is called.", en="{t}.title_en", zh="{t}.title_zh"),
        Column("unit", "String!", "What a reading is measured in."),
        Column("direction", "BetterDirection!", "Which way is better."),
        Column("kind", "IndicatorKind!", "Where a reading comes from."),
        Column("minimumSample", "Int!", "With fewer records a reading is 'sample too small'."),
        Column("definitionHash", "String!", "The hash of its definition; whatever was computed names it."),
        Column("definition", "JSON!", "The definition, canonical.", sql=HASH),
        Column("parameters", "JSON!", "What the company has set."),
        Column("version", "Int!", "Counts the company's changes."),
        *TOLD,
    ),
    where="not {t}.retired",
    order=(Order("key", "{t}.key", "text"),),
    orders=(Order("KEY", "{t}.key", "text", "By its full name."),),
    filters=(
        Filter("keys", "[String!]", "{t}.key = any({value})", "One of these."),
        Filter("own", "Boolean", "({t}.set_key is null) = {value}", "Declared by the company itself, or not."),
        Filter("setKey", "String", "{t}.set_key = {value}", "Came with this set."),
        Filter("kind", "IndicatorKind", "{t}.kind = {value}", "Of this kind."),
    ),
)

SCHEME_ITEM = Object(
    name="SchemeItem",
    description="One line of a scheme version.",
    table="scheme_item",
    visible=Visible(action="schemes:read"),
    fields=(
        GlobalId(),
        Column("position", "Int!", "Where it stands, from 0."),
        Column("kind", "LineKind!", "A weighted item or an event."),
        Column("key", "String!", "Its name within the scheme."),
        Column("indicatorKey", "String", "The indicator; null for a composite item."),
        Column("dimension", "String", "The dimension it belongs to."),
        Column("weight", "Decimal", "Its weight.", sql="trim_scale({t}.weight)"),
        Column("target", "Decimal", "The target, in the indicator's unit.", sql="trim_scale({t}.target)"),
        Column("targetUnit", "String", "The unit of the target."),
        Column("rule", "JSON!", "How a reading becomes points."),
        ToOne("indicator", "Indicator", "The indicator as the company has it now.",
              key="{t}.indicator_key", on="{t}.key"),
    ),
    order=(Order("position", "{t}.position", "int"),),
)  # fmt: skip

BEFORE = """(
    select body.body from {table}_version earlier
    join definition body on body.tenant_id = earlier.tenant_id and body.hash = earlier.definition_hash
    where earlier.tenant_id = {{t}}.tenant_id and earlier.{table}_id = {{t}}.{table}_id
      and earlier.version < {{t}}.version
    order by earlier.version desc limit 1)"""
PINS = """(
    select json_object_agg(pin.indicator_key, pin.definition_hash) from {table}_version_definition pin
    where pin.tenant_id = {{t}}.tenant_id and pin.{table}_version_id = {{t}}.id)"""
PINS_BEFORE = """(
    select json_object_agg(pin.indicator_key, pin.definition_hash) from {table}_version_definition pin
    where pin.tenant_id = {{t}}.tenant_id and pin.{table}_version_id = (
        select earlier.id from {table}_version earlier
        where earlier.tenant_id = {{t}}.tenant_id and earlier.{table}_id = {{t}}.{table}_id
          and earlier.version < {{t}}.version
        order by earlier.version desc limit 1))"""
OWN_TITLES = """(
    select json_object_agg(own.key, body.body) from indicator own
    join definition body on body.tenant_id = own.tenant_id and body.hash = own.definition_hash
    where own.tenant_id = {t}.tenant_id and own.set_key is null)"""


def changes_needed(table: str) -> dict[str, str]:
    """What ``changes_of`` looks at, of a version of this kind."""
    return {"body": HASH, "before": BEFORE.format(table=table), "own": OWN_TITLES, "pins": PINS.format(table=table),
            "pins_before": PINS_BEFORE.format(table=table)}


def pinned(table: str, version: str) -> Object:
    """The definitions that a version of this kind was saved with."""
    return Object(
        name=f"{version}Definition",
        description="The definition of an indicator that the version was saved with; an upgrade does not change it.",
        table=f"{table}_version_definition",
        visible=Visible(action="schemes:read"),
        fields=(
            GlobalId(),
            Column("indicatorKey", "String!", "The indicator's full name."),
            Column("setKey", "String!", "The set that brought it."),
            Column("plugin", "String", "The plugin that brought it; null where that was never noted."),
            Column("pluginVersion", "String", "In which version."),
            Column("definitionHash", "String!", "The hash of the definition."),
            Column("definition", "JSON!", "The definition, canonical.", sql=HASH),
            Computed("sentence", "String!", "What it measures, in words.", resolve=sentence_of, needs={"body": HASH}),
        ),
        order=(Order("indicator_key", "{t}.indicator_key", "text"),),
    )


SCHEME_PIN = pinned("scheme", "SchemeVersion")
REWARD_PIN = pinned("reward_table", "RewardTableVersion")

SCHEME_VERSION = Object(
    name="SchemeVersion",
    description="A scheme as it was from some day on; never changed once made.",
    table="scheme_version",
    visible=Visible(action="schemes:read"),
    fields=(
        GlobalId(),
        Column("version", "Int!", "Counts the versions of the scheme."),
        Column("validFrom", "Date!", "The first day it decides."),
        Column("definitionHash", "String!", "The hash of the whole definition."),
        Column("definition", "JSON!", "The whole definition, canonical.", sql=HASH),
        Column("createdAt", "DateTime!", "When it was saved."),
        Column("createdBy", "String!", "Who saved it."),
        ToOne("scheme", "Scheme", "The scheme.", key="{t}.scheme_id"),
        Computed("changes", "[String!]!", "What it changes of the version before, as sentences; none for the first.",
                 resolve=changes_of,
                 needs=changes_needed("scheme")),
        ToMany("items", "SchemeItem", "Its items and events.", on="{t}.scheme_version_id", order=("{t}.position",)),
        Column("snapshotHash", "String!", "The hash of all definitions that it was saved with."),
        ToMany("definitions", "SchemeVersionDefinition", "What it reads of sets, as it was when it was saved.",
               on="{t}.scheme_version_id", order=("{t}.indicator_key",)),
    ),
    order=(Order("version", "{t}.version", "int", descending=True),),
)

SCHEME = Object(
    name="Scheme",
    description="Indicators, targets, rules and weights for a position or kind of subject.",
    table="scheme",
    visible=Visible(action="schemes:read"),
    fields=(
        GlobalId(),
        Column("key", "String!", "The short name by which it is called."),
        Translated("title", "What it is called.", en="{t}.title_en", zh="{t}.title_zh"),
        Column("subjectKind", "SubjectKind!", "Whom it appraises."),
        Column("periodKind", "PeriodKind!", "How often."),
        Column("version", "Int!", "The version that a change must name."),
        ToOne("current", "SchemeVersion", "The version that decides today.", key=AT_PRESENT.format(table="scheme")),
        ToMany("versions", "SchemeVersion", "All versions, the newest first.",
               on="{t}.scheme_id", order=("{t}.version desc",)),
    ),
    order=(Order("key", "{t}.key", "text"),),
    orders=(Order("KEY", "{t}.key", "text", "By its short name."),),
    filters=(
        Filter("keys", "[String!]", "{t}.key = any({value})", "One of these."),
        Filter("subjectKind", "SubjectKind", "{t}.subject_kind = {value}", "Appraises this kind of subject."),
    ),
)  # fmt: skip

"""What GraphQL tells of an indicator before and after it is used: sentence, formula, the readings of a trial."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from meritline.appraisal.own.drafts import OwnDraft
from meritline.appraisal.own.telling import Records, defined, formula_of, needed, told
from meritline.graphql.kit import Column, Computed, Object, RequestContext
from meritline.graphql.kit.declare import Field
from meritline.graphql.kit.language import LanguageChoice
from meritline_sdk.model.functions import PythonMeasure
from meritline_sdk.model.indicators import Indicator

if TYPE_CHECKING:
    from meritline.appraisal.own.trial import Looked, Trial
    from meritline.appraisal.run.subjects import Appraised
    from meritline.measuring.evidence import Evidence
    from meritline_sdk.evaluate.readings import Reading


def sentence_of(needs: Mapping[str, Any], context: RequestContext, language: LanguageChoice | None = None) -> str:
    """The indicator as a sentence."""
    from meritline_sdk.explain import sentence

    return sentence(defined(needs["body"]), context.language_or(language), context.platform.catalogue.records)


def formula_text(needs: Mapping[str, Any], context: RequestContext) -> str | None:
    """The formula; a rated indicator has none, nor what a function computes."""
    found = defined(needs["body"])
    if not isinstance(found, Indicator) or isinstance(found.measure, PythonMeasure):
        return None
    return formula_of(found, context.platform.catalogue.records)


def fields_of(needs: Mapping[str, Any], _: RequestContext) -> list[str]:
    """What its records must bring."""
    found = defined(needs["body"])
    return list(needed(found)) if isinstance(found, Indicator) else []


def told_fields(body: str) -> tuple[Field, ...]:
    """What an indicator tells of itself; ``body`` is its definition."""
    needs = {"body": body}
    return (
        Computed("sentence", "String!", "What it measures, in words.", resolve=sentence_of, needs=needs),
        Computed("formula", "String", "The same as a formula that saveIndicator takes; null for ratings and for what a "
                 "function computes.",
                 resolve=formula_text, needs=needs),
        Computed("fieldsNeeded", "[String!]!", "The fields that its records must bring, as record_type.field.",
                 resolve=fields_of, needs=needs),
        Column("goldenCases", "JSON!", "The cases it was saved with: records and the reading they give.",
               sql="{t}.golden"),
    )  # fmt: skip


TRIAL = Object(
    name="IndicatorTrial",
    description="What a formula says, and what it found in a period.",
    fields=(
        Column("formula", "String!", "The formula in its one spelling."),
        Column("sentenceEn", "String!", "What it measures, in English."),
        Column("sentenceZh", "String!", "What it measures, in Chinese."),
        Column("unit", "String!", "What its readings are measured in."),
        Column("recordTypes", "[String!]!", "The record types it looks at."),
        Column("fieldsNeeded", "[String!]!", "The fields that its records must bring, as record_type.field."),
        Column("period", "String!", "The period it was tried on."),
        Column("subjects", "Int!", "How many subjects were asked for."),
        Column("states", "JSON!", "How many readings are in which state."),
        Column("recordsOf", "String", "Whose records are shown."),
        Column("moreRecords", "Boolean!", "Whether there are more of them."),
    ),
)
TRIAL_READING = Object(
    name="TrialReading",
    description="What one subject would have read.",
    fields=(
        Column("subjectKind", "SubjectKind!", "Who it is: an employee, a department, the company."),
        Column("subjectCode", "String!", "The employee number, the department's code, the company's key."),
        Column("subjectName", "String!", "The name."),
        Column("state", "ReadingState!", "What became of it."),
        Column("reason", "String", "Why there is no value."),
        Column("value", "Decimal", "The value, to ten places."),
        Column("exact", "String", "The value without rounding."),
        Column("numerator", "String", "What was divided."),
        Column("denominator", "String", "By what."),
        Column("sampleSize", "Int", "How many records stand behind it."),
    ),
)
TRIAL_LOOK = Object(
    name="TrialLook",
    description="What one part of a formula looked at, in the whole company.",
    fields=(
        Column("recordType", "String!", "The record type."),
        Column("periodsBefore", "Int!", "How many periods before the one that was asked for."),
        Column("records", "Int!", "How many records lie in the period."),
        Column("met", "Int!", "How many of them meet the condition."),
        Column("unknown", "Int!", "Of how many that cannot be said, since they lack a field; they do not count."),
    ),
)


def trial_values(context: RequestContext, draft: OwnDraft, found: "Trial", records: Records) -> dict[str, Any]:
    """A trial as the values of its payload."""
    words = told(draft.indicator, records)
    behind = None if found.behind is None else found.behind.subject.key
    return {
        "trial": {
            "formula": words.formula, "sentenceEn": words.sentence_en, "sentenceZh": words.sentence_zh,
            "unit": draft.indicator.unit.key, "recordTypes": list(words.record_types),
            "fieldsNeeded": list(words.fields), "period": found.period, "subjects": found.total,
            "states": json.dumps(found.states), "recordsOf": behind, "moreRecords": found.records.more,
        },
        "readings": [reading_values(*each) for each in found.subjects],
        "looked": [look_values(each) for each in found.looked],
        "records": [record_values(context, found.records.record_type, each) for each in found.records.records],
    }  # fmt: skip


def reading_values(who: "Appraised", reading: "Reading") -> dict[str, Any]:
    """One reading."""
    from meritline.appraisal.run.columns import exact, shown

    return {"subjectKind": who.subject.kind.value, "subjectCode": who.subject.key, "subjectName": who.name,
            "state": reading.state, "reason": reading.reason, "value": shown(reading.value),
            "exact": exact(reading.value), "numerator": exact(reading.numerator),
            "denominator": exact(reading.denominator), "sampleSize": reading.sample}  # fmt: skip


def look_values(one: "Looked") -> dict[str, Any]:
    """What was looked at."""
    return {"recordType": one.record_type, "periodsBefore": one.earlier, "records": one.records, "met": one.met,
            "unknown": one.unknown}  # fmt: skip


def record_values(context: RequestContext, record_type: str, one: "Evidence") -> dict[str, Any]:
    """A record behind a reading."""
    # Imported late: that file is of a room that imports this one.
    from meritline.appraisal.graphql_evidence import brought, column_of, plain

    declaration = context.platform.catalogue.records[record_type]
    fields = context.platform.catalogue.shown(
        record_type, {spec.name: plain(one.fields.get(column_of(spec))) for spec in declaration.fields})
    return {"recordType": record_type, "source": one.source, "externalId": one.external_id, "version": one.version,
            "at": one.at if isinstance(one.at, datetime) else None, "recordedAt": None,
            "fields": json.dumps(fields, default=str, ensure_ascii=False), "share": str(one.share),
            "value": brought(one), "met": one.met}  # fmt: skip

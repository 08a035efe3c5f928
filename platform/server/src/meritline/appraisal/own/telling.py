"""What an indicator says, told to the company before it uses it: a sentence in both languages, its formula in the one
spelling, the fields it needs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from meritline_sdk.formulas import fields_needed, record_types, text
from meritline_sdk.model.canonical import from_plain
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.records import RecordDeclaration

type Records = Mapping[str, RecordDeclaration]


@dataclass(frozen=True, slots=True)
class Told:
    """An indicator in words."""

    formula: str
    sentence_en: str
    sentence_zh: str
    record_types: tuple[str, ...]
    fields: tuple[str, ...]


def told(indicator: Indicator, records: Records) -> Told:
    """The indicator as its company is told of it."""
    from meritline_sdk.explain import sentence

    return Told(formula_of(indicator, records), sentence(indicator, "en", records), sentence(indicator, "zh", records),
                record_types(indicator.measure), needed(indicator))


def formula_of(indicator: Indicator, records: Records) -> str:
    """The formula in its one spelling."""
    return text(indicator.measure, records)


def needed(indicator: Indicator) -> tuple[str, ...]:
    """The fields that its records must bring, as ``record_type.field``."""
    return tuple(f"{record}.{name}" for record, name in fields_needed(indicator.measure))


def defined(body: str) -> AnyIndicator:
    """The indicator of a stored definition."""
    found: AnyIndicator = from_plain(json.loads(body))
    return found

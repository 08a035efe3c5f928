"""Inputs of the mutations of indicators, as the documents that a manifest would hold."""

from dataclasses import replace
from typing import Any

import strawberry

from meritline.errors import Problem

FIELDS = {"indicator": "key", "title": "title_en", "note": "note_en", "golden": "golden_cases"}
"""What a key of the document is called in the input."""


def given_of(value: Any) -> Any:
    """The value, None where it was left out."""
    return None if value is strawberry.UNSET else value


def own_document(asked: Any) -> dict[str, Any]:
    """A declaration."""
    better = given_of(asked.better)
    found = {
        "indicator": given_of(asked.key), "title": given_of(asked.title_en), "title_zh": given_of(asked.title_zh),
        "unit": given_of(asked.unit), "better": better.value if better else None, "formula": given_of(asked.formula),
        "minimum_sample": given_of(asked.minimum_sample), "note": given_of(asked.note_en),
        "note_zh": given_of(asked.note_zh), "parameters": given_of(asked.parameters),
        "golden": given_of(asked.golden_cases),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def settings_document(asked: Any) -> dict[str, Any]:
    """Settings of an indicator that is there."""
    found = {"key": asked.key, "minimum_sample": given_of(asked.minimum_sample),
             "parameters": given_of(asked.parameters)}  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def of_input(found: Problem) -> Problem:
    """The problem as the client knows its place: the field of the input, and the line of the formula."""
    name, *rest = (found.field or "").replace("[", ".[").split(".")
    field = ".".join([FIELDS.get(name, name), *rest]).replace(".[", "[") or None
    line = found.params.get("formula_line")
    return replace(found, field=field, line=line if isinstance(line, int) else found.line)



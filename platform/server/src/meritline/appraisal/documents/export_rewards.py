"""The way back: a reward table as the document that would give it. Decides only the spelling."""

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from meritline.appraisal.documents.export import plain, titled
from meritline_sdk import RewardTable, Text
from meritline_sdk.model.consequences import Coefficient, InARow, When
from meritline_sdk.model.rewards import ByGrade, RewardRule, Terms
from meritline_sdk.model.schemes import key_of

HEAD = ("key", "title")


def reward_document(table: RewardTable, valid_from: date | None = None) -> dict[str, Any]:
    """The reward table as a plain document."""
    return plain({
        "reward_table": table.key, **titled("title", table.title), "scheme": table.scheme, "valid_from": valid_from,
        "fines_confirmed": table.fines_confirmed or None,
        "terms": [terms_document(one) for one in table.terms] or None,
        "reward": [reward_rule_document(rule) for rule in table.rules],
    })  # fmt: skip


def terms_document(terms: Terms) -> dict[str, Any]:
    """One ``[[terms]]``: what it says."""
    return unlike_default(terms)


def reward_rule_document(rule: RewardRule) -> dict[str, Any]:
    """One ``[[reward]]``."""
    given: dict[str, Any] = {}
    for one in fields(rule):  # type: ignore[arg-type]
        value = getattr(rule, one.name)
        if one.name not in HEAD and (not one.metadata.get("young") or value != one.default):
            given |= spelled(one.name, value)
    if isinstance(rule, ByGrade):
        given["amounts"] = dict(rule.amounts)
    elif isinstance(rule, Coefficient):
        given["by_grade"] = dict(rule.by_grade) or None
    return {"key": rule.key, "kind": rule.kind, **titled("title", rule.title), **given}


def spelled(name: str, value: Any) -> dict[str, Any]:
    """A parameter of a rule."""
    if name == "indicator":
        return {name: key_of(value)}
    if isinstance(value, Text):
        return titled(name, value)
    if isinstance(value, When | InARow):
        return {name: unlike_default(value, "periods")}
    return {name: list(value) if isinstance(value, tuple) else value}


def unlike_default(value: Any, *always: str) -> dict[str, Any]:
    """The fields that say something."""
    assert is_dataclass(value)
    return {one.name: list(found) if isinstance(found, tuple) else found for one in fields(value)
            if (found := getattr(value, one.name)) != one.default or one.name in always}



"""The way back: a scheme or reward table as the document that would give it. Decides only the spelling."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from meritline_sdk import Event, GradeBands, Item, Part, RewardTable, Scheme, Text
from meritline_sdk.model.canonical import decimal_text
from meritline_sdk.model.rewards import ByGrade, ByRank, RewardRule
from meritline_sdk.model.rules import Bands, Rule
from meritline_sdk.model.schemes import OWN, key_of
from meritline_sdk.model.sets import short

NONE = "none"


def scheme_document(scheme: Scheme, valid_from: date | None = None) -> dict[str, Any]:
    """The scheme as a plain document."""
    ranking = {"minimum_sample": scheme.ranking.minimum_sample} if scheme.ranking.minimum_sample else None
    found = {
        "scheme": scheme.key, **titled("title", scheme.title), "subject": scheme.subject.value,
        "for_positions": list(scheme.for_positions), "valid_from": valid_from, "period": scheme.period.value,
        "weights": scheme.weights, "not_measured": scheme.missing, "pass_score": scheme.pass_score,
        "floor": NONE if scheme.floor is None else scheme.floor, "cap": scheme.cap, "places": scheme.places,
        "ranking": ranking, "item": [item_document(item) for item in scheme.items],
        "event": [event_document(event) for event in scheme.events] or None,
        "grades": None if scheme.grades is None else grades_document(scheme.grades),
    }  # fmt: skip
    return plain(found)


def item_document(item: Item) -> dict[str, Any]:
    """One ``[[item]]``."""
    return {
        "key": item.key if item.parts or item.key != short(key_of(item.indicator)) else None,
        **titled("title", item.title), "indicator": key_of(item.indicator) or None, "weight": item.weight,
        "target": item.target, "rule": rule_document(item.rule), "minimum_sample": item.minimum_sample,
        **titled("dimension", item.dimension), "not_measured": item.missing,
        "read_from": item.read_from if item.read_from != OWN else None,
        "part": [part_document(part) for part in item.parts] or None,
    }  # fmt: skip


def part_document(part: Part) -> dict[str, Any]:
    """One ``[[item.part]]``."""
    return {"indicator": key_of(part.indicator), "weight": part.weight, "target": part.target,
            "rule": rule_document(part.rule)}


def event_document(event: Event) -> dict[str, Any]:
    """One ``[[event]]``."""
    return {
        "key": event.key if event.key != short(key_of(event.indicator)) else None, **titled("title", event.title),
        "indicator": key_of(event.indicator), "target": event.target, "rule": rule_document(event.rule),
        "read_from": event.read_from if event.read_from != OWN else None,
    }  # fmt: skip


def rule_document(rule: Rule | None) -> dict[str, Any] | None:
    """``rule = { kind = ..., ... }`` with every parameter, so that no default can change its meaning later."""
    if rule is None:
        return None
    if isinstance(rule, Bands):
        limits = {decimal_text(limit): points for limit, points in rule.steps}
        way, rest = ("up_to", "beyond") if rule.closed == "upper" else ("at_least", "below")
        return {"kind": rule.kind, way: limits, rest: rule.rest, "full": rule.full}
    given = {one.name: getattr(rule, one.name) for one in fields(rule)}  # type: ignore[arg-type]
    return {"kind": rule.kind} | {name: NONE if value is None and name in ("floor", "cap") else value
                                  for name, value in given.items()}


def grades_document(grades: GradeBands) -> dict[str, Any]:
    """``[grades]`` with a limit per grade."""
    return {"reading": grades.reading, "grade": [
        {"key": grade.key, **titled("title", grade.title), "limit": grade.limit} for grade in grades.grades
    ]}  # fmt: skip


def reward_document(table: RewardTable, valid_from: date | None = None) -> dict[str, Any]:
    """The reward table as a plain document."""
    return plain({
        "reward_table": table.key, **titled("title", table.title), "scheme": table.scheme, "valid_from": valid_from,
        "reward": [reward_rule_document(rule) for rule in table.rules],
    })  # fmt: skip


def reward_rule_document(rule: RewardRule) -> dict[str, Any]:
    """One ``[[reward]]``."""
    given = {one.name: getattr(rule, one.name) for one in fields(rule) if one.name not in ("key", "title")}  # type: ignore[arg-type]
    if isinstance(rule, ByGrade):
        given["amounts"] = dict(rule.amounts)
    elif isinstance(rule, ByRank):
        given["amounts"] = list(rule.amounts)
    if "indicator" in given:
        given["indicator"] = key_of(given["indicator"])
    return {"key": rule.key, "kind": rule.kind, **titled("title", rule.title), **given}


def titled(key: str, text: Text | None) -> dict[str, str]:
    """``title`` and, where it differs, ``title_zh``."""
    return {} if text is None else {key: text.en, f"{key}_zh": text.zh} if text.zh != text.en else {key: text.en}


def plain(value: Any) -> Any:
    """Without what is absent, and without enums; whole decimals as integers."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    return value

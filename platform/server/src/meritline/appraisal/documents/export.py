"""The way back: a scheme as the document that would give it. Decides only the spelling."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from meritline_sdk import Event, GradeBands, Item, Part, Scheme, Text
from meritline_sdk.model.blanks import Blank
from meritline_sdk.model.canonical import decimal_text
from meritline_sdk.model.items import ScoreOf, Veto
from meritline_sdk.model.policies import Policies
from meritline_sdk.model.rules import Bands, Rule
from meritline_sdk.model.schemes import ANY_EMPLOYMENT, OWN, key_of
from meritline_sdk.model.sets import short
from meritline_sdk.model.weights import Dimension

NONE = "none"


def scheme_document(scheme: Scheme, valid_from: date | None = None) -> dict[str, Any]:
    """The scheme as a plain document."""
    ranking = {"minimum_sample": scheme.ranking.minimum_sample} if scheme.ranking.minimum_sample else None
    inner = Inner({item.name() for item in scheme.items})
    items = [item_document(item, inner, declared=bool(scheme.dimensions)) for item in scheme.items]
    found = {
        "scheme": scheme.key, **titled("title", scheme.title), "subject": scheme.subject.value,
        "for_positions": list(scheme.for_positions), "for_employment": said(scheme.for_employment, ANY_EMPLOYMENT),
        "valid_from": valid_from, "period": scheme.period.value, "weights": scheme.weights,
        "weight_tolerance": said(scheme.weight_tolerance, 0), "heaviest": list(scheme.heaviest) or None,
        "not_measured": scheme.missing, "policies": policies_document(scheme.policies),
        "least_measured": scheme.least_measured, "pass_score": scheme.pass_score,
        "floor": NONE if scheme.floor is None else scheme.floor, "cap": scheme.cap,
        "additions_cap": scheme.additions_cap, "deductions_cap": scheme.deductions_cap, "places": scheme.places,
        "ranking": ranking, "dimension": [dimension_document(one) for one in scheme.dimensions] or None,
        "item": [*items, *inner.documents],
        "event": [event_document(event) for event in scheme.events] or None,
        "veto": [veto_document(one) for one in scheme.vetoes] or None,
        "grades": None if scheme.grades is None else grades_document(scheme.grades),
    }  # fmt: skip
    return plain(found)


class Inner:
    """The composites inside composites, as ``[[item]]`` without a weight."""

    def __init__(self, taken: set[str]) -> None:
        self.taken, self.documents = taken, list[dict[str, Any]]()
        self.names: Iterator[str] = (f"inner_{number}" for number in range(1, 10**6))

    def named(self, part: Part) -> str:
        """The key under which the composite stands."""
        key = next(name for name in self.names if name not in self.taken)
        self.documents.append({"key": key, **titled("title", part.title),
                               "part": [part_document(one, self) for one in part.parts]})
        return key


def dimension_document(one: Dimension) -> dict[str, Any]:
    """One ``[[dimension]]``."""
    return {"key": one.key, **titled("title", one.title), "weight": one.weight, "inner": one.inner or None}


def item_document(item: Item, inner: Inner, *, declared: bool = False) -> dict[str, Any]:
    """One ``[[item]]``."""
    named = {"dimension": item.dimension} if isinstance(item.dimension, str) else titled(
        "dimension", item.dimension, always=declared)
    return {
        "key": item.key if item.indicator is None or item.key not in ("", short(key_of(item.indicator))) else None,
        **titled("title", item.title), "indicator": key_of(item.indicator) or None,
        "score_of": score_of_document(item.score_of), "weight": item.weight, "target": item.target,
        "rule": rule_document(item.rule), "minimum_sample": item.minimum_sample, **named,
        "not_measured": item.missing, "policies": policies_document(item.policies),
        "read_from": said(item.read_from, OWN), "part": [part_document(part, inner) for part in item.parts] or None,
    }  # fmt: skip


def policies_document(policies: Policies) -> dict[str, Any] | None:
    """``policies = { failed = "manual" }``."""
    return {one.name: getattr(policies, one.name) for one in fields(policies)} if policies != Policies() else None


def score_of_document(found: ScoreOf | None) -> dict[str, Any] | None:
    """``score_of = { scheme = "engineers", ... }``."""
    return None if found is None else {one.name: getattr(found, one.name) for one in fields(found)}


def part_document(part: Part, inner: Inner | None = None) -> dict[str, Any]:
    """One ``[[item.part]]``; a composite inside it is named, or spelled out where there is nowhere to name it."""
    if part.parts:
        whole = {"item": inner.named(part)} if inner else {"part": [part_document(one) for one in part.parts]}
        return {**titled("title", part.title), "weight": part.weight, **whole}
    return {**titled("title", part.title), "indicator": key_of(part.indicator), "weight": part.weight,
            "target": part.target, "rule": rule_document(part.rule)}


def event_document(event: Event) -> dict[str, Any]:
    """One ``[[event]]``."""
    return {
        "key": event.key if event.key not in ("", short(key_of(event.indicator))) else None,
        **titled("title", event.title),
        "indicator": key_of(event.indicator), "target": event.target, "rule": rule_document(event.rule),
        "read_from": said(event.read_from, OWN),
    }  # fmt: skip


def veto_document(veto: Veto) -> dict[str, Any]:
    """One ``[[veto]]``."""
    return {"key": veto.key, **titled("title", veto.title), "indicator": key_of(veto.indicator), "over": veto.over,
            "score": veto.score, "read_from": said(veto.read_from, OWN)}


def rule_document(rule: Rule | None) -> dict[str, Any] | None:
    """``rule = { kind = ..., ... }`` with every parameter, so that no default can change its meaning later."""
    if rule is None:
        return None
    if isinstance(rule, Bands):
        limits = {decimal_text(limit): points for limit, points in rule.steps}
        way, rest = ("up_to", "beyond") if rule.closed == "upper" else ("at_least", "below")
        return {"kind": rule.kind, way: limits, rest: rule.rest, "full": rule.full}
    given = {one.name: getattr(rule, one.name) for one in fields(rule)  # type: ignore[arg-type]
             if not one.metadata.get("young") or getattr(rule, one.name) != one.default}
    return {"kind": rule.kind} | {name: NONE if value is None and name in ("floor", "cap") else value
                                  for name, value in given.items()}


def grades_document(grades: GradeBands) -> dict[str, Any]:
    """``[grades]`` with a limit per grade."""
    granted = [{"key": one.key, **titled("title", one.title), "indicator": key_of(one.indicator)}
               for one in grades.granted]
    return {"reading": grades.reading, "granted": granted or None, "grade": [
        {"key": grade.key, **titled("title", grade.title), "limit": grade.limit} for grade in grades.grades
    ]}  # fmt: skip


def titled(key: str, text: Text | None, *, always: bool = False) -> dict[str, str]:
    """``title`` and, where it differs, ``title_zh``."""
    return {} if text is None else {key: text.en, f"{key}_zh": text.zh} if always or text.zh != text.en else {
        key: text.en}


def said(value: Any, default: Any) -> Any:
    """What differs from the default."""
    return None if value == default else value


def blank_document(blank: Blank) -> dict[str, Any]:
    """``{ blank = "key" }`` with what is to be known of it."""
    printed = said(blank.printed, Blank(blank.key, blank.title).printed)
    return {"blank": blank.key, **titled("title", blank.title), "printed": printed, "suggested": blank.suggested,
            "taken": blank.taken or None}


def plain(value: Any) -> Any:
    """Without what is absent, and without enums; whole decimals as integers."""
    if isinstance(value, Blank):
        return plain(blank_document(value))
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    return value

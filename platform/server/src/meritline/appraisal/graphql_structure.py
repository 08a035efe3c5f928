"""Structured explanations in GraphQL: what the SDK tells of a line, as objects. Decides nothing of its own.

The structure is made once for a line, and only where a client asks for a part of it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from meritline.graphql.kit import Column, Computed, Object, RequestContext


class Lazily:
    """A structure of which each part is made when it is first asked for; ``make`` makes the part of a name."""

    __slots__ = ("_found", "_make")

    def __init__(self, make: Callable[[str], Any]) -> None:
        self._make = make
        self._found: dict[str, Any] = {}

    def part(self, name: str) -> Any:
        """One of its parts."""
        if name not in self._found:
            self._found[name] = plain(self._make(name))
        return self._found[name]


def plain(value: Any) -> Any:
    """Values of the SDK as mappings with the names of the schema."""
    if value is None or value.__class__ is str:
        return value
    if is_dataclass(value):
        return {camel(each.name): plain(getattr(value, each.name)) for each in fields(value)}
    return [plain(each) for each in value] if isinstance(value, tuple) else value


def camel(name: str) -> str:
    """``effective_weight`` as ``effectiveWeight``."""
    first, *rest = name.split("_")
    return first + "".join(each.title() for each in rest)


def told(name: str, type_: str, description: str) -> Computed:
    """A field of an explanation that is a part of its structure."""
    part = re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name)

    def resolve(needed: Mapping[str, Any], context: RequestContext) -> Any:
        return needed["structure"].part(part)

    return Computed(name, type_, description, resolve=resolve, needs={"structure": "structure"})


def inner(name: str, type_: str, description: str) -> Computed:
    """An object, or a list of them, inside a part."""

    def resolve(needed: Mapping[str, Any], context: RequestContext) -> Any:
        return needed[name]

    return Computed(name, type_, description, resolve=resolve, needs={name: name})


EXPLAINED_NUMBER = Object(
    name="ExplainedNumber",
    description="A number: exact, and with its unit as a reader sees it.",
    fields=(
        Column("exact", "String!", "A whole number, or a fraction such as 2800/34."),
        Column("text", "String!", "As a reader sees it."),
    ),
)
EXPLAINED_READING = Object(
    name="ExplainedReading",
    description="What was read, or why there is no number.",
    fields=(
        Column("state", "ReadingState!", "What became of it."),
        Column("value", "String", "The value, exact."),
        Column("unit", "String!", "What it is measured in."),
        Column("text", "String!", "With its own little formula, or why there is none."),
        Column("numerator", "String", "What was divided."),
        Column("denominator", "String", "By what."),
        Column("sampleSize", "Int", "How many records stand behind it."),
        Column("reason", "String", "Why there is no value."),
        Column("says", "String", "What a Python function computes, in its author's words."),
        Column("function", "String", "The function, as module:name."),
        Column("package", "String", "The package that holds it, with its version."),
    ),
)
RULE_PARAMETER = Object(
    name="RuleParameter",
    description="One number or choice of a rule.",
    fields=(
        Column("name", "String!", "What it is called in the scheme or table."),
        Column("value", "String!", "The number, exact, or the choice."),
    ),
)
EXPLAINED_RULE = Object(
    name="ExplainedRule",
    description="The rule that was applied.",
    fields=(
        Column("kind", "String!", "Its kind: deduct, bands, by_grade ..."),
        inner("parameters", "[RuleParameter!]!", "What it says."),
        Column("text", "String!", "What it gave, in words."),
    ),
)
EXPLAINED_POLICY = Object(
    name="ExplainedPolicy",
    description="What was done for want of a reading.",
    fields=(
        Column("policy", "String!", "renormalise, zero, full, carry, exempt, manual; nothing for an event."),
        Column("state", "ReadingState!", "The state that caused it."),
        Column("text", "String!", "In words."),
        Column("period", "String", "The period whose share was carried."),
    ),
)
EXPLAINED_LIMIT = Object(
    name="ExplainedLimit",
    description="A limit that held.",
    fields=(
        Column("kind", "String!", "floor or cap; least or most of a coefficient; left: there was no more money."),
        Column("limit", "String!", "The limit."),
        Column("before", "String!", "What there was without it."),
        Column("after", "String!", "What it left."),
    ),
)
EXPLAINED_ROUNDING = Object(
    name="ExplainedRounding",
    description="The one rounding.",
    fields=(
        Column("exact", "String!", "The exact number."),
        Column("places", "Int!", "To how many decimals."),
        Column("to", "String!", "The same as a number: 0.01."),
        Column("mode", "String!", "half_up; largest_remainder: parts of a pool, which sum exactly."),
        Column("result", "String!", "The rounded number."),
    ),
)
EXPLAINED_DIMENSION = Object(
    name="ExplainedDimension",
    description="The group of a line.",
    fields=(
        Column("title", "String!", "What it is called."),
        Column("weight", "String", "What the group is worth, where its lines are weighed among themselves."),
        Column("counting", "String", "What the weights of those of its lines that count sum to."),
    ),
)
EXPLAINED_CONDITION = Object(
    name="ExplainedCondition",
    description="Something that had to hold: a term, a condition on the scorecard, a run of periods, a reading.",
    fields=(
        Column("kind", "String!", "condition, run, reading, or the name of a term that was not met."),
        Column("holds", "Boolean!", "Whether it did."),
        Column("text", "String!", "In words, with what was found."),
    ),
)
EXPLAINED_PART = Object(
    name="ExplainedPart",
    description="One part of a composite line.",
    fields=(
        Column("title", "String!", "What it is called."),
        Column("indicator", "String", "Its indicator; null: it is made of parts itself."),
        Column("weight", "String!", "Its weight among the parts."),
        Column("full", "String!", "What its points are out of."),
        Column("formula", "String", "The formula with the numbers put in; it comes to the points."),
        Column("points", "String", "Its points, exact; null: it was left out."),
        inner("reading", "ExplainedReading", "What was read."),
        inner("target", "ExplainedNumber", "What it was compared with."),
        inner("rule", "ExplainedRule", "The rule that was applied."),
        inner("policy", "ExplainedPolicy", "What was done for want of a reading."),
        inner("limits", "[ExplainedLimit!]!", "The limits that held."),
        inner("parts", "[ExplainedPart!]!", "Its own parts."),
    ),
)
STRUCTURE_FIELDS = (
    told("formula", "String", "The formula with the numbers put in, free of language; it comes to the points."),
    told("points", "String", "The points, exact; null: there are none."),
    told("weight", "String", "The declared weight; null for an event."),
    told("weightFormula", "String", "How the effective weight came about."),
    told("effectiveWeight", "String", "What the line weighs of the whole, exact."),
    told("weightedFormula", "String", "How the weighted points came about."),
    told("weightedPoints", "String", "What the line adds to the score, exact."),
    told("reading", "ExplainedReading", "What was read; null for a composite."),
    told("target", "ExplainedNumber", "What it was compared with."),
    told("rule", "ExplainedRule", "The rule that was applied; null where there was nothing to apply it to."),
    told("dimension", "ExplainedDimension", "The group of the line."),
    told("policy", "ExplainedPolicy", "What was done for want of a reading; null: there is one."),
    told("rounding", "ExplainedRounding", "How the weighted points are printed; they are added up unrounded."),
    told("limits", "[ExplainedLimit!]!", "The limits that held."),
    told("parts", "[ExplainedPart!]!", "The parts of a composite."),
)
STRUCTURE_OBJECTS = (
    EXPLAINED_NUMBER, EXPLAINED_READING, RULE_PARAMETER, EXPLAINED_RULE, EXPLAINED_POLICY, EXPLAINED_LIMIT,
    EXPLAINED_ROUNDING, EXPLAINED_DIMENSION, EXPLAINED_CONDITION, EXPLAINED_PART,
)  # fmt: skip

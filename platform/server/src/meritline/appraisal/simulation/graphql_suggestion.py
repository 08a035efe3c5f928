"""``suggestTargets`` and ``acceptTargets``: levels that people reached, and how they become targets."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from meritline.appraisal.simulation.accepting import accept
from meritline.appraisal.simulation.levels import SHARES, Suggestion, chosen
from meritline.errors import MeritlineError
from meritline.graphql.kit import Column, Computed, Object, RequestContext, words
from meritline.graphql.kit.mutating import Keys, Mutation, mendable, user_error
from meritline_sdk.evaluate.numbers import rational_text

NoLevelReason = words(
    "NoLevelReason",
    "Why no level is suggested.",
    {
        "too_few": "Fewer than four people have a reading: a level would tell of one of them.",
        "no_direction": "Neither more nor less is better.",
        "not_own": "The line reads the department or the company, not the person.",
        "not_measured": "Nobody was measured in these months.",
    },
)


def given(value: Any) -> Any:
    """What the client gave, or nothing."""
    return None if value is strawberry.UNSET else value


async def suggestions(_: Mapping[str, Any], context: RequestContext, scheme: str | None = None,
                      indicators: list[str] | None = None, periods: list[str] | None = None,
                      first: str | None = None, to: str | None = None, months: int | None = None) -> dict[str, Any]:
    """The levels of the months that are named."""
    from meritline.appraisal.simulation.suggestion import Wanted, suggest  # with all of a run

    wanted = Wanted(scheme, indicators or (), first or "", to, months, periods or ())
    try:
        if not wanted.periods and not wanted.first:
            raise MeritlineError("E-SIMULATE-PERIODS", field="first", value="—", most=0)
        found = await suggest(context.platform.database, context.principal.tenant_id, wanted, context.now,
                              functions=context.platform.functions)
    except MeritlineError as refused:
        if not all(mendable(each) for each in refused.problems):
            raise
        return {"errors": [user_error(each, context) for each in refused.problems], "periods": [], "found": ()}
    return {"errors": [], "schemeVersion": found.version or None, "periods": list(found.periods),
            "found": found.found}


def told(needed: Mapping[str, Any], _: RequestContext) -> list[dict[str, Any]]:
    """The lines."""
    return [values_of(one) for one in needed["found"]]


def values_of(one: Suggestion) -> dict[str, Any]:
    """A line with its levels."""
    return {"line": one.line, "indicatorKey": one.indicator, "unit": one.unit, "better": one.better.value,
            "target": one.target, "sampleSize": one.readings, "people": one.people, "reached": one.reached,
            "reason": one.reason, "found": one.levels}


def levels(needed: Mapping[str, Any], _: RequestContext) -> list[dict[str, Any]]:
    """The levels of a line."""
    return [{"percent": each.percent, "value": each.value, "exact": rational_text(each.exact)}
            for each in needed["found"]]


SUGGESTED_TARGETS = Object(
    name="SuggestedTargets",
    description="Levels of past months from which targets may be taken.",
    fields=(
        Column("schemeVersion", "Int", "The version that was looked at, as acceptTargets expects it."),
        Column("periods", "[String!]!", "The months that were looked at."),
        Computed("lines", "[SuggestedTarget!]!", "Each line with an indicator.", resolve=told, needs={"found": ""}),
        Column("errors", "[UserError!]!", "What is wrong with the question."),
    ),
)
SUGGESTED_TARGET = Object(
    name="SuggestedTarget",
    description="A line with the levels of its measured readings, a month of a person each.",
    fields=(
        Column("line", "String!", "The line's key; a part of a composite as item/indicator."),
        Column("indicatorKey", "String!", "The indicator."),
        Column("unit", "String!", "What target and levels are measured in."),
        Column("better", "BetterDirection!", "Which way is better."),
        Column("target", "Decimal", "The present target."),
        Column("sampleSize", "Int!", "How many readings there are: months of people."),
        Column("people", "Int!", "Of how many people."),
        Column("reached", "Int", "How many of the readings reached the present target."),
        Column("reason", "NoLevelReason", "Why there are no levels."),
        Computed("levels", "[SuggestedLevel!]!", "The levels, the hardest first.", resolve=levels,
                 needs={"found": ""}),
    ),
)
SUGGESTED_LEVEL = Object(
    name="SuggestedLevel",
    description="The best value that at least so many of 100 readings reached, by nearest rank.",
    fields=(
        Column("percent", "Int!", "25, 50 or 75."),
        Column("value", "Decimal!", "As a target: two places at most, cut so that they still reach it."),
        Column("exact", "String!", "The reading itself, exactly."),
    ),
)
SUGGEST_TARGETS = Computed(
    "suggestTargets", "SuggestedTargets!",
    "Levels that 25, 50 and 75 % of the readings of past months reached, for a scheme's lines or for indicators.",
    resolve=suggestions, action="schemes:write",
)  # fmt: skip


@strawberry.input(description="The target of one line.")
class LineTargetInput:
    """A line's target."""

    line: str = strawberry.field(description="The line as suggestTargets names it.")
    target: Decimal = strawberry.field(description="The target, in the indicator's unit.")


@strawberry.input(description="Targets that shall hold from some day on.")
class AcceptTargetsInput:
    """What is taken over."""

    scheme: str = strawberry.field(description="The scheme, by key.")
    expected_version: int = strawberry.field(description="The version that the suggestion looked at.")
    valid_from: date = strawberry.field(description="The first day of the new version.")
    level: int | None = strawberry.field(
        default=strawberry.UNSET, description="25, 50 or 75: that level for each line that has a target."
    )
    periods: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="The months of the level, as suggestTargets was asked."
    )
    values: list[LineTargetInput] | None = strawberry.field(
        default=strawberry.UNSET, description="Targets line by line; they come before the level's."
    )


async def take_over(context: RequestContext, asked: AcceptTargetsInput) -> Mapping[str, Any]:
    """Work out the level, then save the scheme with its targets."""
    targets: dict[str, Decimal] = {}
    tenant_id, platform = context.principal.tenant_id, context.platform
    if given(asked.level) is not None:
        if asked.level not in SHARES:
            raise MeritlineError("E-SUGGEST-LEVEL", field="level", value=asked.level)
        from meritline.appraisal.simulation.suggestion import Wanted, suggest

        wanted = Wanted(asked.scheme, periods=given(asked.periods) or ())
        if not wanted.periods:
            raise MeritlineError("E-SIMULATE-PERIODS", field="periods", value="—", most=0)
        found = await suggest(platform.database, tenant_id, wanted, context.now, functions=platform.functions)
        targets |= chosen(found.found, asked.level)
    named = [one.line for one in given(asked.values) or ()]
    if twice := sorted({line for line in named if named.count(line) > 1}):
        raise MeritlineError("E-DOC-TWICE", field="values", value=twice[0])
    targets |= {one.line: one.target for one in given(asked.values) or ()}
    if not targets:
        raise MeritlineError("E-SUGGEST-NOTHING")
    async with platform.database.unit_of_work(tenant_id) as uow:
        saved = await accept(uow, context.principal.actor, platform.catalogue, asked.scheme, targets,
                             asked.valid_from, asked.expected_version)
    return {
        "scheme": Keys("{t}.key", [saved.key]),
        "targets": [{"line": line, "target": value} for line, value in targets.items()],
        "warnings": [user_error(each, context, document=True) for each in saved.warnings],
    }  # fmt: skip


TAKEN_TARGET = Object(
    name="TakenTarget",
    description="A target that was taken over.",
    fields=(
        Column("line", "String!", "The line."),
        Column("target", "Decimal!", "Its target, in the indicator's unit."),
    ),
)
ACCEPT_TARGETS = Mutation(
    name="acceptTargets",
    description="Save a scheme's next version with targets of suggested levels, everything else as it stands.",
    action="schemes:write",
    input=AcceptTargetsInput,
    returns={
        "scheme": ("Scheme", "The scheme as it stands now."),
        "targets": ("[TakenTarget!]", "The targets that were taken over."),
        "warnings": ("[UserError!]", "What to look at; the scheme was saved all the same."),
    },
    work=take_over,
)
OBJECTS = (SUGGESTED_TARGETS, SUGGESTED_TARGET, SUGGESTED_LEVEL, TAKEN_TARGET)
ENUMS = (NoLevelReason,)

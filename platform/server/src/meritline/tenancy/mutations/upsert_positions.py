"""``upsertPositions``: name positions, all of them or none."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Keys, Mutation, seen_version
from meritline.tenancy.service import upsert_positions
from meritline.tenancy.values import Position


@strawberry.input(description="A position as it shall be.")
class PositionInput:
    """A position as it shall be."""

    code: str = strawberry.field(description="The company's own code.")
    name_en: str = strawberry.field(description="Its name in English.")
    name_zh: str = strawberry.field(description="Its name in Chinese.")
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description="The version that was seen; 0 for one that is new."
    )


@strawberry.input(description="Positions; those not named stay as they are.")
class UpsertPositionsInput:
    """Positions to add and change."""

    positions: list[PositionInput] = strawberry.field(description="The positions.")


async def work(context: RequestContext, given: UpsertPositionsInput) -> Mapping[str, Any]:
    """Write them."""
    rows = [
        Position(each.code, each.name_en, each.name_zh, expected_version=seen_version(each.expected_version))
        for each in given.positions
    ]
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        await upsert_positions(uow, context.principal.actor, rows)
    return {"positions": Keys("{t}.code", [row.code for row in rows])}


UPSERT_POSITIONS = Mutation(
    name="upsertPositions",
    description="Add positions and name them. A position that upsertEmployees mentions is made by itself.",
    action="people:write",
    input=UpsertPositionsInput,
    returns={"positions": ("[Position!]", "The positions as they stand now.")},
    work=work,
)

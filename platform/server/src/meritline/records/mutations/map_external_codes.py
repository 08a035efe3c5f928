"""``mapExternalCodes``: say what outside codes mean, and when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import strawberry

from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Keys, Mutation
from meritline.records.resolve import resolve_codes
from meritline.tenancy.service import map_external_codes
from meritline.tenancy.values import ExternalCode


@strawberry.input(description="What one outside code means at some time.")
class ExternalCodeInput:
    """One meaning of one code."""

    code_space: str = strawberry.field(description="Which system's codes.")
    code: str = strawberry.field(description="The code.")
    employee: str | None = strawberry.field(default=strawberry.UNSET, description="The employee number it means.")
    department: str | None = strawberry.field(default=strawberry.UNSET, description="Or the department code.")
    valid_from: datetime | None = strawberry.field(default=strawberry.UNSET, description="From when; none: always.")
    valid_to: datetime | None = strawberry.field(default=strawberry.UNSET, description="Until when, exclusive.")


@strawberry.input(description="Codes; the rows of a code are all that it means, at all times.")
class MapExternalCodesInput:
    """Meanings of codes."""

    codes: list[ExternalCodeInput] = strawberry.field(description="The codes; those not named stay as they are.")


async def work(context: RequestContext, given: MapExternalCodesInput) -> Mapping[str, Any]:
    """Write them, and resolve again the records whose person is another one now."""
    rows = [
        ExternalCode(
            each.code_space,
            each.code,
            each.employee or None,
            each.department or None,
            each.valid_from or None,
            each.valid_to or None,
        )
        for each in given.codes
    ]
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        changed = await map_external_codes(uow, context.principal.actor, rows)
        await resolve_codes(uow, context.platform.catalogue.records, changed, now=context.now)
    return {"codes": Keys("{t}.code_space || chr(31) || {t}.code", [f"{row.code_space}\x1f{row.code}" for row in rows])}


MAP_EXTERNAL_CODES = Mutation(
    name="mapExternalCodes",
    description="Say what outside codes mean. The rows of a code replace all that it meant before.",
    action="people:write",
    input=MapExternalCodesInput,
    returns={"codes": ("[ExternalCode!]", "The codes as they stand now.")},
    work=work,
)

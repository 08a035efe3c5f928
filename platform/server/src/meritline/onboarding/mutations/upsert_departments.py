"""``upsertDepartments``: add and change departments by code, all of them or none."""

from collections.abc import Mapping
from typing import Any

import strawberry

from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Keys, Mutation, seen_version
from meritline.onboarding.newcomers import resolve_new
from meritline.tenancy.service import upsert_departments
from meritline.tenancy.values import Department


@strawberry.input(description="A department as it shall be.")
class DepartmentInput:
    """A department as it shall be."""

    code: str = strawberry.field(description="The company's own code.")
    name: str = strawberry.field(description="Its name.")
    parent: str | None = strawberry.field(default=strawberry.UNSET, description="The code of the one above.")
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description="The version that was seen; 0 for one that is new."
    )


@strawberry.input(description="Departments; those not named stay as they are.")
class UpsertDepartmentsInput:
    """Departments to add and change."""

    departments: list[DepartmentInput] = strawberry.field(description="The departments.")


async def work(context: RequestContext, given: UpsertDepartmentsInput) -> Mapping[str, Any]:
    """Write them."""
    rows = [
        Department(each.code, each.name, each.parent or None, expected_version=seen_version(each.expected_version))
        for each in given.departments
    ]
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        changes = await upsert_departments(uow, context.principal.actor, rows)
        await resolve_new(uow, context, changes)
    return {"departments": Keys("{t}.code", [row.code for row in rows])}


UPSERT_DEPARTMENTS = Mutation(
    name="upsertDepartments",
    description="Add and change departments by code, all of them or none.",
    action="people:write",
    input=UpsertDepartmentsInput,
    returns={"departments": ("[Department!]", "The departments as they stand now.")},
    work=work,
)

"""``upsertEmployees``: add and change people and where they worked, all of them or none."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from meritline.graphql.kit import RequestContext
from meritline.graphql.kit.mutating import Keys, Mutation, seen_version
from meritline.onboarding.newcomers import resolve_new
from meritline.tenancy.graphql import EmploymentStatus
from meritline.tenancy.service import upsert_employees
from meritline.tenancy.values import REGULAR, Employee, Span


@strawberry.input(description="Where an employee works from one day to before another.")
class EmploymentInput:
    """One interval."""

    valid_from: date = strawberry.field(description="The first day.")
    valid_to: date | None = strawberry.field(default=strawberry.UNSET, description="The day after the last.")
    department: str | None = strawberry.field(default=strawberry.UNSET, description="The department's code.")
    position: str | None = strawberry.field(default=strawberry.UNSET, description="The position's code.")
    manager: str | None = strawberry.field(default=strawberry.UNSET, description="The manager's employee number.")
    status: EmploymentStatus | None = strawberry.field(  # type: ignore[valid-type]
        default=strawberry.UNSET, description="Regular unless told otherwise."
    )


@strawberry.input(description="A person as they shall be.")
class EmployeeInput:
    """A person."""

    number: str = strawberry.field(description="The employee number.")
    name: str = strawberry.field(description="The name.")
    performance_pay: Decimal | None = strawberry.field(
        default=strawberry.UNSET, description="What performance pay is measured by, in the company's currency."
    )
    base_pay: Decimal | None = strawberry.field(
        default=strawberry.UNSET, description="The base pay of a month, in the company's currency."
    )
    employments: list[EmploymentInput] | None = strawberry.field(
        default=strawberry.UNSET, description="All intervals, replacing those before; not given: they stay."
    )
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description="The version that was seen; 0 for one that is new."
    )


@strawberry.input(description="People; those not named stay as they are.")
class UpsertEmployeesInput:
    """People to add and change."""

    employees: list[EmployeeInput] = strawberry.field(description="The people.")


async def work(context: RequestContext, given: UpsertEmployeesInput) -> Mapping[str, Any]:
    """Write them."""
    rows = [employee(each) for each in given.employees]
    async with context.platform.database.unit_of_work(context.principal.tenant_id) as uow:
        changes = await upsert_employees(uow, context.principal.actor, rows)
        await resolve_new(uow, context, changes)
    return {"employees": Keys("{t}.number", [row.number for row in rows])}


def employee(given: EmployeeInput) -> Employee:
    """The input as a value."""
    spans = None if not_given(given.employments) else tuple(span(each) for each in given.employments or ())
    pay = None if not_given(given.performance_pay) else given.performance_pay
    base = None if not_given(given.base_pay) else given.base_pay
    return Employee(given.number, given.name, pay, spans, base, expected_version=seen_version(given.expected_version))


def span(given: EmploymentInput) -> Span:
    """One interval as a value."""
    status: Any = given.status
    return Span(
        given.valid_from,
        given.valid_to or None,
        given.department or None,
        given.position or None,
        given.manager or None,
        status.value if status else REGULAR,
    )


def not_given(value: object) -> bool:
    """Whether the client left it out, or said null."""
    return value is strawberry.UNSET or value is None


UPSERT_EMPLOYEES = Mutation(
    name="upsertEmployees",
    description="Add and change people and where they worked, all of them or none.",
    action="people:write",
    input=UpsertEmployeesInput,
    returns={"employees": ("[Employee!]", "The people as they stand now.")},
    work=work,
)

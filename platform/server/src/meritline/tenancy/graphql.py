"""What GraphQL shows of a company: its profile, departments, positions, people, codes and sources."""

from collections.abc import Mapping
from typing import Any

from meritline.graphql.kit import (
    Column,
    Computed,
    Connected,
    Embedded,
    Filter,
    GlobalId,
    Module,
    Object,
    Order,
    RequestContext,
    RootConnection,
    ToMany,
    ToOne,
    Translated,
    Visible,
    words,
)
from meritline.graphql.kit.ids import global_id
from meritline.tenancy.visibility import LED_DEPARTMENTS, OWN_DEPARTMENTS, TEAM, present

EmploymentStatus = words(
    "EmploymentStatus",
    "Whether an employment is on trial.",
    {"regular": "A regular employment.", "probation": "The time of trial."},
)

Origin = words("Origin", "Where data were last set.", {"manifest": "By a manifest folder.", "api": "By a mutation."})

COMPANY_CALENDAR = Object(
    name="CompanyCalendar",
    description="When a company works, and by which months it counts.",
    fields=(
        Column("document", "JSON!", "The tables `calendar` and `fiscal`, as tenant.toml and `saveCalendar` have them."),
        Column("workingHours", "JSON", "The hours of each weekday, such as 09:00-12:00; null: nobody said them, and "
                                       "there is no business time."),
        Column("holidays", "[Date!]!", "The days without work."),
        Column("workingDays", "JSON", "The days with hours of their own."),
        Column("monthStart", "Int!", "The day on which months begin; a month is named by the one in which it ends."),
        Column("yearStart", "String!", "The month with which years and their quarters begin."),
    ),
)
WORK, FISCAL = "{t}.calendar::json", "{t}.fiscal::json"
CALENDAR_COLUMNS = {
    "document": "json_strip_nulls(json_build_object('calendar', {t}.calendar::json, 'fiscal', {t}.fiscal::json))::text",
    "workingHours": f"{WORK} ->> 'working_hours'",
    "holidays": "array(select each.day::date from json_array_elements_text({t}.calendar::json -> 'holidays') "
                "each (day) order by 1)",
    "workingDays": f"{WORK} ->> 'working_days'",
    "monthStart": f"coalesce(({FISCAL} ->> 'month_start')::int, 1)",
    "yearStart": f"coalesce({FISCAL} ->> 'year_start', 'january')",
}

TENANT = Object(
    name="Tenant",
    description="A company. Nothing crosses from one to another.",
    table="tenant_profile",
    key="{t}.tenant_id",
    visible=Visible(action="tenant:read"),
    fields=(
        GlobalId(),
        Column("key", "String!", "The short name by which commands call it.",
               sql="(select named.key from tenant named where named.id = {t}.tenant_id)"),
        Column("name", "String!", "The company's name."),
        Column("timeZone", "String!", "Where its days begin, such as Asia/Shanghai."),
        Column("currency", "String!", "What it pays in, by ISO 4217."),
        Column("languages", "[String!]!", "The languages it works in."),
        Column("country", "String!", "Its country by ISO 3166."),
        Embedded("calendar", "CompanyCalendar!", "When it works, and by which months it counts.", sql=CALENDAR_COLUMNS),
        Column("origin", "Origin!", "Where the profile was last set."),
        Column("version", "Int!", "The version that a change must name."),
        Column("updatedAt", "DateTime!", "When the profile was last set."),
    ),
)  # fmt: skip

DEPARTMENT = Object(
    name="Department",
    description="A department; a tree by its parents.",
    table="department",
    visible=Visible(action="people:read", team=f"{{t}}.id in {LED_DEPARTMENTS}", own=f"{{t}}.id in {OWN_DEPARTMENTS}"),
    fields=(
        GlobalId(),
        Column("code", "String!", "The company's own code."),
        Column("name", "String!", "Its name."),
        Column("version", "Int!", "The version that a change must name."),
        ToOne("parent", "Department", "The department above.", key="{t}.parent_id"),
        ToMany("children", "Department", "The departments directly below.", on="{t}.parent_id", order=("{t}.code",)),
        Connected("employees", "Employee", "Who works here now.", on=present("department_id")),
    ),
    order=(Order("code", "{t}.code", "text"),),
    orders=(Order("CODE", "{t}.code", "text", "By code."),),
    filters=(
        Filter("codes", "[String!]", "{t}.code = any({value})", "One of these codes."),
        Filter("parent", "ID", "{t}.parent_id = {value}", "Directly below this department.", of="Department"),
    ),
)

POSITION = Object(
    name="Position",
    description="A position decides which scheme applies.",
    table="position",
    visible=Visible(action="tenant:read"),
    fields=(
        GlobalId(),
        Column("code", "String!", "The company's own code."),
        Translated("name", "Its name.", en="{t}.name_en", zh="{t}.name_zh"),
        Column("version", "Int!", "The version that a change must name."),
    ),
    order=(Order("code", "{t}.code", "text"),),
)

OWN_PERSON = "{t}.employee_id = {employee}"
TEAM_PERSON = f"{{t}}.employee_id in {TEAM}"

EMPLOYMENT = Object(
    name="Employment",
    description="Where an employee worked, as what, for whom and when.",
    table="employment",
    visible=Visible(action="people:read", team=TEAM_PERSON, own=OWN_PERSON),
    fields=(
        GlobalId(),
        Column("validFrom", "Date!", "The first day."),
        Column("validTo", "Date", "The day after the last; null: it lasts."),
        Column("status", "EmploymentStatus!", "Whether it was on trial."),
        ToOne("department", "Department", "Where.", key="{t}.department_id"),
        ToOne("position", "Position", "As what.", key="{t}.position_id"),
        ToOne("manager", "Employee", "For whom.", key="{t}.manager_id"),
    ),
    order=(Order("validFrom", "{t}.valid_from", "date", descending=True),),
)

EXTERNAL_CODE = Object(
    name="ExternalCode",
    description="How an outside system calls an employee or a department, and when.",
    table="external_code",
    visible=Visible(action="people:read", team=TEAM_PERSON, own=OWN_PERSON),
    fields=(
        GlobalId(),
        Column("codeSpace", "String!", "Which system's codes."),
        Column("code", "String!", "The code."),
        Column("validFrom", "DateTime", "From when; null: always."),
        Column("validTo", "DateTime", "Until when, exclusive; null: still."),
        ToOne("employee", "Employee", "The employee it means.", key="{t}.employee_id"),
        ToOne("department", "Department", "The department it means.", key="{t}.department_id"),
    ),
    order=(Order("codeSpace", "{t}.code_space", "text"), Order("code", "{t}.code", "text")),
)

POSITION_BY_CODE = "(select named.id from position named where named.tenant_id = {tenant} and named.code = {value})"

EMPLOYEE = Object(
    name="Employee",
    description="An employee; departments and positions change over time, see `employments`.",
    table="employee",
    visible=Visible(action="people:read", team=f"{{t}}.id in {TEAM}", own="{t}.id = {employee}"),
    fields=(
        GlobalId(),
        Column("number", "String!", "The employee number, unique in the company."),
        Column("name", "String!", "The name."),
        Column("version", "Int!", "The version that a change must name."),
        Embedded(
            "performancePay", "Money", "What the employee's performance pay is measured by.",
            sql={
                "amount": "{t}.performance_pay",
                "currency": "(select profile.currency from tenant_profile profile "
                            "where profile.tenant_id = {t}.tenant_id)",
            },
            null_without="amount",
            action="rewards:read",
        ),
        Embedded(
            "basePay", "Money", "The base pay of a month.",
            sql={
                "amount": "{t}.base_pay",
                "currency": "(select profile.currency from tenant_profile profile "
                            "where profile.tenant_id = {t}.tenant_id)",
            },
            null_without="amount",
            action="rewards:read",
        ),
        ToOne("department", "Department", "Where the employee works now.", key=present("department_id")),
        ToOne("position", "Position", "As what the employee works now.", key=present("position_id")),
        ToMany("employments", "Employment", "All employments, the newest first.",
               on="{t}.employee_id", order=("{t}.valid_from desc",)),
        ToMany("externalCodes", "ExternalCode", "How outside systems call the employee.",
               on="{t}.employee_id", order=("{t}.code_space", "{t}.code", "{t}.valid_from")),
    ),
    order=(Order("number", "{t}.number", "text"),),
    orders=(
        Order("NUMBER", "{t}.number", "text", "By employee number."),
        Order("NAME", "{t}.name", "text", "By name."),
    ),
    filters=(
        Filter("numbers", "[String!]", "{t}.number = any({value})", "One of these employee numbers."),
        Filter("search", "String", "strpos(lower({t}.name), lower({value})) > 0 or starts_with({t}.number, {value})",
               "A part of the name, or the beginning of the number."),
        Filter("department", "ID", f"{present('department_id')} = {{value}}", "Works in this department now.",
               of="Department"),
        Filter("position", "String",
               f"{present('position_id')} = {POSITION_BY_CODE}",
               "Works in the position with this code now."),
    ),
)  # fmt: skip

SOURCE = Object(
    name="Source",
    description="Where records come from, and how its columns become fields.",
    table="source",
    visible=Visible(action="sources:read"),
    fields=(
        GlobalId(),
        Column("key", "String!", "The short name by which imports call it."),
        Column("recordType", "String!", "The record type it delivers."),
        Column("strict", "Boolean!", "Whether a row with an unknown code is refused."),
        Column("document", "JSON!", "The mapping, as sources.toml has it.", sql="{t}.body"),
        Column("version", "Int!", "The version that a change must name."),
    ),
    order=(Order("key", "{t}.key", "text"),),
    filters=(
        Filter("keys", "[String!]", "{t}.key = any({value})", "One of these sources."),
        Filter("recordType", "String", "{t}.record_type = {value}", "Delivers this record type."),
    ),
)

VIEWER = Object(
    name="Viewer",
    description="Who is asking: the principal behind the key.",
    fields=(
        Column("id", "ID!", "The key's opaque id."),
        Column("role", "String!", "The role, which decides what may be seen and done."),
        Column("actor", "String!", "What the audit calls this principal."),
        ToOne("employee", "Employee", "The employee the key acts for.", key="employee"),
        ToOne("tenant", "Tenant", "The company; null for the platform's operator.", key="tenant",
              on="{t}.tenant_id"),
    ),
)


def viewer(_: Mapping[str, Any], context: RequestContext) -> dict[str, Any]:
    """The principal as an object."""
    who = context.principal
    found = {"id": global_id("Key", who.key_id), "role": who.role, "actor": who.actor}
    return {**found, "employee": who.employee_id, "tenant": who.tenant_id}


async def own_tenant(_: Mapping[str, Any], context: RequestContext) -> Any:
    """The reader's company."""
    return await context.declarations.root_one(context, "Tenant", context.principal.tenant_id)


MODULE = Module(
    objects=(TENANT, COMPANY_CALENDAR, DEPARTMENT, POSITION, EMPLOYMENT, EXTERNAL_CODE, EMPLOYEE, SOURCE, VIEWER),
    enums=(EmploymentStatus, Origin),
    queries=(
        Computed("viewer", "Viewer!", "Who is asking.", resolve=viewer),
        Computed("tenant", "Tenant", "The company of the key.", resolve=own_tenant),
        RootConnection("employees", "Employee", "The employees that the viewer may see."),
        RootConnection("departments", "Department", "The departments that the viewer may see."),
        RootConnection("positions", "Position", "The company's positions."),
        RootConnection("sources", "Source", "Where records come from."),
    ),
)

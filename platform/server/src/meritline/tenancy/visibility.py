"""Who belongs to whom, as SQL conditions over the reader. Decides what a manager's team is.

A manager leads the department of their present employment with everything below it, and whoever names them as manager;
but nobody whom they report to, in however many steps: a deputy in the head's own department is not the head's manager.
"""

# ruff: noqa: S608  (fragments of declarations, made of words of ours; every value is bound)

NOW = "{name}.valid_from <= {{today}} and ({name}.valid_to is null or {name}.valid_to > {{today}})"

LED_DEPARTMENTS = f"""(
    with recursive led(id) as (
        select mine.department_id from employment mine
        where mine.tenant_id = {{tenant}} and mine.employee_id = {{employee}} and mine.department_id is not null
          and {NOW.format(name="mine")}
        union
        select below.id from department below join led on below.parent_id = led.id
        where below.tenant_id = {{tenant}})
    select id from led)"""

OWN_DEPARTMENTS = f"""(
    select mine.department_id from employment mine
    where mine.tenant_id = {{tenant}} and mine.employee_id = {{employee}} and {NOW.format(name="mine")})"""

SUPERIORS = f"""(
    with recursive above(id) as (
        select mine.manager_id from employment mine
        where mine.tenant_id = {{tenant}} and mine.employee_id = {{employee}} and mine.manager_id is not null
          and {NOW.format(name="mine")}
        union
        select higher.manager_id from employment higher join above on higher.employee_id = above.id
        where higher.tenant_id = {{tenant}} and higher.manager_id is not null and {NOW.format(name="higher")})
    select id from above)"""

TEAM = f"""(
    select other.employee_id from employment other
    where other.tenant_id = {{tenant}} and {NOW.format(name="other")}
      and (other.manager_id = {{employee}} or other.department_id in {LED_DEPARTMENTS})
      and other.employee_id not in {SUPERIORS}
    union select {{employee}}::uuid)"""

OWN_SUBJECT = "{t}.subject_kind = 'employee' and {t}.subject_id = {employee}"
TEAM_SUBJECT = f"""({{t}}.subject_kind = 'employee' and {{t}}.subject_id in {TEAM})
    or ({{t}}.subject_kind = 'department' and {{t}}.subject_id in {LED_DEPARTMENTS})"""


def present(column: str) -> str:
    """A column of the employee's present employment, as an expression over the employee's row."""
    return f"""(
        select present.{column} from employment present
        where present.tenant_id = {{t}}.tenant_id and present.employee_id = {{t}}.id
          and {NOW.format(name="present")})"""

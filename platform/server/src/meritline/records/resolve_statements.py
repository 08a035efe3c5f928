# ruff: noqa: S608 - every name in these statements is a quoted identifier of a record type
"""The statement that resolves records again. Decides how Postgres finds the meaning of a code at a record's moment.

It agrees with ``tenancy.codes.CodeBook`` and ``validate.rows``: the moment is the one that decides the period, else the
first other one, else when the record came; a day means its local midnight.

Parameters: $1 to $5 as in ``statements``; then for each site the sources, the code space and the codes (null: all).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from meritline.records.columns import code_column, codes_column, current_table, ids_column, quoted
from meritline.records.statements import KEPT, all_names, kept, marked, was
from meritline_sdk.model.fields import FieldSpec
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.records import RecordDeclaration

FIRST_SITE = 6
OWN_NUMBERS = {Kind.TEAM: ("department", "code"), Kind.PERSON: ("employee", "number"),
               Kind.PEOPLE: ("employee", "number")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """A field, and the sources that read its codes in one code space (None: the tenant's own numbers)."""

    field: str
    space: str | None
    sources: tuple[str, ...]


def resolve_statement(record: RecordDeclaration, sites: Sequence[Site]) -> str:
    """New versions of the records whose person or department is another now; gives their number."""
    places = {site: FIRST_SITE + 3 * place for place, site in enumerate(sites)}
    fields = list(dict.fromkeys(site.field for site in sites))
    looked_at = " or ".join(concerned(record.field(site.field), at) for site, at in places.items())
    meant = ", ".join(
        f"{new_value(record, record.field(field), {s: p for s, p in places.items() if s.field == field})} "
        f"as {now(stored(record.field(field)))}"
        for field in fields
    )
    names = [stored(record.field(field)) for field in fields]
    differs = " or ".join(f"w.{now(name)} is distinct from r.{name}" for name in names)
    sets = ", ".join(f"{name} = w.{now(name)}" for name in names)
    before = ", ".join(f"old.{name} as {was(name)}" for name in (*KEPT, *all_names(record)))
    after = ", ".join(f"new.{name}" for name in ("source", "external_id", *KEPT, *all_names(record)))
    table = current_table(record.key)
    return (
        f"with wanted as materialized (select r.source, r.external_id, {meant} from {table} r "
        f"where r.tenant_id = $1::uuid and ({looked_at})), "
        f"upserted as (update {table} as r set version = r.version + 1, "
        f"recorded_at = greatest($3::timestamptz, r.recorded_at), {sets} from wanted w "
        "where r.tenant_id = $1::uuid and r.source = w.source and r.external_id = w.external_id "
        f"and ({differs}) returning {after}, {before}), "
        f"{kept(record, 'source')}, {marked(record)} select count(*)::int from upserted"
    )


def stored(spec: FieldSpec) -> str:
    """The column that holds whom a field means."""
    return quoted(ids_column(spec.name) if spec.kind is Kind.PEOPLE else spec.name)


def now(name: str) -> str:
    """The name under which a column's new value is known."""
    return f'"now {name.strip(chr(34))}"'


def concerned(spec: FieldSpec, at: int) -> str:
    """Whether a record has one of the codes of a site."""
    codes = f"${at + 2}::text[]"
    if spec.kind is Kind.PEOPLE:
        has = f"r.{quoted(codes_column(spec.name))} && {codes}"
    else:
        has = f"r.{quoted(code_column(spec.name))} = any({codes})"
    return f"(r.source = any(${at}::text[]) and ({codes} is null or {has}))"


def new_value(record: RecordDeclaration, spec: FieldSpec, places: dict[Site, int]) -> str:
    """Whom a field means by the codes as they are now; what no site concerns stays."""
    cases = []
    for site, at in places.items():
        if spec.kind is Kind.PEOPLE:
            value = group(record, spec, site, at)
        else:
            value = meaning(record, spec, site, at, f"r.{quoted(code_column(spec.name))}")
        cases.append(f"when {concerned(spec, at)} then {value}")
    return f"case {' '.join(cases)} else r.{stored(spec)} end"


def group(record: RecordDeclaration, spec: FieldSpec, site: Site, at: int) -> str:
    """Everyone of a People field, in their order."""
    return (
        f'(select array_agg({meaning(record, spec, site, at, "c.code")} order by c.place) '
        f"from unnest(r.{quoted(codes_column(spec.name))}) with ordinality as c (code, place))"
    )


def meaning(record: RecordDeclaration, spec: FieldSpec, site: Site, at: int, code: str) -> str:
    """Whom one code means at the moment of its record."""
    if site.space is None:
        table, key = OWN_NUMBERS[spec.kind]
        # The second parameter of a site is its space; naming it here keeps the numbering the same.
        own = f"n.{key} = {code} and ${at + 1}::text is null"
        return f"(select n.id from {table} n where n.tenant_id = $1::uuid and {own})"
    means = "department_id" if spec.kind is Kind.TEAM else "employee_id"
    when = moment(record)
    return (
        f"(select e.{means} from external_code e where e.tenant_id = $1::uuid and e.code_space = ${at + 1}::text "
        f"and e.code = {code} and (e.valid_from is null or e.valid_from <= {when}) "
        f"and (e.valid_to is null or {when} < e.valid_to))"
    )


def moment(record: RecordDeclaration) -> str:
    """The instant at which a record's codes are looked up."""
    first = record.field(record.at)
    others = [spec for spec in record.fields if spec.kind in (Kind.INSTANT, Kind.DAY) and spec is not first]
    return f"coalesce({', '.join([*(instant(spec) for spec in (first, *others)), 'r.recorded_at'])})"


def instant(spec: FieldSpec) -> str:
    """A moment as an instant; a day is its local midnight, found by the offset of that very night."""
    name = f"r.{quoted(spec.name)}"
    if spec.kind is Kind.INSTANT:
        return name
    utc = f"({name}::timestamp at time zone 'UTC')"
    guess = f"({utc} - {offset(utc)})"
    return f"({utc} - {offset(guess)})"


def offset(instant_sql: str) -> str:
    """The offset of the tenant's zone at an instant."""
    return f"($5::interval[])[width_bucket({instant_sql}, $4::timestamptz[])]"

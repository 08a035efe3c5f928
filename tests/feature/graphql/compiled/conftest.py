"""A company with all that a list can show, in values that are hard to copy; and both ways of reading it."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from meritline.access import authenticate, reach
from meritline.bootstrap import Platform
from meritline.graphql.kit.context import RequestContext
from meritline.graphql.kit.ids import global_id
from meritline.graphql.schema import schema
from meritline.http.graphql import encode
from meritline.local import LocalUrls
from meritline.onboarding.enabling import enable_indicator_set
from meritline.tenancy.service import onboard_tenant
from meritline.tenancy.values import Profile

SET = "call_center"
#: What JSON escapes, what it need not, what SQL and our own fragments could stumble over.
WILD = 'A"\\/\n\t\x01\x7f\u2028<é>&😀%{t}$1\'; --'
NUMBERS = ("0.0000000000", "-0.00", "100", "28.4100", "0.000000000000000001", "-0.5")
KINDS = {"Scorecard": "scorecard", "ScoreLine": "score_line", "Employee": "employee", "Cycle": "cycle",
         "Department": "department", "Scheme": "scheme", "RewardLine": "reward_line", "Rating": "rating",
         "EnteredFigure": "entered_figure", "Indicator": "indicator", "SchemeVersion": "scheme_version"}  # fmt: skip
LENT = ("definition", "indicator", "indicator_version", "scheme", "scheme_version", "scheme_item",
        "scheme_version_definition", "reward_table", "reward_table_version", "reward_table_version_definition",
        "enabled_set", "position")  # fmt: skip


@dataclass
class Both:
    """Asks by compiled reads and by the plain resolvers, as different principals."""

    platform: Platform
    principals: dict[str, Any]
    ids: list[str]
    #: How many answers had rows, errors, and how many root fields one statement answered.
    seen: Counter[str] = field(default_factory=Counter)

    async def answer(
        self, who: str, document: str, variables: Any = None, *, compiled: bool, language: Any = "en"
    ) -> bytes:
        """The bytes of an answer."""
        made = schema()
        context = RequestContext(
            platform=self.platform, principal=self.principals[who], reach_of=reach, language=language,
            declarations=made.declarations, streams=False, compiled=compiled,
        )  # fmt: skip
        result = await made.execute(document, variable_values=variables, context_value=context)
        errors = [each.formatted for each in result.errors or ()]
        return encode({"data": result.data, "errors": sorted(errors, key=str)})

    async def equal(
        self, document: str, variables: Any = None, *, whose: tuple[str, ...], language: Any = "en"
    ) -> bytes:
        """Both answers for each; the last one."""
        compiled = {who: await self.answer(who, document, variables, compiled=True, language=language) for who in whose}
        for who in whose:
            plain = await self.answer(who, document, variables, compiled=False, language=language)
            assert compiled[who].decode() == plain.decode(), f"as {who}: {document}\n{variables}"
            found = orjson.loads(plain)
            assert "E-INTERNAL" not in plain.decode(), found["errors"]
            self.seen["errors" if found["errors"] else "clean"] += 1
            self.seen["rows"] += holds_rows(found["data"])
        return plain


def holds_rows(data: Any) -> bool:
    """Whether a list in it has something."""
    if isinstance(data, dict):
        return any(map(holds_rows, data.values()))
    return bool(data) if isinstance(data, list) else False


@pytest.fixture(scope="module")
async def both(platform: Platform, north: Any, south: Any, migrated_database: LocalUrls) -> Both:
    # North's own scheme has no document, beside which nothing can be enabled; so another company lends its own.
    profile = Profile("Lender", "Asia/Shanghai", "CNY", ("zh", "en"), "CN")
    lender = (await onboard_tenant(platform.database, key="lender", profile=profile, actor="test")).tenant_id
    async with platform.database.unit_of_work(lender) as uow:
        await enable_indicator_set(uow, "test", platform.catalogue, SET)
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    try:
        for each in LENT:
            await owner.execute(
                f"insert into {each} select (jsonb_populate_record(x, jsonb_build_object('tenant_id', $1::uuid))).* "  # noqa: S608
                f"from {each} x where tenant_id = $2 on conflict do nothing", north.id, lender)  # fmt: skip
        people = [each["id"] for each in await owner.fetch(
            "select id from employee where tenant_id = $1 order by number", north.id)]  # fmt: skip
        await write_results(owner, north, people)
        await write_inputs(owner, north.id, people)
        ids = [await some_ids(owner, name, table, tenant) for tenant in (north.id, south.id) for name, table in KINDS.items()]
    finally:
        await owner.close()
    principals = {who: await authenticate(platform.database, key) for who, key in north.keys.items()}
    return Both(platform, principals, [*sum(ids, []), "Tm9uZQ", "", "?", global_id("Scorecard", "no")])


async def some_ids(owner: Any, name: str, table: str, tenant: UUID) -> list[str]:
    """Opaque ids of a few rows."""
    rows = await owner.fetch(f"select id from {table} where tenant_id = $1 order by id limit 3", tenant)  # noqa: S608
    return [global_id(name, row["id"]) for row in rows]


async def write_results(owner: Any, company: Any, people: list[UUID]) -> None:
    """Numbers that Python likes to write with an exponent, texts that JSON escapes, nulls wherever they may be."""
    t = company.id
    for text, card in zip((*NUMBERS, None), company.cards.values(), strict=False):
        number = None if text is None else Decimal(text)
        await owner.execute(
            "update scorecard set score = $3, subject_name = $4, grade = null, grade_title_en = null, passed = null, "
            "department_code = null where tenant_id = $1 and id = $2", t, card, number, WILD)  # fmt: skip
        await owner.execute(
            "update score_line set reading_value = $3, raw_points = $3, weighted_points = $3, target = $3, sample_size = "
            "null, title_zh = $4, weight = null where tenant_id = $1 and scorecard_id = $2 and position = 0",
            t, card, number, WILD)  # fmt: skip
    await owner.execute("update reward_line set amount = null, act = 'promotion', detail_en = $2, detail_zh = $2, position "
                        "= 7 where tenant_id = $1 and subject_code in ('E2', 'E3')", t, WILD)  # fmt: skip
    await owner.execute("update run set as_of = '2026-06-01 10:00:00.12+02', started_at = '2026-06-01 00:00:00.000001+00', "
                        "error = $2 where tenant_id = $1", t, WILD)  # fmt: skip
    await owner.execute("update employee set name = $2 where tenant_id = $1 and id = any($3)", t, WILD, people[2:5])


async def write_inputs(owner: Any, t: UUID, people: list[UUID]) -> None:
    """What was rated, entered, drafted and delivered."""
    for place, person in enumerate(people[:6]):
        await owner.execute(
            "insert into rating (tenant_id, period, scheme_key, indicator_key, subject_kind, subject_id, rater_id, "
            "rater_role, value, scale_min, scale_max, comment, submitted_by, submitted_at) values ($1, '2026-05', "
            "'engineers', 'set.line0', 'employee', $2, $3, 'manager', $4, 0, 100, $5, 'x', $6::text::timestamptz)",
            t, person, people[0] if place else None, Decimal(place), WILD if place % 2 else None,
            f"2026-06-0{1 + place // 3} 12:00:00.{place * 1000:06}+08")  # fmt: skip
        figure = await owner.fetchval(
            "insert into entered_figure (tenant_id, period, indicator_key, subject_kind, subject_id, subject_code, kind, "
            "value, sample, source, note, entered_by, entered_name, entered_at) values ($1, '2026-05', 'set.line0', "
            "'employee', $2, $3, 'value', $4, $5, $6, $7, 'x', $6, now()) returning id",
            t, person, f"E{place + 1}", Decimal(NUMBERS[place]), place or None, WILD, None if place else WILD)  # fmt: skip
        await owner.execute(
            "insert into entered_figure_history (tenant_id, figure_id, version, kind, value, source, withdrawn, entered_by, "
            "entered_name, entered_at) values ($1, $2, 1, 'value', $3, 's', false, 'x', 'X', now())",
            t, figure, Decimal(place))  # fmt: skip
        await owner.execute("insert into scheme_draft (tenant_id, key, document, problems, saved_by) values "
                            "($1, $2, $3, $4, $5)", t, f"draft{place}", orjson.dumps({"a": [WILD, place, None]}).decode(),
                            "[]", WILD)  # fmt: skip
        batch = await owner.fetchval(
            "insert into import_batch (tenant_id, source, record_type, file_name, state, finished_at) values "
            "($1, $2, 'work_order', $3, $4, $5) returning id",
            t, f"source{place % 2}", WILD, ("running", "done", "failed")[place % 3], None)  # fmt: skip
        await owner.execute("insert into import_reject (tenant_id, import_id, line, external_id, raw, reasons) values "
                            "($1, $2, $3, $4, $5, '[]')", t, batch, place, WILD if place else None, WILD)  # fmt: skip
    await owner.execute("insert into source (tenant_id, key, record_type, body) values ($1, $2, 'work_order', $3)",
                        t, WILD, orjson.dumps({"format": "csv", "x": WILD}).decode())  # fmt: skip
    await owner.execute("insert into external_code (tenant_id, code_space, code, employee_id, valid_from) values "
                        "($1, 's', $2, $3, '2026-01-01 00:00+08')", t, WILD, people[1])  # fmt: skip
    await owner.execute("insert into employment (tenant_id, employee_id, valid_from, valid_to, manager_id) values "
                        "($1, $2, '2020-01-01', '2023-12-31', $3)", t, people[1], people[0])  # fmt: skip

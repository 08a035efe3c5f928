"""A company with all that a list can show, in values that are hard to copy; and both ways of reading it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
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
KEYS = {"ScoreLine": "scorecard_id || '.' || position"}
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
        await owner.execute(
            "update definition empty set body = (select lent.body from definition lent where lent.tenant_id = $1 "
            "and lent.kind = 'scheme' and lent.body <> '{}' order by lent.hash limit 1) "
            "where empty.tenant_id = $1 and empty.body = '{}'", north.id)  # fmt: skip
        people = [each["id"] for each in await owner.fetch(
            "select id from employee where tenant_id = $1 order by number", north.id)]  # fmt: skip
        await write_results(owner, north, people)
        await write_inputs(owner, north.id, people)
        ids = [
            each for tenant in (north.id, south.id) for name, table in KINDS.items()
            for each in await some_ids(owner, name, table, tenant)
        ]  # fmt: skip
    finally:
        await owner.close()
    principals = {who: await authenticate(platform.database, key) for who, key in north.keys.items()}
    return Both(platform, principals, [*ids, "Tm9uZQ", "", "?", global_id("Scorecard", "no")])


async def some_ids(owner: Any, name: str, table: str, tenant: UUID) -> list[str]:
    """Opaque ids of a few rows."""
    key = KEYS.get(name, "id")
    rows = await owner.fetch(f"select {key} as key from {table} where tenant_id = $1 order by 1 limit 3", tenant)  # noqa: S608
    return [global_id(name, row["key"]) for row in rows]


async def write_results(owner: Any, company: Any, people: list[UUID]) -> None:
    """Numbers that Python likes to write with an exponent, texts that JSON escapes, nulls wherever they may be."""
    t = company.id
    for text, card in zip((*NUMBERS, None), company.cards.values(), strict=False):
        number = None if text is None else Decimal(text)
        await owner.execute(
            "update scorecard set score = $3, subject_name = $4, grade = null, grade_title_en = null, passed = null, "
            "department_code = null where tenant_id = $1 and id = $2", t, card, number, WILD)  # fmt: skip
        await owner.execute(
            "update score_line set reading_value = $3, raw_points = $3, weighted_points = $3, target = $3, "
            "title_zh = $4, sample_size = null, weight = null where tenant_id = $1 and scorecard_id = $2 "
            "and position = 0",
            t, card, number, WILD)  # fmt: skip
    await owner.execute(
        "update reward_line set amount = null, act = 'promotion', detail_en = $2, detail_zh = $2, position = 7 "
        "where tenant_id = $1 and subject_code in ('E2', 'E3')", t, WILD)  # fmt: skip
    await owner.execute("update run set as_of = $2, started_at = $3, error = $4 where tenant_id = $1",
                        t, moment(120_000), moment(1), WILD)  # fmt: skip
    await owner.execute("update employee set name = $2 where tenant_id = $1 and id = any($3)", t, WILD, people[2:5])


async def write_inputs(owner: Any, t: UUID, people: list[UUID]) -> None:
    """What was rated, entered, drafted and delivered."""

    async def put(table: str, **values: Any) -> Any:
        places = ", ".join(f"${place}" for place in range(2, len(values) + 2))
        sql = f"insert into {table} (tenant_id, {', '.join(values)}) values ($1, {places}) returning to_jsonb({table}) ->> 'id'"  # noqa: S608, E501
        return await owner.fetchval(sql, t, *values.values())

    line: Any = {"period": "2026-05", "indicator_key": "set.line0", "subject_kind": "employee"}
    by: Any = {"entered_by": "x", "entered_name": WILD}
    for n, person in enumerate(people[:6]):
        await put("rating", **line, scheme_key="engineers", subject_id=person, rater_id=people[0] if n else None,
                  rater_role="manager", value=Decimal(n), scale_min=0, scale_max=100, comment=WILD if n % 2 else None,
                  submitted_by="x", submitted_at=moment(n * 1000))  # fmt: skip
        figure = await put("entered_figure", **line, **by, subject_id=person, subject_code=f"E{n + 1}", kind="value",
                           value=Decimal(NUMBERS[n]), sample=n or None, source=WILD, note=None if n else WILD,
                           entered_at=moment(0))  # fmt: skip
        await put("entered_figure_history", **by, figure_id=figure, version=1, kind="value", value=Decimal(n),
                  source="s", withdrawn=False, entered_at=moment(n))  # fmt: skip
        await put("scheme_draft", key=f"draft{n}", document=dumped({"a": [WILD, n, None]}), problems="[]",
                  saved_by=WILD)  # fmt: skip
        batch = await put("import_batch", source=f"source{n % 2}", record_type="call_record", file_name=WILD,
                          state=("running", "done", "failed")[n % 3])  # fmt: skip
        await put("import_reject", import_id=batch, line=n, external_id=WILD if n else None,
                  raw=dumped({"a": WILD}), reasons="[]")
        await put("record_call_record", source="source0", external_id=f"{WILD}{n}", version=1, digest=b"",
                  recorded_at=moment(n), agent=person if n % 2 else None, agent_code="a", direction=WILD,
                  entered_at=moment(n // 2 * 300_000), talk_seconds=n or None, automated=n == 0)  # fmt: skip
    await put("source", key=WILD, record_type="call_record", body=dumped({"format": "csv", "x": WILD}))
    await put("external_code", code_space="s", code=WILD, employee_id=people[1], valid_from=moment(5))
    await put("employment", employee_id=people[1], valid_from=date(2020, 1, 1), valid_to=date(2023, 12, 31),
              manager_id=people[0])  # fmt: skip


def moment(microseconds: int) -> datetime:
    """A moment of May."""
    return datetime(2026, 5, 20, 8, 0, 0, microseconds, UTC)


def dumped(value: object) -> str:
    """The value as JSON."""
    return orjson.dumps(value).decode()

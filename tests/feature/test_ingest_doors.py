"""The two doors for records: ``POST /v1/records/{record_type}`` and ``meritline import``."""

import argparse
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from meritline.access import create_key
from meritline.bootstrap import Platform, open_platform
from meritline.cli import import_
from meritline.errors import MeritlineError
from meritline.http.app import create_app
from meritline.local import LocalUrls
from meritline.settings import Settings
from meritline.tenancy.service import map_external_codes, onboard_tenant, save_source, upsert_employees
from meritline.tenancy.values import Employee, ExternalCode, Profile, Source

SURVEYS = {
    "record": "survey_response", "external_id": "评价号", "time_zone": "Asia/Shanghai", "external_codes": "crm",
    "fields": {"kind": {"constant": "transactional"}, "agent": "工程师", "responded_at": "时间", "overall": "评分",
               "scale_max": {"constant": 5}, "valid": "有效"},
}  # fmt: skip
ROW = {"external_id": "S1", "kind": "transactional", "agent": "x1", "responded_at": "2026-05-03T09:30:00+08:00",
       "overall": 4.5, "scale_max": 5, "valid": True}  # fmt: skip
CSV = """\
评价号,工程师,时间,评分,有效
S1,x1,2026-05-03 09:30,4.5,是
S2,x1,2026-05-04 09:30,4,是
S3,x1,2026-02-30 09:30,4,是
"""


class Company:
    """A tenant, its keys, and a client."""

    def __init__(self, platform: Platform, client: httpx2.AsyncClient, tenant_id: UUID, key: str) -> None:
        self.platform, self.client, self.tenant_id, self.key, self.keys = platform, client, tenant_id, key, {}

    async def post(self, content: Any, path: str = "survey_response", role: str = "integrator", **headers: str) -> Any:
        """Status and answer of a request."""
        rows = [content] if isinstance(content, dict) else content
        body = content if isinstance(content, str) else "\n".join(json.dumps(row) for row in rows)
        sent = {"authorization": f"Bearer {self.keys[role]}", **headers}
        answer = await self.client.post(f"/v1/records/{path}", content=body.encode(), headers=sent)
        return answer.status_code, answer.json()


@pytest.fixture(scope="module")
async def platform(migrated_database: LocalUrls) -> AsyncIterator[Platform]:
    urls = migrated_database
    settings = Settings(database_url=urls.database_url, redis_url=urls.redis_url, max_body_bytes=100_000)
    async with open_platform(settings, queue_name=f"test-{uuid4()}") as made:
        yield made


@pytest.fixture
async def company(platform: Platform) -> AsyncIterator[Company]:
    transport = httpx2.ASGITransport(create_app(platform), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://meritline.test") as client:
        key = f"t{uuid4().hex}"
        profile = Profile("Firm", "Asia/Shanghai", "CNY", ("zh",), "CN")
        opened = await onboard_tenant(platform.database, key=key, profile=profile, actor="test")
        made = Company(platform, client, opened.tenant_id, key)
        async with platform.database.unit_of_work(opened.tenant_id) as uow:
            await upsert_employees(uow, "test", [Employee("E1", "Li")])
            await map_external_codes(uow, "test", [ExternalCode("crm", "x1", employee="E1")])
            await save_source(uow, "test", Source("crm", "survey_response", SURVEYS))
            for role in ("integrator", "auditor"):
                _, made.keys[role] = await create_key(uow.conn, opened.tenant_id, role=role, label=role, actor="test")
        yield made


async def test_a_program_sends_rows_and_gets_a_verdict_for_each(company: Company) -> None:
    bad = ROW | {"external_id": "S3", "overall": "NaN", "agnet": "x"}
    late = ROW | {"external_id": "S4", "responded_at": "yesterday"}
    rows = [ROW, ROW | {"external_id": "S2", "agent": "x9"}, bad, late]
    status, answer = await company.post(rows)
    assert status == 200
    assert {name: answer[name] for name in ("lines", "accepted", "rejected", "unresolved")} == {
        "lines": 4, "accepted": 2, "rejected": 2, "unresolved": 1}  # fmt: skip
    assert [(row["line"], row["externalId"], row["verdict"]) for row in answer["rows"]] == [
        (1, "S1", "accepted"), (2, "S2", "unresolved"), (3, "S3", "rejected"), (4, "S4", "rejected")]  # fmt: skip
    assert [each["code"] for each in answer["rows"][2]["reasons"]] == ["E-ROW-FIELD", "E-ROW-NUMBER"]
    assert "'agent'" in answer["rows"][2]["reasons"][0]["message"]
    status, answer = await company.post(rows, **{"accept-language": "zh-CN"})
    assert (answer["accepted"], answer["unchanged"], answer["rejected"]) == (0, 2, 2)
    assert answer["rows"][2]["reasons"][1]["message"] == "不是数字。"


async def test_a_file_of_the_source_is_the_same_records(company: Company) -> None:
    status, answer = await company.post(CSV, **{"content-type": "text/csv; charset=utf-8"})
    assert (status, answer["accepted"], answer["rejected"]) == (200, 2, 1)
    _, again = await company.post(ROW, path="survey_response?source=crm")
    assert again["unchanged"] == 1, "the same record, sent in another form, is known"


async def test_a_record_is_read_by_its_source_as_that_is_now(company: Company) -> None:
    """What a source means is kept parsed; a change of its mapping holds for the next record."""
    head, line = CSV.splitlines()[:2]
    csv = {"content-type": "text/csv; charset=utf-8"}
    assert (await company.post(ROW))[1]["accepted"] == 1
    assert (await company.post(f"{head}\n{line}\n", **csv))[1]["unchanged"] == 1
    other = SURVEYS | {"external_codes": "desk", "fields": SURVEYS["fields"] | {"overall": "满意度"}}  # type: ignore[operator]
    async with company.platform.database.unit_of_work(company.tenant_id) as uow:
        await upsert_employees(uow, "test", [Employee("E2", "Wang")])
        await map_external_codes(uow, "test", [ExternalCode("desk", "x1", employee="E2")])
        await save_source(uow, "test", Source("crm", "survey_response", other))
    assert (await company.post(ROW | {"external_id": "S2"}))[1]["accepted"] == 1
    line = line.replace("S1", "S3")
    _, answer = await company.post(f"{head}\n{line}\n", **csv)
    assert [each["field"] for each in answer["errors"][0]["extensions"]["problems"]] == ["满意度"], answer
    _, answer = await company.post(f"{head.replace('评分', '满意度')}\n{line}\n", **csv)
    assert answer["accepted"] == 1, answer
    async with company.platform.database.scoped_read(company.tenant_id) as conn:
        whose = {row["external_id"]: row["number"] for row in await conn.fetch(
            "select external_id, number from record_survey_response r join employee e on e.id = r.agent")}  # fmt: skip
    assert whose == {"S1": "E1", "S2": "E2", "S3": "E2"}


async def test_a_key_makes_a_request_safe_to_repeat(company: Company) -> None:
    first = await company.post(ROW, **{"idempotency-key": "k1"})
    assert await company.post(ROW, **{"idempotency-key": "k1"}) == first
    status, answer = await company.post(ROW | {"overall": 1}, **{"idempotency-key": "k1"})
    assert (status, answer["errors"][0]["extensions"]["code"]) == (409, "CONFLICT")
    status, _ = await company.post(ROW, **{"idempotency-key": "x" * 201})
    assert status == 400


@pytest.mark.parametrize(
    ("path", "role", "headers", "status"),
    [
        ("nothing", "integrator", {}, 404),
        ("ticket?source=crm", "integrator", {}, 400),
        ("survey_response?source=none", "integrator", {}, 404),
        ("survey_response", "auditor", {}, 403),
        ("survey_response", "integrator", {"content-type": "application/pdf"}, 400),
        ("survey_response?period=May", "integrator", {}, 400),
        ("survey_response", "integrator", {"authorization": "Bearer nonsense"}, 401),
        ("survey_response", "integrator", {"authorization": ""}, 401),
    ],
)
async def test_what_is_refused_as_a_whole(
    company: Company, path: str, role: str, headers: dict[str, str], status: int
) -> None:
    got, answer = await company.post(ROW, path=path, role=role, **headers)
    assert got == status
    assert answer["errors"][0]["message"]


async def test_a_body_that_is_too_large_is_refused_and_nothing_lands(company: Company) -> None:
    status, _ = await company.post([ROW | {"external_id": f"S{number}"} for number in range(1000)])
    assert status == 413
    async with company.platform.database.scoped_read(company.tenant_id) as conn:
        assert await conn.fetchval("select count(*) from record_survey_response") == 0


async def test_a_program_without_a_source_uses_the_companys_own_numbers(company: Company) -> None:
    row = {"external_id": "C1", "category": "service", "status": "open", "agent": "E1",
           "received_at": "2026-05-03T09:30:00Z"}  # fmt: skip
    status, answer = await company.post(row, path="complaint")
    assert (status, answer["accepted"], answer["unresolved"]) == (200, 1, 0)
    _, local = await company.post(row | {"received_at": "2026-05-03 09:30"}, path="complaint")
    assert local["rows"][0]["reasons"][0]["code"] == "E-ROW-ZONE"


async def command(company: Company, *words: str) -> int:
    """``meritline import`` on the platform."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lang", default="en")
    import_.configure(parser)
    return await import_.run(parser.parse_args(["--tenant", company.key, "--source", "crm", *words]), company.platform)


async def test_the_command_prints_the_verdicts_and_writes_the_refused_rows(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, rejects = tmp_path / "surveys.csv", tmp_path / "refused.csv"
    file.write_text(CSV.replace("S2,x1", "S2,x9"), "utf-8")
    assert await command(company, str(file), "--rejects", str(rejects), "--period", "2026-05") == 1
    printed = capsys.readouterr()
    assert "surveys.csv: 3 lines, 2 accepted, 1 rejected, 1 unresolved; covers 2026-05-01 .. 2026-05-31" in printed.out
    assert "surveys.csv row 4  responded_at (时间) = '2026-02-30 09:30': " in printed.err
    assert "crm:x9 ×1" in printed.err
    mended = rejects.read_text("utf-8-sig").replace("2026-02-30", "2026-02-28")
    rejects.write_text(mended, "utf-8-sig")
    assert await command(company, str(rejects), "--json") == 0
    assert json.loads(capsys.readouterr().out)["accepted"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["refused.csv", "surveys.csv"]  # noqa: ASYNC240


async def test_the_command_names_a_source_or_file_that_is_not_there(company: Company, tmp_path: Path) -> None:
    with pytest.raises(MeritlineError, match="E-FILE-OPEN"):
        await command(company, str(tmp_path / "none.csv"))
    with pytest.raises(MeritlineError, match="E-SOURCE-UNKNOWN"):
        await command(company, str(tmp_path / "none.csv"), "--source", "other")

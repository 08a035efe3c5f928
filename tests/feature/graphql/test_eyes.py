"""Eyes from outside: what logs and metrics tell of requests and jobs, and what they never tell."""

import asyncio
import io
import json
import logging
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from meritline import logs
from meritline.http.app import create_app
from meritline.http.operations import told_of
from meritline.jobs.handlers import Handler, JobContext
from meritline.jobs.service import Jobs

#: What people would not want to read in a log: names, numbers, words of a query.
PERSONAL = ("欧阳娜娜", "Ouyang", "13800138000", "ouyang@example.com", "440301199001011234", "geheim")
NUMBERS = count()


class Kept(io.StringIO):
    """The log of a test."""

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def of(self, logger: str) -> list[dict]:
        return [each for each in self.lines if each["logger"] == logger]


@pytest.fixture(params=["json", "text"])
def any_log(request) -> Iterator[Kept]:
    yield from kept(request.param)


@pytest.fixture
def log() -> Iterator[Kept]:
    yield from kept("json")


def kept(form: str) -> Iterator[Kept]:
    root, ours = logging.getLogger(), logging.getLogger("meritline")
    before = (root.handlers[:], root.level, ours.level)
    found = Kept()
    logs.set_up(form, "debug", stream=found)
    root.setLevel(logging.DEBUG)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the client of the tests, which is not ours
    yield found
    root.handlers[:], level, of_ours = before
    root.setLevel(level)
    ours.setLevel(of_ours)


async def test_a_request_is_one_line_that_says_who_and_what(ask, http, north, log) -> None:
    query = "query Team { team: employees(first: 1) { totalCount } tenant { name } }"
    answer = await ask(query, north.keys["hr"])
    assert answer.status == 200
    (line,) = log.of("meritline.http")
    assert (line["level"], line["message"], line["route"], line["method"], line["status"]) == (
        "info", "request", "/graphql", "POST", 200)  # fmt: skip
    assert (line["kind"], line["operation"], line["fields"]) == ("query", "Team", ["employees", "tenant"])
    assert (line["tenant_id"], line["role"]) == (str(north.id), "hr")
    assert re.fullmatch(r"key:[0-9a-f-]{36}", line["principal"])
    assert line["ms"] > 0
    assert line["request_id"] == answer.headers["x-request-id"]
    await ask(query, north.keys["hr"])
    assert log.of("meritline.http")[1]["fields"] == ["employees", "tenant"], "a known document is told like a new one"
    before = len(log.of("meritline.http"))
    await http.get("/healthz")
    await http.get("/metrics")
    assert len(log.of("meritline.http")) == before, "what machines ask every second is told where it goes wrong"


async def test_the_id_of_a_proxy_is_kept_and_other_words_are_not(http, log) -> None:
    given = uuid4().hex
    assert (await http.get("/", headers={"x-request-id": given})).headers["x-request-id"] == given
    for other in ("13800138000", "Ouyang", "x" * 500):
        assert (await http.get("/", headers={"x-request-id": other})).headers["x-request-id"] != other
    assert not found_in(log)


async def test_errors_are_told_by_their_codes(ask, http, north, log) -> None:
    await ask("{ nothing }", north.keys["hr"])
    await ask("{", north.keys["hr"])
    await ask("{ tenant { name } }", "mlk_wrong")
    await ask('{ scorecards(cycle: "2026-05", first: 1000) { totalCount } }', north.keys["hr"])
    await ask("{ auditEntries(first: 1) { totalCount } }", north.keys["employee"])
    codes = [each.get("codes") for each in log.of("meritline.http")]
    assert codes[:3] == [["GRAPHQL_VALIDATION_FAILED"], ["GRAPHQL_PARSE_FAILED"], ["E-KEY-REFUSED"]]
    assert all(codes)


async def test_no_line_has_the_words_of_anybody(ask, http, platform, north, any_log, monkeypatch) -> None:
    """Names, numbers and texts in every place that a client fills, also where the server fails because of them."""
    name, _, phone, mail, card, literal = PERSONAL
    key, admin = north.keys["hr"], north.keys["admin"]
    for query, variables in (
        (f'query Ouyang_{phone} {{ employees(filter: {{number: "{phone}"}}) {{ totalCount }} }}', None),
        (f'{{ {PERSONAL[1]}: tenant {{ name }} # {literal}\n }}', None),
        ("query Q($n: String) { employees(filter: {number: $n}) { totalCount } }", {"n": name}),
        ("query Q($n: Int!) { employees(first: $n) { totalCount } }", {"n": mail}),
        (f'{{ employees(first: "{literal}") {{ totalCount }} }}', None),
        (f'{{ {name} }}', None),
        (f'{{ node(id: "{card}") {{ id }} }}', None),
        ("mutation M($i: UpsertEmployeesInput!) { upsertEmployees(input: $i) { errors { code } } }",
         {"i": {"employees": [{"number": phone, "name": name, "spans": [{"from": "2026-13-01"}]}]}}),
    ):  # fmt: skip
        await ask(query, key, variables)
        await ask(query, admin, variables)
    await http.get(f"/{name}/{phone}?q={mail}", headers={"user-agent": name.encode(), "x-request-id": phone})
    records = json.dumps({"external_id": phone, "engineer": name, "requested_at": literal}).encode()
    for path in ("/v1/records/work_order", f"/v1/records/{literal}?source={mail}", f"/v1/figures?period={phone}"):
        await http.post(path, content=records, headers={"authorization": f"Bearer {admin}"})

    async def broken(*_: object, **__: object) -> None:
        try:
            raise KeyError(name)
        except KeyError as error:
            raise ValueError(f"{phone} is no number of {mail}") from error

    with monkeypatch.context() as patch:
        patch.setattr("meritline.graphql.kit.context.RequestContext.read", broken)
        patch.setattr("meritline.graphql.kit.context.RequestContext.read_value", broken)
        answer = await ask("{ tenant { name } employees(first: 1) { nodes { name } } }", key)
        assert answer.codes
    await violated(platform, north.id)
    asyncio.get_running_loop().call_exception_handler({"message": "Task exception was never retrieved",
                                                       "exception": ValueError(name), "future": Words()})
    logging.getLogger("arq.worker").error("%s failed: %r", "job", ValueError(phone))
    logging.getLogger("anything").error(ValueError(mail))
    said = any_log.getvalue()
    assert said.count("KeyError") >= 1
    assert "ValueError" in said
    assert "test_eyes.py" in said, "where it comes from is told"
    assert "UniqueViolationError 23505 tenant_key_key" in said
    assert not found_in(any_log)


class Words:
    """A thing whose text is somebody's."""

    def __repr__(self) -> str:
        return f"<Task exception=ValueError('{PERSONAL[0]}')>"


async def violated(platform, tenant_id: UUID) -> None:
    """What the database says of a violated key has the key in it."""
    try:
        async with platform.database.global_work() as conn:
            for _ in range(2):
                await conn.execute("insert into tenant (key) values ($1)", f"{PERSONAL[0]}")
    except Exception:
        logging.getLogger("meritline.x").exception("it could not be written", extra={"tenant_id": str(tenant_id)})


def found_in(log: Kept) -> list[str]:
    said = log.getvalue()
    assert said or log is not None
    return [each for each in PERSONAL if each in said or json.dumps(each)[1:-1] in said]


async def test_an_attempt_at_a_job_is_one_line(http, platform, north, log) -> None:
    async def job(context: JobContext) -> None:
        await context.progress(0, 2, "reading")
        await context.progress(1, 2, f"about {PERSONAL[0]}")
        if context.payload.get("how"):
            raise ValueError(PERSONAL[2])

    jobs = Jobs(platform.settings.redis_url, platform.database, {"probe": Handler(job)}, queue_name=f"eyes-{uuid4()}")
    jobs.observers.extend(platform.jobs.observers)
    async with jobs.working():
        async with platform.database.unit_of_work(north.id) as uow:
            good = await jobs.enqueue(uow, "probe", {})
            bad = await jobs.enqueue(uow, "probe", {"how": PERSONAL[1]})
        for each in (good, bad):
            await jobs.wait(north.id, each, 60)
        async with asyncio.timeout(60):  # the line follows the outcome
            while len(log.of("meritline.jobs.attempt")) < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    await jobs.close()
    lines = {each["job_id"]: each for each in log.of("meritline.jobs.attempt") if "kind" in each}
    assert {name: lines[str(good)][name] for name in ("kind", "tenant_id", "attempt", "outcome", "level")} == {
        "kind": "probe", "tenant_id": str(north.id), "attempt": 1, "outcome": "done", "level": "info"}
    assert (lines[str(bad)]["outcome"], lines[str(bad)]["codes"]) == ("failed", ["E-INTERNAL"])
    assert not found_in(log)
    told = await scraped(http)
    assert told[("meritline_job_attempts_total", ("kind", "probe"), ("outcome", "done"))] == 1
    assert told[("meritline_job_attempts_total", ("kind", "probe"), ("outcome", "failed"))] == 1
    assert told[("meritline_run_step_seconds_count", ("step", "reading"))] == 2
    assert told[("meritline_run_step_seconds_count", ("step", "other"))] == 2


async def scraped(client: httpx2.AsyncClient) -> dict[tuple, float]:
    """The page of metrics, by name and labels."""
    page = (await client.get("/metrics")).text
    return {(one.name, *sorted(one.labels.items())): one.value
            for family in text_string_to_metric_families(page) for one in family.samples}


@pytest.fixture
async def own(platform) -> httpx2.AsyncClient:
    """An application of its own: its numbers begin at nothing."""
    transport = httpx2.ASGITransport(create_app(platform), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://meritline.test") as client:
        yield client


async def test_metrics_follow_what_happens(own, north, platform) -> None:
    headers = {"authorization": f"Bearer {north.keys['integrator']}"}
    row = json.dumps({"external_id": f"m-{next(NUMBERS)}", "nothing": 1}).encode()
    assert (await own.post("/v1/records/work_order", content=row, headers=headers)).status_code == 200
    query = {"query": "{ tenant { name } }"}
    for _ in range(3):
        await own.post("/graphql", json=query, headers=headers)
    await own.post("/graphql", json={"query": "{ nobody }"}, headers=headers)
    async with platform.database.scoped_read(north.id):
        told = await scraped(own)
    assert told[("meritline_graphql_operations_total", ("field", "tenant"), ("kind", "query"), ("outcome", "ok"))] == 3
    assert told[("meritline_graphql_operations_total", ("field", "none"), ("kind", "none"),
                 ("outcome", "GRAPHQL_VALIDATION_FAILED"))] == 1  # fmt: skip
    assert told[("meritline_graphql_operation_seconds_count", ("field", "tenant"))] == 3
    assert told[("meritline_http_requests_total", ("method", "POST"), ("route", "/graphql"), ("status", "200"))] == 4
    assert told[("meritline_http_request_seconds_count", ("route", "/v1/records"))] == 1
    assert told[("meritline_http_running",)] == 1, "the scrape itself"
    assert (told[("meritline_ingest_rows_total", ("verdict", "rejected"))], told[("meritline_ingest_deliveries_total",)]
            ) == (1, 1)  # fmt: skip
    assert told[("meritline_database_connections", ("state", "used"))] >= 1
    assert told[("meritline_database_up",)] == 1
    assert told[("meritline_jobs_open",)] == told[("meritline_jobs_oldest_age_seconds",)] == 0
    assert told[("process_resident_memory_bytes",)] > 1e6


async def test_waiting_jobs_and_their_age_are_told(platform, north, own) -> None:
    async with platform.database.global_work() as conn:
        await conn.execute("insert into job_ref (job_id, tenant_id, due_at, done) values "
                           "(uuidv7(interval '-1 hour'), $1, now() + interval '1 hour', false)", north.id)
        await conn.execute("insert into job_ref (job_id, tenant_id, due_at, done) values "
                           "(uuidv7(interval '-3 hours'), $1, now() + interval '1 hour', false)", north.id)
    try:
        told = await scraped(own)
    finally:
        async with platform.database.global_work() as conn:
            await conn.execute("delete from job_ref where tenant_id = $1 and due_at > now() + interval '30 minutes'",
                               north.id)
    assert told[("meritline_jobs_open",)] == 2
    assert told[("meritline_jobs_overdue",)] == 0
    assert 3 * 3600 <= told[("meritline_jobs_oldest_age_seconds",)] < 3 * 3600 + 600


async def test_metrics_are_told_also_where_every_connection_is_at_work(platform, own) -> None:
    """A busy pool is not an absent database: neither readiness nor metrics wait for it."""
    taken = [await platform.database._lanes.take() for _ in range(10)]
    try:
        told = await asyncio.wait_for(scraped(own), 10)
        ready = await asyncio.wait_for(own.get("/readyz"), 10)
    finally:
        for conn in taken:
            await platform.database._lanes.drop(conn)
    assert told[("meritline_database_connections", ("state", "free"))] == 0
    assert told[("meritline_database_up",)] == 1
    assert ready.status_code == 200


async def test_series_are_bounded_whatever_clients_make_up(own, north) -> None:
    headers = {"authorization": f"Bearer {north.keys['employee']}"}

    async def send(number: int) -> None:
        await own.post("/graphql", headers=headers,
                       json={"query": f"query N{number} {{ a{number}: tenant {{ name }} }}"})

    await send(0)
    await own.get("/first/0")
    await own.request("FIRST", "/")
    before = set(await scraped(own))
    for number in range(1, 60):
        await send(number)
        await own.get(f"/none/{number}")
        await own.request(f"VERB{number}", "/")
        await own.get("/", headers={"user-agent": f"agent {number}"})
    made = set(await scraped(own)) - before
    assert {name for name, *_ in made if name.startswith("meritline")} <= {
        "meritline_http_requests_total", "meritline_http_request_seconds_bucket",
        "meritline_http_request_seconds_count", "meritline_http_request_seconds_sum"}, made
    assert len(made) < 40, sorted(made)


def test_ten_thousand_names_of_operations_are_one_label() -> None:
    from graphql import parse

    told = [told_of(parse(f"query Name{number} {{ x{number}: tenant {{ name }} }}"), None) for number in range(10_000)]
    assert {(each.kind, each.label) for each in told} == {("query", "tenant")}


async def test_names_of_metrics_are_those_that_prometheus_expects(own, north) -> None:
    """What promtool check metrics looks at."""
    await own.post("/graphql", json={"query": "{ tenant { name } }"},
                   headers={"authorization": f"Bearer {north.keys['hr']}"})
    page = (Path(__file__).parents[3] / "platform" / "docs" / "operations" / "monitoring.md").read_text("utf-8")
    families = [*text_string_to_metric_families((await own.get("/metrics")).text)]
    ours = [each for each in families if each.name.startswith("meritline_")]
    told = set()
    for each in ours:
        name = f"{each.name}_total" if each.type == "counter" else each.name
        told.add(f"| `{name}` | {each.type} |")
        assert f"| {each.documentation} |" in page, f"{name} is not told as it is"
        assert each.documentation.endswith("."), each.name
        assert re.fullmatch(r"[a-z][a-z0-9_]*", each.name)
        assert not re.search(r"_(ms|millis|minutes|kb|mb|percent|total|count|sum|bucket)$", each.name), each.name
        assert not (each.type == "gauge" and each.name.endswith("_total"))
        assert each.type in ("counter", "gauge", "histogram")
        for one in each.samples:
            assert not set(one.labels) & {"tenant", "tenant_id", "principal", "operation", "path"}
            assert each.type != "counter" or one.name.endswith("_total")
        if each.type == "histogram":
            assert each.name.endswith("_seconds")
            of = [one for one in each.samples if one.name.endswith("_bucket")]
            assert not of or of[-1].labels["le"] == "+Inf"
    assert told == set(re.findall(r"^\| `meritline_\w+` \| \w+ \|", page, re.MULTILINE)), "monitoring.md has others"

"""A company through the API alone: opened, staffed, its scheme saved, rated, run, read and explained."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace

import pytest
import websockets

from meritline.access import authenticate, create_key, revoke_key
from meritline.graphql.kit.ids import global_id
from meritline.http.server import listening, server_for

SET = "ecommerce_service"
QUALITY = f"{SET}.rt_ecom_quality"
SCHEME = {
    "scheme": "rated",
    "title": "Rated by their managers",
    "title_zh": "主管评分",
    "for_positions": ["agent"],
    "valid_from": "2026-01-01",
    "pass_score": 60,
    "item": [{"indicator": QUALITY, "weight": 100, "rule": {"kind": "to_target"}, "target": 20}],
    "grades": {"grade": [{"key": "fair", "title": "Fair", "title_zh": "一般"},
                         {"key": "good", "title": "Good", "title_zh": "良好", "limit": 80}]},
}  # fmt: skip
REWARDS = {
    "reward_table": "rated_pay", "scheme": "rated", "title": "Bonus", "title_zh": "奖金", "valid_from": "2026-01-01",
    "reward": [{"kind": "by_grade", "key": "bonus", "title": "Bonus", "title_zh": "绩效奖金",
                "amounts": {"good": "800.50", "fair": 0}}],
}  # fmt: skip


def mutation(name: str, returns: str) -> str:
    kind = name[0].upper() + name[1:]
    errors = "errors { code message field line value remedy }"
    return f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {returns} {errors} }} }}"


@pytest.fixture(scope="module")
def write(ask):
    async def send(key: str, name: str, given, returns: str, **headers: str):
        return (await ask(mutation(name, returns), key, {"input": given}, **headers)).data[name]

    return send


@pytest.fixture(scope="module")
async def shop(write, operator) -> str:
    """The admin's key of a company that is ready to run."""
    given = {"key": "shop", "name": "小店", "timeZone": "Asia/Shanghai", "currency": "CNY", "country": "CN",
             "languages": ["zh"]}  # fmt: skip
    opened = await write(operator, "onboardTenant", given, "tenant { id key adminKey }")
    assert opened["errors"] == []
    key = opened["tenant"]["adminKey"]
    await write(key, "upsertDepartments", {"departments": [{"code": "D", "name": "客服"}]}, "departments { id }")
    people = [{"number": f"S{n}", "name": f"员工{n}", "employments": [
        {"validFrom": "2025-01-01", "department": "D", "position": "agent"}]} for n in range(1, 4)]  # fmt: skip
    await write(key, "upsertEmployees", {"employees": people}, "employees { number }")
    await write(key, "enableIndicatorSet", {"key": SET}, "indicators { key }")
    saved = await write(key, "saveScheme", {"document": SCHEME}, "scheme { key version }")
    assert saved == {"scheme": {"key": "rated", "version": 1}, "errors": []}
    saved = await write(key, "saveRewardTable", {"document": REWARDS}, "rewardTable { key current { version } }")
    assert saved == {"rewardTable": {"key": "rated_pay", "current": {"version": 1}}, "errors": []}
    return key


async def rate(write, key: str, subject: str, value: str, **more):
    given = {"period": "2026-05", "scheme": "rated", "indicator": QUALITY, "subject": subject, "value": value, **more}
    return await write(key, "submitRating", given, "rating { value version employee { number } }")


async def opened_cycle(write, key: str) -> str:
    return (await write(key, "openCycle", {"period": "2026-05"}, "cycle { id state }"))["cycle"]["id"]


async def run_to_its_end(ask, write, key: str) -> str:
    """Run the cycle and wait for it by reading."""
    cycle = await opened_cycle(write, key)
    asked = await write(key, "runCycle", {"cycle": cycle}, "cycle { state } run { id number state }")
    assert (asked["errors"], asked["cycle"]) == ([], {"state": "RUNNING"})
    for _ in range(300):
        run = (await ask("query($id: ID!) { cycle(id: $id) { runs { state error resultDigest } } }", key,
                         {"id": cycle})).data["cycle"]["runs"][0]  # fmt: skip
        if run["state"] not in ("QUEUED", "RUNNING"):
            assert (run["state"], run["error"]) == ("COMPLETE", None)
            return run["resultDigest"]
        await asyncio.sleep(0.1)
    raise AssertionError("the run did not end")


CARD = """query($no: String!) { scorecardByKey(employeeNo: $no, scheme: "rated", period: "2026-05") {
    score grade { key name } rank state lines { key reading { state value sampleSize } rawPoints weightedPoints
      explanation(language: ZH) { text records { totalCount nodes { externalId } } } }
    rewards { title amount { amount currency } explanation(language: EN) { text } } } }"""


async def test_from_nothing_to_an_explained_reward(ask, write, shop) -> None:
    assert (await rate(write, shop, "S1", "18"))["rating"] == {
        "value": "18",
        "version": 1,
        "employee": {"number": "S1"},
    }
    await rate(write, shop, "S2", "7.5")
    digest = await run_to_its_end(ask, write, shop)
    card = (await ask(CARD, shop, {"no": "S1"})).data["scorecardByKey"]
    line = card["lines"][0]
    assert (card["score"], card["grade"], card["rank"]) == ("90", {"key": "good", "name": "Good"}, 1)
    assert (line["reading"]["state"], line["reading"]["value"], line["weightedPoints"]) == ("MEASURED", "18", "90")
    assert "18" in line["explanation"]["text"]
    assert "90" in line["explanation"]["text"]
    assert line["explanation"]["records"] == {"totalCount": 0, "nodes": []}
    assert card["rewards"][0]["amount"] == {"amount": "800.50", "currency": "CNY"}
    assert "800.5" in card["rewards"][0]["explanation"]["text"]
    unrated = (await ask(CARD, shop, {"no": "S3"})).data["scorecardByKey"]
    assert (unrated["score"], unrated["state"], unrated["lines"][0]["reading"]["value"]) == (None, "NOT_MEASURED", None)
    assert await run_to_its_end(ask, write, shop) == digest, "the same input gives the same result"
    again = (await ask(CARD, shop, {"no": "S1"})).data["scorecardByKey"]
    assert again["rewards"] == card["rewards"], "and no second reward"


async def test_what_the_user_can_mend_is_in_the_payload(ask, write, shop, operator) -> None:
    wrong = {**SCHEME, "item": [{**SCHEME["item"][0], "weight": 90, "indicator": "nobody.knows_this"}]}
    answer = await write(shop, "saveScheme", {"document": wrong}, "scheme { id }", **{"accept-language": "zh"})
    assert answer["scheme"] is None
    assert {each["code"] for each in answer["errors"]} >= {"E-INDICATOR-UNKNOWN"}
    assert all(each["message"] and each["remedy"] for each in answer["errors"])
    assert answer["errors"][0]["field"] == "item[0].indicator"
    twice = {"key": "shop", "name": "x", "timeZone": "Mars/Olympus", "currency": "yuan", "country": "CN",
             "languages": ["zh"]}  # fmt: skip
    answer = await write(operator, "onboardTenant", twice, "tenant { key }")
    assert [(each["code"], each["field"]) for each in answer["errors"]] == [
        ("E-TIME-ZONE", "timeZone"), ("E-TENANT-CURRENCY", "currency")]  # fmt: skip
    answer = await write(shop, "upsertEmployees", {"employees": [
        {"number": "S9", "name": "new", "employments": [{"validFrom": "2026-01-01", "department": "nowhere"}]}]},
        "employees { id }")  # fmt: skip
    assert answer["employees"] is None
    assert answer["errors"][0]["code"] == "E-DEPARTMENT-UNKNOWN"
    assert answer["errors"][0]["field"] == "employees[0].department"
    query = '{ employees(filter: { numbers: ["S9"] }) { totalCount } }'
    assert (await ask(query, shop)).data["employees"]["totalCount"] == 0, "nothing is half applied"


async def test_a_stale_version_is_refused_and_changes_nothing(ask, write, shop) -> None:
    given = {"departments": [{"code": "D", "name": "客服二", "expectedVersion": 7}]}
    answer = await write(shop, "upsertDepartments", given, "departments { id }")
    assert answer["departments"] is None
    assert answer["errors"][0]["code"] == "E-CONFLICT-STALE"
    query = '{ departments(filter: { codes: ["D"] }) { nodes { name version } } }'
    assert (await ask(query, shop)).data["departments"]["nodes"] == [{"name": "客服", "version": 1}]
    scheme = await write(shop, "saveScheme", {"document": SCHEME, "expectedVersion": 0}, "scheme { id }")
    assert scheme["errors"][0]["code"] == "E-CONFLICT-STALE"


async def test_a_write_needs_its_permission(ask, north, operator) -> None:
    given = {"departments": [{"code": "X", "name": "X"}]}
    for role in ("manager", "employee", "auditor", "integrator"):
        answer = await ask(mutation("upsertDepartments", "departments { id }"), north.keys[role], {"input": given})
        assert answer.codes == ["FORBIDDEN"]
    opening = {"key": "mine", "name": "x", "timeZone": "UTC", "currency": "CNY", "country": "CN", "languages": ["en"]}
    answer = await ask(mutation("onboardTenant", "tenant { key }"), north.keys["admin"], {"input": opening})
    assert answer.codes == ["FORBIDDEN"]
    assert (await ask("{ employees { totalCount } }", operator)).codes == ["FORBIDDEN"]
    assert (await ask("{ viewer { role tenant { name } } }", operator)).data["viewer"] == {
        "role": "operator", "tenant": None}  # fmt: skip


async def test_another_companys_cycle_cannot_be_run(write, shop, north) -> None:
    theirs = await opened_cycle(write, north.keys["hr"])
    answer = await write(shop, "runCycle", {"cycle": theirs}, "run { id }")
    assert answer["errors"][0]["code"] == "E-NOT-FOUND"
    unknown = await write(shop, "runCycle", {"cycle": "nonsense"}, "run { id }")
    assert unknown["errors"][0]["code"] == answer["errors"][0]["code"]


@pytest.mark.parametrize(
    "document", [None, 1, [], "x", {}, {"scheme": {"a": {}}}, {"item": [[[]]]}, {"scheme": "a" * 9999}]
)
async def test_a_hostile_document_is_answered(ask, shop, document) -> None:
    for name, member in (("saveScheme", "scheme"), ("saveRewardTable", "rewardTable"), ("saveSource", "source")):
        given = {"document": document} | ({"key": "s"} if name == "saveSource" else {})
        answer = await ask(mutation(name, f"{member} {{ id }}"), shop, {"input": given})
        if answer.status == 200 and answer.body["data"]:
            assert answer.data[name]["errors"]
        else:
            assert answer.codes == ["BAD_USER_INPUT"]


async def test_numbers_of_a_document_are_exact(ask, write, shop) -> None:
    """0.1 + 0.2 as weights of 33.1, 33.2 and 33.7 sum to 100 exactly, also written inside the query."""
    items = [
        {"indicator": f"{SET}.{key}", "weight": weight, "target": 20, "rule": {"kind": "to_target"}}
        for key, weight in (("rt_ecom_quality", 33.1), ("rt_ecom_execution", 33.2), ("rt_ecom_complaint", 33.7))
    ]
    document = {**SCHEME, "scheme": "exact", "for_positions": ["nobody"], "item": items}
    await write(
        shop, "upsertPositions", {"positions": [{"code": "nobody", "nameEn": "N", "nameZh": "无"}]}, "positions { id }"
    )
    answer = await write(shop, "saveScheme", {"document": document}, "scheme { current { items { weight } } }")
    assert [each["weight"] for each in answer["scheme"]["current"]["items"]] == ["33.1", "33.2", "33.7"]
    literal = json.dumps({**document, "title": "Inline"})
    for name in (
        "scheme",
        "title_zh",
        "title",
        "for_positions",
        "valid_from",
        "pass_score",
        "item",
        "indicator",
        "weight",
        "rule",
        "kind",
        "target",
        "grades",
        "grade",
        "key",
        "limit",
    ):
        literal = literal.replace(f'"{name}":', f"{name}:")
    given = f"document: {literal}"
    unseen = await ask(f"mutation {{ saveScheme(input: {{ {given} }}) {{ errors {{ code remedy }} }} }}", shop)
    assert unseen.data["saveScheme"]["errors"][0]["code"] == "E-SCHEME-VERSION"
    assert "expectedVersion: 1" in unseen.data["saveScheme"]["errors"][0]["remedy"]
    inline = await ask(f"mutation {{ saveScheme(input: {{ {given}, expectedVersion: 1 }}) {{ "
                       "scheme { title } errors { code } } }", shop)  # fmt: skip
    assert inline.data["saveScheme"] == {"scheme": {"title": "Inline"}, "errors": []}


@asynccontextmanager
async def real_server(platform) -> AsyncIterator[str]:
    """The same platform behind uvicorn on a free port."""
    listener = listening("127.0.0.1", 0)
    server = server_for(platform)
    server.install_signal_handlers = lambda: None
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def socket(address: str, key: str | None, origin: str | None = None):
    async with websockets.connect(f"ws://{address}/graphql", subprotocols=["graphql-transport-ws"],
                                  origin=origin) as made:  # fmt: skip
        await made.send(json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {key}"}}))
        yield made


async def said(made) -> SimpleNamespace:
    return SimpleNamespace(**json.loads(await asyncio.wait_for(made.recv(), 20)))


FOLLOW = "subscription($id: ID!) { cycleProgress(cycleId: $id) { state done total note error cycle { state } } }"


async def test_a_run_is_followed_to_its_end(write, shop, platform) -> None:
    cycle = await opened_cycle(write, shop)
    async with real_server(platform) as address, socket(address, shop) as made:
        assert (await said(made)).type == "connection_ack"
        await write(shop, "runCycle", {"cycle": cycle}, "run { id }")
        await made.send(json.dumps({"id": "1", "type": "subscribe",
                                    "payload": {"query": FOLLOW, "variables": {"id": cycle}}}))  # fmt: skip
        steps = []
        while (message := await said(made)).type == "next":
            steps.append(message.payload["data"]["cycleProgress"])
        assert message.type == "complete"
    assert steps[-1] | {"note": ""} == {"state": "DONE", "done": steps[-1]["total"], "total": steps[-1]["total"],
                                        "note": "", "error": None, "cycle": {"state": "COMPUTED"}}  # fmt: skip
    done = [(each["total"], each["done"]) for each in steps]
    assert done == sorted(done)


async def test_a_socket_needs_a_key_and_keeps_to_its_tenant(write, shop, north, platform) -> None:
    theirs = await opened_cycle(write, north.keys["hr"])
    async with real_server(platform) as address:
        async with socket(address, "mlk_wrong") as made:
            with pytest.raises(websockets.ConnectionClosed):
                await said(made)
            assert made.close_code == 4403
        async with socket(address, shop) as made:
            assert (await said(made)).type == "connection_ack"
            for number, cycle in enumerate((theirs, "nonsense", "")):
                await made.send(json.dumps({"id": str(number), "type": "subscribe",
                                            "payload": {"query": FOLLOW, "variables": {"id": cycle}}}))  # fmt: skip
                message = await said(made)
                errors = message.payload["errors"] if message.type == "next" else message.payload
                assert errors[0]["extensions"]["code"] == "NOT_FOUND"
                if message.type == "next":
                    assert (await said(made)).type == "complete"
            for query, code in (("{", "GRAPHQL_PARSE_FAILED"), ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
                                ("#" * 140_000 + "\n{ viewer { role } }", "TOO_LARGE")):  # fmt: skip
                await made.send(json.dumps({"id": code, "type": "subscribe", "payload": {"query": query}}))
                message = await said(made)
                assert (message.type, message.payload[0]["extensions"]["code"]) == ("error", code)
            # Two queries on one connection: the second sees what changed in between.
            for name in ("甲", "乙"):
                await write(
                    shop, "upsertDepartments", {"departments": [{"code": "W", "name": name}]}, "departments { id }"
                )
                await made.send(
                    json.dumps(
                        {
                            "id": name,
                            "type": "subscribe",
                            "payload": {"query": '{ departments(filter: { codes: ["W"] }) { nodes { name } } }'},
                        }
                    )
                )
                message = await said(made)
                assert message.payload == {"data": {"departments": {"nodes": [{"name": name}]}}}
                assert (await said(made)).type == "complete"
        with pytest.raises(websockets.InvalidStatus):
            async with socket(address, shop, origin="https://evil.example") as made:
                pass


@pytest.mark.parametrize("message", ["", "x", "null", "1", "[]", "{}", '{"type": 1}', '{"type": "subscribe"}',
    '{"id": "1", "type": "subscribe", "payload": null}', '{"id": "1", "type": "subscribe", "payload": {"query": 1}}',
    '{"id": "1", "type": "subscribe", "payload": {"query": "{ viewer { role } }", "variables": [1]}}',
    '{"id": {}, "type": "subscribe", "payload": {"query": "{ viewer { role } }"}}', "[" * 5000 + "]" * 5000, b"bytes",
])  # fmt: skip
async def test_a_hostile_message_ends_its_own_socket_at_most(shop, platform, message, caplog) -> None:
    async with real_server(platform) as address, socket(address, shop) as other:
        assert (await said(other)).type == "connection_ack"
        async with socket(address, shop) as made:
            assert (await said(made)).type == "connection_ack"
            await made.send(message)
            with suppress(websockets.ConnectionClosed, TimeoutError):
                await asyncio.wait_for(made.recv(), 1)
        await other.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": "{ viewer { role } }"}}))
        assert (await said(other)).payload == {"data": {"viewer": {"role": "admin"}}}
    assert "Traceback" not in caplog.text


async def test_whoever_loses_the_key_stops_following(write, shop, platform, monkeypatch) -> None:
    """A job that nobody does keeps a follower waiting; the revoked key ends it all the same."""
    monkeypatch.setattr("meritline.graphql.kit.following.RECHECK_S", 0.2)
    principal = await authenticate(platform.database, shop)
    async with platform.database.unit_of_work(principal.tenant_id) as uow:
        key_id, key = await create_key(uow.conn, principal.tenant_id, role="hr")
        cycle = await uow.conn.fetchval("select id from cycle where tenant_id = $1", principal.tenant_id)
        job = await uow.conn.fetchval(
            "insert into job (tenant_id, kind) values ($1, 'nobody.does_this') returning id", principal.tenant_id
        )
        await uow.conn.execute(
            "insert into run (tenant_id, cycle_id, number, job_id, state, as_of, known_at, engine) "
            "values ($1, $2, 99, $3, 'failed', now(), now(), 'test')",
            principal.tenant_id,
            cycle,
            job,
        )
    async with real_server(platform) as address, socket(address, key) as made:
        assert (await said(made)).type == "connection_ack"
        variables = {"id": global_id("Cycle", cycle)}
        await made.send(
            json.dumps({"id": "1", "type": "subscribe", "payload": {"query": FOLLOW, "variables": variables}})
        )
        assert (await said(made)).payload["data"]["cycleProgress"]["state"] == "QUEUED"
        async with platform.database.unit_of_work(principal.tenant_id) as uow:
            await revoke_key(uow.conn, principal.tenant_id, key_id, actor="test")
        message = await said(made)
        assert message.payload["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert (await said(made)).type == "complete"

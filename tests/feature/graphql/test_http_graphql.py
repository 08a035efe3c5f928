"""GraphQL over HTTP: what a request must look like, what an error looks like, what a key may."""

import asyncio
import json
from dataclasses import replace

import asyncpg
import orjson
import pytest
from graphql import get_introspection_query

from meritline.graphql.kit.context import RequestContext
from meritline.http import graphql as view

NEW, OLD = "application/graphql-response+json", "application/json"


async def raw(http, key: str | None, content: bytes | str, accept: str = NEW, kind: str = OLD, method: str = "POST"):
    headers = {"accept": accept, "content-type": kind} | ({"authorization": f"Bearer {key}"} if key else {})
    return await http.request(method, "/graphql", content=content, headers=headers)


@pytest.mark.parametrize("shown", [None, "", "mlk_x", "Bearer", "mlk_" + "0" * 32 + "_" + "0" * 32 + "_" + "A" * 43])
async def test_without_a_valid_key_there_is_nothing(http, shown) -> None:
    headers = {} if shown is None else {"authorization": f"Bearer {shown}"}
    answer = await http.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert "data" not in answer.json()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"null", b"1", b'"x"', b"[]", b"[{}]", b"{", b"\xff\xfe", b'{"query": 1}', b'{"query": null}', b"{}",
        b'{"query": "{ viewer { role } }", "variables": []}', b'{"query": "{ viewer { role } }", "operationName": 1}',
        b'{"query": "{ viewer { role } }", "variables": {"a": NaN}}',
        b'{"query": "{ viewer { role } }", "extensions": "x"}',
        b'{"query": "{ viewer { role } }", "variables": {"a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}}",
        b'{"query": "{ viewer { role } }", "variables": {"a": ' + b"[" * 40 + b"]" * 40 + b"}}",
        b'{"query": "\xc3\x28"}',
        b'{"query": "{ viewer { role } }", "variables": {"a": [' + b"1," * 200_000 + b"1]}}",
    ],
)  # fmt: skip
async def test_a_malformed_body_is_400_and_never_500(http, north, content) -> None:
    for accept in (NEW, OLD):
        answer = await raw(http, north.keys["hr"], content, accept)
        assert answer.status_code == 400, answer.text
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_huge_number_of_json_is_no_crash(http, north) -> None:
    for number in (b"9" * 5000, b"1e99999999", b"-0.0", b"1" + b"0" * 300 + b".5"):
        body = (
            b'{"query": "query($n: Int!) { employees(first: $n) { totalCount } }", "variables": {"n": ' + number + b"}}"
        )
        answer = await raw(http, north.keys["hr"], body)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_only_json_is_read(http, north, kind) -> None:
    answer = await raw(http, north.keys["hr"], b'{"query": "{ viewer { role } }"}', kind=kind)
    assert answer.status_code == 415


async def test_queries_come_by_post_alone(http, north) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = await raw(http, north.keys["hr"], b"", method=method)
        assert answer.status_code == 405
    query = "/graphql?query=mutation{openCycle(input:{period:%222026-06%22}){cycle{id}}}"
    assert (await http.get(query, headers={"authorization": f"Bearer {north.keys['hr']}"})).status_code == 405


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { viewer { role } } query B { viewer { role } }", "BAD_USER_INPUT"),
        ("query($a: Int!) { employees(first: $a) { totalCount } }", "BAD_USER_INPUT"),
        ("subscription { cycleProgress(cycleId: 1) { state } }", "BAD_USER_INPUT"),
        ("{ " + " ".join(f"a{n}: viewer {{ role }}" for n in range(31)) + " }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ employees { nodes " + "{ department { employees { nodes " * 8 + "{ id }" + " } } }" * 8 + " } }",
         "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { " + "role " * 5000 + "} }", "GRAPHQL_PARSE_FAILED"),
        ("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)  # fmt: skip
async def test_a_request_that_is_not_executed_is_400_and_has_no_data(http, north, query, code) -> None:
    body = orjson.dumps({"query": query})
    new = await raw(http, north.keys["hr"], body)
    assert new.status_code == 400
    assert "data" not in new.json()
    assert new.headers["content-type"].startswith(NEW)
    old = await raw(http, north.keys["hr"], body, OLD)
    assert (old.status_code, old.headers["content-type"]) == (200, OLD)
    assert "data" not in old.json()
    assert {each["extensions"]["code"] for each in old.json()["errors"]} == {code}


@pytest.mark.parametrize("long", ["#" + "x" * 140_000 + "\n", " " * 140_000, "#\n" * 70_000])
async def test_a_long_query_is_refused_before_it_is_read(http, north, monkeypatch, long) -> None:
    def read(*_: object, **__: object) -> None:
        raise AssertionError("parsed")

    monkeypatch.setattr("strawberry.schema.schema.parse", read)
    monkeypatch.setattr("strawberry.extensions.parser_cache.parse", read)
    query = long + "{ viewer { role } }"
    answer = await raw(http, north.keys["hr"], orjson.dumps({"query": query}))
    assert (answer.status_code, list(answer.json())) == (400, ["errors"])
    (error,) = answer.json()["errors"]
    assert error["message"] == f"The query has {len(query)} characters; 131072 are allowed."
    assert (error["extensions"]["code"], error["extensions"]["error"]) == ("TOO_LARGE", "E-QUERY-LONG")


async def test_a_query_of_very_many_lines_is_refused_before_it_is_read(http, north, monkeypatch) -> None:
    """The place of each error is found by counting lines: a hundred errors after 120,000 were eight seconds."""
    for end in ("\n", "\r", "\r\n"):
        query = end * 4000 + "{ " + " ".join(f"x{n}" for n in range(1500)) + " }"
        answer = await raw(http, north.keys["hr"], orjson.dumps({"query": query}))
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["error"]) == (400, "E-QUERY-LINES")
        assert error["message"] == "The query has 4001 lines; 4000 are allowed."
    found = (await raw(http, north.keys["hr"], orjson.dumps({"query": query[len(end):]}))).json()
    assert {each["extensions"]["code"] for each in found["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}
    assert [each["locations"][0]["line"] for each in found["errors"]] == [4000] * 10


@pytest.mark.parametrize("long", [True, False])
async def test_no_more_errors_are_looked_for_than_are_told(http, north, monkeypatch, long) -> None:
    """What may have been meant is searched for each of them."""
    looked: list[str] = []
    from graphql.validation.rules import fields_on_correct_type as rule

    meant = rule.get_suggested_field_names
    monkeypatch.setattr(rule, "get_suggested_field_names", lambda *given: looked.append("") or meant(*given))
    query = "{ " + " ".join(f"unknown{'x' * (30 if long else 1)}{n}" for n in range(900)) + " }"
    answer = await raw(http, north.keys["hr"], orjson.dumps({"query": query}))
    assert (len(answer.json()["errors"]), len(looked)) == (10, 11)


@pytest.mark.parametrize(("values", "taken"), [
    (b"[" + b",".join([b"1"] * 199_990) + b"]", True), (b'"' + b'1,[\\"{,' * 250_000 + b'"', True),
    (b"[" + b",".join([b"[]"] * 2_000_000) + b"]", False), (b"[" + b",".join([b'""'] * 300_000) + b"]", False),
    (b"[" + b",".join([b"[" * 25 + b"]" * 25] * 100_000) + b"]", False),
    (b'["\\\\",' + b",".join([b"1.5"] * 300_000) + b"]", False),
])  # fmt: skip
async def test_very_many_values_are_refused_before_there_are_objects_of_them(
    http, north, monkeypatch, values, taken
) -> None:
    read: list[int] = []
    decode = view.decode_json
    monkeypatch.setattr(view, "decode_json", lambda data: read.append(1) or decode(data))
    body = b'{"query": "{ viewer { role } }", "variables": {"a": ' + values + b"}}"
    answer = await raw(http, north.keys["hr"], body)
    assert (answer.status_code == 200, bool(read)) == (taken, taken)
    assert taken or "200,000 values" in answer.text


async def test_what_says_the_same_too_often_is_refused_before_it_is_compared(ask, north, monkeypatch) -> None:
    """Each is compared with each: 900 times the same field were seconds in which nobody else was answered."""
    monkeypatch.setattr("meritline.graphql.kit.limits.ValidationCache.on_validate", None)
    found = await ask("{ " + "viewer { role } " * 900 + "}", north.keys["hr"], **{"accept-language": "zh"})
    assert found.status == 400
    assert [(each["extensions"]["error"], each["extensions"]["field"]) for each in found.body["errors"]] == [
        ("E-QUERY-REPEATS", "viewer"), ("E-QUERY-REPEATS", "role")]  # fmt: skip
    assert found.body["errors"][0]["message"] == "查询在同一处选择了该字段 900 次；最多允许 30 次。"


async def test_the_operation_that_is_named_is_the_one_executed(http, north) -> None:
    query = "query A { viewer { role } } query B { tenant { name } }"
    body = orjson.dumps({"query": query, "operationName": "B"})
    assert (await raw(http, north.keys["hr"], body)).json() == {"data": {"tenant": {"name": "North"}}}
    body = orjson.dumps({"query": query, "operationName": "C"})
    assert (await raw(http, north.keys["hr"], body)).status_code == 400


async def test_an_error_while_executing_is_200_with_data(http, north) -> None:
    answer = await raw(http, north.keys["manager"], b'{"query": "{ tenant { key } auditEntries { totalCount } }"}')
    assert answer.status_code == 200
    assert answer.json()["data"] is None


async def test_errors_speak_the_readers_language(ask, north) -> None:
    query = "{ employees(first: 0) { totalCount } }"
    zh = (await ask(query, north.keys["hr"], **{"accept-language": "zh"})).body["errors"][0]
    assert zh["message"].startswith("一页不能有 0 个对象")
    assert zh["extensions"]["remedy"].startswith("请")
    assert zh["extensions"] | {"remedy": ""} == {
        "code": "BAD_USER_INPUT", "error": "E-PAGE-SIZE", "field": "first", "remedy": ""}  # fmt: skip


async def test_a_surprise_tells_nothing_but_a_reference(ask, north, monkeypatch, caplog) -> None:
    async def broken(self, sql: str, *args: object):
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(RequestContext, "read_value", broken)
    answer = await ask("{ tenant { name } }", north.keys["hr"])
    assert answer.codes == ["INTERNAL"]
    assert "hunter2" not in json.dumps(answer.body)
    reference = answer.body["errors"][0]["message"].rpartition(" ")[2].rstrip(".")
    assert reference in caplog.text
    assert "hunter2" in caplog.text


async def test_an_operation_has_a_deadline_that_reaches_the_database(
    ask, north, platform, migrated_database, monkeypatch
) -> None:
    """A table that somebody locks must not hold the reader for ever; the waiting statement goes with the request."""
    monkeypatch.setattr(platform, "settings", replace(platform.settings, request_timeout_s=3))
    owner = await asyncpg.connect(migrated_database.migration_database_url)
    try:
        async with owner.transaction():
            await owner.execute("lock table employee in access exclusive mode")
            answer = await ask("{ employees { totalCount } }", north.keys["hr"])
            assert answer.codes == ["UNAVAILABLE"]
            assert answer.body["errors"][0]["extensions"]["error"] == "E-REQUEST-TIMEOUT"
            for _ in range(50):
                waiting = await owner.fetchval("select count(*) from pg_locks where not granted")
                if not waiting:
                    break
                await asyncio.sleep(0.1)
            assert waiting == 0
    finally:
        await owner.close()
    assert (await ask("{ employees { totalCount } }", north.keys["hr"])).data["employees"]["totalCount"] == 10


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-inf", "１２", "1_000", " 5 ", "1e3", "", "+1", "0x10", "1.",
                                   ".5", "9" * 30, "1." + "0" * 13, 1, 1.5, True, None, ["1"]])  # fmt: skip
async def test_a_decimal_is_a_string_of_plain_digits(ask, north, value) -> None:
    query = "query($d: Decimal!) { scorecards(filter: { scoreAtLeast: $d }) { totalCount } }"
    answer = await ask(query, north.keys["hr"], {"d": value})
    assert answer.codes == ["BAD_USER_INPUT"]
    literal = json.dumps(value, ensure_ascii=False)
    if value is not None:
        inline = await ask(
            f"{{ scorecards(filter: {{ scoreAtLeast: {literal} }}) {{ totalCount }} }}", north.keys["hr"]
        )
        assert set(inline.codes) <= {"GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED"}


@pytest.mark.parametrize("value", ["2026-05-31", "2026-05-31T09:00:00", "2026-13-01T00:00:00Z", "0000-01-01T00:00:00Z",
                                   "2026-05-31T09:00:00+25:00", "２026-05-31T09:00:00Z", 5])  # fmt: skip
async def test_a_moment_names_its_offset(ask, north, value) -> None:
    query = "query($d: DateTime!) { auditEntries(filter: { since: $d }) { totalCount } }"
    assert (await ask(query, north.keys["admin"], {"d": value})).codes == ["BAD_USER_INPUT"]
    found = await ask(query, north.keys["admin"], {"d": "2020-01-01T00:00:00+08:00"})
    assert found.data["auditEntries"]["totalCount"] > 0


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800"])
async def test_text_that_cannot_be_stored_is_the_clients_mistake(http, north, text) -> None:
    body = json.dumps({"query": "query($s: String) { employees(filter: { search: $s }) { totalCount } }",
                       "variables": {"s": text}})  # fmt: skip
    answer = await raw(http, north.keys["hr"], body)
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_who_may_introspect_is_a_permission(http, ask, north, platform) -> None:
    assert (await ask(get_introspection_query(), north.keys["employee"])).data["__schema"]["types"]
    platform.settings, kept = replace(platform.settings, introspection="off"), platform.settings
    try:
        for query in ("{ __schema { types { name } } }", '{ __type(name: "Query") { name } }'):
            answer = await ask(query, north.keys["admin"])
            assert answer.codes == ["FORBIDDEN"]
        assert (await ask("{ __typename viewer { __typename } }", north.keys["admin"])).data["__typename"] == "Query"
        assert (await http.get("/graphiql")).status_code == 404
    finally:
        platform.settings = kept


async def test_a_parsed_document_is_not_confused_with_another_principal(ask, north, south) -> None:
    """Parsing and validation are cached for all; what was read never is."""
    query = "{ tenant { name } employees { totalCount } }"
    first, second = await ask(query, north.keys["hr"]), await ask(query, south.keys["hr"])
    assert [each.data["tenant"]["name"] for each in (first, second)] == ["North", "South"]
    assert [each.data["employees"]["totalCount"] for each in (first, second)] == [10, 20]

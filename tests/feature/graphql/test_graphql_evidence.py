"""From the score line down to the service records, by every role: records in over HTTP, a run, the connection."""

import asyncio
from uuid import UUID

import orjson
import pytest

from meritline.access import create_key
from meritline.graphql.kit.ids import key_of

FIX = "appliance_repair.first_time_fix_rate"
REPEAT = "appliance_repair.repeat_fault_rate"
RULE = {"kind": "to_target"}
SCHEME = {
    "scheme": "engineers", "title": "Engineers", "title_zh": "工程师", "for_positions": ["engineer"],
    "valid_from": "2026-01-01", "weights": "must_sum_to_100",
    "item": [
        {"indicator": FIX, "weight": 60, "target": "85 %", "rule": RULE},
        {"indicator": FIX, "key": "of_the_team", "read_from": "department", "weight": 30, "target": "85 %",
         "rule": RULE},
        {"indicator": REPEAT, "weight": 10, "target": "5 %", "rule": RULE},
    ],
}  # fmt: skip
LINE = """id key reading { value numerator denominator sampleSize }
      explanation(language: ZH) { text numerator denominator
        records(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        nodes { recordType source externalId version at share value met related fields } } }"""
CARD = f"""query($no: String!, $first: Int! = 3, $after: String) {{
  scorecardByKey(employeeNo: $no, scheme: "engineers", period: "2026-05") {{ lines {{ {LINE} }} }} }}"""
NODE = f"query($id: ID!, $first: Int! = 3, $after: String) {{ node(id: $id) {{ ... on ScoreLine {{ {LINE} }} }} }}"


def order(n: int, engineer: str, visits: int) -> dict:
    """A work order of May 2026."""
    return {"external_id": f"W{n:03}", "engineer": engineer, "created_at": f"2026-05-{1 + n % 28:02}T01:00:00Z",
            "resolved_at": f"2026-05-{1 + n % 28:02}T09:00:00Z", "visits": visits, "outcome": "resolved",
            "product": f"P{max(n, 1)}", "customer": "C", "fault_code": "F", "parts_cost": "12.3400"}  # fmt: skip


@pytest.fixture(scope="module")
async def repair(ask, http, platform, operator) -> dict[str, str]:
    """Keys of a repair firm that has run May: E1 with seven orders, E2 with five, both in one department."""

    async def write(key: str, name: str, given: dict, returns: str):
        kind = name[0].upper() + name[1:]
        query = f"mutation($i: {kind}Input!) {{ {name}(input: $i) {{ {returns} errors {{ code message field }} }} }}"
        done = (await ask(query, key, {"i": given})).data[name]
        assert not done["errors"], done["errors"]
        return done

    opened = await write(operator, "onboardTenant", {
        "key": "repair", "name": "Repair", "timeZone": "Asia/Shanghai", "currency": "CNY", "country": "CN",
        "languages": ["zh"]}, "tenant { id adminKey }")  # fmt: skip
    key = opened["tenant"]["adminKey"]
    tenant: UUID = key_of(opened["tenant"]["id"], "Tenant", "uuid")
    await write(key, "upsertDepartments", {"departments": [{"code": "D", "name": "D"}]}, "departments { id }")
    people = [{"number": f"E{n}", "name": f"员工{n}", "employments": [
        {"validFrom": "2025-01-01", "department": "D", "position": "engineer"}]} for n in (1, 2)]  # fmt: skip
    done = await write(key, "upsertEmployees", {"employees": people}, "employees { id }")
    await write(key, "enableIndicatorSet", {"key": "appliance_repair"}, "indicators { key }")
    await write(key, "saveScheme", {"document": SCHEME}, "scheme { key }")
    rows = [order(n, "E1" if n < 7 else "E2", 1 if n % 3 else 2) for n in range(12)]
    sent = await http.post("/v1/records/work_order?period=2026-05", headers={"authorization": f"Bearer {key}"},
                           content=b"\n".join(orjson.dumps(row) for row in rows))  # fmt: skip
    assert sent.status_code == 200, sent.text
    cycle = (await write(key, "openCycle", {"period": "2026-05"}, "cycle { id }"))["cycle"]["id"]
    await write(key, "runCycle", {"cycle": cycle}, "run { id }")
    for _ in range(300):
        run = (await ask("{ cycles { nodes { state runs { state error } } } }", key)).data["cycles"]["nodes"][0]
        if run["state"] == "COMPUTED":
            break
        await asyncio.sleep(0.1)
    assert run["runs"][0] == {"state": "COMPLETE", "error": None}
    async with platform.database.unit_of_work(tenant) as uow:
        keys = [
            (await create_key(uow.conn, tenant, role="employee", employee_id=key_of(each["id"], "Employee", "uuid")))[1]
            for each in done["employees"]
        ]
    return {"admin": key, "E1": keys[0], "E2": keys[1]}


async def test_every_number_leads_to_its_records(ask, repair) -> None:
    own, team, _ = (await ask(CARD, repair["admin"], {"no": "E1"})).data["scorecardByKey"]["lines"]
    assert (own["reading"]["numerator"], own["reading"]["denominator"], own["reading"]["sampleSize"]) == ("4", "7", 7)
    assert own["explanation"]["denominator"] == "7"
    assert "4/7" in own["explanation"]["text"]
    assert own["explanation"]["records"]["totalCount"] == 7
    assert team["explanation"]["records"]["totalCount"] == 12
    seen = [each["externalId"] for each in own["explanation"]["records"]["nodes"]]
    while own["explanation"]["records"]["pageInfo"]["hasNextPage"]:
        after = own["explanation"]["records"]["pageInfo"]["endCursor"]
        own = (await ask(CARD, repair["admin"], {"no": "E1", "after": after})).data["scorecardByKey"]["lines"][0]
        seen += [each["externalId"] for each in own["explanation"]["records"]["nodes"]]
    assert seen == [f"W{n:03}" for n in range(7)]
    last = own["explanation"]["records"]["nodes"][-1]
    assert last | {"fields": None} == {
        "recordType": "work_order", "source": "api", "externalId": "W006", "version": 1, "at": "2026-05-07T09:00:00Z",
        "share": "1", "value": None, "met": False, "related": [], "fields": None}  # fmt: skip
    assert (last["fields"]["engineer"], last["fields"]["parts_cost"], last["fields"]["visits"]) == ("E1", "12.3400", 2)


async def test_each_line_that_is_found_by_its_id_shows_its_own_records(ask, repair) -> None:
    found = []
    for no in ("E1", "E2"):
        for line in (await ask(CARD, repair["admin"], {"no": no})).data["scorecardByKey"]["lines"]:
            assert (await ask(NODE, repair["admin"], {"id": line["id"]})).data["node"] == line
            records = line["explanation"]["records"]
            found.append((records["totalCount"], records["nodes"][0]["externalId"], records["nodes"][0]["met"]))
    assert [each[:2] for each in found] == [(7, "W000"), (12, "W000"), (7, "W000"), (5, "W007"), (12, "W000"),
                                            (5, "W007")]  # fmt: skip
    assert [met for _, _, met in found[:3]] == [False, False, True]  # the third looks at another indicator


async def test_a_record_behind_a_ratio_tells_whether_it_is_met_and_by_what(ask, repair) -> None:
    """The product of W000 came back the next day, as W001."""
    repeats = (await ask(CARD, repair["admin"], {"no": "E1"})).data["scorecardByKey"]["lines"][2]
    assert (repeats["reading"]["numerator"], repeats["reading"]["denominator"]) == ("1", "7")
    behind = repeats["explanation"]["records"]["nodes"]
    assert [(each["externalId"], each["met"]) for each in behind] == [("W000", True), ("W001", False), ("W002", False)]
    assert [each["related"] for each in behind] == [
        [{"recordType": "work_order", "source": "api", "externalId": "W001"}], [], []]


async def test_an_employee_sees_the_records_of_their_own_lines_alone(ask, repair) -> None:
    answer = await ask(CARD, repair["E1"], {"no": "E1"})
    own, team, _ = answer.body["data"]["scorecardByKey"]["lines"]
    assert own["explanation"]["records"]["totalCount"] == 7
    assert (team["reading"]["sampleSize"], team["explanation"]["records"]) == (12, None)
    assert answer.codes == ["FORBIDDEN"]
    assert (await ask(CARD, repair["E1"], {"no": "E2"})).data["scorecardByKey"] is None


async def test_service_records_show_what_names_the_reader(ask, repair) -> None:
    query = """query($f: ServiceRecordFilter, $after: String) { serviceRecords(recordType: "work_order", first: 5,
      filter: $f, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { externalId fields } } }"""
    assert (await ask(query, repair["admin"])).data["serviceRecords"]["totalCount"] == 12
    mine = (await ask(query, repair["E2"])).data["serviceRecords"]
    assert (mine["totalCount"], [each["fields"]["engineer"] for each in mine["nodes"]]) == (5, ["E2"] * 5)
    window = {"since": "2026-05-03T09:00:00Z", "before": "2026-05-05T09:00:00Z"}
    found = (await ask(query, repair["admin"], {"f": window})).data["serviceRecords"]
    assert [each["externalId"] for each in found["nodes"]] == ["W002", "W003"]
    seen, after = [], None
    while True:
        page = (await ask(query, repair["admin"], {"after": after})).data["serviceRecords"]
        seen += [each["externalId"] for each in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert seen == [f"W{n:03}" for n in range(12)]
    for name in ("nothing", "work_order; drop table x", ""):
        wrong = await ask(f'{{ serviceRecords(recordType: "{name}") {{ totalCount }} }}', repair["admin"])
        assert wrong.codes == ["NOT_FOUND"]


async def test_an_import_tells_its_verdicts(ask, http, repair) -> None:
    rows = [
        order(50, "E1", 1),
        order(51, "E1", 1) | {"visits": "many"},
        order(52, "E1", 1) | {"created_at": "2026-02-30"},
    ]
    sent = await http.post("/v1/records/work_order", headers={"authorization": f"Bearer {repair['admin']}"},
                           content=b"\n".join(orjson.dumps(row) for row in rows))  # fmt: skip
    assert sent.status_code == 200
    query = """{ imports(first: 1) { nodes { state accepted rejected lines
      rejects { totalCount nodes { line externalId reasons raw } } } } }"""
    found = (await ask(query, repair["admin"])).data["imports"]["nodes"][0]
    assert (found["state"], found["accepted"], found["rejected"]) == ("DONE", 1, 2)
    assert found["rejects"]["totalCount"] == 2
    assert {each["externalId"] for each in found["rejects"]["nodes"]} == {"W051", "W052"}
    assert found["rejects"]["nodes"][0]["reasons"][0]["code"].startswith("E-")
    assert (await ask(query, repair["E1"])).codes == ["FORBIDDEN"]


async def test_a_late_record_does_not_change_the_evidence_of_a_run(ask, http, repair) -> None:
    """Evidence is what the run knew, not what is known now."""
    late = orjson.dumps(order(3, "E1", 2) | {"external_id": "LATE"})
    await http.post("/v1/records/work_order", headers={"authorization": f"Bearer {repair['admin']}"}, content=late)
    own = (await ask(CARD, repair["admin"], {"no": "E1", "first": 100})).data["scorecardByKey"]["lines"][0]
    assert "LATE" not in [each["externalId"] for each in own["explanation"]["records"]["nodes"]]
    assert own["explanation"]["records"]["totalCount"] == 7

"""A shop's whole month through the API alone: onboarded, its records sent, last month appraised by the scheme S07.

Nothing of the checkout is touched and no command is used: what happens here a company's own program could do. Every
point and every fen is worked out by hand in the comments.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

FIRST_OF_THIS = datetime.now(UTC).date().replace(day=1)
LAST = (FIRST_OF_THIS - timedelta(days=1)).replace(day=1)     # the first day of last month
BEFORE = (LAST - timedelta(days=1)).replace(day=1)
PERIOD = f"{LAST:%Y-%m}"
BOTH = f"{BEFORE}..{FIRST_OF_THIS - timedelta(days=1)}"       # what the reviews' file covers

PEOPLE = {"S1": "梅", "S2": "柏", "S3": "蔡"}
RATINGS = {"S1": (18, 17, 20), "S2": (10, 9, 15), "S3": (20, 18, 14)}
RATED = ("rt_ecom_quality", "rt_ecom_execution", "rt_ecom_complaint")
ATTENDANCE = {
    "record": "attendance_day", "format": "csv", "external_id": ["工号", "日期"],
    "fields": {
        "employee": {"column": "工号", "external_codes": "badge"}, "day": "日期",
        "scheduled": {"column": "排班", "true": ["是"], "false": ["否"]},
        "status": {"column": "状态", "map": {"正常": "present", "迟到": "late", "旷工": "absent_without_leave"}},
    },
}  # fmt: skip
LEVEL_PAY = {
    "reward_table": "level_pay", "scheme": "shop_agents", "valid_from": "2020-01-01", "title": "Bonus by level",
    "title_zh": "等级绩效奖金", "fines_confirmed": True,
    "reward": [
        {"kind": "by_grade", "key": "level_bonus", "title": "Level bonus", "title_zh": "等级绩效奖金",
         "amounts": {"bottom": 300, "junior": 400, "middle": 500, "senior": 800, "special": 1000}},
        {"kind": "fine", "key": "browsing_fine", "title": "Browsing, 100 each", "title_zh": "浏览无关网页,每次100元",
         "indicator": "ecommerce_service.off_task_browsing_count", "amount": 100},
        {"kind": "fine", "key": "topup_fine", "title": "Top-up missed, 200 each", "title_zh": "未按时充满,每次200元",
         "indicator": "ecommerce_service.ad_recharge_miss_count", "amount": 200},
        {"kind": "when_met", "key": "full_attendance", "title": "Full attendance", "title_zh": "全勤奖",
         "indicator": "after_sales_common.attendance_breach_count", "at_most": 0, "amount": 200},
        {"kind": "when_met", "key": "attendance", "title": "Attendance", "title_zh": "考勤奖",
         "indicator": "after_sales_common.absenteeism_count", "at_most": 0, "amount": 100},
        {"kind": "pool", "key": "review_group", "title": "Review group's bonus", "title_zh": "中差评部门奖金",
         "indicator": "ecommerce_service.review_improvement_growth", "read_from": "company", "at_least": "0.14",
         "amount": 500},
    ],
}  # fmt: skip

# Items: 3 ratings + attendance (20 less 10 per absence) + typing (20 * speed / 60, at most 20).
# S1: 18 + 17 + 20 + 20 + 20 (64 a minute) = 95; - 5 complaint + 5 praise + 3 named + 10 award = 108; + 20 growth = 128.
# S2: 10 +  9 + 15 + 10 + 10 (30 a minute) = 54; - 20 browsing - 5 top-up missed = 29; + 20 growth = 49.
# S3: 20 + 18 + 14 + 20 + 15 (45 a minute) = 87; - 12 verified complaint - 3 * 5 top-ups missed = 60; + 20 = 80.
SCORES = {"S1": ("128.00", "special", 1), "S3": ("80.00", "middle", 2), "S2": ("49.00", "bottom", 3)}
# Reviews: 2 of 4 positive the month before, 6 of 8 last month: + 25 percentage points, so 500 for the group of three.
POOL = {"S1": "166.67", "S2": "166.67", "S3": "166.66"}
# Fines take what the level bonus can bear: S2 300 - 100 - 200 = 0; S3 500 - 600, of which 500; the rest is shown.
MONEY = {
    "S1": {"level_bonus": "1000.00", "full_attendance": "200.00", "attendance": "100.00"},
    "S2": {"level_bonus": "300.00", "browsing_fine": "-100.00", "topup_fine": "-200.00"},
    "S3": {"level_bonus": "500.00", "topup_fine": "-500.00", "attendance": "100.00"},
}


def at(day: int, clock: str = "10:00:00", month: date = LAST) -> str:
    """A moment in Shanghai."""
    return f"{month:%Y-%m}-{day:02}T{clock}+08:00"


def day(number: int) -> str:
    """A day of last month."""
    return f"{PERIOD}-{number:02}"


RECORDS: dict[str, list[dict[str, Any]]] = {
    "typing_test": [
        {"agent": "S1", "taken_at": at(3), "correct_characters": 640, "minutes": 10},
        {"agent": "S1", "taken_at": at(4), "correct_characters": 500, "minutes": 10},   # the best one counts
        {"agent": "S2", "taken_at": at(3), "correct_characters": 300, "minutes": 10},
        {"agent": "S3", "taken_at": at(3), "correct_characters": 450, "minutes": 10},
    ],
    "complaint": [
        {"agent": "S1", "category": "service", "status": "open", "received_at": at(5), "after_sales_cause": True},
        {"agent": "S1", "category": "service", "status": "withdrawn", "received_at": at(6), "after_sales_cause": True},
        {"agent": "S3", "category": "service", "status": "resolved", "received_at": at(7), "after_sales_cause": True,
         "verified": True, "points_deducted": 12},
    ],
    "discipline_event": [
        {"employee": "S2", "occurred_at": at(8), "kind": "off_task_browsing", "verified": True},
        {"employee": "S3", "occurred_at": at(8), "kind": "off_task_browsing", "verified": False},
    ],
    "ad_topup": [
        {"agent": "S1", "duty_on": day(1), "due_at": at(1, "19:30:00"), "topped_up_at": at(1, "19:30:00")},
        {"agent": "S2", "duty_on": day(2), "due_at": at(2, "19:30:00"), "topped_up_at": at(2, "19:30:01")},
        *({"agent": "S3", "duty_on": day(n), "due_at": at(n, "19:30:00")} for n in (3, 4, 5)),
    ],
    "praise_event": [{"agent": "S1", "occurred_at": at(9), "verified": True}],
    "award": [{"agent": "S1", "granted_on": day(10), "reason": "进步快"}],
    "review": [
        *({"level": "positive", "named_agent": "S1", "created_at": at(n)} for n in (11, 12, 13)),
        *({"level": "positive", "created_at": at(n)} for n in (14, 15, 16)),
        {"level": "neutral", "created_at": at(17)}, {"level": "negative", "created_at": at(18)},
        *({"level": "positive", "created_at": at(n, month=BEFORE)} for n in (1, 2)),
        *({"level": "negative", "created_at": at(n, month=BEFORE)} for n in (3, 4)),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(meritline: Any) -> Any:
    """The shop, its month run and followed to the end."""
    api = meritline.onboard("api-shop", name="青禾", timeZone="Asia/Shanghai")
    enabled = api.change("enableIndicatorSet", "indicators { key } schemes { key }", key="ecommerce_service")
    assert {each["key"] for each in enabled["schemes"]} == {"shop_agents"}
    api.change("upsertDepartments", departments=[{"code": "after-sales", "name": "售后部"}])
    api.change("upsertEmployees", employees=[
        {"number": number, "name": name, "employments": [
            {"validFrom": "2022-01-01", "department": "after-sales", "position": "shop_agent"}]}
        for number, name in PEOPLE.items()
    ])  # fmt: skip
    api.change("mapExternalCodes", codes=[{"codeSpace": "badge", "code": f"卡{number}", "employee": number}
                                          for number in PEOPLE])
    api.change("saveSource", "source { key version }", key="punch_clock", document=ATTENDANCE)
    for record_type, rows in RECORDS.items():
        numbered = [{"external_id": f"{record_type}-{place}", **row} for place, row in enumerate(rows, 1)]
        api.delivered(record_type, numbered, period=BOTH, idempotency_key=f"{PERIOD}/{record_type}")
    status, answer = api.send("attendance_day", attendance_file(), "text/csv; charset=gb18030", source="punch_clock",
                              period=PERIOD)
    assert (status, answer["accepted"], answer["rejected"]) == (200, 60, 0), answer
    api.change("saveScheme", "scheme { key current { validFrom } }", document={
        "scheme": "shop_agents", "template": "ecommerce_service.shop_agents", "valid_from": "2020-01-01"})
    api.change("saveRewardTable", "rewardTable { key }", document=LEVEL_PAY)
    for number, points in RATINGS.items():
        for key, value in zip(RATED, points, strict=True):
            api.change("submitRating", "rating { value }", period=PERIOD, scheme="shop_agents", subject=number,
                       indicator=f"ecommerce_service.{key}", value=str(value), comment="按记录")
    run(api)
    return api


def attendance_file() -> bytes:
    """Twenty working days of everybody, in GB18030: S2 was absent once, S3 late once."""
    odd = {("S2", 6): "旷工", ("S3", 7): "迟到"}
    rows = [f"卡{number},{day(n)},是,{odd.get((number, n), '正常')}" for number in PEOPLE for n in range(1, 21)]
    return "\r\n".join(["工号,日期,排班,状态", *rows]).encode("gb18030")


def run(api: Any) -> list[Any]:
    """Open the cycle, run it, follow it by the subscription to its end."""
    cycle = api.change("openCycle", "cycle { id state }", period=PERIOD)["cycle"]["id"]
    api.change("runCycle", "run { id }", cycle=cycle)
    steps = []
    with subscribed(api, "subscription($c: ID!) { cycleProgress(cycleId: $c) { state done total note error "
                         "run { state subjects } } }", c=cycle) as messages:  # fmt: skip
        for message in messages:
            steps.append(message["data"]["cycleProgress"])
    assert (steps[-1]["state"], steps[-1]["run"]["state"]) == ("DONE", "COMPLETE"), steps
    return steps


@contextmanager
def subscribed(api: Any, query: str, **variables: Any) -> Iterator[Iterator[Any]]:
    """The messages of a subscription over graphql-transport-ws."""
    address = f"{api.url.replace('http', 'ws', 1)}/graphql"
    with connect(address, subprotocols=["graphql-transport-ws"], open_timeout=30) as socket:  # type: ignore[list-item]
        socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {api.key}"}}))
        assert json.loads(socket.recv(30))["type"] == "connection_ack"
        socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query, "variables": variables}}))
        yield payloads(socket)


def payloads(socket: ClientConnection) -> Iterator[Any]:
    """What comes until it is complete."""
    while (message := json.loads(socket.recv(60)))["type"] != "complete":
        if message["type"] == "ping":
            socket.send(json.dumps({"type": "pong"}))
            continue
        assert message["type"] == "next", message
        yield message["payload"]


CARD = """subject { code name } score rank rankedAmong state passed grade { key name }
  lines { kind key weight rawPoints weightedPoints reading { state value sampleSize } explanation(language: EN) { text
    records(first: 10) { totalCount nodes { recordType source externalId } } }
    chinese: explanation(language: ZH) { text } }
  rewards { ruleKey amount { amount currency } explanation(language: ZH) { text } }"""


@pytest.fixture(scope="module")
def cards(shop: Any) -> dict[str, Any]:
    """The scorecards by employee number."""
    found = shop.every("scorecards", CARD, filter=f'{{ period: "{PERIOD}", scheme: "shop_agents" }}')
    return {card["subject"]["code"]: card for card in found}


def test_the_scores_are_those_worked_out_by_hand(cards: dict[str, Any]) -> None:
    assert {code: (f"{Decimal(card['score']):.2f}", card["grade"]["key"], card["rank"])
            for code, card in cards.items()} == SCORES  # fmt: skip
    assert {card["state"] for card in cards.values()} == {"COMPLETE"}
    assert {code: card["passed"] for code, card in cards.items()} == {"S1": True, "S2": False, "S3": True}
    events = {line["key"]: Decimal(line["weightedPoints"]) for line in cards["S1"]["lines"] if line["kind"] == "EVENT"}
    assert events == {
        "customer_complaint_event_count": -5, "verified_complaint_points": 0, "off_task_browsing_count": 0,
        "ad_recharge_miss_count": 0, "praise_call_count": 5, "named_good_review_count": 3,
        "outstanding_award_count": 10, "review_improvement_growth": 20,
    }  # fmt: skip


def test_the_money_is_exact_to_the_fen(cards: dict[str, Any]) -> None:
    for code, wanted in MONEY.items():
        lines = {line["ruleKey"]: line["amount"]["amount"] for line in cards[code]["rewards"]
                 if Decimal(line["amount"]["amount"])}  # fmt: skip
        assert lines == {**wanted, "review_group": POOL[code]}, code
        assert {line["amount"]["currency"] for line in cards[code]["rewards"]} == {"CNY"}
    paid = sum(Decimal(line["amount"]["amount"]) for card in cards.values() for line in card["rewards"])
    assert paid == 1300 + 0 + 100 + 500, "S1, S2, S3 and the group"
    topup = next(line for line in cards["S3"]["rewards"] if line["ruleKey"] == "topup_fine")
    assert "600" in topup["explanation"]["text"], "what the bonus cannot bear is shown"
    assert "100" in topup["explanation"]["text"]


def test_a_line_is_explained_in_both_languages_down_to_its_records(cards: dict[str, Any]) -> None:
    lines = {line["key"]: line for line in cards["S2"]["lines"]}
    typing = lines["typing_speed_cpm"]
    assert (Decimal(typing["reading"]["value"]), Decimal(typing["weightedPoints"])) == (30, 10)
    assert "30" in typing["explanation"]["text"]
    assert "打字速度" in typing["chinese"]["text"]
    assert typing["explanation"]["records"]["nodes"] == [
        {"recordType": "typing_test", "source": "api", "externalId": "typing_test-3"}]
    absences = lines["absenteeism_count"]["explanation"]["records"]
    assert [node["externalId"] for node in absences["nodes"]] == [f"卡S2:{day(6)}"]
    missed = {line["key"]: line for line in cards["S3"]["lines"]}["ad_recharge_miss_count"]
    assert {node["externalId"] for node in missed["explanation"]["records"]["nodes"]} == {
        "ad_topup-3", "ad_topup-4", "ad_topup-5"}


def test_the_leaderboard_and_the_question_of_an_employee(shop: Any) -> None:
    board = shop.every("leaderboard", "rank score subject { code name } grade { name }", scheme='"shop_agents"',
                       period=f'"{PERIOD}"')
    assert [card["subject"]["code"] for card in board] == ["S1", "S3", "S2"]
    mine = shop.ask("query($p: String!) { scorecardByKey(employeeNo: \"S3\", scheme: \"shop_agents\", period: $p) "
                    "{ score grade { name } rewards { title amount { amount currency } } } }", p=PERIOD)
    assert Decimal(mine["scorecardByKey"]["score"]) == 80
    assert len(mine["scorecardByKey"]["rewards"]) == 6


def test_a_changed_record_changes_the_result_and_the_same_again_does_not(shop: Any, cards: dict[str, Any]) -> None:
    late = {"external_id": "ad_topup-3", "agent": "S3", "duty_on": day(3), "due_at": at(3, "19:30:00"),
            "topped_up_at": at(3, "19:29:59")}
    status, answer = shop.send("ad_topup", json.dumps(late), "application/x-ndjson")
    assert (status, answer["updated"]) == (200, 1)
    run(shop)
    again = shop.every("scorecards", CARD, filter=f'{{ period: "{PERIOD}", scheme: "shop_agents" }}')
    mended = next(card for card in again if card["subject"]["code"] == "S3")
    assert Decimal(mended["score"]) == 85
    fines = {line["ruleKey"]: line["amount"]["amount"] for line in mended["rewards"]}
    assert fines["topup_fine"] == "-400.00"
    assert {card["subject"]["code"]: card["score"] for card in again if card["subject"]["code"] != "S3"} == {
        code: card["score"] for code, card in cards.items() if code != "S3"}
    assert sum(len(card["rewards"]) for card in again) == sum(len(card["rewards"]) for card in cards.values())


def test_everything_that_was_done_stands_in_the_audit(shop: Any) -> None:
    actions = {entry["action"] for entry in shop.every("auditEntries", "action actor")}
    assert {"indicator_set.enable", "rating.submit", "cycle.open", "cycle.run", "run.complete"} <= actions


def test_what_can_be_mended_is_named_and_nothing_is_half_applied(shop: Any) -> None:
    (over,) = shop.tried("submitRating", period=PERIOD, scheme="shop_agents", subject="S1", value="21",
                         indicator="ecommerce_service.rt_ecom_quality")["errors"]
    assert (over["code"], over["field"], over["value"]) == ("E-RATING-SCALE", "value", "21")
    stale = shop.tried("saveScheme", document={"scheme": "shop_agents", "template": "ecommerce_service.shop_agents",
                                               "valid_from": "2020-02-01"}, expectedVersion=0)["errors"]
    assert stale[0]["remedy"]
    unknown = shop.tried("saveRewardTable", document={**LEVEL_PAY, "reward": [
        {**LEVEL_PAY["reward"][0], "amounts": {"bottom": 300, "gold": 1000}}]})["errors"]  # type: ignore[index,dict-item]
    assert {error["value"] for error in unknown} == {"junior", "middle", "senior", "special", "gold"}
    tables = shop.every("rewardTables", "key version")
    assert [table["key"] for table in tables] == ["level_pay"]

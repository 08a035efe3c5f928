"""Worked examples of the field through the public interface: a manifest, records sent, answers by GraphQL.

Each was worked out by hand before there was a program; the arithmetic stands in the comments.
"""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

CARD = ("score grade { key } lines { key rawPoints reading { value state numerator denominator sampleSize reason } "
        "explanation(language: EN) { text } } rewards { ruleKey kind amount { amount } "
        "explanation(language: EN) { text } }")
TARGET_MET = '{ kind = "target_met" }'
AS_POINTS = '{ kind = "as_points", floor = "none", cap = "none" }'
LEVELS = """
[[grades.grade]]
key = "bottom"
title = "Bottom"
title_zh = "底级"
""" + "".join(f'''
[[grades.grade]]
key = "{key}"
title = "{key}"
title_zh = "{zh}"
limit = {limit}
''' for key, zh, limit in (("junior", "初级", 60), ("middle", "中级", 80), ("senior", "高级", 100),
                            ("special", "特级", 120)))
LEVEL_BONUS = """
[[reward]]
kind = "by_grade"
key = "performance"
title = "Performance bonus"
title_zh = "绩效奖金"
amounts = { bottom = 300, junior = 400, middle = 500, senior = 800, special = 1000 }
"""


def item(indicator: str, rule: str, target: str = "", weight: str = "1") -> str:
    """A line of a scheme."""
    aim = f"target = {target}\n" if target else ""
    return f'[[item]]\nindicator = "{indicator}"\nweight = {weight}\n{aim}rule = {rule}\n'


class Company:
    """A company from a manifest folder, spoken to as its administrator."""

    def __init__(self, meritline: Any, folder: Path, key: str, sets: list[str], people: str, schemes: Mapping[str, str],
                 rewards: Mapping[str, str] | None = None) -> None:
        folder = folder / key
        (folder / "schemes").mkdir(parents=True)
        (folder / "rewards").mkdir()
        (folder / "tenant.toml").write_text(
            f'key = "{key}"\nname = "{key}"\ntime_zone = "Asia/Shanghai"\ncurrency = "CNY"\n'
            f'languages = ["zh", "en"]\ncountry = "CN"\nindicator_sets = {sets}\n'.replace("'", '"'), "utf-8")
        (folder / "people.csv").write_text(people, "utf-8")
        for kind, files in (("schemes", schemes), ("rewards", rewards or {})):
            for name, text in files.items():
                tomllib.loads(text)
                (folder / kind / f"{name}.toml").write_text(text, "utf-8")
        done = meritline.command("tenant", "apply", folder)
        assert done.returncode == 0, done.stdout + done.stderr
        made = meritline.command("key", "create", "--tenant", key, "--role", "admin")
        self.api = type(meritline.operator)(meritline.url, made.stdout.strip())

    def send(self, record_type: str, period: str, rows: list[dict[str, Any]]) -> None:
        """Records that must all land."""
        numbered = [{"external_id": f"{record_type}-{place}", **row} for place, row in enumerate(rows, 1)]
        self.api.delivered(record_type, numbered, period=period)

    def card(self, employee: str, scheme: str, period: str) -> Any:
        """The scorecard of somebody, lines and rewards by key."""
        question = (f"query($n: String!, $s: String!, $p: String!) {{ scorecardByKey(employeeNo: $n, scheme: $s, "
                    f"period: $p) {{ {CARD} }} }}")
        found = self.api.ask(question, n=employee, s=scheme, p=period)["scorecardByKey"]
        found["lines"] = {each["key"]: each for each in found["lines"]}
        found["rewards"] = {each["ruleKey"]: each for each in found["rewards"]}
        return found


def shown(value: str | None, places: str = "0.01") -> str:
    """The value as it is shown: rounded half up."""
    assert value is not None
    return str(Decimal(value).quantize(Decimal(places), ROUND_HALF_UP))


def at(text: str, **later: float) -> str:
    """A moment in Shanghai, so much later."""
    return (datetime.fromisoformat(f"{text}+08:00") + timedelta(**later)).isoformat()


def head(key: str, positions: str, weights: str = "renormalise") -> str:
    """The head of a scheme."""
    return (f'scheme = "{key}"\ntitle = "{key}"\ntitle_zh = "{key}"\nfor_positions = ["{positions}"]\n'
            f'valid_from = 2020-01-01\nperiod = "month"\nweights = "{weights}"\n')


def person(*numbers: str, position: str, more: str = "", values: str = "") -> str:
    """The people of a company, all in one department."""
    rows = "".join(f"{number},{number},D,{position},2020-01-01{values}\n" for number in numbers)
    return f"number,name,department,position,from{more}\n{rows}"


# H14  gross = 166.67 + 2200 + 200 + 100 + 800 + 260 - 0 = 3726.67; a day is 2200 / 22 = 100.00,
#      an hour 2200 / 22 / 13 = 7.6923 -> 7.69; taken literally, 2200 / 22 * 13 = 1300.00
SALARY = """
reward_table = "salary"
scheme = "agents"
title = "Salary"
title_zh = "客服工资"
valid_from = 2020-01-01
fines_confirmed = true
""" + LEVEL_BONUS + """
[[reward]]
kind = "base_pay"
key = "base"
title = "Base pay"
title_zh = "基本工资"
days = 22
hours = 13
mode = "{mode}"

[[reward]]
kind = "fixed"
key = "meal"
title = "Meal allowance"
title_zh = "饭补"
amount = 260

[[reward]]
kind = "when_met"
key = "full_attendance"
title = "Full attendance"
title_zh = "全勤"
indicator = "after_sales_common.full_attendance"
at_least = 1
amount = 200

[[reward]]
kind = "when_met"
key = "attendance"
title = "Attendance"
title_zh = "考勤"
indicator = "after_sales_common.absenteeism_count"
at_most = 0
amount = 100

[[reward]]
kind = "pool"
key = "group"
title = "Review group's bonus"
title_zh = "奖金"
indicator = "ecommerce_service.review_improvement_growth"
read_from = "company"
at_least = 0.14
amount = 500

[[reward]]
kind = "fine"
key = "browsing"
title = "Browsing"
title_zh = "浏览无关网页"
indicator = "ecommerce_service.off_task_browsing_count"
amount = 100
reduces = "performance_bonus"
"""


def paid(company: Company) -> dict[str, str]:
    """What S1 gets, by rule."""
    rewards = company.card("S1", "agents", "2026-05")["rewards"]
    return {key: one["amount"]["amount"] for key, one in rewards.items()}


def test_h14_a_salary_is_put_together_with_its_day_and_hour_rate(meritline: Any, tmp_path: Path) -> None:
    scheme = head("agents", "agent", "as_given") + 'cap = "none"\n' + LEVELS + item(
        "ecommerce_service.named_good_review_count", AS_POINTS, weight="100")
    people = person("S1", "S2", "S3", position="agent", more=",base_pay", values=",2200.00")
    company = Company(meritline, tmp_path, "h14-shop", ["ecommerce_service"], people, {"agents": scheme},
                      {"salary": SALARY.replace("{mode}", "month")})
    month = [f"2026-05-{day:02}" for day in range(1, 32)]
    company.send("attendance_day", "2026-05", [
        {"employee": "S1", "day": day, "scheduled": True, "status": "present"} for day in month])
    named = [{"level": "positive", "named_agent": "S1", "order": f"o{n}", "created_at": at("2026-05-03T10:00:00")}
             for n in range(108)]
    before = [{"level": level, "created_at": at("2026-04-03T10:00:00")} for level in ("positive", "negative")]
    company.send("review", "2026-04-01..2026-05-31", named + before)
    company.send("discipline_event", "2026-05", [])
    company.api.appraise("2026-05")

    card = company.card("S1", "agents", "2026-05")
    assert (shown(card["score"]), card["grade"]["key"]) == ("108.00", "senior")
    amounts = paid(company)
    assert amounts == {"performance": "800.00", "base": "2200.00", "meal": "260.00", "full_attendance": "200.00",
                       "attendance": "100.00", "group": "166.67", "browsing": "0.00"}
    assert sum(map(Decimal, amounts.values())) == Decimal("3726.67")
    told = card["rewards"]["base"]["explanation"]["text"]
    assert "2200.00 / 22 = 100.00" in told
    assert "2200.00 / 22 / 13 = 7.69" in told

    literal = tomllib.loads(SALARY.replace("{mode}", "literal"))
    company.api.change("saveRewardTable", "rewardTable { key }", document={**literal, "valid_from": "2026-05-01"},
                       expectedVersion=1)
    company.api.appraise("2026-05")
    assert paid(company)["base"] == "1300.00"


# H16  188/200 = 94 % (target 100: missed), 57/57 = 100 % (met), 160/200 = 80 % (80: met), 190/200 = 95 % (95: met),
#      405/90 = 4.50 (4.5: met), 1199/300 = 3.99667, shown as 4.00 (4: missed). 4 of 6 met: 400/6 = 66.67, junior, 400
TARGETS = {
    "call_center.answer_within_30s_rate": "100", "call_center.async_reply_within_1h_rate": "100",
    "after_sales_common.first_contact_resolution_rate": "80", "after_sales_common.resolution_within_24h_rate": "95",
    "call_center.csat_rating_realtime": "4.5", "call_center.csat_rating_async": "4.0",
}  # fmt: skip
OPENED = "2026-05-04T09:00:00"


def ticket(number: int) -> dict[str, Any]:
    """One of 200: 160 with one contact, 190 within exactly a day, each of another customer."""
    took = timedelta(days=1) if number < 190 else timedelta(days=1, seconds=1)
    return {"customer": f"c{number}", "topic": "t", "first_agent": "A1", "owner": "A1", "resolved_by": "A1",
            "responder": "A1", "created_at": at(OPENED), "first_response_at": at(OPENED, seconds=20),
            "resolved_at": at(OPENED, seconds=took.total_seconds()), "outcome": "resolved",
            "contacts": 1 if number < 160 else 2}  # fmt: skip


def answer(channel: str, mark: int) -> dict[str, Any]:
    """A customer's mark of 5."""
    return {"kind": "transactional", "agent": "A1", "case_channel": channel, "responded_at": at("2026-05-06T10:00:00"),
            "scale_max": 5, "overall": mark, "valid": True}  # fmt: skip


def test_h16_targets_are_met_or_not_at_their_limits_and_never_by_rounding(meritline: Any, tmp_path: Path) -> None:
    scheme = head("targets", "agent") + LEVELS + "".join(item(key, TARGET_MET, aim) for key, aim in TARGETS.items())
    rewards = 'reward_table = "pay"\nscheme = "targets"\nvalid_from = 2020-01-01\n' + LEVEL_BONUS
    company = Company(meritline, tmp_path, "h16-calls", ["call_center"], person("A1", position="agent"),
                      {"targets": scheme}, {"pay": rewards})
    company.send("call_record", "2026-05", [
        {"direction": "inbound", "agent": "A1", "offered_at": at(OPENED),
         "answered_at": at(OPENED, seconds=30 if number < 188 else 31)} for number in range(200)])
    company.send("async_message", "2026-05", [
        {"channel": "email", "thread": f"t{number}", "agent": "A1", "needs_reply": True, "received_at": at(OPENED),
         "replied_at": at(OPENED, hours=1)} for number in range(57)])
    company.send("ticket", "2026-05", [ticket(number) for number in range(200)])
    marks = [*(answer("phone", 5) for _ in range(45)), *(answer("online", 4) for _ in range(45)),
             *(answer("sms", 4) for _ in range(299)), answer("email", 3)]
    company.send("survey_response", "2026-05", marks)
    company.api.appraise("2026-05")

    card = company.card("A1", "targets", "2026-05")
    lines = [card["lines"][key.split(".")[1]] for key in TARGETS]
    assert [shown(line["reading"]["value"]) for line in lines] == ["94.00", "100.00", "80.00", "95.00", "4.50", "4.00"]
    assert [Decimal(line["rawPoints"]) for line in lines] == [0, 100, 100, 100, 100, 0]
    assert (shown(card["score"]), card["grade"]["key"]) == ("66.67", "junior")
    assert card["rewards"]["performance"]["amount"]["amount"] == "400.00"
    assert "1199/300" in lines[5]["explanation"]["text"]


# H20  (17 - 1) / 20 = 80 %, two cancelled orders in neither part; 360/4 = 90.00 with equal weights,
#      36.8 + 17.6 + 16.8 + 19.2 = 90.40 with 40/20/20/20
MARKS = ("attitude", "skill", "efficiency", "standard")


def order(number: int) -> dict[str, Any]:
    """One of 22: 17 fixed at once, one of these reopened after three days, 3 with two visits, 2 cancelled."""
    made = {"engineer": "E1", "first_engineer": "E1", "customer": f"c{number}", "product": "p", "visits": 1,
            "created_at": at(OPENED), "resolved_at": at(OPENED, days=1), "outcome": "resolved"}  # fmt: skip
    if number == 0:
        return {**made, "first_resolved_at": at(OPENED, days=1), "reopened_at": at(OPENED, days=4),
                "resolved_at": at(OPENED, days=5)}  # fmt: skip
    if number >= 20:
        return {**made, "status": "cancelled_by_customer"}
    return {**made, "visits": 2} if number >= 17 else made


def test_h20_a_reopened_order_was_not_fixed_and_a_composite_is_weighed_by_the_company(meritline: Any,
                                                                                      tmp_path: Path) -> None:
    lines = item("appliance_repair.first_time_fix_rate", AS_POINTS) + item("appliance_repair.csat_composite", AS_POINTS)
    company = Company(meritline, tmp_path, "h20-repair", ["appliance_repair"], person("E1", position="engineer"),
                      {"engineers": head("engineers", "engineer") + lines})
    company.send("work_order", "2026-05", [order(number) for number in range(22)])
    company.send("survey_response", "2026-05", [
        {"kind": "transactional", "agent": "E1", "responded_at": at("2026-05-06T10:00:00"), "scale_max": 100,
         "valid": True, **dict(zip(MARKS, (92, 88, 84, 96), strict=True))}])
    company.api.appraise("2026-05")
    equal = company.card("E1", "engineers", "2026-05")["lines"]
    assert shown(equal["first_time_fix_rate"]["reading"]["value"]) == "80.00"
    assert equal["first_time_fix_rate"]["reading"]["numerator"] == "16"
    assert equal["first_time_fix_rate"]["reading"]["denominator"] == "20"
    assert "provisional until 2026-06-0" in equal["first_time_fix_rate"]["explanation"]["text"]
    assert shown(equal["csat_composite"]["reading"]["value"]) == "90.00"

    weights = {f"weight_{mark}": weight for mark, weight in zip(MARKS, (40, 20, 20, 20), strict=True)}
    company.api.change("saveIndicator", "indicator { key }", key="appliance_repair.csat_composite", parameters=weights)
    company.api.appraise("2026-05")
    weighed = company.card("E1", "engineers", "2026-05")["lines"]["csat_composite"]
    assert shown(weighed["reading"]["value"]) == "90.40"
    assert "92 × 40 + 88 × 20 + 84 × 20 + 96 × 20" in weighed["explanation"]["text"]


# H22  108/4 = 27.00 s, at most 30: met; within 30 s 2 of 4 = 50 %: each request not met;
#      (5.2 - 5.5) / 5.5 * 100 = -5.4545 %, below 0: met
def test_h22_an_average_may_be_kept_where_each_request_is_not(meritline: Any, tmp_path: Path) -> None:
    lines = (item("after_sales_common.avg_first_response_time", TARGET_MET, "30")
             + item("call_center.answer_within_30s_rate", TARGET_MET, "100")
             + item("after_sales_common.handling_time_change_pct", TARGET_MET, "0"))
    company = Company(meritline, tmp_path, "h22-calls", ["call_center"], person("A1", position="agent"),
                      {"answers": head("answers", "agent") + lines})
    company.send("chat_session", "2026-05", [
        {"agent": "A1", "customer": f"c{wait}", "started_at": at(OPENED), "first_customer_message_at": at(OPENED),
         "first_human_reply_at": at(OPENED, seconds=wait)} for wait in (12, 25, 31, 40)])
    company.send("ticket", "2026-04-01..2026-05-31", [
        {"owner": "A1", "resolved_by": "A1", "customer": f"k{month}", "topic": "t", "outcome": "resolved",
         "created_at": f"2026-{month}-10T09:00:00+08:00", "accepted_at": f"2026-{month}-10T09:00:00+08:00",
         "resolved_at": at(f"2026-{month}-10T09:00:00", hours=hours)} for month, hours in (("04", 5.5), ("05", 5.2))])
    company.api.appraise("2026-05")
    found = company.card("A1", "answers", "2026-05")["lines"]
    mean, share, change = (found[key] for key in ("avg_first_response_time", "answer_within_30s_rate",
                                                  "handling_time_change_pct"))
    assert [shown(line["reading"]["value"]) for line in (mean, share, change)] == ["27.00", "50.00", "-5.45"]
    assert [Decimal(line["rawPoints"]) for line in (mean, share, change)] == [100, 0, 100]


# H23  11:30:00Z is 19:30:00 in Shanghai and in time, one second later is not; 16:05Z on 31 May is 1 June there;
#      86,400 s lie within a day, 86,401 s do not
def test_h23_limits_are_exact_to_the_second_in_the_companys_zone(meritline: Any, tmp_path: Path) -> None:
    lines = (item("ecommerce_service.ad_recharge_miss_count", AS_POINTS)
             + item("after_sales_common.complaint_count", AS_POINTS)
             + item("after_sales_common.resolution_within_24h_rate", AS_POINTS))
    company = Company(meritline, tmp_path, "h23-shop", ["ecommerce_service"], person("S1", "S2", position="agent"),
                      {"agents": head("agents", "agent") + lines})
    both = "2024-05-01..2024-06-30"
    company.send("ad_topup", both, [
        {"agent": agent, "duty_on": "2024-05-31", "account": account, "full": True,
         "topped_up_at": f"2024-05-31T11:30:{second}Z"}
        for agent, second in (("S1", "00"), ("S2", "01")) for account in ("zuanzhan", "zhitongche")])
    company.send("complaint", both, [
        {"agent": "S1", "category": "service", "status": "open", "received_at": "2024-05-31T16:05:00Z",
         "improper_service": True, "verified": True}])
    created = datetime(2024, 5, 1, 2, tzinfo=UTC)
    company.send("ticket", both, [
        {"owner": agent, "resolved_by": agent, "customer": agent, "topic": "t", "outcome": "resolved",
         "created_at": created.isoformat(), "resolved_at": (created + timedelta(days=1, seconds=late)).isoformat()}
        for agent, late in (("S1", 0), ("S2", 1))])
    company.api.appraise("2024-05")
    company.api.appraise("2024-06")

    def value(agent: str, key: str, period: str = "2024-05") -> Decimal:
        return Decimal(company.card(agent, "agents", period)["lines"][key]["reading"]["value"])

    missed = "ad_recharge_miss_count"
    assert (value("S1", missed), value("S2", missed)) == (0, 1)  # one evening, whichever accounts
    assert (value("S1", "complaint_count"), value("S1", "complaint_count", "2024-06")) == (0, 1)
    assert (value("S1", "resolution_within_24h_rate"), value("S2", "resolution_within_24h_rate")) == (100, 0)



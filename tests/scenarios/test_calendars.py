"""Worked example H23 and its kin: which month a record belongs to, in the company's zone and months, to the second.

Each company onboards by a manifest folder, sends its records and reads its scorecards by GraphQL. Every edge is a pair:
the last second of one period and the first of the next.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

COMPANY = """\
key = "{key}"
name = "{key}"
time_zone = "{zone}"
currency = "CNY"
languages = ["en", "zh"]
country = "CN"
indicator_sets = ["ecommerce_service"]
"""
FISCAL = """
[fiscal]
month_start = 26
year_start = "april"
"""
PEOPLE = """\
number,name,department,position,manager,from,to,status,performance_pay
S1,梅,desk,clerk,,2020-01-01,,,
S2,柏,desk,clerk,,2020-01-01,,,
"""
SCHEME = """\
scheme = "desk_{period}"
for_positions = ["clerk"]
valid_from = 2020-01-01
period = "{period}"
not_measured = "zero"
[[item]]
indicator = "ecommerce_service.customer_complaint_event_count"
weight = 30
target = 0
rule = {{ kind = "deduct", points = 10, per = 1 }}
[[item]]
indicator = "after_sales_common.resolution_within_24h_rate"
weight = 15
target = "95 %"
rule = {{ kind = "to_target" }}
[[item]]
indicator = "after_sales_common.avg_resolution_time"
weight = 15
target = "4 h"
rule = {{ kind = "bands", up_to = {{ "4 h" = 100 }}, beyond = 0 }}
[[item]]
indicator = "ecommerce_service.ad_recharge_miss_count"
weight = 30
target = 0
rule = {{ kind = "deduct", points = 10, per = 1 }}
[[item]]
indicator = "ecommerce_service.off_task_browsing_count"
weight = 10
target = 0
rule = {{ kind = "deduct", points = 10, per = 1 }}
[grades]
[[grades.grade]]
key = "all"
"""
BUSINESS = """\
[[indicator]]
key = "after_sales_common.avg_resolution_time"
parameters = { clock = "business" }
[[indicator]]
key = "ecommerce_service.off_task_browsing_count"
parameters = { working_hours_only = true }
"""
COMPLAINTS = "ecommerce_service.customer_complaint_event_count"
MISSED = "ecommerce_service.ad_recharge_miss_count"
BROWSED = "ecommerce_service.off_task_browsing_count"
WITHIN, TOOK = (f"after_sales_common.{name}" for name in ("resolution_within_24h_rate", "avg_resolution_time"))
LINES = """subject { code } lines { indicator { key } reading { state value }
  explanation(language: EN) { text records(first: 20) { totalCount nodes { externalId } } } }"""
EVER = "2023-01-01..2027-12-31"


def onboarded(meritline: Any, folder: Path, key: str, zone: str, more: str = "", periods: tuple[str, ...] = ("month",)
              ) -> Any:  # fmt: skip
    """A company by its manifest; a client with the key of an administrator."""
    (folder / "schemes").mkdir(parents=True)
    (folder / "tenant.toml").write_text(COMPANY.format(key=key, zone=zone) + more, "utf-8")
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    (folder / "indicators.toml").write_text(BUSINESS, "utf-8")
    for period in periods:
        (folder / "schemes" / f"desk_{period}.toml").write_text(SCHEME.format(period=period), "utf-8")
    applied = meritline.command("tenant", "apply", folder)
    assert applied.returncode == 0, applied.stderr
    made = meritline.command("key", "create", "--tenant", key, "--role", "admin")
    assert made.returncode == 0, made.stderr
    return type(meritline.operator)(meritline.url, made.stdout.strip())


def complaint(name: str, received_at: str, agent: str = "S1") -> dict[str, Any]:
    """A complaint that counts."""
    return {"external_id": name, "agent": agent, "category": "service", "status": "resolved", "accepted": True,
            "after_sales_cause": True, "customer": name, "case": name, "received_at": received_at}


def ticket(name: str, owner: str, created_at: str, resolved_at: str) -> dict[str, Any]:
    """A ticket that its owner resolved."""
    return {"external_id": name, "owner": owner, "first_agent": owner, "resolved_by": owner, "customer": name,
            "topic": "t", "outcome": "resolved", "created_at": created_at, "resolved_at": resolved_at}


def found(api: Any, period: str, indicator: str, subject: str = "S1", scheme: str = "desk_month") -> tuple[Any, ...]:
    """Value and records of a line."""
    cards = api.every("scorecards", LINES, filter=f'{{ period: "{period}", scheme: "{scheme}" }}')
    lines = next(card["lines"] for card in cards if card["subject"]["code"] == subject)
    line = next(each for each in lines if each["indicator"]["key"] == indicator)
    records = line["explanation"]["records"]
    assert records["totalCount"] == len(records["nodes"])
    assert line["reading"]["state"] == "MEASURED"
    return Decimal(line["reading"]["value"]), {node["externalId"] for node in records["nodes"]}


@pytest.fixture(scope="module")
def shanghai(meritline: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """H23: a shop in Shanghai whose evening duty ends at 19:30:00 on its own clock."""
    api = onboarded(meritline, tmp_path_factory.mktemp("h23") / "m", "h23-shanghai", "Asia/Shanghai")
    api.delivered("complaint", [
        complaint("H23", "2024-05-31T16:05:00Z"),
        complaint("last-of-may", "2024-05-31T15:59:59Z"), complaint("first-of-june", "2024-05-31T16:00:00Z"),
        complaint("last-of-june", "2024-06-30T15:59:59Z"), complaint("july", "2024-06-30T16:00:00Z"),
    ], period=EVER)  # fmt: skip
    api.delivered("ad_topup", [
        {"external_id": "in-time", "agent": "S1", "duty_on": "2024-05-31", "topped_up_at": "2024-05-31T11:30:00Z"},
        {"external_id": "late", "agent": "S2", "duty_on": "2024-05-31", "topped_up_at": "2024-05-31T11:30:01Z"},
    ], period=EVER)  # fmt: skip
    api.delivered("ticket", [
        ticket("a-day", "S1", "2024-05-01T02:00:00Z", "2024-05-02T02:00:00Z"),
        ticket("a-second-more", "S2", "2024-05-01T02:00:00Z", "2024-05-02T02:00:01Z"),
    ], period=EVER)  # fmt: skip
    api.delivered("work_order", [{"external_id": "order", "engineer": "S1", "outcome": "resolved",
                                  "created_at": "2024-05-01T01:00:00Z", "resolved_at": "2024-05-01T02:00:00Z"}],
                  period=EVER)  # fmt: skip
    for period in ("2024-05", "2024-06"):
        api.appraise(period)
    return api


def test_a_complaint_at_five_past_midnight_in_shanghai_is_one_of_june(shanghai: Any) -> None:
    assert found(shanghai, "2024-05", COMPLAINTS) == (1, {"last-of-may"})
    assert found(shanghai, "2024-06", COMPLAINTS) == (3, {"H23", "first-of-june", "last-of-june"})


def test_the_evening_ends_at_half_past_seven_to_the_second(shanghai: Any) -> None:
    assert found(shanghai, "2024-05", MISSED, "S1")[0] == 0
    assert found(shanghai, "2024-05", MISSED, "S2") == (1, {"late"})


def test_twenty_four_hours_are_enough_and_a_second_more_is_not(shanghai: Any) -> None:
    assert found(shanghai, "2024-05", WITHIN, "S1") == (100, {"order", "a-day"})
    assert found(shanghai, "2024-05", WITHIN, "S2") == (0, {"a-second-more"})


def test_records_of_two_record_types_are_paged_one_type_after_the_other(shanghai: Any) -> None:
    asked = """query($p: String!, $after: String) { scorecardByKey(employeeNo: "S1", scheme: "desk_month", period: $p) {
      lines { indicator { key } explanation(language: EN) { records(first: 1, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { recordType externalId } } } } } }"""
    seen, after = [], None
    while True:
        lines = shanghai.ask(asked, p="2024-05", after=after)["scorecardByKey"]["lines"]
        page = next(each for each in lines if each["indicator"]["key"] == WITHIN)["explanation"]["records"]
        seen += [(node["recordType"], node["externalId"]) for node in page["nodes"]]
        assert page["totalCount"] == 2
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert seen == [("work_order", "order"), ("ticket", "a-day")]


@pytest.fixture(scope="module")
def fiscal(meritline: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A company in New York whose months begin on the 26th and whose years begin with April."""
    api = onboarded(meritline, tmp_path_factory.mktemp("fiscal") / "m", "fiscal-new-york", "America/New_York", FISCAL,
                    ("month", "quarter", "year"))
    api.delivered("complaint", [
        # Winter time is five hours behind, summer time (from 8 March 2026) four.
        complaint("feb", "2026-02-26T04:59:59Z"), complaint("mar-first", "2026-02-26T05:00:00Z"),
        complaint("mar-last", "2026-03-26T03:59:59Z"), complaint("apr-first", "2026-03-26T04:00:00Z"),
        complaint("jun-last", "2026-06-26T03:59:59Z"), complaint("jul-first", "2026-06-26T04:00:00Z"),
        complaint("next-mar-last", "2027-03-26T03:59:59Z"), complaint("next-year", "2027-03-26T04:00:00Z"),
    ], period=EVER)  # fmt: skip
    api.delivered("ad_topup", [{"external_id": "t", "agent": "S1", "duty_on": "2026-03-26",
                                "topped_up_at": "2026-03-26T20:00:00Z"}], period=EVER)
    return api


def test_a_fiscal_month_is_named_by_its_end_and_follows_the_clock_on_the_wall(fiscal: Any) -> None:
    for period, records in {"2026-02": {"feb"}, "2026-03": {"mar-first", "mar-last"}, "2026-04": {"apr-first"}}.items():
        fiscal.appraise(period)
        assert found(fiscal, period, COMPLAINTS) == (len(records), records), period
    windows = {cycle["period"]: (cycle["startsAt"], cycle["endsAt"])
               for cycle in fiscal.every("cycles", "period startsAt endsAt")}
    assert windows["2026-03"] == ("2026-02-26T05:00:00Z", "2026-03-26T04:00:00Z")


def test_fiscal_quarters_and_years_begin_with_april(fiscal: Any) -> None:
    fiscal.appraise("2026-Q1")
    assert found(fiscal, "2026-Q1", COMPLAINTS, scheme="desk_quarter")[1] == {"apr-first", "jun-last"}
    fiscal.appraise("2026")
    assert found(fiscal, "2026", COMPLAINTS, scheme="desk_year")[1] == {
        "apr-first", "jun-last", "jul-first", "next-mar-last"}


def test_a_cycle_holds_the_fiscal_months_with_which_it_was_opened(fiscal: Any) -> None:
    fiscal.change("openCycle", "cycle { id }", period="2026-04")
    (told,) = fiscal.tried("saveCalendar", document={"fiscal": {"month_start": 21, "year_start": "april"}})["errors"]
    assert (told["code"], told["field"]) == ("E-CALENDAR-CYCLES", "fiscal")
    assert "2026-04" in told["message"]


HOURS = {"working_hours": {**{day: ["09:00-17:00"] for day in ("monday", "friday")}, "sunday": ["01:00-04:00"]}}


def test_business_time_is_that_of_the_wall_clock_and_a_changed_calendar_leaves_what_was_computed(
    meritline: Any, tmp_path: Path
) -> None:
    api = onboarded(meritline, tmp_path / "m", "hours-new-york", "America/New_York")
    # From Friday 16:00 (winter) to Monday 10:30 (summer); on the Sunday between there is no hour from 2 to 3.
    api.delivered("ticket", [ticket("t", "S1", "2026-03-06T21:00:00Z", "2026-03-09T14:30:00Z")], period=EVER)
    api.delivered("discipline_event", [
        {"external_id": name, "employee": "S1", "kind": "off_task_browsing", "verified": True, "occurred_at": moment}
        for name, moment in {"at-work": "2026-03-09T13:00:00Z", "before": "2026-03-09T12:59:59Z"}.items()
    ], period=EVER)  # fmt: skip
    api.appraise("2026-03")
    (line,) = (each for each in cards(api)[0]["lines"] if each["indicator"]["key"] == TOOK)
    assert (line["reading"]["state"], line["reading"]["value"]) == ("NOT_MEASURED", None), "no hours, no business time"

    api.change("saveCalendar", "tenant { version }", document={"calendar": HOURS})
    first = api.appraise("2026-03")
    assert found(api, "2026-03", TOOK) == (Decimal("4.5"), {"t"}), "1 on Friday, 2 on Sunday, 1.5 on Monday"
    assert found(api, "2026-03", BROWSED) == (1, {"at-work"})
    before = json.dumps(cards(api), sort_keys=True)

    api.change("saveCalendar", "tenant { version }", document={"calendar": {**HOURS, "holidays": ["2026-03-09"]}})
    assert json.dumps(cards(api), sort_keys=True) == before, "lines, explanations and records stay"
    again = api.appraise("2026-03")
    assert found(api, "2026-03", TOOK) == (3, {"t"})
    assert found(api, "2026-03", BROWSED) == (0, set()), "nobody works on a holiday"
    assert again["inputDigest"] != first["inputDigest"]
    api.change("saveCalendar", "tenant { version }", document={"calendar": HOURS})
    third = api.appraise("2026-03")
    assert (third["inputDigest"], third["resultDigest"]) == (first["inputDigest"], first["resultDigest"])


def cards(api: Any) -> Any:
    """The cards of March with the records behind each line."""
    return api.every("scorecards", LINES, filter='{ period: "2026-03" }')

"""An appliance-repair firm appraises its lead technicians on a workbook of real-looking work orders, as it is.

The file names only the lead and how many came along: the lead is credited one part, and the rest stays visibly with
nobody. Where everybody is named (generated orders below), everybody gets their part.
"""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

FILE = "service_work_orders_1000.xlsx"
MONTHS = ("2021-06", "2021-07")
YEARS = ("2020", "2021")
YES = {"true": ["Yes"], "false": [""]}  # a blank in the Yes/No columns means no
SOURCE = {
    "record": "work_order", "format": "xlsx", "sheet": "WOs", "external_id": "WO", "time_zone": "America/Toronto",
    "coverage": "by_months",
    "fields": {
        "service": "Service", "district": "District",
        "engineer": {"column": "LeadTech", "external_codes": "leads"}, "technician_count": "Techs",
        "created_at": "ReqDate", "requested_on": "ReqDate", "resolved_at": "WorkDate", "worked_on": "WorkDate",
        "rush": {"column": "Rush", **YES}, "warranty_labour": {"column": "WtyLbr", **YES},
        "labour_hours": "LbrHrs", "parts_cost": "PartsCost",
    },
}  # fmt: skip
ITEMS = [
    {"indicator": "appliance_repair.appointment_wait_days", "weight": 40,
     "rule": {"kind": "bands", "up_to": {"14 d": 100, "28 d": 80, "42 d": 60}, "beyond": 30}},
    {"indicator": "appliance_repair.order_completion_rate", "weight": 30, "target": "90 %",
     "rule": {"kind": "deduct", "points": 1}},
    {"indicator": "appliance_repair.orders_done_lead_share", "weight": 30, "target": 20, "rule": {"kind": "to_target"}},
]  # fmt: skip
LEADS = {"scheme": "leads", "title": "Lead technicians", "title_zh": "主修", "valid_from": "2020-01-01",
         "for_positions": ["lead_technician"], "item": ITEMS}  # fmt: skip
FIRM = {"scheme": "firm", "title": "The firm", "title_zh": "全公司", "subject": "company", "valid_from": "2020-01-01",
        "item": ITEMS}  # fmt: skip
FIRM_YEAR = {**FIRM, "scheme": "firm_year", "title": "The firm, by year", "title_zh": "全公司年度", "period": "year"}

type Row = dict[str, Any]


# The same by plain Python over the raw file --------------------------------------------------------------------------

@pytest.fixture(scope="module")
def orders(shared_file: Callable[[str], Path]) -> list[Row]:
    """The rows of the sheet."""
    book = openpyxl.load_workbook(shared_file(FILE), read_only=True, data_only=True)
    header, *rows = book["WOs"].iter_rows(values_only=True)
    book.close()
    return [dict(zip(header, row, strict=True)) for row in rows if row[0] is not None]


def done_in(orders: list[Row], period: str) -> list[Row]:
    """The orders worked on in the period."""
    return [row for row in orders if row["WorkDate"] and row["WorkDate"].isoformat().startswith(period)]


def mean_wait(orders: list[Row]) -> Decimal | None:
    """Days from request to work; of no order there is none."""
    days = sum((row["WorkDate"] - row["ReqDate"]).days for row in orders)
    return rounded(Fraction(days, len(orders))) if orders else None


def completed(orders: list[Row], period: str) -> Decimal | None:
    """The percentage of the period's requests that are done, whenever that was."""
    asked = [row for row in orders if row["ReqDate"].isoformat().startswith(period)]
    return rounded(Fraction(100 * sum(row["WorkDate"] is not None for row in asked), len(asked))) if asked else None


def rounded(value: Fraction, places: int = 10) -> Decimal:
    """Rounded half up."""
    scaled = value * 10**places
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(-places)


def test_the_raw_file_is_as_its_readme_says(orders: list[Row]) -> None:
    done = [row for row in orders if row["WorkDate"]]
    assert (len(orders), len(done), len(orders) - len(done)) == (1000, 858, 142)
    assert round(mean_wait(done) or 0, 1) == 28
    assert {row["Techs"] for row in orders} == {1, 2, 3}


# The product ---------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def firm(meritline: Any, orders: list[Row], shared_file: Callable[[str], Path]) -> Any:
    """The firm with its workbook imported, two months and two years appraised."""
    api = meritline.onboard("work-orders", timeZone="America/Toronto", currency="CAD", country="CA")
    api.change("enableIndicatorSet", key="appliance_repair")
    districts = sorted({row["District"] for row in orders})
    api.change("upsertDepartments", departments=[{"code": name, "name": name} for name in [*districts, "field"]])
    leads = sorted({row["LeadTech"] for row in orders})
    api.change("upsertEmployees", employees=[
        {"number": f"L{place}", "name": name, "employments": [
            {"validFrom": "2020-01-01", "department": "field", "position": "lead_technician"}]}
        for place, name in enumerate(leads, 1)
    ])  # fmt: skip
    api.change("mapExternalCodes", codes=[{"codeSpace": "leads", "code": name, "employee": f"L{place}"}
                                          for place, name in enumerate(leads, 1)])
    api.change("saveSource", key="workbook", document=SOURCE)
    for document in (LEADS, FIRM, FIRM_YEAR):
        api.change("saveScheme", document=document)
    done = meritline.command("import", "--tenant", "work-orders", "--source", "workbook", shared_file(FILE))
    assert done.returncode == 0, done.stderr
    assert "1000 accepted" in done.stdout
    for period in (*MONTHS, *YEARS):
        api.appraise(period)
    return api


READINGS = "state score subject { code name } lines { key reading { state value sampleSize numerator denominator } }"


def value_of(reading: Any) -> Decimal | None:
    """The value that is shown, none where nothing was measured."""
    assert (reading["state"] == "MEASURED") == (reading["value"] is not None)
    return reading["value"] and Decimal(reading["value"])


def readings(card: Any) -> dict[str, Any]:
    """The readings of a card by key."""
    return {line["key"]: line["reading"] for line in card["lines"]}


def company(api: Any, scheme: str, period: str) -> dict[str, Any]:
    """The readings of the company's card."""
    card = api.ask("query($s: String!, $p: String!) { scorecardByKey(scheme: $s, period: $p) "
                   f"{{ {READINGS} }} }}", s=scheme, p=period)["scorecardByKey"]  # fmt: skip
    return readings(card)


def test_the_mean_wait_of_all_done_orders_is_28_days(firm: Any, orders: list[Row]) -> None:
    years = [company(firm, "firm_year", year)["appointment_wait_days"] for year in YEARS]
    days, done = (sum(Fraction(year[part]) for year in years) for part in ("numerator", "denominator"))
    assert done == 858
    assert rounded(days / done, 1) == Decimal("28.0")
    assert rounded(days / done) == mean_wait([row for row in orders if row["WorkDate"]])


@pytest.mark.parametrize("month", MONTHS)
def test_every_lead_has_the_figures_of_the_raw_file(firm: Any, orders: list[Row], month: str) -> None:
    cards = firm.every("scorecards", READINGS, filter=f'{{ period: "{month}", scheme: "leads" }}')
    assert {card["subject"]["name"] for card in cards} == {row["LeadTech"] for row in orders}
    for card in cards:
        mine = [row for row in orders if row["LeadTech"] == card["subject"]["name"]]
        done, reading = done_in(mine, month), readings(card)
        share = sum((Fraction(1, row["Techs"]) for row in done), Fraction(0))
        assert value_of(reading["appointment_wait_days"]) == mean_wait(done)
        assert reading["appointment_wait_days"]["sampleSize"] == len(done)
        assert value_of(reading["order_completion_rate"]) == completed(mine, month)
        assert value_of(reading["orders_done_lead_share"]) == rounded(share), "of nothing done, 0: June was delivered"


@pytest.mark.parametrize("month", MONTHS)
def test_what_the_helpers_did_stays_visibly_unassigned(firm: Any, orders: list[Row], month: str) -> None:
    whole = company(firm, "firm", month)
    cards = firm.every("scorecards", READINGS, filter=f'{{ period: "{month}", scheme: "leads" }}')
    shares = sum(Fraction(readings(card)["orders_done_lead_share"]["value"]) for card in cards)
    done = done_in(orders, month)
    assert Decimal(whole["orders_done_lead_share"]["value"]) == len(done), "the company counts every order once"
    helpers = sum(1 - Fraction(1, row["Techs"]) for row in done)
    assert rounded(len(done) - shares, 6) == rounded(helpers, 6)
    assert helpers > 0
    assert value_of(whole["appointment_wait_days"]) == mean_wait(done)
    assert value_of(whole["order_completion_rate"]) == completed(orders, month)


SHARES = """
query($no: String!, $after: String) { scorecardByKey(employeeNo: $no, scheme: "leads", period: "2021-06") { lines { key
  explanation(language: EN) { text records(first: 100, after: $after) { totalCount nodes { externalId share } } } } } }
"""


def test_the_share_of_every_order_behind_the_line_is_shown(firm: Any, orders: list[Row]) -> None:
    name = max({row["LeadTech"] for row in orders},
               key=lambda lead: len([row for row in done_in(orders, "2021-06") if row["LeadTech"] == lead]))
    number = f"L{1 + sorted({row['LeadTech'] for row in orders}).index(name)}"
    lines = firm.ask(SHARES, no=number, after=None)["scorecardByKey"]["lines"]
    line = next(each for each in lines if each["key"] == "orders_done_lead_share")
    shown = {node["externalId"]: Fraction(node["share"]) for node in line["explanation"]["records"]["nodes"]}
    done = [row for row in done_in(orders, "2021-06") if row["LeadTech"] == name]
    assert shown == {row["WO"]: Fraction(1, row["Techs"]) for row in done}
    assert line["explanation"]["records"]["totalCount"] == len(done) <= 100


# Everybody named: generated orders -----------------------------------------------------------------------------------

PEOPLE = tuple(f"T{number}" for number in range(1, 9))
CREW_SOURCE = {
    "record": "work_order", "format": "csv", "external_id": "order", "time_zone": "Asia/Shanghai",
    "instant_format": "%Y-%m-%d %H:%M", "coverage": "by_months",
    "fields": {
        "technicians": {"column": "crew", "separator": ";", "parts": "*", "external_codes": "crew"},
        "created_at": "reported", "resolved_at": "done", "outcome": {"constant": "resolved"},
    },
}  # fmt: skip
CREW_SCHEME = {
    "scheme": "crew", "title": "Crew", "title_zh": "班组成员", "valid_from": "2026-01-01",
    "for_positions": ["technician"],
    "item": [{"indicator": "appliance_repair.orders_done_shared", "weight": 100, "target": 30,
              "rule": {"kind": "to_target"}}],
}  # fmt: skip


def crews(count: int) -> list[list[tuple[str, int]]]:
    """One to four technicians with parts; ``T9`` works for another firm, so nobody here is credited for it."""
    chance = Random("crews of May")
    return [[(who, chance.randint(1, 5)) for who in chance.sample([*PEOPLE, "T9"], chance.randint(1, 4))]
            for _ in range(count)]  # fmt: skip


def test_everybody_named_gets_their_part_and_teams_the_sum(meritline: Any) -> None:
    api = meritline.onboard("named-crews", timeZone="Asia/Shanghai")
    api.change("enableIndicatorSet", key="appliance_repair")
    api.change("upsertDepartments", departments=[{"code": team, "name": team} for team in ("odd", "even")])
    team_of = {who: "odd" if int(who[1:]) % 2 else "even" for who in PEOPLE}
    api.change("upsertEmployees", employees=[
        {"number": who, "name": who, "employments": [
            {"validFrom": "2026-01-01", "department": team, "position": "technician"}]}
        for who, team in team_of.items()
    ])  # fmt: skip
    api.change("mapExternalCodes", codes=[{"codeSpace": "crew", "code": who, "employee": who} for who in PEOPLE])
    api.change("saveSource", key="crews", document=CREW_SOURCE)
    team = {**CREW_SCHEME, "scheme": "teams", "subject": "department"}
    firm = {**CREW_SCHEME, "scheme": "firm", "subject": "company", "for_positions": []}
    for document in (CREW_SCHEME, team, firm):
        api.change("saveScheme", document=document)
    made = crews(400)
    lines = [f"W{number},2026-05-02 08:00,2026-05-{number % 28 + 1:02} 18:00,"
             f"{';'.join(who if part == 1 else f'{who}*{part}' for who, part in crew)}"
             for number, crew in enumerate(made)]  # fmt: skip
    status, answer = api.send("work_order", "\n".join(["order,reported,done,crew", *lines]), "text/csv", source="crews")
    assert (status, answer["accepted"], answer["rejected"]) == (200, 400, 0), answer
    assert answer["unresolved"] == sum(any(who == "T9" for who, _ in crew) for crew in made)
    api.appraise("2026-05")
    expected: dict[str, Fraction] = defaultdict(Fraction)
    for crew in made:
        for who, part in crew:
            expected[who] += Fraction(part, sum(each for _, each in crew))
    found = {card["subject"]["code"]: value_of(readings(card)["orders_done_shared"])
             for scheme in ("crew", "teams", "firm")
             for card in api.every("scorecards", READINGS, filter=f'{{ scheme: "{scheme}" }}')}  # fmt: skip
    assert {who: found[who] for who in PEOPLE} == {who: rounded(expected[who]) for who in PEOPLE}
    for name in ("odd", "even"):
        assert found[name] == rounded(sum(expected[who] for who in PEOPLE if team_of[who] == name))
    assert sum(expected.values()) == 400
    assert 400 - sum(expected[who] for who in PEOPLE) == expected["T9"] > 0, "the rest stays with nobody"
    assert found["named-crews"] == 400

"""Joiners, leavers, transfers and probation inside a period: whose card, which days, which records, to the cent."""

from typing import Any

import pytest

SET = "ecommerce_service"
COMPLAINTS = f"{SET}.customer_complaint_event_count"
EVER = "2024-01-01..2027-12-31"
ITEM = {"indicator": COMPLAINTS, "key": "complaints", "weight": 100, "target": 0,
        "rule": {"kind": "deduct", "points": 10, "per": 1}}  # fmt: skip
CARD = """schemeKey subject { code } score departmentCode daysEmployed periodDays
  lines { reading { value } explanation(language: EN) { records(first: 20) { totalCount nodes { externalId } } } }
  rewards { ruleKey amount { amount } explanation(language: EN) { text } }"""


def scheme(key: str, position: str, **more: Any) -> dict[str, Any]:
    """A scheme that counts complaints."""
    return {"scheme": key, "valid_from": "2020-01-01", "for_positions": [position], "item": [ITEM], **more}


def pay(key: str, *terms: dict[str, Any]) -> dict[str, Any]:
    """A fixed amount, one more by days, and the personal base by score."""
    return {"reward_table": f"{key}_pay", "scheme": key, "valid_from": "2020-01-01", "reward": [
        {"kind": "fixed", "key": "whole", "amount": "300.00"},
        {"kind": "fixed", "key": "by_days", "amount": "1000.01"},
        {"kind": "coefficient", "key": "personal", "per": 100},
    ], "terms": list(terms)}  # fmt: skip


BY_DAYS = {"rules": ["by_days", "personal"], "by_days": True}
STAYERS = {"rules": ["whole"], "to_the_end": True, "least_days": 15}
REGULARS = {"rules": ["by_days"], "employment": "regular"}


def span(first: str, end: str | None = None, position: str = "clerk", department: str = "A",
         status: str = "REGULAR") -> dict[str, Any]:
    """An employment."""
    found = {"validFrom": first, "position": position, "department": department, "status": status}
    return found if end is None else {**found, "validTo": end}


PEOPLE = {
    "ALL": [span("2020-01-01")],
    "JOIN": [span("2026-06-11")],                                                   # 20 of 30 days
    "LATE": [span("2026-06-17")],                                                   # 14 of 30 days
    "LEFT": [span("2020-01-01", "2026-06-16")],                                     # 15 days, gone at the end
    "GONE": [span("2020-01-01", "2026-06-01")],                                     # not there in June
    "BACK": [span("2020-01-01", "2026-06-06"), span("2026-06-26")],                 # 5 + 5 days
    "TEAM": [span("2020-01-01", "2026-06-16"), span("2026-06-16", department="B")],
    "POST": [span("2020-01-01", "2026-06-16"), span("2026-06-16", position="agent", department="B")],
    "UP": [span("2020-01-01", "2026-06-21"), span("2026-06-21", position="boss", department="B")],
    "NEW": [span("2026-06-01", "2026-06-11", position="agent", status="PROBATION"),
            span("2026-06-11", position="agent")],
    "TRY": [span("2026-05-01", status="PROBATION")],                                # no scheme for clerks on probation
}  # fmt: skip
# A complaint on the 5th and two on the 20th, about everybody.
DAYS = ("2026-06-05", "2026-06-20", "2026-06-20")


@pytest.fixture(scope="module")
def june(meritline: Any) -> Any:
    """The company's June, computed."""
    api = meritline.onboard("movers", timeZone="Asia/Shanghai")
    api.change("enableIndicatorSet", key=SET)
    api.change("upsertPositions", positions=[{"code": one, "nameEn": one, "nameZh": one}
                                             for one in ("clerk", "agent", "boss")])
    api.change("upsertDepartments", departments=[{"code": one, "name": one} for one in "AB"])
    api.change("upsertEmployees", employees=[
        {"number": number, "name": number, "performancePay": "2000.00", "employments": spans}
        for number, spans in PEOPLE.items()])  # fmt: skip
    for document in (scheme("clerks", "clerk"), scheme("agents", "agent"),
                     scheme("trainees", "agent", for_employment="probation"), scheme("regulars", "boss"),
                     {**scheme("teams", "clerk"), "subject": "department", "for_positions": []}):
        api.change("saveScheme", document=document)
    for key in ("clerks", "agents", "trainees"):
        api.change("saveRewardTable", document=pay(key, BY_DAYS, STAYERS, REGULARS))
    api.delivered("complaint", [
        {"external_id": f"{number}-{place}", "agent": number, "category": "service", "status": "resolved",
         "accepted": True, "after_sales_cause": True, "customer": f"{number}{place}", "case": f"{number}{place}",
         "received_at": f"{day}T10:00:00+08:00"}
        for number in PEOPLE for place, day in enumerate(DAYS)], period=EVER)  # fmt: skip
    api.appraise("2026-06")
    return api


@pytest.fixture(scope="module")
def cards(june: Any) -> dict[tuple[str, str], Any]:
    """The cards by scheme and subject, rewards by key."""
    found = june.every("scorecards", CARD, filter='{ period: "2026-06" }')
    return {(one["schemeKey"], one["subject"]["code"]): one | {
        "rewards": {each["ruleKey"]: (each["amount"] or {}).get("amount") for each in one["rewards"]}} for one in found}


def test_who_was_there_for_a_part_of_the_period_has_a_card_that_says_so(cards: Any) -> None:
    shown = {key: (one["daysEmployed"], one["periodDays"], one["departmentCode"]) for key, one in cards.items()}
    assert shown == {
        ("clerks", "ALL"): (30, 30, "A"), ("clerks", "JOIN"): (20, 30, "A"), ("clerks", "LATE"): (14, 30, "A"),
        ("clerks", "LEFT"): (15, 30, "A"), ("clerks", "BACK"): (10, 30, "A"), ("clerks", "TEAM"): (30, 30, "B"),
        ("clerks", "POST"): (15, 30, "A"), ("agents", "POST"): (15, 30, "B"), ("clerks", "UP"): (20, 30, "A"),
        ("regulars", "UP"): (10, 30, "B"), ("trainees", "NEW"): (10, 30, "A"), ("agents", "NEW"): (20, 30, "A"),
        ("clerks", "TRY"): (30, 30, "A"), ("teams", "A"): (None, None, "A"), ("teams", "B"): (None, None, "B"),
    }  # fmt: skip


def test_each_card_counts_the_records_of_its_own_days_and_the_evidence_shows_these(cards: Any) -> None:
    def found(scheme: str, who: str) -> tuple[str, set[str]]:
        (line,) = cards[scheme, who]["lines"]
        records = line["explanation"]["records"]
        assert records["totalCount"] == len(records["nodes"])
        return line["reading"]["value"], {each["externalId"] for each in records["nodes"]}

    assert found("clerks", "ALL") == ("3", {"ALL-0", "ALL-1", "ALL-2"})
    assert found("clerks", "TEAM") == ("3", {"TEAM-0", "TEAM-1", "TEAM-2"})
    assert found("clerks", "POST") == ("1", {"POST-0"})
    assert found("agents", "POST") == ("2", {"POST-1", "POST-2"})
    assert found("clerks", "UP") == ("3", {"UP-0", "UP-1", "UP-2"})
    assert found("regulars", "UP") == ("0", set())
    assert found("trainees", "NEW") == ("1", {"NEW-0"})
    assert found("agents", "NEW") == ("2", {"NEW-1", "NEW-2"})
    # Each department has what happened while its people were in it: of those who changed, the 5th is of A, the 20th of
    # B. In A: ALL 3, JOIN 2, LATE 2, LEFT 1, TEAM 1, POST 1, UP 3, NEW 2, TRY 3, BACK 1; nobody else was employed then.
    assert found("teams", "B") == ("4", {"TEAM-1", "TEAM-2", "POST-1", "POST-2"})
    value, records = found("teams", "A")
    assert (value, {"TEAM-0", "POST-0", "UP-2"} - records, records & {"TEAM-1", "POST-1"}) == ("20", set(), set())


def test_money_by_days_is_right_to_the_cent(cards: Any) -> None:
    def paid(who: str, scheme: str = "clerks") -> tuple[str | None, ...]:
        return tuple(cards[scheme, who]["rewards"].get(key) for key in ("whole", "by_days", "personal"))

    assert paid("ALL") == ("300.00", "1000.01", "1400.00")      # score 70: 2000 * 70 / 100
    assert paid("JOIN") == ("300.00", "666.67", "933.33")       # 1000.01 * 20/30 = 666.673; 1400 * 20/30
    assert paid("LATE")[1:] == ("466.67", "653.33")             # 14 days are below 15
    assert paid("LATE")[0] in (None, "0.00")
    assert paid("LEFT")[1:] == ("500.01", "700.00")             # 500.005, half up; not there at the end
    assert paid("LEFT")[0] in (None, "0.00")
    assert paid("BACK")[1:] == ("333.34", "466.67")
    assert paid("POST") == ("300.00", "500.01", "900.00")       # one complaint: 90; still employed at the end
    assert paid("POST", "agents") == ("300.00", "500.01", "800.00")
    assert paid("NEW", "agents") == ("300.00", "666.67", "1066.67")
    assert paid("NEW", "trainees")[1] in (None, "0.00")         # regular staff only
    assert paid("NEW", "trainees")[2] == "600.00"
    assert paid("TRY")[1] in (None, "0.00")


def test_two_schemes_for_the_same_people_are_refused_and_one_for_probation_is_not(june: Any) -> None:
    for more, clash in (({}, "agents"), ({"for_employment": "probation"}, "trainees")):
        (error,) = june.tried("saveScheme", document=scheme("others", "agent", **more))["errors"]
        assert error["code"] == "E-SCHEME-OVERLAP"
        assert f"'{clash}'" in error["message"]
    june.change("saveScheme", document=scheme("steady", "agent", for_employment="regular", valid_from="2026-07-01"))
    june.appraise("2026-07")
    found = june.every("scorecards", "schemeKey subject { code }", filter='{ period: "2026-07" }')
    agents = {(one["schemeKey"], one["subject"]["code"]) for one in found if one["subject"]["code"] in ("POST", "NEW")}
    assert agents == {("steady", "POST"), ("steady", "NEW")}


def test_one_scheme_alone_gives_the_same_cards_and_the_same_digest(june: Any, cards: Any) -> None:
    cycle = next(one for one in june.every("cycles", "id period run { resultDigest }") if one["period"] == "2026-06")
    for key in ("agents", "clerks"):
        run = june.change("runCycle", "run { id }", cycle=cycle["id"], scheme=key)["run"]
        ended = follow(june, run["id"])
        assert ended["resultDigest"] == cycle["run"]["resultDigest"], key


def follow(api: Any, run: str) -> Any:
    """The run once it has ended."""
    while True:
        found = api.ask("query($id: ID!) { node(id: $id) { ... on Run { state error resultDigest } } }", id=run)["node"]
        if found["state"] not in ("QUEUED", "RUNNING"):
            assert found["state"] == "COMPLETE", found
            return found

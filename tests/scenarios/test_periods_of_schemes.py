"""Sequences and time: runs of months, quarters of locked months, years of quarters, shares that are carried, locking.

Scores come from one rating of 20 points (a score of 85 is a rating of 17), so that every month is known by hand.
"""

import json
from decimal import Decimal
from typing import Any

import pytest

SET = "ecommerce_service"
RATED, COMPLAINTS = f"{SET}.rt_ecom_quality", f"{SET}.customer_complaint_event_count"
EVER = "2024-01-01..2027-12-31"
BY_RATING = {"indicator": RATED, "key": "quality", "weight": 100, "rule": {"kind": "as_points", "full": 20}}
MONTH = {"scheme": "desk", "valid_from": "2020-01-01", "for_positions": ["clerk"], "pass_score": 60,
         "item": [BY_RATING]}  # fmt: skip
ACTS = {
    "reward_table": "acts", "scheme": "desk", "valid_from": "2020-01-01",
    "reward": [
        {"kind": "proposal", "key": "course", "act": "training", "when": {"passed": False}, "detail": "A day's course"},
        {"kind": "proposal", "key": "warned", "act": "warning", "when": {"passed": False}, "in_a_row": {"periods": 2}},
        {"kind": "proposal", "key": "strict", "act": "warning", "when": {"passed": False},
         "in_a_row": {"periods": 2, "gaps": "break"}},
        {"kind": "proposal", "key": "moved", "act": "change_of_position", "when": {"passed": False},
         "in_a_row": {"periods": 3}},
    ],
}  # fmt: skip
CARD = """score state daysEmployed periodDays passed
  lines { key policy rawPoints reading { state value numerator denominator sampleSize reason }
          explanation(language: EN) { text } }
  rewards { ruleKey act amount { amount } explanation(language: EN) { text } }"""


def company(meritline: Any, key: str, **people: str) -> Any:
    """People with a position each, since ever."""
    api = meritline.onboard(key, timeZone="Asia/Shanghai")
    api.change("enableIndicatorSet", key=SET)
    api.change("upsertPositions", positions=[{"code": one, "nameEn": one, "nameZh": one}
                                             for one in sorted({*people.values(), "clerk", "agent"})])
    api.change("upsertDepartments", departments=[{"code": "D", "name": "Desk"}])
    api.change("upsertEmployees", employees=[
        {"number": number, "name": number, "employments": [
            {"validFrom": "2020-01-01", "position": position, "department": "D"}]}
        for number, position in people.items()])  # fmt: skip
    return api


def rate(api: Any, period: str, score: str, subject: str = "S1", scheme: str = "desk") -> None:
    """A rating that comes to the score."""
    api.change("submitRating", period=period, scheme=scheme, subject=subject, indicator=RATED,
               value=str(Decimal(score) / 5), comment="by hand")


def card(api: Any, period: str, scheme: str = "desk", subject: str = "S1") -> Any:
    """The scorecard, lines and rewards by key."""
    found = api.ask(f"query($p: String!, $s: String!, $e: String!) {{ scorecardByKey(period: $p, scheme: $s, "
                    f"employeeNo: $e) {{ {CARD} }} }}", p=period, s=scheme, e=subject)["scorecardByKey"]
    if found is None:
        return None
    return found | {"lines": {one["key"]: one for one in found["lines"]},
                    "rewards": {one["ruleKey"]: one for one in found["rewards"]}}


def lock(api: Any, *periods: str) -> None:
    """Lock them."""
    for period in periods:
        assert api.change("lockCycle", "cycle { state }", period=period)["cycle"]["state"] == "LOCKED"


# Below 60 fails. None: nobody rated, so there is no score: it neither counts nor breaks, save for "strict".
YEAR = {
    "2025-09": ("70", set()),
    "2025-10": ("50", {"course"}),
    "2025-11": ("90", set()),
    "2025-12": ("55", {"course"}),
    "2026-01": ("59.99", {"course", "warned", "strict"}),  # two in a row, across the turn of the year
    "2026-02": (None, set()),
    "2026-03": ("40", {"course", "moved"}),                # three in a row, the gap skipped; strict: one
    "2026-04": ("40", {"course", "strict"}),               # four: once per run; strict: two
    "2026-05": ("40", {"course"}),                         # five, three
    "2026-06": ("60", set()),                              # the pass score is a pass: the run is over
    "2026-07": ("50", {"course"}),
    "2026-08": ("50", {"course", "warned", "strict"}),     # another run
}  # fmt: skip


def test_twelve_months_of_warnings_trainings_and_changes_of_position(meritline: Any) -> None:
    api = company(meritline, "twelve-months", S1="clerk", S2="clerk")
    api.change("saveScheme", document=MONTH)
    api.change("saveRewardTable", document=ACTS)
    digests = []
    for period, (score, _) in YEAR.items():
        if score is not None:
            rate(api, period, score)
        rate(api, period, "90", "S2")
        digests.append(api.appraise(period)["inputDigest"])
    for period, (score, wanted) in YEAR.items():
        found = card(api, period)
        assert found["score"] == (None if score is None else f"{Decimal(score).normalize():f}"), period
        acted = {key for key, one in found["rewards"].items() if one["act"] is not None}
        assert acted == wanted, period
        assert card(api, period, subject="S2")["rewards"].keys() <= found["rewards"].keys() | set()
    text = card(api, "2026-03")["rewards"]["moved"]["explanation"]["text"]
    assert all(each in text for each in ("2025-12", "2026-01", "2026-02", "2026-03", "55"))
    # The same again is the same; another December changes what January rests on, and only that is warned.
    assert api.appraise("2026-01")["inputDigest"] == digests[4]
    api.change("submitRating", period="2025-12", scheme="desk", subject="S1", indicator=RATED, value="19",
               comment="after all", expectedVersion=1)
    api.appraise("2025-12")
    assert api.appraise("2026-01")["inputDigest"] != digests[4]
    assert "warned" not in {key for key, one in card(api, "2026-01")["rewards"].items() if one["act"]}


QUARTER = {
    "scheme": "agents_quarter", "valid_from": "2020-01-01", "period": "quarter", "for_positions": ["agent"],
    "item": [
        {"key": "months", "title": "The months", "title_zh": "各月", "weight": 50,
         "score_of": {"scheme": "agents", "least": 3}, "rule": {"kind": "as_points"}},
        {"indicator": COMPLAINTS, "key": "afresh", "weight": 30, "target": 0,
         "rule": {"kind": "deduct", "points": 10, "per": 1}},
        {**BY_RATING, "weight": 20},
    ],
}  # fmt: skip
YEARLY = {
    "scheme": "agents_year", "valid_from": "2020-01-01", "period": "year", "for_positions": ["agent"],
    "item": [
        {"key": "quarters", "title": "The quarters", "title_zh": "各季", "weight": 60,
         "score_of": {"scheme": "agents_quarter"}, "rule": {"kind": "as_points"}},
        {"key": "worst", "title": "The worst month", "title_zh": "最低月", "weight": 40,
         "score_of": {"scheme": "agents", "combine": "least", "period": "month"}, "rule": {"kind": "as_points"}},
    ],
}  # fmt: skip


def complaints(api: Any, *days: str, agent: str = "S1") -> None:
    """Complaints that count; the source is complete."""
    api.delivered("complaint", [
        {"external_id": f"{agent}-{day}", "agent": agent, "category": "service", "status": "resolved", "accepted": True,
         "after_sales_cause": True, "customer": day, "case": day, "received_at": f"{day}T10:00:00+08:00"}
        for day in days], period=EVER)  # fmt: skip


def test_a_quarter_of_locked_months_and_one_of_raw_data_and_a_year_of_quarters(meritline: Any) -> None:
    api = company(meritline, "quarters", S1="agent")
    month = {"scheme": "agents", "valid_from": "2020-01-01", "for_positions": ["agent"], "item": [
        {"indicator": COMPLAINTS, "key": "complaints", "weight": 100, "target": 0,
         "rule": {"kind": "deduct", "points": 10, "per": 1}}]}  # fmt: skip
    for document in (month, QUARTER, YEARLY):
        api.change("saveScheme", document=document)
    complaints(api, "2026-01-10", "2026-01-11", "2026-02-20", "2026-03-01", "2026-03-31", "2026-04-01")
    months = ("2026-01", "2026-02", "2026-03")
    rate(api, "2026-Q1", "100", scheme="agents_quarter")
    api.appraise("2026-01")
    api.appraise("2026-02")
    api.appraise("2026-Q1")
    line = card(api, "2026-Q1", "agents_quarter")["lines"]["months"]
    assert (line["reading"]["state"], line["policy"], line["rawPoints"]) == ("NOT_MEASURED", "renormalise", None)
    assert line["reading"]["reason"] == "scores:2026-01 not_locked, 2026-02 not_locked, 2026-03 not_appraised"
    lock(api, "2026-01", "2026-02")
    api.appraise("2026-03")
    early = api.appraise("2026-Q1")
    line = card(api, "2026-Q1", "agents_quarter")["lines"]["months"]
    assert line["reading"]["reason"] == "scores:2026-03 not_locked"
    assert "not locked: 2026-03" in line["explanation"]["text"]
    lock(api, "2026-03")
    assert api.appraise("2026-Q1")["inputDigest"] != early["inputDigest"]
    found = card(api, "2026-Q1", "agents_quarter")
    line, afresh = found["lines"]["months"], found["lines"]["afresh"]
    # The months: 80, 90, 80; afresh, five complaints in the quarter: 50. Quarterly and monthly items in one scheme.
    assert (line["reading"]["numerator"], line["reading"]["denominator"]) == ("250", "3")
    assert line["reading"]["sampleSize"] == 3
    assert "(80.00 + 90.00 + 80.00) / 3 = 83.3333…" in line["explanation"]["text"]
    assert all(each in line["explanation"]["text"] for each in months)
    assert (afresh["reading"]["value"], afresh["rawPoints"]) == ("5", "50")
    assert found["score"] == "76.67"  # 250/3 * 0.5 + 50 * 0.3 + 100 * 0.2 = 76.666…
    lock(api, "2026-Q1")
    api.appraise("2026")
    year = card(api, "2026", "agents_year")
    assert year["lines"]["quarters"]["reading"]["value"] == "76.67"  # as printed, not as it was before rounding
    assert "2026-Q2" in year["lines"]["quarters"]["explanation"]["text"]
    assert year["lines"]["worst"]["reading"]["value"] == "80"
    assert year["score"] == "78"  # 76.67 * 0.6 + 80 * 0.4 = 78.002


def test_a_share_is_carried_from_the_last_measured_month_and_not_from_beyond_a_year(meritline: Any) -> None:
    api = company(meritline, "carried", S1="clerk", S2="clerk")
    other = {"indicator": COMPLAINTS, "key": "complaints", "weight": 50, "target": 0,
             "rule": {"kind": "deduct", "points": 10, "per": 1}}
    api.change("saveScheme", document={**MONTH, "item": [
        {**BY_RATING, "weight": 50, "policies": {"not_measured": "carry"}}, other]})
    complaints(api, "2020-01-01")
    rate(api, "2025-01", "80")
    rate(api, "2025-03", "60")
    for period in ("2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2026-03", "2026-04"):
        api.appraise(period)
    shown = {period: card(api, period) for period in ("2025-02", "2025-05", "2026-03", "2026-04")}
    assert {period: (one["score"], one["lines"]["quality"]["policy"], one["lines"]["quality"]["rawPoints"])
            for period, one in shown.items()} == {
        "2025-02": ("90", "carry", "16"), "2025-05": ("80", "carry", "12"), "2026-03": ("80", "carry", "12"),
        "2026-04": ("100", "carry", None),
    }  # fmt: skip
    assert "2025-03" in shown["2025-05"]["lines"]["quality"]["explanation"]["text"]  # not from April, which carried
    assert card(api, "2025-02", subject="S2")["lines"]["quality"]["rawPoints"] is None  # nobody else's share


def test_a_line_that_waits_for_somebody_keeps_a_cycle_from_being_locked(meritline: Any) -> None:
    api = company(meritline, "waits", S1="clerk", S2="agent")
    api.change("saveScheme", document={**MONTH, "item": [{**BY_RATING, "policies": {"not_measured": "manual"}}]})
    api.change("saveScheme", document={**QUARTER, "item": [{**QUARTER["item"][0], "weight": 100, "score_of": {
        "scheme": "desk"}}]})
    api.appraise("2026-01")
    (error,) = api.tried("lockCycle", period="2026-01")["errors"]
    assert (error["code"], error["value"]) == ("E-BLOCK-MANUAL", "quality")
    rate(api, "2026-01", "60")
    api.appraise("2026-01")
    api.appraise("2026-Q1")
    told = api.change("lockCycle", "warnings { code value }", period="2026-Q1")["warnings"]
    assert told == [{"code": "E-BLOCK-SHORTER", "value": "months"}]
    lock(api, "2026-01")


def everything(api: Any, period: str) -> str:
    """All results of a period."""
    return json.dumps(api.every("scorecards", f"subject {{ code }} digest {CARD}", filter=f'{{ period: "{period}" }}'))


@pytest.fixture(scope="module")
def locked(meritline: Any) -> Any:
    """A company whose June is run, with a code that means nobody."""
    api = company(meritline, "locked", S1="clerk", S2="clerk")
    api.change("saveScheme", document={**MONTH, "item": [
        {**BY_RATING, "weight": 50}, {"indicator": COMPLAINTS, "key": "complaints", "weight": 50, "target": 0,
                                      "rule": {"kind": "deduct", "points": 10, "per": 1}}]})
    api.change("saveRewardTable", document=ACTS)
    api.change("saveSource", "source { key }", key="phone", document={
        "record": "complaint", "format": "ndjson", "external_id": "external_id",
        "fields": {"agent": {"column": "agent", "external_codes": "phone"}, "category": "category", "status": "status",
                   "accepted": "accepted", "after_sales_cause": "after_sales_cause", "customer": "customer",
                   "case": "case", "received_at": "received_at"}})
    row = {"external_id": "lost", "agent": "x7", "category": "service", "status": "resolved", "accepted": True,
           "after_sales_cause": True, "customer": "c", "case": "c", "received_at": "2026-06-05T10:00:00+08:00"}
    status, answer = api.send("complaint", json.dumps(row), "application/x-ndjson", source="phone", period=EVER)
    assert (status, answer["unresolved"]) == (200, 1), answer
    rate(api, "2026-06", "50")
    api.appraise("2026-06")
    return api


def test_a_cycle_with_an_open_end_is_not_locked_and_the_end_is_named(locked: Any) -> None:
    for period, code in (("2026-07", "E-NOT-FOUND"), ("2026-06", "E-BLOCK-UNRESOLVED")):
        (error,) = locked.tried("lockCycle", "cycle { id }", period=period)["errors"]
        assert error["code"] == code, error
    assert error["value"] == "x7"
    assert "Map it" in error["remedy"]


def test_nothing_changes_in_a_locked_cycle(locked: Any, meritline: Any) -> None:
    locked.change("mapExternalCodes", codes=[{"codeSpace": "phone", "code": "x7", "employee": "S1"}])
    locked.appraise("2026-06")
    cycle = locked.every("cycles", "id version state")[0]
    (stale,) = locked.tried("lockCycle", period="2026-06", expectedVersion=1)["errors"]
    assert stale["code"] == "E-CONFLICT-STALE"
    told = locked.change("lockCycle", "warnings { code value } cycle { state }", period="2026-06",
                         expectedVersion=cycle["version"])
    assert told["cycle"]["state"] == "LOCKED"
    assert [(each["code"], each["value"]) for each in told["warnings"]] == [("E-BLOCK-RATING", RATED)]  # of S2
    before = everything(locked, "2026-06")
    # A correction of a record, a new record, a change of the scheme, of a person: nothing of it reaches June.
    complaints(locked, "2026-06-06", "2026-06-07")
    locked.change("saveScheme", document={**MONTH, "pass_score": 10, "valid_from": "2026-07-01"},
                  expectedVersion=1)
    for name, given in (("runCycle", {"cycle": cycle["id"]}), ("lockCycle", {"period": "2026-06"})):
        (error,) = locked.tried(name, **given)["errors"]
        assert error["code"] == "E-CYCLE-LOCKED"
        assert "adjustment" in error["remedy"]
    (error,) = locked.tried("submitRating", period="2026-06", scheme="desk", subject="S2", indicator=RATED, value="3",
                            comment="late")["errors"]
    assert error["code"] == "E-RATING-PUBLISHED"
    assert everything(locked, "2026-06") == before
    listed = meritline.command("cycle", "list", "--tenant", "locked")
    assert listed.stdout.split() == ["2026-06", "locked", "version", str(cycle["version"] + 1)]
    again = meritline.command("cycle", "lock", "--tenant", "locked", "--period", "2026-06")
    assert again.returncode == 1
    assert "E-CYCLE-LOCKED" in again.stderr
    entries = locked.every("auditEntries", "action subject body")
    (entry,) = [each for each in entries if each["action"] == "cycle.lock"]
    assert entry["subject"] == "cycle:2026-06"


def test_a_cycle_says_which_versions_it_used_and_an_unknown_scheme_is_refused_at_the_call(locked: Any) -> None:
    found = locked.ask("""{ cycles(first: 1) { nodes { id run { schemes { schemeKey schemeHash rewardHash
      schemeVersion { version validFrom definitionHash } rewardTableVersion { version validFrom } } } } } }""")
    (cycle,) = found["cycles"]["nodes"]
    (used,) = [one for one in cycle["run"]["schemes"] if one["schemeKey"] == "desk"]
    assert used["schemeVersion"] == {"version": 1, "validFrom": "2020-01-01", "definitionHash": used["schemeHash"]}
    assert used["rewardTableVersion"] == {"version": 1, "validFrom": "2020-01-01"}
    opened = locked.change("openCycle", "cycle { id }", period="2026-08")["cycle"]["id"]
    (error,) = locked.tried("runCycle", cycle=opened, scheme="dask")["errors"]
    assert (error["code"], error["field"], error["value"]) == ("E-SCHEME-UNKNOWN", "scheme", "dask")
    assert "desk" in error["remedy"]
    assert locked.every("cycles", "state")[0]["state"] == "OPEN"

"""A starter runs on the day it is taken: one saveScheme on a new company, the records in, and no line waits for a
setting. One starter of the repair shop, one for any after-sales team, one of the call centre."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

COMMON, REPAIR, CALLS = "after_sales_common", "appliance_repair", "call_center"
MAY = "2026-05"
# Nothing below names a limit, a promise or a ladder: no *_due_at, no level_max.
SET = {
    f"{REPAIR}.s01_starter": {
        f"{COMMON}.complaint_timely_rate": {"complaint_response_limit": "2 h", "complaint_resolution_limit": "48 h"},
        f"{COMMON}.complaint_resolution_rate": {"complaint_resolution_limit": "48 h"},
        f"{COMMON}.response_timely_rate": {"default_promise": "2 h"}, f"{REPAIR}.skill_cert_level": {
            "ladder_levels": "5"}},
    f"{COMMON}.s03_starter": {f"{COMMON}.complaint_resolution_rate": {"complaint_resolution_limit": "48 h"}},
    f"{CALLS}.s13_agent_starter": {
        f"{CALLS}.call_answer_rate": {"answer_credit": "agent"},
        f"{CALLS}.timely_answer_rate": {"answer_credit": "agent", "timely_within": "20 s"},
        f"{COMMON}.complaint_severity_points": {"severity_minor": "1", "severity_moderate": "3",
                                                "severity_serious": "5"}},
}  # fmt: skip
LINES = "lines { key reading { state reason value } rawPoints policy explanation(language: EN) { text } }"


def at(day: int = 4, **later: float) -> str:
    """A moment of May in Shanghai."""
    return (datetime.fromisoformat(f"{MAY}-{day:02}T09:00:00+08:00") + timedelta(**later)).isoformat()


COMPLAINT = {"category": "service", "status": "resolved", "agent": "E1", "received_at": at(), "accepted_at": at(),
             "first_response_at": at(hours=1), "resolved_at": at(hours=24), "satisfactory": True,
             "severity": "moderate", "verified": True, "improper_service": True}  # fmt: skip
RECORDS: dict[str, dict[str, list[dict[str, Any]]]] = {
    f"{REPAIR}.s01_starter": {
        "work_order": [{"engineer": "E1", "first_engineer": "E1", "responder": "E1", "customer": f"c{n}",
                        "product": "p", "visits": 1, "outcome": "resolved", "created_at": at(),
                        "accepted_at": at(hours=1), "first_response_at": at(hours=1 if n < 9 else 3),
                        "resolved_at": at(hours=24)} for n in range(10)],
        "complaint": [COMPLAINT],
        "skill_certificate": [{"employee": "E1", "level_no": 3, "valid_from": "2026-01-01"}]},
    f"{COMMON}.s03_starter": {"complaint": [COMPLAINT]},
    f"{CALLS}.s13_agent_starter": {
        "call_record": [{"agent": "E1", "direction": "inbound", "offered_at": at(4 + n),
                         "answered_at": at(4 + n, seconds=10 if n < 8 else 30), "ended_at": at(4 + n, minutes=3)}
                        for n in range(10)],
        "complaint": [COMPLAINT]},
}  # fmt: skip
# line: its value where the setting decides it
EXPECTED = {
    f"{REPAIR}.s01_starter": {"complaint_timely_rate": "100", "complaint_resolution_rate": "100",
                              "response_timely_rate": "90"},
    f"{COMMON}.s03_starter": {},
    f"{CALLS}.s13_agent_starter": {"call_answer_rate": "100", "timely_answer_rate": "80",
                                   "complaint_severity_points": "3"},
}  # fmt: skip
# composite: its points where a part of it needs the setting (level 3 of 5 and 100 for repairs: (30x60 + 40x100) / 70)
POINTS = {f"{REPAIR}.s01_starter": {"skill_level": "82.8571428571"}, f"{COMMON}.s03_starter": {"complaints": "100"},
          f"{CALLS}.s13_agent_starter": {}}  # fmt: skip


@pytest.mark.parametrize("template", SET)
def test_one_save_and_the_month_runs(firm: Any, template: str) -> None:
    house = firm(f"today-{template.partition('.')[2].replace('_', '-')}", template.partition(".")[0], {"E1": "holder"})
    offer = told(house.api, template)
    assert offer["settings"] == SET[template]
    done = house.api.change("saveScheme", "scheme { key } warnings { code message value }", document={
        "scheme": "today", "template": template, "for_positions": ["holder"], "valid_from": "2026-01-01"})
    notes = {(one["value"], one["message"].split("starter: ")[1].split(" of ")[0])
             for one in done["warnings"] if one["code"] == "E-STARTER-SET"}
    assert notes == {(key, f"{name} = {value}") for key, one in SET[template].items() for name, value in one.items()}
    for key, parameters in SET[template].items():
        assert stands(house.api, key) == (2, set(parameters)), "a version of its own, as any setting"

    for record, rows in RECORDS[template].items():
        house.api.delivered(record, [{"external_id": f"{record}-{n}", **row} for n, row in enumerate(rows)],
                            period=MAY)
    house.api.appraise(MAY)
    card = house.api.ask(f'{{ scorecardByKey(employeeNo: "E1", scheme: "today", period: "{MAY}") {{ {LINES} }} }}')
    lines = {one["key"]: one for one in card["scorecardByKey"]["lines"]}
    assert "blank" not in json.dumps(lines), "no line, and no part of one, waits for a setting"
    assert {key: lines[key]["reading"]["value"] for key in EXPECTED[template]} == EXPECTED[template]
    assert {key: lines[key]["rawPoints"] for key in POINTS[template]} == POINTS[template]


def told(api: Any, template: str) -> Any:
    """The offer as GraphQL tells it."""
    found = api.ask("{ schemeTemplates(first: 100, kinds: [STARTER]) { nodes { key settings document } } }")
    (one,) = [each for each in found["schemeTemplates"]["nodes"] if each["key"] == template]
    assert one["document"]["template"] == template
    return one


def stands(api: Any, key: str) -> tuple[int, set[str]]:
    """Version and parameters of an indicator as the company has it."""
    found = api.ask("query($k: [String!]) { indicators(filter: {keys: $k}) { nodes { version parameters } } }", k=[key])
    (one,) = found["indicators"]["nodes"]
    return one["version"], set(one["parameters"]) if isinstance(one["parameters"], dict) else one["parameters"]

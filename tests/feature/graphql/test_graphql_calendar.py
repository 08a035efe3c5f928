"""A company's calendar through the API: read back as it was written, versioned, refused by places of the document."""

import pytest

READ = "{ tenant { timeZone version calendar { document workingHours holidays workingDays monthStart yearStart } } }"
DOCUMENT = {
    "calendar": {"working_hours": {"monday": ["13:30-18:00", "09:00-12:00"]}, "holidays": ["2026-10-02", "2026-10-01"],
                 "working_days": {"2026-10-10": ["09:00-12:00"]}},
    "fiscal": {"month_start": 26, "year_start": "april"},
}  # fmt: skip
KEPT = {**DOCUMENT, "calendar": {**DOCUMENT["calendar"], "holidays": ["2026-10-01", "2026-10-02"],
                                 "working_hours": {"monday": ["09:00-12:00", "13:30-18:00"]}}}
CHANGE = """mutation($input: SaveCalendarInput!) { saveCalendar(input: $input) {
  tenant { version calendar { document } } errors { code message field value remedy } } }"""
ONBOARD = """mutation($input: OnboardTenantInput!) { onboardTenant(input: $input) {
  tenant { adminKey } errors { code field value } } }"""
PLAIN = {"name": "Hours", "timeZone": "America/New_York", "currency": "USD", "country": "US", "languages": ["en"]}


@pytest.fixture(scope="module")
async def admin(ask, operator) -> str:
    given = {"key": "api-hours", **PLAIN}
    opened = (await ask(ONBOARD, operator, {"input": given})).data["onboardTenant"]
    assert opened["errors"] == []
    return opened["tenant"]["adminKey"]


async def save(ask, key: str, document, **more):
    return (await ask(CHANGE, key, {"input": {"document": document, **more}})).data["saveCalendar"]


async def test_what_was_written_is_read_back_and_null_takes_it_away(ask, admin) -> None:
    before = (await ask(READ, admin)).data["tenant"]
    assert before["calendar"] == {"document": {}, "workingHours": None, "holidays": [], "workingDays": None,
                                  "monthStart": 1, "yearStart": "january"}
    saved = await save(ask, admin, DOCUMENT, expectedVersion=before["version"])
    assert saved == {"tenant": {"version": before["version"] + 1, "calendar": {"document": KEPT}}, "errors": []}
    assert (await ask(READ, admin)).data["tenant"]["calendar"] == {
        "document": KEPT, "workingHours": KEPT["calendar"]["working_hours"], "holidays": ["2026-10-01", "2026-10-02"],
        "workingDays": {"2026-10-10": ["09:00-12:00"]}, "monthStart": 26, "yearStart": "april"}
    again = await save(ask, admin, saved["tenant"]["calendar"]["document"])
    assert again["tenant"]["version"] == saved["tenant"]["version"], "the same again changes nothing"
    stale = await save(ask, admin, {"fiscal": None}, expectedVersion=before["version"])
    assert [each["code"] for each in stale["errors"]] == ["E-CONFLICT-STALE"]
    without = await save(ask, admin, {"calendar": None})
    assert without["tenant"]["calendar"]["document"] == {"fiscal": DOCUMENT["fiscal"]}, "what is not named stays"
    assert (await save(ask, admin, {"fiscal": None}))["tenant"]["calendar"]["document"] == {}
    told = (await ask('{ auditEntries(first: 20) { nodes { action body } } }', admin)).data["auditEntries"]["nodes"]
    changes = [each["body"] for each in told if each["action"] == "tenant.update"]
    assert {"was": {"calendar": None, "fiscal": None, "version": 1}, "now": {**KEPT, "version": 2}} in changes


async def test_mistakes_are_named_by_their_place_and_nothing_is_half_applied(ask, admin, operator) -> None:
    wrong = {"calendar": {"working_hours": {"monday": ["9-12"], "mondag": []}, "holidays": ["tomorrow"]},
             "fiscal": {"month_start": 31}, "fiskal": {}}  # fmt: skip
    found = await save(ask, admin, wrong)
    assert found["tenant"] is None
    assert {(each["code"], each["field"], each["value"]) for each in found["errors"]} == {
        ("E-CALENDAR-HOURS", "calendar.working_hours.monday[0]", "9-12"),
        ("E-DOC-UNKNOWN", "calendar.working_hours.mondag", "mondag"),
        ("E-DOC-DATE", "calendar.holidays[0]", "tomorrow"), ("E-FISCAL-MONTH", "fiscal.month_start", "31"),
        ("E-DOC-UNKNOWN", "fiskal", "fiskal"),
    }  # fmt: skip
    assert all(each["remedy"] for each in found["errors"])
    refused = await ask(ONBOARD, operator, {"input": {"key": "api-wrong-hours", **PLAIN, "calendar": wrong}})
    assert {each["code"] for each in refused.data["onboardTenant"]["errors"]} == {
        "E-CALENDAR-HOURS", "E-DOC-UNKNOWN", "E-DOC-DATE", "E-FISCAL-MONTH"}
    given = {"key": "api-right-hours", **PLAIN, "calendar": DOCUMENT}
    key = (await ask(ONBOARD, operator, {"input": given})).data["onboardTenant"]["tenant"]["adminKey"]
    assert (await ask(READ, key)).data["tenant"]["calendar"]["document"] == KEPT


async def test_who_may_not_change_the_company_may_not_change_its_calendar(ask, north, south) -> None:
    for role in ("hr", "manager", "employee", "integrator", "auditor"):
        answer = await ask(CHANGE, north.keys[role], {"input": {"document": DOCUMENT}})
        assert answer.codes == ["FORBIDDEN"], role
    assert (await ask(READ, south.keys["employee"])).data["tenant"]["calendar"]["document"] == {}


async def test_a_cycle_holds_its_window(ask, admin) -> None:
    opened = await ask('mutation { openCycle(input: { period: "2026-03" }) { cycle { startsAt endsAt } } }', admin)
    # New York puts its clocks forward on 8 March.
    assert opened.data["openCycle"]["cycle"] == {"startsAt": "2026-03-01T05:00:00Z", "endsAt": "2026-04-01T04:00:00Z"}
    refused = await save(ask, admin, {"fiscal": {"month_start": 26}})
    (told,) = refused["errors"]
    assert (told["code"], told["field"], told["value"]) == ("E-CALENDAR-CYCLES", "fiscal", "2026-03")
    assert (await save(ask, admin, {"calendar": DOCUMENT["calendar"]}))["errors"] == []

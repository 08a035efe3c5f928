"""Ratings from outside: who may give which number to whom, and what it does to a scorecard."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from meritline.access.principal import Principal
from meritline.appraisal.ratings import Rating, RatingInput, submit_rating
from meritline.errors import MeritlineError, Stale

GIVEN = RatingInput("2026-05", "agents", "desk.manner", "E1", Decimal(80))


async def submit(company: Any, who: Principal, given: RatingInput) -> Rating:
    async with company.database.unit_of_work(company.tenant_id) as uow:
        return await submit_rating(uow, who, given, clock=company.clock)


async def refusal(company: Any, who: Principal, **changed: Any) -> str:
    """The code of the refusal; nothing is written."""
    with pytest.raises(MeritlineError) as refused:
        await submit(company, who, replace(GIVEN, **changed))
    assert not await company.fetch("select 1 from rating where tenant_id = $1")
    return refused.value.problem.code


@pytest.mark.parametrize(("changed", "code"), [
    ({"value": Decimal("100.01")}, "E-RATING-SCALE"),
    ({"value": Decimal(-1)}, "E-RATING-SCALE"),
    ({"value": Decimal("NaN")}, "E-RATING-SCALE"),
    ({"value": Decimal("Infinity")}, "E-RATING-SCALE"),
    ({"value": Decimal("80.00001")}, "E-RATING-DECIMALS"),
    ({"period": "2026-13"}, "E-PERIOD"),
    ({"period": "2026-Q2"}, "E-RATING-SCHEME"),
    ({"scheme": "engineers"}, "E-RATING-SCHEME"),
    ({"indicator": "desk.fix"}, "E-RATING-INDICATOR"),
    ({"indicator": "desk.nothing"}, "E-RATING-INDICATOR"),
    ({"rater_role": "customer"}, "E-RATING-ROLE"),
    ({"subject": "E99"}, "E-RATING-SUBJECT"),
    ({"subject": "B1"}, "E-RATING-SUBJECT"),
    ({"subject": "E7"}, "E-RATING-SUBJECT"),
    ({"rater": "E99"}, "E-NOT-FOUND"),
    ({"rater": "E1"}, "E-RATING-SELF"),
    ({"comment": "x" * 2001}, "E-RATING-COMMENT"),
    ({"expected_version": 3}, "E-CONFLICT-STALE"),
])  # fmt: skip
async def test_what_cannot_be_is_refused_and_named(company: Any, changed: dict[str, Any], code: str) -> None:
    assert await refusal(company, company.principal("hr"), **changed) == code


async def test_managers_rate_their_team_and_employees_only_themselves(company: Any) -> None:
    boss, worker = company.principal("manager", "B1"), company.principal("employee", "E1")
    assert await refusal(company, boss, subject="E3") == "E-FORBIDDEN"  # the south is not the boss's
    assert await refusal(company, boss, rater_role="self") == "E-RATING-SELF"
    assert await refusal(company, worker) == "E-RATING-SELF"
    assert await refusal(company, worker, subject="E2") == "E-FORBIDDEN"
    assert await refusal(company, worker, subject="E2", rater_role="self") == "E-RATING-SELF"
    for role in ("integrator", "auditor"):
        assert await refusal(company, company.principal(role)) == "E-FORBIDDEN"
    given = await submit(company, boss, GIVEN)
    assert (given.rater_id, given.rater_role, given.version) == (company.employees["B1"], "manager", 1)
    assert (await submit(company, boss, replace(GIVEN, subject="E2"))).version == 1  # the boss's department
    own = await submit(company, worker, replace(GIVEN, rater_role="self", value=Decimal(99)))
    assert own.rater_id == company.employees["E1"]


async def test_one_voice_and_a_change_names_what_it_replaces(company: Any) -> None:
    hr = company.principal("hr")
    first = await submit(company, hr, GIVEN)
    again = await submit(company, hr, GIVEN)
    assert again == first  # repeated, nothing changed
    with pytest.raises(Stale):
        await submit(company, hr, replace(GIVEN, value=Decimal(70)))
    with pytest.raises(Stale):
        await submit(company, hr, replace(GIVEN, value=Decimal(70), expected_version=2))
    changed = await submit(company, hr, replace(GIVEN, value=Decimal(70), expected_version=1))
    assert (changed.id, changed.value, changed.version) == (first.id, 70, 2)
    told = await company.fetch("select body from audit_entry where tenant_id = $1 and action = 'rating.submit'")
    assert len(told) == 2
    assert '"before":"80"' in told[1]["body"].replace(" ", "")


async def test_the_reading_is_the_mean_of_the_voices(company: Any) -> None:
    for who, role, value in (("hr", "manager", 80), ("employee", "self", 91)):
        person = company.principal(who, "E1" if who == "employee" else None)
        await submit(company, person, replace(GIVEN, rater_role=role, value=Decimal(value)))
    first = (await company.appraise()).result
    line = (await company.lines("E1"))["manner"]
    # One's own rating is shown and has no weight unless the company gives it one.
    assert (line["reading_state"], line["reading_exact"], line["sample_size"]) == ("measured", "80", 1)
    await submit(company, company.principal("hr"), replace(GIVEN, value=Decimal(60), expected_version=1))
    second = (await company.appraise()).result
    assert first["input_digest"] != second["input_digest"]
    assert (await company.lines("E1"))["manner"]["reading_exact"] == "60"


async def test_what_is_published_is_not_rated_any_more(company: Any) -> None:
    await company.appraise()
    async with company.database.unit_of_work(company.tenant_id) as uow:
        await uow.conn.execute("update cycle set state = 'published' where tenant_id = $1", company.tenant_id)
    assert await refusal(company, company.principal("hr")) == "E-RATING-PUBLISHED"

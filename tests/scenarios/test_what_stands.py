"""What was decided stands: a locked period keeps its scheme and its rewards, and nobody overwrites a version unseen."""

from typing import Any

import pytest

QUALITY = "after_sales_common.rt_resolution_quality"
SCHEME = {"scheme": "staff", "title": "Staff", "title_zh": "员工", "for_positions": ["staff"],
          "valid_from": "2026-01-01", "pass_score": 60,
          "item": [{"indicator": QUALITY, "weight": 100, "rule": {"kind": "as_points"}}],
          "grades": {"grade": [{"key": "low"}, {"key": "high", "limit": 60}]}}  # fmt: skip
PAY = {"reward_table": "pay", "scheme": "staff", "valid_from": "2026-01-01", "reward": [
    {"kind": "by_grade", "key": "bonus", "amounts": {"low": 0, "high": 500}}]}


@pytest.fixture(scope="module")
def api(firm: Any) -> Any:
    """A company whose May is locked."""
    made = firm("standing", "after_sales_common", {"E1": "staff"})
    made.api.change("saveScheme", document=SCHEME)
    made.api.change("saveRewardTable", document=PAY)
    made.rate("2026-05", "staff", "E1", {QUALITY: 80})
    made.api.appraise("2026-05")
    made.lock("2026-05")
    return made.api


@pytest.mark.parametrize(("name", "document", "code"), [
    ("saveScheme", {**SCHEME, "pass_score": 70}, "E-SCHEME-LOCKED"),
    ("saveRewardTable", {**PAY, "reward": [{**PAY["reward"][0], "amounts": {"low": 0, "high": 900}}]},  # type: ignore[index,dict-item]
     "E-REWARD-LOCKED"),
])  # fmt: skip
def test_a_locked_period_keeps_what_decided_it(api: Any, name: str, document: dict[str, Any], code: str) -> None:
    for since in ("2020-01-01", "2026-01-01", "2026-05-01", "2026-05-31"):
        (error,) = api.tried(name, document={**document, "valid_from": since}, expectedVersion=1)["errors"]
        assert (error["code"], error["field"], error["value"]) == (code, "valid_from", since)
        assert "2026-05" in error["message"]
        assert "2026-06-01" in error["remedy"], "the first free day"
    (unseen,) = api.tried(name, document={**document, "valid_from": "2026-06-01"})["errors"]
    assert unseen["code"] == "E-SCHEME-VERSION"
    assert "expectedVersion: 1" in unseen["remedy"]
    (stale,) = api.tried(name, document={**document, "valid_from": "2026-06-01"}, expectedVersion=2)["errors"]
    assert stale["code"] == "E-CONFLICT-STALE"
    api.change(name, document={**document, "valid_from": "2026-06-01"}, expectedVersion=1)
    api.change(name, document={**document, "valid_from": "2026-06-01"}, expectedVersion=2)
    api.change(name, document={**document, "valid_from": "2026-06-01"})  # the same again is no change
    kind = "schemes" if name == "saveScheme" else "rewardTables"
    assert [each["version"] for each in api.every(kind, "key version") if each["key"] in ("staff", "pay")] == [2]


def test_another_scheme_cannot_take_a_position_out_of_a_locked_period(api: Any, firm: Any) -> None:
    """The set's own scheme would give way, and the period that it decided would be another."""
    other = firm("standing-set", "call_center", {"A1": "resolver"})
    other.api.appraise("2026-05")
    other.lock("2026-05")
    mine = {**SCHEME, "scheme": "mine", "for_positions": ["resolver"]}
    errors = other.api.tried("saveScheme", document=mine)["errors"]
    assert [each["code"] for each in errors] == ["E-SCHEME-LOCKED"]
    assert "resolvers" in errors[0]["message"]
    other.api.change("saveScheme", document={**mine, "valid_from": "2026-06-01"})


def test_a_set_pays_no_fines_that_nobody_confirmed(firm: Any) -> None:
    shop = firm("standing-shop", "ecommerce_service", {"S1": "agent"}).api
    assert shop.every("rewardTables", "key") == []
    begun = {"template": "ecommerce_service.level_pay", "valid_from": "2026-01-01"}
    (error,) = shop.tried("saveRewardTable", document=begun)["errors"]
    assert (error["code"], "20 %" in error["remedy"]) == ("E-REWARD-FINES", True)
    shop.change("saveRewardTable", document={**begun, "fines_confirmed": True})
    assert [each["key"] for each in shop.every("rewardTables", "key")] == ["level_pay"]

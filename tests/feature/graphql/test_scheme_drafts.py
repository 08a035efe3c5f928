"""Schemes that are being written: kept with open blanks and mistakes, told in the reader's language, then saved."""

from typing import Any

import pytest

DRAFT = "schemeDraft { key version document problems { code severity message field value remedy } }"
TEMPLATE = "after_sales_common.s06_month"
FILLED = {"weight_i02": 40, "points_deducted_per_pp_i02": 4, "weight_i03": 30, "target_percent_i03": "95 %"}


@pytest.fixture(scope="module")
async def writer(ask: Any, operator: str) -> Any:
    """Sends a mutation of a company that has the common indicators."""
    key = operator

    async def send(name: str, returns: str = "", language: str = "en", /, **given: Any) -> Any:
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {returns} errors {{ code remedy }} }} }}"
        return (await ask(query, key, {"input": given}, **{"accept-language": language})).data[name]

    opened = await send("onboardTenant", "tenant { adminKey }", key="drafter", name="drafter", timeZone="Asia/Shanghai",
                        currency="CNY", languages=["zh"], country="CN")  # fmt: skip
    key = opened["tenant"]["adminKey"]
    assert (await send("enableIndicatorSet", key="after_sales_common"))["errors"] == []

    async def kept(**arguments: Any) -> list[dict[str, Any]]:
        query = "{ schemeDrafts { nodes { key version savedBy problems { code message } document } } }"
        return (await ask(query, key, **arguments)).data["schemeDrafts"]["nodes"]

    send.kept, send.key = kept, key  # type: ignore[attr-defined]
    return send


async def test_a_template_is_kept_with_its_open_blanks_and_saved_once_they_are_filled(ask: Any, writer: Any) -> None:
    given = {"scheme": "posts", "template": TEMPLATE, "blanks": {**FILLED, "weight_i0": 1}, "valid_from": "2026-01-01"}
    found = (await writer("saveSchemeDraft", DRAFT, "zh", document=given))["schemeDraft"]
    assert (found["key"], found["version"], found["document"]) == ("posts", 1, given)
    told = {each["code"] for each in found["problems"]}
    assert told == {"E-SCHEME-BLANK", "E-SCHEME-BLANK-UNKNOWN"}, found["problems"]
    unknown = next(each for each in found["problems"] if each["code"] == "E-SCHEME-BLANK-UNKNOWN")
    assert (unknown["field"], unknown["severity"]) == ("blanks.weight_i0", "error")
    assert "weight_i02" in unknown["remedy"], "the nearest are told"
    deducted = next(each for each in found["problems"] if "points_added_per_pp_i03" in each["message"])
    assert "uniform_behavior_execution_rate" in deducted["message"]
    assert "产品和服务行为模式" in deducted["message"]
    assert "尚未填写" in deducted["message"]

    tried = await writer("saveScheme", "scheme { key }", document=given)
    assert {each["code"] for each in tried["errors"]} == told, "the same is refused as a scheme"
    (one,) = await writer.kept()
    assert one["savedBy"].startswith("key:")
    assert any("is not filled" in each["message"] for each in one["problems"]), "told to a reader of English too"

    document = (await ask('{ schemeTemplates(first: 50) { nodes { key blanks { key taken printed } } } }',
                          writer.key)).data["schemeTemplates"]["nodes"]  # fmt: skip
    blanks = next(each["blanks"] for each in document if each["key"] == TEMPLATE)
    weights = [each["key"] for each in blanks if each["key"].startswith("weight")]
    numbers = {each["key"]: "5 %" if "percent" in each["key"] else 2 for each in blanks}
    numbers |= dict.fromkeys(weights, 1) | {weights[0]: 101 - len(weights)}
    assert (await writer("saveSchemeDraft", DRAFT, document={**given, "blanks": numbers}))["errors"][0]["code"] == (
        "E-SCHEME-VERSION")  # fmt: skip
    whole = await writer("saveSchemeDraft", DRAFT, document={**given, "blanks": numbers}, expectedVersion=1)
    assert (whole["schemeDraft"]["version"], whole["schemeDraft"]["problems"]) == (2, [])
    saved = await writer("saveScheme", "scheme { key version }", document={**given, "blanks": numbers})
    assert saved == {"scheme": {"key": "posts", "version": 1}, "errors": []}
    assert await writer.kept() == [], "the draft became the scheme"


async def test_whatever_is_wrong_is_kept_but_a_draft_has_a_name(ask: Any, north: Any, writer: Any) -> None:
    wrong = {"scheme": "wild", "weights": 7, "item": [{"indicator": "nobody.knows", "weight": -1}, "x"], "veto": 1}
    found = (await writer("saveSchemeDraft", DRAFT, document=wrong))["schemeDraft"]
    assert {each["field"] for each in found["problems"]} >= {"weights", "item", "veto", "valid_from"}
    assert found["document"] == wrong
    for nameless in ({}, {"scheme": "Not A Key"}, {"scheme": None, "template": "nobody.s01"}):
        assert (await writer("saveSchemeDraft", DRAFT, document=nameless))["errors"]
    employee = await ask("{ schemeDrafts { nodes { key } } }", north.keys["employee"])
    assert "wild" not in str(employee.body)
    assert (await ask("{ schemeDrafts { nodes { key } } }", north.keys["hr"])).data["schemeDrafts"]["nodes"] == []
    assert (await writer("discardSchemeDraft", "key", key="wild"))["key"] == "wild"
    assert (await writer("discardSchemeDraft", "key", key="wild"))["errors"][0]["code"] == "E-NOT-FOUND"
    assert await writer.kept() == []

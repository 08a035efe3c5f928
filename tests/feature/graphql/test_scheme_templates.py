"""What a company may begin from, by GraphQL: every offer is whole, and what it gives is what saving takes."""

from typing import Any

NOTE = "about text(language: ZH)"
OFFER = f"""key kind setKey title(language: ZH) source(language: EN) subjectKind periodKind beside
    blanks {{ key title(language: EN) printed suggested taken places }} missing {{ {NOTE} }} notes {{ {NOTE} }}
    lines {{ key kind title(language: ZH) wording indicatorKeys weight target rule }} reasons {{ {NOTE} }}
    document rewardDocuments"""


async def every(ask: Any, key: str, arguments: str = "") -> dict[str, Any]:
    """All offers, page by page."""
    found: dict[str, Any] = {}
    after = "null"
    while True:
        page = (await ask(f"{{ schemeTemplates(first: 10, after: {after}{arguments}) {{ totalCount "
                          f"pageInfo {{ hasNextPage endCursor }} nodes {{ {OFFER} }} }} }}", key)
                ).data["schemeTemplates"]  # fmt: skip
        found |= {one["key"]: one for one in page["nodes"]}
        if not page["pageInfo"]["hasNextPage"]:
            assert len(found) == page["totalCount"]
            return found
        after = f'"{page["pageInfo"]["endCursor"]}"'


async def test_offers_tell_their_blanks_words_and_reasons(ask: Any, north: Any) -> None:
    found = await every(ask, north.keys["hr"])
    templates = {key: one for key, one in found.items() if one["kind"] == "TEMPLATE"}
    starters = {key: one for key, one in found.items() if one["kind"] == "STARTER"}
    assert await every(ask, north.keys["hr"], ", kinds: [STARTER]") == starters
    assert {one["beside"] for one in starters.values()} <= set(templates)
    assert all(one["reasons"] and not one["blanks"] for one in starters.values())
    assert found["ecommerce_service.shop_agents"]["kind"] == "SCHEME"
    assert [one["reward_table"] for one in found["ecommerce_service.shop_agents"]["rewardDocuments"]] == [
        "level_pay", "rank_pay"]  # fmt: skip

    month = templates["after_sales_common.s06_month"]
    blanks = {one["key"]: one for one in month["blanks"]}
    assert blanks["target_percent_i03"] == {
        "key": "target_percent_i03", "printed": "( )%", "suggested": None, "taken": False,
        "title": "Execution rate of the uniform product and service behaviour model: target in percent",
        "places": ["uniform_behavior_execution_rate"]}  # fmt: skip
    assert blanks["points_deducted_per_pp_above_i04"]["taken"] is True
    lines = {one["key"]: one for one in month["lines"]}
    assert lines["quality_complaint_effective_rate"] == {
        "key": "quality_complaint_effective_rate", "kind": "ITEM", "title": "顾客质量投诉有效处理率",
        "wording": "顾客质量投诉有效处理件数/顾客质量投诉总件数\n目标值100%,减少1个百分点,减( )分",
        "indicatorKeys": ["after_sales_common.quality_complaint_effective_rate"], "weight": None, "target": "100",
        "rule": "deduct"}  # fmt: skip
    assert any(one["text"].startswith("T24:") for one in month["notes"])

    shop = templates["ecommerce_service.s07"]
    assert {one["key"]: one["places"] for one in shop["blanks"]} == {
        "points_by_speed_i05": ["typing_speed_cpm"], "reward_above_80_i05": ["typing_speed_cpm"],
        "points_below_60_i05": ["typing_speed_cpm"], "meal_allowance": ["meal"],
        "step_after_third": ["rank_bonus"], "least_after_third": ["rank_bonus"]}  # fmt: skip
    assert [one["kind"] for one in shop["lines"]].count("EVENT") == 8


async def change(ask: Any, key: str, name: str, selection: str = "", /, **given: Any) -> Any:
    """The payload of a mutation that is accepted."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    found = (await ask(f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {selection} errors {{ code message }} "
                       "} }", key, {"input": given})).data[name]  # fmt: skip
    assert found["errors"] == []
    return found


async def test_a_starter_is_saved_as_it_is_told(ask: Any, operator: str) -> None:
    opened = await change(ask, operator, "onboardTenant", "tenant { adminKey }", key="starts", name="starts",
                          timeZone="Asia/Shanghai", currency="CNY", languages=["zh"], country="CN")
    key = opened["tenant"]["adminKey"]
    await change(ask, key, "enableIndicatorSet", key="after_sales_common")
    found = await every(ask, key, ", kinds: [STARTER, TEMPLATE]")
    starters = [one for one in found.values() if (one["kind"], one["setKey"]) == ("STARTER", "after_sales_common")]
    assert len(starters) == 7
    for starter in sorted(starters, key=lambda one: one["periodKind"]):  # a quarter takes the scores of a month
        await change(ask, key, "saveScheme", document={**starter["document"], "valid_from": "2026-01-01"})
        for table in starter["rewardDocuments"]:
            await change(ask, key, "saveRewardTable", document={**table, "valid_from": "2026-01-01"})

    month = found["after_sales_common.s06_month"]
    tried = (await ask("mutation($input: SaveSchemeInput!) { saveScheme(input: $input) { errors { code message } } }",
                       key, {"input": {"document": {**month["document"], "valid_from": "2026-01-01"}}}))
    told = tried.data["saveScheme"]["errors"]
    assert {one["code"] for one in told} == {"E-SCHEME-BLANK"}
    assert len(told) == len(month["blanks"])

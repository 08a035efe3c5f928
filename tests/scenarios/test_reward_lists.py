"""Lists of what a period pays and proposes: the promotion list of a year, the best first, each with their own reach."""

from decimal import Decimal
from typing import Any

import pytest

YEAR, RATED = "2026", "after_sales_common.rt_teamwork"
PEOPLE = {"B": 84, "A": 93, "C": 70, "D": 93}
LINES = ("ruleKey kind act amount { amount } scorecard { score rank subject { code } } cycle { period }")
PROMOTED = '(first: 2, filter: {period: "2026", act: PROMOTION}, orderBy: [{field: RANK}, {field: CODE}])'


@pytest.fixture(scope="module")
def house(firm: Any) -> Any:
    """Four people, rated for the year: 80 and more is considered for promotion, everybody gets a share."""
    return appraised(firm, "lists-north", PEOPLE)


def appraised(firm: Any, key: str, people: dict[str, int]) -> Any:
    """A company with a year of ratings, a proposal and a bonus."""
    made = firm(key, "after_sales_common", dict.fromkeys(people, "holder"))
    made.api.change("saveScheme", "scheme { key }", document={
        "scheme": "yearly", "period": "year", "for_positions": ["holder"], "valid_from": "2026-01-01",
        "pass_score": 60, "item": [{"indicator": RATED, "weight": 100, "rule": {"kind": "as_points"}}]})
    made.api.change("saveRewardTable", "rewardTable { key }", document={
        "reward_table": "yearly_acts", "scheme": "yearly", "valid_from": "2026-01-01", "reward": [
            {"kind": "proposal", "key": "promotion", "title": "Promotion", "act": "promotion",
             "when": {"score_at_least": 80}},
            {"kind": "proposal", "key": "training", "title": "Training", "act": "training",
             "when": {"score_below": 80}},
            {"kind": "fixed", "key": "share", "title": "Share", "amount": "100.50"}]})
    for who, points in people.items():
        made.rate(YEAR, "yearly", who, {RATED: points})
    made.api.appraise(YEAR)
    return made


def listed(api: Any, arguments: str, selection: str = LINES) -> Any:
    """A page of reward lines."""
    return api.ask(f"{{ rewardLines{arguments} {{ totalCount pageInfo {{ hasNextPage endCursor }} "
                   f"nodes {{ {selection} }} }} }}")["rewardLines"]


def people(page: Any) -> list[str]:
    return [one["scorecard"]["subject"]["code"] for one in page["nodes"]]


def test_the_promotion_list_of_a_year_is_read_from_the_best_down(house: Any) -> None:
    """R22: A and D share the first place; C, below 80, is on the list of training instead."""
    page = listed(house.api, PROMOTED)
    assert page["totalCount"] == 3
    assert people(page) == ["A", "D"]
    assert page["nodes"][0] == {"ruleKey": "promotion", "kind": "proposal", "act": "PROMOTION", "amount": None,
                                "cycle": {"period": YEAR},
                                "scorecard": {"score": "93", "rank": 1, "subject": {"code": "A"}}}
    rest = listed(house.api, PROMOTED.replace("first: 2", f'first: 2, after: "{page["pageInfo"]["endCursor"]}"'))
    assert [(one["scorecard"]["subject"]["code"], one["scorecard"]["rank"]) for one in rest["nodes"]] == [("B", 3)]
    assert people(listed(house.api, '(filter: {period: "2026", act: TRAINING})')) == ["C"]
    assert listed(house.api, '(filter: {period: "2025"})')["totalCount"] == 0


def test_lines_are_found_by_rule_kind_scheme_and_person(house: Any) -> None:
    paid = listed(house.api, '(filter: {kinds: ["fixed"], scheme: "yearly"}, orderBy: [{field: SCORE}, {field: CODE}])')
    assert people(paid) == ["C", "B", "A", "D"]
    assert {Decimal(one["amount"]["amount"]) for one in paid["nodes"]} == {Decimal("100.50")}
    assert listed(house.api, '(filter: {ruleKeys: ["promotion"], employeeNos: ["B", "C"]})')["totalCount"] == 1
    assert listed(house.api, '(filter: {scheme: "another"})')["totalCount"] == 0
    both = listed(house.api, '(filter: {employeeNos: ["A"]}, orderBy: [{field: AMOUNT, direction: DESC}])')
    assert [one["ruleKey"] for one in both["nodes"]] == ["share", "promotion"], "what is no money comes last"


def test_whoever_reads_sees_their_own_company_and_their_own_lines(house: Any, firm: Any, meritline: Any) -> None:
    other = appraised(firm, "lists-south", {"A": 81})
    assert [one["scorecard"]["score"] for one in listed(other.api, PROMOTED)["nodes"]] == ["81"]
    assert listed(house.api, PROMOTED)["totalCount"] == 3
    made = meritline.command("key", "create", "--tenant", "lists-north", "--role", "employee", "--employee", "B")
    assert made.returncode == 0, made.stderr
    own = type(house.api)(house.api.url, made.stdout.strip())
    page = listed(own, PROMOTED)
    assert (page["totalCount"], people(page)) == (1, ["B"])
    assert people(listed(own, '(filter: {employeeNos: ["A"]})')) == []


def test_a_new_run_leaves_no_line_of_the_old_one(house: Any) -> None:
    """C's rating goes up: on the next run C is promoted as well, and trained no more."""
    house.rate(YEAR, "yearly", "C", {RATED: 85}, expectedVersion=1)
    house.api.appraise(YEAR)
    assert people(listed(house.api, PROMOTED.replace("first: 2, ", ""))) == ["A", "D", "C", "B"]
    assert listed(house.api, '(filter: {period: "2026", act: TRAINING})')["totalCount"] == 0

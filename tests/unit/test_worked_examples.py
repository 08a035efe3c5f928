"""The worked examples of the catalogue, from records or readings to points, grade and money, as done by hand."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from meritline.domain.ranking import Card
from meritline.domain.rewarding import reward, total
from meritline_call_center.indicators import INDICATORS as CALL_INDICATORS
from meritline_ecommerce_service import ECOMMERCE_SERVICE
from meritline_sdk import (
    AS_GIVEN,
    COUNT,
    FULL,
    HIGHER,
    LOWER,
    LOWER_INCLUSIVE,
    NEITHER,
    PERCENT,
    POINTS,
    RENORMALISE,
    RENORMALISED,
    SCORE_5,
    UPPER_INCLUSIVE,
    ZERO,
    Attribution,
    ByGrade,
    Choice,
    Count,
    Dimension,
    Flag,
    Grade,
    GradeBands,
    Indicator,
    Instant,
    Int,
    Item,
    Mean,
    Number,
    Part,
    Person,
    RatedIndicator,
    Ratio,
    RecordType,
    RewardTable,
    Scheme,
    Sum,
    Text,
    rules,
)  # fmt: skip
from meritline_sdk.evaluate.numbers import rounded
from meritline_sdk.evaluate.readings import Reading, read
from meritline_sdk.evaluate.scoring import Scored, score
from meritline_sdk.evaluate.tallies import Subject, tally_records
from meritline_sdk.evaluate.windows import window
from meritline_sdk.model.measures import tallies_of
from meritline_sdk.model.schemes import SubjectKind, key_of

CATALOGUE = Path(__file__).parents[3] / "shared" / "domain" / "schemes.yaml"
pytestmark = pytest.mark.skipif(not CATALOGUE.exists(), reason=f"the catalogue is not here: {CATALOGUE}")

E1 = Subject(SubjectKind.EMPLOYEE, "E1")
MAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
AMOUNTS = {"bottom": 300, "junior": 400, "middle": 500, "senior": 800, "special": 1000}


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    import yaml

    document = yaml.load(CATALOGUE.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {example["id"]: example for example in document["examples"]}


def text(value: Fraction | Decimal | int | None) -> str:
    assert value is not None
    return str(rounded(Fraction(value), 2))


def rated(key: str, high: int = 100) -> RatedIndicator:
    return RatedIndicator(key, Text(key, key), scale_max=high)


def given(*values: str | int | Fraction) -> list[Reading]:
    return [Reading("measured", Fraction(value), sample=1) for value in values]


def levels(reading: str = LOWER_INCLUSIVE, limits: Sequence[int] = (60, 80, 100, 120)) -> GradeBands:
    bounds = [None, *limits] if reading == LOWER_INCLUSIVE else [*limits, None]
    return GradeBands(tuple(Grade(key, Text(key, key), limit) for key, limit in zip(AMOUNTS, bounds, strict=True)),
                      reading)


def level_pay(scheme: Scheme, scored: Scored) -> str:
    table = RewardTable("level_pay", Text("Pay", "奖金"), scheme.key,
                        (ByGrade("level_bonus", Text("Bonus", "奖金"), AMOUNTS),))
    return str(total(reward(table, scheme, [Card(E1, scored)], {E1: {}})))


def read_all(indicators: Sequence[Indicator], records: Mapping[str, Sequence[Any]],
             **parameters: int) -> dict[tuple[str, str], Reading]:
    may = window("2026-05", "Asia/Shanghai")
    return {(one.key, "own"): read(one, {tally: tally_records(tally, records.get(tally.record, ()), may, parameters, E1)
                                         for tally in tallies_of(one.measure)}, covered=lambda tally: True)
            for one in indicators}


def test_h01_floor_scoring(examples: dict[str, Any]) -> None:
    inputs, expected = examples["H01"]["inputs"], examples["H01"]["expected"]
    quality = rated("spot_check")

    def points(value: str, step: str) -> str:
        item = Item(quality, 100, rules.AboveFloor(60, "2.5", step=step))
        return text(score(Scheme("s", Text("S", "S"), (item,)),
                          {("spot_check", "own"): given(value)[0]}, {}).lines[0].raw_points)

    assert [points(value, "proportional") for value in inputs["spot_check_scores"]] == expected["points"]
    assert points("82.4", "whole") == expected["points_82_4_whole"]


class Job(RecordType, key="worked_job", title=Text("Job", "任务")):
    person = Person()
    done_at = Instant()
    effective = Flag(optional=True)
    failed = Flag(optional=True)
    cost = Number(optional=True)
    revenue = Number(optional=True)
    issue = Flag(optional=True)
    days_late = Int(optional=True)
    defaults = Attribution(credit=person, at=done_at)


def post_table(weights: Mapping[str, str], data: Mapping[str, Any],
               cap: int | None) -> tuple[Scheme, dict[Any, Reading]]:
    j = Job
    spot = rated("i01")
    effective = Indicator("i02", Text("I02", "I02"),
                          Ratio(Count(j, where=j.effective), Count(j, j.effective.present())), PERCENT, HIGHER)
    passed = Indicator("i03", Text("I03", "I03"), Ratio(Count(j, where=~j.failed), Count(j, j.failed.present())),
                       PERCENT, HIGHER)
    cost = Indicator("i04", Text("I04", "I04"), Ratio(Sum(j.cost), Sum(j.revenue)), PERCENT, LOWER)
    late = Indicator("i05", Text("I05", "I05"), Sum(j.days_late, where=j.issue), COUNT, LOWER)
    timely = Indicator("timely", Text("Timely", "及时"), Ratio(Count(j, where=j.issue & (j.days_late == 0)),
                                                             Count(j, where=j.issue)), PERCENT, HIGHER)
    first, second = rated("i06"), rated("i07")
    each = rules.PerUnit(-10)
    scheme = Scheme("posts", Text("Posts", "岗位"), (
        Item(spot, weights["I01"], rules.AboveFloor(60, "2.5")),
        Item(effective, weights["I02"], rules.Deduct(data["I02"]["deduct_per_pp"]), target=100),
        Item(passed, weights["I03"], rules.AroundTarget(data["I03"]["add_per_pp"], "-" + data["I03"]["deduct_per_pp"],
                                                        cap=cap), target=data["I03"]["target"]),
        Item(cost, weights["I04"], rules.AroundTarget("-" + data["I04"]["deduct_per_pp_above"],
                                                      data["I04"]["add_per_pp_below"]), target=data["I04"]["target"]),
        Item(late, weights["I05"], rules.PerUnit("-" + data["I05"]["deduct_per_day"])),
        Item(None, weights["I06_07"], key="plans", title=Text("Plans", "方案"), parts=(
            Part(first, data["I06"]["inner_weight"], each), Part(second, data["I07"]["inner_weight"], each))),
    ), grades=levels())
    base = {"person": "E1", "done_at": MAY}
    on_time = data["I05"]["issues"] - len(data["I05"]["late_days"])
    records = [
        *({**base, "effective": number < data["I02"]["effective"]} for number in range(data["I02"]["total"])),
        *({**base, "failed": number < data["I03"]["failed"]} for number in range(data["I03"]["checks"])),
        {**base, "cost": Decimal(data["I04"]["cost"]), "revenue": Decimal(data["I04"]["revenue"])},
        *({**base, "issue": True, "days_late": days} for days in [*data["I05"]["late_days"], *[0] * on_time]),
    ]
    readings = read_all([effective, passed, cost, late, timely], {"worked_job": records})
    readings |= dict(zip([("i01", "own"), ("i06", "own"), ("i07", "own")], given(
        data["I01"]["score"], data["I06"]["days_late"], data["I07"]["days_late"]), strict=True))
    return scheme, readings


def test_h02_whole_post_table(examples: dict[str, Any]) -> None:
    inputs, expected = examples["H02"]["inputs"], examples["H02"]["expected"]
    scheme, readings = post_table(inputs["weights_demo"], inputs, None)
    found = score(scheme, readings, {})
    assert [text(line.raw_points) for line in found.lines] == expected["items"]
    assert text(readings["timely", "own"].value) == expected["quality_issue_timely_rate"]
    assert (str(found.score), found.grade, level_pay(scheme, found)) == (
        expected["total"], expected["grade"], expected["money"])
    capped, readings = post_table(inputs["weights_demo"], inputs, 100)
    assert str(score(capped, readings, {}).score) == expected["total_with_cap_100"]


@pytest.mark.parametrize(("policy", "suffix"), [(RENORMALISE, ""), (ZERO, "_policy_zero"), (FULL, "_policy_full")])
def test_h04_zero_denominator(examples: dict[str, Any], policy: str, suffix: str) -> None:
    inputs, expected = examples["H04"]["inputs"], examples["H04"]["expected"]
    items = tuple(Item(rated(f"i{number}"), weight, rules.AsPoints())
                  for number, weight in enumerate(inputs["weights"]))
    scheme = Scheme("s", Text("S", "S"), items, weights=RENORMALISED, missing=policy, grades=levels())
    readings = {(f"i{number}", "own"): given(value)[0] for number, value in enumerate(inputs["scores"]) if value}
    found = score(scheme, readings, {})
    assert str(found.score) == expected[suffix.removeprefix("_") or "renormalise"]
    assert level_pay(scheme, found) == expected[f"money{suffix}"]
    assert found.state == "incomplete"


def shop_agents(items: Sequence[str], **events: int) -> tuple[Scored, str, dict[str, Any]]:
    """S07 as the e-commerce plugin brings it: ratings, absences, typing speed, events, level pay with its fines."""
    scheme, table = ECOMMERCE_SERVICE.schemes[0], ECOMMERCE_SERVICE.rewards[0]
    declared = {f"{ECOMMERCE_SERVICE.key}.{one.key}": one for one in ECOMMERCE_SERVICE.indicators}
    lines = [(key_of(line.indicator), line.read_from) for line in (*scheme.items, *scheme.events)]
    indicators = {key: declared.get(key) or rated(key.rpartition(".")[2], 20) for key, _ in lines}
    ratings = [Fraction(points) for points in items]
    values = [*ratings[:3], (20 - ratings[3]) / 10, ratings[4] * 3,
              *(Fraction(events.get(name, 0)) for name in ("complaints", "verified", "browsing", "misses", "praise",
                                                           "named_reviews", "outstanding", "growth"))]
    readings = dict(zip(lines, given(*values), strict=True))
    found = score(scheme, readings, indicators)
    rewards = reward(table, scheme, [Card(E1, found)], {E1: readings}, indicators=indicators)
    paid = {line.rule_key: line.amount for line in rewards if line.pays == "performance_bonus" or line.kind == "fine"}
    return found, text(sum((amount for amount in paid.values() if amount is not None), Decimal(0))), paid


def test_h05_full_month_of_one_agent(examples: dict[str, Any]) -> None:
    inputs, expected = examples["H05"]["inputs"], examples["H05"]["expected"]
    found, money, _ = shop_agents(inputs["items"], complaints=inputs["complaints"], praise=inputs["praise_calls"],
                                  named_reviews=inputs["named_reviews"], outstanding=inputs["outstanding"])
    assert text(sum(line.weighted_points or 0 for line in found.lines if line.kind == "item")) == expected["items_sum"]
    assert (str(found.score), found.grade, money) == (expected["score"], expected["grade"], expected["money"])


@pytest.mark.parametrize(("reading", "limits", "wanted"), [
    (LOWER_INCLUSIVE, (60, 80, 100, 120), "lower"), (UPPER_INCLUSIVE, (40, 60, 80, 100), "upper")])
def test_h07_level_boundaries(examples: dict[str, Any], reading: str, limits: Sequence[int], wanted: str) -> None:
    inputs, expected = examples["H07"]["inputs"], examples["H07"]["expected"]
    scheme = Scheme("s", Text("S", "S"), (Item(rated("all"), 100, rules.AsPoints(cap=None)),),
                    grades=levels(reading, limits))
    found = [score(scheme, {("all", "own"): given(value)[0]}, {}) for value in inputs["scores"]]
    assert [text(one.score) for one in found] == [text(Fraction(value)) for value in inputs["scores"]]
    assert [level_pay(scheme, one) for one in found] == expected[wanted]


def test_h09_browsing_costs_points_and_money(examples: dict[str, Any]) -> None:
    inputs, expected = examples["H09"]["inputs"], examples["H09"]["expected"]
    found, money, paid = shop_agents(inputs["items"], browsing=inputs["browsing"])
    assert (str(found.score), found.grade, money) == (expected["score"], expected["grade"], expected["money"])
    assert paid["browsing_fine"] == Decimal("-100.00")


def test_h11_missed_top_ups(examples: dict[str, Any]) -> None:
    inputs, expected = examples["H11"]["inputs"], examples["H11"]["expected"]
    items = ["18", "18", "16", "20", "20"]
    assert text(sum(map(Fraction, items))) == f"{inputs['score_before']}.00"
    found, money, _ = shop_agents(items, misses=inputs["misses"])
    assert (str(found.score), found.grade, money) == (expected["score"], expected["grade"], expected["money"])


def test_h12_verified_complaint(examples: dict[str, Any]) -> None:
    inputs, expected = examples["H12"]["inputs"], examples["H12"]["expected"]
    found, money, _ = shop_agents(["20"] * 5, verified=int(inputs["points"]))
    _, without, _ = shop_agents(["20"] * 5)
    assert (str(found.score), found.grade, money) == (expected["score"], expected["grade"], expected["money"])
    assert str(Decimal(without) - Decimal(money)) == expected["loss"]


def test_h16_targets_compare_unrounded(examples: dict[str, Any]) -> None:
    inputs, expected = examples["H16"]["inputs"], examples["H16"]["expected"]
    names = ("within_30s", "async_1h", "fcr", "within_24h", "realtime", "async")
    targets = (100, 100, 80, 95, "4.5", 4)
    pairs = [(inputs[name]["sum"], inputs[name]["count"]) if isinstance(inputs[name], dict) else inputs[name]
             for name in names]
    readings = {(name, "own"): Reading("measured", Fraction(above) / below * (100 if place < 4 else 1), sample=below)
                for place, (name, (above, below)) in enumerate(zip(names, pairs, strict=True))}
    indicators = [RatedIndicator(name, Text(name, name), unit=SCORE_5 if place > 3 else PERCENT)
                  for place, name in enumerate(names)]
    scheme = Scheme("s", Text("S", "S"), tuple(Item(one, 1, rules.TargetMet(), target=target) for one, target in
                                               zip(indicators, targets, strict=True)),
                    weights=RENORMALISED, grades=levels())
    found = score(scheme, readings, {})
    assert [text(readings[name, "own"].value) for name in names] == expected["values"]
    assert [line.raw_points == 100 for line in found.lines] == expected["met"]
    assert (str(found.score), found.grade, level_pay(scheme, found)) == (
        expected["score"], expected["grade"], expected["money"])


def test_h17_three_tables(examples: dict[str, Any]) -> None:
    inputs, expected = examples["H17"]["inputs"], examples["H17"]["expected"]
    items, readings = [], {}
    for table, outer in inputs["outer_demo"].items():
        rates = [rated(f"{table}_{number}") for number in range(len(inputs[table]["scores"]))]
        readings |= {(rate.key, "own"): given(value)[0] for rate, value in zip(rates, inputs[table]["scores"],
                                                                              strict=True)}
        items.append(Item(None, outer, key=table, title=Text(table, table), parts=tuple(
            Part(rate, weight, rules.AsPoints())
            for rate, weight in zip(rates, inputs[table]["weights"], strict=True))))
    scheme = Scheme("s", Text("S", "S"), tuple(items), weights=AS_GIVEN, grades=levels())
    found = score(scheme, readings, {})
    assert {line.key: text(line.raw_points) for line in found.lines} == {name: expected[name] for name in
                                                                        inputs["outer_demo"]}
    assert (str(found.score), found.grade, level_pay(scheme, found)) == (
        expected["total"], expected["grade"], expected["money"])


def test_h17_three_dimensions_with_weights_of_their_own(examples: dict[str, Any]) -> None:
    inputs, expected = examples["H17"]["inputs"], examples["H17"]["expected"]
    items, readings = [], {}
    for table in inputs["outer_demo"]:
        for number, (weight, value) in enumerate(zip(inputs[table]["weights"], inputs[table]["scores"], strict=True)):
            rate = rated(f"{table}_{number}")
            items.append(Item(rate, weight, rules.AsPoints(), dimension=table))
            readings[rate.key, "own"] = given(value)[0]
    scheme = Scheme("s", Text("S", "S"), tuple(items), grades=levels(), dimensions=tuple(
        Dimension(table, Text(table, table), outer, inner=True) for table, outer in inputs["outer_demo"].items()))
    found = score(scheme, readings, {})
    assert {step["key"]: text(Fraction(step["result"])) for step in found.steps if step["step"] == "dimension"} == {
        name: expected[name] for name in inputs["outer_demo"]}
    assert sum((line.effective_weight or 0 for line in found.lines), Fraction(0)) == 100
    assert (str(found.score), found.grade, level_pay(scheme, found)) == (
        expected["total"], expected["grade"], expected["money"])


class Case(RecordType, key="worked_case", title=Text("Case", "工单")):
    agent = Person()
    closed_at = Instant()
    accurate = Flag()
    defaults = Attribution(credit=agent, at=closed_at)


class Complaint(RecordType, key="worked_complaint", title=Text("Complaint", "投诉")):
    agent = Person()
    received_at = Instant()
    severity = Choice(options=("minor", "serious"))
    points = Int()
    defaults = Attribution(credit=agent, at=received_at)


def test_h24_customer_service_specialist(examples: dict[str, Any]) -> None:
    inputs, expected = examples["H24"]["inputs"], examples["H24"]["expected"]
    k, m = Case, Complaint
    rate = Indicator("rate", Text("Rate", "投诉率"), Ratio(Count(m), Count(k)), PERCENT, LOWER)
    severity = Indicator("severity", Text("Severity", "投诉分"), Sum(m.points), POINTS, LOWER)
    accuracy = Indicator("accuracy", Text("Accuracy", "准确率"), Ratio(Count(k, where=k.accurate), Count(k)), PERCENT,
                         HIGHER)
    assert inputs["tickets"] == inputs["cases"]
    records = {
        "worked_case": [{"agent": "E1", "closed_at": MAY, "accurate": number < inputs["tickets_ok"]}
                        for number in range(inputs["tickets"])],
        "worked_complaint": [{"agent": "E1", "received_at": MAY, "severity": name,
                              "points": int(inputs["severity_demo"][name])} for name in inputs["severities"]],
    }
    found = read_all([rate, severity, accuracy], records)
    assert len(inputs["severities"]) == inputs["complaints"]
    assert text(found["rate", "own"].value) == expected["complaint_rate"]
    assert str(found["severity", "own"].value) == expected["severity_points"]
    assert text(found["accuracy", "own"].value) == expected["ticket_accuracy"]
    assert text(answer_rate(inputs).value) == expected["answer_rate"]


def answer_rate(inputs: Mapping[str, Any]) -> Reading:
    """The call centre plugin's own indicator, over as many calls as the example has."""
    indicator = next(one for one in CALL_INDICATORS if one.key == "call_answer_rate")
    assert isinstance(indicator, Indicator)
    quick = inputs["abandoned_within_5s"]
    slow = inputs["offered"] - inputs["answered"] - quick
    offered = {"queue": "Q1", "direction": "inbound", "offered_at": MAY}
    calls = [*[offered | {"answered_at": MAY + timedelta(seconds=20)}] * inputs["answered"],
             *[offered | {"abandoned_at": MAY + timedelta(seconds=5)}] * quick,
             *[offered | {"abandoned_at": MAY + timedelta(seconds=6)}] * slow]
    may, queue = window("2026-05", "Asia/Shanghai"), Subject(SubjectKind.DEPARTMENT, "Q1")
    return read(indicator, {tally: tally_records(tally, calls, may, {}, queue) for tally in
                            tallies_of(indicator.measure)}, covered=lambda tally: True)


def test_h22_mean_against_each_request(examples: dict[str, Any]) -> None:
    inputs, expected = examples["H22"]["inputs"], examples["H22"]["expected"]
    j = Job
    mean = Indicator("mean", Text("Mean", "均值"), Mean(j.days_late), COUNT, NEITHER)
    within = Indicator("within", Text("Within", "达标率"), Ratio(Count(j, where=j.days_late <= 30), Count(j)), PERCENT,
                       HIGHER)
    records = [{"person": "E1", "done_at": MAY, "days_late": seconds} for seconds in inputs["first_response_s"]]
    found = read_all([mean, within], {"worked_job": records})
    assert text(found["mean", "own"].value) == expected["mean_s"]
    assert text(found["within", "own"].value) == expected["share_within"]

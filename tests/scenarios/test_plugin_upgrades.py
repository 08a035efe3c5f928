"""A plugin is upgraded under a company that appraises by it: nothing that was saved changes until the company says
so."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

FIRST = '''
    from meritline_sdk import *

    class Callout(RecordType, key="lift_callout", title=Text("Call-out", "急修单")):
        mechanic = Person()
        opened_at = Instant()
        closed_at = Instant()
        visits = Int(minimum=0)
        defaults = Attribution(credit=mechanic, at=closed_at)

    c = Callout
    WITHIN = Parameter("within", minutes(30), title=Text("Promise", "时限"))
    FAST = Indicator("fast", Text("On time", "及时率"), Ratio(Count(c, where=c.closed_at - c.opened_at <= WITHIN),
                     Count(c)), PERCENT, HIGHER, minimum_sample=2)
    DONE = Indicator("done", Text("Call-outs", "急修量"), Count(c), COUNT, HIGHER)
    TWICE = Indicator("twice", Text("Second visits", "二次上门"), Count(c, where=c.visits == 2), COUNT, LOWER)
    UNREAD = Indicator("unread", Text("Long ones", "超长单"), Count(c, where=c.visits > 9), COUNT, LOWER)
    MECHANICS = Scheme("mechanics", Text("Mechanics", "维保工"), for_positions=("mechanic",), items=(
        Item(FAST, weight=60, rule=rules.AsPoints()), Item(TWICE, weight=40, rule=rules.PerUnit(-10, start=100))))
    PAY = RewardTable("pay", Text("Pay", "奖金"), "mechanics", [PerReading("each", Text("Each", "每单"), DONE, 5)])
    SET = IndicatorSet("lifts", Text("Lifts", "电梯"), records=[Callout], indicators=[FAST, DONE, TWICE, UNREAD],
                       schemes=[MECHANICS], rewards=[PAY])

    @hookimpl
    def indicator_sets():
        return [SET]
'''
CHANGES = (
    ('Parameter("within", minutes(30)', 'Parameter("limit", minutes(10)'),
    ("where=c.closed_at - c.opened_at <= WITHIN", "where=(c.closed_at - c.opened_at <= WITHIN) & (c.visits == 1)"),
    ("minimum_sample=2", "minimum_sample=5"),
    ("Count(c), COUNT, HIGHER)", "Count(c, where=c.visits > 0), COUNT, HIGHER)"),
    ("    TWICE = ", '''    HIGH = Indicator("high", Text("High", "高层急修"), Count(c, where=c.floors > 9), COUNT,
                     HIGHER)
    TWICE = '''),
    ("visits = Int(minimum=0)", '''visits = Int(minimum=0)
        floors = Int(title=Text("Floors", "楼层数"), optional=True)'''),
    ("indicators=[FAST, DONE, TWICE, UNREAD]", "indicators=[FAST, DONE, HIGH]"),
    ("Item(TWICE, weight=40, rule=rules.PerUnit(-10, start=100))", "Item(HIGH, weight=40, rule=rules.AsPoints())"),
)


def changed(source: str) -> str:
    """The plugin's second version: another formula, parameter, minimum, field; one indicator is new, two are gone."""
    for old, new in CHANGES:
        assert old in source
        source = source.replace(old, new, 1)
    return source


def release(folder: Path, version: str, source: str) -> Path:
    """A folder of the path with the plugin in this version."""
    folder.mkdir()
    (folder / "lifts_plugin.py").write_text(dedent(source), "utf-8")
    info = folder / f"lifts_plugin-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: lifts-plugin\nVersion: {version}\nAuthor: Lin\n"
                                   "License: MIT\nRequires-Dist: meritline-sdk>=0.2,<1\n")
    (info / "entry_points.txt").write_text("[meritline.plugins]\nlifts = lifts_plugin\n")
    return folder


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("versions")
    return release(folder / "one", "1.0", FIRST), release(folder / "two", "2.0", changed(FIRST))


@pytest.fixture(scope="module")
def product(lasting: Any) -> Iterator[Callable[..., AbstractContextManager[Any]]]:
    with lasting() as served:
        yield served


def callouts(month: str) -> list[dict[str, Any]]:
    """Both did the same: minutes and visits of each call-out. In May there are four, in June two quick ones more."""
    done = [(5, 1), (15, 2), (25, 1), (40, 1), *([(5, 1), (5, 1)] if month == "2026-06" else [])]
    return [{"external_id": f"{month}-{who}-{number}", "mechanic": who, "visits": visits,
             "opened_at": f"{month}-10T08:00:00+08:00", "closed_at": f"{month}-10T08:{minutes:02}:00+08:00"}
            for who in ("M1", "H1") for number, (minutes, visits) in enumerate(done)]  # fmt: skip


def opened(made: Any, key: str) -> Any:
    """A company with a mechanic and a helper who did the same."""
    api = made.onboard(key, timeZone="Asia/Shanghai")
    api.change("enableIndicatorSet", key="lifts")
    api.change("upsertPositions", positions=[{"code": one, "nameEn": one, "nameZh": one}
                                             for one in ("mechanic", "helper")])
    api.change("upsertDepartments", departments=[{"code": "D", "name": "D"}])
    api.change("upsertEmployees", employees=[
        {"number": number, "name": number, "performancePay": "1000", "employments": [
            {"validFrom": "2026-01-01", "position": position, "department": "D"}]}
        for number, position in (("M1", "mechanic"), ("H1", "helper"))])  # fmt: skip
    api.change("saveIndicator", key="lifts.fast", parameters={"within": "20 min"})
    for month in ("2026-05", "2026-06"):
        api.delivered("lift_callout", callouts(month))
    return api


CARD = ("query($n: String!, $s: String!, $p: String!) { scorecardByKey(employeeNo: $n, scheme: $s, period: $p) { score "
        "digest lines { key reading { value state } indicator { definitionHash } explanation(language: EN) { text } } "
        "rewards { ruleKey amount { amount } } } }")


def card(api: Any, who: str, scheme: str, period: str) -> Any:
    found = api.ask(CARD, n=who, s=scheme, p=period)["scorecardByKey"]
    assert found is not None, (who, scheme, period)
    return found


def readings(found: Any) -> dict[str, tuple[str | None, str]]:
    return {each["key"]: (each["reading"]["value"], each["reading"]["state"]) for each in found["lines"]}


MINE = {"scheme": "helpers", "title": "Helpers", "title_zh": "辅助工", "for_positions": ["helper"],
        "valid_from": "2026-01-01",
        "item": [{"indicator": "lifts.fast", "weight": 100, "rule": {"kind": "as_points"}}]}  # fmt: skip


def test_an_upgrade_changes_nothing_until_it_is_adopted(product: Any, versions: tuple[Path, Path]) -> None:
    first, second = versions
    with product(PYTHONPATH=first) as made:
        api = opened(made, "lift-firm")
        api.appraise("2026-05")
        before = card(api, "M1", "mechanics", "2026-05")
        assert readings(before) == {"fast": ("50", "MEASURED"), "twice": ("1", "MEASURED")}
        assert before["score"] == "66"
        assert [each["amount"]["amount"] for each in before["rewards"]] == ["20.00"]
        key = api.key
    with product(PYTHONPATH=second) as made:
        api = type(api)(made.url, key)
        (told,) = [each["upgrade"] for each in api.every("indicatorSets", "key upgrade { sentences }")
                   if each["key"] == "lifts"]
        tried = api.change("upgradeIndicatorSet", "changed sentences", key="lifts", dryRun=True)
        assert tried == {"changed": False, "sentences": told["sentences"], "errors": []}
        print(json.dumps(told["sentences"], indent=1, ensure_ascii=False))
        shown = made.command("tenant", "upgrade", "--tenant", "lift-firm", "--set", "lifts", "--dry-run")
        assert shown.stdout.splitlines()[:-1] == told["sentences"]
        chinese = made.command("--lang", "zh", "tenant", "upgrade", "--tenant", "lift-firm", "--set", "lifts",
                               "--dry-run")
        print(chinese.stdout)

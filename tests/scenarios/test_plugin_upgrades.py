"""A plugin is upgraded under a company that appraises by it: nothing that was saved changes until the company says
so."""

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


NEWER = {"fast": ("50", "MEASURED"), "twice": ("1", "MEASURED")}
"""A mechanic's May: two of four call-outs within the 20 minutes that the company set."""


def told(lines: list[str], *words: str) -> bool:
    """Whether a line has all these words."""
    return any(all(word in line for word in words) for line in lines)


def command(made: Any, *words: str, code: int = 0) -> list[str]:
    """The lines that a command prints; where it refuses, those of stderr."""
    done = made.command("tenant", *words, "--tenant", "lift-firm")
    assert done.returncode == code, done.stdout + done.stderr
    return (done.stderr if code else done.stdout).splitlines()


def test_an_upgrade_changes_nothing_until_it_is_adopted(product: Any, versions: tuple[Path, Path]) -> None:
    with product(PYTHONPATH=versions[0]) as made:
        api = opened(made, "lift-firm")
        computed = api.appraise("2026-05")
        before = card(api, "M1", "mechanics", "2026-05")
        assert (readings(before), before["score"]) == (NEWER, "66")
        assert [each["amount"]["amount"] for each in before["rewards"]] == ["20.00"]
        assert [each["upgrade"] for each in api.every("indicatorSets", "upgrade { sentences }")][-1] is None
        key = api.key
    with product(PYTHONPATH=versions[1]) as made:
        api = type(api)(made.url, key)
        the_difference_is_told_and_nothing_done(made, api)
        api.change("upgradeIndicatorSet", key="lifts")
        assert api.change("upgradeIndicatorSet", "changed sentences", key="lifts") == {
            "changed": False, "sentences": ["Nothing changes."], "errors": []}, "again is no change"
        again = api.appraise("2026-05")
        assert card(api, "M1", "mechanics", "2026-05") == before, "words and numbers, by the pinned definitions"
        assert [again[each] for each in ("inputDigest", "resultDigest")] == [
            computed[each] for each in ("inputDigest", "resultDigest")]
        two_definitions_of_one_key_in_one_run(api, before)
        adopted_from_a_day_on(made, api)
        removed_only_when_nothing_reads_it(made, api)


def the_difference_is_told_and_nothing_done(made: Any, api: Any) -> None:
    (found,) = [each["upgrade"] for each in api.every("indicatorSets", "key upgrade { sentences }")
                if each["key"] == "lifts"]
    lines = found["sentences"]
    assert lines[0] == "“Lifts”: lifts-plugin 2.0 instead of lifts-plugin 1.0."
    assert told(lines, "“On time” changes. Until now: ", "30 minutes", "From now on: ", "10 minutes", "visits is 1")
    assert told(lines, "“On time” has no setting Promise any more: 20 min")
    assert told(lines, "New indicator “High”")
    assert told(lines, "“Second visits” is not in the set any more; it stays", "“Mechanics”")
    assert told(lines, "“Long ones” is not in the set any more and is put away")
    assert told(lines, "“Call-out” gets “Floors”")
    assert told(lines, "Scheme “Mechanics” reads “On time”: it keeps")
    assert told(lines, "Reward table “Pay” reads “Call-outs”: it keeps")
    for _ in range(2):
        assert api.change("upgradeIndicatorSet", "changed sentences", key="lifts", dryRun=True) == {
            "changed": False, "sentences": lines, "errors": []}
    assert command(made, "upgrade", "--set", "lifts", "--dry-run")[:-1] == lines
    chinese = made.command("--lang", "zh", "tenant", "sets", "--tenant", "lift-firm").stdout
    assert "由 lifts-plugin 1.0 升级为 lifts-plugin 2.0" in chinese
    assert "新增指标“高层急修”" in chinese


def two_definitions_of_one_key_in_one_run(api: Any, before: Any) -> None:
    """A scheme that is saved now reads by the newer definition; the other one beside it does not."""
    api.change("saveIndicator", key="lifts.fast", parameters={"limit": "30 min"})
    api.change("saveScheme", document=MINE)
    run = api.appraise("2026-05")
    assert card(api, "M1", "mechanics", "2026-05") == before
    helper = card(api, "H1", "helpers", "2026-05")
    assert readings(helper) == {"fast": ("50", "SAMPLE_TOO_SMALL")}, "four records; the newer definition wants five"
    hashes = {one["lines"][0]["indicator"]["definitionHash"] for one in (before, helper)}
    assert len(hashes) == 2
    assert api.appraise("2026-05")["inputDigest"] == run["inputDigest"]
    june = api.appraise("2026-06")
    assert readings(card(api, "M1", "mechanics", "2026-06"))["fast"][0] == "66.6666666667", "four of six within 20 min"
    assert readings(card(api, "H1", "helpers", "2026-06"))["fast"][0] == "66.6666666667"
    api.change("saveIndicator", key="lifts.fast", parameters={"limit": "20 min"})
    api.appraise("2026-06")
    assert readings(card(api, "H1", "helpers", "2026-06"))["fast"][0] == "50", "its own setting, at the first visit"
    assert readings(card(api, "M1", "mechanics", "2026-06"))["fast"][0] == "66.6666666667"
    assert june["number"] == 1
    behind = ("query($n: String!, $s: String!) { scorecardByKey(employeeNo: $n, scheme: $s, period: \"2026-06\") "
              "{ lines { explanation { records(first: 20) { nodes { met } } } } } }")
    counted = {who: sum(each["met"] for each in api.ask(behind, n=who, s=scheme)["scorecardByKey"]["lines"][0][
        "explanation"]["records"]["nodes"]) for who, scheme in (("M1", "mechanics"), ("H1", "helpers"))}
    assert counted == {"M1": 4, "H1": 3}, "each line's own definition finds its records"


def adopted_from_a_day_on(made: Any, api: Any) -> None:
    """Not into a locked period; before that day nothing changes, from it on the present definitions are read."""
    may = card(api, "M1", "mechanics", "2026-05")
    api.change("lockCycle", period="2026-05")
    for since in ("2026-05-15", "2020-01-01"):
        (error,) = api.tried("adoptIndicatorSet", key="lifts", validFrom=since, dryRun=True)["errors"]
        assert (error["code"], "2026-06-01" in error["remedy"]) == ("E-SCHEME-LOCKED", True)
    assert "E-SCHEME-LOCKED" in command(made, "adopt", "--set", "lifts", "--from", "2026-05-15", code=1)[0]
    tried = api.change("adoptIndicatorSet", "changed sentences schemes { key version }", key="lifts",
                       validFrom="2026-06-01", dryRun=True)
    assert (tried["changed"], [each["key"] for each in tried["schemes"]]) == (False, ["mechanics"])
    assert told(tried["sentences"], "Scheme “Mechanics” reads “On time”", "from 2026-06-01 on")
    assert told(tried["sentences"], "Reward table “Pay” reads “Call-outs”")
    api.appraise("2026-06")
    assert readings(card(api, "M1", "mechanics", "2026-06"))["fast"][0] == "66.6666666667", "it was only tried"
    done = api.change("adoptIndicatorSet", "changed sentences schemes { key version }", key="lifts",
                      validFrom="2026-06-01", schemes=["mechanics"])
    assert (done["changed"], done["sentences"]) == (True, tried["sentences"])
    assert done["schemes"] == [{"key": "mechanics", "version": 2}]
    (shown,) = [one["versions"] for one in api.every("schemes", "key versions { changes snapshotHash definitions { "
                "indicatorKey plugin pluginVersion definitionHash } }") if one["key"] == "mechanics"]
    assert [one["changes"] for one in shown] == [["“On time” is read by another definition than before."], []]
    assert [{each["indicatorKey"]: each["pluginVersion"] for each in one["definitions"]} for one in shown] == [
        {"lifts.fast": "2.0", "lifts.twice": "1.0"}, {"lifts.fast": "1.0", "lifts.twice": "1.0"}]
    assert shown[0]["snapshotHash"] != shown[1]["snapshotHash"]
    assert command(made, "adopt", "--set", "lifts", "--from", "2026-06-01")[0] == "Nothing changes."
    api.appraise("2026-06")
    assert readings(card(api, "M1", "mechanics", "2026-06")) == {"fast": ("50", "MEASURED"), "twice": ("1", "MEASURED")}
    assert card(api, "M1", "mechanics", "2026-05") == may
    actions = [each["action"] for each in api.every("auditEntries", "action")]
    assert actions.count("indicator_set.adopt") == 1


def removed_only_when_nothing_reads_it(made: Any, api: Any) -> None:
    (error,) = api.tried("removeIndicatorSet", key="lifts")["errors"]
    assert (error["code"], "mechanics" in error["message"], "helpers" in error["message"]) == ("E-SET-USED", True, True)
    assert "E-SET-USED" in command(made, "remove-set", "--set", "lifts", code=1)[0]
    (error,) = api.tried("removeIndicatorSet", key="call_center")["errors"]
    assert error["code"] == "E-NOT-FOUND"

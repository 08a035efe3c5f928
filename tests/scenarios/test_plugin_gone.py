"""A plugin that is gone, or that fails to load: what was computed with it is read, explained, exported and tried as
before; what it only declared is computed again; only its function is missed, by name and version."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

PLUGIN = '''
    from datetime import timedelta
    from meritline_sdk import *

    class Callout(RecordType, key="gone_callout", title=Text("Call-out", "急修单")):
        mechanic = Person(title=Text("Mechanic", "维保工"))
        opened_at = Instant(title=Text("Opened at", "报修时间"))
        closed_at = Instant(title=Text("Closed at", "关单时间"))
        defaults = Attribution(credit=mechanic, at=closed_at)

    c = Callout

    def longest(rows, settings, period):
        return Answer(max(row.took for row in rows) // timedelta(minutes=1), COUNT)

    FAST = Indicator("fast", Text("On time", "及时率"), Ratio(Count(c, where=c.closed_at - c.opened_at <= minutes(30)),
                     Count(c)), PERCENT, HIGHER)
    DONE = Indicator("done", Text("Call-outs", "急修量"), Count(c), COUNT, HIGHER)
    LONGEST = Indicator("longest", Text("Longest", "最长一单"), PythonMeasure(
        longest, Callout, rows={"took": c.closed_at - c.opened_at},
        says=Text("The longest call-out", "最长的一单")), COUNT, LOWER)
    SET = IndicatorSet("gone_lifts", Text("Lifts", "电梯"), records=[Callout], indicators=[FAST, DONE, LONGEST])

    @hookimpl
    def indicator_sets():
        return [SET]
'''
PEOPLE = {"M1": "mechanic", "H1": "helper"}
DECLARED = {"scheme": "mechanics", "title": "Mechanics", "title_zh": "维保工", "for_positions": ["mechanic"],
            "valid_from": "2026-01-01", "item": [
                {"indicator": "gone_lifts.fast", "weight": 60, "rule": {"kind": "as_points"}},
                {"indicator": "gone_lifts.done", "weight": 40, "rule": {"kind": "per_unit", "points": 10}}]}
COMPUTED = {"scheme": "helpers", "title": "Helpers", "title_zh": "辅助工", "for_positions": ["helper"],
            "valid_from": "2026-01-01", "item": [
                {"indicator": "gone_lifts.longest", "weight": 100, "rule": {"kind": "as_points"}}]}  # fmt: skip
CARD = """query($n: String!, $s: String!, $p: String!) { scorecardByKey(employeeNo: $n, scheme: $s, period: $p) {
  score digest lines { key reading { value state reason } indicator { title definitionHash }
  en: explanation(language: EN) { text records(first: 10) { nodes { externalId recordType met fields } } }
  zh: explanation(language: ZH) { text } } } }"""


@pytest.fixture(scope="module")
def product(lasting: Any) -> Iterator[Callable[..., AbstractContextManager[Any]]]:
    with lasting() as served:
        yield served


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the path with the plugin in it."""
    made = tmp_path_factory.mktemp("gone")
    (made / "gone_plugin.py").write_text(dedent(PLUGIN), "utf-8")
    info = made / "meritline_gone-1.2.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: meritline-gone\nVersion: 1.2.0\nAuthor: Lin\n"
                                   "License: MIT\nRequires-Dist: meritline-sdk>=0.2,<1\n")
    (info / "entry_points.txt").write_text("[meritline.plugins]\ngone = gone_plugin\n")
    return made


def opened(made: Any, key: str, *schemes: Any) -> Any:
    """A company with its people, their May, and these schemes."""
    api = made.onboard(key, timeZone="Asia/Shanghai")
    api.change("enableIndicatorSet", key="gone_lifts")
    api.change("upsertPositions", positions=[{"code": one, "nameEn": one, "nameZh": one} for one in PEOPLE.values()])
    api.change("upsertEmployees", employees=[
        {"number": number, "name": number, "employments": [{"validFrom": "2026-01-01", "position": position}]}
        for number, position in PEOPLE.items()])  # fmt: skip
    api.delivered("gone_callout", [
        {"external_id": f"{who}-{minutes}", "mechanic": who, "opened_at": "2026-05-10T08:00:00+08:00",
         "closed_at": f"2026-05-10T08:{minutes}:00+08:00"} for who in PEOPLE for minutes in (15, 20, 45)])
    for scheme in schemes:
        api.change("saveScheme", document=scheme)
    return api


def card(api: Any, who: str, scheme: str) -> Any:
    found = api.ask(CARD, n=who, s=scheme, p="2026-05")["scorecardByKey"]
    assert found is not None
    return found


def told(made: Any, *words: str) -> list[str]:
    """What a command prints."""
    done = made.command(*words)
    assert done.returncode == 0, done.stderr
    lines: list[str] = done.stdout.splitlines()
    return lines


def exports(made: Any, key: str) -> list[list[str]]:
    """The files of the period."""
    return [told(made, "--lang", language, "export", what, "--tenant", key, "--period", "2026-05")
            for what, language in (("scorecards", "zh"), ("lines", "en"))]


def tried(api: Any) -> Any:
    """What a stricter scheme would have given."""
    item = {**DECLARED["item"][0], "rule": {"kind": "target_met"}, "target": 70}  # type: ignore[dict-item]
    draft = {**DECLARED, "item": [item, DECLARED["item"][1]]}
    found = api.ask("query($s: JSON!) { simulate(input: {scheme: $s, periods: [\"2026-05\"]}) { errors { code } "
                    "simulation { persons { nodes { code scoreDifference } } } } }", s=draft)["simulate"]
    assert found["errors"] == []
    return found["simulation"]["persons"]["nodes"]


def test_results_outlive_the_plugin(product: Any, folder: Path, tmp_path: Path) -> None:
    with product(PYTHONPATH=folder) as made:
        plain, mixed = opened(made, "gone-plain", DECLARED), opened(made, "gone-mixed", DECLARED, COMPUTED)
        runs = [plain.appraise("2026-05"), mixed.appraise("2026-05")]
        cards = [card(plain, "M1", "mechanics"), card(mixed, "M1", "mechanics"), card(mixed, "H1", "helpers")]
        assert [one["score"] for one in cards] == ["92", "92", "45"]
        files, trial = exports(made, "gone-mixed"), tried(plain)
        assert trial == [{"code": "M1", "scoreDifference": "-40.00"}]
        keys = plain.key, mixed.key
    broken = tmp_path / "broken"
    the_same_but_broken(folder, broken)
    for state, path in (("QUARANTINED", broken), ("ABSENT", tmp_path)):
        with product(PYTHONPATH=path) as made:
            plain, mixed = (type(plain)(made.url, key) for key in keys)
            (found,) = [one for one in plain.every("indicatorSets", "key enabledVersion health { state }")
                        if one["key"] == "gone_lifts"]
            assert found == {"key": "gone_lifts", "enabledVersion": "1.2.0", "health": {"state": state}}
            assert [card(plain, "M1", "mechanics"), card(mixed, "M1", "mechanics"),
                    card(mixed, "H1", "helpers")] == cards
            assert exports(made, "gone-mixed") == files
            assert tried(plain) == trial
            assert any("meritline-gone 1.2.0" in line or "gone_lifts" in line
                       for line in made.command("tenant", "sets", "--tenant", "gone-plain").stdout.splitlines())
            again = plain.appraise("2026-05")
            assert [again[one] for one in ("inputDigest", "resultDigest")] == [
                runs[0][one] for one in ("inputDigest", "resultDigest")], "by the definitions that were pinned"
            assert card(plain, "M1", "mechanics") == cards[0]
            if path is tmp_path:
                only_its_function_is_missed(made, mixed, cards)


def the_same_but_broken(folder: Path, broken: Path) -> None:
    """The distribution is there, and its module cannot be imported."""
    broken.mkdir()
    (broken / "gone_plugin.py").write_text("raise RuntimeError('no licence')\n")
    info = broken / "meritline_gone-1.2.0.dist-info"
    info.mkdir()
    for one in (folder / info.name).iterdir():
        (info / one.name).write_text(one.read_text("utf-8"), "utf-8")


def only_its_function_is_missed(made: Any, mixed: Any, cards: list[Any]) -> None:
    """A new run fails for the one reading that needs the code, and says which."""
    run = mixed.appraise("2026-05", "PARTIAL")
    assert "meritline-gone 1.2.0" in str(run["error"])
    assert card(mixed, "M1", "mechanics") == cards[1]
    (line,) = card(mixed, "H1", "helpers")["lines"]
    assert (line["reading"]["state"], line["reading"]["reason"]) == ("FAILED", "plugin_missing")
    assert "meritline-gone 1.2.0" in line["en"]["text"]
    assert "meritline-gone 1.2.0" in line["zh"]["text"]
    (error,) = mixed.tried("lockCycle", period="2026-05")["errors"][:1]
    assert error["code"] == "E-BLOCK-FAILED"
    folder = Path(made.environ["PYTHONPATH"]) / "exported"
    told(made, "tenant", "export", "--tenant", "gone-mixed", "--to", str(folder))
    assert (folder / "schemes" / "mechanics.toml").is_file()
    rows = list(csv.DictReader(io.StringIO((folder / "people.csv").read_text("utf-8"))))
    assert [row["number"] for row in rows] == sorted(PEOPLE)

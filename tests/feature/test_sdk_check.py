"""``meritline-sdk check``: sentences, all findings at once, the quality level, and the bundle for an operator."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from meritline.plugins import load_catalogue
from meritline_sdk.cli import main
from meritline_sdk.model.canonical import parse, set_hash
from meritline_sdk.model.sets import IndicatorSet

ROOT = Path(__file__).parents[2]
PLUGIN = '''"""Doors."""
from collections.abc import Mapping, Sequence
from datetime import timedelta

from meritline_sdk import (
    COUNT, HIGHER, LOWER, MINUTES, PERCENT, Answer, Attribution, ByGrade, Count, Grade, GradeBands, Indicator,
    IndicatorSet, Instant, Int, Item, Person, PythonMeasure, Ratio, RecordType, RewardTable, SchemeTemplate, Text,
    hookimpl, rules,
)
from meritline_sdk.model.functions import Period, Plain, Row


class Job(RecordType, key="check_job", title=Text("Job", "工单")):
    worker = Person(title=Text("worker", "员工"))
    done_at = Instant(title=Text("done", "完成时间"))
    visits = Int(minimum=0, title=Text("visits", "上门次数"))
    defaults = Attribution(credit=worker, at=done_at)


NOTE = Text("Jobs that were never done are not counted.", "未完成的工单不计入。")
ONCE = Indicator("once", Text("Done at once", "一次完成率"), unit=PERCENT, better=HIGHER, note=NOTE,
                 measure=Ratio(Count(Job, where=Job.visits == 1), Count(Job, where=Job.visits >= 1)))
SCHEME = SchemeTemplate("doors", Text("Doors", "门"), items=(Item(ONCE, 100, rules.Deduct(2), target=85),),
                        grades=GradeBands((Grade("low", Text("Low", "低")), Grade("high", Text("High", "高"), 60))))
PAY = RewardTable("pay", Text("Pay", "奖金"), "doors", (
    ByGrade("bonus", Text("Bonus", "奖金"), {"low": 0, "high": 9}),))
INDICATORS = [ONCE]
# more
DOORS = IndicatorSet("doors", Text("Doors", "门"), records=[Job], indicators=INDICATORS, schemes=[SCHEME],
                     rewards=[PAY])


@hookimpl
def indicator_sets() -> list[IndicatorSet]:
    """The doors."""
    return [DOORS]
'''
FUNCTION = '''"""What the language cannot say."""
from collections.abc import Mapping, Sequence
from meritline_sdk import COUNT, Answer
from meritline_sdk.model.functions import Period, Plain, Row


def slowest(rows: Sequence[Row], settings: Mapping[str, Plain], period: Period) -> Answer | None:
    """The last one, `` `as written` ``."""
    return Answer(max(row.visits for row in rows), COUNT, sample=len(rows))
'''
BESIDE = '''
from .functions import slowest
INDICATORS.append(Indicator("slowest", Text("Slowest", "最慢"), unit=COUNT, better=LOWER, note=NOTE,
                            measure=PythonMeasure(
    slowest, Job, rows={"visits": Job.visits}, says=Text("The most visits.", "最多上门次数。"))))
'''
PYPROJECT = """[project]
name = "meritline-doors"
version = "1.2.0"
description = "Doors | gates"
license = "MIT"
authors = [{{ name = "Lin Yu" }}]
dependencies = ["meritline-sdk>=0.2,<1"]
urls = {{ Source = "https://example.org/doors" }}
[project.entry-points."meritline.plugins"]
doors = "{module}"
"""
GOLDEN = """# One of two jobs took one visit: 1/2 = 50%.
indicator = "once"
period = "2026-05"
defaults = { worker = "M1", done_at = 2026-05-03T09:00:00+08:00 }
records = [{ visits = 1 }, { visits = 2 }, { visits = 0 }]
expect = { value = "50", numerator = "1", denominator = "2", sample = 2 }
"""
CASES = """# The most of 3, 1: 3.
[[case]]
indicator = "slowest"
period = "2026-05"
defaults = { worker = "M1", done_at = 2026-05-03T09:00:00+08:00 }
records = [{ visits = 3 }, { visits = 1 }]
expect = { value = "3", sample = 2 }
[[case]]
indicator = "slowest"
period = "2026-05"
subject = "M1"
records = []
expect = { state = "not_measured" }
[[case]]
indicator = "slowest"
period = "2026-05"
defaults = { worker = "M1", done_at = 2026-05-03T09:00:00+08:00 }
records = [{ visits = 0 }]
expect = { value = "0", sample = 1 }
"""
type Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes a project that is platinum; what is given replaces texts of its source."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    module = f"probe_doors_{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]}"

    def made(*, python: bool = False, **changed: str) -> Path:
        source = PLUGIN.replace("# more", BESIDE if python else "")
        for old, new in changed.items():
            marks = {"visits": "visits = Int(minimum=0, title=Text(\"visits\", \"上门次数\"))", "note": ", note=NOTE",
                     "title": 'Text("Done at once", "一次完成率")',
                     "hook": "def indicator_sets() -> list[IndicatorSet]:",
                     "weight": "Item(ONCE, 100", "key": 'IndicatorSet("doors"'}  # fmt: skip
            assert marks[old] in source
            source = source.replace(marks[old], new)
        package = tmp_path / "src" / module
        (tmp_path / "tests" / "golden").mkdir(parents=True)
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(source, "utf-8")
        (package / "functions.py").write_text(FUNCTION, "utf-8")
        (package / "py.typed").touch()
        (tmp_path / "pyproject.toml").write_text(PYPROJECT.format(module=module), "utf-8")
        (tmp_path / "CHANGELOG.md").write_text("# 1.2.0\n")
        (tmp_path / "README.md").write_text("<!-- indicators: begin -->\n<!-- indicators: end -->\n")
        (tmp_path / "tests" / "test_doors.py").write_text(
            "from meritline_sdk.testing import laws_for\nTestDoors = laws_for([])\n")
        (tmp_path / "tests" / "golden" / "once.toml").write_text(GOLDEN, "utf-8")
        if python:
            (tmp_path / "tests" / "golden" / "slowest.toml").write_text(CASES, "utf-8")
        monkeypatch.chdir(tmp_path)
        main(["docs", module, "--readme", "README.md"])
        return tmp_path

    yield made
    for name in [one for one in sys.modules if one.startswith(module)]:
        del sys.modules[name]


def checked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = main(["check", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def rules_of(found: dict[str, object]) -> list[str]:
    return [one["rule"] for one in found["findings"]]  # type: ignore[attr-defined]


def test_a_project_finds_itself_and_says_itself(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    make()
    assert main(["check"]) == 0
    page = capsys.readouterr().out
    assert "  doors.once  Done at once\n    The number of “Job” records where visits is 1, divided by" in page
    assert "    100: Done at once, target 85%; 100 points, less 2 points for each percentage point below" in page
    assert "    Bonus: Low: 0.00; High: 9.00." in page
    assert "Quality level: Platinum" in page
    assert main(["check", ".", "--lang", "zh", "--quick"]) == 0
    assert "质量等级：银级" in capsys.readouterr().out, "laws that were not tried do not hold"


def test_platinum_with_a_function_that_has_its_cases(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    make(python=True)
    assert checked(capsys) == (0, {"sets": [{"key": "doors", "content_hash": hash_in_a_process(), "indicators": 2,
                                             "schemes": 1}], "level": "platinum", "missing": [], "findings": []})


def hash_in_a_process() -> str:
    """The hash that another interpreter computes, with another seed."""
    done = subprocess.run([sys.executable, "-m", "meritline_sdk.cli", "check", "--quick", "--json"],
                          capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7", "PATH": ""})
    found: str = json.loads(done.stdout)["sets"][0]["content_hash"]
    return found


@pytest.mark.parametrize(("changed", "rule", "level", "code"), [
    ({"note": ""}, "note", "gold", 0),
    ({"visits": "visits = Int(minimum=0)"}, "untitled", "bronze", 0),
    ({"title": 'Text("Done at once", "Done at once")'}, "language", "bronze", 0),
    ({"hook": "def indicator_sets():  # type: ignore"}, "untyped_function", "silver", 0),
    ({"hook": "def indicator_set() -> list[IndicatorSet]:"}, "hook", None, 1),
    ({"weight": "Item(ONCE, 90"}, "import", None, 1),
    ({"key": 'IndicatorSet("own"'}, "kept", None, 1),
])  # fmt: skip
def test_each_finding_costs_its_level(make: Make, capsys: pytest.CaptureFixture[str], changed: dict[str, str],
                                      rule: str, level: str | None, code: int) -> None:
    make(**changed)
    done, found = checked(capsys)
    assert (done, found["level"]) == (code, level), found["findings"]
    assert rules_of(found)[0] == rule


@pytest.mark.parametrize(("path", "text", "rules_found", "level"), [
    ("CHANGELOG.md", None, ["changes"], "gold"),
    ("README.md", None, ["readme"], "bronze"),
    ("README.md", "# Doors", ["readme_table"], "bronze"),
    ("tests/test_doors.py", "# laws_for([])\n", ["laws_untried"], "silver"),
    ("tests/golden/once.toml", None, ["golden_missing"], "bronze"),
    ("tests/golden/once.toml", GOLDEN.partition("\n")[2], ["golden_unworked"], "silver"),
    ("tests/golden/once.toml", GOLDEN.replace('value = "50"', 'value = "51"'), ["golden_failed"], "bronze"),
    ("tests/golden/once.toml", GOLDEN.replace("visits = 1", "visitz = 1"), ["golden_unread", "golden_missing"],
     "bronze"),
    ("pyproject.toml", PYPROJECT.replace(">=0.2,<1", "").replace("{{", "{").replace("}}", "}"), ["range_missing"],
     None),
])  # fmt: skip
def test_what_the_project_lacks(make: Make, capsys: pytest.CaptureFixture[str], path: str, text: str | None,
                                rules_found: list[str], level: str | None) -> None:
    folder = make()
    if text is None:
        (folder / path).unlink()
    else:
        module = next((folder / "src").iterdir()).name
        (folder / path).write_text(text.replace("{module}", module), "utf-8")
    code, found = checked(capsys)
    assert (rules_of(found), found["level"]) == (rules_found, level)
    assert code == int(any(one.startswith("golden_f") or one.startswith("golden_unr") for one in rules_found))


def test_errors_are_told_on_stderr_all_at_once(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make()
    (folder / "tests/golden/once.toml").write_text(GOLDEN.replace('value = "50"', 'value = "51"'))
    (folder / "CHANGELOG.md").unlink()
    assert main(["check"]) == 1
    out, err = capsys.readouterr()
    assert "Q-GOLDEN-FAILED" in err
    assert "value is 50, expected 51" in err
    assert "Q-CHANGES" in out
    assert "Quality level: Bronze" in out


@pytest.mark.parametrize(("arguments", "told"), [
    (["no_such_module"], "no_such_module"), (["no-such-module"], "write a module"),
    (["--golden", "nowhere"], "no such folder"),
])  # fmt: skip
def test_wrong_use(make: Make, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    make()
    capsys.readouterr()
    assert main(["check", *arguments]) in (1, 2)
    out, err = capsys.readouterr()
    assert told in out + err
    assert "Traceback" not in out + err


def test_an_installed_plugin_without_its_project_says_what_was_not_seen(
        make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    module = next((make() / "src").iterdir())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    module.rename(elsewhere / module.name)
    (tmp_path / "pyproject.toml").unlink()
    monkeypatch.chdir(elsewhere)
    code, found = checked(capsys, module.name)
    assert (code, rules_of(found)[:2]) == (0, ["distribution", "project_absent"])
    assert "golden_missing" not in rules_of(found)


def test_a_folder_without_a_plugin_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 2
    assert "pyproject.toml" in capsys.readouterr().err


def test_a_plugin_of_one_file_needs_no_project(make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make()
    source = next((folder / "src").glob("*/__init__.py"))
    lone = folder / f"{source.parent.name}_lone.py"
    lone.write_text(source.read_text("utf-8"), "utf-8")
    code, found = checked(capsys, str(lone))
    assert code == 0
    assert not {"distribution", "entry", "readme"} & set(rules_of(found))


def test_a_function_beside_declarations_is_told_of(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Every change of a declaration would count as one of the function, and old results could not be computed again."""
    folder = make(python=True)
    (source,) = folder.glob("src/*/__init__.py")
    beside = source.read_text("utf-8").replace("from .functions import slowest", FUNCTION)
    source.write_text(beside, "utf-8")
    for name in [one for one in sys.modules if one.startswith(source.parent.name)]:
        del sys.modules[name]
    code, found = checked(capsys)
    assert code == 0
    assert rules_of(found) == ["function_beside"]


def test_the_report_is_read_back_with_the_hash_of_the_server(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make(python=True)
    assert main(["check", "--report", "bundle"]) == 0
    bundle = {path.name: path.read_text("utf-8") for path in (folder / "bundle").iterdir()}
    assert sorted(bundle) == ["declarations.json", "hash", "report.md", "requirements.txt"]
    (one,) = parse(bundle["declarations.json"])
    assert isinstance(one, IndicatorSet)
    assert bundle["hash"] == f"doors {set_hash(one)}\n"
    assert bundle["requirements.txt"] == "meritline-sdk>=0.2,<1\n"
    report = bundle["report.md"]
    assert str(folder) not in report
    for told in ("# meritline-doors 1.2.0", "Doors \\| gates", "| author · 作者 | Lin Yu |", set_hash(one),
                 "**Platinum · 白金级**", "| `visits` | visits · 上门次数 | int |  |",
                 "> The number of “Job” records where visits is 1, divided by", "> 上门次数为1的“工单”记录的数量除以",
                 "| `worker` | `done_at` | `visits` |", "| M1 | 2026-05-03T09:00:00+08:00 | 1 |",
                 "- comes to · 结果: 1/2 = 50%", "- by hand · 手工计算: One of two jobs took one visit: 1/2 = 50%.",
                 "- 100: Done at once, target 85%; 100 points, less 2 points", "- Bonus: Low: 0.00; High: 9.00.",
                 "No records. 没有记录。", "Python functions: 1.", "def slowest(rows: Sequence[Row]"):  # fmt: skip
        assert told in report, told
    assert "```python" in report


def test_the_report_is_the_same_bytes_on_every_machine(make: Make, tmp_path: Path) -> None:
    folder = make(python=True)
    written = []
    for seed, zone in (("1", "UTC"), ("77", "Asia/Shanghai")):
        subprocess.run([sys.executable, "-m", "meritline_sdk.cli", "check", "--report", f"bundle{seed}"], check=True,
                       capture_output=True, env={"PYTHONHASHSEED": seed, "TZ": zone, "PATH": "", "LC_ALL": "C"})
        written.append({path.name: path.read_bytes() for path in sorted((folder / f"bundle{seed}").iterdir())})
    assert written[0] == written[1]


@pytest.mark.parametrize("folder", ["call-center", "ecommerce-service"])
def test_the_hash_is_the_one_that_the_server_shows(folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
                                                   ) -> None:
    assert main(["check", str(ROOT / "plugins" / folder), "--quick", "--report", str(tmp_path)]) == 0
    key, shown = (tmp_path / "hash").read_text().split()
    assert load_catalogue().sets[key].content_hash == shown


@pytest.mark.parametrize("folder", ["after-sales-common", "appliance-repair", "call-center", "ecommerce-service"])
def test_the_bundled_plugins_are_at_least_silver(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = checked(capsys, str(ROOT / "plugins" / folder), "--quick")
    assert code == 0, found["findings"]
    assert {one["rule"] for one in found["missing"]} <= {"laws", "notes", "upkeep"}  # type: ignore[attr-defined]

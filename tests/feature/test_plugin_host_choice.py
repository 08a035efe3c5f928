"""Which plugins are used: files of a folder, plugins left out before anything is imported, requirements of a file."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from meritline.cli import main
from meritline.errors import Problem
from meritline.onboarding.manifest import check
from meritline.plugins import Catalogue, load_catalogue
from meritline.plugins.processes import declaring

SET = """
    from meritline_sdk import *
    class Lift{n}(RecordType, key="lift_{n}", title=Text("Lift", "电梯")):
        worker = Person()
        done_at = Instant()
        defaults = Attribution(credit=worker, at=done_at)
    @hookimpl
    def indicator_sets():
        done = Indicator("done", Text("Done", "完成量"), measure=Count(Lift{n}), unit=COUNT, better=HIGHER)
        return [IndicatorSet("lifts_{n}", Text("Lifts", "电梯"), records=[Lift{n}], indicators=[done])]
"""
SCRIPT = '''
# /// script
# requires-python = ">=3.12"
# dependencies = [{needs}]
# ///
"""A plugin of one file."""
__version__ = "1.4"
__author__ = "Lift & Co"
'''
type Install = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "plugins"
    made.mkdir()
    return made


def put(folder: Path, name: str, needs: str = '"meritline-sdk>=0.2,<1"', body: str = SET) -> None:
    (folder / f"{name}.py").write_text(SCRIPT.format(needs=needs).lstrip() + dedent(body.format(n=name)), "utf-8")


def only(folder: Path, **given: object) -> Catalogue:
    """Without what is installed."""
    names = frozenset(path.stem for path in folder.glob("*.py") if path.stem[0] != "_")
    return load_catalogue(names, folder=folder, **given)  # type: ignore[arg-type]


def problems(catalogue: Catalogue) -> dict[str, list[Problem]]:
    return {one.name: list(one.problems) for one in catalogue.plugins if one.problems}


def test_a_file_of_a_folder_is_a_plugin(folder: Path) -> None:
    put(folder, "lift")
    (folder / "_shared.py").write_text("raise RuntimeError")
    (folder / "README.md").write_text("no plugin")
    catalogue = only(folder)
    assert catalogue.problems == ()
    one = catalogue.sets["lifts_lift"]
    assert (one.plugin, one.version, one.author) == ("lift.py", "1.4", "Lift & Co")
    assert one.source is not None
    assert one.source.file == folder / "lift.py"
    assert "lift" not in sys.modules


def test_a_file_that_cannot_be_used_is_left_out_by_itself(folder: Path) -> None:
    put(folder, "lift")
    put(folder, "future", '"meritline-sdk>=7,<8"')
    put(folder, "needy", '"meritline-sdk>=0.2,<1", "nobody-has-this>=3"')
    put(folder, "odd", """"meritline-sdk>=0.2,<1", "nobody-has-this; os_name ~= 'x'\"""")
    os.mkfifo(folder / "endless.py")
    (folder / "marked.py").write_bytes(b"\xef\xbb\xbf__version__ = '7'\n" + dedent(SET.format(n="marked")).encode())
    put(folder, "broken", body="\ndef (:\n")
    put(folder, "Big")
    (folder / "silent.py").write_text(dedent(SET.format(n="silent")), "utf-8")
    (folder / "torn.py").write_text('# /// script\n# dependencies = ["a b c"]\n# ///\n' + dedent(SET.format(n="torn")))
    catalogue = only(folder)
    assert list(catalogue.sets) == ["lifts_lift", "lifts_marked", "lifts_odd", "lifts_silent"]
    found = problems(catalogue)
    assert {name: [one.code for one in told] for name, told in found.items()} == {
        "future": ["E-PLUGIN-RANGE"], "needy": ["E-PLUGIN-NEEDS"], "broken": ["E-PLUGIN-IMPORT"],
        "Big": ["E-PLUGIN-FILE"], "torn": ["E-PLUGIN-FILE"], "silent": ["E-PLUGIN-RANGE-MISSING"],
        "endless": ["E-PLUGIN-FILE"], "marked": ["E-PLUGIN-RANGE-MISSING"],
    }  # fmt: skip
    for language in ("en", "zh"):
        said = found["future"][0].text(language)  # type: ignore[arg-type]
        assert all(word in said for word in ("future.py 1.4", ">=7", "0.2")), said
        assert "nobody-has-this>=3" in found["needy"][0].text(language)  # type: ignore[arg-type]


PAYS = """
    from meritline_sdk import *
    class Lift{n}(RecordType, key="lift_{n}", title=Text("Lift", "电梯")):
        worker = Person()
        done_at = Instant()
        defaults = Attribution(credit=worker, at=done_at)
    def pay(rows, settings, period):
        return Answer(1, COUNT)
    MEASURE = PythonMeasure(pay, Lift{n}, rows={{"at": Lift{n}.done_at}}, says=Text("Pay", "计件"))
    @hookimpl
    def indicator_sets():
        pay = Indicator("pay", Text("Pay", "计件"), measure=MEASURE, unit=COUNT, better=HIGHER)
        return [IndicatorSet("lifts_{n}", Text("Lifts", "电梯"), records=[Lift{n}], indicators=[pay])]
"""
STEALS = '    object.__setattr__(MEASURE, "function", "victim:pay")\n'


def test_nobody_computes_the_indicators_of_another_plugin(folder: Path) -> None:
    """Whoever were asked for a function of the other's module could answer anything: his process imports it."""
    put(folder, "victim", body=PAYS)
    put(folder, "aaa", body=PAYS.replace("    @hookimpl", f"{STEALS}    @hookimpl"))
    catalogue = only(folder)
    assert list(catalogue.sets) == ["lifts_victim"]
    (refused,) = problems(catalogue)["aaa"]
    assert refused.code == "E-PLUGIN-DECLARES"
    assert "victim:pay" in refused.text()
    assert "victim:pay" in refused.text("zh")

    def asked_for(module: str, key: str, plugin: str) -> str | None:
        source = catalogue.source_of(module, key, plugin)
        return None if source is None else source.module

    assert asked_for("victim", "lifts_victim", "victim.py") == "victim"
    assert asked_for("victim", "lifts_of_before", "victim.py") == "victim", "a set that it does not bring any more"
    assert asked_for("victim", "lifts_of_before", "gone.py") is None, "another plugin brought it"
    assert asked_for("aaa", "lifts_aaa", "aaa.py") is None


def test_a_folder_that_is_not_there_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    catalogue = load_catalogue(frozenset(), folder=tmp_path / "nowhere")
    assert [one.code for one in catalogue.problems] == ["E-PLUGIN-FOLDER"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modules of the plugins that any process is asked to import."""
    found: list[str] = []
    real = declaring.conversation

    def noted(questions: Any, limits: Any) -> Any:
        found.extend(one["source"]["module"] for one in questions.values() if "source" in one)
        return real(questions, limits)

    monkeypatch.setattr(declaring, "conversation", noted)
    return found


def test_what_is_left_out_is_never_imported(folder: Path, install: Install, asked: list[str]) -> None:
    install("spy", SET.format(n="spy"))
    put(folder, "lift")
    for without in ({"spy"}, {"Probe_Spy"}, {"*"}):
        catalogue = load_catalogue(frozenset({"spy", "lift"}), folder=folder, without=frozenset(without))
        assert list(catalogue.sets) == ([] if "*" in without else ["lifts_lift"])
        off = {one.name: one.off for one in catalogue.plugins}
        assert off["spy"] == "MERITLINE_NO_PLUGINS"
        why = catalogue.why_absent("lifts_spy", "probe-spy", "2.5")
        assert (why.code, "probe-spy 2.5" in why.text()) == ("E-SET-OFF", True)
    load_catalogue(frozenset({"lift"}), folder=folder)
    assert set(asked) == {"lift"}, "what the allow-list does not name is not imported either"
    misspelt = load_catalogue(frozenset({"lift"}), folder=folder, without=frozenset({"lfit"}))
    assert [one.code for one in misspelt.problems] == ["E-PLUGIN-NO-SUCH"]
    assert list(misspelt.sets) == ["lifts_lift"]


def test_the_command_line_says_which_plugins(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "lift")
    assert main(["plugins", "--plugins-dir", str(folder), "list"]) == 0
    said = capsys.readouterr().out
    assert "lifts_lift" in said
    assert "call_center" in said
    assert main(["--no-plugins=call_center", "plugins", "list", "--plugins-dir", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "lifts_lift" in said
    assert "MERITLINE_NO_PLUGINS" in next(line for line in said.splitlines() if "call-center" in line)
    assert main(["--no-plugins", "plugins", "list"]) == 0
    assert "call_center" not in capsys.readouterr().out
    assert {"MERITLINE_NO_PLUGINS", "MERITLINE_PLUGINS_DIR"} & os.environ.keys() == set(), "only for that command"


def test_what_changes_is_asked_again_and_what_does_not_is_remembered(folder: Path, asked: list[str]) -> None:
    put(folder, "lift")
    assert only(folder).sets.keys() == only(folder).sets.keys() == {"lifts_lift"}
    assert asked == ["lift"]
    put(folder, "lift", body=SET.replace("lifts_{n}", "other_{n}"))
    assert list(only(folder).sets) == ["other_lift"]


BAD = SET.replace("key=\"lift_{n}\", title=Text(\"Lift\", \"电梯\")", "key=\"lift_{n}\", title=\"Lift\"")


def test_what_comes_back_is_not_accepted_unseen(folder: Path) -> None:
    put(folder, "lift")
    put(folder, "careless", body=BAD)
    catalogue = only(folder)
    assert list(catalogue.sets) == ["lifts_lift"]
    (told,) = problems(catalogue)["careless"]
    assert (told.code, "lifts_careless" in told.text()) == ("E-PLUGIN-DECLARES", True), told.text()


def test_a_manifest_is_told_why_a_set_is_not_there(folder: Path, tmp_path: Path, install: Install) -> None:
    put(folder, "lift")
    put(folder, "twice", body=SET.replace("lifts_{n}", "lifts_lift"))
    put(folder, "good")
    install("torn", "raise RuntimeError")
    company = tmp_path / "company"
    company.mkdir()

    def told(sets: str, allow: frozenset[str]) -> list[str]:
        (company / "tenant.toml").write_text(
            f'key = "firm"\nname = "Firm"\ntime_zone = "Asia/Shanghai"\ncurrency = "CNY"\ncountry = "CN"\n'
            f'languages = ["zh"]\nindicator_sets = [{sets}]\n', "utf-8")
        found = check(company, load_catalogue(allow, folder=folder))
        return [f"{one.line} {one.code} {one.text()}" for one in found] if isinstance(found, list) else []

    files = frozenset({"lift", "twice", "good"})
    (clash,) = told('"lifts_lift"', files)
    assert clash.startswith("7 E-SET-QUARANTINED")
    assert "twice.py 1.4" in clash
    (unknown,) = told('"nobodys"', files | {"torn"})
    assert unknown.startswith("7 E-MANIFEST-SET-LEFT")
    assert "probe-torn 2.5" in unknown
    (misspelt,) = told('"lifts_goood"', files | {"torn"})
    assert misspelt.startswith("7 E-MANIFEST-SET ")
    assert told('"lifts_good"', files) == []


def test_an_operator_is_told_what_is_there_what_is_wrong_and_what_was_answered(
    folder: Path, install: Install, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    put(folder, "lift")
    install("torn", "raise RuntimeError('no licence server')")
    monkeypatch.setenv("MERITLINE_PLUGINS", "lift,torn")
    monkeypatch.setenv("MERITLINE_PLUGINS_DIR", str(folder))
    monkeypatch.setenv("MERITLINE_DATA_DIR", str(tmp_path / "nothing"))

    def said(*words: str) -> tuple[int, Any]:
        code = main(["plugins", *words, "--json", "--lang", "zh"])
        return code, json.loads(capsys.readouterr().out)

    code, rows = said("list")
    told = {row["plugin"]: row for row in rows}
    assert (code, told["lift"]["health"], told["torn"]["health"]) == (0, "ok", "quarantined")
    assert told["call_center"]["off"] == "MERITLINE_PLUGINS"
    assert told["lift"]["deterministic"] is None, "no database was asked, so nobody knows"
    assert told["lift"]["sets"]["lifts_lift"]["content_hash"] != told["lift"]["content_hash"] != ""
    code, found = said("doctor")
    (problem,) = found["problems"]
    assert (code, problem["code"], problem["severity"]) == (1, "E-PLUGIN-IMPORT", "error")
    assert "无法导入" in problem["message"]
    assert problem["remedy"]
    assert isinstance(found["isolation"]["seccomp"], bool)
    assert main(["plugins", "doctor", "--no-plugins=torn"]) == 0
    assert "1 of" in capsys.readouterr().out
    code, (row,) = said("trace", "--plugin", "lift")
    assert (code, row["outcome"], row["hooks"]) == (0, "ok", ["indicator_sets"])
    assert row["characters"] > 100
    assert "电梯" in row["sets"]["lifts_lift"]["lifts_lift.done"], "what it declares, as sentences"
    code, (row,) = said("trace", "--plugin", "probe-torn")
    assert (code, row["outcome"]) == (1, "E-PLUGIN-IMPORT")
    assert main(["plugins", "trace", "--plugin", "nobody"]) == 1
    assert "E-PLUGIN-UNKNOWN" in capsys.readouterr().err


def test_migrate_does_nothing_where_a_plugin_did_not_answer(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    put(folder, "lift")
    put(folder, "gone", body="import os\nos._exit(3)\n")
    data = tmp_path / "data"
    monkeypatch.setenv("MERITLINE_PLUGINS", "lift,gone")
    monkeypatch.setenv("MERITLINE_DATA_DIR", str(data))
    assert main(["migrate", "--plugins-dir", str(folder)]) == 1
    said = capsys.readouterr().err
    assert "gone.py 1.4" in said
    assert "E-PLUGIN-DIED" in said
    assert "E-PLUGIN-MIGRATE" in said
    assert "--no-plugins" in said
    assert not data.exists(), "no database was even started"

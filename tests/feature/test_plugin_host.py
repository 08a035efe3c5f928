"""Plugins found on the path: what they bring, and that a broken one is left out with its reason and hurts nobody."""

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from meritline.errors import MeritlineError
from meritline.plugins import Catalogue, load_catalogue

GOOD = """
    from meritline_sdk import *
    class Job{n}(RecordType, key="job_{n}", title=Text("Job", "工单")):
        worker = Person()
        done_at = Instant()
        defaults = Attribution(credit=worker, at=done_at)
    DONE = Indicator("done", Text("Done", "完成量"), measure=Count(Job{n}), unit=COUNT, better=HIGHER)
    SET = IndicatorSet("set_{n}", Text("Set", "指标集"), records=[Job{n}], indicators=[DONE])
    @hookimpl
    def indicator_sets():
        return [SET]
"""
type Install = Callable[..., None]


def codes(catalogue: Catalogue) -> list[str]:
    return sorted(found.code for found in catalogue.problems)


def test_a_plugin_is_known_with_its_author_licence_and_content(install: Install) -> None:
    install("elevator", GOOD.format(n="a"))
    catalogue = load_catalogue(frozenset({"probe-elevator"}))
    assert codes(catalogue) == []
    one = catalogue.sets["set_a"]
    assert (one.plugin, one.version, one.author, one.licence) == ("probe-elevator", "2.5", "Stranger", "MIT")
    assert len(one.content_hash) == 64
    assert list(catalogue.records) == ["job_a"]
    assert list(catalogue.indicators()) == ["set_a.done"]
    with pytest.raises(TypeError):
        catalogue.sets["other"] = one  # type: ignore[index]
    dropped = catalogue.why_absent("set_of_before", "probe-elevator", "2.4")
    assert dropped.code == "E-SET-DROPPED"
    assert all(word in dropped.text() for word in ("2.4", "probe-elevator 2.5"))
    assert catalogue.why_absent("set_of_nobody", "probe-nobody", "1").code == "E-SET-ABSENT"


HOSTILE = {
    "boom": ("raise RuntimeError('no licence server')", "E-PLUGIN-IMPORT", "RuntimeError: no licence server"),
    "leaves": ("import sys; sys.exit(3)", "E-PLUGIN-IMPORT", "SystemExit"),
    "syntax": ("def (:", "E-PLUGIN-IMPORT", "SyntaxError"),
    "misspelt": (
        "from meritline_sdk import hookimpl\n@hookimpl\ndef indicator_set(): return []", "E-PLUGIN-HOOK",
        "indicator_sets",
    ),
    "mute": ("x = 1", "E-PLUGIN-EMPTY", "hookimpl"),
    "greedy": (
        "from meritline_sdk import hookimpl\n@hookimpl\ndef indicator_sets(database): return []",
        "E-PLUGIN-DECLARES", "database",
    ),
    "raises": (
        "from meritline_sdk import hookimpl\n@hookimpl\ndef indicator_sets(): return [1 / 0]", "E-PLUGIN-DECLARES",
        "ZeroDivisionError",
    ),
    "asynchronous": (
        "from meritline_sdk import hookimpl\n@hookimpl\nasync def indicator_sets(): return []", "E-PLUGIN-DECLARES",
        "async",
    ),
    "wrong": (
        "from meritline_sdk import hookimpl\n@hookimpl\ndef indicator_sets(): return ['set']", "E-PLUGIN-DECLARES",
        "str",
    ),
}  # fmt: skip


def test_every_broken_plugin_is_left_out_by_itself_and_says_why(install: Install) -> None:
    install("good", GOOD.format(n="a"))
    for name, (source, _, _) in HOSTILE.items():
        install(name, source)
    install("future", GOOD.format(n="f"), requires="meritline-sdk>=7,<8")
    catalogue = load_catalogue(frozenset({"good", "future", *HOSTILE}))
    assert list(catalogue.sets) == ["set_a"], "the good one stands, whatever the others do"
    told = {report.name: report for report in catalogue.plugins}
    for name, (_, code, word) in HOSTILE.items():
        (found,) = told[name].problems
        assert (found.code, told[name].quarantined) == (code, True), name
        for language in ("en", "zh"):
            assert word in found.text(language), found.text(language)  # type: ignore[arg-type]
            assert f"probe-{name} 2.5" in found.text(language)  # type: ignore[arg-type]
    assert [found.code for found in told["future"].problems] == ["E-PLUGIN-RANGE"]
    assert ">=7" in told["future"].problems[0].text()
    assert not told["good"].quarantined
    assert [name for name in sys.modules if name.startswith("probe_")] == [], "the server imported nothing of them"


@pytest.mark.parametrize("left", [b"", b"\xff\xfe\x00", None], ids=["empty", "not text", "gone"])
def test_an_installation_that_broke_off_takes_nobody_with_it(install: Install, tmp_path: Path,
                                                             left: bytes | None) -> None:
    install("good", GOOD.format(n="a"))
    install("half", GOOD.format(n="b"))
    about = tmp_path / "site/probe_half-2.5.dist-info/METADATA"
    about.unlink() if left is None else about.write_bytes(left)
    catalogue = load_catalogue(frozenset({"good", "probe-half"}))
    assert "set_a" in catalogue.sets
    (half,) = [one for one in catalogue.plugins if one.name == "half"]
    assert (half.distribution, half.version) == ("probe-half", "2.5"), "named by its folder"
    assert [each.code for each in half.problems] == ["E-PLUGIN-RANGE-MISSING"]


@pytest.mark.parametrize("left", [b"\xff\xfe\x00", b"[meritline.plugins]\nhalf = = :\n"])
def test_entry_points_that_cannot_be_read_cost_nobody_else(install: Install, tmp_path: Path, left: bytes) -> None:
    install("good", GOOD.format(n="a"))
    install("half", GOOD.format(n="b"))
    (tmp_path / "site/probe_half-2.5.dist-info/entry_points.txt").write_bytes(left)
    assert "set_a" in load_catalogue(frozenset({"good", "probe-half"})).sets


def test_no_process_left_is_said_and_quarantines_nobody(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("good", GOOD.format(n="a"))

    def none_left(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as patch:
        patch.setattr("subprocess.Popen", none_left)
        with pytest.raises(MeritlineError) as refused:
            load_catalogue(frozenset({"good"}))
    assert "E-PLUGIN-PROCESS" in str(refused.value)
    assert "set_a" in load_catalogue(frozenset({"good"})).sets


def test_one_key_from_two_plugins_is_used_from_neither_and_both_are_named(install: Install) -> None:
    install("one", GOOD.format(n="a"))
    install("two", GOOD.format(n="a"))
    install("third", GOOD.format(n="c"))
    catalogue = load_catalogue(frozenset({"one", "two", "third"}))
    assert list(catalogue.sets) == ["set_c"]
    (clash,) = catalogue.problems
    assert clash.code == "E-PLUGIN-SET-TWICE"
    assert "probe-one 2.5" in clash.text()
    assert "probe-two 2.5" in clash.text()


def test_a_record_type_may_be_shared_but_not_declared_differently(install: Install) -> None:
    shared = GOOD.format(n="a").replace('"set_a"', '"{set}"')
    install("one", shared.replace("{set}", "first"))
    install("two", shared.replace("{set}", "second"))
    assert list(load_catalogue(frozenset({"one", "two"})).sets) == ["first", "second"]
    install("three", shared.replace("{set}", "third").replace("worker = Person()", "worker = Person(optional=True)"))
    catalogue = load_catalogue(frozenset({"one", "two", "three"}))
    assert list(catalogue.sets) == []
    assert codes(catalogue) == ["E-PLUGIN-RECORD-TWICE"] * 3, "each of the three is told with whom it disagrees"
    assert all("probe-three" in found.text() for found in catalogue.problems)


def test_a_set_whose_base_is_missing_falls_with_it(install: Install) -> None:
    install("base", GOOD.format(n="a"))
    install("upper", GOOD.format(n="b").replace("indicators=[DONE]", "indicators=[DONE], uses=[BASE]").replace(
        "from meritline_sdk import *", "from meritline_sdk import *\n    from probe_base import SET as BASE"))
    install("top", GOOD.format(n="c").replace("indicators=[DONE]", "indicators=[DONE], uses=[BASE]").replace(
        "from meritline_sdk import *", "from meritline_sdk import *\n    from probe_upper import SET as BASE"))
    whole = load_catalogue(frozenset({"base", "upper", "top"}))
    assert [one.key for one in whole.closure(("set_c",))] == ["set_a", "set_b", "set_c"]
    catalogue = load_catalogue(frozenset({"upper", "top"}))
    assert list(catalogue.sets) == []
    assert codes(catalogue) == ["E-PLUGIN-USES", "E-PLUGIN-USES"]


def test_an_allowed_plugin_that_is_not_installed_is_reported(install: Install) -> None:
    install("good", GOOD.format(n="a"))
    catalogue = load_catalogue(frozenset({"Probe_Good", "probe-nobody"}))
    assert list(catalogue.sets) == ["set_a"]
    assert codes(catalogue) == ["E-PLUGIN-ABSENT"]
    assert "probe-nobody" in catalogue.problems[0].text("zh")


def test_the_catalogue_does_not_depend_on_the_order_of_the_path(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    from meritline.plugins import discovery

    for key in "abcd":
        install(key, GOOD.format(n=key))
    before = load_catalogue(frozenset("abcd"))
    real = discovery.entry_points
    monkeypatch.setattr(discovery, "entry_points", lambda group: random.Random(7).sample([*real(group=group)], 7 + 1))
    after = load_catalogue(frozenset("abcd"))
    assert [*after.sets] == [*before.sets] == ["set_a", "set_b", "set_c", "set_d"]
    assert after.plugins == before.plugins

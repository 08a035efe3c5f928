"""Each law of the testkit catches its own: a plugin, or a language, that breaks it is named with its remedy."""

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from meritline_sdk import IndicatorSet
from meritline_sdk.evaluate.readings import MEASURED, Reading
from meritline_sdk.testing import LAWS, LawBroken, heaps, law_indicators, law_schemes, laws, laws_for
from meritline_sdk.testing.laws import require_declared_alike, require_pools, require_sql, trials

PLUGIN = '''
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from meritline_sdk import *

KEPT = []


class Callout(RecordType, key="law_callout", title=Text("Call-out", "急修单")):
    mechanic = Person()
    closed_at = Instant()
    visits = Int(minimum=1, maximum=9)
    mark = Int(minimum=0)
    defaults = Attribution(credit=mechanic, at=closed_at)


def good(rows, settings, period):
    most = max(rows, key=lambda row: (row.visits, row.id))
    return Answer(most.visits, COUNT, used=(most.id,))


def floats(rows, settings, period):
    return Answer(0.5 if any(row.visits > 5 for row in rows) else 1, COUNT)


def not_a_number(rows, settings, period):
    return Answer(Decimal("NaN"), COUNT)


def bare(rows, settings, period):
    return 5


def other_unit(rows, settings, period):
    return Answer(1, MINUTES)


def other_quotient(rows, settings, period):
    return Answer(2, COUNT, numerator=9, denominator=3)


def strange_row(rows, settings, period):
    return Answer(1, COUNT, used=("nobody/1",))


def raising(rows, settings, period):
    return Answer(Fraction(1, sum(row.visits - 9 for row in rows[:1])), COUNT) if len(rows) > 1 else None


def by_place(rows, settings, period):
    return Answer(rows[0].visits, COUNT)


def remembering(rows, settings, period):
    KEPT.append(1)
    return Answer(len(KEPT), COUNT)


def greedy(rows, settings, period):
    settings["limit"] = 0
    return Answer(len(rows), COUNT)


def rewriting(rows, settings, period):
    object.__setattr__(rows[0], "values", ())
    return Answer(len(rows), COUNT)


def hiding(rows, settings, period):
    return Answer(sum(row.visits for row in rows), COUNT, used=(rows[0].id,))


def by_hash(rows, settings, period):
    return Answer(hash("lift") % 100_000, COUNT)


def by_clock(rows, settings, period):
    return Answer((datetime.now() - datetime(2020, 1, 1)).days, COUNT)


def measured(function):
    return PythonMeasure(function, Callout, rows={"visits": Callout.visits}, settings=[Parameter("limit", 3)],
                         says=Text("Something.", "某值。"))


def made(key, measure, unit=COUNT, better=HIGHER, **more):
    return Indicator(key, Text(key, "指标"), measure, unit, better, **more)


def of_scheme(indicator, rule, **more):
    items = (Item(indicator, 100, rule, **more),)
    scheme = Scheme("cards", Text("Cards", "记分卡"), items, cap=100,
                    grades=GradeBands((Grade("low", Text("Low", "低")), Grade("high", Text("High", "高"), 60))))
    table = RewardTable("pay", Text("Pay", "奖励"), "cards", (
        Pool("pot", Text("Pot", "奖金池"), indicator, 100, 50),))
    return IndicatorSet("law_set", Text("Set", "集"), records=[Callout], indicators=[indicator], schemes=[scheme],
                        rewards=[table])


def only(indicator):
    return IndicatorSet("law_set", Text("Set", "集"), records=[Callout], indicators=[indicator])


FUNCTIONS = {one.__name__: only(made(one.__name__, measured(one))) for one in (
    good, floats, not_a_number, bare, other_unit, other_quotient, strange_row, raising, by_place, remembering, greedy,
    rewriting, hiding, by_hash, by_clock)}
SHARE = made("share", Ratio(Count(Callout, Callout.visits == 1), Count(Callout)), PERCENT)
SOUND = of_scheme(SHARE, rules.Bands(at_least={50: 60, 90: 100}, below=0))
BANDS = of_scheme(SHARE, rules.Bands(at_least={60: 50, 80: 20, 90: 100}, below=0))
MARK = only(made("mark", Mean(Callout.mark), SCORE_5))
LISTED = only(made("listed", Count(Callout), beside=[Beside(Text("Beside", "旁"), Count(Callout))]))
SCALE = only(RatedIndicator("attitude", Text("Attitude", "态度"), scale_min=-5, scale_max=5))
UNORDERED = IndicatorSet("law_set", Text("Set", "集"), records=[Callout], indicators=[
    made(key, Count(Callout)) for key in {"one", "two", "three", "four", "five", "six", "seven"}])
'''
CAUGHT = {
    "floats": "function_checked", "not_a_number": "function_checked", "bare": "function_checked",
    "other_unit": "function_checked", "other_quotient": "function_checked", "strange_row": "function_checked",
    "raising": "function_checked", "by_place": "function_rows_order", "remembering": "function_repeatable",
    "greedy": "function_rows_kept", "rewriting": "function_rows_kept", "hiding": "function_used",
    "by_hash": "function_afresh", "by_clock": "function_no_clock",
}  # fmt: skip

ELSEWHERE = ("function_afresh", "function_no_clock")


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """A plugin that another interpreter finds too."""
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "law_plugin.py").write_text(PLUGIN, "utf-8")
    sys.path.insert(0, str(folder))
    yield importlib.import_module("law_plugin")
    sys.path.remove(str(folder))
    del sys.modules["law_plugin"]


def broken_by(sets: list[IndicatorSet], folder: Path | None = None, among: str = "",
              without: tuple[str, ...] = ()) -> dict[str, str]:
    """What every law says of the sets."""
    found: dict[str, str] = {}
    for name, several, tried in trials(sets, folder):
        for one in several.values() if name.startswith(among) and name not in without else ():
            try:
                tried(one)
            except LawBroken as broken:
                found[name] = str(broken)
            except AssertionError as wrong:
                found[name] = str(wrong)
    return found


def test_a_sound_plugin_keeps_every_law(plugin: ModuleType) -> None:
    assert broken_by([plugin.FUNCTIONS["good"]]) == {}
    assert broken_by([plugin.SOUND]) == {}
    require_declared_alike([plugin.SOUND], [plugin.SOUND], pytest.fail)


@pytest.mark.parametrize(("name", "caught"), CAUGHT.items())
def test_a_function_that_breaks_a_law_is_named_with_the_fewest_rows(plugin: ModuleType, name: str,
                                                                    caught: str) -> None:
    elsewhere = () if caught in ELSEWHERE else ELSEWHERE  # another interpreter takes its time
    found = broken_by([plugin.FUNCTIONS[name]], among="function_", without=elsewhere)
    assert caught in found
    told = found[caught]
    assert told.startswith(f"{name} breaks the law {caught.removeprefix('function_')!r}")
    assert "what to do:" in told
    assert told.count("{id = ") == {"by_place": 2, "hiding": 2, "raising": 2}.get(name, told.count("{id = "))
    if name == "floats":
        assert told.count("{id = ") == 1
        assert "never a float" in told or "a float is never exact" in told
    if name not in ("remembering", "rewriting", "raising", "by_clock"):
        assert set(found) == {caught}


@pytest.mark.parametrize(("name", "caught", "says"), [
    ("BANDS", "monotone", "from 79.999 to the better 80"), ("MARK", "within_unit", "mark ="),
    ("LISTED", "round_trip", "it became"), ("SCALE", "rated_within_scale", "everybody gives -5"),
])
def test_a_declaration_that_breaks_a_law_is_named(plugin: ModuleType, name: str, caught: str, says: str) -> None:
    found = broken_by([getattr(plugin, name)])
    assert set(found) == {caught}
    assert says in found[caught]
    assert "what to do:" in found[caught]


def test_the_clock_is_moved_without_time_machine_too(plugin: ModuleType) -> None:
    code = ("import sys; sys.modules['time_machine'] = None; sys.path.insert(0, sys.argv[1])\n"
            "from meritline_sdk.testing.afresh import shifted\nimport datetime\nnow = datetime.datetime.now()\n"
            "def later():\n    import law_plugin\n    found = law_plugin.datetime\n"
            "    return (found.now() - now).days, isinstance(now, found)\nprint(shifted(later))")
    assert plugin.__file__ is not None
    done = subprocess.run([sys.executable, "-c", code, str(Path(plugin.__file__).parent)], capture_output=True,
                          encoding="utf-8", check=False)  # fmt: skip
    assert done.stdout.strip() == "(400, True)", done.stderr


def test_a_set_that_depends_on_the_hash_seed_is_named(plugin: ModuleType) -> None:
    with pytest.raises(LawBroken, match=r"law_set breaks the law 'declared_alike'.*\n.*content hash"):
        require_declared_alike([plugin.UNORDERED], [plugin.UNORDERED], pytest.fail)


def test_a_golden_case_that_comes_out_otherwise_is_named(plugin: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "share.toml").write_text('indicator = "share"\ncompany = true\nexpect = { value = 40 }\n'
                                         "records = [{ visits = 1, closed_at = 2026-05-01T08:00:00+08:00 }]", "utf-8")
    assert "share.toml: value is 100, expected 40" in broken_by([plugin.SOUND], tmp_path, "golden")["golden"]


def misreading(change: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """A way of tallying that is wrong."""
    real = heaps.tally_records

    def tally(tally: Any, records: Any, *rest: Any, **more: Any) -> Any:
        return change(real(tally, records, *rest, **more), list(records))

    return tally


def writing(found: Any, records: list[Any]) -> Any:
    """Writes to a record."""
    for one in records[:1]:
        one["visits"] = 0
    return found


BROKEN_LANGUAGE: list[tuple[str, str, Any]] = [
    ("order", "tally_records", misreading(lambda found, records: replace(found, amount=found.amount + int(
        records[0]["external_id"] == "a")) if records else found)),
    ("evidence", "tally_records", misreading(lambda found, records: replace(found, amount=Fraction(len(records))))),
    ("merges", "tally_records", misreading(lambda found, records: replace(found, records=found.records + 1))),
    ("input_kept", "tally_records", misreading(writing)),
    ("empty", "read", lambda *given, **more: Reading(MEASURED, Fraction(0))),
    ("sentences", "sentence", lambda *given: "Anteil"),
    ("reading_round_trip", "reading_to_json", lambda reading: '{"state": "failed", "sample": 0, "needed": null, '
                                                              '"reason": null}'),
    ("scores", "score", lambda *given: SimpleNamespace(score=1)),
    ("bounds", "score", lambda *given: SimpleNamespace(score=Fraction(101), grade="high")),
]  # fmt: skip


@pytest.mark.parametrize(("caught", "name", "wrong"), BROKEN_LANGUAGE, ids=[one for one, *_ in BROKEN_LANGUAGE])
def test_a_language_that_breaks_a_law_is_caught(plugin: ModuleType, monkeypatch: pytest.MonkeyPatch, caught: str,
                                                name: str, wrong: Any) -> None:
    for module in (heaps, law_indicators, law_schemes):
        if name in vars(module):
            monkeypatch.setattr(module, name, wrong)
    found = broken_by([plugin.SOUND], among=caught)
    assert f"breaks the law {caught!r}" in found[caught]


def test_what_forgets_between_two_readings_is_caught(plugin: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(range(10**9))
    monkeypatch.setattr(heaps, "tally_records", misreading(lambda found, records: replace(
        found, amount=Fraction(next(numbers)))))
    assert "share breaks the law 'repeatable'" in broken_by([plugin.SOUND], among="repeatable")["repeatable"]


def test_what_the_server_says_otherwise_is_named(plugin: ModuleType) -> None:
    server = SimpleNamespace(differs=lambda case: "SQL reads 3" if case.place == "b.toml" else None,
                             pools_that_leak=lambda table, scheme: ["pot: 99.99 of 100.00"])
    cases: Any = [SimpleNamespace(place=place, indicator=plugin.SHARE) for place in ("a.toml", "b.toml")]
    with pytest.raises(LawBroken, match=r"share breaks the law 'sql'.*\n.*b\.toml: SQL reads 3"):
        require_sql(cases, server)
    with pytest.raises(LawBroken, match=r"pay breaks the law 'pools'.*\n.*99\.99 of 100\.00"):
        require_pools([plugin.SOUND], server)


def test_every_law_is_tried_and_caught_here(plugin: ModuleType) -> None:
    caught = {one.removeprefix("function_") for one in CAUGHT.values()} | {one for one, *_ in BROKEN_LANGUAGE}
    caught |= {"monotone", "within_unit", "round_trip", "rated_within_scale", "declared_alike", "golden", "repeatable",
               "sql", "pools"}
    assert {law.name for law in LAWS} == caught | {"budget"}
    suite = laws_for([plugin.SOUND, plugin.SCALE, plugin.FUNCTIONS["good"]])
    tried = {name.removeprefix("test_").removeprefix("function_") for name in vars(suite) if name.startswith("test_")}
    assert tried == {law.name for law in LAWS} - {"golden"}
    assert laws.golden_folder(None, __file__) is None

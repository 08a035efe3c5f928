"""What a host refuses: each broken declaration is found, at its place, and nothing else is found.

The declarations are broken past their constructors, as a stranger's code may, and by honest mistakes.
"""

import importlib
import string
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from meritline_sdk import (
    COUNT,
    HIGHER,
    MINUTES,
    PERCENT,
    Answer,
    Attribution,
    Blank,
    ByGrade,
    Choice,
    Count,
    Flag,
    Grade,
    GradeBands,
    Indicator,
    IndicatorSet,
    Instant,
    Int,
    Item,
    Kind,
    Mean,
    Number,
    Parameter,
    People,
    Percentile,
    Person,
    PythonMeasure,
    RatedIndicator,
    Raters,
    Ratio,
    RecordType,
    RewardTable,
    SchemeTemplate,
    Text,
    hookimpl,
    hours,
    rules,
)
from meritline_sdk.acceptance import Severity, asked_of, defaults_problems, function_problems, problems_of
from meritline_sdk.acceptance.distribution import About, distribution_problems
from meritline_sdk.acceptance.findings import found
from meritline_sdk.acceptance.hooks import KNOWN
from meritline_sdk.acceptance.readers import reader_problems
from meritline_sdk.acceptance.words import WORDS
from meritline_sdk.model import nodes
from meritline_sdk.model.canonical import canonical, parse
from meritline_sdk.model.units import Unit
from meritline_sdk.quality import BRONZE, GOLD, LEVELS, PLATINUM, RULES, SILVER, quality_of

put = object.__setattr__
BUNDLED = ("meritline_after_sales_common", "meritline_appliance_repair", "meritline_call_center",
           "meritline_ecommerce_service")  # fmt: skip


class Job(RecordType, key="accept_job", title=Text("Job", "工单")):
    worker = Person()
    helpers = People(optional=True)
    done_at = Instant()
    visits = Int(minimum=0)
    cost = Number(optional=True)
    urgent = Flag(optional=True)
    kind_of_job = Choice(options=("repair", "install"))
    defaults = Attribution(credit=worker, at=done_at)


class Other(RecordType, key="accept_other", title=Text("Other", "其他")):
    at = Instant()
    defaults = Attribution(at=at)


def longest(rows: Any, settings: Any, period: Any) -> Answer | None:
    """Found again by its name."""
    return Answer(len(rows), MINUTES)


def made() -> IndicatorSet:
    """A set of which every part is well, and nobody else's."""
    again: IndicatorSet = parse(canonical(built()))
    return again


def built() -> IndicatorSet:
    """The set as an author writes it."""
    once = Indicator("once", Text("Fixed at once", "一次修复"), unit=PERCENT, better=HIGHER,
                     measure=Ratio(Count(Job, where=Job.visits == 1), Count(Job, where=Job.visits >= 1)))
    cost = Indicator("cost_p90", Text("Cost", "费用"), unit=COUNT, better=HIGHER,
                     measure=Percentile(Job.cost, 90, where=Job.urgent))
    gap = Indicator("gap", Text("Gap", "间隔"), unit=MINUTES, better=HIGHER, measure=PythonMeasure(
        longest, Job, rows={"done_at": Job.done_at}, says=Text("The longest gap.", "最长间隔。"),
        settings=[Parameter("within", hours(2))]))
    kind = RatedIndicator("kindness", Text("Kindness", "态度"), raters=(Raters("manager", 60), Raters("customer", 40)))
    scheme = SchemeTemplate("workers", Text("Workers", "员工"), items=(
        Item(once, 60, rules.Deduct(2), target=85), Item(kind, 40, rules.AsPoints())),
        grades=GradeBands((Grade("low", Text("Low", "低")), Grade("high", Text("High", "高"), 60))))
    pay = RewardTable("pay", Text("Pay", "奖金"), "workers", (ByGrade("bonus", Text("Bonus", "奖金"),
                                                                   {"low": 0, "high": 100}),))
    return IndicatorSet("accept", Text("Acceptance", "验收"), records=[Job], indicators=[once, cost, gap, kind],
                        schemes=[scheme], rewards=[pay])


def told(sets: Any) -> list[tuple[str, str]]:
    """Rule and place of each finding, all of which a host refuses."""
    findings = problems_of(sets)
    assert {one.severity for one in findings} <= {Severity.ERROR}
    assert all(one.code.startswith("E-PLUGIN-") for one in findings)
    return [(one.rule, one.place) for one in findings]


def test_a_set_that_is_well_has_no_findings() -> None:
    assert told([made()]) == []
    assert list(function_problems([made()])) == []


@pytest.mark.parametrize("module", BUNDLED)
def test_the_bundled_plugins_are_clean(module: str) -> None:
    plugin = importlib.import_module(module)
    asked = asked_of(plugin)
    others = [one for name in BUNDLED for one in importlib.import_module(name).indicator_sets()]
    assert asked.problems == ()
    assert problems_of(asked.sets, [one for one in others if one not in asked.sets]) == ()
    assert list(function_problems(asked.sets, module)) == []


class Foreign:
    """Nobody knows what it does."""

    def __repr__(self) -> str:
        raise RuntimeError("never shown")


class Loud(str):
    """A text that is more than a text."""


def item(one: IndicatorSet) -> Any:
    return one.schemes[0].items[0]


def counted(one: IndicatorSet) -> Any:
    return one.indicators[0].measure.numerator  # type: ignore[union-attr]


def python(one: IndicatorSet) -> Any:
    return one.indicators[2].measure  # type: ignore[union-attr]


def nested(depth: int) -> nodes.Node:
    node: nodes.Node = nodes.Literal(True, Kind.FLAG)
    for _ in range(depth):
        node = nodes.Not(node)
    return node


FAR = "accept.once.measure.numerator"
BROKEN: dict[str, tuple[Callable[[IndicatorSet], object], str, str]] = {
    # money and other numbers
    "nan weight": (lambda s: put(item(s), "weight", Decimal("NaN")), "decimal", "accept.workers.items[once].weight"),
    "infinite target": (lambda s: put(item(s), "target", Decimal("-Infinity")), "decimal",
                        "accept.workers.items[once].target"),
    "float amount": (lambda s: put(s.rewards[0].rules[0], "amounts", (("low", 0.1), ("high", Decimal(1)))), "float",
                     "accept.pay.rules[bonus].amounts[0][1]"),
    "nan amount": (lambda s: put(s.rewards[0].rules[0], "amounts", (("low", Decimal("sNaN")), ("high", Decimal(1)))),
                   "decimal", "accept.pay.rules[bonus].amounts[0][1]"),
    "finer than a cent": (lambda s: put(s.rewards[0].rules[0], "amounts", (("low", Decimal("0.001")),
                                                                           ("high", Decimal(1)))), "meaning",
                          "accept.pay.rules[bonus]"),
    "a huge exponent": (lambda s: put(item(s).rule, "full", Decimal("1E+400")), "decimal",
                        "accept.workers.items[once].rule.full"),
    "a huge integer": (lambda s: put(s.indicators[0], "minimum_sample", 10**5000), "decimal",
                       "accept.once.minimum_sample"),
    "a text as a number": (lambda s: put(item(s), "weight", "sixty"), "meaning", "accept.workers.items[once]"),
    "a flag as a number": (lambda s: put(s.schemes[0], "places", True), "type", "accept.workers.places"),
    "float maximum": (lambda s: put(s.records[0].fields[3], "maximum", 1.5), "float",
                      "accept.accept_job.fields[3].maximum"),
    "an int for a decimal": (lambda s: put(item(s).rule, "full", 100), "rebuilt",
                             "accept.workers.items[once].rule"),
    # types
    "a list of items": (lambda s: put(s.schemes[0], "items", [*s.schemes[0].items]), "type", "accept.workers.items"),
    "a list of indicators": (lambda s: put(s, "indicators", [*s.indicators]), "type", "accept.indicators"),
    "a foreign rule": (lambda s: put(item(s), "rule", Foreign()), "type", "accept.workers.items[once].rule"),
    "a foreign indicator": (lambda s: put(s, "indicators", (*s.indicators, Foreign())), "type",
                            "accept.indicators[4]"),
    "a subclass of text": (lambda s: put(s.title, "en", Loud("x")), "type", "accept.title.en"),
    "a unit of its own": (lambda s: put(s.indicators[0], "unit", Unit("percent", Text("a", "b"), "%")), "unit",
                          "accept.once.unit"),
    "a moment without zone": (lambda s: put(counted(s), "where", nodes.Compare(
        ">", nodes.Field("accept_job", "done_at", Kind.INSTANT),
        nodes.Literal(datetime(2026, 5, 1), Kind.INSTANT))), "instant", f"{FAR}.where.right.value"),  # noqa: DTZ001
    "never set": (lambda s: object.__delattr__(s.indicators[0], "note"), "type", "accept.once.note"),
    # sizes
    "a huge text": (lambda s: put(s.title, "zh", "长" * 100_000), "text", "accept.title.zh"),
    "a nul": (lambda s: put(s.title, "en", "a\0b"), "signs", "accept.title.en"),
    "half a character": (lambda s: put(s.title, "en", "\ud800"), "signs", "accept.title.en"),
    "too many indicators": (lambda s: put(s, "indicators", s.indicators * 300), "many", "accept"),
    "too deep": (lambda s: put(counted(s), "where", nested(600)), "deep", ""),
    # keys
    "a bad set key": (lambda s: put(s, "key", "Accept me"), "key", "'Accept me'"),
    "a kept key": (lambda s: put(s, "key", "own"), "kept", "own"),
    "a bad field name": (lambda s: put(s.records[0].fields[3], "name", "visit count"), "key",
                         "accept.accept_job.visit count"),
    "a field twice": (lambda s: put(s.records[0].fields[4], "name", "visits"), "twice", "accept.accept_job.visits"),
    "a field of the server": (lambda s: put(s.records[0].fields[5], "name", "digest"), "meaning",
                              "accept.accept_job.digest"),
    "a column twice": (lambda s: put(s.records[0].fields[5], "name", "worker_code"), "column_clash",
                       "accept.accept_job.worker_code"),
    "an option twice": (lambda s: put(s.records[0].fields[6], "options", ("a", "a")), "meaning",
                        "accept.accept_job.kind_of_job"),
    "credit to a number": (lambda s: put(s.records[0], "credit", "visits"), "meaning", "accept.accept_job.credit"),
    # meaning
    "weights": (lambda s: put(item(s), "weight", Decimal(50)), "meaning", "accept.workers"),
    "a rule that divides by nothing": (lambda s: put(item(s).rule, "per", Decimal(0)), "meaning",
                                       "accept.workers.items[once].rule"),
    "a limit that falls": (lambda s: put(s.schemes[0].grades.grades[1], "limit", None), "meaning",  # type: ignore[union-attr]
                           "accept.workers.grades"),
    "a grade without pay": (lambda s: put(s.rewards[0].rules[0], "amounts", (("low", Decimal("0.00")),)), "meaning",
                            "accept"),
    "an unknown field": (lambda s: put(counted(s).where.left, "name", "visitz"), "meaning", "accept.once.measure"),
    "a field of another kind": (lambda s: put(counted(s).where.left, "kind", Kind.NUMBER), "meaning",
                                "accept.once.measure"),
    "a number compared with a text": (lambda s: put(counted(s).where, "right", nodes.Literal("1", Kind.CODE)),
                                      "meaning", "accept.once.measure"),
    "an operator of its own": (lambda s: put(counted(s).where, "op", "~"), "meaning", "accept.once.measure"),
    "a condition that is a number": (lambda s: put(counted(s), "where", counted(s).where.left), "meaning",
                                     "accept.once.measure"),
    "a tally of its own": (lambda s: put(counted(s), "how", "guess"), "meaning", "accept.once.measure"),
    "credit in its own way": (lambda s: put(counted(s).credit, "mode", "double"), "meaning", "accept.once.measure"),
    "another's record": (lambda s: put(counted(s), "record", "accept_other"), "meaning", "accept.once.measure"),
    "a percentile of 0": (lambda s: put(s.indicators[1].measure, "percent", 0), "meaning",  # type: ignore[union-attr]
                          "accept.cost_p90.measure"),
    "a unit that cannot be": (lambda s: put(s.indicators[0], "unit", MINUTES), "meaning", "accept.once"),
    "a rater below zero": (lambda s: put(s.indicators[3].raters[0], "weight", Decimal(-1)), "meaning",  # type: ignore[union-attr]
                           "accept.kindness.raters[0]"),
    "a digest that is none": (lambda s: put(python(s), "module_digest", "today"), "meaning", "accept.gap.measure"),
    "a function without a module": (lambda s: put(python(s), "function", "longest"), "meaning", "accept.gap.measure"),
    "rows of people": (lambda s: put(python(s).tally, "by", (nodes.Field("accept_job", "worker", Kind.PERSON),)),
                       "meaning", "accept.gap.measure"),
    "a number left open": (lambda s: put(item(s), "target", Blank("aim", Text("Aim", "目标"))), "open",
                           "accept.workers"),
    "money without a name": (lambda s: put(s.rewards[0].rules[0], "pays", ""), "key", "accept.pay.bonus"),
    "ratings of nobody": (lambda s: put(s.indicators[3], "of", "once"), "named", "accept.kindness.of"),
    "an indicator from nowhere": (lambda s: put(item(s), "indicator", "accept.twice"), "named", "accept.workers"),
}


@pytest.mark.parametrize("name", [name for name, (_, rule, _) in BROKEN.items() if rule])
def test_what_is_broken_is_found_at_its_place_and_nothing_else(name: str) -> None:
    breaking, rule, place = BROKEN[name]
    one = made()
    breaking(one)
    findings = told([one])
    assert [rule] == [each for each, _ in findings], problems_of([one])
    assert findings[0][1] == place or not place
    assert len(findings[0][1]) < 400


HEALED = {"a list of items", "a list of indicators", "a subclass of text", "a unit of its own", "never set",
          "a moment without zone"}  # fmt: skip
"""What writing it down and reading it again mends."""


@pytest.mark.parametrize("name", [name for name, (_, rule, _) in BROKEN.items() if rule])
def test_what_came_back_as_text_is_looked_at_again(name: str) -> None:
    """A hostile child sends text past every constructor: what it says is refused all the same, or is no text at all."""
    breaking, _, _ = BROKEN[name]
    one = made()
    breaking(one)
    try:
        again = parse(canonical(one))
    except Exception:
        return
    assert bool(problems_of([again])) == (name not in HEALED)


def test_a_word_of_the_formula_language_is_no_name() -> None:
    one = made()
    put(one.records[0].fields[3], "name", "lambda")
    found_there = list(reader_problems([one], {record.key: record for record in one.records}))
    assert [(each.rule, each.place) for each in found_there if each.rule in ("keyword", "formula")] == [
        ("keyword", "accept.accept_job.lambda")]


def test_two_mistakes_are_both_told() -> None:
    one = made()
    put(item(one), "weight", 60.0)
    put(one.rewards[0].rules[0], "pays", 7)
    put(counted(one), "how", "guess")
    assert {rule for rule, _ in told([one])} == {"float", "type"}, "values first; what they mean once they are values"
    put(item(one), "weight", Decimal(60))
    put(one.rewards[0].rules[0], "pays", "bonus")
    assert told([one]) == [("meaning", "accept.once.measure")]


def test_sets_of_one_plugin_that_clash() -> None:
    other = made()
    assert told([made(), other]) == [("set_twice", "accept")]
    put(other, "key", "accept_too")
    put(other, "schemes", ())
    put(other, "rewards", ())
    put(other, "records", (replace(other.records[0], credit=None),))
    assert told([made(), other]) == [("record_twice", "accept_too.accept_job")]
    assert told([made(), 3, None]) == [("type", "[1]"), ("type", "[2]")]


class Widened(RecordType, extends=Job, by="wide"):
    floors = Int(optional=True)


@pytest.mark.parametrize(("changed", "rule"), [
    ({}, None), ({"optional": False}, "meaning"), ({"name": "floors"}, "key"), ({"name": f"wide__{'x' * 40}"}, "key"),
    ({"name": "other__floors"}, "key"),
])  # fmt: skip
def test_a_field_added_to_the_records_of_others(changed: dict[str, Any], rule: str | None) -> None:
    one = IndicatorSet("wide", Text("Wide", "宽"), records=[Widened], uses=[made()])
    put(one.extensions[0], "fields", (replace(one.extensions[0].fields[0], **changed),))
    try:
        assert [each.rule for each in problems_of([one], [made()])] == ([rule] if rule else [])
    finally:
        put(one.extensions[0], "fields", (replace(one.extensions[0].fields[0], name="wide__floors", optional=True),))


def test_a_measure_of_the_records_of_others_is_looked_at_where_they_are_at_hand() -> None:
    count = Indicator("many", Text("Many", "数量"), measure=Count(Job), unit=COUNT, better=HIGHER)
    one = IndicatorSet("user", Text("User", "使用者"), indicators=[count], uses=[made()])
    assert problems_of([one], [made()]) == ()
    put(count.measure.tally.credit.field, "name", "engineer")  # type: ignore[union-attr]
    assert [each.rule for each in problems_of([one], [made()])] == ["meaning"]
    assert problems_of([one]) == (), "without the other set nobody can tell, and the host says that it is absent"


@pytest.mark.parametrize("name", [name for name, (_, rule, _) in BROKEN.items() if rule])
def test_a_broken_neighbour_breaks_nobody_else(name: str) -> None:
    """A host looks at all sets together: what is wrong with one is its own fault and stops no other."""
    breaking, _, _ = BROKEN[name]
    neighbour = made()
    breaking(neighbour)
    count = Indicator("many", Text("Many", "数量"), measure=Count(Other), unit=COUNT, better=HIGHER)
    one = IndicatorSet("beside", Text("Beside", "旁边"), records=[Other], indicators=[count])
    assert problems_of([one], [neighbour, None]) == ()  # type: ignore[list-item]
    assert {each.place.partition(".")[0] for each in problems_of([one, neighbour])} - {"beside"}
    put(one, "uses", ("accept",))
    for each in problems_of([one], [neighbour]):
        assert each.place == "beside", each


@pytest.mark.parametrize(("source", "rules_found"), [
    ("@hookimpl\ndef indicator_set(): return []", ["hook"]),
    ("@hookimpl\nasync def indicator_sets(): return []", ["hook_async"]),
    ("@hookimpl\ndef indicator_sets():\n    yield SET", ["hook_async"]),
    ("@hookimpl\ndef indicator_sets(database): return []", ["hook_arguments"]),
    ("@hookimpl\ndef indicator_sets(): return SET", ["hook_value"]),
    ("@hookimpl\ndef indicator_sets(): return None", ["hook_value"]),
    ("@hookimpl\ndef indicator_sets(): return [SET, 1]", ["type"]),
    ("@hookimpl\ndef indicator_sets(): return 1 / 0", ["hook_failed"]),
    ("@hookimpl\ndef indicator_sets(): raise SystemExit(3)", ["hook_failed"]),
    ("TURN = []\n@hookimpl\ndef indicator_sets():\n    TURN.append(1)\n    return [SET] * len(TURN)", ["hook_differs"]),
    ("def indicator_sets(): return [SET]", ["empty"]),
    ("@hookimpl\ndef indicator_sets(): return [SET]\n@hookimpl\ndef tenant_default(profile): return []", ["hook"]),
    ("@hookimpl\ndef indicator_sets(): return [SET]", []),
])  # fmt: skip
def test_hooks_are_looked_at_one_by_one(source: str, rules_found: list[str]) -> None:
    module = ModuleType("accept_hooks")
    exec(source, vars(module) | {"hookimpl": hookimpl, "SET": made()}, names := {})
    for name, value in names.items():
        setattr(module, name, value)
        getattr(value, "__globals__", {}).update(names)
    asked = asked_of(module)
    assert [one.rule for one in asked.problems] == rules_found
    assert (len(asked.sets) == 1) == ("SET" in source and rules_found in ([], ["hook"], ["type"], ["hook_differs"]))


def test_the_answers_of_tenant_defaults() -> None:
    one, asked = made(), []

    def fitted(profile: Any) -> Any:
        asked.append(profile)
        return [one.fitted(rewards=[])]

    assert list(defaults_problems(fitted, [one])) == []
    assert {profile.currency for profile in asked} == {"CNY", "EUR"}
    wrong = replace(one.fitted(), set="another")
    assert [each.rule for each in defaults_problems(lambda profile: [wrong], [one])] == ["meaning"] * 2
    def first(hook: Callable[[Any], Any]) -> str:
        return next(each.rule for each in defaults_problems(hook, [one]))

    assert first(lambda profile: None) == "hook_value"
    assert first(lambda profile: [one, 1]) == "type"
    assert first(lambda profile: [one.fitted()] * len(asked.append(1) or asked)) == "hook_differs"  # type: ignore[func-returns-value]


def test_a_function_is_found_again_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    one = made()
    assert [each.rule for each in function_problems([one], "elsewhere")] == ["function_missing"]
    put(python(one), "function", f"{__name__}:gone")
    assert [each.rule for each in function_problems([one])] == ["function_missing"]
    other = made()
    put(python(other), "module_digest", "0" * 64)
    assert [each.rule for each in function_problems([other])] == ["function_changed"]


def about(**changed: Any) -> About:
    good = About("meritline-probe", "1.0", "Lin Yu", "MIT", ("meritline-sdk>=0.2,<1",), ("probe",))
    return replace(good, **changed)


@pytest.mark.parametrize(("changed", "rules_found"), [
    ({}, []),
    ({"requires": ("meritline_sdk[testing] >= 0.2, < 1 ; python_version > '3'",)}, []),
    ({"requires": ("meritline-sdk~=0.2",)}, []),
    ({"requires": ("meritline-sdk==0.2.*",)}, []),
    ({"requires": ()}, ["range_missing"]),
    ({"requires": ("meritline-sdk",)}, ["range_missing"]),
    ({"requires": ("meritline-sdk>=0.2,<1; extra == 'dev'",)}, ["range_missing"]),
    ({"requires": ("meritline-sdk>=0.2",)}, ["range_open"]),
    ({"requires": ("meritline-sdk>=1,<2",)}, ["range"]),
    ({"requires": ("meritline-sdk<=0.1",)}, ["range"]),
    ({"requires": ("meritline-sdk!=0.2.0,<1",)}, ["range"]),
    ({"entries": ("other",)}, ["entry"]),
    ({"licence": "", "author": ""}, ["licence", "author"]),
])  # fmt: skip
def test_what_a_distribution_says(changed: dict[str, Any], rules_found: list[str]) -> None:
    assert [one.rule for one in distribution_problems(about(**changed), "probe", "0.2.0")] == rules_found


def test_every_finding_has_words_in_both_languages() -> None:
    for rule, (code, severity, what, remedy) in WORDS.items():
        assert code.startswith(("E-PLUGIN-", "Q-")), rule
        assert severity in list(Severity)
        for english, chinese in (what, remedy):
            names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, chinese)]
            assert names[0] == names[1], rule
            assert english != chinese or english.startswith("{"), rule
    refused = {code for code, severity, _, _ in WORDS.values() if severity == "error" and code.startswith("E-")}
    catalogue = (Path(__file__).parents[2] / "platform/server/src/meritline/messages/catalogue/plugins.toml").read_text(
        "utf-8")
    assert all(f"[{code}]" in catalogue for code in refused)


def test_a_finding_is_bearable_whatever_it_repeats() -> None:
    one = found("type", "p" * 10_000, value="\x1b[31m" + "x" * 10_000, actual="a\nb", wanted="int")
    assert "\x1b" not in one.text()
    assert "\n" not in one.text()
    assert len(one.text("zh")) < 1200


def test_levels_hold_where_every_rule_below_holds() -> None:
    assert quality_of(()).level is PLATINUM
    assert quality_of(()).next is None
    assert quality_of([found("note", "a.b")]).level is GOLD
    assert quality_of([found("law", "a.b", value="order", reason="x", remedy="y")]).level is SILVER
    assert quality_of([found("golden_missing", "a.b")]).level is BRONZE
    worst = quality_of([found("kept", "own", value="own"), found("note", "a.b")])
    assert (worst.level, worst.next, [rule.key for rule, _ in worst.for_next()]) == (None, BRONZE, ["accepted"])
    broken_by = [name for rule in RULES for name in rule.broken_by]
    assert len(broken_by) == len(set(broken_by)), "one finding breaks one rule"
    assert set(broken_by) <= WORDS.keys()
    quality = {rule for rule, (code, _, _, _) in WORDS.items() if code.startswith("Q-")}
    assert quality <= set(broken_by), "what concerns quality counts for a level"
    assert [rule.level for rule in RULES] == sorted((rule.level for rule in RULES), key=LEVELS.index)


def test_the_hooks_are_those_of_the_sdk() -> None:
    assert KNOWN == {"indicator_sets": (), "tenant_defaults": ("profile",)}
    assert "meritline_sdk.testing" not in sys.modules or Mean is not None

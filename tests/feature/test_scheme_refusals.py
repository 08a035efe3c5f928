"""What no company can mean: refused when the manifest is checked, with file, line, item and remedy in both languages,
and alike when the same document comes as JSON."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from meritline.appraisal.documents import read_reward_table, read_scheme, scheme_document
from meritline.appraisal.scheme_references import score_of_problems
from meritline.documents import Document
from meritline.errors import Problem
from meritline.onboarding.manifest import Manifest, check
from meritline.plugins import Catalogue, catalogue_of
from meritline_sdk import (
    COUNT,
    HIGHER,
    LOWER,
    MINUTES,
    MONEY,
    PERCENT,
    POINTS,
    RATING,
    Attribution,
    Blank,
    Count,
    Indicator,
    IndicatorSet,
    Instant,
    Int,
    Item,
    Mean,
    Number,
    Person,
    RatedIndicator,
    Ratio,
    RecordType,
    SchemeTemplate,
    Sum,
    Template,
    Text,
    minutes,
    rules,
)


class Stall(RecordType, key="stall", title=Text("Stall", "摊位")):
    seller = Person()
    opened_at = Instant()
    answered_at = Instant(optional=True)
    judged = Int(minimum=5, maximum=20)
    loose = Int(minimum=0)
    price = Number(places=2, minimum=0)
    defaults = Attribution(credit=seller, at=opened_at)


def of(key: str, measure: Any, unit: Any, better: Any) -> Indicator:
    return Indicator(key, Text(key, f"指标{key}"), measure, unit, better)


ANSWERED = Stall.answered_at - Stall.opened_at
SHARE = of("share", Ratio(Count(Stall, where=minutes(30) >= ANSWERED), Count(Stall)), PERCENT, HIGHER)
WAIT = of("wait", Mean(ANSWERED), MINUTES, LOWER)
SALES = of("sales", Sum(Stall.price), MONEY, HIGHER)
DONE = of("done", Count(Stall), COUNT, HIGHER)
SLIPS = of("slips", Count(Stall, where=Stall.loose > 3), COUNT, LOWER)
JUDGED = of("judged", Sum(Stall.judged), POINTS, LOWER)
LOOSE = of("loose", Sum(Stall.loose), POINTS, LOWER)
MARKS = RatedIndicator("marks", Text("Marks", "评分"), scale_max=20, unit=RATING)
OFF = Blank("off_i01", Text("Points off per percentage point", "每低一个百分点减分"), suggested=2)
PRINTED = SchemeTemplate("s99", Text("As printed", "原文方案"), items=[
    Item(SHARE, Blank("weight_i01", Text("Weight", "权重")), rules.Deduct(OFF),
         Blank("target_i01", Text("Target", "目标"), "( )%")),
    Item(DONE, 40, rules.PerUnit(Blank("each", Text("Each", "每次"), taken=True)), title=Text("Done", "完成")),
])  # fmt: skip
STALLS = IndicatorSet("stalls", Text("Stalls", "摊位"), records=[Stall],
                      indicators=[SHARE, WAIT, SALES, DONE, SLIPS, JUDGED, LOOSE, MARKS],
                      templates=[Template(PRINTED, Text("A page", "一页"))])  # fmt: skip
CATALOGUE: Catalogue = catalogue_of(STALLS)
TENANT = """key = "firm"
name = "Firm"
time_zone = "Asia/Shanghai"
currency = "CNY"
languages = ["zh"]
country = "CN"
indicator_sets = ["stalls"]
"""
HEAD = """scheme = "mine"
valid_from = 2026-01-01
pass_score = 60
"""
GRADES = """[[grades.grade]]
key = "low"
[[grades.grade]]
key = "high"
limit = 60
"""
PAY = """reward_table = "pay"
scheme = "mine"
valid_from = 2026-01-01
"""


def line(indicator: str = "share", weight: object = 100, rule: str = '{ kind = "target_met" }', **more: object) -> str:
    """One ``[[item]]``."""
    given = {"indicator": f'"stalls.{indicator}"', "weight": weight, "rule": rule, **more}
    return "[[item]]\n" + "".join(f"{key} = {value}\n" for key, value in given.items() if value is not None)


def reward(kind: str, key: str = "one", **more: object) -> str:
    """One ``[[reward]]``."""
    return f'[[reward]]\nkind = "{kind}"\nkey = "{key}"\n' + "".join(f"{name} = {one}\n" for name, one in more.items())


def checked(folder: Path, scheme: str, pay: str = "", **others: str) -> list[Problem]:
    """What checking a manifest with these documents says."""
    files = {"tenant.toml": TENANT, "schemes/mine.toml": scheme} | {f"schemes/{key}.toml": text
                                                                    for key, text in others.items()}
    for name, text in (files | ({"rewards/pay.toml": pay} if pay else {})).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    found = check(folder, CATALOGUE)
    return list(found.warnings) if isinstance(found, Manifest) else found


def as_json(text: str) -> Mapping[str, Any]:
    """The document as a client sends it."""
    return {key: str(value) if isinstance(value, date) else value
            for key, value in tomllib.loads(text, parse_float=Decimal).items()}


TAKEN = HEAD + 'template = "stalls.s99"\n[blanks]\n'
SOUND = HEAD + line(target=90)
QUARTER = 'period = "quarter"\n' + SOUND.replace('"mine"', '"quarter"')
JUDGE = '{ kind = "judged", least = 5, most = 20 }'
INNER = '[[item]]\nkey = "{key}"\ntitle = "Inner"\n[[item.part]]\nitem = "{other}"\nweight = 1\n'
SCORES = HEAD + '[[item]]\nkey = "months"\ntitle = "Months"\nweight = 100\nrule = {{ kind = "as_points" }}\n' \
    'score_of = {{ {} }}\n'
# The document, the code it must get, and what must stand in the text.
SCHEMES = {
    "bands with a gap": (
        HEAD + line(rule='{ kind = "bands", row = [{ to = 60, points = 0 }, { from = 70, points = 9 }] }'),
        "E-BANDS-GAP", "60 to 70"),
    "bands that overlap": (
        HEAD + line(rule='{ kind = "bands", row = [{ to = 70, points = 0 }, { from = 60, points = 9 }] }'),
        "E-BANDS-OVERLAP", "60 to 70"),
    "two targets": (HEAD + line(weight=50, target=90) + line(weight=50, target=95, key='"again"'),
                    "E-TARGET-CONTRADICTS", "'again' wants 95"),
    "a target beyond the range": (HEAD + line(target='"105 %"'), "E-TARGET-RANGE", "between 0 and 100"),
    "a target below the range": (HEAD + line("done", target=-1), "E-TARGET-RANGE", "stalls.done"),
    "a start beyond the range": (HEAD + line(rule='{ kind = "above_floor", start = 101, points = 1 }'),
                                 "E-TARGET-RANGE", "101"),
    "steps of another unit": (
        HEAD + line("sales", target=9, rule='{ kind = "deduct", points = 1, per = "percentage_point" }'),
        "E-TARGET-UNIT", "money"),
    "a start in minutes": (HEAD + line(rule='{ kind = "above_floor", start = "60 min", points = 1 }'),
                           "E-TARGET-UNIT", "60 min"),
    "minutes as points": (HEAD + line("wait", rule='{ kind = "as_points" }'), "E-RULE-UNIT", "minute"),
    "20 marks of 100": (HEAD + line("marks", rule='{ kind = "as_points" }'), "E-RULE-SCALE", "full = 20"),
    "no tolerance of what is good": (HEAD + line(rule='{ kind = "zero_tolerance" }'), "E-RULE-DIRECTION", "share"),
    "a share that is judged": (HEAD + line(rule=JUDGE), "E-RULE-UNIT", "stalls.share"),
    "a count that is judged": (HEAD + line("done", rule=JUDGE), "E-JUDGED-SUM", "stalls.done"),
    "judged without limits": (HEAD + line("loose", rule=JUDGE), "E-JUDGED-RANGE", "stall.loose"),
    "judged beyond the range": (HEAD + line("judged", rule='{ kind = "judged", least = 5, most = 10 }'),
                                "E-JUDGED-RANGE", "5 to 20"),
    "judged from more to less": (HEAD + line("judged", rule='{ kind = "judged", least = 20, most = 5 }'),
                                 "E-DOC-ORDER", "least"),
    "a weight below zero": (HEAD + line(weight=-5, target=90), "E-DOC-LEAST", "-5"),
    "weights of 90": (HEAD + line(weight=90, target=90), "E-SCHEME-WEIGHTS", "instead of 72"),
    "weights out of the tolerance": ("weight_tolerance = 0.01\n" + HEAD + line(weight="99.98", target=90),
                                     "E-SCHEME-WEIGHTS", "0.02"),
    "an open blank": (TAKEN + 'weight_i01 = 60\ntarget_i01 = "90 %"\neach = 5\n',
                      "E-SCHEME-BLANK", "We suggest 2"),
    "a blank that nobody knows": (TAKEN + 'weight_i01 = 60\ntarget_i01 = 90\neach = 5\n'
                                  "off_i01 = 2\noff_i1 = 2\n", "E-SCHEME-BLANK-UNKNOWN", "off_i01"),
    "a blank of another unit": (TAKEN + 'weight_i01 = 60\ntarget_i01 = "90 s"\neach = 5\n'
                                "off_i01 = 2\n", "E-TARGET-UNIT", "90 s"),
    "a deduction with a minus": (TAKEN + 'weight_i01 = 60\ntarget_i01 = 90\neach = -5\n'
                                 "off_i01 = 2\n", "E-SCHEME-BLANK-MINUS", "each"),
    "a composite in a circle": (
        HEAD + '[[item]]\nkey = "whole"\ntitle = "Whole"\nweight = 100\n[[item.part]]\nitem = "a"\nweight = 1\n'
        + INNER.format(key="a", other="b") + INNER.format(key="b", other="a"), "E-ITEM-CIRCLE", "a → b → a"),
    "a part that is a line": (HEAD + line(weight=50, target=90, key='"share"') + '[[item]]\nkey = "w"\ntitle = "W"\n'
                              'weight = 50\n[[item.part]]\nitem = "share"\nweight = 1\n', "E-ITEM-WEIGHED", "share"),
    "a part that nobody knows": (HEAD + '[[item]]\nkey = "w"\ntitle = "W"\nweight = 100\n[[item.part]]\nitem = "x"\n'
                                 "weight = 1\n", "E-ITEM-UNKNOWN", "x"),
    "a period without an end": ('period = "2026-01-01/"\n' + SOUND, "E-SCHEME-PERIOD", "2026-01-01/"),
    "a period from and no to": ("period = { from = 2026-01-01 }\n" + SOUND, "E-SCHEME-PERIOD", "from"),
    "scores of a longer period": (SCORES.format('scheme = "quarter"'), "E-SCORE-OF-PERIOD", "quarter"),
    "scores of itself": (SCORES.format('scheme = "mine"'), "E-SCORE-OF-PERIOD", "mine"),
    "scores of nobody": (SCORES.format('scheme = "quarters"'), "E-SCORE-OF-UNKNOWN", "quarter"),
    "more scores than there are": (
        'period = "year"\n' + SCORES.format('scheme = "quarter", least = 5'), "E-SCORE-OF-LEAST", "4"),
    "months of a quarter's scheme": ('period = "year"\n' + SCORES.format('scheme = "quarter", period = "month"'),
                                     "E-SCORE-OF-KIND", "month"),
    "lighter than another": ('heaviest = ["wait"]\n' + HEAD + line(weight=60, target=90) + line("wait", 40, target=9),
                             "E-SCHEME-HEAVIEST", "60.00"),
    "the heaviest of nothing": ('heaviest = ["waiting"]\n' + SOUND, "E-SCHEME-HEAVIEST-UNKNOWN", "waiting"),
    "a dimension misspelt": (HEAD + line(target=90, dimension='"speeed"') + '[[dimension]]\nkey = "speed"\n',
                             "E-DIMENSION-UNKNOWN", "speed"),
    "a dimension without items": (SOUND + '[[dimension]]\nkey = "speed"\n', "E-DIMENSION-EMPTY", "speed"),
    "an inner sum": (HEAD + line(weight=70, target=90, dimension='"d"') + '[[dimension]]\nkey = "d"\nweight = 100\n'
                     "inner = true\n", "E-DIMENSION-SUM", "missing 30"),
    "a granted grade of nothing": (SOUND + GRADES + '[[grades.granted]]\nkey = "super"\nindicator = "stalls.super"\n',
                                   "E-INDICATOR-UNKNOWN", "stalls.super"),
    "a veto of another unit": (SOUND + '[[veto]]\nkey = "v"\nindicator = "stalls.wait"\nover = "5 %"\n',
                               "E-TARGET-UNIT", "5 %"),
    "a cap below the floor": ("floor = 90\ncap = 80\n" + SOUND, "E-DOC-ORDER", "90"),
    "a policy that there is not": (HEAD + line(target=90, policies='{ failed = "ignore" }'), "E-DOC-CHOICE", "ignore"),
}  # fmt: skip
REWARDS = {
    "by grade and by rank": (reward("by_grade", amounts="{ low = 1, high = 2 }")
                             + reward("by_rank", "two", amounts="[3]", beyond=0), "E-REWARD-LEVEL-AND-RANK", "'two'"),
    "ranks without an end": (reward("by_rank", amounts="[300, 200]"), "E-REWARD-TAIL", "beyond = 0"),
    "ranks with two ends": (reward("by_rank", amounts="[3]", beyond=0, tail_step=1), "E-REWARD-TAIL", "0"),
    "fines unconfirmed": (reward("fixed", amount=9, pays='"performance_bonus"')
                          + reward("fine", "late", indicator='"stalls.slips"', amount=5),
                          "E-REWARD-FINES", "article 16"),
    "terms of no rule": (reward("fixed", amount=9) + '[[terms]]\nrules = ["tow"]\n', "E-TERMS-RULE", "one"),
    "a condition of no grade": (reward("award", amount=9, when='{ grades = ["best"] }'),
                                "E-REWARD-GRADE-UNKNOWN", "best"),
    "an empty condition": (reward("award", amount=9, when="{}"), "E-WHEN-EMPTY", "passed"),
    "a condition that never holds": (reward("award", amount=9, when="{ score_at_least = 90, score_below = 90 }"),
                                     "E-WHEN-NEVER", "90"),
    "a coefficient twice": (reward("coefficient", per=100, by_grade="{ low = 1, high = 2 }"),
                            "E-REWARD-COEFFICIENT", "100"),
    "a pool that shrinks": (reward("pool", indicator='"stalls.done"', amount=9, at_least=1)
                            + '[[terms]]\nrules = ["one"]\nby_days = true\n', "E-TERMS-POOL", "one"),
    "an act that there is not": (reward("proposal", act='"flogging"', when="{ passed = false }"),
                                 "E-DOC-CHOICE", "flogging"),
    "a run of nothing": (reward("award", amount=9, when="{ passed = false }", in_a_row="{ periods = 0 }"),
                         "E-DOC-LEAST", "0"),
    "a fine that is called an allowance": (reward("fixed", amount=-50), "E-DOC-LEAST", "below 0"),
    "a place that costs money": (reward("by_rank", amounts="[300, -200]", beyond=0), "E-DOC-LEAST", "below 0"),
    "a grade that costs money": (reward("by_grade", amounts="{ low = -1, high = 2 }"), "E-DOC-LEAST", "below 0"),
    "a pool that takes": (reward("pool", indicator='"stalls.done"', amount=-9, at_least=1), "E-DOC-LEAST", "below 0"),
    "a cap below nothing": (reward("per_reading", indicator='"stalls.slips"', amount=9, cap=-1),
                            "E-DOC-LEAST", "below 0"),
    "a reduction of what is only proposed": (
        reward("proposal", act='"prize"', when="{ score_below = 60 }", pays='"prize"')
        + reward("reduction", "two", percent=5, reduces='"prize"', when="{ score_below = 60 }"),
        "E-REWARD-REDUCES", "prize"),
    "a reduction of a reduction": (
        reward("fixed", amount=9, pays='"m"')
        + reward("reduction", "two", percent=5, reduces='"m"', when="{ score_below = 60 }")
        + reward("reduction", "three", percent=5, reduces='"reduction_two"', when="{ score_below = 60 }"),
        "E-REWARD-REDUCES", "m"),
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEMES)
def test_a_scheme_that_cannot_be_meant_is_refused_where_it_is_wrong(tmp_path: Path, name: str) -> None:
    text, code, says = SCHEMES[name]
    told = [one for one in checked(tmp_path, text, quarter=QUARTER) if one.severity == "error"]
    (found,) = told
    assert (found.code, found.file) == (code, "schemes/mine.toml"), found.text()
    assert found.line is not None
    assert says in found.text("en"), found.text("en")
    assert found.text("zh") != found.text("en")
    assert "?" not in found.text("zh") + found.text("en"), "every place of the template is filled"
    document = Document(as_json(text))
    draft, problems = read_scheme(document, CATALOGUE.indicators(), CATALOGUE.templates(), records=CATALOGUE.records)
    if draft is not None:
        known = {"mine": draft.scheme, "quarter": quarter()}
        problems = [*problems, *score_of_problems(document, draft.scheme, known)]
    assert [one.code for one in problems if one.severity == "error"] == [code], "by the API as by the manifest"
    assert all(one.field for one in problems), "a place by its way"


def quarter() -> Any:
    draft, _ = read_scheme(Document(as_json(QUARTER)), CATALOGUE.indicators())
    assert draft is not None
    return draft.scheme


@pytest.mark.parametrize("name", REWARDS)
def test_a_reward_table_that_cannot_be_meant_is_refused_where_it_is_wrong(tmp_path: Path, name: str) -> None:
    rows, code, says = REWARDS[name]
    told = [one for one in checked(tmp_path, SOUND + GRADES, PAY + rows) if one.severity == "error"]
    (found,) = told
    assert (found.code, found.file) == (code, "rewards/pay.toml"), found.text()
    assert found.line is not None
    assert found.line > 3, "the rule or the terms"
    assert says in found.text("en"), found.text("en")
    assert found.text("zh") != found.text("en")
    assert "?" not in found.text("zh") + found.text("en")


def test_what_is_only_told_keeps_nobody_from_saving(tmp_path: Path) -> None:
    text = ('heaviest = ["share"]\nweights = "renormalise"\n' + HEAD + line(weight=30, target=100)
            + line("wait", 30, target=45) + line(weight=30, target=100, key='"again"'))  # fmt: skip
    told = {one.code: one for one in checked(tmp_path, text)}
    assert set(told) == {"E-SCHEME-HEAVIEST-EQUAL", "E-SCHEME-WEIGHTS-NOT-100", "E-SCHEME-DUPLICATE",
                         "E-TARGET-OVERSHADOWED"}  # fmt: skip
    assert "1800 s" in told["E-TARGET-OVERSHADOWED"].text()
    apart = line(weight=50, target=90, title='"Asked"') + line(weight=50, target=95, key='"b"', title='"Hoped"')
    assert {one.code for one in checked(tmp_path / "b", HEAD + apart)} == {"E-SCHEME-DUPLICATE"}


def test_every_open_blank_is_told_at_once_with_its_line_and_ours(tmp_path: Path) -> None:
    told = checked(tmp_path, HEAD + 'template = "stalls.s99"\n')
    assert [(one.code, one.line, one.params["blank"]) for one in told] == [
        ("E-SCHEME-BLANK", 4, key) for key in ("weight_i01", "target_i01", "off_i01", "each")]
    assert told[2].text() == (
        "schemes/mine.toml:4  points: stalls.share, points: the blank 'off_i01' (Points off per percentage point), "
        'printed as "( )", is not filled. Write off_i01 = ... under [blanks], in the unit of its place. We suggest 2. '
        "(E-SCHEME-BLANK)")  # fmt: skip
    assert "每低一个百分点减分" in told[2].text("zh")
    filled = '[blanks]\nweight_i01 = 60\ntarget_i01 = "90%"\noff_i01 = 2\neach = 5\n'
    document = Document(as_json(HEAD + 'template = "stalls.s99"\n' + filled))
    draft, problems = read_scheme(document, CATALOGUE.indicators(), CATALOGUE.templates())
    assert not problems
    assert draft is not None
    first, second = draft.scheme.items
    assert (first.weight, first.target, first.rule) == (60, 90, rules.Deduct(2))
    assert second.rule == rules.PerUnit(-5), "printed as a deduction, filled without a sign"
    replaced = scheme_document(draft.scheme)["item"]
    own = {"scheme": "mine", "template": "stalls.s99", "valid_from": "2026-01-01", "item": replaced}
    again, problems = read_scheme(Document(own), CATALOGUE.indicators(), CATALOGUE.templates())
    assert not problems, "who says the lines needs no blanks"
    assert again is not None
    assert again.scheme.items == draft.scheme.items


def test_a_reward_table_by_rank_needs_no_more_than_its_end() -> None:
    document = as_json(PAY + reward("by_rank", amounts="[300]", beyond=0))
    draft, problems = read_reward_table(Document(document), CATALOGUE.indicators(), {"mine": quarter()})
    assert not problems
    assert draft is not None

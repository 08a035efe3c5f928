"""What a stranger's type checker says: nothing of a sound plugin, and the right line of every planted mistake."""

import ast
import inspect
import re
import subprocess
import sys
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path

import pytest

import meritline_sdk

SOUND = '''
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from meritline_sdk import (
    COUNT, HIGHER, HOURS, LOWER, MINUTES, PERCENT, Answer, Attribution, Choice, Code, Count, Grade, GradeBands,
    Indicator, IndicatorSet, Instant, Int, Item, Mean, Number, Parameter, People, Percentile, Period, Person, Pool,
    PythonMeasure, Ratio, RatedIndicator, RecordType, RewardTable, Row, Scheme, Team, TenantDefaults, TenantProfile,
    Text, each, exists, hookimpl, hours, rules,
)
from meritline_sdk.testing import laws_for, make_record, read_indicator


class Callout(RecordType, key="callout", title=Text("Call-out", "急修单")):
    """An emergency call."""

    mechanic = Person()
    helpers = People(optional=True)
    depot = Team(optional=True)
    order_no = Code()
    opened_at = Instant()
    closed_at = Instant(optional=True)
    visits = Int(minimum=0)
    parts_cost = Number(places=2, minimum=0, optional=True)
    outcome = Choice(options=("fixed", "open"))
    defaults = Attribution(credit=mechanic, at=closed_at)


def longest_gap(rows: Sequence[Row], settings: Mapping[str, object], period: Period) -> Answer | None:
    closed = sorted(row.closed_at for row in rows if row.closed_at)
    gaps = [later - earlier for earlier, later in zip(closed, closed[1:], strict=False)]
    return Answer(max(gaps) // timedelta(minutes=1), MINUTES, sample=len(closed)) if gaps else None


WITHIN = Parameter("within", hours(2), title=Text("Within", "时限"))
again = exists(Callout, lambda other: (other.order_no == Callout.order_no) & (other.opened_at > Callout.closed_at))
first_time = (Callout.visits == 1) & ~again & Callout.outcome.one_of("fixed")
reveal_type(Callout.visits == 1)
reveal_type(Callout.closed_at - Callout.opened_at)
reveal_type(Callout.external_id)

FIRST = Indicator("first", Text("First-time fix", "一次修复"), minimum_sample=5, better=HIGHER, settles_after=hours(48),
                  measure=Ratio(Count(Callout, where=first_time), Count(Callout)), unit=PERCENT)
SHARED = Indicator("shared", Text("Calls", "次数"), Count(Callout, credit=each(Callout.helpers)), COUNT, HIGHER)
SLOW = Indicator("slow", Text("Slow", "慢"), Percentile(Callout.closed_at - Callout.opened_at, 90), HOURS, LOWER)
COST = Indicator("cost", Text("Cost", "费用"), Mean(Callout.parts_cost, at=Callout.opened_at), COUNT, LOWER)
GAP = Indicator("gap", Text("Longest gap", "最长间隔"), PythonMeasure(
    longest_gap, Callout, rows={"closed_at": Callout.closed_at}, says=Text("The gap.", "间隔。")), MINUTES, LOWER)
CARE = RatedIndicator("care", Text("Care", "保养"), raters=("manager", "peer"))
CARD = Scheme("card", Text("Card", "卡"), items=(
    Item(FIRST, 60, rules.Deduct(2, full=100), target=90), Item(CARE, 40, rules.AsPoints())),
    grades=GradeBands((Grade("low", Text("Low", "低")), Grade("high", Text("High", "高"), 60))))
PAY = RewardTable("pay", Text("Pay", "奖"), "card", (Pool("pot", Text("Pot", "池"), FIRST, 500, 95),))
ELEVATOR = IndicatorSet("elevator", Text("Elevators", "电梯"), records=[Callout], schemes=[CARD], rewards=[PAY],
                        indicators=[FIRST, SHARED, SLOW, COST, GAP, CARE])


@hookimpl
def indicator_sets() -> list[IndicatorSet]:
    return [ELEVATOR]


@hookimpl
def tenant_defaults(profile: TenantProfile) -> list[TenantDefaults]:
    return [ELEVATOR.fitted(rewards=[])] if profile.currency != "CNY" else []


TestElevator = laws_for(indicator_sets)
record = make_record(Callout, mechanic="M1", closed_at=datetime(2026, 5, 1, tzinfo=UTC), visits=1)
value = read_indicator(FIRST, [record], period="2026-05").value
assert value == 100
'''
WRONG = '''
from collections.abc import Mapping, Sequence

from meritline_sdk import *
from meritline_sdk.testing import make_record, read_indicator


class Callout(RecordType, key="callout", title=Text("Call-out", "急修单")):
    mechanic = Person()
    closed_at = Instant()
    visits = Int(minimun=0)  # E: call-arg
    defaults = Attribution(credit=closed_at, at=closed_at)  # E: arg-type


def half(rows: Sequence[Row], settings: Mapping[str, object], period: Period) -> Answer:
    return Answer(0.5, COUNT)  # E: arg-type


def bare(rows: Sequence[Row], settings: Mapping[str, object], period: Period) -> float:
    return 1


misspelt = Callout.visit == 1  # E: attr-defined
count = Count("callout")  # E: arg-type
plain = Count(Callout, where=True)  # E: arg-type
credit = Count(Callout, credit="mechanic")  # E: arg-type
ratio = Ratio(Count(Callout), Mean(Callout.visits))  # E: arg-type
asked = PythonMeasure(bare, Callout, rows={"visits": Callout.visits}, says=Text("A", "甲"))  # E: arg-type
FIX = Indicator("fix", "First-time fix", Count(Callout), COUNT, HIGHER)  # E: arg-type
UP = Indicator("up", Text("Up", "升"), Count(Callout), COUNT, "higher")  # E: arg-type
UNIT = Indicator("unit", Text("Unit", "单位"), Count(Callout), "count", HIGHER)  # E: arg-type
NONE = Indicator("none", Text("None", "无"), unit=COUNT, better=HIGHER)  # E: call-arg
UP.key = "down"  # E: misc
rule = rules.Deduct(2, fulll=100)  # E: call-arg
item = Item(UP, 50.5, rule)  # E: arg-type
gone = Indicatr  # E: name-defined
made = make_record("callout", visits=1)  # E: arg-type
text: str = read_indicator(UP, []).value  # E: assignment


@hookimpl  # E: type-var
def indicator_sets() -> list[Indicator]:
    return [UP]


@hookimpl  # E: type-var
def tenant_defaults(profile: str) -> list[TenantDefaults]:
    return []
'''


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[int, str, str]]]:
    """What ``mypy --strict`` says of both plugins, outside the checkout, against the SDK that is installed."""
    folder = tmp_path_factory.mktemp("typed")
    (folder / "sound.py").write_text(SOUND, "utf-8")
    (folder / "wrong.py").write_text(WRONG, "utf-8")
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--config-file=", "--show-error-codes",
                           "--no-error-summary", "sound.py", "wrong.py"], cwd=folder, capture_output=True,
                          encoding="utf-8", check=False)  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, list[tuple[int, str, str]]] = {"sound": [], "wrong": []}
    for line in done.stdout.splitlines():
        told = re.match(r"(\w+)\.py:(\d+): (error|note): (.*?)(?:  \[([\w-]+)\])?$", line)
        assert told, line
        found[told[1]].append((int(told[2]), told[5] or told[3], told[4]))
    return found


def test_a_sound_plugin_is_clean_and_a_condition_is_an_expression(said: dict[str, list[tuple[int, str, str]]]) -> None:
    expression = 'Revealed type is "meritline_sdk.model.expressions.Expr"'
    assert [(code, told) for _, code, told in said["sound"]] == [("note", expression)] * 3


def test_every_planted_mistake_is_found_at_its_line(said: dict[str, list[tuple[int, str, str]]]) -> None:
    planted = {(number, line.rpartition("# E: ")[2]) for number, line in enumerate(WRONG.splitlines(), 1)
               if "# E: " in line}
    assert {(line, code) for line, code, _ in said["wrong"] if code != "note"} == planted


def test_what_type_checkers_see_of_a_signature_is_what_there_is() -> None:
    """Where a class takes more than it keeps, its signature stands there twice: names and defaults must agree."""
    found = 0
    for path in sorted((Path(meritline_sdk.__file__).parent / "model").glob("*.py")):
        module = import_module(f"meritline_sdk.model.{path.stem}")
        for cls in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef)):
            for typed in (inner for one in cls.body if isinstance(one, ast.If) for inner in one.body
                          if isinstance(inner, ast.FunctionDef) and inner.name == "__init__"):
                real = inspect.signature(getattr(module, cls.name))
                assert is_dataclass(getattr(module, cls.name))
                assert [one.arg for one in typed.args.args[1:]] == list(real.parameters), cls.name
                given = [one.default for one in real.parameters.values() if one.default is not inspect.Parameter.empty]
                assert [ast.literal_eval(one) for one in typed.args.defaults] == given, cls.name
                found += 1
    assert found == 2


def test_the_three_lists_of_public_names_agree() -> None:
    """The import that type checkers read, the table that loads a name, and ``__all__``."""
    for package in ("meritline_sdk", "meritline_sdk.testing"):
        module = import_module(package)
        assert module.__file__ is not None
        tree = ast.parse(Path(module.__file__).read_text("utf-8"))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
                    and (node.module or "").startswith("meritline_sdk") for alias in node.names}
        loaded = set(module._HOME) | ({"rules"} if package == "meritline_sdk" else set())
        assert imported == loaded == set(module.__all__), package
        assert len(module.__all__) == len(set(module.__all__))
        assert all(hasattr(module, name) for name in module.__all__)
        with pytest.raises(AttributeError, match="no attribute 'Indicatr'"):
            _ = module.Indicatr

"""What a plugin's author has in pytest: records and readings on the spot, the suite of one line, short failures."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from meritline_sdk import COUNT, HIGHER, Attribution, Choice, Count, Day, Indicator, Instant, Int, People, Person, Text
from meritline_sdk import RecordType as Record
from meritline_sdk.testing import CaseError

TITLE = Text("Title", "标题")
MAY = datetime(2026, 5, 3, 8, tzinfo=UTC)
PLUGIN = '''
from meritline_sdk import *


class Visit(RecordType, key="fix_lift_visit", title=Text("Visit", "上门")):
    mechanic = Person()
    on = Instant()
    visits = Int(minimum=1)
    defaults = Attribution(credit=mechanic, at=on)


def most(rows, settings, period):
    return Answer(max(row.visits for row in rows), COUNT)


def share(rows, settings, period):
    return Answer(sum(row.visits for row in rows) / len(rows), COUNT)


def indicator(key, function):
    return Indicator(key, Text(key, "指标"), unit=COUNT, better=HIGHER, measure=PythonMeasure(
        function, Visit, rows={"visits": Visit.visits}, says=Text("Something.", "某值。")))


@hookimpl
def indicator_sets():
    return [IndicatorSet("fix_lift", Text("Lifts", "电梯"), records=[Visit],
                         indicators=[indicator("most", most), indicator("share", share)])]
'''
SUITE = '''
from fix_lift import indicator_sets
from meritline_sdk.testing import laws_for

TestLift = laws_for(indicator_sets)
'''
CASE = '''
indicator = "most"
subject = "M1"
records = [
  { mechanic = "M1", on = 2026-05-01T08:00:00+08:00, visits = 2 },
  { mechanic = "M1", on = 2026-05-02T08:00:00+08:00, visits = 5 },
]
expect = { value = 5, sample = 2 }
'''


class Visit(Record, key="fixture_visit", title=TITLE):
    mechanic = Person()
    helpers = People(optional=True)
    on = Instant(optional=True)
    due = Day(optional=True)
    visits = Int(minimum=0)
    outcome = Choice(options=("fixed", "open"), optional=True)
    defaults = Attribution(credit=mechanic, at=on)


VISITS = Indicator("visits", TITLE, Count(Visit, where=Visit.outcome == "fixed"), COUNT, HIGHER)


def test_a_record_is_made_and_read(make_record: Callable[..., Any], read_indicator: Callable[..., Any]) -> None:
    records = [make_record(Visit, mechanic="M1", on=MAY, outcome="fixed", helpers=[("M2", 1), ("M3", 2)]),
               make_record(Visit, mechanic="M1", on=MAY, outcome="open"), make_record(Visit, mechanic="M2", on=MAY)]
    found = read_indicator(VISITS, records, subject="M1", period="2026-05")
    assert (found.value, found.state) == (Fraction(1), "measured")
    assert read_indicator(VISITS, records, subject="M1", period="2026-06").value == 0
    assert read_indicator(VISITS, [], subject="M1", covered=False).reason == "not_delivered"
    assert len({one["external_id"] for one in records}) == 3
    with pytest.raises(TypeError):
        records[0]["visits"] = 3


@pytest.mark.parametrize(("given", "says"), [
    ({"mechanik": "M1"}, "no field 'mechanik'; did you mean 'mechanic'"),
    ({"visits": "two"}, "visits = 'two' is not a int"),
    ({"on": datetime(2026, 5, 3)}, "on = .* is not a instant"), ({"outcome": "fine"}, "outcome = 'fine'"),  # noqa: DTZ001
    ({"visits": 1.5}, "visits = 1.5"), ({"due": MAY}, "due = "),
])
def test_a_wrong_field_is_named(make_record: Callable[..., Any], given: dict[str, Any], says: str) -> None:
    with pytest.raises(CaseError, match=says):
        make_record(Visit, **given)


def test_a_wrong_scene_is_named(make_record: Callable[..., Any], read_indicator: Callable[..., Any]) -> None:
    record = make_record(Visit, mechanic="M1", on=MAY)
    with pytest.raises(CaseError, match=r"there is no periode; there are .*period"):
        read_indicator(VISITS, [record], periode="2026-05")
    with pytest.raises(CaseError, match="made with make_record"):
        read_indicator(VISITS, [{"mechanic": "M1"}])
    with pytest.raises(CaseError, match="say subject"):
        read_indicator(VISITS, [record, make_record(Visit, mechanic="M2", on=MAY)])


def test_no_installed_plugin_is_discovered_where_it_is_asked_for(request: pytest.FixtureRequest) -> None:
    assert len(entry_points(group="meritline.plugins")) >= 4
    request.getfixturevalue("only_this_plugin")
    assert not entry_points(group="meritline.plugins")
    assert entry_points(group="pytest11")


def test_one_line_gives_the_suite_and_a_failure_is_short(tmp_path: Path) -> None:
    (tmp_path / "golden").mkdir()
    for name, text in (("fix_lift.py", PLUGIN), ("test_lift.py", SUITE), ("golden/most.toml", CASE)):
        (tmp_path / name).write_text(text, "utf-8")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "test_lift.py"],
                          cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    said = done.stdout
    assert "1 failed, " in said, said
    assert " passed, 1 skipped" in said
    assert "share breaks the law 'checked': it answers with an Answer in the indicator's unit" in said
    assert "found: answer_float: the value is a float (" in said
    assert "smallest example: {id = 'made_up/" in said
    assert "what to do: Give Fraction(a, b)" in said
    assert "Traceback" not in said
    assert "law_functions.py" not in said
    assert "SQL is compared in a database: give --meritline-database" in said
    assert "time of Python measures" in said
    assert "most: " in said
    assert " ms for " in said

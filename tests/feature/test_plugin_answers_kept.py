"""What plugins answered is kept: nobody is asked twice for the same files, and nobody else's word is believed.

What is looked at is which plugins any process is asked to import (``asked``), and which are examined (``looked``).
"""

import os
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from meritline.plugins import Catalogue, asking, host
from meritline.plugins.kept import Kept, kept_in
from meritline.plugins.processes import declaring

GOOD = """
    from meritline_sdk import *
    class Job(RecordType, key="kept_{n}", title=Text("Job", "工单")):
        worker = Person()
        done_at = Instant()
        defaults = Attribution(credit=worker, at=done_at)
    DONE = Indicator("done", Text({title}, "完成量"), measure=Count(Job), unit=COUNT, better=HIGHER)
    @hookimpl
    def indicator_sets():
        return [IndicatorSet("kept_{n}", Text("Set", "指标集"), records=[Job], indicators=[DONE])]
"""
type Install = Callable[..., None]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    found = kept_in(tmp_path / "cache")
    assert found
    assert found.folder.stat().st_mode & 0o777 == 0o700
    return found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    real = declaring.conversation

    def noted(questions: Any, limits: Any) -> Any:
        found.extend(one["source"]["module"] for number, one in sorted(questions.items()) if number >= 0)
        return real(questions, limits)

    monkeypatch.setattr(declaring, "conversation", noted)
    return found


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    real = asking.unacceptable

    def noted(one: Any, *rest: Any) -> Any:
        found.append(one.name)
        return real(one, *rest)

    monkeypatch.setattr(asking, "unacceptable", noted)
    return found


def put(install: Install, name: str, title: str = '"Done"', before: str = "", **given: Any) -> None:
    install(name, f"{dedent(before)}\n{dedent(GOOD.format(n=name, title=title))}", **given)


def opened(kept: Kept | None, *names: str) -> Catalogue:
    """As a process does that begins now."""
    host.REMEMBERED.clear()
    return host.load(frozenset(names), kept=kept).catalogue()


def title(catalogue: Catalogue, name: str = "one") -> str:
    return str(catalogue.sets[f"kept_{name}"].set.indicators[0].title.en)


def test_nobody_is_asked_or_examined_twice(install: Install, kept: Kept, asked: list[str], looked: list[str]) -> None:
    put(install, "one")
    put(install, "two")
    first = opened(kept, "one", "two")
    assert (sorted(asked), sorted(looked)) == (["probe_one", "probe_two"], ["one", "two"])
    again = opened(kept, "one", "two")
    assert (len(asked), len(looked)) == (2, 2)
    assert (again.sets, again.plugins, [*again.records]) == (first.sets, first.plugins, [*first.records])
    assert again.sets == opened(None, "one", "two").sets
    assert (len(asked), len(looked)) == (4, 4), "without a folder all are asked"


def test_what_changed_is_asked_again_and_alone(install: Install, kept: Kept, asked: list[str], tmp_path: Path) -> None:
    put(install, "one")
    put(install, "two")
    opened(kept, "one", "two")
    asked.clear()
    file = tmp_path / "site/probe_one.py"
    times = (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    file.write_text(file.read_text("utf-8").replace('"Done"', '"Gone"'), "utf-8")
    os.utime(file, ns=times)  # neither its time, its size nor its version says so
    assert (title(opened(kept, "one", "two")), asked) == ("Gone", ["probe_one"])
    asked.clear()
    put(install, "one", editable=True)
    assert (title(opened(kept, "one", "two")), asked) == ("Done", []), "as it was before"


def test_what_it_reads_elsewhere_is_part_of_it(install: Install, kept: Kept, asked: list[str], tmp_path: Path) -> None:
    words, module = tmp_path / "words.txt", tmp_path / "site/borrowed/names.py"
    module.parent.mkdir()
    words.write_text("First")
    module.write_text("WORD = 'First'")
    put(install, "one", "WORD", f"WORD = open({str(words)!r}).read()")
    put(install, "two", "WORD", "from borrowed.names import WORD")
    opened(kept, "one", "two")
    assert title(opened(kept, "one", "two")) == "First"
    assert len(asked) == 2
    words.write_text("Second")
    module.write_text("WORD = 'Third'")
    catalogue = opened(kept, "one", "two")
    assert (title(catalogue), title(catalogue, "two"), len(asked)) == ("Second", "Third", 4)


LOOKING = {
    "name": "try:\n    from probe_words import WORD\nexcept ImportError:\n    WORD = 'none'",
    "installed": "from importlib.metadata import distributions\nWORD = str(sum('other_' in str(one._path) for one in "
                 "distributions()))",
}


def test_what_it_looks_for_and_does_not_find_is_part_of_it(install: Install, kept: Kept, asked: list[str],
                                                           tmp_path: Path) -> None:
    for name, before in LOOKING.items():
        put(install, name, "WORD", before)
    put(install, "one")
    every = (*LOOKING, "one")
    opened(kept, *every)
    (tmp_path / "site/unrelated.py").write_text("")
    found = opened(kept, *every)
    assert (title(found, "name"), title(found, "installed"), len(asked)) == ("none", "0", 3)
    (tmp_path / "site/probe_words.py").write_text("WORD = 'found'")
    (tmp_path / "site/other_thing-1.0.dist-info").mkdir()
    found = opened(kept, *every)
    assert (title(found, "name"), title(found, "installed")) == ("found", "1")
    assert sorted(asked[3:]) == ["probe_installed", "probe_name"], "nobody else is asked again"


NOT_KEPT = {
    "clock": ("str(time.time_ns())", "import time"),
    "day": ("date.today().isoformat()", "from datetime import date"),
    "zone": ("time.tzname[0]", "import time"),
    "dice": ("str(random.random())", "import random"),
    "machine": ("WORD", "WORD = open('/proc/self/stat').read()[:0] + 'Done'"),
    "listing": ("WORD", "import os; WORD = os.listdir('..')[0][:0] + 'Done'"),
}


def test_what_is_no_function_of_files_is_asked_every_time(install: Install, kept: Kept, asked: list[str]) -> None:
    for name, (word, before) in NOT_KEPT.items():
        put(install, name, word, before)
    put(install, "one")
    install("broken", "raise RuntimeError('now and then')")
    every = (*NOT_KEPT, "one", "broken")
    opened(kept, *every)
    asked.clear()
    catalogue = opened(kept, *every)
    assert sorted(asked) == sorted(f"probe_{name}" for name in (*NOT_KEPT, "broken"))
    assert [each.code for each in catalogue.problems] == ["E-PLUGIN-IMPORT"]


def test_what_is_refused_is_examined_and_told_every_time(install: Install, kept: Kept, looked: list[str]) -> None:
    install("one", GOOD.format(n="one", title='"Done"').replace('title=Text("Job", "工单")', 'title="Job"'))
    first, second = opened(kept, "one"), opened(kept, "one")
    assert [each.code for each in first.problems] == ["E-PLUGIN-DECLARES"]
    assert first.problems == second.problems
    assert looked == ["one", "one"]


def spoiled(kept: Kept, how: Callable[[Path], None]) -> None:
    for path in kept.folder.iterdir():
        how(path)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def said_otherwise(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"Done", b"Gone"))


def linked(path: Path) -> None:
    path.symlink_to(path.rename(path.parent.parent / path.name))


def exchanged(path: Path) -> None:
    """The text of one under the name of another."""
    for other in path.parent.glob("declared-*"):
        if path.name.startswith("declared-") and other != path:
            path.write_bytes(other.read_bytes())


@pytest.mark.parametrize("how", [cut, said_otherwise, linked, exchanged, lambda path: path.chmod(0o666),
                                 lambda path: (path.unlink(), os.mkfifo(path, 0o600))])
def test_what_is_not_as_it_was_written_is_not_believed(install: Install, kept: Kept, asked: list[str],
                                                       how: Callable[[Path], None]) -> None:
    put(install, "one")
    put(install, "two")
    opened(kept, "one", "two")
    asked.clear()
    spoiled(kept, how)
    assert title(opened(kept, "one", "two")) == "Done"
    assert asked, "asked again"
    assert title(opened(kept, "one", "two")) == "Done"


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser gives files to others")
@pytest.mark.parametrize("whose", ["folder", "files"])
def test_what_is_somebody_elses_is_not_believed(install: Install, kept: Kept, asked: list[str], whose: str) -> None:
    put(install, "one")
    opened(kept, "one")
    for path in [kept.folder] if whose == "folder" else kept.folder.iterdir():
        os.chown(path, 12345, -1)
    opened(kept_in(kept.folder), "one")
    assert asked == ["probe_one"] * 2


def test_a_folder_that_others_may_write_is_not_used(tmp_path: Path) -> None:
    folder, real = tmp_path / "open", tmp_path / "real"
    folder.mkdir()
    folder.chmod(0o770)
    real.mkdir(0o700)
    (tmp_path / "link").symlink_to(real)
    (tmp_path / "file").write_text("")
    for wrong in ("open", "link", "file", "file/below"):
        assert kept_in(tmp_path / wrong) is None
    assert list(folder.iterdir()) == []
    assert kept_in(Path("off")) is None


def test_only_so_much_is_kept(kept: Kept) -> None:
    for number in range(600):
        kept.write(f"n{number}", b"text")
    assert kept.read("n599") == b"text"
    assert len([*kept.folder.iterdir()]) <= 512

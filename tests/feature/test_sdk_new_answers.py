"""What ``meritline-sdk new`` asks, and which answers it refuses before anything is made."""

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import meritline_sdk
from meritline_sdk.cli import main

QUESTIONS = ("The plugin's name", "The field in English", "The field in Chinese", "The key of the first record type",
             "One such record in English", "One such record in Chinese", "Who writes it", "The licence")  # fmt: skip
CURSOR_ASKED, CURSOR = b"\x1b[6n", b"\x1b[1;1R"
PATIENCE_S = 60


@pytest.mark.parametrize(("answer", "remedy"), [
    ("name=Elevator", "lower case letters"), ("name=电梯", "lower case letters"), ("name=2fast", "lower case letters"),
    ("name=a b", "lower case letters"), ("name=a--b", "lower case letters"), ("name=" + "x" * 31, "at most 30"),
    ("name=meritline-lift", 'leave out "meritline-"'), ("name=sdk", "is the SDK itself"),
    ("record=Callout", "lower case letters"), ("record=call-out", "lower case letters"),
    ("record=" + "x" * 41, "at most 40"), ("record=none", "Python keeps none or None for itself"),
    ("record=lambda", "Python keeps lambda or Lambda for itself: call it a_lift_lambda"),
    ("record=by_grade", "called ByGrade, as something of the SDK is: call it a_lift_by_grade"),
    ("title= ", "1 to 60 characters"), ("title_zh=" + "电" * 61, "1 to 60 characters"),
    ("title=two\nlines", "not one line of text"), ("author=", "1 to 60 characters"),
    ("licence=GPL", "is not in ['Apache-2.0', 'MIT', 'Proprietary']"),
    ("license=MIT", "there is no such question; they are name, title"), ("set=other", "there is no such question"),
    ("name", "write KEY=VALUE"),
])  # fmt: skip
def test_it_refuses(answer: str, remedy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By name, with what is right; and makes nothing."""
    assert main(["new", str(tmp_path / "a lift"), "--defaults", "--data", answer]) == 1
    told = capsys.readouterr().err
    assert answer.partition("=")[0] in told
    assert remedy in told
    assert list(tmp_path.iterdir()) == []


def test_no_class_of_a_record_hides_a_name_of_the_sdk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the author imports later."""
    (name,) = (one for one in meritline_sdk.__all__ if one == "Smallest")
    assert main(["new", str(tmp_path / "lift"), "--defaults", "--data", f"record={name.lower()}"]) == 1
    assert "called Smallest" in capsys.readouterr().err


def test_a_folder_that_is_taken_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file, and a folder with something in it."""
    (tmp_path / "file").write_text("kept")
    for taken in (tmp_path, tmp_path / "file"):
        assert main(["new", str(taken), "--defaults", "--data", "name=lift"]) == 1
        assert "name a folder that is new or empty" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_the_name_of_the_folder_is_the_name(tmp_path: Path) -> None:
    """A folder that is there and empty will do; the whole name is said once."""
    folder = tmp_path / "meritline-Car_Repair"
    folder.mkdir()
    assert main(["new", str(folder), "--defaults", "--data", "author=A", "--data", "licence=Proprietary"]) == 0
    answers = yaml.safe_load((folder / ".copier-answers.yml").read_text("utf-8"))
    assert (answers["name"], answers["title"], answers["record"]) == ("car-repair", "Car repair", "car_repair_job")
    assert (folder / "LICENSE").read_text("utf-8") == "Copyright (c) A. All rights reserved.\n"
    everything = "".join(one.read_text("utf-8") for one in folder.rglob("*") if one.is_file())
    assert str(tmp_path) not in everything
    assert str(Path(next(iter(meritline_sdk.__path__)))) not in everything


def test_a_folder_whose_name_says_nothing_needs_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And it is told how."""
    assert main(["new", str(tmp_path / "电梯"), "--defaults"]) == 1
    assert "--data name=" in capsys.readouterr().err


@pytest.mark.parametrize(("missing", "remedy"), [
    ("import sys; sys.modules['copier'] = None", 'pip install "meritline-sdk[new]"'),
    ("import os; os.environ['PATH'] = ''", "git is missing"), ("", "say --defaults"),
])  # fmt: skip
def test_what_it_needs_is_told(missing: str, remedy: str, tmp_path: Path) -> None:
    """Without the extra, without git, and without a terminal to ask on."""
    program = f"{missing}\nfrom meritline_sdk.cli import main\nraise SystemExit(main(['new', 'lift']))"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, text=True, capture_output=True, check=False,
                          stdin=subprocess.DEVNULL)  # fmt: skip
    assert done.returncode == 1
    assert remedy in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_it_asks_on_a_terminal(tmp_path: Path) -> None:
    """Eight questions; Enter takes what is proposed."""
    terminal, end = pty.openpty()
    child = subprocess.Popen([sys.executable, "-m", "meritline_sdk.cli", "new", "lift"], cwd=tmp_path, stdin=end,
                             stdout=end, stderr=end, start_new_session=True)  # fmt: skip
    os.close(end)
    asked, shown = list(QUESTIONS), b""
    while select.select([terminal], [], [], PATIENCE_S)[0]:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the end of a terminal on Linux
            break
        if not part:
            break
        shown += part
        if CURSOR_ASKED in part:
            os.write(terminal, CURSOR)
        if asked and asked[0].encode() in shown:
            os.write(terminal, b"\r")
            del asked[0]
    os.close(terminal)
    assert (asked, child.wait(PATIENCE_S)) == ([], 0), shown.decode(errors="replace")
    assert (tmp_path / "lift/src/meritline_lift/records.py").is_file()

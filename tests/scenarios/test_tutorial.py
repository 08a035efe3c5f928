"""The tutorial and the page for operators, word for word: every command is typed, every file written, outside the
checkout.

What is printed is compared with the block below the command. What differs from run to run has a name in angle brackets
(``VARIES``); ``[...]`` stands for the rest of a line, and as a line for any lines.

``python -m venv`` and ``pip`` are typed as they stand and done by uv, from what it has: pip takes minutes for the same
packages. That pip itself installs our distributions is tried where they are built (``test_dist``).
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from meritline.local import LocalUrls

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "platform" / "docs" / "plugins"
STEP = re.compile(r"(?:^<!-- (file|in|fails): (.+?) -->\n)?^```(\w+)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
EDIT = re.compile(r"(.+?) (before|after|instead of): (.+)")
VARIES = {"<seconds>": r"\d+(?:\.\d+)?", "<count>": r"\d+", "<hash>": "[0-9a-f]{64}", "[...]": ".*"}
COUNTED = re.compile(r"<!-- counted: begin -->\n(.*?)<!-- counted: end -->", re.DOTALL)
GREEN = "<!-- first green test of your own -->"
WORDS_A_MINUTE, CHARACTERS_A_MINUTE = 200, 200


@dataclass(frozen=True)
class Step:
    """A block of a page: a command, what it prints, or a file."""

    page: str
    line: int
    kind: str
    text: str
    place: str = ""
    edit: str = ""

    @property
    def at(self) -> str:
        return f"{self.page}:{self.line}"


def steps(page: Path) -> Iterator[Step]:
    text = page.read_text("utf-8")
    for one in STEP.finditer(text):
        line = text.count("\n", 0, one.start(4))
        yield Step(page.name, line, one[3], one[4], one[2] or "", one[1] or "")


class Typist:
    """Somebody in a folder, with a terminal: where they are and what they have set stays from command to command."""

    def __init__(self, home: Path, environ: dict[str, str]) -> None:
        self.home, self.environ = home, environ
        self.state, self.here = home.parent / f"{home.name}.state", home
        home.mkdir(parents=True)

    def typed(self, command: str, *, fails: bool = False) -> str:
        """What the commands print; the first that fails ends the walk, unless the page says that it does."""
        state = f". '{self.state}'; " if self.state.exists() else ""
        script = f"{state}set -eo pipefail; {command}\nexport -p > '{self.state}'; pwd > '{self.state}.at'"
        done = subprocess.run(["bash", "-c", script], cwd=self.here, env=self.environ, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)  # fmt: skip
        assert (done.returncode != 0) == fails, f"{command}\n{done.stdout}"
        if fails:
            return done.stdout
        self.here = Path(Path(f"{self.state}.at").read_text("utf-8").strip())
        return done.stdout

    def wrote(self, step: Step) -> None:
        """The file as it stands there, or the lines put where the page says."""
        if step.edit == "file":
            path = self.here / step.place
            path.parent.mkdir(exist_ok=True)
            path.write_text(step.text, "utf-8")
            return
        named = EDIT.fullmatch(step.place)
        assert named, f"{step.at}: {step.place}"
        path, how, mark = self.here / named[1], named[2], named[3]
        lines = path.read_text("utf-8").splitlines(keepends=True)
        found = [number for number, line in enumerate(lines) if line.startswith(mark)]
        assert len(found) == 1, f"{step.at}: {mark!r} begins {len(found)} lines of {named[1]}"
        (at,) = found
        start, end = {"before": (at, at), "after": (at + 1, at + 1), "instead of": (at, at + 1)}[how]
        lines[start:end] = [step.text]
        path.write_text("".join(lines), "utf-8")


def walked(page: Path, typist: Typist) -> Iterator[tuple[Step, str]]:
    """Every step in order, done; with each block of output what was printed instead."""
    printed = ""
    for step in steps(page):
        if step.kind == "sh":
            printed = typist.typed(step.text, fails=step.edit == "fails")
        elif step.edit:
            typist.wrote(step)
        elif step.kind == "graphql":
            schema = build_schema((ROOT / "schema.graphql").read_text("utf-8"))
            assert not validate(schema, parse(step.text)), step.at
        elif step.kind == "text":
            yield step, printed
        else:
            raise AssertionError(f"{step.at}: a block of {step.kind} is neither a command nor a file")


def pattern(text: str) -> re.Pattern[str]:
    """What the block allows."""
    lines = [r"(?:.*\n)*?" if line.strip() == "[...]" else re.escape(line) + r"\n" for line in text.splitlines()]
    found = "".join(lines)
    for name, varies in VARIES.items():
        found = found.replace(re.escape(name), varies)
    return re.compile(found)


def differences(page: Path, typist: Typist) -> str:
    """Every block of the page that says something else than what was printed."""
    return "\n".join(f"{step.at} says:\n{step.text}\nand this was printed:\n{printed}"
                     for step, printed in walked(page, typist) if not same(step, printed))


def same(step: Step, printed: str) -> bool:
    return pattern(step.text).fullmatch(tidy(printed)) is not None


def tidy(printed: str) -> str:
    """Without the spaces that end lines, which nobody sees."""
    return "".join(f"{line.rstrip()}\n" for line in printed.splitlines())


TERMINAL = """
python() {{
    [ "$1 $2" = "-m venv" ] || {{ command python "$@"; return; }}
    "{uv}" venv --quiet --python "{base}" "$3" && cp "{pip}" "$3/bin/pip"
}}
"""
PIP = """#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
case "$1" in
    wheel) shift; for word do shift; case "$word" in --no-deps) ;; --wheel-dir) set -- "$@" --out-dir ;;
           *) set -- "$@" "$word" ;; esac; done; exec "{uv}" build --wheel --python "$here/python" "$@" ;;
    install | uninstall) verb=$1; shift; exec "{uv}" pip "$verb" --python "$here/python" "$@" ;;
    *) echo "pip $1 is not known here" >&2; exit 2 ;;
esac
"""


def told_by(*command: str) -> str:
    """What a program prints in the checkout."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def environ(tmp_path: Path, distributions: Path, uv: str, fresh_database: Callable[[], LocalUrls]) -> dict[str, str]:
    """A reader's terminal: their own home, one Python, our distributions also on an index; nothing of the checkout."""
    kept = {key: value for key, value in os.environ.items()
            if not key.startswith(("MERITLINE_", "PYTHON", "VIRTUAL_ENV", "PYTEST_", "COV_"))}  # fmt: skip
    programs, base = tmp_path / "programs", Path(sys.base_prefix) / "bin" / "python3"
    programs.mkdir()
    (programs / "python").symlink_to(base)
    pip, terminal = programs / "pip of an environment", programs / "terminal"
    pip.write_text(PIP.format(uv=uv), "utf-8")
    pip.chmod(0o755)
    terminal.write_text(TERMINAL.format(uv=uv, base=base, pip=pip), "utf-8")
    stock = told_by(uv, "cache", "dir").strip()
    locked = tmp_path / "locked.txt"  # what is installed here already: nothing newer is sought, fetched or unpacked
    locked.write_text(told_by(uv, "export", "--quiet", "--locked", "--all-groups", "--no-emit-workspace",
                              "--no-hashes"), "utf-8")  # fmt: skip
    return kept | fresh_database().environ() | {
        "PATH": f"{programs}:/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "BASH_ENV": str(terminal),
        "UV_CACHE_DIR": stock, "UV_FIND_LINKS": str(distributions), "UV_CONSTRAINT": str(locked),
        "UV_BUILD_CONSTRAINT": str(locked),
        "MERITLINE_CACHE_DIR": os.environ["MERITLINE_CACHE_DIR"],
    }  # fmt: skip


def test_the_tutorial_word_for_word(tmp_path: Path, distributions: Path, environ: dict[str, str]) -> None:
    typist = Typist(tmp_path / "somewhere", environ)
    (typist.home / "dist").symlink_to(distributions)
    assert not (wrong := differences(GUIDE / "tutorial.md", typist)), wrong


def done(*command: str | Path, at: Path | None = None) -> None:
    subprocess.run(command, cwd=at, check=True, capture_output=True)


@pytest.fixture
def operator(tmp_path: Path, distributions: Path, environ: dict[str, str], uv: str) -> Typist:
    """An operator's folder: packages, what an author sent (two versions and a report), a server, a company."""
    typist = Typist(tmp_path / "operator", environ)
    project, inbox, company = tmp_path / "meritline-water-purifier", typist.home / "inbox", typist.home / "company"
    author, wheel = (sys.executable, "-m", "meritline_sdk.cli"), (uv, "build", "--wheel", "--python", sys.executable)
    done(*author, "new", project, "--defaults", "--data", "title=Water purifier service", "--data",
         "title_zh=净水器服务", "--data", "author=Clear Water Consulting")
    done(*wheel, project, "--out-dir", inbox)
    done(*author, "check", "--report", inbox / "report", at=project)
    for path, old, new in ((project / "pyproject.toml", 'version = "0.1.0"', 'version = "0.2.0"'),
                           (next(project.glob("src/*/indicators.py")), "minimum_sample=3", "minimum_sample=5")):
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    done(*wheel, project, "--out-dir", inbox)
    shutil.copy(project / "records.csv", typist.home)
    shutil.copytree(project / "sample-company", company)
    (company / "sources.toml").unlink()
    tenant = (company / "tenant.toml").read_text("utf-8")
    (company / "tenant.toml").write_text(tenant.replace('["water_purifier"]', '["after_sales_common"]'), "utf-8")
    (typist.home / "dist").symlink_to(distributions)
    for command in ("python -m venv server", "server/bin/pip install --quiet --find-links dist meritline "
                    "meritline-after-sales-common", "server/bin/meritline migrate",
                    "server/bin/meritline tenant apply company"):
        typist.typed(command)
    return typist


def test_the_page_for_operators_word_for_word(operator: Typist) -> None:
    assert not (wrong := differences(GUIDE / "operators.md", operator)), wrong


def test_the_first_green_test_takes_less_than_ten_minutes() -> None:
    """The sentence that says so, counted from the page."""
    text = (GUIDE / "tutorial.md").read_text("utf-8")
    before, green, _ = text.partition(GREEN)
    assert green
    typed = sum(len(one[4].strip()) for one in STEP.finditer(before) if one[3] != "text")
    read = re.sub(r"<!--.*?-->", "", STEP.sub(lambda one: one[4] if one[3] == "text" else "", before), flags=re.DOTALL)
    words = len(re.findall(r"[\w'-]+", read))
    minutes = words / WORDS_A_MINUTE + typed / CHARACTERS_A_MINUTE
    counted = COUNTED.search(text)
    assert counted
    assert (f"{words} words to read, at {WORDS_A_MINUTE} a minute,\nand {typed} characters to type, at "
            f"{CHARACTERS_A_MINUTE} a minute, make {minutes:.0f} minutes") in counted[1], (words, typed, minutes)
    assert minutes < 10


def test_a_block_that_says_something_else_is_found() -> None:
    """The walk compares: another number, another line, and what is named as varying."""
    step = Step("page", 1, "text", "3 passed in <seconds>s\n[...]\nend\n")
    assert same(step, "3 passed in 1.25s\nmore\n  \nend\n")
    for wrong in ("2 passed in 1.25s\nend\n", "3 passed in 1.25s\n", "3 passed in s\nend\n"):
        assert not same(step, wrong)

"""A stranger's first ten minutes: ``meritline-sdk new`` makes a plugin that lints, type-checks, tests, builds, installs
and appraises. Wheels are built and installed without the network; what they need comes from this environment."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pluggy
import pytest
from packaging.requirements import Requirement

from meritline.local import LocalUrls
from meritline_sdk.cli import main
from meritline_sdk.hookspecs import ENTRY_POINT_GROUP

ROOT = Path(__file__).parents[2]
UV = ROOT / ".tools/uv/bin/uv"
SITE = Path(pluggy.__file__).parents[1]
ODD = {"name": "class-lift", "title": 'Lifts "A" \\ {{ 7 * 7 }} \'b\' # 100%', "title_zh": "电梯“维保”",
       "record": "type", "record_title": "Call-out <b>", "record_title_zh": "急修单", "licence": "MIT",
       "author": "O'Neil & Søn, {% raw %}"}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """An environment with a Python of its own."""

    folder: Path
    environ: dict[str, str]

    def python(self, *words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """What ``python ...`` does there."""
        return subprocess.run([self.folder / "bin/python", *map(str, words)], cwd=cwd or self.folder, text=True,
                              env=self.environ, capture_output=True, check=False)  # fmt: skip

    def meritline(self, *words: str | Path, cwd: Path) -> str:
        """What ``meritline ...`` prints; it must do."""
        done = self.python("-m", "meritline.cli", *words, cwd=cwd)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def environment(folder: Path, *wheels: Path) -> Place:
    """A new environment with these wheels, and nothing else."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    subprocess.run([UV, "pip", "install", "--quiet", "--offline", "--no-cache", "--no-deps", "--python",
                    folder / "bin/python", *wheels], check=True)  # fmt: skip
    foreign = ("PYTHON", "MERITLINE", "VIRTUAL")
    environ = {key: value for key, value in os.environ.items()
               if not key.startswith(foreign) or key == "MERITLINE_CACHE_DIR"}
    return Place(folder, environ)


def packages(place: Place) -> Path:
    """Where the environment keeps what is installed."""
    return next(place.folder.glob("lib/python*/site-packages"))


def lend(place: Place, wheel: str, extra: str) -> None:
    """Give the environment what the wheel's extra asks for, and what that asks for: links to what is installed here."""
    (found,) = importlib.metadata.distributions(name=wheel, path=[str(packages(place))])
    wanted = [Requirement(one) for one in found.requires or []]
    names = [one.name for one in wanted if one.marker is None or one.marker.evaluate({"extra": extra})]
    seen: set[str] = set()
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        needed = importlib.metadata.distribution(name)
        for top in {file.parts[0] for file in needed.files or [] if file.parts[0] not in ("..", "__pycache__")}:
            (packages(place) / top).symlink_to(SITE / top)
        names += [one.name for one in map(Requirement, needed.requires or [])
                  if one.marker is None or one.marker.evaluate({"extra": ""})]  # fmt: skip


def built(project: Path, out: Path) -> Path:
    """The wheel of a project."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out], cwd=project, check=True,
                   capture_output=True)  # fmt: skip
    return max(out.glob("*.whl"), key=lambda wheel: wheel.stat().st_mtime_ns)


@pytest.fixture(scope="module")
def sdk_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SDK as it is handed out."""
    return built(ROOT / "platform/sdk", tmp_path_factory.mktemp("sdk"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated project with odd answers, in a folder with a space and a Chinese name."""
    folder = tmp_path_factory.mktemp("made") / "my 电梯 plugin"
    answers = [word for key, value in ODD.items() for word in ("--data", f"{key}={value}")]
    assert main(["new", str(folder), "--defaults", *answers]) == 0
    return folder


@pytest.fixture(scope="module")
def wheel(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated plugin's wheel."""
    return built(project, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def author(sdk_wheel: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An environment of the SDK with its testing extra and the plugin."""
    place = environment(tmp_path_factory.mktemp("author") / "env", sdk_wheel, wheel)
    lend(place, "meritline-sdk", "testing")
    return place


@pytest.fixture(scope="module")
def server(wheel: Path, migrated_database: LocalUrls, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An environment of the server, with everything that is installed here, and the plugin."""
    place = environment(tmp_path_factory.mktemp("server") / "env", wheel)
    (packages(place) / "here.pth").write_text(f"import site; site.addsitedir({str(SITE)!r})\n")
    others = {found.dist.name for found in importlib.metadata.entry_points(group=ENTRY_POINT_GROUP) if found.dist}
    return Place(place.folder, {**place.environ, **migrated_database.environ(),
                                "MERITLINE_NO_PLUGINS": ",".join(others)})  # fmt: skip


def test_it_is_clean_and_typed(project: Path, author: Place) -> None:
    """By its own settings of ruff and mypy, against the SDK's wheel."""
    linted = subprocess.run([SITE.parents[2] / "bin/ruff", "check", "--no-cache"], cwd=project, capture_output=True,
                            text=True, check=False)  # fmt: skip
    assert linted.returncode == 0, linted.stdout
    typed = subprocess.run([sys.executable, "-m", "mypy", "--python-executable", author.folder / "bin/python"],
                           cwd=project, capture_output=True, text=True, check=False)  # fmt: skip
    assert typed.returncode == 0, typed.stdout


def test_its_own_tests_pass_without_the_server(project: Path, author: Place) -> None:
    """One line makes the suite: golden cases and laws of each of its indicators."""
    assert "No module named 'meritline'" in author.python("-c", "import meritline").stderr
    done = author.python("-m", "pytest", "-p", "no:cacheprovider", "-v", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    for word in ("solved_rate", "time_to_done_p90", "courtesy", "class_lift_workers"):
        assert re.search(rf"{word}.* PASSED", done.stdout), word


def test_its_author_tries_and_checks_it_without_the_server(project: Path, author: Place) -> None:
    """The commands of its README: the sample records give scores, and nothing but an address is missing to be best."""
    tried = author.python("-m", "meritline_sdk.cli", "try", "records.csv", "--ratings", "ratings.csv", cwd=project)
    assert tried.returncode == 0, tried.stderr
    assert "Score: 40 + 24 + 17.2 = 81.20." in tried.stdout
    checked = author.python("-m", "meritline_sdk.cli", "check", "--json", cwd=project)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert [one["rule"] for one in json.loads(checked.stdout)["findings"]] == ["links"]
    readme = (project / "README.md").read_text("utf-8")
    told = author.python("-m", "meritline_sdk.cli", "docs", "meritline_class_lift", "--readme", "README.md",
                         cwd=project)  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert (project / "README.md").read_text("utf-8") == readme


def test_a_wrong_golden_case_fails(project: Path, author: Place, tmp_path: Path) -> None:
    """The suite that was generated does look."""
    spoilt = tmp_path / "spoilt"
    shutil.copytree(project, spoilt)
    case = spoilt / "tests/golden/courtesy.toml"
    case.write_text(case.read_text("utf-8").replace('value = "86"', 'value = "87"'), "utf-8")
    done = author.python("-m", "pytest", "-p", "no:cacheprovider", "-q", "-k", "golden", cwd=spoilt)
    assert done.returncode == 1
    assert "value is 86, expected 87" in done.stdout


def test_a_server_appraises_with_it(project: Path, server: Place) -> None:
    """The commands of its README: W1 solved 4 of 5 and the 90th percentile is 5 hours: 80. W2 has all points."""
    of = ("--tenant", "class-lift-sample")
    in_may = (*of, "--period", "2026-05")
    server.meritline("migrate", cwd=project)
    server.meritline("tenant", "apply", "sample-company", cwd=project)
    server.meritline("import", *of, "--source", "jobs", "records.csv", cwd=project)
    server.meritline("appraise", *in_may, "--wait", cwd=project)
    lines = json.loads(server.meritline("export", "lines", *in_may, "--format", "json", cwd=project))
    said = {(one["subject_code"], one["item"]): one["explanation"] for one in lines}
    assert "4/5 = 80%, target 90%. 2 points off for each percentage point below target" in said["W1", "solved_rate"]
    assert "5 h (percentile 90 of 5 values). Above 4 h, up to 8 h: 80 points" in said["W1", "time_to_done_p90"]
    assert "nobody who counts has given a rating" in said["W2", "courtesy"]
    paid = json.loads(server.meritline("export", "rewards", *in_may, "--format", "json", cwd=project))
    assert {one["subject_code"]: one["reason"] for one in paid} == {
        "W1": "Bonus by grade: grade B, good: 300.00.", "W2": "Bonus by grade: grade A, excellent: 600.00."}


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("", "utf-8")
    for name, word in (("file/plugin", "name a folder that you may write to"), ("full", "new or empty")):
        assert main(["new", str(tmp_path / name), "--defaults"]) == 1
        assert word in capsys.readouterr().err
    assert [one.name for one in (tmp_path / "full").iterdir()] == ["mine.txt"]

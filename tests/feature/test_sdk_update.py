"""``meritline-sdk update``: a project made from an old template is brought to a newer one, and its author's work stays.

The newer template is a copy of today's with changes, in a copy of the SDK: what an author has after an upgrade of it.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import meritline_sdk
from meritline_sdk.cli import main
from meritline_sdk.cli.templates import versions

SDK = Path(next(iter(meritline_sdk.__path__)))
OLD = max(versions())
NEW = OLD + 1


@dataclass(frozen=True)
class Project:
    """A plugin's project and the SDK that its author has."""

    folder: Path
    sdk: Path

    def update(self) -> subprocess.CompletedProcess[str]:
        """What ``meritline-sdk update`` does in it."""
        environ = {**os.environ, "PYTHONPATH": str(self.sdk)}
        return subprocess.run([sys.executable, "-m", "meritline_sdk.cli", "update"], cwd=self.folder, env=environ,
                              text=True, capture_output=True, check=False)  # fmt: skip

    def git(self, *words: str) -> str:
        """What git says there."""
        return subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@b", *words], cwd=self.folder, text=True,
                              capture_output=True, check=True).stdout  # fmt: skip

    def commit(self) -> None:
        """Everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "work")

    def change(self, name: str, before: str, after: str) -> None:
        """As its author does."""
        changed(self.folder / name, before, after)


def changed(file: Path, before: str, after: str) -> None:
    """Replace a text that is there."""
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


@pytest.fixture(scope="module")
def newer_sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the SDK that has one version more of the template."""
    place = tmp_path_factory.mktemp("newer")
    shutil.copytree(SDK, place / "meritline_sdk", ignore=shutil.ignore_patterns("__pycache__"))
    template = place / "meritline_sdk/template"
    shutil.copytree(template / f"v{OLD}", template / f"v{NEW}")
    made = template / f"v{NEW}/project"
    changed(made / ".copier-answers.yml.jinja", f"v{OLD}", f"v{NEW}")
    changed(made / ".github/workflows/check.yml.jinja", '["3.12", "3.13"]', '["3.12", "3.13", "3.14"]')
    changed(made / "README.md.jinja", "ruff check && mypy", "ruff check && mypy && ruff format --check")
    changed(made / "pyproject.toml.jinja", "line-length = 120", "line-length = 100")
    changed(made / "pyproject.toml.jinja", "ruff>=0.14", "ruff>=0.15")
    (made / "SECURITY.md.jinja").write_text("Whom to tell: {{ author }}\n")
    (made / "CHANGELOG.md.jinja").unlink()
    return place


@pytest.fixture
def project(tmp_path: Path, newer_sdk: Path) -> Project:
    """A project of today's template in a folder with a space, in git."""
    folder = tmp_path / "a lift"
    assert main(["new", str(folder), "--defaults", "--data", "name=lift", "--data", "author=Søn"]) == 0
    found = Project(folder, newer_sdk)
    found.git("init", "--quiet")
    found.commit()
    return found


def test_the_newer_template_comes_in_and_the_authors_work_stays(project: Project) -> None:
    """Untouched files change, touched ones are merged, what is new comes, what is gone goes; twice changes nothing."""
    project.change("README.md", "## Into a server", "## Our own chapter\n\nOurs.\n\n## Into a server")
    project.change("pyproject.toml", 'version = "0.1.0"', 'version = "3.0.0"')
    project.change("src/meritline_lift/indicators.py", '"solved_rate"', '"solved_at_once"')
    (project.folder / "src/meritline_lift/more.py").write_text("OURS = 1\n")
    (project.folder / "ratings.csv").unlink()
    project.commit()
    done = project.update()
    assert (done.returncode, done.stderr) == (0, "")
    assert f"from v{OLD} to v{NEW}" in done.stdout
    assert {tuple(line.split()) for line in done.stdout.splitlines()[1:]} == {
        ("changed", ".copier-answers.yml"), ("changed", ".github/workflows/check.yml"), ("changed", "README.md"),
        ("changed", "pyproject.toml"), ("new", "SECURITY.md"), ("removed", "CHANGELOG.md")}  # fmt: skip
    text = {file.name: file.read_text("utf-8") for file in project.folder.rglob("*") if file.is_file()
            and ".git" not in file.parts}  # fmt: skip
    assert '"3.14"' in text["check.yml"]
    assert "## Our own chapter" in text["README.md"]
    assert "ruff format --check" in text["README.md"]
    assert 'version = "3.0.0"' in text["pyproject.toml"]
    assert "line-length = 100" in text["pyproject.toml"]
    assert "solved_at_once" in text["indicators.py"]
    assert text["more.py"] == "OURS = 1\n"
    assert text["SECURITY.md"] == "Whom to tell: Søn\n"
    assert not {"CHANGELOG.md", "ratings.csv"} & text.keys()
    assert f"_commit: v{NEW}\n" in text[".copier-answers.yml"]
    assert "/tmp" not in text[".copier-answers.yml"]
    project.commit()
    again = project.update()
    assert (again.returncode, again.stdout) == (
        0, f"The project has the template of the installed SDK, v{NEW}: nothing to do.\n")  # fmt: skip
    assert project.git("status", "--porcelain") == ""


def test_a_conflict_is_named_and_left_to_the_author(project: Project) -> None:
    """The same line changed on both sides: both stand in the file, and git knows."""
    project.change("pyproject.toml", "line-length = 120", "line-length = 88")
    project.commit()
    done = project.update()
    assert done.returncode == 1
    assert "conflict  pyproject.toml: you changed the same lines" in done.stderr
    text = (project.folder / "pyproject.toml").read_text("utf-8")
    assert "line-length = 88\n=======\nline-length = 100\n>>>>>>>" in text
    assert "ruff>=0.15" in text
    assert "UU pyproject.toml" in project.git("status", "--porcelain")
    assert "changed   README.md" in done.stdout


def test_what_is_in_the_way_is_told_and_nothing_changes(project: Project, tmp_path: Path) -> None:
    """Changes that are not committed, no git, another folder, an SDK that is older than the project."""
    project.change("README.md", "## Into a server", "## Ours")
    before = project.git("status", "--porcelain")
    assert "changes that are not committed: commit them first" in project.update().stderr
    assert project.git("status", "--porcelain") == before
    shutil.rmtree(project.folder / ".git")
    assert "not in git yet" in project.update().stderr
    project.change(".copier-answers.yml", f"_commit: v{OLD}", f"_commit: v{NEW + 1}")
    assert f"has template v{NEW + 1}, and the installed SDK knows v1" in project.update().stderr
    assert "there is no .copier-answers.yml here" in replace(project, folder=tmp_path).update().stderr
    assert replace(project, folder=tmp_path).update().returncode == 1

"""``meritline-sdk update``: the template of the installed SDK, merged into this plugin's project.

The wheel holds every version of the template. They become a temporary git repository with a tag for each, and copier
merges the difference between the project's version and the newest into the project, as git merges branches.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from meritline_sdk.cli.templates import ANSWERS, TemplateError, answered, require_answers, require_tools, versions

NOBODY = ("-c", "user.name=meritline-sdk", "-c", "user.email=meritline-sdk@localhost", "-c", "commit.gpgsign=false",
          "-c", "tag.gpgsign=false", "-c", "core.autocrlf=false", "-c", f"core.hooksPath={os.devnull}")  # fmt: skip

WORDS = {"??": "new", "D": "removed"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--data", action="append", default=[], metavar="KEY=VALUE",
                        help="answer a question that is new in the newer template, else its default is taken")


def run(chosen: argparse.Namespace) -> int:
    """Merge, and say what changed; conflicts are problems."""
    project = Path.cwd()
    try:
        answers = read_answers(project)
        had, newest = version_of(answers), max(versions())
        if had == newest:
            print(f"The project has the template of the installed SDK, v{newest}: nothing to do.")
            return 0
        merge(project, answers, had, newest, answered(chosen.data))
    except TemplateError as problem:
        print(f"meritline-sdk update: {problem}", file=sys.stderr)
        return 1
    return told(project, had, newest)


def read_answers(project: Path) -> dict[str, Any]:
    """What the project was made from."""
    require_tools()
    import yaml

    try:
        found = yaml.safe_load((project / ANSWERS).read_text("utf-8"))
    except FileNotFoundError:
        raise TemplateError(f"there is no {ANSWERS} here: go to the folder of a plugin that meritline-sdk new made"
                            ) from None  # fmt: skip
    except (ValueError, yaml.YAMLError) as problem:
        raise TemplateError(f"{ANSWERS} cannot be read: take it back from git ({problem})") from problem
    return found if isinstance(found, dict) else {}


def version_of(answers: Mapping[str, Any]) -> int:
    """The version of the template that the project has."""
    known = versions()
    word = str(answers.get("_commit"))
    if word not in {f"v{number}" for number in known}:
        raise TemplateError(f"{ANSWERS} says that the project has template {word}, and the installed SDK knows "
                            f"{', '.join(f'v{number}' for number in known)}: install a newer SDK by pip install "
                            '--upgrade "meritline-sdk[new]"')  # fmt: skip
    return int(word[1:])


def merge(project: Path, answers: Mapping[str, Any], had: int, newest: int, given: Mapping[str, str]) -> None:
    """Let copier merge from version to version; raise where the project is not committed."""
    require_answers(versions()[newest], given)
    require_committed(project)
    with TemporaryDirectory(prefix="meritline-template-") as folder:
        repository = Path(folder, "template")
        for number in range(had, newest + 1):
            if number in versions():
                commit(repository, number, versions()[number])
        data = [word for key, value in given.items() for word in ("--data", f"{key}={value}")]
        done = subprocess.run(
            [sys.executable, "-m", "copier", "update", "--quiet", "--defaults", "--conflict", "inline", *data, "."],
            cwd=project, env=found_at(str(answers.get("_src_path")), repository), capture_output=True, text=True,
            check=False,
        )  # fmt: skip
    if done.returncode:
        raise TemplateError(f"copier could not merge: {done.stderr.strip()}")


def require_committed(project: Path) -> None:
    """Raise unless git knows the project as it is: then git can show, and undo, what the update changes."""
    if git(project, "rev-parse", "--verify", "--quiet", "HEAD").returncode:
        raise TemplateError("the project is not in git yet, so nothing could be merged or undone: "
                            'git init && git add . && git commit -m "As generated"')
    known = git(project, "ls-files", "--error-unmatch", ANSWERS).returncode == 0
    if not known or git(project, "status", "--porcelain", "--", ".").stdout.strip():
        raise TemplateError("there are changes that are not committed: commit them first, so that git can show, "
                            "and undo, what the update changes")


def commit(repository: Path, number: int, folder: Path) -> None:
    """The next version of the template, with its tag."""
    if not repository.is_dir():
        git(repository.parent, "init", "--quiet", str(repository)).check_returncode()
    for old in repository.iterdir():
        if old.name != ".git":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(folder, repository, dirs_exist_ok=True)
    git(repository, "add", "--all", "--force").check_returncode()
    git(repository, "commit", "--quiet", "--message", f"v{number}").check_returncode()
    git(repository, "tag", f"v{number}").check_returncode()


def git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A git command in the folder."""
    return subprocess.run(["git", *NOBODY, *words], cwd=folder, capture_output=True, text=True, check=False)


def found_at(address: str, repository: Path) -> dict[str, str]:
    """An environment in which git finds the template's address in the repository; no file names that place."""
    number = int(os.environ.get("GIT_CONFIG_COUNT", "0"))
    return {**os.environ, "GIT_CONFIG_COUNT": str(number + 1),
            f"GIT_CONFIG_KEY_{number}": f"url.{repository.as_posix()}.insteadOf",
            f"GIT_CONFIG_VALUE_{number}": address.removeprefix("git+"),
            "COPIER_CACHE_DIR": str(repository.parent / "cache")}  # fmt: skip


def told(project: Path, had: int, newest: int) -> int:
    """Print what changed and what is in conflict."""
    lines = git(project, "status", "--porcelain", "-z", "--untracked-files=all", "--", ".").stdout.split("\0")
    states = {line[3:]: line[:2] for line in lines if line}
    conflicts = [name for name, state in states.items() if "U" in state or name.endswith(".rej")]
    print(f"The template went from v{had} to v{newest}. Look at what changed with git diff, and commit it.")
    for name, state in states.items():
        if name not in conflicts:
            print(f"  {WORDS.get(state.strip(), 'changed'):9} {name}")
    for name in conflicts:
        print(f"  conflict  {name}: you changed the same lines; choose between <<<<<<< and >>>>>>>", file=sys.stderr)
    return 1 if conflicts else 0

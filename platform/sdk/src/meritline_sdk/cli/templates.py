"""The template of a new plugin, as the wheel carries it: a folder for each of its versions, ``v1``, ``v2`` ..."""

import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "template"
ANSWERS = ".copier-answers.yml"


class TemplateError(Exception):
    """What keeps a project from being made or updated; the message says what to do."""


def versions() -> dict[int, Path]:
    """The folder of each version, the oldest first."""
    found = {int(folder.name[1:]): folder for folder in FOLDER.glob("v*") if folder.name[1:].isdigit()}
    return dict(sorted(found.items()))


def require_tools() -> None:
    """Raise where copier or git is not there."""
    if find_spec("copier") is None:
        raise TemplateError('copier is missing, which makes projects from templates: pip install "meritline-sdk[new]"')
    if shutil.which("git") is None:
        raise TemplateError("git is missing, which copier needs: install it from https://git-scm.com")


def answered(given: list[str]) -> dict[str, str]:
    """The answers of the command line."""
    found: dict[str, str] = {}
    for each in given:
        key, equals, value = each.partition("=")
        if not equals:
            raise TemplateError(f"--data {each}: write KEY=VALUE, such as --data name=elevator")
        found[key] = value
    return found


def require_answers(template: Path, answers: Mapping[str, str]) -> None:
    """Raise where an answer has no question, or is no line of text."""
    import yaml

    questions: dict[str, dict[str, object]] = yaml.safe_load((template / "copier.yml").read_text("utf-8"))
    asked = [name for name, body in questions.items() if not name.startswith("_") and body.get("when") is not False]
    for key, value in answers.items():
        if key not in asked:
            raise TemplateError(f"--data {key}: there is no such question; they are {', '.join(asked)}")
        if not value.isprintable():
            raise TemplateError(f"--data {key}: {value!r} is not one line of text")

"""``meritline-sdk new FOLDER``: the project of a new plugin. Decides what may be answered before it asks copier.

``--defaults`` asks nothing; ``--data name=elevator`` answers a question, and may be repeated. The questions are name,
title, title_zh, record, record_title, record_title_zh, author and licence.
"""

import argparse
import keyword
import re
import shlex
import subprocess
import sys
from pathlib import Path

import meritline_sdk
from meritline_sdk.cli.templates import TemplateError, answered, require_answers, require_tools, versions

NEXT = """That is a whole plugin. Next:

  cd {folder}
  python -m venv .venv && . .venv/bin/activate
  pip install -e ".[dev]"
  pytest

Its README.md goes on from there."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", type=Path, help="the folder to make, such as meritline-elevator")
    parser.add_argument("--defaults", action="store_true", help="ask nothing")
    parser.add_argument("--data", action="append", default=[], metavar="KEY=VALUE",
                        help="an answer: name, title, title_zh, record, record_title, record_title_zh, author, licence")


def run(chosen: argparse.Namespace) -> int:
    """Make the project, or say what is in the way."""
    try:
        made(chosen.folder, answered(chosen.data), defaults=chosen.defaults)
    except TemplateError as problem:
        print(f"meritline-sdk new: {problem}", file=sys.stderr)
        return 1
    print(NEXT.format(folder=shlex.quote(str(chosen.folder))))
    return 0


def made(folder: Path, answers: dict[str, str], *, defaults: bool) -> None:
    """Render the newest version of the template into the folder."""
    require_tools()
    require_room(folder)
    template = list(versions().values())[-1]
    require_answers(template, answers)
    if not defaults and not sys.stdin.isatty():
        raise TemplateError("there is no terminal to ask on: say --defaults, and --data KEY=VALUE for what is known")
    from copier import run_copy
    from copier.errors import CopierError

    kept = {"sdk_names": sorted(meritline_sdk.__all__), "python_words": keyword.kwlist}
    try:
        run_copy(str(template), folder, {**answers, **kept}, defaults=defaults, quiet=True,
                 user_defaults=guessed(folder))  # fmt: skip
    except KeyboardInterrupt:
        raise TemplateError("stopped; nothing was made") from None
    except (CopierError, ValueError) as problem:
        raise TemplateError(told(str(problem))) from problem
    except OSError as problem:
        reason = problem.strerror or problem
        raise TemplateError(f"{folder} cannot be made: {reason}; name a folder that you may write to") from problem


def require_room(folder: Path) -> None:
    """Raise unless the folder is new or empty."""
    if folder.exists() and not folder.is_dir():
        raise TemplateError(f"{folder} is a file: name a folder that is new or empty")
    if folder.is_dir() and any(folder.iterdir()):
        raise TemplateError(f"{folder} is not empty: name a folder that is new or empty "
                            "(in a plugin made before, meritline-sdk update brings the newest template)")


def guessed(folder: Path) -> dict[str, str]:
    """The name by the folder's, and the author by git's configuration."""
    word = re.sub(r"[^a-z0-9]+", "-", folder.absolute().name.lower()).strip("-").removeprefix("meritline-")
    told_by_git = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True,
                                 check=False).stdout.strip()  # fmt: skip
    found = {"name": word, "author": told_by_git}
    return {key: value for key, value in found.items() if value}


def told(problem: str) -> str:
    """The problem with the option that mends it."""
    found = re.search(r"(?:question|for|for question) '(\w+)':? ?(.*)", problem, re.DOTALL)
    if found is None:
        required = re.search(r'Question "(\w+)" is required', problem)
        return f"--data {required[1]}=...: this must be answered" if required else problem
    return f"--data {found[1]}: {found[2].strip()}"

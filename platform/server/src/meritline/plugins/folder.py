"""One-file plugins of a folder (``--plugins-dir``). Decides what such a file says of itself, without running it.

Every ``*.py`` of the folder whose name does not begin with ``_`` or ``.`` is a plugin named like the file. Its version
is its ``__version__``, its requirements stand in a ``# /// script`` block (PEP 723), as for any script.
"""

import ast
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from meritline.errors import Problem, problem
from meritline.plugins.discovery import Found

BLOCK = re.compile(r"(?m)^# /// script$\s(?P<content>(^#(| .*)$\s)+)^# ///$")
NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
LARGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Unusable:
    """A file that is no plugin, with why."""

    found: Found
    problem: Problem


def in_folder(folder: Path | None) -> tuple[list[Found], list[Unusable], list[Problem]]:
    """The plugins of the folder, the files that cannot be one, and what is wrong with the folder itself."""
    if folder is None:
        return [], [], []
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".py" and path.name[0] not in "._")
    except OSError as wrong:
        reason = wrong.strerror or type(wrong).__name__
        return [], [], [problem("E-PLUGIN-FOLDER", field="MERITLINE_PLUGINS_DIR", value=folder, reason=reason)]
    read = [described(path.absolute()) for path in files]
    return ([one for one in read if isinstance(one, Found)], [one for one in read if isinstance(one, Unusable)], [])


def described(path: Path) -> Found | Unusable:
    """What the file says of itself; ``distribution`` is its name with the ending, so that it is seen to be a file."""
    blank = Found(path.stem, path.name, "0", "", "", (), path.stem, None, path, True)
    try:
        if not NAME.fullmatch(path.stem):
            raise Unreadable("its name is not lower case letters, digits and _, beginning with a letter")
        about = path.stat()
        if not S_ISREG(about.st_mode):
            raise Unreadable("it is no ordinary file")  # a pipe or a device would be read for ever
        if about.st_size > LARGEST:
            raise Unreadable(f"it is larger than {LARGEST} bytes")
        text = path.read_text("utf-8-sig")
        said = constants(text)
        return Found(path.stem, path.name, said.get("__version__", "0"), said.get("__author__", ""),
                     said.get("__license__", ""), tuple(dependencies(text)), path.stem, None, path, True)
    except (Unreadable, OSError, UnicodeDecodeError) as wrong:
        return Unusable(blank, problem("E-PLUGIN-FILE", plugin=blank.label, reason=wrong))


class Unreadable(ValueError):
    """The file cannot say what it is."""


def constants(text: str) -> Mapping[str, str]:
    """The texts that the file assigns at its top; one that is no Python fails when it is imported, with its reason."""
    try:
        parsed = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return {each.targets[0].id: each.value.value for each in parsed.body
            if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
            and isinstance(each.value, ast.Constant) and isinstance(each.value.value, str) and each.value.value.strip()}


def dependencies(text: str) -> Iterable[str]:
    """The requirements of the script block."""
    blocks = [*BLOCK.finditer(text.replace("\r\n", "\n"))]
    if len(blocks) > 1:
        raise Unreadable("it has two '# /// script' blocks")
    if not blocks:
        return []
    lines = blocks[0].group("content").splitlines()
    try:
        said: dict[str, Any] = tomllib.loads("\n".join(line.removeprefix("#").removeprefix(" ") for line in lines))
        found = said.get("dependencies", [])
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise Unreadable("dependencies of its '# /// script' block is not a list of texts")
        return [str(Requirement(one)) for one in found]
    except (tomllib.TOMLDecodeError, InvalidRequirement) as wrong:
        raise Unreadable(f"its '# /// script' block cannot be read: {wrong}") from wrong

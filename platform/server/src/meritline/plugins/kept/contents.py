"""Digests of everything that an answer of a plugin is made of. Decides when it is asked again.

Nothing is trusted to say of itself that it has not changed: not the version, not the time of a file, not the RECORD of
an installation, which an edited or editable one leaves as it was. The files are read.
"""

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from stat import S_ISREG

import meritline_sdk
from meritline.plugins.processes import Source
from meritline.plugins.processes.sources import search_path

FORM = 3
MOST_FILES = 5000
LARGEST = 64 << 20
INSTALLED = (".dist-info", ".egg-info", ".egg-link")


class Unkeepable(Exception):
    """It cannot be said what the answer is made of."""


def key_of(source: Source) -> str | None:
    """The digest of the plugin's own files, of the SDK and of Python."""
    try:
        own = [(path, digest_of(path)) for path in own_files(source)]
        return named(FORM, source.module, source.attribute, bool(source.file), own, sdk())
    except (Unkeepable, OSError, ValueError):
        return None


def own_files(source: Source) -> list[str]:
    """The files of the plugin: its one file, or all of its top package or module, whatever they are."""
    if source.file:
        return [str(source.file)]
    top = source.module.partition(".")[0]
    spec = PathFinder.find_spec(top, list(source.path) or None)
    if spec is None:
        raise Unkeepable(top)
    folders = [*(spec.submodule_search_locations or ())]
    files = sorted(path for folder in folders for path in files_in(folder)) if folders else [spec.origin or ""]
    if not files or len(files) > MOST_FILES:
        raise Unkeepable(top)
    return files


def files_in(folder: str) -> Iterator[str]:
    """The files below a folder, without what Python keeps of them itself."""
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (os.path.join(here, name) for name in files if not name.endswith(".pyc"))


def digest_of(path: str) -> str | None:
    """What the file holds; None where there is none."""
    try:
        with open(path, "rb", opener=patient) as file:
            about = os.fstat(file.fileno())
            if not S_ISREG(about.st_mode) or about.st_size > LARGEST:
                raise Unkeepable(path)
            return hashlib.sha256(file.read()).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None


def patient(path: str, flags: int) -> int:
    """A pipe in a file's place is not waited for."""
    return os.open(path, flags | os.O_NONBLOCK)


def younger(path: str, moment_ns: int) -> bool:
    """Whether the file may have been written since then."""
    try:
        return os.stat(path).st_mtime_ns >= moment_ns
    except OSError:
        return False


def path_of(source: Source) -> list[str]:
    """Where the plugin's process finds modules."""
    return list(source.path) or search_path()


def found_at(name: str, path: list[str]) -> list[str] | None:
    """Where an import of a top name is found, if it is: a module that is not there may decide what a plugin says."""
    spec = PathFinder.find_spec(name, path)
    return None if spec is None else [spec.origin or "", *(spec.submodule_search_locations or ())]


def installed(path: list[str]) -> list[str]:
    """The distributions on the path, by folder and name with version."""
    return [os.path.join(each, name) for each in path if os.path.isdir(each)
            for name in sorted(os.listdir(each)) if name.endswith(INSTALLED)]


@cache
def sdk() -> str:
    """The SDK as it is here, and Python. It does not change while this process has it in memory."""
    folder = os.path.dirname(os.path.abspath(meritline_sdk.__file__))
    return named(sys.version, platform.machine(), digests(files_in(folder), folder))


@cache
def rules() -> str:
    """All that decides whether declarations are accepted: the SDK's checks and the host's."""
    folder = str(Path(__file__).parents[1])
    return named(FORM, sdk(), digests(files_in(folder), folder))


def digests(paths: Iterable[str], folder: str) -> list[tuple[str, str | None]]:
    """The files by their place in the folder."""
    return [(os.path.relpath(path, folder), digest_of(path)) for path in sorted(paths) if path.endswith(".py")]


def named(*parts: object) -> str:
    """One digest of all of it."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()

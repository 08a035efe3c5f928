"""Whether the plugins of this environment are still the ones that were asked. Decides what counts as a change.

Asking starts processes, and a process that serves, migrates or runs many tests would ask the same plugins again and
again. So the answer is kept while the path, the declarations of the distributions and the files of the plugins' top
packages are as they were.
"""

import sys
from collections.abc import Iterable, Iterator
from importlib.machinery import PathFinder
from pathlib import Path

from meritline.plugins.discovery import Found

type Fingerprint = tuple[object, ...]


def fingerprint(plugins: Iterable[Found]) -> Fingerprint:
    """Equal where nothing changed."""
    every = tuple(plugins)
    tops = sorted({one.module.partition(".")[0] for one in every if one.file is None})
    files = [path for top in tops for path in files_of(top)] + [one.file for one in every if one.file]
    return (tuple(sys.path), every, tuple(stamp(path) for path in files))


def files_of(top: str) -> Iterator[Path]:
    """The Python files of a top package or module, found as an import would find it, without importing."""
    spec = PathFinder.find_spec(top)
    if spec is None:
        return
    folders = [Path(each) for each in spec.submodule_search_locations or ()]
    if not folders and spec.origin:
        yield Path(spec.origin)
    for folder in folders:
        yield from sorted(folder.rglob("*.py"))


def stamp(path: Path) -> tuple[str, int, int]:
    """The file as it is now."""
    try:
        found = path.stat()
    except OSError:
        return str(path), -1, -1
    return str(path), found.st_mtime_ns, found.st_size

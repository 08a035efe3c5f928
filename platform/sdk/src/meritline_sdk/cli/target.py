"""Which plugin a command is about: a module, a folder, a file, or the folder it is run in. Decides how it is found.

A folder's ``pyproject.toml`` names the module in ``[project.entry-points."meritline.plugins"]``; its source may lie in
``src`` or beside that file.
"""

import importlib
import importlib.util
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from importlib.metadata import Distribution, entry_points
from io import StringIO
from pathlib import Path
from typing import Any

from meritline_sdk.acceptance import Asked, Finding, asked_of
from meritline_sdk.acceptance.findings import found
from meritline_sdk.acceptance.hooks import raised_at
from meritline_sdk.hookspecs import ENTRY_POINT_GROUP
from meritline_sdk.model.sets import IndicatorSet

HIGHEST = 6
"""How many folders above a module its project is looked for."""


class TargetError(Exception):
    """There is no plugin where one was looked for; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Target:
    """A plugin: its module, an object in it where the entry point names one, and the folder of its project.

    ``path`` is put before Python's own; ``file`` is a plugin of one file.
    """

    module: str
    attribute: str = ""
    folder: Path | None = None
    path: tuple[Path, ...] = ()
    file: Path | None = None

    @property
    def package(self) -> str:
        """The top package of the plugin."""
        return self.module.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin that was imported and asked; ``used`` are the sets of others that its own use."""

    target: Target
    loaded: Any
    asked: Asked
    used: tuple[IndicatorSet, ...]

    @property
    def sets(self) -> tuple[IndicatorSet, ...]:
        """What it declares."""
        return self.asked.sets

    @property
    def everything(self) -> tuple[IndicatorSet, ...]:
        """Its own sets and those that they use."""
        return (*self.sets, *self.used)


def target_of(given: str | None) -> Target:
    """The plugin that an argument means; none means the folder at hand."""
    path = Path(given or ".")
    if path.suffix == ".py" and path.is_file():
        return Target(path.stem, folder=None, path=(path.parent.resolve(),), file=path)
    if path.is_dir() and (given is None or not is_module(given)):
        return of_folder(path)
    if given is None or not all(map(str.isidentifier, given.partition(":")[0].split("."))):
        raise TargetError(f"{given}: write a module, a plugin's folder, or a file of Python")
    module, _, attribute = given.partition(":")
    if module in {entry.partition(":")[0].strip() for entry in declared_entries(Path()).values()}:
        return replace(of_folder(Path()), attribute=attribute) if attribute else of_folder(Path())
    return Target(module, attribute, project_of(module), (Path.cwd(),))


def is_module(name: str) -> bool:
    """Whether the name of a folder means the module of that name, which may stand elsewhere, and not a project."""
    if not name.isidentifier() or (Path(name) / "pyproject.toml").is_file():
        return False
    installed = {entry.module for entry in entry_points(group=ENTRY_POINT_GROUP)}
    return name in installed or (Path(name) / "__init__.py").is_file()


def of_folder(folder: Path) -> Target:
    """The plugin of a project."""
    entry = next(iter(declared_entries(folder).values()), None)
    if entry is None:
        raise TargetError(f"{folder.resolve().name}: no pyproject.toml here names a plugin; name the module, or write "
                          f'[project.entry-points."{ENTRY_POINT_GROUP}"]')
    module, _, attribute = entry.partition(":")
    root = folder.resolve()
    places = tuple(path for path in (root / "src", root) if path.is_dir())
    return Target(module.strip(), attribute.strip(), root, places)


def declared_entries(folder: Path) -> Mapping[str, str]:
    """The entry points of plugins that a project declares."""
    try:
        document = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as wrong:
        raise TargetError(f"{folder / 'pyproject.toml'}: {wrong}") from wrong
    entries = document.get("project", {}).get("entry-points", {}).get(ENTRY_POINT_GROUP, {})
    return {str(name): str(value) for name, value in entries.items()}


def project_of(module: str) -> Path | None:
    """The folder whose project declares the module, where its source lies there."""
    try:
        spec = importlib.util.find_spec(module.partition(".")[0])
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.origin:
        return None
    for folder in list(Path(spec.origin).resolve().parents)[:HIGHEST]:
        if (folder / "pyproject.toml").is_file():
            named = {entry.partition(":")[0].strip() for entry in declared_entries(folder).values()}
            return folder if module in named else None
    return None


def plugin_of(target: Target) -> Plugin | Finding:
    """The plugin, imported and asked; what it prints meanwhile goes nowhere."""
    for path in reversed(target.path):
        if str(path) not in sys.path:
            sys.path.insert(0, str(path))
    try:
        with redirect_stdout(StringIO()):
            loaded = loaded_module(target)
    except (Exception, SystemExit) as wrong:
        return found("import", target.module, reason=raised_at(wrong))
    asked = asked_of(loaded, target.module)
    return Plugin(target, loaded, asked, used_by(asked.sets))


def loaded_module(target: Target) -> Any:
    """The module, or the object in it that the entry point names."""
    if target.file is not None and target.module not in sys.modules:
        spec = importlib.util.spec_from_file_location(target.module, target.file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[target.module] = module
        spec.loader.exec_module(module)
    found_there: Any = importlib.import_module(target.module)
    for name in filter(None, target.attribute.split(".")):
        found_there = getattr(found_there, name)
    return found_there


def used_by(sets: Sequence[IndicatorSet]) -> tuple[IndicatorSet, ...]:
    """The sets of other installed plugins that these use, and those that they use."""
    here = {one.key for one in sets}
    known = {one.key: one for one in installed_sets() if one.key not in here} if any(one.uses for one in sets) else {}
    wanted = [key for one in sets for key in one.uses]
    found_sets: dict[str, IndicatorSet] = {}
    while wanted:
        key = wanted.pop()
        if key in known and key not in found_sets:
            found_sets[key] = known[key]
            wanted += known[key].uses
    return tuple(found_sets[key] for key in sorted(found_sets))


def installed_sets() -> Iterable[IndicatorSet]:
    """The sets of every plugin that is installed and can be asked."""
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        try:
            with redirect_stdout(StringIO()):
                loaded = entry.load()
        except (Exception, SystemExit):
            continue  # a broken neighbour is not what is looked at
        yield from asked_of(loaded).sets


def distribution_of(target: Target) -> Distribution | None:
    """The installed distribution whose entry point names the module."""
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        if entry.module == target.module and entry.dist is not None:
            return entry.dist
    return None

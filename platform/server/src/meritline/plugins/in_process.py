"""Asking a plugin in this process, until ``processes`` asks it in one of its own."""

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pluggy

from meritline.plugins.discovery import Found
from meritline_sdk import IndicatorSet, hookspecs

OURS = frozenset({"meritline", "pluggy", "importlib"})


@dataclass(frozen=True, slots=True)
class Source:
    label: str
    module: str
    attribute: str | None
    file: Path | None
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Declared:
    sets: tuple[IndicatorSet, ...]
    hooks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str
    params: dict[str, Any] = field(hash=False)


def source_of(one: Found) -> Source:
    """Where a process finds the plugin: the path is that of this process."""
    return Source(one.label, one.module, one.attribute, one.file, tuple(sys.path))


def declared_by(sources: Sequence[Source], *, deadline_s: float = 20.0) -> dict[Source, Declared | Refusal]:
    return {one: imported(one) for one in sources}


def imported(one: Source) -> Declared | Refusal:
    """The declared sets of a plugin that is imported here."""
    try:
        module: object
        if one.file is not None:
            spec = importlib.util.spec_from_file_location(one.module, one.file)
            assert spec
            assert spec.loader
            module = importlib.util.module_from_spec(spec)
            sys.modules[one.module] = module
            spec.loader.exec_module(module)
        else:
            module = importlib.import_module(one.module)
        for part in filter(None, (one.attribute or "").split(".")):
            module = getattr(module, part)
    except (Exception, SystemExit) as wrong:
        return Refusal("E-PLUGIN-IMPORT", {"reason": reason(wrong)})
    try:
        manager = registered(one, module)
        return Declared(tuple(declared_sets(manager)))
    except Rejected as rejected:
        return rejected.refusal
    except (Exception, SystemExit) as wrong:
        return Refusal("E-PLUGIN-DECLARES", {"reason": reason(wrong)})


class Rejected(Exception):
    """The plugin cannot be used."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def registered(one: Source, module: object) -> pluggy.PluginManager:
    """A manager that knows this plugin alone, after the checks that pluggy leaves to its host."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    known = sorted(vars(manager.hook))
    manager.register(module, name=one.label)
    # The same question as manager.check_pending() asks, with the name of the hook in the answer.
    for name in sorted(vars(manager.hook)):
        if name not in known:
            near = get_close_matches(name, known, n=1) or known
            raise Rejected(Refusal("E-PLUGIN-HOOK", {"value": name, "known": near}))
    if not manager.get_hookcallers(module):
        raise Rejected(Refusal("E-PLUGIN-EMPTY", {}))
    return manager


def declared_sets(manager: pluggy.PluginManager) -> list[IndicatorSet]:
    """What the plugin's ``indicator_sets`` gives, each value checked: pluggy checks neither types nor coroutines."""
    found: list[IndicatorSet] = []
    for impl in manager.hook.indicator_sets.get_hookimpls():
        value = impl.function()
        if inspect.iscoroutine(value):
            value.close()
            raise TypeError("indicator_sets is async; hooks are plain functions")
        if not isinstance(value, list | tuple):
            raise TypeError(f"indicator_sets gave a {type(value).__name__}, not a list of IndicatorSet")
        for item in value:
            if not isinstance(item, IndicatorSet):
                raise TypeError(f"indicator_sets gave a {type(item).__name__} among its IndicatorSets")
            found.append(item)
    return found


def reason(wrong: BaseException) -> str:
    """One line about an exception, with where in the plugin it arose; the place first, since long texts are cut."""
    last = wrong.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    module = last.tb_frame.f_globals.get("__name__", "?") if last else "?"
    where = f"{module}:{last.tb_lineno}: " if last and module.partition(".")[0] not in OURS else ""
    lines = [line.strip() for line in str(wrong).splitlines() if line.strip()]
    text = (lines[-1] if isinstance(wrong, pluggy.PluginValidationError) else lines[0]) if lines else "—"
    return f"{where}{type(wrong).__name__}: {text}".rstrip(".")

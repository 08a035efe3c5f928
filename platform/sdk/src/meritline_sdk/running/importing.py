"""A plugin's module, found where the server says. Decides how it is imported and how its mistakes are told."""

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

LONGEST = 200
OURS = frozenset({"meritline_sdk", "pluggy", "importlib"})


def brought(source: Mapping[str, Any]) -> Any:
    """The module, or what of it the entry point names."""
    module = imported(source)
    for name in (source.get("attribute") or "").split("."):
        module = getattr(module, name) if name else module
    return module


def imported(source: Mapping[str, Any]) -> ModuleType:
    """The module by its name, or from its one file under that name."""
    if source.get("path"):
        sys.path[:] = source["path"]
    importlib.invalidate_caches()
    name, file = source["module"], source.get("file")
    if not file:
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def reason(wrong: BaseException) -> str:
    """One line about an exception: where in the plugin it arose, its type and its text; the place first, since long
    texts are cut."""
    try:
        lines = [line.strip() for line in str(wrong)[:4096].splitlines() if line.strip()]
    except Exception:  # it is the plugin's exception
        lines = []
    validation = type(wrong).__name__ == "PluginValidationError"
    text = (lines[-1] if validation else lines[0]) if lines else "—"
    return f"{place(wrong)}: {text}".rstrip(".")[:LONGEST]


def place(wrong: BaseException) -> str:
    """Where an exception arose, and its type. Its text may hold what records say, so it is left out."""
    last = wrong.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    module = str(last.tb_frame.f_globals.get("__name__", "?")) if last else "?"
    where = f"{module}:{last.tb_lineno}: " if last and module.partition(".")[0] not in OURS else ""
    return f"{where}{type(wrong).__name__}"[:LONGEST]

"""What a plugin declares, asked in its own process. Decides the checks that pluggy leaves to its host."""

import inspect
import json
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

import pluggy

from meritline_sdk import hookspecs
from meritline_sdk.model.canonical import canonical
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.running.importing import brought, reason
from meritline_sdk.running.watched import Watched

type Tell = Callable[[bytes], None]


class Rejected(Exception):
    """The plugin cannot be used; ``code`` and ``params`` are those of the server's message."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def work(head: Mapping[str, Any], body: bytes, tell: Tell) -> None:
    """Import the plugin and tell its sets, or why not; ``watch``: also what its answer was made of."""
    watched = Watched() if head.get("watch") else None
    try:
        manager = registered(loaded(head["source"]))
        found = asked(manager)
        lines: list[Any] = [["hooks", hooks_of(manager)], *(["declared", canonical(one)] for one in found)]
        if watched and (made_of := watched.made_of()) is not None:
            lines.append(["made_of", *made_of])
    except Rejected as wrong:
        lines = [["refused", wrong.code, wrong.params]]
    except MemoryError:
        lines = [["refused", "E-PLUGIN-MEMORY", {}]]
    except BaseException as wrong:
        lines = [["refused", "E-PLUGIN-DECLARES", {"reason": reason(wrong)}]]
    for line in lines:
        tell(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def loaded(source: Mapping[str, Any]) -> Any:
    """The plugin's module, or the error of its import."""
    try:
        return brought(source)
    except MemoryError as wrong:
        raise Rejected("E-PLUGIN-MEMORY") from wrong
    except BaseException as wrong:
        raise Rejected("E-PLUGIN-IMPORT", reason=reason(wrong)) from wrong


def registered(module: Any) -> pluggy.PluginManager:
    """A manager that knows this plugin alone; a hook that does not exist is named with the nearest that does."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    known = sorted(vars(manager.hook))
    manager.register(module, name="plugin")
    for name in sorted(vars(manager.hook)):
        if name not in known:
            raise Rejected("E-PLUGIN-HOOK", value=name, known=get_close_matches(name, known, n=1) or known)
    if not manager.get_hookcallers(module):
        raise Rejected("E-PLUGIN-EMPTY")
    return manager


def hooks_of(manager: pluggy.PluginManager) -> list[str]:
    """The hooks that the plugin implements."""
    return sorted(name for name, caller in vars(manager.hook).items() if caller.get_hookimpls())


def asked(manager: pluggy.PluginManager) -> list[IndicatorSet]:
    """What ``indicator_sets`` gives, each value checked."""
    return [one for impl in manager.hook.indicator_sets.get_hookimpls()
            for one in items("indicator_sets", impl.function(), IndicatorSet)]


def items(hook: str, value: Any, kind: type[Any]) -> list[Any]:
    """The values of a hook, each of its type: pluggy checks neither types nor coroutines."""
    if inspect.iscoroutine(value):
        value.close()
        raise TypeError(f"{hook} is async; hooks are plain functions")
    if not isinstance(value, list | tuple):
        raise TypeError(f"{hook} gave a {type(value).__name__}, not a list of {kind.__name__}")
    for item in value:
        if type(item) is not kind:
            raise TypeError(f"{hook} gave a {type(item).__name__} among what should be {kind.__name__}")
    return list(value)

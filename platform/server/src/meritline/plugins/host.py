"""Loading plugins. Decides that a plugin which fails is left out with its reason, and takes nobody else with it.

Each plugin gets a pluggy manager of its own and is asked by itself: a broken import, a misspelt hook, an exception in
a hook or a wrong value quarantines that plugin alone.
"""

import inspect
from collections.abc import Iterable
from difflib import get_close_matches

import pluggy

from meritline.errors import Problem, problem
from meritline.plugins.assembly import Brought, assemble
from meritline.plugins.catalogue import Catalogue
from meritline.plugins.discovery import Found, allowed, installed, range_problem
from meritline_sdk import IndicatorSet, hookspecs

OURS = frozenset({"meritline", "pluggy", "importlib"})


def load_catalogue(allow: frozenset[str] | None = None) -> Catalogue:
    """What the installed plugins bring; ``allow`` names the distributions or entry points that may, None all."""
    chosen, absent = allowed(installed(), allow)
    return assemble([ask(one) for one in chosen], absent)


def catalogue_of(*declared: IndicatorSet, plugin: str = "here") -> Catalogue:
    """A catalogue of sets that are at hand: for tests and for trying a plugin before it is packaged."""
    return assemble([Brought(plugin, plugin, "0", "", "", tuple(declared), ())], [])


def ask(one: Found) -> Brought:
    """Everything the plugin brings, or the problem that keeps it out."""
    ranged = range_problem(one)
    problems = (ranged,) if ranged else ()
    sets: Iterable[IndicatorSet] | Problem = ()
    if ranged is None or ranged.severity == "warning":
        sets = imported(one)
    if isinstance(sets, Problem):
        problems, sets = (*problems, sets), ()
    return Brought(one.entry.name, one.distribution, one.version, one.author, one.licence, tuple(sets), problems)


def imported(one: Found) -> list[IndicatorSet] | Problem:
    """The declared sets of a plugin that is imported here."""
    try:
        module = one.entry.load()
    except (Exception, SystemExit) as wrong:
        return problem("E-PLUGIN-IMPORT", plugin=one.label, reason=reason(wrong))
    try:
        return declared_sets(one, registered(one, module))
    except Rejected as rejected:
        return rejected.problem
    except (Exception, SystemExit) as wrong:
        return problem("E-PLUGIN-DECLARES", plugin=one.label, reason=reason(wrong))


class Rejected(Exception):
    """The plugin cannot be used."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.text())
        self.problem = found


def registered(one: Found, module: object) -> pluggy.PluginManager:
    """A manager that knows this plugin alone, after the checks that pluggy leaves to its host."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    known = sorted(vars(manager.hook))
    manager.register(module, name=one.entry.name)
    # The same question as manager.check_pending() asks, with the name of the hook in the answer.
    for name in sorted(vars(manager.hook)):
        if name not in known:
            near = get_close_matches(name, known, n=1) or known
            raise Rejected(problem("E-PLUGIN-HOOK", plugin=one.label, value=name, known=near))
    if not manager.get_hookcallers(module):
        raise Rejected(problem("E-PLUGIN-EMPTY", plugin=one.label))
    return manager


def declared_sets(one: Found, manager: pluggy.PluginManager) -> list[IndicatorSet]:
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

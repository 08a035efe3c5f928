"""What a plugin's module offers its host, and what its hooks give. Runs where the plugin runs.

pluggy registers a misspelt hook without a word, calls an async one and hands back a coroutine, and looks at no types:
all of that is looked at here, hook by hook, so that one mistake does not hide the next.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

import pluggy

from meritline_sdk import hookspecs
from meritline_sdk.acceptance.findings import Finding, found
from meritline_sdk.acceptance.parts import part_problems, told
from meritline_sdk.acceptance.types import foreign
from meritline_sdk.model.profiles import TenantProfile
from meritline_sdk.model.sets import IndicatorSet, TenantDefaults, require_tables

SETS, DEFAULTS = "indicator_sets", "tenant_defaults"
KNOWN: dict[str, tuple[str, ...]] = {
    name: tuple(inspect.signature(spec).parameters) for name, spec in vars(hookspecs).items()
    if inspect.isfunction(spec) and getattr(spec, f"{hookspecs.PROJECT}_spec", None) is not None
}
"""Every hook with the arguments it may ask for."""
PROFILES = (
    TenantProfile(country="CN", currency="CNY", size=40, positions=(), languages=("zh",)),
    TenantProfile(country="DE", currency="EUR", size=4000, positions=("agent", "mechanic"), languages=("de", "en")),
)
"""Two companies that differ in everything, for trying ``tenant_defaults``."""


class Asked(NamedTuple):
    """What the hooks gave and what is wrong with them; ``hooks`` are the names of those that can be called."""

    sets: tuple[IndicatorSet, ...]
    hooks: tuple[str, ...]
    problems: tuple[Finding, ...]


def asked_of(plugin: Any, place: str = "") -> Asked:
    """The sets that a plugin's module declares, asked twice; nothing that it raises passes.

    The values themselves are not looked at: ``problems_of`` does that.
    """
    good, wrong = hooks_of(plugin, place)
    if SETS not in good and not wrong:
        wrong.append(found("empty", place))
    sets: tuple[IndicatorSet, ...] = ()
    if SETS in good:
        sets, problems = asked_twice(good[SETS], place)
        wrong += problems
    return Asked(sets, tuple(sorted(good)), tuple(wrong))


def hooks_of(plugin: Any, place: str = "") -> tuple[dict[str, Callable[..., Any]], list[Finding]]:
    """The hooks that can be called, by name, and what is wrong with the others."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    good: dict[str, Callable[..., Any]] = {}
    wrong: list[Finding] = []
    for name in sorted(dir(plugin)):
        marks = manager.parse_hookimpl_opts(plugin, name)
        if marks is None:
            continue
        function, hook = getattr(plugin, name), marks.get("specname") or name
        problems = list(hook_problems(function, hook, place))
        wrong += problems
        if not problems:
            good[hook] = function
    return good, wrong


def hook_problems(function: Any, hook: str, place: str) -> Iterator[Finding]:
    """A hook that there is not, that is not a plain function, or asks for what nobody gives."""
    if hook not in KNOWN:
        near = get_close_matches(hook, KNOWN, n=1, cutoff=0) or list(KNOWN)
        yield found("hook", place, value=hook, known=near[0])
        return
    if any(test(function) for test in (inspect.iscoroutinefunction, inspect.isasyncgenfunction,
                                       inspect.isgeneratorfunction)):
        yield found("hook_async", place, value=hook)
    asked = [name for name in inspect.signature(function).parameters if name not in KNOWN[hook]]
    for name in asked:
        yield found("hook_arguments", place, value=hook, argument=name, known=", ".join(KNOWN[hook]) or "nothing")


def asked_twice(hook: Callable[[], Any], place: str) -> tuple[tuple[IndicatorSet, ...], list[Finding]]:
    """What ``indicator_sets`` gives, and whether it gives the same again."""
    try:
        first, second = hook(), hook()
    except (Exception, SystemExit) as wrong:
        return (), [found("hook_failed", place, value=SETS, reason=raised_at(wrong))]
    if type(first) not in (list, tuple):
        close(first)
        return (), [found("hook_value", place, value=SETS, actual=type(first).__name__,
                          wanted="a list of IndicatorSet")]
    sets = tuple(one for one in first if type(one) is IndicatorSet)
    wrong_values = [foreign(one, (IndicatorSet,), f"{SETS}()[{number}]") for number, one in enumerate(first)
                    if type(one) is not IndicatorSet]
    if not wrong_values and not same(first, second):
        wrong_values.append(found("hook_differs", place, value=SETS))
    return sets, wrong_values


def same(first: Sequence[Any], second: Any) -> bool:
    """Whether both answers say the same; what cannot be compared does not."""
    try:
        return type(second) in (list, tuple) and list(first) == list(second)
    except Exception:
        return False


def close(value: Any) -> None:
    """Nobody will wait for it."""
    if inspect.iscoroutine(value):
        value.close()


def defaults_problems(hook: Callable[..., Any], sets: Sequence[IndicatorSet], place: str = "",
                      profiles: Sequence[TenantProfile] = PROFILES) -> Iterator[Finding]:
    """What is wrong with the answers of ``tenant_defaults`` for companies that differ."""
    for profile in profiles:
        given = {"profile": profile} if inspect.signature(hook).parameters else {}
        try:
            first, second = hook(**given), hook(**given)
        except (Exception, SystemExit) as wrong:
            yield found("hook_failed", place, value=DEFAULTS, reason=raised_at(wrong))
            return
        wrong_answer = list(answer_problems(first, sets, place))
        yield from wrong_answer
        if not wrong_answer and not same(first, second):
            yield found("hook_differs", place, value=DEFAULTS)


def answer_problems(answer: Any, sets: Sequence[IndicatorSet], place: str = "") -> Iterator[Finding]:
    """What is wrong with one answer of ``tenant_defaults``."""
    if type(answer) not in (list, tuple):
        close(answer)
        yield found("hook_value", place, value=DEFAULTS, actual=type(answer).__name__,
                    wanted="a list of TenantDefaults")
        return
    keys = {one.key for one in sets}
    for number, one in enumerate(answer):
        where = f"{DEFAULTS}()[{number}]"
        wrong = part_problems(one, TenantDefaults, where)
        yield from wrong
        if wrong:
            continue
        if one.set not in keys:
            yield found("meaning", where, reason=f"it is for the set {one.set!r}, and the plugin brings "
                                                 f"{', '.join(sorted(keys)) or 'none'}")
        try:
            require_tables(one.set, {scheme.key: scheme for scheme in one.schemes}, one.rewards)
        except ValueError as problem:
            yield found("meaning", where, reason=told(problem))


OURS = frozenset({"meritline", "meritline_sdk", "pluggy", "importlib"})


def raised_at(wrong: BaseException) -> str:
    """An exception with where in the plugin it arose, so that its author finds the line."""
    last, where = wrong.__traceback__, ""
    while last is not None:
        module = str(last.tb_frame.f_globals.get("__name__", "?"))
        if module.partition(".")[0] not in OURS:
            where = f"{module}:{last.tb_lineno}: "
        last = last.tb_next
    return f"{where}{told(wrong)}"

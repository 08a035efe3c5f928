"""The laws of every indicator set, as tests. Decides which law is tried on what, and under which name it is reported.

The laws themselves, as data, stand in ``law``; how each is tried in ``law_indicators``, ``law_functions`` and
``law_schemes``.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from meritline_sdk.model.canonical import content_hash
from meritline_sdk.model.functions import PythonMeasure
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.rated import RatedIndicator
from meritline_sdk.model.rewards import Pool
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.testing import law_functions as functions
from meritline_sdk.testing import law_indicators as on
from meritline_sdk.testing import law_schemes as schemes_law
from meritline_sdk.testing.afresh import Place, Question, ask_afresh
from meritline_sdk.testing.golden import GoldenCase, Sets, golden_cases, load_golden, run_golden, sets_of
from meritline_sdk.testing.heaps import Heap
from meritline_sdk.testing.law import LawBroken, law
from meritline_sdk.testing.law_functions import Asking

ON_HEAPS = (
    ("repeatable", on.require_repeatable), ("order", on.require_order), ("input_kept", on.require_input_kept),
    ("evidence", on.require_evidence), ("merges", on.require_merges), ("within_unit", on.require_unit),
    ("reading_round_trip", on.require_reading_round_trip),
)  # fmt: skip
ON_FUNCTIONS = (
    ("checked", functions.require_checked), ("repeatable", functions.require_repeatable_answers),
    ("rows_order", functions.require_rows_order), ("rows_kept", functions.require_rows_kept),
    ("used", functions.require_used), ("afresh", functions.require_afresh), ("no_clock", functions.require_no_clock),
)  # fmt: skip
ON_SCHEMES = (
    ("scores", schemes_law.require_scores), ("bounds", schemes_law.require_bounds),
    ("monotone", schemes_law.require_monotone),
)  # fmt: skip
NEEDED = "laws_for() needs pytest: install the extra, meritline-sdk[testing]"


def laws_for(indicator_sets: Sets, golden: Path | str | None = None) -> type:
    """A test class that holds the sets to every law: one line in a test file gives the whole suite.

    ``indicator_sets`` is the plugin's hook, or a list of its sets; ``golden`` is the folder of golden cases, by default
    ``golden`` beside the test file or one folder above it. Each failure names the indicator, the law, the smallest
    example and what to do. Raises ``ImportError`` where the extra ``testing`` is not installed.

    Example::

        from meritline_elevator import indicator_sets
        from meritline_sdk.testing import laws_for

        TestElevator = laws_for(indicator_sets)
    """
    try:
        import pytest
    except ImportError as missing:
        raise ImportError(NEEDED) from missing

    sets = sets_of(indicator_sets)
    folder = golden_folder(golden, sys._getframe(1).f_globals.get("__file__"))
    cases = load_golden(folder, sets) if folder else []

    def test_declared_alike(self: Any) -> None:
        told(require_declared_alike, indicator_sets, sets, pytest.skip)

    def test_sql(self: Any, meritline_server: Any) -> None:
        told(require_sql, cases, meritline_server)

    def test_pools(self: Any, meritline_server: Any) -> None:
        told(require_pools, sets, meritline_server)

    tests = {f"test_{name}": over(several, tried) for name, several, tried in trials(sets, folder) if several}
    tests |= {"test_declared_alike": test_declared_alike, "test_sql": test_sql} if sets else {}
    if any(isinstance(rule, Pool) for one in sets for table in one.rewards for rule in table.rules):
        tests["test_pools"] = test_pools
    budgets = list(askings(sets).values())
    if budgets:
        tests["test_budget"] = over_budgets(budgets)
    made = type("Laws", (), {"__doc__": "What holds for every indicator set.", "__module__": __name__, **tests})
    return pytest.mark.usefixtures("only_this_plugin")(made)


def trials(sets: Sequence[IndicatorSet], folder: Path | None) -> list[tuple[str, dict[str, Any], Callable[..., None]]]:
    """Each law with what it is tried on, by the name under which pytest reports it, and how."""
    every = {f"{one.key}.{found.key}": found for one in sets for found in one.indicators}
    measured = {key: one for key, one in every.items() if isinstance(one, Indicator)}
    heaps = {key: Lazy(one) for key, one in measured.items()}
    schemes = {one.key: (one, sets) for each in sets for one in each.schemes}
    cases = {case.id: case.values[0] for case in golden_cases(folder, sets)} if folder else {}
    rated = {key: one for key, one in every.items() if isinstance(one, RatedIndicator)}
    return [
        ("golden", cases, run_golden),
        ("round_trip", every | {key: one for each in sets for key, one in everything(each)}, on.require_round_trip),
        ("sentences", every, on.require_sentences),
        ("empty", measured, on.require_empty_rule),
        *((name, heaps, lambda lazy, tried=tried: tried(lazy.heap)) for name, tried in ON_HEAPS),
        ("rated_within_scale", rated, on.require_rated_scale),
        *((f"function_{name}", askings(sets), tried) for name, tried in ON_FUNCTIONS),
        *((name, schemes, lambda pair, tried=tried: tried(*pair)) for name, tried in ON_SCHEMES),
    ]  # fmt: skip


@dataclass
class Lazy:
    """An indicator whose heap is made when a law first asks for it, and kept for the others."""

    indicator: Indicator

    @cached_property
    def heap(self) -> Heap:
        """The heap."""
        return Heap.of(self.indicator)


def askings(sets: Sequence[IndicatorSet]) -> dict[str, Asking]:
    """The Python measures."""
    return {f"{one.key}.{found.key}": Asking(found) for one in sets for found in one.indicators
            if isinstance(found, Indicator) and isinstance(found.measure, PythonMeasure)}


def over(several: Mapping[str, Any], tried: Callable[..., None]) -> Any:
    """A test of each."""
    import pytest

    @pytest.mark.parametrize("found", [pytest.param(one, id=key) for key, one in several.items()])
    def test(self: Any, found: Any) -> None:
        told(tried, found)

    return test


def over_budgets(several: Sequence[Asking]) -> Any:
    """Tells how long each function takes; never fails."""
    import pytest

    @pytest.mark.parametrize("asking", [pytest.param(one, id=one.indicator.key) for one in several])
    def test(self: Any, asking: Asking, record_property: Callable[[str, object], None]) -> None:
        record_property("meritline_budget", (asking.indicator.key, *functions.time_for(asking)))

    return test


def told(tried: Callable[..., None], *given: Any) -> None:
    """Try it; a broken law is told by its words alone, without the inside of the testkit."""
    import pytest

    words = None
    try:
        tried(*given)
    except LawBroken as broken:
        words = str(broken)
    if words is not None:
        pytest.fail(words, pytrace=False)


def everything(one: IndicatorSet) -> Sequence[tuple[str, Any]]:
    """The set itself, its record types, schemes, reward tables, and what it offers."""
    parts = (*one.records, *one.extensions, *one.schemes, *one.rewards)
    return [(f"{one.key}", one), *((f"{one.key} {type(found).__name__} {getattr(found, 'key', '')}".strip(), found)
                                   for found in parts)]


def golden_folder(given: Path | str | None, caller: str | None) -> Path | None:
    """Where the golden cases are."""
    if given is not None:
        return Path(given)
    near = [Path(caller).parent / "golden", Path(caller).parent.parent / "golden"] if caller else []
    return next((folder for folder in near if folder.is_dir()), None)


def require_declared_alike(given: Sets, sets: Sequence[IndicatorSet], skip: Callable[[str], Any]) -> None:
    """Two other interpreters declare the sets with the hashes that they have here."""
    places = places_of(given, sets)
    if not places:
        skip("the sets stand in no module that another interpreter could import: give laws_for the hook itself")
    here = {one.key: content_hash(one) for one in sets}
    for seed in (1, 2):
        heard = ask_afresh(Question(sets=places), seed)
        for key, hash_here in here.items():
            if heard.problem or heard.hashes.get(key) != hash_here:
                raise law("declared_alike").broken(key, heard.problem or f"content hash {hash_here[:12]} here, "
                                                   f"{heard.hashes.get(key, 'none')[:12]} there")


def places_of(given: Sets, sets: Sequence[IndicatorSet]) -> tuple[Place, ...]:
    """Where another interpreter finds the sets: the hook, or the modules in which they stand under a name."""
    name, module = getattr(given, "__name__", ""), getattr(given, "__module__", "")
    if name and importable(module) and getattr(sys.modules.get(module), name, None) is given:
        return ((module, name),)
    found = [next(((home, attribute) for home, known in sorted(sys.modules.items()) if importable(home)
                   for attribute, value in list(vars(known).items()) if value is one), None) for one in sets]
    return tuple(place for place in found if place is not None) if all(found) else ()


def importable(module: str) -> bool:
    """Whether another interpreter can import it by its name: not a test file, nor the program itself."""
    from importlib.util import find_spec

    known = sys.modules.get(module)
    if known is None or module == "__main__" or not getattr(known, "__file__", None):
        return False
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return False
    top = module.partition(".")[0]
    return spec is not None and spec.origin == known.__file__ and any(
        (Path(folder or ".") / f"{top}{ending}").exists() for folder in sys.path for ending in ("", ".py"))


def require_sql(cases: Sequence[GoldenCase], server: Any) -> None:
    """Every golden case by the server's SQL; all that differ are named."""
    wrong = [f"{case.place}: {told}" for case in cases if (told := server.differs(case))]
    if wrong:
        raise law("sql").broken(cases[0].indicator.key if len(wrong) == 1 else f"{len(wrong)} cases", wrong[0],
                                "; ".join(wrong[1:4]))


def require_pools(sets: Sequence[IndicatorSet], server: Any) -> None:
    """What each pool of the tables gives its members sums to what it is."""
    for one in sets:
        schemes = {scheme.key: scheme for scheme in one.schemes}
        for table in one.rewards:
            for leak in server.pools_that_leak(table, schemes[table.scheme]):
                raise law("pools").broken(table.key, leak)

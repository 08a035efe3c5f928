"""The SDK's docstrings: every public name has one that says something, and every example in them runs.

Examples share one scene, as a reader's own module would: the names of the SDK, a record type ``Callout`` and an
indicator ``FIRST``. An example after ``::`` is a whole module: it is written to a file and imported.
"""

import ast
import doctest
import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import meritline_sdk
from meritline_sdk import hookspecs, pytest_plugin, rules, testing

SCENE = '''
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from meritline_sdk import *
from meritline_sdk.testing import laws_for, make_record, read_indicator


class Callout(RecordType, key="doc_callout", title=Text("Call-out", "急修单")):
    mechanic = Person()
    helpers = People(optional=True)
    depot = Team(optional=True)
    order_no = Code(optional=True)
    opened_at = Instant(optional=True)
    closed_at = Instant(optional=True)
    due = Day(optional=True)
    visits = Int(minimum=0)
    cost = Number(minimum=0, optional=True)
    outcome = Choice(options=("fixed", "open"), optional=True)
    defaults = Attribution(credit=mechanic, at=closed_at)


FIRST = Indicator("first", Text("First-time fix rate", "一次修复率"), unit=PERCENT, better=HIGHER,
                  measure=Ratio(Count(Callout, where=Callout.visits == 1), Count(Callout)))
FIRST_TIME_FIX = FIRST
ELEVATOR = IndicatorSet("elevator", Text("Elevators", "电梯"), records=[Callout], indicators=[FIRST])


def indicator_sets():
    return [ELEVATOR]
'''
SAYS_LITTLE = 25
"""Fewer characters than this are a repetition of the name."""
PACKAGE = Path(meritline_sdk.__file__).parent
MODULES = [found.name for found in pkgutil.walk_packages(meritline_sdk.__path__, "meritline_sdk.")
           if ".template" not in found.name and not found.name.endswith("__main__")]
BLOCK = re.compile(r"::\n\n((?: {4,}.*\n|\n)+)")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the scene, on the path as a plugin that is installed."""
    folder = tmp_path_factory.mktemp("scene")
    for name in ("doc_scene", "meritline_elevator"):
        (folder / f"{name}.py").write_text(SCENE if name == "doc_scene" else "from doc_scene import *\n", "utf-8")
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(scene: Path, name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name}: a module says what it decides"
    known = {key: value for key, value in vars(importlib.import_module("doc_scene")).items() if key[0] != "_"}
    names = known | {key: value for key, value in vars(module).items() if key[0] != "_"}
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.testmod(module, globs=dict(names), optionflags=flags).failed == 0


def blocks() -> Iterator[Any]:
    """Every example that is a whole module, with where it stands."""
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text("utf-8")
        if "template" in path.parts or "::\n\n" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (told := ast.get_docstring(node)):
                for number, found in enumerate(BLOCK.finditer(told + "\n"), 1):
                    at = f"{path.stem}_{getattr(node, 'name', 'module')}_{number}"
                    yield pytest.param(inspect.cleandoc("\n" + found[1]), id=at)


@pytest.mark.parametrize("text", list(blocks()))
def test_an_example_that_is_a_module_can_be_imported(scene: Path, request: pytest.FixtureRequest, text: str) -> None:
    name = "doc_" + re.sub(r"\W", "_", request.node.callspec.id)
    (scene / f"{name}.py").write_text(f"from doc_scene import *\n\n{text}\n", "utf-8")
    importlib.invalidate_caches()
    module = importlib.import_module(name)
    for key, found in list(vars(module).items()):
        if key.startswith("test_"):
            assert found(make_record=testing.make_record, read_indicator=testing.read_indicator) is None
        elif getattr(found, "meritline_impl", None) is not None:
            profile = meritline_sdk.TenantProfile("DE", "EUR", 3)
            assert isinstance(found(profile) if inspect.signature(found).parameters else found(), list)


def public() -> Iterator[tuple[str, Any]]:
    """Everything that a stranger may import, with its methods."""
    places: list[tuple[ModuleType, list[str]]] = [
        (meritline_sdk, meritline_sdk.__all__), (testing, testing.__all__),
        (rules, [one.__name__ for one in (rules.Rule, *rules.RULES.values())]),
        (hookspecs, ["indicator_sets", "tenant_defaults"]),
        (pytest_plugin, ["make_record", "read_indicator", "only_this_plugin", "meritline_server"])]
    for module, names in places:
        for name in names:
            found = getattr(module, name)
            yield f"{module.__name__}.{name}", found
            for key, inner in vars(found).items() if inspect.isclass(found) else ():
                if not key.startswith("_") and (inspect.isfunction(inner) or isinstance(inner, property)):
                    yield f"{module.__name__}.{name}.{key}", inner


def test_every_public_name_says_what_it_is() -> None:
    constants = told_constants()
    silent = []
    for name, found in public():
        if name.rpartition(".")[2] in ("rules", "hookimpl"):
            continue
        short = name.rpartition(".")[2]
        own = inspect.isclass(found) or callable(found) or isinstance(found, property)
        told = (found.__doc__ if own else constants.get(short, "")) or constants.get(short, "")
        made_up = inspect.isclass(found) and told.startswith(f"{short}(")
        if made_up or len(told) < (SAYS_LITTLE if own else 10):
            silent.append(f"{name}: {told!r}")
    assert not silent, "\n".join(silent)


def told_constants() -> dict[str, str]:
    """The text that follows each assignment in the SDK."""
    found: dict[str, str] = {}
    for path in PACKAGE.rglob("*.py"):
        body = ast.parse(path.read_text("utf-8")).body
        for node, after in pairwise(body):
            if isinstance(node, ast.Assign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                found |= {ast.unparse(target): str(after.value.value) for target in node.targets}
    return found


def test_a_name_without_a_docstring_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meritline_sdk.Count, "__doc__", "Count(record)")
    monkeypatch.setattr(meritline_sdk.hours, "__doc__", "")
    with pytest.raises(AssertionError, match=r"(?s)meritline_sdk\.Count: .*meritline_sdk\.hours: ''"):
        test_every_public_name_says_what_it_is()

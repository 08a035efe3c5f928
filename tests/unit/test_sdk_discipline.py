"""Numbers that decide about pay are exact: no float stands in the SDK or the domain; their examples run."""

import ast
import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import meritline.domain
import meritline_sdk

PACKAGES = (meritline_sdk, meritline.domain)
FOLDERS = [Path(next(iter(package.__path__))) for package in PACKAGES]
SOURCES = [path for folder in FOLDERS for path in sorted(folder.rglob("*.py"))]
# The examples of the SDK run in tests/contract/test_sdk_doctests.py.
MODULES = [found.name for found in pkgutil.walk_packages(meritline.domain.__path__, "meritline.domain.")]


# Programs around the language: the author's commands and testkit, and the processes in which functions run. In those
# seconds are floats, and a function's float travels to where it is refused.
PROCESSES = {"running"}
PROGRAMS = {*PROCESSES, "testing", "cli", "trying", "distribution.py", "project.py", "pytest_plugin.py"}


@pytest.mark.parametrize("path", [path for path in SOURCES if not PROCESSES & set(path.parts)],
                         ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_float_stands_in_it(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
        divided = isinstance(node, ast.Attribute) and node.attr in ("total_seconds", "timestamp", "from_float")
        floats = literal or called or divided
        assert not floats, f"{path}:{getattr(node, 'lineno', 0)} works with floats"


@pytest.mark.parametrize("path", [path for path in SOURCES if not PROGRAMS & set(path.parts)],
                         ids=lambda path: f"{path.parent.name}/{path.name}")
def test_it_is_pure(path: Path) -> None:
    imported = {name.split(".")[0] for node in ast.walk(ast.parse(path.read_text("utf-8")))
                for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else
                             [node.module or ""] if isinstance(node, ast.ImportFrom) else [])}
    assert not imported & {"random", "time", "os", "io", "asyncio", "socket", "pathlib", "sqlite3", "asyncpg",
                           "secrets", "subprocess"}, path
    text = path.read_text("utf-8")
    assert "datetime.now" not in text
    assert "date.today" not in text


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_it_run(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name}: a module says what it decides"
    assert doctest.testmod(module).failed == 0


def test_the_public_names_are_there() -> None:
    assert all(hasattr(meritline_sdk, name) for name in meritline_sdk.__all__)
    assert len(set(meritline_sdk.__all__)) == len(meritline_sdk.__all__)

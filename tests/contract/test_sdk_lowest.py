"""The bundled plugins at the lowest SDK that they say they run with.

Two ways of looking, since each sees what the other cannot:

- *By the listing* of that version (``platform/sdk/api/<version>``): every name that a plugin imports, every attribute
  of ``rules`` and every argument by name must stand there. This sees what is newer than the range says, also in code
  that no test runs. It does not see what a newer version merely does otherwise.
- *By running*: the plugins' wheels beside the SDK's wheel of that version, with pluggy and pytest and nothing else;
  their golden cases and laws. Where the lowest version is this one, its wheel is built here, and this sees what the
  wheel lacks and nothing of older behaviour. A lower one is built from its tag ``meritline-sdk-<version>``; without a
  git history there is none to build, and the test says so instead of passing.
"""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
LISTINGS = ROOT / "platform" / "sdk" / "api"
TOOLS = ("pytest", "_pytest", "py", "pluggy", "iniconfig", "packaging", "pygments", "hypothesis", "sortedcontainers",
         "_hypothesis_pytestplugin", "_hypothesis_globals")  # fmt: skip
NAMES = re.compile(r"^(?:class|def|type) (\w+)|^(\w+)(?::| =)", re.MULTILINE)
TRIED = "golden or round_trip or empty or scores or monotone or rated_within_scale"


def lowest(plugin: Path) -> str:
    """The lower bound of the plugin's range."""
    project = tomllib.loads((plugin / "pyproject.toml").read_text("utf-8"))["project"]
    (given,) = (one for one in project["dependencies"] if one.startswith("meritline-sdk"))
    found = re.search(r">=\s*([\d.]+)", given)
    assert found, f"{plugin.name}: {given!r} has no lower bound"
    return found[1]


def listed(version: str) -> dict[str, ast.Module]:
    """The listing of the version, each module as it is parsed."""
    folder = LISTINGS / ".".join(version.split(".")[:2]) / "meritline_sdk"
    assert folder.is_dir(), f"there is no listing of {version}: {folder.relative_to(ROOT)}"
    return {"meritline_sdk" if path.stem == "__init__" else f"meritline_sdk.{path.stem}": ast.parse(
        path.read_text("utf-8")) for path in folder.glob("*.pyi")}


def arguments(tree: ast.Module) -> dict[str, set[str] | None]:
    """What each name takes by name; None where that is anything, or where it is a value."""
    found: dict[str, set[str] | None] = {}
    for node in tree.body:
        called = next((one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"),
                      None) if isinstance(node, ast.ClassDef) else node
        if isinstance(called, ast.FunctionDef) and not called.args.kwarg:
            found[getattr(node, "name", "")] = {one.arg for one in (*called.args.args, *called.args.kwonlyargs)}
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            found[node.name] = None
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.ImportFrom):
            names = node.names if isinstance(node, ast.ImportFrom) else (
                node.targets if isinstance(node, ast.Assign) else [node.target])
            found |= {(one.asname or one.name) if isinstance(one, ast.alias) else ast.unparse(one): None
                      for one in names}
    return found


def newer(source: Path, listing: dict[str, ast.Module]) -> Iterator[str]:
    """Everything in a source file that the listing does not have."""
    known = {module: arguments(tree) for module, tree in listing.items()}
    public, rules = known["meritline_sdk"], known["meritline_sdk.rules"]
    tree = ast.parse(source.read_text("utf-8"))
    imported = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("meritline_sdk"):
            continue
        for one in node.names:
            if one.name not in known.get(node.module or "", {}):
                yield f"{source.name}:{node.lineno}: {node.module} has no {one.name}"
            imported[one.asname or one.name] = one.name
    for node in ast.walk(tree):
        where = f"{source.name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "rules" and node.attr not in rules:
            yield f"{where}: there is no rules.{node.attr}"
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        takes = rules.get(name.removeprefix("rules.")) if name.startswith("rules.") else public.get(
            imported.get(name, ""))
        for word in node.keywords:
            if takes is not None and word.arg and word.arg not in takes:
                yield f"{where}: {name} takes no {word.arg}="


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_uses_nothing_newer_than_its_range_says(plugin: Path) -> None:
    listing = listed(lowest(plugin))
    found = [told for source in sorted((plugin / "src").rglob("*.py")) for told in newer(source, listing)]
    assert not found, "\n".join([*found, f"raise the lower bound of meritline-sdk in {plugin.name}/pyproject.toml, or "
                                         "do without it"])


def test_what_is_newer_is_named(tmp_path: Path) -> None:
    source = tmp_path / "newer.py"
    source.write_text("from meritline_sdk import Count, Indicator, rules, weeks\n"
                      "from meritline_sdk.model.nodes import Field\nfrom meritline_sdk.testing import laws_for\n"
                      "Count(c, credit=None, over=3)\nrules.Deduct(2, per=1, twice=True)\nrules.Curve(1)\n", "utf-8")
    assert sorted(newer(source, listed("0.2"))) == [
        "newer.py:1: meritline_sdk has no weeks", "newer.py:2: meritline_sdk.model.nodes has no Field",
        "newer.py:4: Count takes no over=", "newer.py:5: rules.Deduct takes no twice=",
        "newer.py:6: there is no rules.Curve"]  # fmt: skip


@pytest.fixture(scope="module")
def installed(distributions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugins' wheels with the lowest SDK that one of them takes, and pytest; nothing else."""
    folder = tmp_path_factory.mktemp("lowest")
    version = min((lowest(plugin) for plugin in PLUGINS), key=lambda text: [int(part) for part in text.split(".")])
    plugins = [wheel for wheel in distributions.glob("meritline_*.whl") if "meritline_sdk" not in wheel.name]
    for wheel in (sdk_wheel(version, distributions, folder), *plugins):
        zipfile.ZipFile(wheel).extractall(folder / "site")
    for name in TOOLS:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin:
            origin = Path(spec.origin)
            if origin.name == "__init__.py":
                shutil.copytree(origin.parent, folder / "site" / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(origin, folder / "site")
    return folder


def sdk_wheel(version: str, distributions: Path, folder: Path) -> Path:
    """The wheel of that version: today's, or one that is built from its tag."""
    (today,) = distributions.glob("meritline_sdk-*.whl")
    if today.name.split("-")[1].startswith(version):
        return today
    tag = f"meritline-sdk-{version}"
    packed = subprocess.run(["git", "archive", "--output", str(folder / "sdk.zip"), tag, "platform/sdk"], cwd=ROOT,
                            capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    if packed.returncode:
        pytest.skip(f"there is no {tag} to build: {packed.stderr.strip()}")
    zipfile.ZipFile(folder / "sdk.zip").extractall(folder / "sdk")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
                   cwd=folder / "sdk" / "platform" / "sdk", check=True, capture_output=True)
    return next(folder.glob("meritline_sdk-*.whl"))


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter that finds the wheels and pytest, and no environment of ours."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    return subprocess.run([sys.executable, "-S", *arguments], cwd=folder, capture_output=True, encoding="utf-8",
                          check=False, env=clean | {"PYTHONPATH": str(folder / "site")})  # fmt: skip


def test_the_plugins_keep_their_golden_cases_and_laws_at_the_lowest_version(installed: Path) -> None:
    lines = ["from pathlib import Path", "from meritline_sdk.testing import laws_for"]
    for plugin in PLUGINS:
        module = "meritline_" + plugin.name.replace("-", "_")
        lines += [f"import {module}",
                  f"Test_{module} = laws_for({module}.indicator_sets, Path({str(plugin)!r}) / 'golden')"]
    (installed / "test_lowest.py").write_text("\n".join(lines), "utf-8")
    done = run(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k",
               TRIED, "test_lowest.py")
    last = done.stdout.strip().rpartition("\n")[2]
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    passed = re.match(r"(\d+) passed", last)
    assert passed, last
    assert int(passed[1]) > 700, last


def test_an_sdk_that_lacks_something_fails(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(installed / "site", tmp_path / "site", ignore=shutil.ignore_patterns(*TOOLS[:2], "hypothesis"))
    times = tmp_path / "site" / "meritline_sdk" / "model" / "times.py"
    times.write_text(times.read_text("utf-8").replace("def working_days(", "def days_at_work("), "utf-8")
    done = run(tmp_path, "-c", "import meritline_after_sales_common")
    assert done.returncode == 1
    assert "working_days" in done.stderr

"""The SDK alone: with its wheel and pluggy and nothing else, a plugin declares, reads and explains; imports are light.

What an import loads is counted, not timed: a machine may be busy, a list of modules is not.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HEAVY = {"asyncio", "unittest", "pytest", "_pytest", "hypothesis", "copier", "sqlite3", "socket", "ssl", "http",
         "email", "logging", "multiprocessing", "subprocess", "threading", "json", "hashlib", "difflib", "zoneinfo",
         "pathlib", "pickle", "random", "tomllib", "argparse", "doctest", "griffe", "sybil", "meritline"}  # fmt: skip
BARE = 40
"""How many modules ``import meritline_sdk`` may load: the package itself and what typing and importlib need."""
WHOLE = 110
"""How many all public names may load: the model, dataclasses, datetime, decimal and fractions, and pluggy."""
LISTED = "before = set(sys.modules)\n{}\nfound = sorted(set(sys.modules) - before)\nimport json\n" \
         "print(json.dumps(found))"
PLUGIN = '''
from datetime import UTC, datetime

from meritline_sdk import *
from meritline_sdk.evaluate.readings import read
from meritline_sdk.explain import sentence
from meritline_sdk.testing import make_record, read_indicator


class Callout(RecordType, key="callout", title=Text("Call-out", "急修单")):
    mechanic = Person()
    closed_at = Instant(optional=True)
    visits = Int(minimum=0)
    defaults = Attribution(credit=mechanic, at=closed_at)


FIRST = Indicator("first", Text("First-time fix rate", "一次修复率"), unit=PERCENT, better=HIGHER,
                  measure=Ratio(Count(Callout, Callout.visits == 1), Count(Callout)))


@hookimpl
def indicator_sets():
    return [IndicatorSet("elevator", Text("Elevators", "电梯"), records=[Callout], indicators=[FIRST])]


may = datetime(2026, 5, 3, tzinfo=UTC)
records = [make_record(Callout, mechanic="M1", closed_at=may, visits=visits) for visits in (1, 1, 2)]
print(read_indicator(FIRST, records, period="2026-05").value, content_hash(indicator_sets()[0])[:4] != "")
print(sentence(FIRST, "en"), sentence(FIRST, "zh"))
from meritline_sdk.testing import laws_for
try:
    laws_for(indicator_sets)
except ImportError as missing:
    print(missing)
'''


@pytest.fixture(scope="module")
def alone(distributions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the SDK as its wheel installs it, and pluggy."""
    folder = tmp_path_factory.mktemp("alone")
    (wheel,) = distributions.glob("meritline_sdk-*.whl")
    zipfile.ZipFile(wheel).extractall(folder)
    found = importlib.util.find_spec("pluggy")
    assert found is not None
    assert found.origin is not None
    shutil.copytree(Path(found.origin).parent, folder / "pluggy")
    return folder


def run(folder: Path, code: str, *arguments: str) -> str:
    """What a fresh interpreter prints that finds nothing but the standard library and the folder."""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{code}",
                           *arguments], capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded(folder: Path, code: str) -> list[str]:
    """The modules that the code loads."""
    found: list[str] = json.loads(run(folder, LISTED.format(code)))
    return found


def test_with_pluggy_alone_a_plugin_declares_reads_and_explains_itself(alone: Path) -> None:
    value, english, missing = run(alone, PLUGIN).splitlines()
    assert value == "200/3 True"
    assert "一次修复率" in english or "急修单" in english
    assert missing == "laws_for() needs pytest: install the extra, meritline-sdk[testing]"


def test_importing_the_sdk_loads_the_sdk_and_nothing_else(alone: Path) -> None:
    found = loaded(alone, "import meritline_sdk")
    assert [name for name in found if name.startswith(("meritline", "pluggy"))] == ["meritline_sdk"]
    assert len(found) <= BARE, found
    assert not {name.partition(".")[0] for name in found} & HEAVY


def test_all_public_names_load_nothing_heavy(alone: Path) -> None:
    authoring = "import meritline_sdk; [getattr(meritline_sdk, name) for name in meritline_sdk.__all__ " \
                "if name not in ('canonical', 'content_hash')]"
    found = loaded(alone, authoring)
    assert not {name.partition(".")[0] for name in found} & HEAVY, found
    assert len(found) <= WHOLE, len(found)
    assert not any(name.startswith(("meritline_sdk.evaluate", "meritline_sdk.testing", "meritline_sdk.cli"))
                   for name in found)


def test_what_pytest_loads_for_everybody_is_one_small_module() -> None:
    done = subprocess.run([sys.executable, "-c", "import pytest, sys; before = set(sys.modules); "
                           "import meritline_sdk.pytest_plugin; print(*sorted(set(sys.modules) - before))"],
                          capture_output=True, encoding="utf-8", check=True)  # fmt: skip
    assert done.stdout.split() == ["meritline_sdk", "meritline_sdk.pytest_plugin"]


def test_a_run_that_asks_for_nothing_of_ours_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text(
        "import sys\n\ndef test_own():\n    ours = {name for name in sys.modules if name.startswith('meritline')}\n"
        "    assert ours <= {'meritline_sdk', 'meritline_sdk.pytest_plugin'}\n", "utf-8")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
                           str(tmp_path)], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    assert "Python measures" not in done.stdout

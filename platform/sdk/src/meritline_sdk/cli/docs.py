"""``meritline-sdk docs MODULE``: the catalogue of a plugin's indicators as a Markdown page, and the README's table."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from meritline_sdk.cli.loading import loaded
from meritline_sdk.model.sets import IndicatorSet


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("module", help="the plugin's module, such as meritline_elevator")
    parser.add_argument("--golden", type=Path, help="the folder of its golden cases")
    parser.add_argument("--out", type=Path, help="the page to write, with the golden cases worked out")
    parser.add_argument("--readme", type=Path, help="the README whose table of indicators is written anew")


def run(chosen: argparse.Namespace) -> int:
    """Write the page of the plugin's sets, the table, or both."""
    if bool(chosen.golden) != bool(chosen.out) or not (chosen.out or chosen.readme):
        print("meritline-sdk docs: say --golden and --out together, or --readme, or all three", file=sys.stderr)
        return 2
    sets = loaded(chosen.module)
    if sets is None:
        return 1
    if chosen.out:
        write_page(sets, chosen.golden, chosen.out)
    return write_table(sets, chosen.readme) if chosen.readme else 0


def write_page(sets: Sequence[IndicatorSet], golden: Path, out: Path) -> None:
    """The page with every indicator, its golden cases and the record types."""
    from meritline_sdk.testing.pages import page

    link = os.path.relpath(golden, out.parent)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(page(one, golden, link, "make docs") for one in sets), "utf-8")


def write_table(sets: Sequence[IndicatorSet], readme: Path) -> int:
    """The table between the marks of the README."""
    from meritline_sdk.testing.readme_tables import with_table

    try:
        readme.write_text(with_table(readme.read_text("utf-8"), sets), "utf-8")
    except (OSError, ValueError) as problem:
        print(f"{readme}: {problem}", file=sys.stderr)
        return 1
    return 0

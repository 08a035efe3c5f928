"""``meritline-sdk``: what the author of a plugin runs. A command is a file here, imported when it is asked for.

Exit codes: 0 all is well, 1 there are problems (they stand on stderr), 2 wrong use.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("check", "import a plugin and print what it measures"),
    "try": ("try_", "readings and scores of a file of records, with their explanation"),
    "new": ("new", "make the project of a new plugin: records, indicators, a scheme, rewards, tests"),
    "update": ("update", "bring this plugin's project to the newest template"),
    "docs": ("docs", "write the catalogue of a plugin's indicators as a Markdown page"),
}
"""A command's name, its file (which has ``arguments(parser)`` and ``run(chosen)``), and what it is for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog="meritline-sdk", description="What the author of a plugin runs.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (file, purpose) in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=purpose)
        if given[:1] == [name]:
            importlib.import_module(f"{__name__}.{file}").arguments(command)
    chosen = parser.parse_args(given)
    try:
        done: int = importlib.import_module(f"{__name__}.{COMMANDS[chosen.command][0]}").run(chosen)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough: ``| head``
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return done

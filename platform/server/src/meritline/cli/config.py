"""``meritline config show``: the effective settings, without secrets."""

import argparse
import json

NAME = "config"
HELP = "show the effective settings"
NEEDS_PLATFORM = False


def configure(parser: argparse.ArgumentParser) -> None:
    """One subcommand."""
    show = parser.add_subparsers(dest="config_command", required=True).add_parser("show", help="without secrets")
    show.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace, _: None) -> int:
    """Name and value, one a line."""
    from meritline.settings import Settings

    shown = Settings.from_environ().shown()
    if args.json:
        print(json.dumps(shown, ensure_ascii=False))
    else:
        for name, value in shown.items():
            print(f"{name}={value}")
    return 0

"""``meritline plugins list|doctor``: what is installed, and what is wrong with it."""

import argparse
import json
import sys
from typing import Any

NAME = "plugins"
HELP = "list the installed plugins, or say what is wrong with them"
NEEDS_PLATFORM = False


def configure(parser: argparse.ArgumentParser) -> None:
    """One subcommand each."""
    commands = parser.add_subparsers(dest="plugins_command", required=True, metavar="WHAT")
    for name, text in (("list", "what is installed"), ("doctor", "what is wrong; exit 1 where something is")):
        commands.add_parser(name, help=text).add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace, _: None) -> int:
    """Load them as the server would."""
    from meritline.messages import language_of
    from meritline.plugins import load_for
    from meritline.settings import Settings

    catalogue = load_for(Settings.from_environ()).catalogue()
    language = language_of((args.lang or "").replace(".", ","))
    if args.plugins_command == "doctor":
        if args.json:
            print(json.dumps([one.as_dict(language) for one in catalogue.problems], ensure_ascii=False))
        else:
            for one in catalogue.problems:
                print(one.text(language), file=sys.stderr)
            if not catalogue.problems:
                print(f"{len(catalogue.plugins)} plugins, {len(catalogue.sets)} indicator sets; nothing is wrong.")
        return int(any(one.severity == "error" for one in catalogue.problems))
    rows: list[dict[str, Any]] = [{
        "plugin": one.name, "distribution": one.distribution, "version": one.version, "author": one.author,
        "licence": one.licence, "quarantined": one.quarantined,
        "sets": {key: {
            "indicators": len(catalogue.sets[key].set.indicators), "schemes": len(catalogue.sets[key].set.schemes),
            "content_hash": catalogue.sets[key].content_hash,
        } for key in one.sets},
    } for one in catalogue.plugins]  # fmt: skip
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for row in rows:
        state = "quarantined" if row["quarantined"] else ", ".join(row["sets"]) or "no sets"
        print(f"{row['distribution']} {row['version']}  {row['licence'] or '-'}  {state}")
    return 0

"""``meritline plugins list|doctor|trace``: what is installed, what is wrong with it, and what it was asked."""

import argparse
import json
import sys
from typing import Any

NAME = "plugins"
HELP = "list the installed plugins, say what is wrong with them, or ask them and show the answers"
NEEDS_PLATFORM = False
WHAT = (("list", "what is installed"), ("doctor", "what is wrong and what to do; exit 1 where something is"),
        ("trace", "ask each plugin what it declares, and show the answers"))  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    """One subcommand each."""
    commands = parser.add_subparsers(dest="plugins_command", required=True, metavar="WHAT")
    for name, text in WHAT:
        command = commands.add_parser(name, help=text)
        command.add_argument("--json", action="store_true", help="for programs")
        if name == "list":
            command.add_argument("--long", action="store_true", help="also author, content and file of each")
        if name == "trace":
            command.add_argument("--plugin", metavar="NAME", help="this one alone")


def run(args: argparse.Namespace, _: None) -> int:
    """Load them as the server would."""
    from meritline.messages import language_of

    language = language_of((args.lang or "").replace(".", ","))
    return {"list": listed, "doctor": examined, "trace": traced}[args.plugins_command](args, language)


def listed(args: argparse.Namespace, language: Any) -> int:
    """Each plugin with its sets; as JSON also what can be said of isolation here."""
    from meritline.cli.plugins_known import FAILED, known_catalogue
    from meritline.plugins.listing import rows

    catalogue, unasked = known_catalogue()
    found = [*rows(catalogue, language, asked=unasked is None)]
    if unasked and unasked.startswith(FAILED):  # that it lacks migrations is for doctor to say: nothing here needs them
        print(unasked, file=sys.stderr)
    if args.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for row in found:
        state = row["health"] if row["health"] != "off" else f"off ({row['off']})"
        sets = ", ".join(row["sets"]) or "no sets"
        notes = ["not deterministic"] if row["deterministic"] is False else []
        notes += [f"{len(row['problems'])} problems"] if row["problems"] else []
        print("  ".join([f"{row['distribution']} {row['version']}", row["licence"] or "-", state, sets, *notes]))
        for name in ("author", "content_hash", "file") if args.long else ():
            print(f"    {name.replace('_', ' ')}: {row[name] or '-'}")
        for key, one in row["sets"].items() if args.long else ():
            print(f"    {key}: {one['indicators']} indicators ({len(one['python'])} by functions), "
                  f"{one['schemes']} schemes, {one['records']} record types, content {one['content_hash']}")
    return 0


def examined(args: argparse.Namespace, language: Any) -> int:
    """What is wrong, and what to do."""
    from meritline.cli.plugins_known import UNASKED, isolation, known_catalogue

    catalogue, unasked = known_catalogue()
    wrong = any(one.severity == "error" for one in catalogue.problems)
    held = isolation()
    if args.json:
        told = [one.as_dict(language) | {"severity": one.severity} for one in catalogue.problems]
        print(json.dumps({"problems": told, "isolation": held, "database": unasked or "asked"}, ensure_ascii=False))
        return int(wrong)
    for one in catalogue.problems:
        print(one.text(language), file=sys.stderr)
    used = sum(bool(one.sets) for one in catalogue.plugins)
    print(f"{used} of {len(catalogue.plugins)} plugins are used, {len(catalogue.sets)} indicator sets.")
    print(f"isolation: {held['text']}")
    print("releases: " + ("compared with those that the database has seen" if unasked is None else unasked))
    if not catalogue.problems and unasked in (None, UNASKED):
        print("nothing is wrong.")
    return int(wrong)


def traced(args: argparse.Namespace, language: Any) -> int:
    """Ask each, one after another."""
    from packaging.utils import canonicalize_name

    from meritline.errors import MeritlineError
    from meritline.plugins.discovery import names
    from meritline.plugins.host import found_for, load_for
    from meritline.plugins.listing import traced as asked
    from meritline.settings import Settings

    settings = Settings.from_environ()
    plugins = found_for(settings)
    if args.plugin:
        wanted = [one for one in plugins if canonicalize_name(args.plugin) in names(one)]
        if not wanted:
            raise MeritlineError("E-PLUGIN-UNKNOWN", field="--plugin", value=args.plugin,
                                 known=sorted(one.distribution for one in plugins) or ["—"])  # fmt: skip
        plugins = wanted
    rows = [one.as_dict(language) for one in asked(plugins, load_for(settings).catalogue().records)]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            tell(row)
    return int(any(row["outcome"] != "ok" for row in rows))


def tell(row: dict[str, Any]) -> None:
    """One answer, for people."""
    print(f"{row['distribution']} {row['version']} ({row['plugin']})")
    print(f"  asked {row['hook']}: {row['outcome']}, {row['seconds']:.3f} s, {row['characters']} characters; "
          f"hooks: {', '.join(row['hooks']) or 'none'}")
    for each in row["problems"]:
        print(f"  {each['code']}: {each['message']} {each['remedy']}")
    for key, indicators in row["sets"].items():
        print(f"  set {key}")
        for name, text in indicators.items():
            print(f"    {name}: {text}")

"""The command line. Decides how commands are found, what they get and how they end.

Each file here that says ``NAME`` and ``HELP`` is a command: ``configure(parser)`` adds its options and
``async run(args, platform) -> int`` does it. ``NEEDS_PLATFORM = False`` gets None instead of a platform (then ``run``
may be a plain function); ``STARTS_BEHIND = True`` runs also on a database that lacks migrations, ``WITHOUT_PLUGINS =
True`` asks no plugin, ``SERVES = True`` runs until it is told to stop. Only the file of the chosen command is imported,
so help costs nothing.

Exit codes: 0 done, 1 the answer is no, 2 wrong use. Errors go to stderr with their code and remedy.
"""

import argparse
import gc
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

DONE, NO, WRONG_USE = 0, 1, 2
TEXT = re.compile(r'^(NAME|HELP) = "([^"\\\n]*)"', re.MULTILINE)


def main(argv: Sequence[str] | None = None) -> int:
    """What ``meritline`` does."""
    everywhere = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    add_options(everywhere)
    given, words = everywhere.parse_known_args(with_value(sys.argv[1:] if argv is None else argv))
    commands = {name: (module, text) for module, name, text in available()}
    chosen = next((word for word in words if word in commands), None)
    parser = argparse.ArgumentParser(
        prog="meritline", description="Service records into scorecards and rewards.", allow_abbrev=False
    )
    add_options(parser)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    loaded: ModuleType | None = None
    for name, (module, text) in sorted(commands.items()):
        # argparse fills in what stands behind a percent sign of a help text, and of a help text alone.
        command = subparsers.add_parser(name, help=text.replace("%", "%%"), description=text)
        if name == chosen:
            loaded = import_module(f"{__name__}.{module}")
            loaded.configure(command)
    args = parser.parse_args(words)
    assert loaded is not None
    with plugins_as(given):
        return ended(loaded, argparse.Namespace(**(vars(args) | vars(given))))


def with_value(words: Sequence[str]) -> list[str]:
    """A bare ``--no-plugins`` means all; what stands behind it is never its value."""
    return ["--no-plugins=*" if word == "--no-plugins" else word for word in words]


@contextmanager
def plugins_as(given: argparse.Namespace) -> Iterator[None]:
    """The environment with what the options say of plugins, before anything reads it; processes we start inherit it."""
    said = {"MERITLINE_NO_PLUGINS": given.no_plugins, "MERITLINE_PLUGINS_DIR": given.plugins_dir,
            "MERITLINE_CACHE_DIR": "off" if given.no_cache else None}
    before = {name: os.environ.get(name) for name in said}
    os.environ.update({name: value for name, value in said.items() if value is not None})
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may stand anywhere in a command."""
    parser.add_argument("--plugins-dir", metavar="DIR", help="a folder with plugins of one file each (*.py)")
    parser.add_argument("--no-plugins", metavar="NAME,...", help="leave these plugins out; without '=NAME,...': all")
    parser.add_argument("--no-cache", action="store_true", help="ask all plugins, whatever they answered before")
    parser.add_argument("--lang", default=os.environ.get("LANG"), metavar="L", help="language of messages: en or zh")
    parser.add_argument("--traceback", action="store_true", help="show where an unexpected error comes from")


def available() -> list[tuple[str, str, str]]:
    """Module, name and help of every command, read from the text of its file without importing it."""
    found = []
    for path in sorted(Path(__file__).parent.glob("*.py")):
        texts = dict(TEXT.findall(path.read_text("utf-8")))
        if "NAME" in texts:
            found.append((path.stem, texts["NAME"], texts.get("HELP", "")))
    return found


def ended(command: ModuleType, args: argparse.Namespace) -> int:
    """Do it, and say what went wrong in the reader's language."""
    from meritline.errors import MeritlineError

    try:
        if not getattr(command, "NEEDS_PLATFORM", True):
            return int(finished(command.run(args, None)))
        return on_platform(command, args)
    except MeritlineError as error:
        return refused(error, args)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if args.traceback:
            raise
        from meritline.cli.unexpected import told

        return refused(told(error), args)


def finished(done: Any) -> Any:
    """What the command gave, awaited where it is to be awaited."""
    if not hasattr(done, "__await__"):
        return done
    import asyncio

    return asyncio.run(done)


def refused(error: Any, args: argparse.Namespace) -> int:
    """Say it on stderr in the reader's language."""
    from meritline.errors import render
    from meritline.messages import language_of

    print(render(error, language_of((args.lang or "").replace(".", ","))), file=sys.stderr)
    return NO


def on_platform(command: ModuleType, args: argparse.Namespace) -> int:
    """Do it on the services that the environment names, else on those of this checkout."""
    gc.disable()  # a start makes much and throws little away
    try:
        import uvloop

        from meritline.cli.heap import share_heap
        from meritline.cli.services import settings_with_services

        if getattr(command, "SERVES", False):
            share_heap()
        with settings_with_services(service=getattr(command, "SERVES", False)) as settings:
            return int(uvloop.run(with_platform(command, args, settings)))
    finally:
        gc.enable()


async def with_platform(command: ModuleType, args: argparse.Namespace, settings: Any) -> int:
    """Open everything, run the command, close everything."""
    from meritline.bootstrap import open_platform
    from meritline.cli.schema_state import require_newest
    from meritline.plugins import catalogue_of

    # To ask the plugins, or to read what they said, takes longer than most commands do.
    catalogue = catalogue_of() if getattr(command, "WITHOUT_PLUGINS", False) else None
    async with open_platform(settings, catalogue=catalogue) as platform:
        gc.enable()
        if not getattr(command, "STARTS_BEHIND", False):
            await require_newest(platform)
        return int(await command.run(args, platform))

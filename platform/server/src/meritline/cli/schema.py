"""``meritline schema print``: the GraphQL schema as text."""

import argparse

NAME = "schema"
HELP = "print the GraphQL schema"
NEEDS_PLATFORM = False


def configure(parser: argparse.ArgumentParser) -> None:
    """One subcommand, so that others can stand beside it."""
    parser.add_subparsers(dest="schema_command", required=True).add_parser("print", help="the SDL, sorted")


def run(args: argparse.Namespace, _: None) -> int:
    """Print it exactly as schema.graphql has it."""
    from meritline.graphql.schema import sdl

    print(sdl(), end="")
    return 0

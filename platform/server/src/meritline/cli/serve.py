"""``meritline serve``: the API as production runs it, on the services that the environment names."""

import argparse
import gc
from typing import Any

NAME = "serve"
HELP = "serve the API"
STARTS_BEHIND = True  # /readyz says what the database lacks, and becomes ready when it is there
SERVES = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Where to listen; the settings say so otherwise."""
    parser.add_argument("--host", metavar="H", help="the address to listen on")
    parser.add_argument("--port", type=int, metavar="N", help="the port; 0: any free one")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Serve until told to stop."""
    gc.disable()  # until all is made: nothing of it is thrown away
    from meritline.http.server import serve

    await serve(platform, host=args.host, port=args.port)
    return 0

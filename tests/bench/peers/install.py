"""The peers that come from npm: PostGraphile and the Node that it needs, put under the checkout's ``.tools`` once.

Versions are exact in ``package.json``; where they come from is the machine's own npm setting. Without npm the
benchmarks against them are left out, and say so.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.bench.stage import Tell

HOME: Final = Path(".tools/peers").absolute()
NODE: Final = HOME / "node_modules" / ".bin" / "node"
OWN: Final = Path(__file__).parent
WANTED: Final = "package.json"
PROGRAM: Final = "postgraphile.js"


class NoPeer(RuntimeError):
    """The peer cannot be had here."""


def postgraphile(tell: Tell) -> list[str]:
    """The command that starts it, without its port and tenant."""
    wanted, stamp = (OWN / WANTED).read_text("utf-8"), HOME / "installed"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        install(tell, wanted)
        stamp.write_text(wanted, "utf-8")
    shutil.copy(OWN / PROGRAM, HOME / PROGRAM)
    return [str(NODE), str(HOME / PROGRAM)]


def install(tell: Tell, wanted: str) -> None:
    """Fetch the packages; no lock file, since it would name where they came from."""
    npm = shutil.which("npm")
    if npm is None:
        raise NoPeer("npm was not found: what compares with PostGraphile is left out")
    tell("installing PostGraphile and its Node from npm (once)")
    HOME.mkdir(parents=True, exist_ok=True)
    (HOME / WANTED).write_text(wanted, "utf-8")
    done = subprocess.run([npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"],
                          cwd=HOME, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # fmt: skip
    if done.returncode != 0 or not NODE.exists():
        raise NoPeer(f"npm could not install PostGraphile and its Node: {done.stderr[-500:]}")

"""Starting up: ``meritline --help`` and ``meritline serve``, against importing the libraries that it stands on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.bench import profiling
from tests.bench.processes import resource_seconds
from tests.bench.reads import servers
from tests.bench.report import Row, Section, shown
from tests.bench.rounds import WARM_UP, Act, Figures, alternate
from tests.bench.sizes import Size
from tests.bench.stage import Scene, Stage

IMPORTS: Final = "import starlette, strawberry, tortoise"
BASE, HELP, SERVE = f'python -c "{IMPORTS}"', "meritline --help", "meritline serve, to its first answer"
COMMAND: Final = Path(sys.executable).with_name("meritline")
MORE: Final = 1  # these take the shortest, so one more of them costs little
MEANING = """\
Seconds from the start of a process to its end, of `serve` to the first answer of `/healthz`, with all example plugins
installed and bytecode at hand. Smaller is better."""


async def measure(stage: Stage, size: Size) -> list[Section]:
    """The benchmark on an empty database."""
    async with stage.database() as scene:
        starts = Starts(stage, scene)
        variants: dict[str, Act] = {
            BASE: starts.act(BASE, lambda: ended([sys.executable, "-c", IMPORTS])),
            HELP: starts.act(HELP, lambda: ended([str(COMMAND), "--help"])),
            SERVE: starts.act(SERVE, starts.serve),
        }
        found = await alternate(variants, size.rounds + MORE, stage.tell)
        why = starts.why() if stage.profile else {}
    ratios = {"help": found[HELP].per(found[BASE]), "serve": found[SERVE].per(found[BASE])}
    rows = (Row(BASE, found[BASE]), Row(HELP, found[HELP], ratios["help"]), Row(SERVE, found[SERVE], ratios["serve"]))
    return [Section("Starting up", "seconds", MEANING, rows, starts.notes(), ratios, why)]


class Starts:
    """Processes that are started, and what they used."""

    def __init__(self, stage: Stage, scene: Scene) -> None:
        self.stage, self.scene = stage, scene
        self.used: dict[str, list[float]] = {}

    def act(self, name: str, start: Callable[[], None]) -> Act:
        """One start."""

        async def act(number: int) -> float:
            used, begun = resource_seconds(), time.perf_counter()
            start()
            passed = time.perf_counter() - begun
            if number != WARM_UP:
                self.used.setdefault(name, []).append(resource_seconds() - used)
            return passed

        return act

    def serve(self) -> None:
        """The server, until it answers. It is killed then, without which the time of its end would count."""
        with servers.serving(self.stage.folder, self.scene, [str(COMMAND)], {}) as server:
            server.process.kill()

    def notes(self) -> tuple[str, ...]:
        """Processor time."""
        return tuple(f"{name}: {shown(Figures(tuple(each)).median)} s of processor time"
                     for name, each in self.used.items())  # fmt: skip

    def why(self) -> dict[str, str]:
        """What takes longest."""
        paths = {key: self.stage.folder / f"{key}.profile" for key in ("help", "serve")}
        commands = {key: [sys.executable, "-m", "cProfile", "-o", str(path), "-m", "meritline.cli"]
                    for key, path in paths.items()}  # fmt: skip
        ended([*commands["help"], "--help"])
        with servers.serving(self.stage.folder, self.scene, commands["serve"], {}) as server:
            server.process.send_signal(signal.SIGINT)  # a profile is written at an orderly end
            server.process.wait(servers.START_S)
        return {key: profiling.of_file(path) for key, path in paths.items()}


def ended(command: list[str]) -> None:
    """A process from its start to its end."""
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True, env=os.environ)

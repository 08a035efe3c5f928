"""A profile of the product's server while it answers one question."""

import asyncio
import signal

from tests.bench import profiling
from tests.bench.reads import servers
from tests.bench.reads.loads import ask
from tests.bench.reads.questions import EACH, Question
from tests.bench.sizes import Size
from tests.bench.stage import Company, Scene, Stage

SECONDS = 2.0


async def line(stage: Stage, size: Size, scene: Scene, firm: Company, question: Question) -> str:
    """The server's top consumers, and those of Postgres."""
    return await asyncio.to_thread(profiled, stage, size, scene, firm, question)


def profiled(stage: Stage, size: Size, scene: Scene, firm: Company, question: Question) -> str:
    """The same, waiting."""
    path = stage.folder / f"{question.name}.profile"
    with servers.product(stage.folder, scene, firm, ("-m", "tests.bench.reads.observed", str(path))) as server:
        message = server.request(question.body(server.name, "", EACH))
        server.answer(question.body(server.name, ""))
        profiling.forget_statements(stage)
        server.process.send_signal(signal.SIGUSR1)
        load = ask(server, message, size.connections, SECONDS, stage.postgres_pid, size.cards)
        server.process.send_signal(signal.SIGUSR2)
        spent = profiling.statements(stage)
        servers.until(path.exists)
    return (f"server under cProfile {load.server_ms or 0:.2f} ms a request, {profiling.of_file(path)}; "
            f"Postgres {load.postgres_ms or 0:.2f} ms, {spent}")  # fmt: skip

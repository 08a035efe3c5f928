"""The only place where things are wired together.

``open_platform`` makes everything that a process needs and takes it down again; nobody else constructs a database, a
catalogue or a queue, and nothing is a global.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from meritline.db import Database
from meritline.db.probe import Probe
from meritline.errors import MeritlineError
from meritline.jobs.handlers import Handler
from meritline.jobs.queue import QUEUE
from meritline.jobs.service import Jobs
from meritline.plugins import Catalogue
from meritline.plugins.processes import Workshop
from meritline.records.installed import open_catalogue
from meritline.settings import Settings

if TYPE_CHECKING:
    from meritline.appraisal.run.answers import Functions
    from meritline.appraisal.run.parallel import Pool

type Clock = Callable[[], datetime]


@dataclass(slots=True)
class Platform:
    """What a process works with. ``workshop`` holds the processes of plugins; ``probe`` asks the database how it is;
    ``draining`` is set when it shall take no new work."""

    settings: Settings
    database: Database
    catalogue: Catalogue
    jobs: Jobs
    clock: Clock
    workshop: Workshop
    probe: Probe
    draining: bool = False

    @property
    def functions(self) -> "Functions":
        """The functions of plugins, asked in the workshop."""
        return functions_of(self.catalogue, self.workshop)


def now() -> datetime:
    """The system's clock, aware."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_platform(
    settings: Settings,
    *,
    with_worker: bool = False,
    clock: Clock = now,
    catalogue: Catalogue | None = None,
    queue_name: str = QUEUE,
    pool_size: int = 10,
) -> AsyncIterator[Platform]:
    """Everything, connected; ``with_worker`` does jobs beside whatever the block does."""
    from meritline.appraisal.run.parallel import Pool

    database_url, redis_url = required(settings.database_url, "DATABASE"), required(settings.redis_url, "REDIS")
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(await Database.open(database_url, max_size=pool_size))
        catalogue = catalogue or await open_catalogue(database, settings)
        workshop = await stack.enter_async_context(Workshop())
        pool = await stack.enter_async_context(Pool(settings.run_processes))
        jobs = Jobs(redis_url, database, Handlers(database, clock, catalogue, workshop, pool), queue_name=queue_name)
        stack.push_async_callback(jobs.close)
        probe = Probe(database_url)
        stack.push_async_callback(probe.close)
        if with_worker:
            await stack.enter_async_context(jobs.working())
        yield Platform(settings, database, catalogue, jobs, clock, workshop, probe)


@dataclass(slots=True)
class Handlers(Mapping[str, Handler]):
    """What the worker does, from the features' ``jobs.py``: brought by whoever works, since all of a run comes with it,
    which a process that only answers never needs."""

    database: Database
    clock: Clock
    catalogue: Catalogue
    workshop: Workshop
    pool: "Pool"
    brought: dict[str, Handler] = field(default_factory=dict)

    def all(self) -> dict[str, Handler]:
        """Every handler by its kind."""
        if not self.brought:
            from meritline.appraisal import jobs as appraisal
            from meritline.rewards.service import REWARDS, amend_rewards

            functions = functions_of(self.catalogue, self.workshop)
            self.brought |= appraisal.handlers(
                self.database, self.clock, REWARDS, functions, amend_rewards, self.pool
            )
        return self.brought

    def __getitem__(self, kind: str) -> Handler:
        return self.all()[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())


def functions_of(catalogue: Catalogue, workshop: Workshop) -> "Functions":
    """The functions that the installed plugins bring."""
    from meritline.appraisal.run.answers import Functions

    return Functions(catalogue, workshop)


def required(url: str | None, what: str) -> str:
    """The address, or an error that names its setting."""
    if url is None:
        raise MeritlineError("E-SETTING", field=f"MERITLINE_{what}_URL", reason="it is not set")
    return url


def with_services(settings: Settings, database_url: str, migration_database_url: str, redis_url: str) -> Settings:
    """The settings, with the addresses of services that were started for this process."""
    return replace(
        settings, database_url=database_url, migration_database_url=migration_database_url, redis_url=redis_url
    )

"""The stage of a benchmark: its services, its databases, its companies. All of it is made here and taken away again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import asyncpg
from tests.bench.declared import BENCH, SET
from tests.bench.tickets import ZONE

from meritline.db import Database
from meritline.db.migrate import migrate
from meritline.local import LocalServices, LocalUrls
from meritline.onboarding.enabling import enable_indicator_set
from meritline.plugins import Catalogue, load_catalogue
from meritline.plugins.catalogue import InstalledSet
from meritline.tenancy.service import map_external_codes, onboard_tenant, upsert_departments, upsert_employees
from meritline.tenancy.values import Department, Employee, ExternalCode, Profile, Span
from meritline_sdk.model.canonical import set_hash

ACTOR, CODE_SPACE, TEAM_SIZE = "bench", "desk", 50
TEMPLATE = "bench_template"
FILLED = """
select oid::regclass::text as name, pg_relation_size(oid) as size from pg_class
where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0
"""
GROWN = 1.5
"""How many times as large as it was a table must be to be analyzed anew: that takes a second for one of records."""
type Tell = Callable[[str], None]


@dataclass(slots=True)
class Stage:
    """Running services with a database that the others are copied from."""

    services: LocalServices
    tell: Tell
    folder: Path
    profile: bool = False
    made: int = field(default=0)
    filled: dict[str, Any] = field(default_factory=dict)

    @property
    def postgres_pid(self) -> int:
        """The database server's first process."""
        assert self.services.postgres is not None
        pid = self.services.postgres.process.pid
        assert pid is not None
        return pid

    @asynccontextmanager
    async def database(self) -> AsyncIterator["Scene"]:
        """A database of its own for one benchmark; it goes with the block."""
        async with self._copied(TEMPLATE) as scene:
            yield scene

    @asynccontextmanager
    async def filled_by[T](
        self, what: str, fill: Callable[["Scene"], Awaitable[T]]
    ) -> AsyncIterator[tuple["Scene", T]]:
        """The same, with what ``fill`` puts into it and what that tells; it is done once for all that ask for it."""
        name = f"bench_{what}"
        if what not in self.filled:
            async with self._opened(name, TEMPLATE) as scene:
                self.filled[what] = await fill(scene)
        async with self._copied(name) as scene:
            yield scene, self.filled[what]

    @asynccontextmanager
    async def _copied(self, template: str) -> AsyncIterator["Scene"]:
        assert self.services.postgres is not None
        self.made += 1
        name = f"bench_{self.made}"
        try:
            async with self._opened(name, template) as scene:
                yield scene
        finally:
            await asyncio.to_thread(self.services.postgres.drop_database, name)

    @asynccontextmanager
    async def _opened(self, name: str, template: str) -> AsyncIterator["Scene"]:
        assert self.services.postgres is not None
        await asyncio.to_thread(self.services.postgres.create_database, name, template)
        urls = self.services.urls.for_database(name)
        owner = await asyncpg.connect(urls.migration_database_url)
        try:
            async with await Database.open(urls.database_url) as database:
                yield Scene(database, owner, urls, catalogue())
        finally:
            await owner.close()


@dataclass(frozen=True, slots=True)
class Scene:
    """One database: as the application sees it and as its owner does."""

    database: Database
    owner: asyncpg.Connection
    urls: LocalUrls
    catalogue: Catalogue
    analyzed: dict[str, int] = field(default_factory=dict)

    async def settle(self) -> None:
        """Statistics for the planner and nothing left to flush, so that no variant pays for what came before it."""
        sizes: dict[str, int] = {each["name"]: each["size"] for each in await self.owner.fetch(FILLED)}
        grown = [name for name, size in sizes.items() if size > GROWN * self.analyzed.get(name, 0)]
        await self.owner.execute(f"vacuum {', '.join(sizes)}")
        if grown:
            await self.owner.execute(f"analyze {', '.join(grown)}")
            self.analyzed.update({name: sizes[name] for name in grown})
        await self.owner.execute("checkpoint")


@contextmanager
def stage(tell: Tell, *, profile: bool = False) -> Iterator[Stage]:
    """Services in a folder that goes with the block. Durable: a benchmark without fsync would flatter."""
    with TemporaryDirectory(prefix="meritline-bench-") as folder:
        services = LocalServices(Path(folder) / "data", durable=True)
        try:
            services.start()
            assert services.postgres is not None
            services.postgres.sql("GRANT pg_checkpoint, pg_maintain TO meritline_owner;")
            services.postgres.create_database(TEMPLATE)
            asyncio.run(migrate(services.urls.for_database(TEMPLATE).migration_database_url))
            yield Stage(services, tell, Path(folder), profile)
        finally:
            services.stop()


def catalogue() -> Catalogue:
    """The installed indicator sets and the benchmark's own, as if a plugin had brought it."""
    installed = load_catalogue(None)
    server = distribution("meritline")
    mine = InstalledSet(SET, "meritline-bench", server.version, "", "", set_hash(BENCH), BENCH)
    return Catalogue({**installed.sets, SET: mine}, installed.records, installed.plugins, installed.problems)


@dataclass(frozen=True, slots=True)
class Company:
    """An onboarded company."""

    tenant_id: UUID
    admin_key: str
    numbers: tuple[str, ...]


async def company(scene: Scene, key: str, employees: int, position: str, *, codes: bool = False,
                  since: date = date(2024, 1, 1)) -> Company:
    """A company with people in teams and the benchmark's indicators, schemes and rewards enabled."""
    profile = Profile(key.title(), ZONE, "CNY", ("en", "zh"), "CN")
    opened = await onboard_tenant(scene.database, key=key, profile=profile, actor=ACTOR)
    numbers = tuple(f"E{number:05d}" for number in range(employees))
    async with scene.database.unit_of_work(opened.tenant_id) as uow:
        teams = [f"team-{number:03d}" for number in range((employees - 1) // TEAM_SIZE + 1)]
        await upsert_departments(uow, ACTOR, [
            Department("desk", "Desk"), *(Department(each, each, "desk") for each in teams),
        ])  # fmt: skip
        await upsert_employees(uow, ACTOR, [
            Employee(number, f"Person {number}", Decimal(5000),
                     (Span(since, None, teams[place // TEAM_SIZE], position),))
            for place, number in enumerate(numbers)
        ])  # fmt: skip
        if codes:
            await map_external_codes(uow, ACTOR, [ExternalCode(CODE_SPACE, each, employee=each) for each in numbers])
    async with scene.database.unit_of_work(opened.tenant_id) as uow:
        await enable_indicator_set(uow, ACTOR, scene.catalogue, SET)
    return Company(opened.tenant_id, opened.admin_key, numbers)

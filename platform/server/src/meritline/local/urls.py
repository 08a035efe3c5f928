"""The addresses of database and queue, and who provides them: the environment if it names them, else this checkout."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from meritline.local.errors import LocalServiceError

DATABASE = "MERITLINE_DATABASE_URL"
MIGRATION = "MERITLINE_MIGRATION_DATABASE_URL"
REDIS = "MERITLINE_REDIS_URL"


@dataclass(frozen=True)
class LocalUrls:
    """Three addresses: the application role's, the owner's and the queue's."""

    database_url: str
    migration_database_url: str
    redis_url: str

    def for_database(self, name: str) -> "LocalUrls":
        """The same servers and roles, another database."""
        return replace(
            self,
            database_url=_with_path(self.database_url, name),
            migration_database_url=_with_path(self.migration_database_url, name),
        )

    def environ(self) -> dict[str, str]:
        """The settings under which another process finds the same services."""
        return {DATABASE: self.database_url, MIGRATION: self.migration_database_url, REDIS: self.redis_url}


@contextmanager
def service_urls(environ: Mapping[str, str], data_dir: Path) -> Iterator[LocalUrls]:
    """External services where `environ` names them, embedded ones in `data_dir` for the rest."""
    # Imported late: a process on external services needs neither the wheels nor the supervisor.
    from meritline.local.services import local_services

    database, migration, redis = (environ.get(name) or "" for name in (DATABASE, MIGRATION, REDIS))
    if bool(database) != bool(migration):
        given, missing = (DATABASE, MIGRATION) if database else (MIGRATION, DATABASE)
        raise LocalServiceError("E-LOCAL-SETTINGS", given=given, missing=missing)
    if database and redis:
        yield LocalUrls(database, migration, redis)
        return
    with local_services(data_dir, postgres=not database, valkey=not redis) as local:
        yield LocalUrls(
            database or local.database_url, migration or local.migration_database_url, redis or local.redis_url
        )


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))

"""The database: the pool, the tenant scope, the migrations. ``meritline.db.migrate`` is imported where it is run."""

from meritline.db.pools import Connection
from meritline.db.scope import Database, Isolation, UnitOfWork
from meritline.db.versions import pending_migrations
from meritline.db.wire import Call

__all__ = ["Call", "Connection", "Database", "Isolation", "UnitOfWork", "pending_migrations"]

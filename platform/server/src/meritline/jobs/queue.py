"""The queue: arq on Valkey, carrying (tenant, job) and nothing else. It may forget everything at any time.

Each delivery has its own arq id (job and moment), so that a delivery whose worker was killed never blocks the next.
"""

import json
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from meritline.errors import MeritlineError

if TYPE_CHECKING:
    from arq.connections import ArqRedis, RedisSettings

QUEUE: Final = "meritline:jobs"
FUNCTION: Final = "run_job"


def serialize(value: dict[str, Any]) -> bytes:
    """JSON instead of arq's pickle; what arq reports about its own failures becomes text."""
    return json.dumps(value, default=repr).encode()


class Queue:
    """The sending end, connected when it is first needed; until then its library is not loaded either."""

    def __init__(self, redis_url: str, name: str = QUEUE) -> None:
        self.url = redis_url
        self.name = name
        self._pool: ArqRedis | None = None

    @cached_property
    def settings(self) -> "RedisSettings":
        """Where Valkey is."""
        from arq.connections import RedisSettings

        found = RedisSettings.from_dsn(self.url)
        found.conn_retries = 0
        return found

    async def pool(self) -> "ArqRedis":
        """The connection pool."""
        if self._pool is None:
            from arq.connections import create_pool
            from redis.exceptions import RedisError

            try:
                self._pool = await create_pool(self.settings, job_serializer=serialize,
                                               job_deserializer=json.loads, default_queue_name=self.name)
            except (RedisError, OSError, TimeoutError) as error:
                raise MeritlineError("E-UNAVAILABLE", service="queue", reason=str(error)) from error
        return self._pool

    async def push(self, tenant_id: UUID, job_id: UUID, delivery: int = 0, after: timedelta | None = None) -> None:
        """Hand a job to whichever worker is free, then or after a while; the same delivery twice is one."""
        pool = await self.pool()
        await pool.enqueue_job(FUNCTION, str(tenant_id), str(job_id), _job_id=f"{job_id}:{delivery}", _defer_by=after)

    async def close(self) -> None:
        """Let the connections go."""
        if self._pool is not None:
            await self._pool.aclose(close_connection_pool=True)
            self._pool = None

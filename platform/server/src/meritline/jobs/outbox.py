"""The outbox: a job is a row written with its cause, in the same unit of work. Nothing here knows the queue.

A feature takes an ``Enqueue`` (bootstrap gives it ``Jobs.enqueue``, which also hands the job to the queue once the
unit has committed) and never asks who runs the job. Where nothing hands it over, the sweeper finds it.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from meritline.db import UnitOfWork
from meritline.jobs import store

# How long the sweeper leaves a new job to the queue before it looks itself.
PATIENCE: Final = timedelta(seconds=5)

type Payload = Mapping[str, Any]


class Enqueue(Protocol):
    """Writes a job in the unit of work."""

    async def __call__(self, uow: UnitOfWork, kind: str, payload: Payload) -> UUID:
        """The job's id."""


async def enqueue(uow: UnitOfWork, kind: str, payload: Payload) -> UUID:
    """Write the job and its global reference; they exist if, and only if, the unit commits."""
    body = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return await store.insert(uow.conn, uow.tenant_id, kind, body, PATIENCE)

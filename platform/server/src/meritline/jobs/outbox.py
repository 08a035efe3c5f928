"""The outbox: a job is a row written with its cause, in the same unit of work. Nothing here knows the queue.

A feature takes an ``Enqueue`` (bootstrap gives it ``Jobs.enqueue``, which also hands the job to the queue once the
unit has committed) and never asks who runs the job. What has no such door but is waited for by somebody is enqueued
``soon``; anything else, and whatever nothing hands over, the sweeper finds.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
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


async def soon(uow: UnitOfWork, kind: str, payload: Payload) -> UUID:
    """The same, and handed to the queue of this process where it has one; not at once, so that of a burst of causes
    each finds the job of the first still waiting."""
    job_id = await enqueue(uow, kind, payload)
    if uow.hand_over is not None:
        uow.after_commit(partial(uow.hand_over, uow.tenant_id, job_id))
    return job_id

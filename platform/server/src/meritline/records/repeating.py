"""Requests sent again. Decides that the same key and content get the same answer, and other content a refusal."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Self
from uuid import UUID

import msgspec

from meritline.db import Connection
from meritline.errors import MeritlineError
from meritline.records import store
from meritline.records.summary import ImportSummary, summary_dict, summary_of

KEY: Final = re.compile(r"[!-~]{1,200}")


class KeyReused(MeritlineError):
    """An idempotency key with other content than before."""

    code = "E-IDEMPOTENCY-CONFLICT"


class AnsweredMeanwhile(Exception):
    """Another request with the same key was faster; this one is undone."""


@dataclass(frozen=True, slots=True)
class Request:
    """A key and what was sent under it."""

    key: str
    digest: str

    @classmethod
    def of(cls, key: str, *content: bytes) -> Self:
        """The request; raises where the key cannot be one."""
        if not KEY.fullmatch(key):
            raise MeritlineError("E-IDEMPOTENCY-KEY", value=key)
        digest = blake2b(digest_size=16)
        for part in content:
            digest.update(len(part).to_bytes(8))
            digest.update(part)
        return cls(key, digest.hexdigest())

    @property
    def stored_key(self) -> str:
        """The key as it is kept, apart from those of other requests."""
        return f"records:{self.key}"

    async def answer(self, conn: Connection, tenant_id: UUID) -> ImportSummary | None:
        """What was answered before; raises ``KeyReused`` where that was to something else."""
        found = await store.answered(conn, tenant_id, self.stored_key)
        if found is None:
            return None
        digest, response = found
        if digest != self.digest:
            raise KeyReused(value=self.key)
        return summary_of(msgspec.json.decode(response))

    async def keep(self, conn: Connection, tenant_id: UUID, summary: ImportSummary) -> None:
        """Keep the answer, as part of the unit that earned it."""
        response = msgspec.json.encode(summary_dict(summary)).decode()
        if not await store.remember(conn, tenant_id, self.stored_key, self.digest, response):
            raise AnsweredMeanwhile

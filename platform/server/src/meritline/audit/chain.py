"""The hash of an audit entry. Decides exactly which bytes are sealed; changing this breaks every chain ever written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final
from uuid import UUID

GENESIS: Final = "0" * 64
COUNTED: Final = 7_046_029_254_386_353_131
"""Stands in a body for a number that only the statement which writes the entry finds out. It means nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    body: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """An entry but for one number: its body, and what is sealed, each before and behind that number."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    body: tuple[str, str]
    previous_hash: str
    sealed: tuple[str, str]


def chained(
    tenant_id: UUID, seq: int, at: datetime, actor: str, action: str, subject: str, body: str, previous_hash: str
) -> str:
    """SHA-256 over everything the entry says, in a form with one spelling (``spelt``)."""
    return sha256(spelt(tenant_id, seq, at, actor, action, subject, body, previous_hash).encode("ascii")).hexdigest()


def spelt(
    tenant_id: UUID, seq: int, at: datetime, actor: str, action: str, subject: str, body: str, previous_hash: str
) -> str:
    """A JSON list of texts."""
    parts = [str(tenant_id), str(seq), moment(at), actor, action, subject, body, previous_hash]
    return json.dumps(parts, ensure_ascii=True, separators=(",", ":"))


def moment(at: datetime) -> str:
    """The moment as the database keeps it: UTC, microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def body_text(body: Mapping[str, object]) -> str:
    """The body as canonical JSON; numbers that JSON would round become strings, NaN and unknown types are refused."""
    return json.dumps(body, default=plain, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def plain(value: object) -> str:
    """What JSON has no type for, as text."""
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"an audit body holds plain values, not {type(value).__name__}")

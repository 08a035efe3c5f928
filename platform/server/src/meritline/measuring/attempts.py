"""Tallies that may fail. Decides that one broken measure fails alone: the run goes on with all others.

All is tried at once, since it nearly always works; then pass by pass, then the requests of a failing pass one by one,
each in a savepoint. What is not a measure's own fault (a lost connection, a deadlock, a full disk, a cancelled
statement) ends the run as before: it is tried again as a whole.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from meritline.db.pools import Connection
from meritline.measuring import store
from meritline.measuring.memberships import Memberships
from meritline.measuring.requests import TallyRequest, passes
from meritline.measuring.store import EVERY_LEVEL, Found
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.expressions import ExpressionError
from meritline_sdk.model.measures import OF_NO_RECORDS
from meritline_sdk.model.schemes import SubjectKind

log = logging.getLogger(__name__)

OVERFLOW, STATEMENT, BROKEN = "overflow", "statement", "broken"
TOO_LARGE: Final = (asyncpg.NumericValueOutOfRangeError, asyncpg.ProgramLimitExceededError, OverflowError)
# Values that an expression cannot take, and statements that cannot be: the measure's own fault.
OWN_STATEMENT: Final = (asyncpg.DataError, asyncpg.SyntaxOrAccessError, asyncpg.FeatureNotSupportedError,
                        asyncpg.CardinalityViolationError)
OWN_DEFINITION: Final = (ExpressionError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError,
                         RecursionError, AssertionError)


@dataclass(slots=True)
class Attempted:
    """What was found, and for each request that failed the word for why."""

    found: Found = field(default_factory=dict)
    failed: dict[TallyRequest, str] = field(default_factory=dict)


async def attempted(conn: Connection, tenant_id: UUID, requests: Collection[TallyRequest],
                    window_of: Callable[[int], Window], people: Memberships, *,
                    levels: Collection[SubjectKind] = EVERY_LEVEL, known_at: datetime | None = None,
                    **more: Any) -> Attempted:
    """As ``store.tallied``, but a request that fails fails alone. The connection is inside a transaction."""
    done = Attempted()

    async def tried(some: Sequence[TallyRequest]) -> Exception | None:
        try:
            async with conn.transaction():
                done.found |= await store.tallied(conn, tenant_id, some, window_of, people, levels=levels,
                                                  known_at=known_at, **more)
        except (*TOO_LARGE, *OWN_STATEMENT, *OWN_DEFINITION) as error:
            return error
        return None

    every = list(dict.fromkeys(requests))
    if await tried(every) is None:
        return done
    for some in heaps(every):
        if len(some) > 1 and await tried(some) is None:
            continue
        for each in some:
            error = await tried([each])
            if error is not None:
                done.failed[each] = reason_of(error)
                log.warning("a measure of %s failed (%s): %s", each.tally.record, done.failed[each], error,
                            extra={"tenant_id": str(tenant_id)})
    return done


def heaps(requests: Sequence[TallyRequest]) -> list[Sequence[TallyRequest]]:
    """The requests pass by pass; where that cannot be told, each by itself."""
    try:
        found: Mapping[Any, Sequence[TallyRequest]] = passes(requests)
    except OWN_DEFINITION:
        return [[each] for each in requests]
    return [*found.values(), [each for each in requests if each.tally.how in OF_NO_RECORDS]]


def reason_of(error: Exception) -> str:
    """The word for why a measure failed."""
    if isinstance(error, TOO_LARGE):
        return OVERFLOW
    return STATEMENT if isinstance(error, asyncpg.PostgresError) else BROKEN

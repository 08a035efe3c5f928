"""The seats of those who are scored again: which card is theirs, the place it has, and what it rests on."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from meritline.db import Connection

MOST_SEATS: Final = 100
"""Up to so many marks the seats of whom they name are read with them."""
SEAT: Final = "scheme_key, subject_id, id, rank, ranked_among, input_digest, score, ranked, digest"
SEAT_ROW: Final = f"row({SEAT})"
SEATS: Final = f"select {SEAT} from scorecard where tenant_id = $1 and run_id = $2"  # noqa: S608 - names of our own
SEATS_OF: Final = f"{SEATS} and subject_id = any($3)"
STANDING: Final = f"select {SEAT} from scorecard where tenant_id = $1 and id = any($2)"  # noqa: S608 - the same


class Seat(NamedTuple):
    """The card of a subject, the place it has, among how many, and the digest of what was found of its records; the
    score, whether it takes a place, and the digest of the card."""

    card: UUID
    place: int | None
    among: int
    read: str
    score: Decimal | None
    ranked: bool
    digest: str


type Seats = dict[str, dict[UUID, Seat]]
"""By scheme and subject."""


async def seats(conn: Connection, tenant_id: UUID, run_id: UUID, some: Collection[UUID] | None) -> Seats:
    """The cards of some subjects, or of everybody."""
    return seats_from(await conn.fetch(SEATS, tenant_id, run_id) if some is None
                      else await conn.fetch(SEATS_OF, tenant_id, run_id, list(some)))


async def standing(conn: Connection, tenant_id: UUID, cards: Collection[UUID]) -> dict[UUID, Seat]:
    """The place of each of some cards of a scheme now, by subject."""
    found = seats_from(await conn.fetch(STANDING, tenant_id, list(cards)))
    return {who: seat for each in found.values() for who, seat in each.items()}


def seats_from(rows: Iterable[Sequence[Any]]) -> Seats:
    """The seats that rows tell."""
    found: Seats = {}
    for scheme, subject, card, place, among, *rest in rows:
        found.setdefault(scheme, {})[subject] = Seat(card, place, among or 0, *rest)
    return found

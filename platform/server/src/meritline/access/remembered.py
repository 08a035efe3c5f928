"""Keys that were looked up before. Decides that a key which is remembered still has to stand whenever it is shown.

Nothing of a key ever changes but that it is revoked, and the database tells that in the trip of whatever is read for
the request (``db.warrants``). So only what is the same for ever is remembered, and never that a key may be used.
"""

from collections import OrderedDict
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from meritline.access.principal import Principal
from meritline.access.service import Unauthenticated, principal_of, verified
from meritline.access.store import KeyRow
from meritline.access.tokens import Token, parse
from meritline.db import Database
from meritline.db.warrants import Warrant
from meritline.db.wire import prefix_by

MOST: Final = 4096
type Shown = tuple[UUID, UUID, bytes]


class Remembered:
    """The keys that were shown last, with the hashes of their secrets."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: OrderedDict[Shown, tuple[KeyRow, bytes]] = OrderedDict()

    async def principal(self, token: str, now: datetime) -> tuple[Principal, Warrant | None]:
        """Who shows the text of a key, or ``Unauthenticated``; with a warrant it is still to be proven that the key
        stands."""
        shown = parse(token)
        if shown is None:
            raise Unauthenticated
        by = shown.tenant_id, shown.key_id, shown.secret_hash
        if by in self._kept:
            key, scope = self._kept[by]
            self._kept.move_to_end(by)
            if not key.usable(now):
                raise Unauthenticated
            again = partial(self._again, by, shown, now)
            return principal_of(shown.tenant_id, key), Warrant(shown.tenant_id, scope, again, Unauthenticated)
        key = await verified(self._database, shown, now)
        self._kept[by] = key, prefix_by(*by)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return principal_of(shown.tenant_id, key), None

    async def _again(self, by: Shown, shown: Token, now: datetime) -> None:
        """Look it up by itself; who is refused is not remembered."""
        try:
            await verified(self._database, shown, now)
        except Unauthenticated:
            self._kept.pop(by, None)
            raise

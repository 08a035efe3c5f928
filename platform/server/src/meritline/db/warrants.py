"""Who asks, proven in the trip of what is read first. Decides that nothing is read or done for whom nobody has proven.

A key that was looked up before is not looked up again before its request. The first read takes along that it still
stands, and fails as a whole where it does not; whatever is no such read (a transaction, another tenant's rows, a
connection that cannot take it along) asks first, by a look-up of its own; and whoever answers asks at last.
"""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final
from uuid import UUID


@dataclass(slots=True, eq=False)
class Warrant:
    """What stands for a request until it is proven. ``scope`` goes before a read in the place of its tenant's CALL;
    ``look_up`` asks for the key and raises where it is refused; ``refusal`` is what it raises then."""

    tenant_id: UUID
    scope: bytes
    look_up: Callable[[], Awaitable[object]]
    refusal: type[Exception]
    proven: bool = False
    refused: bool = False

    async def settle(self) -> None:
        """Ask now, unless it is known; raises where the key is refused."""
        if self.refused:
            raise self.refusal
        if self.proven:
            return
        token = WARRANT.set(None)
        try:
            await self.look_up()
        except self.refusal:
            self.refused = True
            raise
        finally:
            WARRANT.reset(token)
        self.proven = True


WARRANT: Final = ContextVar[Warrant | None]("warrant", default=None)
"""That of the request."""


def unproven() -> Warrant | None:
    """That of the request, where it must still be proven."""
    found = WARRANT.get()
    return None if found is None or found.proven else found

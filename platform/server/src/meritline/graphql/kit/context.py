"""The request as resolvers see it: who reads, in which language, with which loaders.

Loaders belong to one operation of one principal; nothing that was read is kept for another.
"""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from strawberry.dataloader import DataLoader

from meritline.errors import Forbidden
from meritline.messages import Language


class Reader(Protocol):
    """What the kit needs to know of a principal."""

    @property
    def tenant_id(self) -> UUID: ...

    @property
    def role(self) -> str: ...

    @property
    def employee_id(self) -> UUID | None: ...


@dataclass(kw_only=True)
class RequestContext:
    """One operation of one principal. ``platform`` is what bootstrap made; features know its parts."""

    platform: Any
    principal: Any
    #: The permission table, which stands in a room above the kit.
    reach_of: Callable[[str, Any], str | None]
    language: Language = "en"
    #: Verifies the principal again while a subscription runs.
    still_valid: Callable[[], Awaitable[Any]] | None = None
    connection_params: dict[str, object] | None = None
    loaders: dict[Hashable, DataLoader[Any, Any]] = made(default_factory=dict)
    declarations: Any = None
    sees_schema: bool = False
    #: Whether results can follow each other, as on a WebSocket.
    streams: bool = True
    #: Whether root fields are answered by one statement each; else by the plain resolvers, which mean the same.
    compiled: bool = True
    #: The root field that is being answered.
    field: Any = None

    def fresh(self) -> "RequestContext":
        """The same request for a new operation: without anything already read."""
        return self.but(loaders={})

    def but(self, **changed: Any) -> "RequestContext":
        """The same with this changed: ``dataclasses.replace`` takes longer than what is done with a context."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__, **changed)
        return made

    @property
    def now(self) -> datetime:
        """The clock of the platform."""
        return self.platform.clock()  # type: ignore[no-any-return]

    async def read(self, sql: str, *args: object) -> list[Any]:
        """Rows of the reader's tenant; the one door for every read."""
        return await self.platform.database.read(self.principal.tenant_id, sql, *args)  # type: ignore[no-any-return]

    async def read_value(self, sql: str, *args: object) -> Any:
        """The one value of one statement: a compiled read."""
        return await self.platform.database.read_value(self.principal.tenant_id, sql, *args)

    def at(self, info: Any) -> "RequestContext":
        """The same request at a root field, where it may be answered by one statement."""
        return self.but(field=info._raw_info) if self.compiled else self

    def loader[K, V](
        self, key: Hashable, load: Callable[[list[K]], Awaitable[Sequence[V | BaseException]]]
    ) -> DataLoader[K, V]:
        """The loader of this operation that collects the keys of one level into one statement."""
        if key not in self.loaders:
            self.loaders[key] = DataLoader(load_fn=load)
        return self.loaders[key]

    def language_or(self, wanted: Any) -> Language:
        """The language that a field asks for, else the request's."""
        return wanted.value if wanted else self.language

    def reach(self, action: str) -> str | None:
        """How far the principal may go with an action; None where it may not."""
        return self.reach_of(self.principal.role, action)

    def require(self, action: str | None) -> None:
        """Raise unless the principal may do this for the whole company; nothing is required where nothing is named."""
        if action is not None and self.reach(action) != "company":
            raise Forbidden(role=str(self.principal.role), action=action)

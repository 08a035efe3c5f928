"""Subscriptions. Decides that nobody follows longer than their key is valid.

Between two steps no transaction is open; what follows a job polls it once per process (``jobs.progress``).
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from meritline.graphql.kit.annotations import annotation
from meritline.graphql.kit.build import Builder
from meritline.graphql.kit.context import RequestContext
from meritline.graphql.kit.resolvers import wrapped
from meritline.graphql.kit.shapes import core
from meritline.graphql.kit.signatures import given_only, own_arguments, with_signature

RECHECK_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Subscription:
    """Something to follow. ``follow(nothing, context, **arguments)`` gives mappings of the (table-less) type."""

    name: str
    type: str
    description: str
    follow: Callable[..., AsyncGenerator[Any]]
    arguments: dict[str, str] = field(default_factory=dict)

    def resolver(self, builder: Builder) -> Any:
        """The resolver that Strawberry wants."""
        row_type = builder.classes[core(self.type)]

        async def resolve(info: Any, **chosen: Any) -> AsyncGenerator[Any]:
            context: RequestContext = info.context
            async for step in guarded(context, self.follow({}, context, **given_only(chosen))):
                yield wrapped(row_type, step)

        written = {name: annotation(text, builder.names) for name, text in self.arguments.items()}
        given = {
            name: (written.get(name, kind), default) for name, (kind, default) in own_arguments(self.follow).items()
        }
        return with_signature(resolve, given, rooted=False)


async def guarded(context: RequestContext, steps: AsyncGenerator[Any]) -> AsyncGenerator[Any]:
    """The steps, as long as the principal is still one; each step reads anew."""
    waiting: asyncio.Future[Any] | None = None
    checked = time.monotonic()
    try:
        while True:
            waiting = waiting or asyncio.ensure_future(anext(steps))
            await asyncio.wait({waiting}, timeout=RECHECK_S)
            if context.still_valid is not None and time.monotonic() - checked >= RECHECK_S:
                await context.still_valid()
                checked = time.monotonic()
            if waiting.done():
                try:
                    step = waiting.result()
                except StopAsyncIteration:
                    return
                waiting = None
                context.loaders.clear()
                yield step
    finally:
        if waiting is not None:
            waiting.cancel()
            with suppress(BaseException):
                await waiting
        await steps.aclose()

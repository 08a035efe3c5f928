"""What became of a change to a company's sets; and trying it: everything is done and checked, and nothing is kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from meritline.db import UnitOfWork
from meritline.errors import Problem
from meritline.onboarding.sets.report import Report


@dataclass(frozen=True, slots=True)
class Done:
    """What changes or changed, with the schemes that got new versions and what to look at."""

    report: Report
    changed: bool
    schemes: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()


class Undone(Exception):
    """Nothing of the block is kept."""


@asynccontextmanager
async def tried(uow: UnitOfWork, dry_run: bool) -> AsyncIterator[None]:
    """What the block writes stays, or is undone where it is only tried; what it refuses is refused in both cases."""
    try:
        async with uow.conn.transaction():
            yield
            if dry_run:
                raise Undone
    except Undone:
        pass

"""The measure state of a company: dropped, made and brought up as its commands and its worker do it."""

from typing import Final

from tests.bench.stage import Company, Scene

THERE: Final = False


async def drop(scene: Scene, firm: Company) -> None:
    """Leave nothing of it; a run then reads the records."""


async def rebuild(scene: Scene, firm: Company, period: str) -> None:
    """Make all that the company's indicators of a period need."""


async def bring_up(scene: Scene, firm: Company, period: str) -> None:
    """Take the marks, and make what is missing, as the worker does after an import."""

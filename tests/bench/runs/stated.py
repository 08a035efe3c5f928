"""The measure state of a company: dropped, made and brought up as its commands and its worker do it."""

from tests.bench.stage import Company, Scene

from meritline.appraisal.state import keep
from meritline.appraisal.state import rebuild as make_anew
from meritline.measuring.state import service


async def drop(scene: Scene, firm: Company) -> None:
    """Leave nothing of it; a run then reads the records."""
    await service.drop(scene.database, firm.tenant_id)


async def rebuild(scene: Scene, firm: Company, period: str) -> None:
    """Make all that the company's indicators of a period need."""
    if not await make_anew(scene.database, firm.tenant_id, period):
        raise AssertionError("there is no state")


async def take_in(scene: Scene, firm: Company) -> None:
    """Take the marks of what was imported."""
    await service.take_in(scene.database, firm.tenant_id)


async def bring_up(scene: Scene, firm: Company, period: str) -> None:
    """What the worker does after an import: take the marks, and make the month of an open cycle that is missing."""
    await take_in(scene, firm)
    if not await keep(scene.database, firm.tenant_id, period):
        raise AssertionError("there is no state")

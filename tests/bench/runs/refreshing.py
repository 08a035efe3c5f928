"""The refresh of a computed cycle, as its job does it."""

from typing import Final

from tests.bench.stage import Company, Scene

THERE: Final = False
CORRECTIONS: Final = 20


async def refresh(scene: Scene, firm: Company) -> None:
    """Bring the cycle up to date with the records."""

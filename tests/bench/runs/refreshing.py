"""The refresh of a computed cycle, as its job does it."""

from typing import Final
from uuid import UUID

from tests.bench.deliveries import now
from tests.bench.stage import ACTOR, Company, Scene

from meritline.appraisal.refresh.frame import Refreshed
from meritline.appraisal.refresh.service import refresh as amend_cycle
from meritline.rewards.service import amend_rewards

CORRECTIONS: Final = 20


async def refresh(scene: Scene, firm: Company, cycle_id: UUID) -> Refreshed:
    """Bring the cycle up to date with the records."""
    return await amend_cycle(scene.database, now, firm.tenant_id, cycle_id, rewards=amend_rewards, actor=ACTOR)

"""Asking a set's plugin before a unit of work begins: a hook that takes its time holds no lock of the company."""

from typing import Any
from uuid import UUID

from meritline.appraisal import schemes_store as store
from meritline.onboarding.sets.fitting import Fitted, fitted_set, profile_of


async def fitted_for(platform: Any, tenant_id: UUID, set_key: str) -> Fitted | None:
    """What the plugin proposes for a company as it stands; nobody is asked where nothing new would come."""
    installed = platform.catalogue.sets.get(set_key)
    if installed is None or not getattr(installed, "fits", False):
        return None
    async with platform.database.scoped_read(tenant_id) as conn:
        known = await store.enabled_sets(conn, tenant_id)
    if known.get(set_key) == installed.content_hash:
        return None
    profile = await profile_of(platform.database, tenant_id, platform.clock().date())
    return await fitted_set(getattr(platform, "workshop", None), platform.catalogue, set_key, profile)

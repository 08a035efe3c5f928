"""What of the starter schemes fits a company. Decides by its currency and by what it calls its engineers."""

from dataclasses import replace

from meritline_appliance_repair.schemes import ENGINEERS
from meritline_sdk import IndicatorSet, TenantDefaults, TenantProfile

YUAN = "CNY"
ENGINEER_WORDS = ("engineer", "technician", "repairer", "mechanic", "维修", "工程师", "技师")


def fitted(own: IndicatorSet, profile: TenantProfile) -> list[TenantDefaults]:
    """Nothing where the set is right as it stands.

    Its amounts are in yuan: a company that pays in another currency gets no reward table. The engineers' scheme is for
    ``repair_engineer``; a company that has no such position, and others that speak of engineers, gets it for these.
    """
    schemes = tuple(replace(one, for_positions=engineers(profile)) if one.key == ENGINEERS.key else one
                    for one in own.schemes)
    rewards = own.rewards if profile.currency == YUAN else ()
    if (schemes, rewards) == (own.schemes, own.rewards):
        return []
    return [own.fitted(schemes=schemes, rewards=rewards)]


def engineers(profile: TenantProfile) -> tuple[str, ...]:
    """The positions of engineers, as the company calls them."""
    if not profile.positions or set(ENGINEERS.for_positions) & set(profile.positions):
        return ENGINEERS.for_positions
    found = tuple(one for one in profile.positions if any(word in one.lower() for word in ENGINEER_WORDS))
    return found or ENGINEERS.for_positions

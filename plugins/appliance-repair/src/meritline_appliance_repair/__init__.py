"""Appliance repair: what a service firm measures about its engineers and teams."""

from meritline_after_sales_common import COMMON
from meritline_appliance_repair.fitting import fitted
from meritline_appliance_repair.indicators import INDICATORS
from meritline_appliance_repair.rated import RATED
from meritline_appliance_repair.records import RECORDS
from meritline_appliance_repair.schemes import ENGINEER_REWARDS, ENGINEERS, TEAMS
from meritline_appliance_repair.templates import STARTERS, TEMPLATES
from meritline_sdk import IndicatorSet, TenantDefaults, TenantProfile, Text, hookimpl

APPLIANCE_REPAIR = IndicatorSet(
    "appliance_repair", Text("Appliance repair", "家电维修"), records=RECORDS, indicators=(*INDICATORS, *RATED),
    schemes=(ENGINEERS, TEAMS), rewards=(ENGINEER_REWARDS,), uses=(COMMON,),
    templates=TEMPLATES, starters=STARTERS,
)  # fmt: skip


@hookimpl
def indicator_sets() -> list[IndicatorSet]:
    """The appliance repair set."""
    return [APPLIANCE_REPAIR]


@hookimpl
def tenant_defaults(profile: TenantProfile) -> list[TenantDefaults]:
    """The starter's amounts are in yuan, and its engineers are called as the company calls them."""
    return fitted(APPLIANCE_REPAIR, profile)

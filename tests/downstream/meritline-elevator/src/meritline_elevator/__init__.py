"""The plugin: what it measures, and the hooks by which a server asks for it."""

from meritline_after_sales_common import COMMON
from meritline_sdk import IndicatorSet, TenantDefaults, TenantProfile, Text, hookimpl

from meritline_elevator.indicators import INDICATORS
from meritline_elevator.records import Callout, ElevatorOrder, Routine
from meritline_elevator.schemes import REWARDS, SCHEMES

SET = IndicatorSet(
    "elevator",
    Text("Elevator maintenance", "电梯维保"),
    records=[Callout, Routine, ElevatorOrder],
    indicators=INDICATORS,
    schemes=SCHEMES,
    rewards=REWARDS,
    uses=[COMMON],
)


@hookimpl
def indicator_sets() -> list[IndicatorSet]:
    """Called once, when the server starts."""
    return [SET]


@hookimpl
def tenant_defaults(profile: TenantProfile) -> list[TenantDefaults]:
    """Our amounts are in yuan; a company that pays in something else begins without them."""
    if profile.currency != "CNY":
        return [SET.fitted(rewards=[])]
    return []

"""The hooks of Meritline: synchronous, called once when the server starts, returning values.

A plugin is a module named by an entry point in the group ``meritline.plugins``. Its hooks receive nothing live
and return frozen declarations.
"""

import pluggy

from meritline_sdk.model.profiles import TenantProfile
from meritline_sdk.model.sets import IndicatorSet, TenantDefaults

PROJECT = "meritline"
ENTRY_POINT_GROUP = "meritline.plugins"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def indicator_sets() -> list[IndicatorSet]:  # type: ignore[empty-body]
    """The indicator sets that this plugin brings.

    Called once at start; what it returns is frozen into the catalogue. Example::

        @hookimpl
        def indicator_sets():
            return [IndicatorSet("elevator", Text("Elevator maintenance", "电梯维保"), records=[Callout])]
    """


@hookspec
def tenant_defaults(profile: TenantProfile) -> list[TenantDefaults]:  # type: ignore[empty-body]
    """Schemes and reward tables that fit a company better than those of the set; optional.

    Called when a company enables a set of this plugin. A set that is not among the answers keeps what it declares.
    The same profile must give the same answer. Example::

        @hookimpl
        def tenant_defaults(profile):
            if profile.currency != "CNY":
                return [ELEVATOR.fitted(rewards=[])]    # our amounts are in yuan
            return []
    """

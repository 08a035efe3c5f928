"""The hooks of Meritline: synchronous, called once when the server starts, returning values.

A plugin is a module named by an entry point in the group ``meritline.plugins``. Its hooks receive nothing live
and return frozen declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pluggy

PROJECT = "meritline"
ENTRY_POINT_GROUP = "meritline.plugins"

hookspec = pluggy.HookspecMarker(PROJECT)

if TYPE_CHECKING:
    from meritline_sdk.model.profiles import TenantProfile
    from meritline_sdk.model.sets import IndicatorSet, TenantDefaults

    type Sets = Callable[[], Sequence[IndicatorSet]]
    type Defaults = Callable[[TenantProfile], Sequence[TenantDefaults]]

    def hookimpl[Hook: (Sets, Defaults)](function: Hook) -> Hook:
        """Marks a function of a plugin as one of the hooks; type checkers see what each hook is asked and gives."""
else:
    hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def indicator_sets() -> list[IndicatorSet]:  # type: ignore[empty-body]
    """The indicator sets that this plugin brings.

    Example::

        @hookimpl
        def indicator_sets():
            return [IndicatorSet("elevator", Text("Elevator maintenance", "电梯维保"), records=[Callout])]

    When it is called: once, when a server starts, in a process of its own. What it returns goes to the server as text
    and is frozen into the catalogue, sorted by key. ``meritline-sdk check`` and ``try`` ask it in theirs.

    What a failure does: whatever it raises, an answer that is no list of indicator sets, and no answer within the
    deadline put the plugin into quarantine, with the reason in ``meritline plugins list``. The server starts without
    it; only companies that have one of its sets wait.
    """


@hookspec
def tenant_defaults(profile: TenantProfile) -> list[TenantDefaults]:  # type: ignore[empty-body]
    """Schemes and reward tables that fit a company better than those of the set; optional.

    A set that is not among the answers keeps what it declares. The same profile must give the same answer.
    Example::

        @hookimpl
        def tenant_defaults(profile):
            if profile.currency != "CNY":
                return [ELEVATOR.fitted(rewards=[])]    # our amounts are in yuan
            return []

    When it is called: when a company enables a set of this plugin, and again when it asks what a newer version would
    change; each time in a process of the plugin, never in the server.

    What a failure does: the set is not enabled, or not upgraded, and whoever asked reads why; nothing that the company
    has is touched.
    """

"""The states of a cycle. Decides what may happen to it when; a locked or published one keeps its results for ever."""

from enum import StrEnum

from meritline.errors import MeritlineError


class CycleState(StrEnum):
    """Where a cycle stands."""

    OPEN = "open"
    RUNNING = "running"
    COMPUTED = "computed"
    LOCKED = "locked"
    PUBLISHED = "published"


class CycleAction(StrEnum):
    """What is done to a cycle."""

    RUN = "run"
    REFRESH = "refresh"
    FINISH = "finish"
    FAIL = "fail"
    LOCK = "lock"
    PUBLISH = "publish"


class CycleStateRefused(MeritlineError):
    """The cycle's state does not allow the action."""

    code = "E-CYCLE-STATE"


class CycleLocked(CycleStateRefused):
    """The cycle is locked: nothing is computed in it any more."""

    code = "E-CYCLE-LOCKED"


SETTLED = (CycleState.LOCKED, CycleState.PUBLISHED)
"""Where results never change again; quarters and years are made of such."""

NEXT: dict[tuple[CycleState, CycleAction], CycleState] = {
    (CycleState.OPEN, CycleAction.RUN): CycleState.RUNNING,
    (CycleState.COMPUTED, CycleAction.RUN): CycleState.RUNNING,
    (CycleState.COMPUTED, CycleAction.REFRESH): CycleState.COMPUTED,
    (CycleState.RUNNING, CycleAction.FINISH): CycleState.COMPUTED,
    (CycleState.COMPUTED, CycleAction.LOCK): CycleState.LOCKED,
    (CycleState.COMPUTED, CycleAction.PUBLISH): CycleState.PUBLISHED,
    (CycleState.LOCKED, CycleAction.PUBLISH): CycleState.PUBLISHED,
}


def after(state: CycleState | str, action: CycleAction | str, *, period: str = "",
          computed: bool = False) -> CycleState:
    """The state after the action; raises where it is not allowed.

    A run that fails leaves the cycle as it was before: ``computed`` says whether an earlier run stands.
    """
    now, act = CycleState(state), CycleAction(action)
    if (now, act) == (CycleState.RUNNING, CycleAction.FAIL):
        return CycleState.COMPUTED if computed else CycleState.OPEN
    if (now, act) not in NEXT:
        refused = CycleLocked if now is CycleState.LOCKED else CycleStateRefused
        raise refused(value=period, state=now.value, action=act.value)
    return NEXT[now, act]


def may(state: CycleState | str, action: CycleAction | str) -> bool:
    """Whether the action is allowed in the state."""
    pair = (CycleState(state), CycleAction(action))
    return pair in NEXT or pair == (CycleState.RUNNING, CycleAction.FAIL)

"""The permission table: the one place that says which role may do what, and how far.

``company`` reaches everything of the tenant, ``team`` the departments a manager leads, ``own`` the person alone. What
is not in the table is forbidden.
"""

from types import MappingProxyType
from typing import Final, Literal, get_args

type Role = Literal["operator", "admin", "hr", "manager", "employee", "integrator", "auditor"]
type Reach = Literal["company", "team", "own"]
type Action = Literal[
    "tenant:create",
    "tenant:list",
    "tenant:read",
    "tenant:write",
    "keys:write",
    "people:read",
    "people:write",
    "sources:read",
    "sources:write",
    "records:read",
    "records:write",
    "schemes:read",
    "schemes:write",
    "cycles:read",
    "cycles:run",
    "scorecards:read",
    "rewards:read",
    "ratings:read",
    "ratings:write",
    "figures:read",
    "figures:write",
    "readings:waive",
    "audit:read",
    "schema:read",
]
ROLES: Final[tuple[Role, ...]] = get_args(Role.__value__)
ACTIONS: Final[tuple[Action, ...]] = get_args(Action.__value__)

# Roles that act for a person, so their key names the employee.
PERSONAL: Final[frozenset[Role]] = frozenset({"manager", "employee"})
# The platform's own role: it opens companies and sees nothing inside them.
PLATFORM_ROLE: Final[Role] = "operator"

_READ: Final[tuple[Action, ...]] = (
    "tenant:read", "people:read", "sources:read", "records:read", "schemes:read", "cycles:read", "scorecards:read",
    "rewards:read", "ratings:read", "figures:read", "schema:read",
)  # fmt: skip
_HR: Final[tuple[Action, ...]] = (
    *_READ, "people:write", "sources:write", "records:write", "schemes:write", "cycles:run", "ratings:write",
    "figures:write", "readings:waive",
)  # fmt: skip


def _company(*actions: Action) -> dict[Action, Reach]:
    return dict.fromkeys(actions, "company")


TABLE: Final = MappingProxyType(
    {
        "operator": _company("tenant:create", "tenant:list", "schema:read"),
        "admin": _company(*_HR, "tenant:write", "keys:write", "audit:read"),
        "hr": _company(*_HR),
        "manager": _company("tenant:read", "schemes:read", "cycles:read", "schema:read")
        | dict.fromkeys(
            ("people:read", "records:read", "scorecards:read", "rewards:read", "ratings:read", "ratings:write",
             "figures:read"), "team"
        ),
        "employee": _company("tenant:read", "schemes:read", "cycles:read", "schema:read")
        # How far somebody may rate is decided by the reporting line: in appraisal.ratings.reach.
        | dict.fromkeys(
            ("people:read", "records:read", "scorecards:read", "rewards:read", "ratings:read", "ratings:write",
             "figures:read"), "own"
        ),
        "integrator": _company("tenant:read", "sources:read", "records:read", "records:write", "ratings:write",
                               "figures:read", "figures:write", "schema:read"),
        "auditor": _company(*_READ, "audit:read"),
    }
)


def allows(role: str, action: Action) -> bool:
    """May this role do this at all?"""
    return reach(role, action) is not None


def reach(role: str, action: Action) -> Reach | None:
    """How far the permission goes; None where there is none."""
    return TABLE.get(role, {}).get(action)  # type: ignore[return-value]

"""Who is asking and what that person may do."""

from meritline.access.principal import Principal, require
from meritline.access.roles import ACTIONS, ROLES, Action, Reach, Role, allows, reach
from meritline.access.service import authenticate, create_key, list_keys, revoke_key
from meritline.access.tokens import PLATFORM_TENANT

__all__ = [
    "ACTIONS",
    "PLATFORM_TENANT",
    "ROLES",
    "Action",
    "Principal",
    "Reach",
    "Role",
    "allows",
    "authenticate",
    "create_key",
    "list_keys",
    "reach",
    "require",
    "revoke_key",
]

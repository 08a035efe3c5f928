"""The principal: who is asking, fixed for the length of a request."""

from dataclasses import dataclass
from uuid import UUID

from meritline.access.roles import Action, Reach, Role, reach
from meritline.errors import Forbidden
from meritline.messages import Language


@dataclass(frozen=True, slots=True)
class Principal:
    """A verified key. The tenant comes from it and from nothing else."""

    tenant_id: UUID
    key_id: UUID
    role: Role
    employee_id: UUID | None = None
    language: Language | None = None

    @property
    def actor(self) -> str:
        """What the audit chain calls this principal."""
        return f"key:{self.key_id}"

    def may(self, action: Action) -> bool:
        """May this principal do this at all?"""
        return reach(self.role, action) is not None


def require(principal: Principal, action: Action) -> Reach:
    """How far the principal may go with this, or the refusal."""
    allowed = reach(principal.role, action)
    if allowed is None:
        raise Forbidden(role=principal.role, action=action)
    return allowed

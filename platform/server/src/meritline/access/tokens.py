"""The form of an API key: ``mlk_<tenant>_<key id>_<secret>``. Decides its one spelling.

The tenant stands in the key, so that the tenant can be set before the key is looked up. The secret is 256 random bits
and only its SHA-256 is stored: nothing that is guessed slowly needs a slow hash.
"""

import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from uuid import UUID

PLATFORM_TENANT: Final = UUID(int=0)
FORM: Final = re.compile(r"mlk_([0-9a-f]{32})_([0-9a-f]{32})_([A-Za-z0-9_-]{43})", re.ASCII)
LENGTH: Final = 4 + 32 + 1 + 32 + 1 + 43


@dataclass(frozen=True, slots=True)
class Token:
    """A key as its holder shows it; its text never appears in a log by accident."""

    tenant_id: UUID
    key_id: UUID
    secret: str = field(repr=False)

    @property
    def text(self) -> str:
        """What is printed once."""
        return f"mlk_{self.tenant_id.hex}_{self.key_id.hex}_{self.secret}"

    @property
    def secret_hash(self) -> bytes:
        """What is stored."""
        return sha256(self.secret.encode("ascii")).digest()


def new_token(tenant_id: UUID, key_id: UUID) -> Token:
    """A token with a fresh secret."""
    return Token(tenant_id, key_id, secrets.token_urlsafe(32))


def parse(text: str) -> Token | None:
    """The token, or None for anything that is not spelt exactly like one."""
    # The length first: a megabyte of text costs nothing.
    found = FORM.fullmatch(text) if isinstance(text, str) and len(text) == LENGTH else None
    return found and Token(UUID(hex=found[1]), UUID(hex=found[2]), found[3])

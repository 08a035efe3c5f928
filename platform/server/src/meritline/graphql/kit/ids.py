"""Opaque ids. Decides that an id names its type and key, and that a malformed one is as unknown as any other."""

import base64
import binascii
import re
from typing import Final
from uuid import UUID

from meritline.graphql.kit.declare import KeyType

LONGEST = 200
#: A number as Postgres writes it, and no larger than a column of it holds.
PLACE: Final = re.compile(r"0|[1-9][0-9]{0,8}")


def global_id(type_name: str, key: object) -> str:
    """The opaque id of a row."""
    return base64.urlsafe_b64encode(f"{type_name}:{key}".encode()).decode().rstrip("=")


def split_id(text: str) -> tuple[str, str] | None:
    """Type name and key of an id, or nothing."""
    if len(text) > LONGEST:
        return None
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        return None
    name, colon, key = plain.partition(":")
    return (name, key) if colon and global_id(name, key) == text else None


def key_of(text: str, type_name: str, key_type: KeyType) -> object | None:
    """The key of an id of this type, or nothing."""
    parts = split_id(text)
    return typed_key(parts[1], key_type) if parts and parts[0] == type_name else None


def typed_key(text: str, key_type: KeyType) -> object | None:
    """The key as the database wants it; one of several columns stays the text that it is."""
    if key_type == "uuid.int":
        owner, _, place = text.partition(".")
        return text if typed_key(owner, "uuid") and PLACE.fullmatch(place) else None
    if key_type == "uuid":
        try:
            found = UUID(text)
        except ValueError:
            return None
        return found if str(found) == text else None
    if key_type == "int":
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    return text

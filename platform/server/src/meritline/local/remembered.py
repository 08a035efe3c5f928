"""What a data directory remembers between starts: the passwords of its roles and the ports it used last."""

import json
import os
import secrets
from pathlib import Path

from meritline.local.errors import LocalServiceError

SUPERUSER, OWNER, APPLICATION, VALKEY = "postgres", "meritline_owner", "meritline_app", "valkey"


def passwords(data_dir: Path) -> dict[str, str]:
    """The passwords of this data directory, made at its first start; readable by their owner alone."""
    path = data_dir / "passwords.json"
    names = (SUPERUSER, OWNER, APPLICATION, VALKEY)
    try:
        known = json.loads(path.read_text("utf-8"))
        return {name: str(known[name]) for name in names}
    except (OSError, ValueError, LookupError, TypeError) as problem:
        if path.exists() or (data_dir / "postgres").exists():
            raise LocalServiceError("E-LOCAL-PASSWORDS", path=path) from problem
    made = {name: secrets.token_urlsafe(24) for name in names}
    write_whole(path, json.dumps(made))
    return made


def ports(data_dir: Path) -> dict[str, int]:
    """The ports used last. Nothing depends on them, so a damaged file is no error."""
    try:
        return {str(name): int(port) for name, port in json.loads((data_dir / "ports.json").read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def remember_ports(data_dir: Path, used: dict[str, int]) -> None:
    """Keep the ports, so that the addresses stay the same at the next start."""
    if ports(data_dir) != used:
        write_whole(data_dir / "ports.json", json.dumps(used))


def write_whole(path: Path, text: str) -> None:
    """Write a private file that is there as a whole or not at all, whatever kills us."""
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)

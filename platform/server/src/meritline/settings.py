"""The settings of a process, from the environment. Decides their names, defaults and forms.

What belongs to a company (token issuers, languages, limits) is tenant data and not here: a new company never means a
restart. ``python -m meritline.settings`` writes their page.
"""

# ruff: noqa: RUF009  (a field made by setting() is a field)

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, Self
from urllib.parse import urlsplit, urlunsplit

from meritline.errors import Problem, Refused, problem

type LogFormat = Literal["auto", "text", "json"]
type LogLevel = Literal["debug", "info", "warning", "error"]
type Introspection = Literal["authorized", "on", "off"]


def address(*schemes: str) -> Callable[[str], str]:
    """A URL with one of these schemes; the error never shows it, since it may hold a password."""

    def read(text: str) -> str:
        if urlsplit(text).scheme not in schemes:
            raise ValueError(f"it must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return text

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number in a range."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text[:20]) <= high):
            raise ValueError(f"it must be a whole number from {low} to {high}")
        return int(text)

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    """One of a few words."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"it must be one of {', '.join(choices)}")
        return text

    return read


def names(text: str) -> frozenset[str]:
    """Names between commas."""
    return frozenset(name.strip() for name in text.split(",") if name.strip())


def setting(name: str, default: Any, read: Callable[[str], Any], about: str, *, secret: bool = False) -> Any:
    """A field with its environment name, reader and description."""
    return field(
        default=default, repr=not secret, metadata={"name": name, "read": read, "about": about, "secret": secret}
    )


POSTGRES: Final = address("postgresql", "postgres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a process is told from outside."""

    database_url: str | None = setting(
        "MERITLINE_DATABASE_URL",
        None,
        POSTGRES,
        "the database, as the application role; unset: the embedded one",
        secret=True,
    )
    migration_database_url: str | None = setting(
        "MERITLINE_MIGRATION_DATABASE_URL",
        None,
        POSTGRES,
        "the same database as the owner, for `meritline migrate`",
        secret=True,
    )
    application_role: str = setting(
        "MERITLINE_APPLICATION_ROLE", "meritline_app", str,
        "the role that `meritline migrate` gives its privileges to; that of MERITLINE_DATABASE_URL where it is set",
    )  # fmt: skip
    redis_url: str | None = setting(
        "MERITLINE_REDIS_URL",
        None,
        address("redis", "rediss", "unix"),
        "the queue; unset: the embedded one",
        secret=True,
    )
    host: str = setting("MERITLINE_HOST", "127.0.0.1", str, "the address to listen on")
    port: int = setting("MERITLINE_PORT", 8700, whole(0, 65535), "the port to listen on; 0: any free one")
    plugins: frozenset[str] | None = setting(
        "MERITLINE_PLUGINS", None, names, "the plugins to load, between commas; unset: all that are installed"
    )
    no_plugins: frozenset[str] = setting(
        "MERITLINE_NO_PLUGINS", frozenset(), names,
        "plugins to leave out, between commas, before anything of them is imported; `*`: all",
    )  # fmt: skip
    plugins_dir: Path | None = setting(
        "MERITLINE_PLUGINS_DIR", None, Path, "a folder with plugins of one file each (`*.py`), besides the installed"
    )
    cache_dir: Path | None = setting(
        "MERITLINE_CACHE_DIR", None, Path,
        "the folder of what plugins answered, this user's alone; unset: `~/.cache/meritline`; `off`: ask every time",
    )  # fmt: skip
    log_format: LogFormat = setting(
        "MERITLINE_LOG_FORMAT", "auto", one_of("auto", "text", "json"),
        "text, json, or auto: `serve` and `work` write JSON where stderr is no terminal, everything else text",
    )  # fmt: skip
    log_level: LogLevel = setting(
        "MERITLINE_LOG_LEVEL", "info", one_of("debug", "info", "warning", "error"),
        "from which level on `serve` and `work` log: info has a line for each request and attempt at a job",
    )  # fmt: skip
    metrics_port: int | None = setting(
        "MERITLINE_METRICS_PORT", None, whole(0, 65535),
        "the port on which a worker serves `/metrics`, `/healthz` and `/readyz`; 0: any free one, unset: none",
    )  # fmt: skip
    drain_s: int = setting(
        "MERITLINE_DRAIN_S", 2, whole(0, 300),
        "seconds after SIGTERM in which the API says on `/readyz` that it stops and still takes requests",
    )  # fmt: skip
    run_processes: int | None = setting(
        "MERITLINE_RUN_PROCESSES", None, whole(1, 64),
        "in how many processes a worker scores thousands of people; unset: in two where it may use more than two "
        "processors, since one is for the database; 1: in its own alone",
    )  # fmt: skip
    request_timeout_s: int = setting(
        "MERITLINE_REQUEST_TIMEOUT_S", 30, whole(1, 3600), "seconds after which a request is given up"
    )
    max_body_bytes: int = setting(
        "MERITLINE_MAX_BODY_BYTES", 32 * 1024 * 1024, whole(1024, 2**40), "the largest request body"
    )
    introspection: Introspection = setting(
        "MERITLINE_INTROSPECTION",
        "authorized",
        one_of("authorized", "on", "off"),
        "who may see the schema: authorized (keys with schema:read), on (anyone), off (nobody)",
    )

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """The settings; all mistakes are named at once."""
        values: dict[str, Any] = {}
        wrong: list[Problem] = []
        for each in fields(cls):
            text = environ.get(each.metadata["name"], "").strip()
            try:
                if text:
                    values[each.name] = each.metadata["read"](text)
            except ValueError as error:
                shown = None if each.metadata["secret"] else text
                wrong.append(problem("E-SETTING", field=each.metadata["name"], value=shown, reason=error))
        if wrong:
            raise Refused(wrong)
        return cls(**values)

    def shown(self) -> dict[str, str]:
        """Name to effective value, for `config show`: without passwords."""
        return {each.metadata["name"]: printable(getattr(self, each.name)) for each in fields(self)}


def printable(value: object) -> str:
    """A value for people; an address without its password and options."""
    if isinstance(value, frozenset):
        return ",".join(sorted(value))
    if isinstance(value, str) and "://" in value:
        parts = urlsplit(value)
        host = parts.netloc.rpartition("@")[2]
        user = f"{parts.username}@" if parts.username else ""
        return urlunsplit((parts.scheme, f"{user}{host}", parts.path, "", ""))
    return "" if value is None else str(value)


def page() -> str:
    """The page docs/operations/settings.md."""
    rows = "".join(
        f"| `{each.metadata['name']}` | {printable(each.default) or 'unset'} | {each.metadata['about']} |\n"
        for each in fields(Settings)
    )
    return (
        "<!-- Written by `python -m meritline.settings`; edit meritline/settings.py. -->\n\n# Settings\n\n"
        "Read from the environment when a process starts. An empty value counts as unset. `meritline config show`\n"
        "prints the effective ones without passwords.\n\n"
        f"| name | default | meaning |\n|---|---|---|\n{rows}"
    )


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "platform/docs/operations/settings.md")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(), "utf-8")

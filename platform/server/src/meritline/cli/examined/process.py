"""What belongs to the process itself: its settings, its folders, its plugins."""

import difflib
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from stat import S_IMODE
from typing import Final

from meritline.cli.examined import Finding
from meritline.errors import Problem, Refused, problem
from meritline.plugins import Catalogue
from meritline.settings import Settings

#: Read elsewhere than in ``settings``: where a command finds the data of the embedded services, and for tests.
OTHERS: Final = ("MERITLINE_DATA_DIR",)
OF_OTHERS: Final = 0o022


def settings(environ: Mapping[str, str]) -> tuple[Settings | None, Finding]:
    """The settings, where they can be read, and what is wrong with them."""
    try:
        found: Settings | None = Settings.from_environ(environ)
        wrong: list[Problem] = []
    except Refused as error:
        found, wrong = None, [*error.problems]
    wrong += unknown(environ)
    return found, Finding("settings", tuple(wrong), f"{sum(name.startswith('MERITLINE_') for name in environ)} are set")


def unknown(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Names that no setting has."""
    known = [*(each.metadata["name"] for each in fields(Settings)), *OTHERS]
    for name in sorted(each for each in environ if each.startswith("MERITLINE_") and each not in known):
        near = difflib.get_close_matches(name, known, 1) or ["-"]
        yield problem("E-DOCTOR-SETTING", value=name, near=near[0])


def folders(settings: Settings | None) -> Iterator[Finding]:
    """The folder of what plugins answered, and the one for files in passing."""
    chosen = settings.cache_dir if settings else None
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path(os.environ.get("HOME") or "/nonexistent") / ".cache")
    cache = chosen or home / "meritline"
    if str(cache) == "off":
        yield Finding("cache", note="off: every start asks all plugins")
    else:
        yield usable("cache", cache, alone=True)
    yield usable("temporary files", Path(tempfile.gettempdir()), alone=False)


def usable(check: str, folder: Path, *, alone: bool) -> Finding:
    """Whether files can be written there; ``alone``: by this user and nobody else."""
    try:
        if alone:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            about = folder.stat()
            if about.st_uid != os.geteuid() or about.st_mode & OF_OTHERS:
                reason = f"mode {S_IMODE(about.st_mode):o}, others may write there"
                return Finding(check, (problem("E-DOCTOR-FOLDER", value=folder, reason=reason),))
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"0")
    except OSError as error:
        return Finding(check, (problem("E-DOCTOR-FOLDER", value=folder, reason=error.strerror or error),))
    return Finding(check, note=str(folder))


def plugins(catalogue: Catalogue) -> Finding:
    """What the plugins say of themselves, and the database of them."""
    used = sum(bool(one.sets) for one in catalogue.plugins)
    return Finding("plugins", tuple(catalogue.problems),
                   f"{used} of {len(catalogue.plugins)} are used, {len(catalogue.sets)} indicator sets")  # fmt: skip

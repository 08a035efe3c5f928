"""As much of systemctl as the pages for operators use, on the unit files of one folder: what a unit says is what runs.

    python systemctl.py FOLDER daemon-reload | enable --now UNIT... | start|stop|restart|is-active UNIT...

A unit's settings come from its EnvironmentFile alone, as under systemd; nothing of the caller's environment but PATH.
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

STARTS, STOPS = ("enable", "start", "restart"), ("stop", "restart")


class Unit:
    """A unit file, of a template too, and what runs of it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name if "." in name else f"{name}.service"
        stem, _, instance = self.name.removesuffix(".service").partition("@")
        path = folder / (f"{stem}@.service" if instance else self.name)
        self.settings: dict[str, list[str]] = {}
        for line in path.read_text("utf-8").splitlines():
            key, equals, value = line.partition("=")
            if equals and not line.startswith("#"):
                self.settings.setdefault(key, []).append(value.replace("%i", instance))
        self.state = folder / f"{self.name}.state"

    def environ(self) -> dict[str, str]:
        files = [Path(one).read_text("utf-8").splitlines() for one in self.settings.get("EnvironmentFile", [])]
        said = dict(line.split("=", 1) for lines in files for line in lines if line and not line.startswith("#"))
        return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **said}

    @property
    def pid(self) -> int:
        return int(self.state.read_text()) if self.state.exists() else 0

    def active(self) -> bool:
        if self.settings["Type"] == ["oneshot"]:
            return self.state.exists()
        try:
            return bool(self.pid) and Path(f"/proc/{self.pid}/stat").read_text().split()[2] != "Z"
        except OSError:
            return False

    def start(self) -> None:
        if self.active():
            return
        for one in " ".join(self.settings.get("Requires", [])).split():
            Unit(self.folder, one).start()
        command = shlex.split(self.settings["ExecStart"][0])
        with (self.folder / f"{self.name}.log").open("ab") as log:
            if self.settings["Type"] == ["oneshot"]:
                subprocess.run(command, env=self.environ(), cwd="/", stdout=log, stderr=log, check=True)
                self.state.write_text("0")
                return
            started = subprocess.Popen(command, env=self.environ(), cwd="/", stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=log, start_new_session=True)  # fmt: skip
        self.state.write_text(str(started.pid))

    def stop(self) -> None:
        if self.active() and self.pid:
            os.kill(self.pid, signal.SIGTERM)
            end = time.monotonic() + float(self.settings["TimeoutStopSec"][0])
            while self.active():
                if time.monotonic() > end:
                    os.kill(self.pid, signal.SIGKILL)
                    sys.exit(f"{self.name} did not end in time and was killed")
                time.sleep(0.05)
        self.state.unlink(missing_ok=True)


def main(folder: str, verb: str, *words: str) -> int:
    units = [Unit(Path(folder), word) for word in words if not word.startswith("--")]
    if verb == "is-active":
        print(*("active" if unit.active() else "inactive" for unit in units), sep="\n")
        return 0 if all(unit.active() for unit in units) else 3
    if verb not in (*STARTS, *STOPS, "daemon-reload"):
        sys.exit(f"the stand-in for systemctl has no {verb}")
    for unit in units if verb in STOPS else ():
        unit.stop()
    for unit in units if verb in STARTS and (verb != "enable" or "--now" in words) else ():
        unit.start()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

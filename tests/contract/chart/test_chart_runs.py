"""What the pods are told works: their commands, environment and probes, on real services, as two processes of ours.

What cannot be had here is the cluster: the containers' commands are run as processes, /tmp and the ports are others.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from meritline.local import LocalUrls

ROOT = Path(__file__).parents[3]
MERITLINE = Path(sys.executable).with_name("meritline")
PATIENCE_S = 120
README_PLUGIN = re.search(r"<!-- plugin: begin -->\n```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
assert README_PLUGIN
PLUGIN = '# /// script\n# dependencies = ["meritline-sdk>=0.2,<1"]\n# ///\n' + README_PLUGIN[1]


class Node:
    """Runs what pods say, with its own folder for /tmp and for what is mounted, and with free ports."""

    def __init__(self, folder: Path, secrets: dict[tuple[str, str], str]) -> None:
        self.folder, self.secrets = folder, secrets
        self.ports = {"8000": str(free_port()), "9100": str(free_port())}
        (folder / "tmp").mkdir()

    def mounted(self, text: str) -> str:
        """A path of the pod as it is here."""
        for place in ("/tmp", "/etc/meritline/plugins"):
            if text == place or text.startswith(f"{place}/"):
                return f"{self.folder}{text}"
        return self.ports.get(text, "127.0.0.1" if text == "0.0.0.0" else text)

    def environment(self, container: dict[str, Any]) -> dict[str, str]:
        """What the process is told; nothing of ours but where the program is."""
        told = {"PATH": os.defpath, "LANG": "C.UTF-8"}
        for one in container["env"]:
            source = one.get("valueFrom", {}).get("secretKeyRef")
            told[one["name"]] = self.secrets[source["name"], source["key"]] if source else self.mounted(one["value"])
        return told

    def command(self, container: dict[str, Any]) -> list[str]:
        """The command of the image, which is ours here."""
        assert container["command"] == ["meritline"]
        return [str(MERITLINE), *map(self.mounted, container["args"])]

    @contextmanager
    def running(self, container: dict[str, Any]) -> Iterator[subprocess.Popen[str]]:
        """The process, stopped as Kubernetes stops it; it must end by itself."""
        process = subprocess.Popen(self.command(container), env=self.environment(container), cwd=self.folder / "tmp",
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # fmt: skip
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 0, said
        finally:
            process.kill()
            process.communicate()

    def probed(self, container: dict[str, Any], name: str, process: subprocess.Popen[str]) -> int:
        """The answer to a probe, as soon as somebody listens there."""
        asked, ports = container[name]["httpGet"], {one["name"]: one["containerPort"] for one in container["ports"]}
        url = f"http://127.0.0.1:{self.ports[str(ports[asked['port']])]}{asked['path']}"
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                with urllib.request.urlopen(url, timeout=10) as answer:
                    return int(answer.status)
            except urllib.error.HTTPError as error:
                return error.code
            except OSError:
                assert process.poll() is None, process.communicate()[0]
                assert time.monotonic() < until, f"nobody listens at {url}"
                time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def node(tmp_path: Path, fresh_database: Callable[[], LocalUrls], render: Any) -> Node:
    """A node with the Secrets that the values name and the plugin files as a ConfigMap mounts them: by links."""
    urls = fresh_database()
    made = Node(tmp_path, {("meritline-database", "url"): urls.database_url, ("meritline-redis", "url"): urls.redis_url,
                           ("meritline-owner", "url"): urls.migration_database_url})  # fmt: skip
    (config,) = (one for one in render("minimal", VALUES) if one["metadata"]["name"] == "demo-meritline-plugins")
    files = tmp_path / "etc/meritline/plugins"
    (files / "..2026").mkdir(parents=True)
    (files / "..data").symlink_to("..2026")
    for name, text in config["data"].items():
        (files / "..2026" / name).write_text(text, "utf-8")
        (files / name).symlink_to(f"..data/{name}")
    return made


VALUES = {"plugins": {"files": {"elevator.py": PLUGIN}}, "api": {"drainSeconds": 0}}


def test_migration_api_and_worker_do_as_they_are_told(node: Node, render: Any) -> None:
    pods = {name: pod["spec"]["containers"][0] for name, pod in render("minimal", VALUES).pods().items()}
    api, worker, migration = pods["api"], pods["worker"], pods["migration"]
    with node.running(api) as process:
        assert node.probed(api, "startupProbe", process) == 200
        assert node.probed(api, "readinessProbe", process) == 503  # nothing is migrated yet
        for said in ("made record_callout", "nothing to migrate"):
            done = subprocess.run(node.command(migration), env=node.environment(migration), cwd=node.folder / "tmp",
                                  capture_output=True, text=True, check=False, timeout=PATIENCE_S)  # fmt: skip
            assert done.returncode == 0, done.stderr
            assert said in done.stdout, done.stdout + done.stderr
        until = time.monotonic() + PATIENCE_S
        while node.probed(api, "readinessProbe", process) != 200:
            assert time.monotonic() < until
            time.sleep(0.2)
        assert node.probed(api, "livenessProbe", process) == 200
    with node.running(worker) as process:
        for probe in ("startupProbe", "livenessProbe"):
            assert node.probed(worker, probe, process) == 200

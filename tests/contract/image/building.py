"""The steps of the Dockerfile, done in order in an empty folder without a container engine.

Every stage has a folder that stands for its root: COPY takes what .dockerignore lets through, RUN runs the same command
with the same environment, absolute paths below that folder. The base image is an environment with Python and pip. When
the next stage begins, the folder moves away, so that nothing of it can be leant on but what is copied.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from e2b_dockerfile_utils import PatternMatcher, parse_dockerfile_ast

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
IGNORED = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]
OF_ROOT = "groupadd "
"""How the only RUN begins that is not done here: it writes the accounts of the image."""
PLACES = re.compile(r"(?<![\w./$-])/(?=opt/meritline|src\b|tmp\b)")
VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\}|(\w+))")
ADDRESSES = ("PIP_", "UV_INDEX", "UV_DEFAULT", "SSL_", "HTTP", "http", "REQUESTS_", "NO_PROXY", "HOME")


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its variables, as Dockerfile and compose have them: $X, ${X}, ${X:-default}, ${X:?error}, $$."""

    def one(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        value = values.get(found[1] or found[4], "")
        assert value or found[2] != "?", f"{found[1]} must be set"
        return value or (found[3] if found[2] == "-" else "")

    return VARIABLE.sub(one, text)


@dataclass
class Stage:
    """What one FROM began: a folder that stands for its root, an environment, where it is."""

    name: str
    args: dict[str, str]
    environ: dict[str, str] = field(default_factory=dict)
    here: str = "/"
    said: dict[str, list[str]] = field(default_factory=dict)


class Builder:
    """Does the steps of the Dockerfile in order; ``root`` is where the stage at work has its root."""

    def __init__(self, folder: Path, uv: str, **args: str) -> None:
        self.folder, self.uv, self.given = folder, uv, args
        self.root = folder / "root"
        self.left: dict[str, Path] = {}
        self.first: dict[str, str] = {}
        self.stages: list[Stage] = []
        self.skipped: list[str] = []

    @property
    def stage(self) -> Stage:
        return self.stages[-1]

    def build(self) -> Stage:
        for step in parse_dockerfile_ast(DOCKERFILE).instructions:
            words = list(step.args)
            if step.name == "ARG":
                name, _, default = words[0].partition("=")
                value = self.given.get(name, self.first.get(name, default.strip('"')))
                (self.stage.args if self.stages else self.first)[name] = value
            else:
                {"FROM": self.begin, "ENV": self.env, "WORKDIR": self.workdir, "COPY": self.copy, "RUN": self.run}.get(
                    step.name, self.noted)(words, step)
        return self.stage

    def noted(self, words: list[str], step: Any) -> None:
        self.stage.said[step.name] = [filled(word, self.stage.args) for word in words]

    def begin(self, words: list[str], _: Any) -> None:
        """A new root; that of the stage before lies elsewhere from now on, so that nothing can still lean on it."""
        if self.stages:
            self.left[self.stage.name] = self.root.rename(self.folder / f"left-{len(self.stages)}")
        self.root.mkdir()
        (self.root / "tmp").mkdir()
        base = self.folder / "base"
        shutil.rmtree(base, ignore_errors=True)
        subprocess.run([self.uv, "venv", "--quiet", "--seed", "--python", sys.executable, base], check=True)
        # An environment, so that pip installs nothing into the machine's Python; uv looks for one that is none.
        own = self.folder / "own" / "python3.12"
        own.parent.mkdir(exist_ok=True)
        own.unlink(missing_ok=True)
        own.symlink_to(Path(sys.base_prefix) / "bin" / "python3")
        image = filled(words[0], self.first)
        assert re.fullmatch(r"[\w./-]+/python:3\.12[\w.-]*(@sha256:\w+)?", image), image
        name = words[2] if len(words) > 2 else ""
        self.stages.append(Stage(name, {}, {"PATH": f"{base}/bin:{own.parent}:/usr/bin:/bin"}))

    def env(self, words: list[str], _: Any) -> None:
        for name, value in zip(words[::3], words[1::3], strict=True):
            self.stage.environ[name] = filled(self.placed(value), self.stage.args | self.stage.environ)

    def workdir(self, words: list[str], _: Any) -> None:
        self.stage.here = words[0]
        self.at(words[0]).mkdir(parents=True, exist_ok=True)

    def at(self, path: str) -> Path:
        return self.root / (path if path.startswith("/") else f"{self.stage.here}/{path}").lstrip("/")

    def placed(self, text: str) -> str:
        return PLACES.sub(f"{self.root}/", text)

    def copy(self, words: list[str], step: Any) -> None:
        *sources, target = words
        stage = next((flag.removeprefix("--from=") for flag in step.flags if flag.startswith("--from=")), None)
        for source in sources:
            into = self.at(target) / source if target.endswith("/") else self.at(target)
            into.parent.mkdir(parents=True, exist_ok=True)
            if stage:
                shutil.copytree(self.left[stage] / source.lstrip("/"), into, symlinks=True)
            else:
                self.from_context(source, into)

    def from_context(self, source: str, into: Path) -> None:
        """What git knows or could know of a path, less what .dockerignore leaves out."""
        listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", source],
                                cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()  # fmt: skip
        sent = [path for path in listed if not PatternMatcher(IGNORED).matches(path) and (ROOT / path).exists()]
        assert sent, f"COPY {source}: nothing of it goes to the builder"
        for path in sent:
            place = into / Path(path).relative_to(source) if path != source else into
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, place)

    def run(self, words: list[str], step: Any) -> None:
        if words[0].startswith(OF_ROOT):
            self.skipped.append(words[0])
            return
        caches = {"UV_CACHE_DIR": self.cache()} if any("cache/uv" in one for one in step.flags) else {}
        kept = {key: value for key, value in os.environ.items() if key.startswith(ADDRESSES)}
        environ = kept | caches | self.stage.environ | self.stage.args
        done = subprocess.run(["/bin/sh", "-c", self.placed(words[0])], cwd=self.at(""), env=environ, text=True,
                              capture_output=True, check=False)  # fmt: skip
        assert done.returncode == 0, f"line {step.start_line}: {words[0]}\n{done.stdout}{done.stderr}"

    def cache(self) -> str:
        """Where uv keeps what it fetched on this machine: what a cache mount is to a builder."""
        return subprocess.run([self.uv, "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()

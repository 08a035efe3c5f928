"""The chart as the real helm renders it. Decides how manifests are read: a key that stands twice is a mistake."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

ROOT = Path(__file__).parents[3]
CHART = ROOT / "helm" / "meritline"
SETS = {name: CHART / "ci" / f"{name}-values.yaml" for name in ("minimal", "production", "gitops")}
NAMESPACE = "people"

type Manifest = dict[str, Any]
type Helm = Callable[..., subprocess.CompletedProcess[str]]


class Strict(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML in which no key may stand twice: Kubernetes would take one of the two."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping, unless a key is there already."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := {str(key) for key in keys if keys.count(key) > 1}:
            raise yaml.constructor.ConstructorError(problem=f"{twice} twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


class Release(list[Manifest]):
    """The manifests of a release, and what belongs to what in it."""

    def of_kind(self, kind: str) -> list[Manifest]:
        """Those of a kind."""
        return [one for one in self if one["kind"] == kind]

    def workloads(self) -> dict[str, Manifest]:
        """Component to its Deployment or Job."""
        return {one["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/component"]: one
                for one in self if one["kind"] in ("Deployment", "Job")}  # fmt: skip

    def pods(self) -> dict[str, Manifest]:
        """Component to the template of its pods."""
        return {component: one["spec"]["template"] for component, one in self.workloads().items()}

    def selected(self, selector: Manifest) -> set[str]:
        """Which components a selector meets."""
        wanted = selector["matchLabels"].items()
        return {name for name, pod in self.pods().items() if wanted <= pod["metadata"]["labels"].items()}


def documents(text: str) -> Iterator[Manifest]:
    """The manifests of a text."""
    return (one for one in yaml.load_all(text, Strict) if one)


@pytest.fixture(scope="session")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Helm:
    """The real helm; it never sees the settings of whoever runs the tests."""
    found = subprocess.run([sys.executable, ROOT / ".ci" / "helm.py"], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip(f"THE CHART WAS NOT TRIED: {found.stderr.strip()}")
    home = tmp_path_factory.mktemp("helm")
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "KUBECONFIG": str(home / "none")}

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([found.stdout.strip(), *arguments], capture_output=True, text=True, check=False,
                              env=environment, cwd=home)  # fmt: skip

    return run


@pytest.fixture(scope="session")
def render(helm: Helm, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Release]:
    """Manifests of a set of values, with changes: ``render("minimal", {"api": {"replicas": 3}})``."""

    known: dict[str, Release] = {}

    def rendered(name: str = "minimal", changes: Manifest | None = None, *more: str) -> Release:
        if (key := json.dumps([name, changes, more])) not in known:
            made = templated(helm, tmp_path_factory, name, changes, *more)
            assert made.returncode == 0, made.stderr
            known[key] = Release(documents(made.stdout))
        return known[key]

    return rendered


@pytest.fixture(scope="session")
def refusal(helm: Helm, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """What helm says against the values."""

    def refused(name: str | None, changes: Manifest, *more: str) -> str:
        made = templated(helm, tmp_path_factory, name, changes, *more)
        assert made.returncode != 0, f"{changes} was taken"
        return made.stderr

    return refused


@pytest.fixture(params=SETS)
def manifests(request: pytest.FixtureRequest, render: Callable[..., Release]) -> Release:
    """The manifests of each of the three sets of values."""
    return render(request.param)


def templated(helm: Helm, folders: pytest.TempPathFactory, name: str | None, changes: Manifest | None,
              *more: str) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """One run of ``helm template``."""
    values = folders.mktemp("values") / "changes.yaml"
    values.write_text(yaml.safe_dump(changes or {}), "utf-8")
    given = ["--values", SETS[name]] if name else []
    return helm("template", "demo", CHART, "--namespace", NAMESPACE, "--kube-version", "1.34.0", *given, "--values",
                values, *more)  # fmt: skip


@pytest.fixture(scope="session")
def checked() -> Callable[[Manifest, str], None]:
    """Checks a manifest against the schema of its kind: Kubernetes' own, or ours in ``kinds``; raises otherwise."""
    return check_kind


def check_kind(manifest: Manifest, version: str) -> None:
    """Raise unless the manifest is of a known kind and has only known fields of the right types."""
    own = Path(__file__).parent / "kinds" / f"{manifest['kind'].lower()}.json"
    core = "." not in manifest["apiVersion"] or manifest["apiVersion"].partition("/")[0].endswith(".k8s.io")
    if own.exists() and not core:
        jsonschema.validate(manifest, json.loads(own.read_text("utf-8")))
    else:
        kubernetes_validate.validate(manifest, version, strict=True)


@pytest.fixture(scope="session")
def read() -> Callable[[str], Release]:
    """Reads YAML in which no key stands twice."""
    return lambda text: Release(documents(text))

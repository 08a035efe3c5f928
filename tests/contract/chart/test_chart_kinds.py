"""What the chart renders is what Kubernetes takes: the real helm, the schemas of the oldest and the newest version."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

CHART = Path(__file__).parents[3] / "helm" / "meritline"
SETS = sorted(path.name.removesuffix("-values.yaml") for path in (CHART / "ci").glob("*-values.yaml"))
VERSIONS = ("1.30", "1.37")
"""The oldest that Chart.yaml allows, and the newest that is known."""

type Check = Callable[[dict[str, Any], str], None]


def test_there_are_three_sets_of_values() -> None:
    assert SETS == ["gitops", "minimal", "production"]


@pytest.mark.parametrize("name", SETS)
def test_strict_lint(helm: Any, name: str) -> None:
    made = helm("lint", "--strict", CHART, "--values", CHART / "ci" / f"{name}-values.yaml")
    assert made.returncode == 0, made.stdout + made.stderr
    assert "0 chart(s) failed" in made.stdout
    assert "[WARNING]" not in made.stdout


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_is_valid(manifests: list[dict[str, Any]], checked: Check, version: str,
                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)  # the schemas come from the package, never from outside
    for each in manifests:
        checked(each, version)


def test_the_sets_reach_every_template(render: Any) -> None:
    kinds = {(one["kind"], one["metadata"]["name"].removeprefix("demo-meritline"))
             for name in SETS for one in render(name) if one["metadata"]["name"].startswith("demo-")}
    assert {kind for kind, _ in kinds} == {
        "Deployment", "Job", "Service", "Ingress", "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy",
        "ServiceAccount", "ServiceMonitor", "PodMonitor",
    }  # fmt: skip
    assert {"", "-api", "-worker", "-migrate", "-migration"} == {name for _, name in kinds}
    assert {one["kind"] for one in render("gitops")} >= {"ConfigMap", "Job", "Ingress"}


def test_the_oldest_version_is_the_one_that_is_checked(helm: Any) -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text("utf-8"))
    assert chart["kubeVersion"] == f">={VERSIONS[0]}.0-0"
    values = ("--values", CHART / "ci" / "minimal-values.yaml", "--kube-version")
    assert helm("template", "demo", CHART, *values, "1.30.0").returncode == 0
    refused = helm("template", "demo", CHART, *values, "1.29.4")
    assert refused.returncode != 0
    assert "incompatible with Kubernetes v1.29.4" in refused.stderr


def test_the_checks_see_what_is_wrong(manifests: list[dict[str, Any]], checked: Check) -> None:
    """An unknown kind, an unknown field and a wrong type, of kinds of Kubernetes and of others."""
    with pytest.raises(kubernetes_validate.SchemaNotFoundError):
        checked({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "x"}}, "1.34")
    with pytest.raises(kubernetes_validate.SchemaNotFoundError):
        checked({"apiVersion": "v1", "kind": "Cluster", "metadata": {"name": "x"}}, "1.34")
    deployment = next(one for one in manifests if one["kind"] == "Deployment")
    for changes in ({"replica": 2}, {"minReadySeconds": "soon"}):
        with pytest.raises(kubernetes_validate.ValidationError):
            checked({**deployment, "spec": {**deployment["spec"], **changes}}, "1.34")
    monitor = {"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": {"name": "x"},
               "spec": {"selector": {}, "endpoints": [{"port": "http", "intervall": "30s"}]}}  # fmt: skip
    with pytest.raises(jsonschema.ValidationError, match="intervall"):
        checked(monitor, "1.34")

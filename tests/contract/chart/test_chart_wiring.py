"""What the manifests mean together: who selects, reaches, scales and watches whom, and what comes before what."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

from meritline.http.app import create_app
from meritline.settings import Settings

CHART = Path(__file__).parents[3] / "helm" / "meritline"


def containers(pod: dict[str, Any]) -> list[dict[str, Any]]:
    return [*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"]]


def server(pod: dict[str, Any]) -> dict[str, Any]:
    """The one container of the server itself."""
    (only,) = pod["spec"]["containers"]
    return dict(only)


def test_names_are_unique_and_fit(manifests: Any) -> None:
    names = [(one["kind"], one["metadata"]["name"]) for one in manifests]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 63 for _, name in names)


@pytest.mark.parametrize("release", ["x" * 53, "meritline", "m"])
def test_long_and_short_release_names(helm: Any, release: str, read: Any) -> None:
    made = helm("template", release, CHART, "--values", CHART / "ci" / "production-values.yaml", "--set",
                "migration.mode=job")  # fmt: skip
    manifests = read(made.stdout)
    test_names_are_unique_and_fit(manifests)
    assert all(len(value) <= 63 for one in manifests for value in one["metadata"]["labels"].values())


def test_selectors_meet_their_own_pods_and_no_others(manifests: Any) -> None:
    for component, one in manifests.workloads().items():
        if one["kind"] == "Deployment":
            assert manifests.selected(one["spec"]["selector"]) == {component}
    (service,) = manifests.of_kind("Service")
    assert manifests.selected({"matchLabels": service["spec"]["selector"]}) == {"api"}
    for budget in manifests.of_kind("PodDisruptionBudget"):
        (component,) = manifests.selected(budget["spec"]["selector"])
        assert budget["metadata"]["name"] == manifests.workloads()[component]["metadata"]["name"]
    assert len(manifests.of_kind("PodDisruptionBudget")) == 2
    policies = [manifests.selected(one["spec"]["podSelector"]) for one in manifests.of_kind("NetworkPolicy")]
    assert sorted(policies, key=str) == [{"api"}, {"migration"}, {"worker"}]
    for component, pod in manifests.pods().items():
        for spread in pod["spec"].get("topologySpreadConstraints", ()):
            assert manifests.selected(spread["labelSelector"]) == {component}


def test_a_selector_never_changes_with_the_version(helm: Any, render: Any) -> None:
    for one in render("production").of_kind("Deployment"):
        assert set(one["spec"]["selector"]["matchLabels"]) == {
            "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"}  # fmt: skip
        assert "helm.sh/chart" not in one["spec"]["template"]["metadata"]["labels"]


def test_autoscalers_have_a_deployment_that_names_no_number(render: Any) -> None:
    manifests = render("production")
    deployments = {one["metadata"]["name"]: one for one in manifests.of_kind("Deployment")}
    scalers = manifests.of_kind("HorizontalPodAutoscaler")
    assert len(scalers) == 2
    for one in scalers:
        target = one["spec"]["scaleTargetRef"]
        assert target["kind"] == "Deployment"
        assert "replicas" not in deployments[target["name"]]["spec"]
        requested = server(deployments[target["name"]]["spec"]["template"])["resources"]["requests"]
        assert {each["resource"]["name"] for each in one["spec"]["metrics"]} <= requested.keys()
    assert not render("minimal").of_kind("HorizontalPodAutoscaler")
    assert [one["spec"]["replicas"] for one in render("gitops").of_kind("Deployment")] == [3, 2]


def test_pods_reach_what_they_need_and_nothing_else(manifests: Any) -> None:
    policies = {next(iter(manifests.selected(one["spec"]["podSelector"]))): one["spec"]
                for one in manifests.of_kind("NetworkPolicy")}  # fmt: skip
    for component, policy in policies.items():
        assert sorted(policy["policyTypes"]) == ["Egress", "Ingress"]
        open_ports = {(port["protocol"], port["port"]) for rule in policy["egress"] for port in rule["ports"]}
        assert {("UDP", 53), ("TCP", 53)} <= open_ports
        assert open_ports & {("TCP", 5432), ("TCP", 6432)}
        assert (("TCP", 6379) in open_ports) is (component != "migration")
        assert all(rule["ports"] for rule in policy["egress"])  # a rule without ports allows all of them
        offered = {port["name"] for one in containers(manifests.pods()[component]) for port in one.get("ports", ())}
        assert {port["port"] for rule in policy["ingress"] for port in rule["ports"]} == offered
    assert policies["migration"]["ingress"] == []


def test_the_ingress_shows_the_api_and_not_its_inside(render: Any) -> None:
    manifests = render("production")
    (ingress,), (service,) = manifests.of_kind("Ingress"), manifests.of_kind("Service")
    (rule,) = ingress["spec"]["rules"]
    backends = [path["backend"]["service"] for path in rule["http"]["paths"]]
    assert {one["name"] for one in backends} == {service["metadata"]["name"]}
    assert {one["port"]["name"] for one in backends} <= {port["name"] for port in service["spec"]["ports"]}
    assert ingress["spec"]["tls"] == [{"secretName": "meritline-tls", "hosts": [rule["host"]]}]
    paths = {(one["path"], one["pathType"]) for one in rule["http"]["paths"]}
    assert not any(hidden.startswith(path) for path, kind in paths if kind == "Prefix"
                   for hidden in ("/metrics", "/healthz", "/readyz"))  # fmt: skip
    assert reached(paths) == set(routes()) - {"/metrics", "/healthz", "/readyz"}


def routes() -> list[str]:
    """Every path of the application."""
    platform = MagicMock(settings=Settings(), catalogue=SimpleNamespace(plugins=(), sets=()))
    return [route.path for route in create_app(platform).routes]


def reached(paths: set[tuple[str, str]]) -> set[str]:
    """The paths of the application that an ingress reaches."""
    return {route for route in routes() for path, kind in paths
            if route == path or (kind == "Prefix" and (path == "/" or route.startswith(f"{path}/")))}  # fmt: skip


def test_monitors_find_what_they_watch(render: Any) -> None:
    manifests = render("production")
    (service,) = manifests.of_kind("Service")
    (of_api,), (of_workers,) = manifests.of_kind("ServiceMonitor"), manifests.of_kind("PodMonitor")
    assert of_api["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert of_api["spec"]["endpoints"][0]["port"] in {port["name"] for port in service["spec"]["ports"]}
    assert manifests.selected(of_workers["spec"]["selector"]) == {"worker"}
    ports = {port["name"] for port in server(manifests.pods()["worker"])["ports"]}
    assert of_workers["spec"]["podMetricsEndpoints"][0]["port"] in ports
    assert not render("minimal").of_kind("ServiceMonitor") + render("minimal").of_kind("PodMonitor")


def test_the_hook_finds_everything_that_it_needs(render: Any) -> None:
    """A hook runs before the release is there: what its pod names is a hook itself, and comes earlier."""
    manifests = render("minimal", {"plugins": {"files": {"elevator.py": "VERSION = '1'"}}})
    hooks = {(one["kind"], one["metadata"]["name"]): one["metadata"]["annotations"] for one in manifests
             if "helm.sh/hook" in one["metadata"].get("annotations", {})}  # fmt: skip
    pod = manifests.pods()["migration"]["spec"]
    job = hooks[("Job", "demo-meritline-migrate")]
    needed = [("ServiceAccount", pod["serviceAccountName"]), ("NetworkPolicy", "demo-meritline-migration")]
    needed += [("ConfigMap", one["configMap"]["name"]) for one in pod["volumes"] if "configMap" in one]
    assert len(needed) == 3
    for one in needed:
        assert hooks[one]["helm.sh/hook"] == job["helm.sh/hook"] == "pre-install,pre-upgrade"
        assert int(hooks[one]["helm.sh/hook-weight"]) < int(job["helm.sh/hook-weight"])
        assert "hook-succeeded" in hooks[one]["helm.sh/hook-delete-policy"]  # else an uninstall leaves it
    assert "hook-succeeded" not in job["helm.sh/hook-delete-policy"]  # its log is read afterwards
    assert {kind for kind, _ in hooks} == {"Job", "ServiceAccount", "NetworkPolicy", "ConfigMap"}
    others = {(one["kind"], one["metadata"]["name"]) for one in manifests} - hooks.keys()
    assert ("ConfigMap", "demo-meritline-plugins") in others


def test_gitops_has_no_hooks_of_helm_and_a_job_for_each_version(render: Any) -> None:
    assert "helm.sh/hook" not in json.dumps(render("gitops"))
    names = {render("gitops", changes).workloads()["migration"]["metadata"]["name"] for changes in (
        {}, {"image": {"tag": "0.2.0"}}, {"secretsRevision": "2026-12"}, {"plugins": {"files": {"lift.py": "x = 1"}}},
        {"api": {"replicas": 7}},
    )}  # fmt: skip
    assert len(names) == 4  # a Job cannot be changed; what is not the migration's makes no new one
    job = render("gitops").workloads()["migration"]
    assert job["metadata"]["annotations"] == {
        "argocd.argoproj.io/hook": "Sync", "argocd.argoproj.io/sync-wave": "-1"}  # fmt: skip
    assert "ttlSecondsAfterFinished" not in job["spec"]  # else it is made again for ever
    assert not render("gitops").of_kind("ServiceAccount")
    none = render("gitops", {"migration": {"mode": "none"}})
    assert not [one["metadata"]["name"] for one in none if "migrat" in one["metadata"]["name"]]

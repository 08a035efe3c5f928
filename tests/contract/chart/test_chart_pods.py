"""What a pod may do, what it is told, which secrets it holds, how it is asked and how it ends."""

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from meritline.settings import Settings

CLOSING_S = 12  # what the server itself takes after the last answer, at most


def containers(pod: dict[str, Any]) -> list[dict[str, Any]]:
    return [*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"]]


def server(pod: dict[str, Any]) -> dict[str, Any]:
    """The one container of the server itself."""
    (only,) = pod["spec"]["containers"]
    return dict(only)


def environment(pod: dict[str, Any]) -> dict[str, Any]:
    """Name to value or source; no name twice."""
    listed = server(pod)["env"]
    assert len({one["name"] for one in listed}) == len(listed)
    return {one["name"]: one.get("value", one.get("valueFrom")) for one in listed}


def every_value(node: Any) -> Iterator[Any]:
    """Each scalar of a manifest."""
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from every_value(each)
    if not isinstance(node, dict | list):
        yield node


def test_pods_are_locked(manifests: Any) -> None:
    for pod in manifests.pods().values():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["enableServiceLinks"] is False  # else a Service `meritline` would set MERITLINE_PORT
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["securityContext"].get("runAsUser", 10001) == 10001
        assert not spec.keys() & {"hostNetwork", "hostPID", "hostIPC"}
        for one in containers(pod):
            assert one["securityContext"] == {
                "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "runAsNonRoot": True,
                "capabilities": {"drop": ["ALL"]},
            }  # fmt: skip
        assert not any("hostPath" in volume for volume in spec["volumes"])
    assert all(one["automountServiceAccountToken"] is False for one in manifests.of_kind("ServiceAccount"))
    assert not {one["kind"] for one in manifests} & {"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"}


def test_what_is_written_is_writable_and_limited(manifests: Any) -> None:
    for pod in manifests.pods().values():
        told, volumes = environment(pod), {one["name"]: one for one in pod["spec"]["volumes"]}
        assert volumes["tmp"]["emptyDir"]["sizeLimit"]
        for name in ("HOME", "TMPDIR", "MERITLINE_CACHE_DIR"):
            assert told[name] == "/tmp" or told[name].startswith("/tmp/")
        for one in containers(pod):
            for mount in one.get("volumeMounts", ()):
                assert mount["name"] in volumes
        mounts = {one["mountPath"]: one for one in server(pod)["volumeMounts"]}
        assert "readOnly" not in mounts["/tmp"]
        assert all(one.get("readOnly") for path, one in mounts.items() if path not in ("/tmp", "/shared"))
        resources = server(pod)["resources"]
        assert {"cpu", "memory"} <= resources["requests"].keys()
        assert "memory" in resources["limits"]


def test_the_two_roles_are_never_in_one_pod(manifests: Any) -> None:
    server_only = {"MERITLINE_DATABASE_URL", "MERITLINE_REDIS_URL"}
    addresses = {"MERITLINE_MIGRATION_DATABASE_URL", *server_only}
    holders = {name: environment(pod) for name, pod in manifests.pods().items()}
    assert {name: set(told) & addresses for name, told in holders.items()} == {
        "api": server_only, "worker": server_only, "migration": {"MERITLINE_MIGRATION_DATABASE_URL"}}  # fmt: skip
    owner = holders["migration"]["MERITLINE_MIGRATION_DATABASE_URL"]["secretKeyRef"]
    assert owner != holders["api"]["MERITLINE_DATABASE_URL"]["secretKeyRef"]
    assert holders["migration"]["MERITLINE_APPLICATION_ROLE"]
    for name in ("api", "worker"):
        assert owner["name"] not in set(every_value(manifests.pods()[name]))
    accounts = {name: pod["spec"]["serviceAccountName"] for name, pod in manifests.pods().items()}
    assert accounts["api"] == accounts["worker"] != accounts["migration"]


def test_secrets_are_named_and_never_rendered(manifests: Any) -> None:
    assert not manifests.of_kind("Secret")
    for value in every_value(manifests):
        assert "://" not in str(value), value
    for pod in manifests.pods().values():
        for name, source in environment(pod).items():
            known = next((one for one in fields(Settings) if one.metadata["name"] == name), None)
            if known is not None and known.metadata["secret"]:
                assert set(source) == {"secretKeyRef"}
                assert "optional" not in source["secretKeyRef"]


def test_every_setting_is_one_that_the_server_reads(manifests: Any) -> None:
    """With a value that it takes, in each of the pods."""
    known = {one.metadata["name"] for one in fields(Settings)}
    for pod in manifests.pods().values():
        told = {name: value for name, value in environment(pod).items() if isinstance(value, str)}
        assert {name for name in told if name.startswith("MERITLINE_")} <= known
        Settings.from_environ(told)


def test_probes_ask_ports_that_are_there(manifests: Any) -> None:
    told = {"api": ("startupProbe", "livenessProbe", "readinessProbe"), "worker": ("startupProbe", "livenessProbe")}
    for component, probes in told.items():
        pod = manifests.pods()[component]
        one = server(pod)
        ports = {port["name"]: port["containerPort"] for port in one["ports"]}
        assert {name for name in one if name.endswith("Probe")} == set(probes)
        for name in probes:
            assert one[name]["httpGet"]["port"] in ports
            assert one[name]["httpGet"]["path"] == ("/readyz" if name == "readinessProbe" else "/healthz")
            assert one[name]["timeoutSeconds"] >= 2
        assert one["startupProbe"]["failureThreshold"] * one["startupProbe"]["periodSeconds"] >= 60
    api, worker = server(manifests.pods()["api"]), server(manifests.pods()["worker"])
    assert api["args"][api["args"].index("--port") + 1] == str(api["ports"][0]["containerPort"])
    assert environment(manifests.pods()["worker"])["MERITLINE_METRICS_PORT"] == str(worker["ports"][0]["containerPort"])
    assert environment(manifests.pods()["worker"])["MERITLINE_HOST"] == api["args"][api["args"].index("--host") + 1]
    (service,) = manifests.of_kind("Service")
    assert service["spec"]["ports"][0]["targetPort"] in {port["name"] for port in api["ports"]}


def test_a_request_ends_before_its_pod(render: Any) -> None:
    for values in ({}, {"api": {"requestTimeoutSeconds": 300}}, {"api": {"drainSeconds": 30}}):
        for name in ("minimal", "production", "gitops"):
            if name == "gitops" and values.get("api", {}).get("requestTimeoutSeconds"):
                continue  # it sets its own time, and is refused with this
            pod = render(name, values).pods()["api"]
            settings = Settings.from_environ(
                {key: value for key, value in environment(pod).items() if isinstance(value, str)})
            needed = settings.request_timeout_s + settings.drain_s + CLOSING_S
            assert pod["spec"]["terminationGracePeriodSeconds"] > needed
    assert render().pods()["worker"]["spec"]["terminationGracePeriodSeconds"] >= 30


def test_pods_are_replaced_when_their_plugins_or_secrets_change(render: Any) -> None:
    def annotations(changes: dict[str, Any]) -> list[str]:
        return [json.dumps(pod["metadata"].get("annotations")) for pod in render("gitops", changes).pods().values()]

    before = annotations({})
    assert annotations({"api": {"replicas": 9}}) == before
    for changes in ({"plugins": {"files": {"lift.py": "x = 1"}}}, {"secretsRevision": "2026-12"}):
        assert all(old != new for old, new in zip(before, annotations(changes), strict=True))


def test_all_pods_have_the_plugins(render: Any) -> None:
    """The migration too: it makes their tables."""
    for pod in render("production").pods().values():
        (brought,) = pod["spec"]["initContainers"]
        assert brought["image"] == "registry.example/platform/meritline-elevator:1.4.0"
        folder = environment(pod)["PYTHONPATH"]
        assert brought["command"] == ["cp", "-R", "/plugins/.", f"{folder}/"]
        assert folder in {one["mountPath"] for one in brought["volumeMounts"]}
    for component, pod in render("gitops").pods().items():
        folder = environment(pod)["MERITLINE_PLUGINS_DIR"]
        (mount,) = [one for one in server(pod)["volumeMounts"] if one["mountPath"] == folder]
        (volume,) = [one for one in pod["spec"]["volumes"] if one["name"] == mount["name"]]
        (brought,) = render("gitops").of_kind("ConfigMap")
        assert volume["configMap"]["name"] == brought["metadata"]["name"], component
        assert "elevator.py" in brought["data"]


def test_images_and_the_certificate_authority(render: Any) -> None:
    production = render("production")
    for pod in production.pods().values():
        assert server(pod)["image"].startswith("registry.example:5000/platform/meritline@sha256:")
        assert pod["spec"]["imagePullSecrets"] == [{"name": "registry-login"}]
        path = environment(pod)["PGSSLROOTCERT"]
        (mount,) = [one for one in server(pod)["volumeMounts"] if path.startswith(one["mountPath"] + "/")]
        (volume,) = [one for one in pod["spec"]["volumes"] if one["name"] == mount["name"]]
        assert volume["secret"]["items"] == [{"key": "ca.crt", "path": path.rpartition("/")[2]}]
    assert {server(pod)["image"] for pod in render().pods().values()} == {"registry.example/meritline:0.1.0"}

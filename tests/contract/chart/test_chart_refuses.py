"""Wrong values are refused before anything is sent to a cluster, each with the reason and the place."""

from collections.abc import Callable
from typing import Any

import pytest

OWNER = {"existingSecret": "meritline-owner"}

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a misspelt name": ({"api": {"replica": 3}}, "at '/api': additional properties 'replica' not allowed"),
    "a misspelt section": ({"networkPolicies": {}}, "additional properties 'networkPolicies' not allowed"),
    "a text where a number belongs": ({"api": {"replicas": "two"}}, "at '/api/replicas': got string, want integer"),
    "an address in place of a Secret's name": (
        {"database": {"existingSecret": "postgresql://meritline_app:hidden@db/meritline"}},
        "at '/database/existingSecret': 'postgresql://",
    ),
    "a password of its own": (
        {"redis": {"password": "hidden"}}, "at '/redis': additional properties 'password' not allowed"),
    "root": ({"security": {"runAsUser": 0}}, "at '/security/runAsUser': minimum: got 0, want 1"),
    "a tag inside the repository": ({"image": {"repository": "meritline:1.0"}}, "at '/image/repository': "),
    "a tag that YAML reads as a number": ({"image": {"tag": 1.1}}, "at '/image/tag': got number, want string"),
    "a digest cut short": ({"image": {"digest": "sha256:0f3c"}}, "at '/image/digest': "),
    "an unknown way to migrate": ({"migration": {"mode": "argo"}}, "at '/migration/mode': value must be one of 'hook'"),
    "a setting that there is not": (
        {"settings": {"MERITLINE_LOG_FORMATT": "json"}},
        "at '/settings': additional properties 'MERITLINE_LOG_FORMATT' not allowed",
    ),
    "a secret among the settings": (
        {"settings": {"MERITLINE_DATABASE_URL": "postgresql://x"}},
        "at '/settings': additional properties 'MERITLINE_DATABASE_URL' not allowed",
    ),
    "a setting that is no text": (
        {"settings": {"MERITLINE_MAX_BODY_BYTES": 33554432}},
        "at '/settings/MERITLINE_MAX_BODY_BYTES': got number, want string",
    ),
    "a size without sense": ({"tmp": {"sizeLimit": "1 GB"}}, "at '/tmp/sizeLimit': "),
    "a resource that there is not": (
        {"worker": {"resources": {"limits": {"mem": "1Gi"}}}},
        "at '/worker/resources/limits': additional properties 'mem' not allowed",
    ),
    "a label that a selector has": (
        {"commonLabels": {"app.kubernetes.io/name": "x"}}, "at '/commonLabels/app.kubernetes.io~1name': "),
    "a plugin file that is no Python": (
        {"plugins": {"files": {"elevator.txt": "x"}}},
        "at '/plugins/files': additional properties 'elevator.txt' not allowed",
    ),
    "a port that there is not": ({"networkPolicy": {"postgres": {"port": 70000}}}, "maximum: got 70,000, want 65,535"),
    "a host with a scheme": ({"ingress": {"hosts": ["https://a.example"]}}, "at '/ingress/hosts/0': "),
    "a section put away": ({"image": None}, "missing property 'image'"),
    "one role for both": (
        {"migration": {"database": {"existingSecret": "meritline-database"}}},
        "two roles with two addresses",
    ),
    "no owner": ({"migration": {"database": {"existingSecret": ""}}}, "or set migration.mode to none"),
    "less time to stop than a request may take": (
        {"api": {"requestTimeoutSeconds": 300, "terminationGracePeriodSeconds": 60}},
        "api.terminationGracePeriodSeconds: 60 is too short",
    ),
    "more pods at least than at most": (
        {"api": {"autoscaling": {"enabled": True, "minReplicas": 9}}}, "minReplicas 9 is above maxReplicas 6"),
    "scaling by nothing": (
        {"worker": {"autoscaling": {"enabled": True, "targetCPUUtilizationPercentage": None}}},
        "worker.autoscaling: give targetCPUUtilizationPercentage or",
    ),
    "a budget with two meanings": (
        {"api": {"podDisruptionBudget": {"minAvailable": 1}}}, "give one of minAvailable and maxUnavailable"),
    "a budget that stops every drain": (
        {"worker": {"podDisruptionBudget": {"minAvailable": 1, "maxUnavailable": None}}},
        "minAvailable 1 of 1 pods lets no node ever be drained",
    ),
    "an ingress to nothing": ({"ingress": {"enabled": True}}, "ingress.hosts: give the names"),
    "a certificate for another name": (
        {"ingress": {"enabled": True, "hosts": ["a.example"], "tls": [{"secretName": "x", "hosts": ["b.example"]}]}},
        "ingress.tls: b.example is not among ingress.hosts",
    ),
    "an address by the back door": (
        {"extraEnv": [{"name": "MERITLINE_DATABASE_URL", "value": "postgresql://x"}]},
        "extraEnv: MERITLINE_DATABASE_URL is set by the chart",
    ),
    "a setting said twice": (
        {"extraEnv": [{"name": "MERITLINE_LOG_FORMAT", "value": "text"}]},
        "extraEnv: MERITLINE_LOG_FORMAT stands in settings already",
    ),
    "a plugin image of no version": (
        {"plugins": {"image": {"repository": "registry.example/elevator"}}}, "plugins.image: give its tag or digest"),
    "one service account for owner and server": (
        {"migration": {"serviceAccount": {"name": "one"}}, "serviceAccount": {"name": "one"}},
        "the migration's service account is not the server's",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_values_are_refused(refusal: Callable[..., str], name: str) -> None:
    changes, reason = WRONG[name]
    assert reason in refusal("minimal", changes)


def test_everything_that_is_missing_is_named_at_once(refusal: Callable[..., str]) -> None:
    said = refusal(None, {})
    for value in ("image.repository", "database.existingSecret", "redis.existingSecret",
                  "migration.database.existingSecret"):  # fmt: skip
        assert f"- {value}: name the" in said


def test_values_that_are_right_are_taken(render: Callable[..., Any]) -> None:
    """The neighbours of what is refused."""
    render("minimal", {"migration": {"mode": "none", "database": {"existingSecret": ""}}})
    render("minimal", {"migration": {"database": {"existingSecret": "meritline-database", "urlKey": "owner"}}})
    render("minimal", {"api": {"requestTimeoutSeconds": 300, "terminationGracePeriodSeconds": 318}})
    render("minimal", {"global": {"of": "a parent chart"}, "api": {"replicas": 0}})
    render("minimal", {"worker": {"replicas": 2, "podDisruptionBudget": {"minAvailable": 1, "maxUnavailable": None}}})

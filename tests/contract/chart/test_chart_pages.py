"""What is written about the chart is true: the table of values, the page's manifests and commands, what Helm prints."""

import importlib.util
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from meritline.cli import main
from meritline.settings import Settings

ROOT = Path(__file__).parents[3]
CHART = ROOT / "helm" / "meritline"
PAGE = ROOT / "platform" / "docs" / "operations" / "kubernetes.md"
"""Every fenced block of the page, by its language."""
BLOCKS = re.findall(r"^ *```(\w+)\n(.*?)^ *```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
SCHEMA = json.loads((CHART / "values.schema.json").read_text("utf-8"))
OF_THE_CHART = {
    "MERITLINE_DATABASE_URL", "MERITLINE_MIGRATION_DATABASE_URL", "MERITLINE_REDIS_URL", "MERITLINE_APPLICATION_ROLE",
    "MERITLINE_HOST", "MERITLINE_PORT", "MERITLINE_METRICS_PORT", "MERITLINE_REQUEST_TIMEOUT_S", "MERITLINE_DRAIN_S",
    "MERITLINE_CACHE_DIR", "MERITLINE_PLUGINS_DIR", "MERITLINE_RUN_PROCESSES",
}  # fmt: skip
"""The settings that the chart makes of values of its own."""


def test_the_readme_has_every_value() -> None:
    found = importlib.util.spec_from_file_location("values_table", CHART.parent / "values_table.py")
    assert found is not None
    assert found.loader is not None
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    readme = (CHART / "README.md").read_text("utf-8")
    assert readme == made.page(readme), "run make docs: the table of values is not up to date"
    assert readme.count("\n| `") > 100


def test_schema_and_defaults_have_the_same_values() -> None:
    defaults = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))

    def compare(node: dict[str, Any], values: dict[str, Any], path: str) -> None:
        assert node["additionalProperties"] is False, path
        assert node["properties"].keys() - {"global"} == values.keys(), path
        for name, each in node["properties"].items():
            if name != "global" and "description" not in each:
                compare(each, values[name], f"{path}.{name}")

    compare(SCHEMA, defaults, "values")


def test_the_schema_has_every_setting() -> None:
    """A new setting of the server is a new name under ``settings``, unless the chart sets it itself."""
    names = {one.metadata["name"] for one in fields(Settings)}
    assert set(SCHEMA["properties"]["settings"]["properties"]) == names - OF_THE_CHART
    assert names >= OF_THE_CHART
    assert {one.metadata["name"] for one in fields(Settings) if one.metadata["secret"]} <= OF_THE_CHART
    refused = (CHART / "templates" / "_checks.tpl").read_text("utf-8")
    assert {name for name in OF_THE_CHART if f'"{name}"' in refused} == OF_THE_CHART


def test_the_version_is_the_servers() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text("utf-8"))
    server = (ROOT / "platform" / "server" / "pyproject.toml").read_text("utf-8")
    assert f'version = "{chart["appVersion"]}"' in server


def test_the_manifests_of_the_page_are_valid(read: Any, checked: Any) -> None:
    shells = "\n".join(text for language, text in BLOCKS if language == "sh")
    heredocs = re.findall(r"<<END\n(.*?)^END$", shells, re.MULTILINE | re.DOTALL)
    texts = [text for language, text in BLOCKS if language == "yaml" and "kind:" in text] + heredocs
    kinds = []
    for one in (manifest for text in texts for manifest in read(text)):
        checked(one, "1.34")
        kinds.append(one["kind"])
    assert sorted(kinds) == ["Application", "Cluster", "Deployment", "Secret", "Service"]


def test_the_values_of_the_page_are_taken(read: Any, render: Any) -> None:
    sets = [read(text)[0] for language, text in BLOCKS if language == "yaml" and "kind:" not in text]
    application = next(read(text)[0] for language, text in BLOCKS if "kind: Application" in text)
    assert len(sets) == 2
    for values in (*sets, application["spec"]["source"]["helm"]["valuesObject"]):
        render("minimal", values)
    form = r"`((?:settings|security): \{[^`.]*\}|\w+(?:\.\w+)+: (?:\[[^`]*\]|\w+))`"
    inlines = re.findall(form, PAGE.read_text("utf-8"))
    assert len(inlines) >= 5
    for inline in inlines:
        path, _, value = inline.partition(": ")
        changes: Any = yaml.safe_load(value)
        for name in reversed(path.split(".")):
            changes = {name: changes}
        render("minimal", changes)


def test_the_page_names_secrets_that_it_made(read: Any) -> None:
    shells = "\n".join(text for language, text in BLOCKS if language == "sh")
    made = {f"meritline-{role}" for role in ("owner", "app")} | {"meritline-postgres-ca"}
    made |= set(re.findall(r"create secret generic (\S+)", shells))
    values = read(next(text for _, text in BLOCKS if text.startswith("# values.yaml")))[0]
    assert {values["database"]["existingSecret"], values["migration"]["database"]["existingSecret"],
            values["redis"]["existingSecret"], values["database"]["ca"]["existingSecret"]} == made  # fmt: skip


@pytest.mark.parametrize("source", ["the page", "the notes"])
def test_commands_are_those_of_the_program(helm: Any, source: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = PAGE.read_text("utf-8") if source == "the page" else printed(helm, "minimal")
    commands = set(re.findall(r"(?:-- |`)meritline ([a-z-]+(?: [a-z-]+)?)", said))
    assert commands >= {"doctor", "tenant check", "tenant apply", "key create"}
    for command in commands:
        with pytest.raises(SystemExit) as ended:
            main([*command.split(), "--help"])
        assert ended.value.code == 0, f"meritline {command}: {capsys.readouterr().err}"


def printed(helm: Any, name: str, *more: str) -> str:
    """What Helm prints after an install."""
    made = helm("install", "demo", CHART, "--namespace", "people", "--dry-run=client", "--values",
                CHART / "ci" / f"{name}-values.yaml", *more)  # fmt: skip
    assert made.returncode == 0, made.stderr
    return str(made.stdout).partition("NOTES:")[2]


def test_the_notes_help(helm: Any) -> None:
    production, gitops = printed(helm, "production"), printed(helm, "gitops")
    assert "https://meritline.example.com/graphql" in production
    assert "logs job/demo-meritline-migrate" in production
    assert "API keys travel in clear text" in gitops
    assert "http://scorecards.apps.example/graphql" in gitops
    assert "database on port 6432" in gitops
    alone = printed(helm, "minimal", "--set", "api.replicas=1,worker.replicas=0,migration.mode=none")
    for warning in ("NO WORKER", "one pod of the API", "yours to migrate", "port-forward svc/demo-meritline 8000:80"):
        assert warning in alone
    assert "NO WORKER" not in printed(helm, "minimal")

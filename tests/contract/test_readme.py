"""What the README says: its plugin is a plugin, its commands exist, its picture is there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def between(name: str) -> str:
    """The text between the markers of this name."""
    found = re.search(rf"<!-- {name}: begin -->\n(.*?)<!-- {name}: end -->", README, re.DOTALL)
    assert found, f"README.md has no block {name!r}"
    return found[1]


def test_the_plugin_of_the_readme_checks_and_measures(tmp_path: Path) -> None:
    """As a stranger would: the block in a file, ``meritline-sdk check``, and a month worked by hand."""
    code = re.search(r"```python\n(.*?)```", between("plugin"), re.DOTALL)
    assert code
    assert len(code[1].splitlines()) <= 25, "the README promises twenty lines"
    (tmp_path / "meritline_elevator.py").write_text(code[1], "utf-8")
    (tmp_path / "first_visit_rate.toml").write_text(
        """
        indicator = "first_visit_rate"
        subject = "M1"
        period = "2026-05"
        records = [
          { mechanic = "M1", closed_at = 2026-05-03T09:00:00+08:00, visits = 1 },
          { mechanic = "M1", closed_at = 2026-05-04T09:00:00+08:00, visits = 2 },
          { mechanic = "M1", closed_at = 2026-05-05T09:00:00+08:00, visits = 0 },
        ]
        expect = { value = "50", numerator = "1", denominator = "2", sample = 2 }
        """,
        "utf-8",
    )
    checked = subprocess.run(
        [sys.executable, "-m", "meritline_sdk.cli", "check", "meritline_elevator", "--golden", str(tmp_path)],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path), "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "divided by" in checked.stdout


def commands() -> list[str]:
    """Every ``meritline`` command that the README shows."""
    lines = [line.split("#")[0].strip() for line in README.splitlines() if line.startswith("uv run meritline ")]
    assert len(lines) >= 5
    return [line.removeprefix("uv run ") for line in lines]


@pytest.mark.parametrize("command", commands())
def test_every_command_of_the_readme_exists(command: str) -> None:
    """Its name and each option are known to the command line."""
    words = command.split()
    names = [word for word in words[1:] if not word.startswith("-")]
    shown = ""
    for depth in (1, 2):
        called = subprocess.run([sys.executable, "-m", "meritline.cli", *names[:depth], "--help"],
                                capture_output=True, text=True, check=False)  # fmt: skip
        shown += called.stdout
    assert "usage: meritline " + names[0] in shown
    for option in (word for word in words if word.startswith("--")):
        assert option in shown, f"{command}: no option {option}"


def test_every_verb_of_the_readme_is_a_target() -> None:
    """``make demo`` and its like."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE)) <= targets


def test_every_link_of_the_readme_leads_somewhere() -> None:
    """Pictures, documents and folders."""
    named = re.findall(r"\]\(([^)#:]+)\)", README) + re.findall(r"^\| `([^`]+)` \|", README, re.MULTILINE)
    missing = [path for path in named if not (ROOT / path).exists()]
    assert not missing
    assert re.search(r"!\[[^]]+\]\(platform/docs/demo\.svg\)", between("demo"))

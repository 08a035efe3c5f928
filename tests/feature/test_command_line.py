"""The command line where nobody prepared anything, and where something breaks that nobody foresaw."""

import argparse
import ast
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from meritline import cli
from meritline.cli import available, ended, main

ROOT = Path(__file__).parents[2]


def constants(path: Path) -> dict[str, Any]:
    """The texts that a file assigns at its top."""
    return {each.targets[0].id: each.value.value for each in ast.parse(path.read_text("utf-8")).body
            if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
            and isinstance(each.value, ast.Constant)}


def test_help_loads_nothing_heavy() -> None:
    code = ("import sys; from meritline.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
            "print(*{name.partition('.')[0] for name in sys.modules}, *sys.modules, file=sys.stderr)")
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr.split()
    heavy = {"asyncio", "ast", "inspect", "logging", "meritline_sdk", "strawberry", "starlette", "asyncpg", "tortoise",
             "meritline.errors", "meritline.bootstrap", "meritline.plugins"}
    assert heavy & {*told} == set()


def breaking(_: argparse.Namespace, __: Any) -> int:
    raise ZeroDivisionError("nobody foresaw this")


def test_the_first_command_on_an_empty_data_folder_makes_its_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("MERITLINE_DATABASE_URL", "MERITLINE_MIGRATION_DATABASE_URL", "MERITLINE_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MERITLINE_DATA_DIR", str(tmp_path / "数据 of ours"))
    assert main(["tenant", "apply", str(ROOT / "tenants" / "haisheng-appliance")]) == 0
    assert main(["key", "create", "--tenant", "haisheng-appliance", "--role", "admin"]) == 0
    out, err = capsys.readouterr()
    assert "was opened" in out
    assert out.splitlines()[-1].startswith("mlk_")
    assert err.startswith("migrated: 0001_scope")
    assert err.count("\n") == 1
    leaked, tenant = out.splitlines()[-1], ["--tenant", "haisheng-appliance"]
    assert main(["key", "revoke", *tenant, leaked]) == 0
    assert main(["key", "revoke", *tenant, "not-a-key"]) == 1
    assert main(["key", "create", *tenant, "--role", "hr"]) == 0
    capsys.readouterr()
    assert main(["key", "list", *tenant]) == 0
    listed = capsys.readouterr().out
    assert {tuple(line.split()[1:3]) for line in listed.splitlines()} == {("admin", "revoked"), ("hr", "valid")}
    assert leaked.split("_", 3)[3] not in listed, "a secret may itself hold an underscore"


def test_a_surprise_is_one_line_with_a_reference_and_its_trace_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    command: Any = SimpleNamespace(NEEDS_PLATFORM=False, run=breaking)
    assert ended(command, argparse.Namespace(lang="en", traceback=False)) == 1
    said = capsys.readouterr().err
    assert "E-COMMAND-FAILED" in said
    assert said.count("\n") == 1
    trace = Path(said.split("the file ")[1].split(",")[0])
    assert "nobody foresaw this" in trace.read_text("utf-8")
    trace.unlink()
    with pytest.raises(ZeroDivisionError):
        ended(command, argparse.Namespace(lang="en", traceback=True))


def test_the_language_may_stand_anywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--lang", "zh", "tenant", "check"], ["tenant", "--lang", "zh", "check"],
                  ["tenant", "check", "--lang=zh"]):  # fmt: skip
        assert main([*words, str(tmp_path)]) == 1
        assert "清单" in capsys.readouterr().err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    commands = {name for _, name, _ in available()}
    folder = Path(cli.__file__).parent
    said = {(path.stem, said["NAME"], said["HELP"]) for path in folder.glob("[a-z]*.py")
            if "NAME" in (said := constants(path))}
    assert {*available()} == said, "help reads the files without a parser of Python, and reads the same"
    assert {"appraise", "cycle", "export", "simulate", "suggest-targets"} <= commands
    for words in (["--help"], *([name, "--help"] for name in sorted(commands))):
        with pytest.raises(SystemExit) as ended_with:
            main(words)
        assert ended_with.value.code == 0
        told = capsys.readouterr().out
        assert words[0] in told or commands <= set(told.split())

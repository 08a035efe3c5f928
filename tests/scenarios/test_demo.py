"""``meritline demo --once``, as a new user runs it: everything is shown, and a second time it is the same."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def demo(folder: Path) -> str:
    """What it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "meritline.cli", "demo", "--once", "--data-dir", str(folder)],
        cwd=ROOT, env={**os.environ, "COLUMNS": "120"}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def test_the_demo_shows_every_company_and_the_second_time_the_same(tmp_path: Path) -> None:
    """Leaderboard, rewards and a line down to its record ids for each; running again changes no figure."""
    shown = demo(tmp_path / "数据 folder")
    assert shown.count("Leaderboard, scheme") == 5
    assert len(re.findall(r"Together.*?[1-9]\d*\.\d\d", shown)) == 3
    behind = re.findall(r"Behind it: ([1-9]\d*) records, the first", shown)
    assert len(behind) == 3
    figures = shown[shown.index("Leaderboard") :]
    again = demo(tmp_path / "数据 folder")
    assert again[again.index("Leaderboard") :] == figures

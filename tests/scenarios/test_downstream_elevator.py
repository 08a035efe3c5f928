"""A plugin as a stranger wrote it from the pages alone, in a repository of its own (``tests/downstream``).

Its suite and its types hold against the wheel of the SDK alone, a server takes its wheel, and every score, word and
yuan of a month is what a person finds by hand, of ``callouts.csv``, ``routine.csv``, ``orders.csv`` and three ratings:

W1 closed K1, K2, K4, K5. At the first visit 3 of 4: 75 %, 10 below 85: 100 - 2 x 10 = 80. K1 (E1, closed on the 4th at
9:00) was followed by K3 (E1, reported on the 8th at 14:00, which W2 closed): 1 of 4, 25 %, 20 above 5, 100 - 3 x 20 =
40. Routine: R3 was 4 days late, more than the grace of 2: 3 of 4, 25 below 100: 75. Repairs took 45, 50, 72 and 30
minutes: the middle of 30, 45, 50, 72 is 47.5, not above 60: 100. Safety circuit: O1 to O3 yes, O4 no, O5 says nothing:
75 %, in proportion 75. Rated 90 by M1 and 75 by the inspector: 0.6 x 90 + 0.4 x 75 = 84.
80 x 30 % + 40 x 30 % + 75 x 15 % + 100 x 10 % + 75 x 5 % + 84 x 10 % = 24 + 12 + 11.25 + 10 + 3.75 + 8.4 = 69.4: C.

W2 closed K3, K6, K7, K8, each at the first visit, none called out again: 100 and 100. Routine: R7 was never done, 2 of
3: 66.67. Repairs took 80, 30, 120 and 50: (50 + 80) / 2 = 65, above 60 and not above 120: 80. No work orders: left out.
Rated 95 by M1 alone. (30 + 30 + 10 + 8 + 9.5) / 0.95 = 92.105...: A.

D1: trapped persons waited 15, 28, 10 and 20 minutes; 0.9 x 4 = 3.6, so the fourth: 28, above 20 and not above 30: 80.
Within 30 minutes arrived 6 of 10: 60 of 95 = 63.157... 80 x 60 % + 63.157... x 40 % = 73.263...: C.

Version 1.1 counts as repeated what comes within 3 days; K3 came after 4. W1 has 30 in the place of 12: 87.4, B.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pluggy
import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "tests/downstream/meritline-elevator"
SITE = Path(pluggy.__file__).parents[1]
USED = "meritline-after-sales-common,meritline-elevator"
COMPANY = ("--tenant", "upward-lifts")
CARD = """query($n: String!, $s: String!) { scorecardByKey(employeeNo: $n, scheme: $s, period: "2026-05") {
  score exactScore grade { key } lines { key rawPointsExact reading { exact state }
    en: explanation(language: EN) { text } zh: explanation(language: ZH) { text } }
  rewards { ruleKey amount { amount } explanation(language: ZH) { text } } } }"""


def built(project: Path, out: Path) -> Path:
    """The project's wheel."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out], cwd=project, check=True,
                   capture_output=True)  # fmt: skip
    return next(out.glob("*.whl"))


def installed(uv: str, where: tuple[str, Path], *wheels: Path) -> None:
    """Install the wheels and nothing that they ask for, without the network."""
    subprocess.run([uv, "pip", "install", "--quiet", "--offline", "--no-cache", "--no-deps", *where, *wheels],
                   check=True)  # fmt: skip


@pytest.fixture(scope="module")
def author(distributions: Path, uv: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheels of the SDK, of the set that the plugin uses, and of the plugin."""
    folder = tmp_path_factory.mktemp("author") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin/python"
    needed = [next(distributions.glob(f"{name}-*.whl")) for name in ("meritline_sdk", "meritline_after_sales_common")]
    installed(uv, ("--python", python), *needed, built(PLUGIN, tmp_path_factory.mktemp("wheel")))
    # pytest and the like are lent; what is installed there as editable, the server above all, is not.
    (next(folder.glob("lib/python*/site-packages")) / "lent.pth").write_text(f"{SITE}\n")
    return python


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin's repository, elsewhere."""
    return shutil.copytree(PLUGIN, tmp_path_factory.mktemp("its own") / "meritline-elevator")


def test_its_own_suite_passes_with_the_sdk_alone(author: Path, project: Path) -> None:
    assert subprocess.run([author, "-c", "import meritline"], capture_output=True, check=False).returncode == 1
    done = subprocess.run([author, "-m", "pytest", "-p", "no:cacheprovider", "-q"], cwd=project, capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_typed_and_nothing_is_missing_for_the_best_level(author: Path, project: Path) -> None:
    typed = subprocess.run([sys.executable, "-m", "mypy", "--python-executable", author], cwd=project,
                           capture_output=True, text=True, check=False)  # fmt: skip
    assert typed.returncode == 0, typed.stdout
    checked = subprocess.run([author, "-m", "meritline_sdk.cli", "check", "--quick", "--json"], cwd=project,
                             capture_output=True, text=True, check=False)  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    # Its own suite, above, tries the laws.
    assert [one["rule"] for one in json.loads(checked.stdout)["findings"]] == ["laws_skipped"]


@pytest.fixture(scope="module")
def month(lasting: Any, uv: str, project: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The cards of May: by 1.0; with 1.1 installed and the set upgraded; adopted."""
    target = [tmp_path_factory.mktemp("site") for _ in range(2)]
    installed(uv, ("--target", target[0]), built(project, tmp_path_factory.mktemp("first")))
    declared, version = project / "src/meritline_elevator/indicators.py", project / "pyproject.toml"
    for path, old, new in ((declared, '"again_within", days(7)', '"again_within", days(3)'),
                           (version, 'version = "1.0.0"', 'version = "1.1.0"')):  # fmt: skip
        assert old in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    installed(uv, ("--target", target[1]), built(project, tmp_path_factory.mktemp("second")))
    stages: dict[str, Any] = {}
    with lasting() as served:
        with served(PYTHONPATH=target[0], MERITLINE_PLUGINS=USED) as made:
            said(made, "tenant", "apply", PLUGIN / "sample-company")
            for source in ("callouts", "routine", "orders"):
                said(made, "import", *COMPANY, "--source", source, PLUGIN / f"{source}.csv")
            key = said(made, "key", "create", *COMPANY, "--role", "hr").strip()
            api = type(made.operator)(made.url, key)
            api.change("openCycle", "cycle { id }", period="2026-05")
            for subject, role, value in (("W1", "manager", 90), ("W1", "inspector", 75), ("W2", "manager", 95)):
                api.change("submitRating", period="2026-05", scheme="elevator_mechanics", subject=subject,
                           raterRole=role, indicator="elevator.site_safety", value=str(value))
            stages["1.0"] = cards(api)
        with served(PYTHONPATH=target[1], MERITLINE_PLUGINS=USED) as made:
            api = type(made.operator)(made.url, key)
            stages["difference"] = said(made, "tenant", "upgrade", *COMPANY, "--set", "elevator")
            stages["upgraded"] = cards(api)
            said(made, "tenant", "adopt", *COMPANY, "--set", "elevator", "--from", "2026-05-01")
            stages["adopted"] = cards(api)
    return stages


def said(made: Any, *words: str | Path) -> str:
    """What the command prints; it must do."""
    done = made.command(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


def cards(api: Any) -> dict[str, Any]:
    """Everybody's card after a complete run."""
    api.appraise("2026-05")
    schemes = {"W1": "elevator_mechanics", "W2": "elevator_mechanics", "D1": "elevator_dispatchers"}
    return {number: api.ask(CARD, n=number, s=scheme)["scorecardByKey"] for number, scheme in schemes.items()}


def points(card: Any) -> dict[str, tuple[str, str]]:
    return {line["key"]: (line["reading"]["exact"], line["rawPointsExact"]) for line in card["lines"]}


def money(card: Any) -> dict[str, str]:
    return {line["ruleKey"]: line["amount"]["amount"] for line in card["rewards"]}


def test_the_scores_are_those_found_by_hand(month: dict[str, Any]) -> None:
    first = month["1.0"]
    assert points(first["W1"]) == {
        "first_visit_rate": ("75", "80"), "repeat_rate": ("25", "40"), "routine_in_time_rate": ("75", "75"),
        "median_repair_time": ("95/2", "100"), "safety_checked_rate": ("75", "75"), "site_safety": ("84", "84")}
    assert points(first["W2"]) == {
        "first_visit_rate": ("100", "100"), "repeat_rate": ("0", "100"), "routine_in_time_rate": ("200/3", "200/3"),
        "median_repair_time": ("65", "80"), "safety_checked_rate": (None, None), "site_safety": ("95", "95")}
    assert points(first["D1"]) == {"trapped_arrival_p90": ("28", "80"), "arrived_in_time_rate": ("60", "1200/19")}
    assert {number: (card["score"], card["grade"]["key"]) for number, card in first.items()} == {
        "W1": ("69.4", "c"), "W2": ("92.11", "a"), "D1": ("73.26", "c")}


def test_every_line_says_in_both_languages_how(month: dict[str, Any]) -> None:
    told = {line["key"]: line for line in month["1.0"]["W1"]["lines"]}
    assert told["repeat_rate"]["en"]["text"] == (
        "Called out again: 1/4 = 25%, target 5%. 3 points off for each percentage point above target: "
        "100 − 3 × (25 − 5) = 40 points; 40 × 30% = 12.00; provisional until 2026-06-07.")
    assert told["repeat_rate"]["zh"]["text"] == (
        "重复召修率 1/4 = 25%，目标 5%。每超 1 个百分点，扣 3 分：100 − 3 × (25 − 5) = 40 分；"
        "40 × 30% = 12.00；2026-06-07 前为暂定值。")
    assert "by median_repair of meritline-elevator 1.0.0 from 4 records" in told["median_repair_time"]["en"]["text"]
    assert "由 meritline-elevator 1.0.0 的 median_repair 根据 4 条记录计算" in told["median_repair_time"]["zh"]["text"]
    (rescue,) = [line for line in month["1.0"]["D1"]["rewards"] if line["ruleKey"] == "quick_rescue"]
    assert rescue["explanation"]["text"].startswith("快速救援奖 28 分钟")


def test_the_money_is_that_found_by_hand(month: dict[str, Any]) -> None:
    """Four call-outs are two above two, at 15 yuan; 28 minutes are not above 30."""
    assert {number: money(card) for number, card in month["1.0"].items()} == {
        "W1": {"grade_bonus": "0.00", "per_callout": "30.00"}, "W2": {"grade_bonus": "800.00", "per_callout": "30.00"},
        "D1": {"grade_bonus": "0.00", "quick_rescue": "200.00"}}


def test_a_new_version_changes_nothing_before_it_is_adopted(month: dict[str, Any]) -> None:
    """Not even of its function, whose module has the text that it had."""
    assert month["upgraded"] == month["1.0"]
    assert "7 days" in month["difference"]
    assert "3 days" in month["difference"]
    assert "function" not in month["difference"]


def test_adopted_it_pays_by_what_was_changed(month: dict[str, Any]) -> None:
    adopted = month["adopted"]
    assert points(adopted["W1"])["repeat_rate"] == ("0", "100")
    assert (adopted["W1"]["score"], adopted["W1"]["grade"]["key"]) == ("87.4", "b")
    assert {number: adopted[number]["score"] for number in ("W2", "D1")} == {"W2": "92.11", "D1": "73.26"}
    assert {number: money(card) for number, card in adopted.items()} == {
        **{number: money(card) for number, card in month["1.0"].items()},
        "W1": {"grade_bonus": "400.00", "per_callout": "30.00"}}

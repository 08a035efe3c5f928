"""The promise of the SDK: what a plugin was written against stays. Griffe compares the listings of the public API."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from meritline_sdk import deprecation
from meritline_sdk.deprecation import DEPRECATIONS, Deprecation, MeritlineDeprecationWarning, deprecated

ROOT = Path(__file__).parents[2]
CALENDAR = ROOT / "platform" / "docs" / "plugins" / "compatibility.md"


@pytest.fixture(scope="module")
def api() -> Iterator[ModuleType]:
    """The program that writes the listing."""
    spec = importlib.util.spec_from_file_location("sdk_listing", ROOT / "platform" / "sdk" / "api" / "listing.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["sdk_listing"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules["sdk_listing"]


@pytest.fixture(scope="module")
def now(api: ModuleType) -> dict[str, str]:
    """The public API as it is."""
    found: dict[str, str] = api.listing()
    return found


def test_nothing_that_was_promised_is_broken(api: ModuleType, now: dict[str, str]) -> None:
    for version in (*api.earlier(), api.version()):
        broken = list(api.breaks(api.committed(version), now))
        assert not broken, "\n".join([f"against the listing of {version}:", *broken, api.REMEDY])


def test_the_listing_of_this_version_is_fresh(api: ModuleType, now: dict[str, str]) -> None:
    old = api.committed(api.version())
    assert old == now, f"{api.STALE}\n{api.stale(old, now)}"


@pytest.mark.parametrize(("file", "old", "new", "says"), [
    ("__init__.pyi", r"def days\(count: int\) -> Expr: \.\.\.\n", "", "days: Public object was removed"),
    ("__init__.pyi", r"def cutoff\(grace: Expr\)", "def cutoff(grace: Expr, days: int)",
     "cutoff: Parameter was added as required"),
    ("__init__.pyi", r"def elapsed\(start: Expr, end: Expr", "def elapsed(end: Expr, start: Expr",
     "elapsed: Positional parameter was moved"),
    ("__init__.pyi", r"minimum_sample: int = 1, note", "minimum_sample: int, note",
     "Indicator.__init__: Parameter is now required"),
    ("__init__.pyi", r"minimum_sample: int = 1, note", "minimum_sample: int = 5, note",
     "Indicator.__init__: Parameter default was changed"),
    ("__init__.pyi", r"    settles_after: .*\n", "", "Indicator.settles_after: Public object was removed"),
    ("__init__.pyi", r"MANUAL: str = 'manual'", "MANUAL: str = 'by_hand'", "MANUAL: Attribute value was changed"),
    ("__init__.pyi", r"class Award\(RewardRule\)", "class Award", "Award: Base class was removed"),
    ("rules.pyi", r"class Threshold\(Rule\):\n(    .*\n)+", "", "rules.Threshold: Public object was removed"),
    ("testing.pyi", r"golden: Path \| str \| None = None\)", "golden: Path | str)",
     "testing.laws_for: Parameter is now required"),
    ("hookspecs.pyi", r"profile: TenantProfile", "company: TenantProfile",
     "hookspecs.tenant_defaults: Parameter was removed"),
    ("pytest_plugin.pyi", r"def make_record\(\): \.\.\.\n", "", "pytest_plugin.make_record: Public object was removed"),
])
def test_what_would_break_a_plugin_is_named(api: ModuleType, now: dict[str, str], file: str, old: str, new: str,
                                            says: str) -> None:
    changed, count = re.subn(old, new, now[file], count=1)
    assert count == 1
    assert any(told.startswith(says) for told in api.breaks(now, now | {file: changed}))


def test_what_is_new_breaks_nothing_and_makes_the_listing_stale(api: ModuleType, now: dict[str, str]) -> None:
    more = now["__init__.pyi"].replace("def days(count: int)", "def days(count: int, *, exact: bool = True)")
    new = now | {"__init__.pyi": more + "\ndef weeks(count: int) -> Expr: ...\n"}
    assert list(api.breaks(now, new)) == []
    assert "+def weeks(count: int) -> Expr: ..." in api.stale(now, new)


def test_a_name_may_go_when_its_deprecation_is_due_and_not_before(api: ModuleType, now: dict[str, str],
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    without = now | {"__init__.pyi": re.sub(r"def days\(.*\n", "", now["__init__.pyi"])}
    for removed_in, allowed in ((api.version(), True), ("9.0", False)):
        monkeypatch.setattr(deprecation, "DEPRECATIONS", (Deprecation("days", "0.1", removed_in, "hours"),))
        assert (list(api.breaks(now, without)) == []) is allowed


def test_every_deprecation_is_on_time_and_in_the_calendar(api: ModuleType) -> None:
    page = CALENDAR.read_text("utf-8")
    for gone in DEPRECATIONS:
        since, removed = api.number(gone.since), api.number(gone.removed_in)
        assert removed > api.number(api.version()), f"{gone.name} was to go in {gone.removed_in}: remove it now"
        assert removed[0] > since[0] or removed[1] >= since[1] + 2, f"{gone.name}: two minor versions, at least"
        assert f"`{gone.name}`" in page, f"{gone.name} is not listed in {CALENDAR.name}"


def test_a_deprecated_name_works_and_warns_whoever_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import meritline_sdk

    gone = Deprecation("days", "0.3", "0.5", "hours(24)")
    monkeypatch.setattr(deprecation, "DEPRECATIONS", (gone,))
    monkeypatch.delitem(vars(meritline_sdk), "days", raising=False)
    says = r"days is deprecated since meritline-sdk 0\.3 and goes in 0\.5: use hours\(24\)"
    for _ in range(2):
        with pytest.warns(MeritlineDeprecationWarning, match=says) as heard:
            assert meritline_sdk.days(1) is not None
        assert heard[0].filename == __file__
    with pytest.warns(MeritlineDeprecationWarning, match=says) as heard:
        assert deprecated(gone)(lambda: 3)() == 3
    assert heard[0].filename == __file__

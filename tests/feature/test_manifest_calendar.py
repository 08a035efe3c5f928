"""Working hours and fiscal months of a manifest: checked by line, shown as a difference, exported, held by cycles."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from meritline.appraisal.cycles import open_cycle
from meritline.db import Database
from meritline.errors import Refused
from meritline.local import LocalUrls
from meritline.onboarding.apply import apply_folder, differences
from meritline.onboarding.export import export_folder
from meritline.onboarding.manifest import check
from meritline.plugins import catalogue_of
from meritline.tenancy.calendar import company_calendar
from meritline.tenancy.service import find_tenant, save_profile, tenant_profile
from meritline_sdk.evaluate.calendars import WorkCalendar
from meritline_sdk.evaluate.windows import FiscalCalendar

CATALOGUE = catalogue_of()
HOUR = 3600
PROFILE = """\
key = "{key}"
name = "Hours Ltd"
time_zone = "Europe/Berlin"
currency = "EUR"
languages = ["en"]
country = "DE"
indicator_sets = []
"""
CALENDAR = """
[calendar]
holidays = [2026-10-03, 2026-12-25]
[calendar.working_hours]
monday = ["13:30-18:00", "09:00-12:00"]
friday = ["22:00-24:00"]
[calendar.working_days]
2026-10-10 = ["09:00-12:00"]
"""
FISCAL = """
[fiscal]
month_start = 26
year_start = "april"
"""


@pytest.fixture(scope="module")
async def platform(migrated_database: LocalUrls) -> AsyncIterator[Any]:
    async with await Database.open(migrated_database.database_url) as database:
        yield SimpleNamespace(database=database, catalogue=CATALOGUE, clock=lambda: datetime(2026, 6, 1, tzinfo=UTC))


def written(folder: Path, key: str, more: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "tenant.toml").write_text(PROFILE.format(key=key) + more, "utf-8")
    return folder


async def stands(platform: Any, key: str) -> Any:
    tenant_id = await find_tenant(platform.database, key)
    async with platform.database.scoped_read(tenant_id) as conn:
        return await company_calendar(conn, tenant_id)


async def shown(platform: Any, folder: Path) -> list[tuple[str, str, str, bool]]:
    manifest = check(folder, CATALOGUE)
    assert not isinstance(manifest, list), [one.text() for one in manifest]
    found = await differences(platform.database, CATALOGUE, manifest)
    return [(one.kind, one.key, one.action, one.newer) for one in found]


def test_every_mistake_is_named_with_its_line_its_value_and_a_remedy(tmp_path: Path) -> None:
    found = check(written(tmp_path, "wrong", """
[calendar]
holidays = [2026-10-03, "2026-02-30",
  2026-10-10, 2026-10-03]
break = "12:00-13:00"
[calendar.working_hours]
monday = ["9:00-12:00", "09:00-25:00",
  "18:00-09:00"]
tuesdey = ["09:00-12:00"]
wednesday = "09:00-12:00"
friday = ["09:00-12:00", "11:00-13:00"]
[calendar.working_days]
2026-10-10 = ["09:00-12:00"]
2026-10-11 = []
soon = ["09:00-12:00"]
[fiscal]
month_start = 29
year_start = "avril"
"""), CATALOGUE)
    assert isinstance(found, list)
    assert sorted((one.line, one.code, str(one.value)) for one in found) == [
        (10, "E-DOC-DATE", "2026-02-30"), (11, "E-CALENDAR-DAY", "2026-10-10"), (11, "E-DOC-TWICE", "2026-10-03"),
        (12, "E-DOC-UNKNOWN", "break"), (14, "E-CALENDAR-HOURS", "09:00-25:00"),
        (14, "E-CALENDAR-HOURS", "9:00-12:00"), (15, "E-CALENDAR-HOURS", "18:00-09:00"),
        (16, "E-DOC-UNKNOWN", "tuesdey"), (17, "E-DOC-LIST", "09:00-12:00"),
        (18, "E-CALENDAR-OVERLAP", "09:00-12:00, 11:00-13:00"), (21, "E-CALENDAR-HOURS", ""),
        (22, "E-DOC-DATE", "soon"), (24, "E-FISCAL-MONTH", "29"), (25, "E-DOC-CHOICE", "avril"),
    ]
    for one in found:
        assert one.file == "tenant.toml"
        assert one.text("zh") != one.text("en")
        assert "?" not in one.text("en")
    (empty,) = check(written(tmp_path, "wrong", "[calendar]\nworking_hours = {}\n"), CATALOGUE)  # type: ignore[misc]
    assert (empty.code, empty.line) == ("E-CALENDAR-EMPTY", 9)


async def test_a_calendar_is_kept_shown_as_a_difference_and_exported_without_one(platform: Any, tmp_path: Path) -> None:
    folder = written(tmp_path / "hours", "hours", CALENDAR + FISCAL)
    await apply_folder(platform, folder, actor="test")
    assert await shown(platform, folder) == []
    week = (((9 * HOUR, 12 * HOUR), (48_600, 18 * HOUR)), (), (), (), ((22 * HOUR, 24 * HOUR),), (), ())
    calendar = await stands(platform, "hours")
    assert calendar.work == WorkCalendar(week, (
        (date(2026, 10, 3), ()), (date(2026, 10, 10), ((9 * HOUR, 12 * HOUR),)), (date(2026, 12, 25), ())))
    assert calendar.fiscal == FiscalCalendar(26, 4)
    # 26 April in Berlin is summer time.
    assert calendar.window("2026-05").start == datetime(2026, 4, 25, 22, tzinfo=UTC)

    # The files and what stands are the same, both ways.
    tenant_id = await find_tenant(platform.database, "hours")
    exported = tmp_path / "exported"
    await export_folder(platform.database, tenant_id, exported)
    assert await shown(platform, exported) == []
    text = (exported / "tenant.toml").read_text("utf-8")
    assert 'monday = ["09:00-12:00", "13:30-18:00"]' in text
    assert "holidays = [2026-10-03, 2026-12-25]" in text

    # What the manifest does not name stays; a change by somebody else is not overwritten unasked.
    written(folder, "hours", CALENDAR.replace("2026-12-25", "2026-12-24"))
    assert await shown(platform, folder) == [("calendar", "working hours", "change", False)]
    async with platform.database.unit_of_work(tenant_id) as uow:
        profile = await tenant_profile(uow.conn, tenant_id)
        await save_profile(uow, "key:1", replace(profile, fiscal=FiscalCalendar(21, 4), origin="api"))
    assert await shown(platform, written(folder, "hours", FISCAL)) == [("calendar", "fiscal months", "change", True)]
    with pytest.raises(Refused, match="E-MANIFEST-NEWER"):
        await apply_folder(platform, folder, actor="test")
    await apply_folder(platform, folder, actor="test", force=True)
    assert await stands(platform, "hours") == calendar


async def test_what_would_move_the_window_of_a_cycle_is_refused_and_named(platform: Any, tmp_path: Path) -> None:
    folder = written(tmp_path / "held", "held", "")
    await apply_folder(platform, folder, actor="test")
    tenant_id = await find_tenant(platform.database, "held")
    async with platform.database.unit_of_work(tenant_id) as uow:
        for period in ("2026-05", "2026-04"):
            await open_cycle(uow, "test", period)
    with pytest.raises(Refused) as refused:
        await apply_folder(platform, written(folder, "held", FISCAL), actor="test")
    (told,) = refused.value.problems
    assert (told.code, told.file, told.line, told.value) == ("E-CALENDAR-CYCLES", "tenant.toml", 9, "2026-04, 2026-05")
    assert "2026-04" in told.text("zh")
    elsewhere = PROFILE.format(key="held").replace("Berlin", "Lisbon")
    (folder / "tenant.toml").write_text(elsewhere, "utf-8")
    with pytest.raises(Refused, match="E-CALENDAR-CYCLES"):
        await apply_folder(platform, folder, actor="test")

    # Months stay where they are when only the year moves, and working hours move nothing.
    await apply_folder(platform, written(folder, "held", CALENDAR + '[fiscal]\nyear_start = "april"\n'), actor="test")
    calendar = await stands(platform, "held")
    assert (calendar.fiscal, calendar.work is not None) == (FiscalCalendar(1, 4), True)
    async with platform.database.unit_of_work(tenant_id) as uow:
        await open_cycle(uow, "test", "2026")
    with pytest.raises(Refused, match="2026"):
        await apply_folder(platform, written(folder, "held", '[fiscal]\nyear_start = "july"\n'), actor="test")

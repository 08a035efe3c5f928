"""A company as a manifest folder: what ``tenant apply`` would take without a difference. Decides what is worth writing.

Templates that nobody decided are left out unless asked for: they come with their indicator set.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from meritline.appraisal.documents import reward_document, scheme_document
from meritline.appraisal.indicators import TenantIndicator, declared, least_sample, spelt
from meritline.appraisal.schemes_overlap import TEMPLATE
from meritline.db import Database
from meritline.documents.writing import toml_text
from meritline.errors import NotFound
from meritline.onboarding.things import Standing, standing
from meritline.tenancy import store as company
from meritline.tenancy.calendar_document import calendar_tables
from meritline.tenancy.values import REFRESH_ASKED
from meritline_sdk.formulas import text as formula_text
from meritline_sdk.model.canonical import parse
from meritline_sdk.model.indicators import Indicator

PEOPLE = ("number", "name", "department", "position", "manager", "from", "to", "status", "performance_pay", "base_pay")
CODES = ("space", "code", "employee", "department", "from", "to")


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written, relative to the folder."""

    files: tuple[str, ...]


async def export_folder(database: Database, tenant_id: UUID, folder: Path, *, templates: bool = False) -> Exported:
    """Write the company's manifest into the folder; files of the same names are replaced."""
    async with database.global_work(readonly=True) as conn:
        key = await company.tenant_key(conn, tenant_id)
    async with database.scoped_read(tenant_id, snapshot=True) as read:
        now = await standing(read, tenant_id)
    if key is None or now.profile is None:
        raise NotFound(kind="tenant", value=tenant_id)
    return Exported(tuple(write_folder(folder, key, now, templates)))


def write_folder(folder: Path, key: str, now: Standing, templates: bool) -> list[str]:
    """Write every file; their names."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, str] = {"tenant.toml": toml_text(tenant_document(key, now))}
    files |= toml_files(now, templates)
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return [*files, *write_tables(folder, now)]


def tenant_document(key: str, now: Standing) -> dict[str, Any]:
    """``tenant.toml``."""
    profile = now.profile
    assert profile is not None
    found = {"key": key, "name": profile.name, "time_zone": profile.time_zone, "currency": profile.currency,
             "languages": list(profile.languages), "country": profile.country, "indicator_sets": list(now.sets)}
    appraisal = {} if profile.refresh == REFRESH_ASKED else {"appraisal": {"refresh": profile.refresh}}
    return found | calendar_tables(profile) | appraisal


def toml_files(now: Standing, templates: bool) -> dict[str, str]:
    """Sources, indicators, schemes and reward tables."""
    found: dict[str, str] = {}
    if now.sources:
        found["sources.toml"] = toml_text({one.key: one.body for one in now.sources.values()})
    settings = [settings_document(one) for one in now.indicators.values()
                if changed(one) and one.key not in now.golden]
    if settings:
        found["indicators.toml"] = toml_text({"indicator": settings})
    for one in now.indicators.values():
        if one.key in now.golden:
            found[f"indicators/{one.indicator.key}.toml"] = toml_text(own_document(one, now.golden[one.key]))
    decided = ("schemes", now.schemes, scheme_document), ("rewards", now.rewards, reward_document)
    for folder, rows, document in decided:
        for key, row in rows.items():
            if templates or not row["created_by"].startswith(TEMPLATE):
                found[f"{folder}/{key}.toml"] = toml_text(document(parse(row["body"]), row["valid_from"]))
    return found


def changed(one: TenantIndicator) -> bool:
    """Whether the company has set anything of the indicator."""
    return bool(one.own) or one.minimum_sample != least_sample(one.indicator)


def settings_document(one: TenantIndicator) -> dict[str, Any]:
    """One ``[[indicator]]``."""
    kinds = {each.name: each.kind for each in declared(one.indicator)}
    own = {name: written(value, kinds[name].value == "duration" and spelt(value, kinds[name]))
           for name, value in one.own.items()}  # fmt: skip
    return {"key": one.key, "minimum_sample": one.minimum_sample} | ({"parameters": own} if own else {})


def own_document(one: TenantIndicator, golden: Sequence[Any]) -> dict[str, Any]:
    """An indicator that the company declared, as its file."""
    indicator = one.indicator
    assert isinstance(indicator, Indicator)
    found: dict[str, Any] = {
        "indicator": indicator.key, "title": indicator.title.en, "title_zh": indicator.title.zh,
        "unit": indicator.unit.key, "better": indicator.better.value, "minimum_sample": indicator.minimum_sample,
        "formula": formula_text(indicator.measure),
    }  # fmt: skip
    if indicator.note is not None:
        found |= {"note": indicator.note.en, "note_zh": indicator.note.zh}
    own = settings_document(one).get("parameters")
    return found | ({"parameters": own} if own else {}) | ({"golden": list(golden)} if golden else {})


def written(value: Any, spelling: str | bool) -> Any:
    """A parameter's value as its author would write it."""
    return spelling or value


def write_tables(folder: Path, now: Standing) -> list[str]:
    """The CSV files."""
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[object]]]] = {
        "departments.csv": (("code", "name", "parent"),
                            ((one.code, one.name, one.parent) for one in now.departments.values())),
        "positions.csv": (("code", "name_en", "name_zh"),
                          ((one.code, one.name_en, one.name_zh) for one in now.positions.values())),
        "people.csv": (PEOPLE, person_rows(now)),
        "codes.csv": (CODES, ((one.code_space, one.code, one.employee, one.department, moment(one.valid_from),
                               moment(one.valid_to)) for rows in now.codes.values() for one in rows)),
    }  # fmt: skip
    for name, (header, rows) in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return [*tables]


def person_rows(now: Standing) -> Iterable[Sequence[object]]:
    """One row per interval; a person without any has one row too."""
    for one in now.employees.values():
        pay = [None if amount is None else Decimal(amount) for amount in (one.performance_pay, one.base_pay)]
        for span in one.employments or (None,):
            if span is None:
                yield (one.number, one.name, *[None] * 6, *pay)
            else:
                yield (one.number, one.name, span.department, span.position, span.manager, span.valid_from,
                       span.valid_to, span.status, *pay)  # fmt: skip


def moment(value: datetime | None) -> str | None:
    """An instant with its zone."""
    return None if value is None else value.isoformat()

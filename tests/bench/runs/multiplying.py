"""More records by the database's own means: what an import would take minutes for, and is not what is measured here."""

from collections.abc import Mapping
from typing import Final

from tests.bench.deliveries import RECORD
from tests.bench.stage import Company, Scene

from meritline.records.columns import current_columns

MONTH_DAYS: Final = 31


async def same_month(scene: Scene, firm: Company, times: int) -> None:
    """As many records again, until there are so many times as many."""
    for number in range(1, times):
        await copied(scene, firm, f"x{number}-", {}, None)


async def other_months(scene: Scene, firm: Company, month: int, count: int) -> None:
    """So many records of the months before, each with as many as the month that was imported."""
    number = 0
    while count > 0:
        number += 1
        await copied(scene, firm, f"m{number}-", {"days": MONTH_DAYS * number}, min(count, month))
        count -= month


async def copied(scene: Scene, firm: Company, prefix: str, earlier: Mapping[str, int], most: int | None) -> None:
    """The imported records once more under other ids."""
    columns = current_columns(scene.catalogue.records[RECORD])
    days = earlier.get("days", 0)
    chosen = ", ".join(
        f"'{prefix}' || external_id" if each.name == "external_id" else
        f"\"{each.name}\" - interval '{days} days'" if days and each.kind and each.name.endswith("_at") else
        f'"{each.name}"' for each in columns
    )  # fmt: skip
    names = ", ".join(f'"{each.name}"' for each in columns)
    await scene.owner.execute(
        f"insert into record_{RECORD} ({names}) select {chosen} from record_{RECORD} "  # noqa: S608
        "where tenant_id = $1 and external_id like 'part%' limit $2", firm.tenant_id, most,
    )  # fmt: skip

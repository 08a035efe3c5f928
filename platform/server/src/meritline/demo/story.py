"""The story of the demo: three companies onboard, import two months, appraise and reward the last full one."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from meritline.access import create_key
from meritline.appraisal.cycles import open_cycle
from meritline.appraisal.service import run_cycle
from meritline.demo import appliance, call_center, shop
from meritline.demo.chance import dice
from meritline.demo.client import Changed, Client, DemoError
from meritline.demo.files import Export, write
from meritline.demo.people import Worker, workers
from meritline.demo.show import show_company
from meritline.onboarding.apply import apply_folder
from meritline.records.service import import_file
from meritline.tenancy.service import find_tenant

ACTOR = "demo"
ZONE = ZoneInfo("Asia/Shanghai")
SUBMIT = "submitRating", "SubmitRatingInput", "rating { id }"


@dataclass(frozen=True, slots=True)
class Company:
    """An example company: its folder, what its systems export, the schemes whose boards are shown, who is rated."""

    folder: str
    exports: Callable[[list[Worker], date, date, ZoneInfo, str], list[Export]]
    schemes: tuple[str, ...]
    rated: tuple[str, ...] = ()


COMPANIES = (
    Company("haisheng-appliance", appliance.exports, ("engineers", "repair_teams")),
    Company("lianxin-callcentre", call_center.exports, ("agents", "queues")),
    Company("qinghe-shop", shop.exports, ("shop_agents",), (
        "ecommerce_service.rt_ecom_quality", "ecommerce_service.rt_ecom_execution",
        "ecommerce_service.rt_ecom_complaint")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What to open afterwards."""

    name: str
    admin_key: str
    employee_key: str
    employee: str


class Story:
    """Tells it on one platform that is served at ``address``."""

    def __init__(self, platform: Any, address: str, tenants: Path, console: Console) -> None:
        self.platform, self.address, self.tenants, self.console = platform, address, tenants, console
        self.months = last_two_months(platform.clock().astimezone(ZONE).date())
        self.period = f"{self.months[-1]:%Y-%m}"

    async def tell(self) -> list[Told]:
        """Every company in turn, then what each came to."""
        told = [await self.company(company) for company in COMPANIES]
        for company, one in zip(COMPANIES, told, strict=True):
            client = Client(self.address, one.admin_key)
            await show_company(self.console, client, one.name, self.period, list(company.schemes))
        return told

    async def company(self, company: Company) -> Told:
        """Onboard, import, rate and appraise one company."""
        folder = self.tenants / company.folder
        await apply_folder(self.platform, folder, actor=ACTOR)
        tenant_id = await find_tenant(self.platform.database, company.folder)
        staff = workers(folder, company.folder)
        await self.import_all(company, tenant_id, staff)
        admin = await self.key(tenant_id, "admin")
        if company.rated:
            await self.rate(company, Client(self.address, admin), staff)
        await self.appraise(tenant_id)
        someone = next(one for one in staff if one.code != one.number)
        return Told(company.folder, admin, await self.key(tenant_id, "employee", someone.number), someone.number)

    async def import_all(self, company: Company, tenant_id: UUID, staff: list[Worker]) -> None:
        """Two months of what the company's systems export, file by file, with a bar."""
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        rows = 0
        with (
            tempfile.TemporaryDirectory(prefix="meritline-demo-") as place,
            Progress(*columns, console=self.console, transient=True) as bar,
        ):
            for month in self.months:
                made = company.exports(staff, month, following(month), ZONE, f"{company.folder}/{month:%Y-%m}")
                task = bar.add_task(f"{company.folder} {month:%Y-%m}", total=sum(len(one.rows) for one in made))
                for export in made:
                    rows += await self.import_one(tenant_id, export, write(export, Path(place)), f"{month:%Y-%m}")
                    bar.advance(task, len(export.rows))
        months = " and ".join(f"{month:%Y-%m}" for month in self.months)
        self.console.print(f"{company.folder}: imported {rows:,} rows of {months}")

    async def import_one(self, tenant_id: UUID, export: Export, path: Path, period: str) -> int:
        """One file by its source; every row must land, since the demo made them."""
        summary = await import_file(
            self.platform.database, tenant_id, self.platform.catalogue.records, source=export.source, given=path,
            actor=ACTOR, clock=self.platform.clock, period=period,
        )  # fmt: skip
        if summary.rejected or summary.unresolved:
            raise DemoError(f"{export.name}: {summary.rejected} rows rejected, {summary.unresolved} unresolved")
        return len(export.rows)

    async def rate(self, company: Company, client: Client, staff: list[Worker]) -> None:
        """The supervisor's ratings of the month, as the shop's scheme asks for them."""
        chance = dice(f"{company.folder}/ratings/{self.period}")
        for one in staff:
            for indicator in company.rated if one.position == "shop_agent" else ():
                value = max(8, min(20, round(chance.gauss(16.5 + 2 * one.skill, 1.3))))
                given = {
                    "period": self.period, "scheme": company.schemes[0], "indicator": indicator,
                    "subject": one.number, "raterRole": "manager", "value": str(value),
                    # The highest value needs its reason.
                    "comment": "全月无差错" if value == 20 else None,
                }  # fmt: skip
                with suppress(Changed):  # what stands from an earlier demo stays
                    await client.change(*SUBMIT, given)

    async def appraise(self, tenant_id: UUID) -> None:
        """Open the cycle, run it as a job and wait for it."""
        platform = self.platform
        async with platform.database.unit_of_work(tenant_id) as uow:
            cycle = await open_cycle(uow, ACTOR, self.period)
            asked = await run_cycle(uow, ACTOR, cycle.id, enqueue=platform.jobs.enqueue, now=platform.clock())
        ended = await platform.jobs.wait(tenant_id, asked.job_id, timeout=300)
        if ended.state != "done":
            raise DemoError(f"the run ended as {ended.state}: {ended.problems}")

    async def key(self, tenant_id: UUID, role: str, employee: str | None = None) -> str:
        """A key to open things with."""
        async with self.platform.database.unit_of_work(tenant_id) as uow:
            employee_id = None
            if employee is not None:
                employee_id = await uow.conn.fetchval(
                    "select id from employee where tenant_id = $1 and number = $2", tenant_id, employee
                )
            _, token = await create_key(uow.conn, tenant_id, role=role, employee_id=employee_id, label=ACTOR,
                                        actor=ACTOR, now=self.platform.clock())  # fmt: skip
        return str(token)


def last_two_months(today: date) -> tuple[date, date]:
    """The first days of the two full months before today's."""
    latest = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return (latest - timedelta(days=1)).replace(day=1), latest


def following(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)

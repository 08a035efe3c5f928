"""What somebody asks a file of. Decides that a file holds the rows that its reader may see, and no other."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from meritline.access import Principal, reach
from meritline.appraisal.exports import store
from meritline.db import Connection
from meritline.errors import Forbidden, MeritlineError
from meritline.graphql.kit.declare import Visible
from meritline.graphql.kit.statements import Binds
from meritline.messages import Language

CSV, JSON, XLSX = "csv", "json", "xlsx"
FORMATS = (CSV, JSON, XLSX)
LATER = ("pdf",)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which period, in which language, for whom; without a ``principal`` it is a command of the operator."""

    tenant_id: UUID
    period: str
    language: Language
    today: date
    principal: Principal | None = None

    @property
    def role(self) -> str:
        """The reader's role."""
        return self.principal.role if self.principal else "command"

    @property
    def employee_id(self) -> UUID | None:
        """Who the reader is."""
        return self.principal.employee_id if self.principal else None

    def condition(self, visible: Visible, alias: str, binds: Binds) -> str:
        """Which rows the reader sees, as a condition over the table of that alias."""
        found = visible.condition("company" if self.principal is None
                                  else reach(self.role, visible.action))  # type: ignore[arg-type]
        if found is None:
            raise Forbidden(role=self.role, action=visible.action)
        return f"({binds.fill(found, alias)})"

    def statement(self, text: str, visible: Visible, alias: str) -> tuple[str, list[object]]:
        """The statement with its values: ``{tenant}``, ``{period}`` and ``{visible}`` are filled in."""
        binds = Binds(self, self.today)
        period = binds.value(self.period)
        condition = self.condition(visible, alias, binds)
        return text.replace("{period}", period).replace("{tenant}", "$1").replace("{visible}", condition), binds.values


async def batches(conn: Connection, asked: Asked, text: str, visible: Visible, alias: str,
                  told: Callable[[Mapping[str, Any], Language], dict[str, Any]]) -> AsyncIterator[list[dict[str, Any]]]:
    """The rows that the reader sees, some hundred at a time."""
    statement, values = asked.statement(text, visible, alias)
    async for rows in store.some(conn, statement, values):
        # In a thread: words are made for each row, and other readers wait for this one.
        yield await asyncio.to_thread(all_told, rows, told, asked.language)


def all_told(rows: Sequence[Any], told: Callable[[Mapping[str, Any], Language], dict[str, Any]],
             language: Language) -> list[dict[str, Any]]:
    """The rows with what is written in the reader's language."""
    return [told(row, language) for row in rows]


def check_format(name: str, known: Sequence[str] = FORMATS) -> None:
    """Refuse what is not written yet, and what never will be."""
    if name not in known:
        code = "E-EXPORT-LATER" if name in LATER else "E-EXPORT-FORMAT"
        raise MeritlineError(code, field="format", value=name, known=list(known))

"""A person's pay statement as a value: the lines of all schemes, the sum, what was not measured, what is no money."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from meritline.appraisal.exports.asked import Asked, batches
from meritline.db import Connection
from meritline.messages import Language
from meritline.rewards import exports
from meritline.rewards.statements import store

NO_MONEY: Final = Decimal("0.00")


@dataclass(slots=True)
class Statement:
    """All that a person gets for a period; ``lines`` by scheme, in the order of their tables."""

    number: str
    name: str
    department: str | None
    period: str
    lines: list[dict[str, Any]] = field(default_factory=list)

    def totals(self) -> dict[str, Decimal]:
        """The sum in each currency; one, unless the company changed its own."""
        found: dict[str, Decimal] = {}
        for line in self.money():
            found[line["currency"]] = found.get(line["currency"], NO_MONEY) + line["amount"]
        return found or {line["currency"]: NO_MONEY for line in self.lines[:1]}

    def money(self) -> list[dict[str, Any]]:
        """The lines with an amount."""
        return [line for line in self.lines if line["amount"] is not None]

    def unmeasured(self) -> list[dict[str, Any]]:
        """The lines that would be money, and were not measured."""
        return [line for line in self.lines if line["amount"] is None and line["act"] is None]

    def acts(self) -> list[dict[str, Any]]:
        """What is proposed that is no money."""
        return [line for line in self.lines if line["act"] is not None]

    def cards(self) -> list[dict[str, Any]]:
        """One line for each scheme that appraised, with its score, grade and place."""
        return list({line["scheme"]: line for line in self.lines}.values())


def told(row: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The line in the reader's language, with the result that it rewards."""
    return {**exports.told(row, language), "grade_title": row[f"grade_title_{language}"]}


async def statements(conn: Connection, asked: Asked) -> AsyncIterator[list[Statement]]:
    """The statements that the reader may see, by employee number, some at a time."""
    under_way: Statement | None = None
    async for rows in batches(conn, asked, store.BY_PERSON, exports.VISIBLE, "line", told):
        done: list[Statement] = []
        for row in rows:
            if under_way is None or row["subject_id"] != under_way.lines[0]["subject_id"]:
                done += [under_way] if under_way else []
                under_way = Statement(row["subject_code"], row["subject_name"], row["department"], row["period"])
            under_way.lines.append(row)
        yield done
    if under_way is not None:
        yield [under_way]

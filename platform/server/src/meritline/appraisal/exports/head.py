"""What stands above every sheet: whose results, of when, computed by which version of the scheme."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from meritline.appraisal.exports import store
from meritline.appraisal.exports.words import say, word
from meritline.db import Connection
from meritline.errors import NotFound
from meritline.messages import Language
from meritline_sdk.model.canonical import parse
from meritline_sdk.model.rewards import RewardTable
from meritline_sdk.model.schemes import Scheme

MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Used:
    """A scheme of the run, as it was."""

    scheme: Scheme
    version: int
    valid_from: date
    table: RewardTable | None

    def order(self) -> Mapping[str, int]:
        """The places of the rules in the reward table."""
        return {rule.key: place for place, rule in enumerate(self.table.rules)} if self.table else {}


@dataclass(frozen=True, slots=True)
class Head:
    """The cycle of a file."""

    company: str
    period: str
    currency: str
    time_zone: str
    state: str
    number: int | None
    finished_at: datetime | None
    digest: str | None
    schemes: Mapping[str, Used]

    def top(self, title: str, language: Language, scheme: str | None = None) -> list[tuple[str, Any]]:
        """The title block of a sheet, of one scheme or of all."""
        told = [self.schemes[scheme]] if scheme is not None and scheme in self.schemes else [*self.schemes.values()]
        computed = say(language, "not_computed")
        if self.finished_at is not None:
            moment = self.finished_at.astimezone(ZoneInfo(self.time_zone)).strftime(MOMENT)
            computed = say(language, "run", moment=moment, zone=self.time_zone, number=self.number)
        return [
            (title, None),
            (say(language, "company"), self.company),
            (say(language, "period"), self.period),
            *((say(language, "scheme"), version_text(each, language)) for each in told),
            (say(language, "cycle_state"), word(language, "cycle_state", self.state)),
            (say(language, "computed"), computed),
            (say(language, "digest"), self.digest or ""),
        ]


def version_text(used: Used, language: Language) -> str:
    """The scheme with its version."""
    return say(language, "version", title=used.scheme.title.in_language(language), key=used.scheme.key,
               version=used.version, day=used.valid_from.isoformat())


async def head_of(conn: Connection, tenant_id: UUID, period: str) -> Head:
    """The head of a period's files."""
    row = await store.head(conn, tenant_id, period)
    if row is None:
        raise NotFound(kind="cycle", value=period)
    found = await store.schemes(conn, tenant_id, period)
    used = {each["scheme_key"]: Used(parse(each["body"]), each["version"], each["valid_from"],
                                     parse(each["rewards"]) if each["rewards"] else None) for each in found}
    return Head(row["company"], row["period"], row["currency"].strip(), row["time_zone"], row["state"], row["number"],
                row["finished_at"], row["result_digest"], used)

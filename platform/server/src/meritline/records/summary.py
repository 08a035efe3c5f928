"""What became of a delivery: the counts, the verdicts and the reasons, also as they are kept and sent.

Every line has one fate: ``accepted + updated + unchanged + rejected + folded + skipped = lines``. ``unresolved`` counts
rows that landed or stand there with a code that means nobody yet; they are among the others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from meritline.errors import Problem, problem
from meritline.messages import Language, shown


class Verdict(StrEnum):
    """What became of a row."""

    ACCEPTED = "accepted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    UNRESOLVED = "unresolved"
    REJECTED = "rejected"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """One row: ``unresolved`` stands before how it landed."""

    line: int
    external_id: str | None
    verdict: Verdict
    reasons: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """The whole delivery; ``rows`` only where they were asked for, ``rejects`` then all and else the first."""

    import_id: UUID
    source: str
    record_type: str
    file_name: str | None = None
    lines: int = 0
    accepted: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    folded: int = 0
    skipped: int = 0
    unresolved: int = 0
    covered: tuple[date, date] | None = None
    rejects: tuple[RowVerdict, ...] = ()
    unknown_codes: tuple[tuple[str, str, int], ...] = ()
    rows: tuple[RowVerdict, ...] = ()


COUNTS = ("lines", "accepted", "updated", "unchanged", "rejected", "folded", "skipped", "unresolved")


def reason_dict(found: Problem) -> dict[str, object]:
    """A reason as it is kept: its texts in both languages beside what they are made of."""
    chinese = {"message_zh": found.message("zh"), "remedy_zh": found.remedy("zh")}
    return found.as_dict() | chinese | {"params": {name: plain(value) for name, value in found.params.items()}}


def plain(value: object) -> object:
    """A parameter of a message as JSON."""
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if isinstance(value, int) and not isinstance(value, bool) else shown(value)


def reason_of(kept: Mapping[str, Any]) -> Problem:
    """A reason read back."""
    place = {name: kept.get(name) for name in ("file", "line", "row", "field", "value")}
    return problem(kept["code"], **place, **kept.get("params", {}))


def summary_dict(summary: ImportSummary) -> dict[str, object]:
    """The summary as it is kept under an idempotency key, without a language."""
    found: dict[str, object] = {each.name: getattr(summary, each.name) for each in fields(summary)}
    found["import_id"] = str(summary.import_id)
    found["covered"] = [day.isoformat() for day in summary.covered] if summary.covered else None
    return found | {name: [row_dict(row) for row in getattr(summary, name)] for name in ("rejects", "rows")}


def row_dict(row: RowVerdict) -> dict[str, object]:
    """A verdict as it is kept."""
    return {"line": row.line, "external_id": row.external_id, "verdict": str(row.verdict),
            "reasons": [reason_dict(each) for each in row.reasons]}  # fmt: skip


def summary_of(kept: Mapping[str, Any]) -> ImportSummary:
    """A summary read back."""
    rows = {name: tuple(row_of(row) for row in kept[name]) for name in ("rejects", "rows")}
    covered = kept["covered"]
    rest = {
        "import_id": UUID(kept["import_id"]),
        "covered": tuple(date.fromisoformat(day) for day in covered) if covered else None,
        "unknown_codes": tuple((space, code, count) for space, code, count in kept["unknown_codes"]),
    }
    return ImportSummary(**{**kept, **rows, **rest})


def row_of(kept: Mapping[str, Any]) -> RowVerdict:
    """A verdict read back."""
    reasons = tuple(reason_of(each) for each in kept["reasons"])
    return RowVerdict(kept["line"], kept["external_id"], Verdict(kept["verdict"]), reasons)


def answer(summary: ImportSummary, language: Language) -> dict[str, object]:
    """What a program that sent records is told."""
    return {
        "import": str(summary.import_id),
        **{name: getattr(summary, name) for name in COUNTS},
        "rows": [row_answer(row, language) for row in summary.rows or summary.rejects],
    }


def row_answer(row: RowVerdict, language: Language) -> dict[str, object]:
    """One row of the answer."""
    return {"line": row.line, "externalId": row.external_id, "verdict": str(row.verdict),
            "reasons": [each.as_dict(language) for each in row.reasons]}  # fmt: skip


def text_lines(summary: ImportSummary, language: Language) -> Iterable[str]:
    """The reasons for a terminal."""
    for row in summary.rejects:
        for each in row.reasons:
            yield each.text(language)

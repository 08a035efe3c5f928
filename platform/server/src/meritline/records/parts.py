"""Requests as parts of one delivery. Decides how lines are counted in each, and what it is told.

Rows of several requests are read and written as one list; each request is told of its own rows, by its own lines.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from meritline.records.formats import ObjectChunk
from meritline.records.formats.chunks import LINE_COLUMN
from meritline.records.formats.ndjson import all_objects, plain
from meritline.records.repeating import Request
from meritline.records.sources import SourceMapping
from meritline.records.summary import ImportSummary, RowVerdict, Verdict
from meritline.records.validate.rows import Validated

MOST_CODES_TOLD = 20
type Rows = list[dict[str, object]]


@dataclass(slots=True, eq=False)
class Part:
    """One request: its rows, and where they stand among those of all."""

    rows: Rows
    request: Request | None = None
    first: int = 0
    import_id: UUID | None = None

    @property
    def lines(self) -> range:
        """The lines of its rows among those of all."""
        return range(self.first, self.first + len(self.rows))


def plain_rows(body: bytes) -> Rows | None:
    """The objects of a body that is nothing but objects; None where it has to be looked at line by line."""
    try:
        text = body.decode("utf-8").rstrip("\n")
    except UnicodeDecodeError:
        return None
    if not text or "\r" in text or text.startswith("\ufeff"):
        return None
    rows = all_objects(text, text.count("\n") + 1)
    return rows if rows is not None and not any(LINE_COLUMN in row for row in rows) else None


def chunk_of(parts: Sequence[Part]) -> ObjectChunk:
    """The rows of all of them; each knows where its own stand."""
    rows: Rows = []
    for part in parts:
        part.first = len(rows)
        rows += part.rows
    return ObjectChunk(rows, list(range(len(rows))), plain)


def told(source: SourceMapping, parts: Sequence[Part], validated: Validated,
         changed: Mapping[str, Verdict]) -> dict[Part, ImportSummary]:
    """The summary of every part; ``changed`` are the ids that are new or changed."""
    verdicts = {line: RowVerdict(line, external_id, changed.get(external_id, Verdict.UNCHANGED))
                for line, external_id in zip(validated.numbers, validated.ids, strict=True)}  # fmt: skip
    for line, reasons in validated.unresolved.items():
        verdicts[line] = replace(verdicts[line], verdict=Verdict.UNRESOLVED, reasons=tuple(reasons))
    for each in validated.rejects:
        verdicts[each.line] = RowVerdict(each.line, each.external_id, Verdict.REJECTED, each.reasons)
    return {part: summary(source, part, verdicts, changed) for part in parts}


def summary(source: SourceMapping, part: Part, verdicts: Mapping[int, RowVerdict],
            changed: Mapping[str, Verdict]) -> ImportSummary:
    """What became of one request."""
    assert part.import_id is not None
    own = [verdicts[line] for line in part.lines if line in verdicts]
    rows = tuple(at_home(each, part) for each in own)
    landed = Counter(changed.get(str(each.external_id), Verdict.UNCHANGED) for each in own
                     if each.verdict is not Verdict.REJECTED)  # fmt: skip
    codes = Counter((str(reason.params["space"]), str(reason.value)) for each in own
                    if each.verdict is Verdict.UNRESOLVED for reason in each.reasons)  # fmt: skip
    rejected = tuple(each for each in rows if each.verdict is Verdict.REJECTED)
    return ImportSummary(
        import_id=part.import_id, source=source.key, record_type=source.record.key, lines=len(part.rows),
        accepted=landed[Verdict.ACCEPTED], updated=landed[Verdict.UPDATED], unchanged=landed[Verdict.UNCHANGED],
        rejected=len(rejected), unresolved=sum(each.verdict is Verdict.UNRESOLVED for each in own),
        skipped=len(part.rows) - len(rows), rejects=rejected, rows=rows,
        unknown_codes=tuple((space, code, count) for (space, code), count in codes.most_common(MOST_CODES_TOLD)),
    )  # fmt: skip


def without(validated: Validated, alone: set[Part]) -> Validated:
    """The rows of the other parts."""
    lines = {line for part in alone for line in part.lines}
    if not lines:
        return validated
    left = validated.only([line not in lines for line in validated.numbers])
    rejects = [each for each in left.rejects if each.line not in lines]
    unresolved = {line: found for line, found in left.unresolved.items() if line not in lines}
    return replace(left, rejects=rejects, unresolved=unresolved)


def at_home[T: Any](found: T, part: Part) -> T:
    """A reject or a verdict with the lines that its request counts."""
    reasons = tuple(replace(each, row=None if each.row is None else each.row - part.first + 1)
                    for each in found.reasons)  # fmt: skip
    return replace(found, line=found.line - part.first + 1, reasons=reasons)  # type: ignore[no-any-return]

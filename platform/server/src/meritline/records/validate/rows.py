"""A chunk of a file to rows ready for the database, and the rejected rows with every reason.

Decides the moment at which a row's outside codes are looked up: the one that decides its period, else the first other
moment it has, else now.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import compress
from typing import Any, Final

from meritline.errors import Problem, problem
from meritline.records.clock import LocalClock
from meritline.records.columns import NAMING
from meritline.records.formats import Chunk, ObjectChunk, column
from meritline.records.sources.mapping import SourceMapping
from meritline.records.validate.fields import Failures, FieldReader
from meritline.records.validate.keys import FoldKeys, digests, external_ids
from meritline.records.validate.resolving import Codes, Resolver, Unknown
from meritline_sdk.evaluate.windows import midnight
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.records import unknown_field

STAGED = ("line", "external_id", "digest", "fold_key", "unresolved")
MOST_CODES = 10_000
type Naming = Mapping[str, tuple[list[Any], Failures]]
"""Values and failures by field."""
NOTHING: Final[Naming] = {}


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that does not land."""

    line: int
    external_id: str | None
    raw: dict[str, str]
    reasons: tuple[Problem, ...]


@dataclass(slots=True)
class Validated:
    """What became of a chunk. The rows that land are there as columns, of which ``stored`` are those of the fields."""

    lines: int
    numbers: Sequence[int] = ()
    ids: Sequence[str] = ()
    digests: Sequence[bytes] = ()
    folds: Sequence[str | None] = ()
    open_rows: Sequence[bool] = ()
    stored: Sequence[Sequence[Any]] = ()
    rejects: list[Reject] = field(default_factory=list)
    skipped: int = 0
    first_day: date | None = None
    last_day: date | None = None
    unresolved: dict[int, list[Problem]] = field(default_factory=dict)

    def only(self, keep: Sequence[bool]) -> "Validated":
        """The same with some of the rows that land."""
        landing = (self.numbers, self.ids, self.digests, self.folds, self.open_rows, *self.stored)
        numbers, ids, digests, folds, open_rows, *stored = [list(compress(column, keep)) for column in landing]
        return replace(self, numbers=numbers, ids=ids, digests=digests, folds=folds, open_rows=open_rows, stored=stored)

    @property
    def records(self) -> list[tuple[Any, ...]]:
        """The rows that land: line, external id, digest, place in its case, whether a code is open, the fields."""
        return list(zip(self.numbers, self.ids, self.digests, self.folds, self.open_rows, *self.stored, strict=True))


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a chunk, with what was wrong with it, by row."""

    chunk: Chunk
    reasons: dict[int, list[Problem]]
    ids: Sequence[str] = ()
    columns: dict[str, list[Any]] = field(default_factory=dict)
    folds: Sequence[str | None] = ()


class Validator:
    """Validates the chunks of one file."""

    def __init__(self, source: SourceMapping, codes: Codes, *, zone: str, now: datetime, file: str) -> None:
        self.source, self.zone, self.now, self.file = source, zone, now, file
        self.clock = LocalClock(source.time_zone or zone, source.twice)
        self.days = LocalClock(zone)
        self.people = Resolver(source.fields, codes)
        in_order = sorted(source.fields, key=lambda each: each.rolls_over_from is not None)
        self.readers = [FieldReader(each, source, self.clock) for each in in_order]
        self.fold = FoldKeys(source.fold, source, self.clock) if source.fold else None
        self.names = tuple(sorted(each.spec.name for each in source.fields))
        self.known = frozenset(source.wanted()) if source.only_known_columns else frozenset[str]()
        self.unresolved_codes: Counter[tuple[str, str]] = Counter()
        self._midnights: dict[date, datetime] = {}

    def validated(self, chunk: Chunk) -> Validated:
        """The rows of the chunk that are good, and the others."""
        return self.settled(self.read(chunk))

    def naming(self, chunk: Chunk) -> Naming:
        """What is read of the fields that name people and departments: whom their codes mean can be asked with it."""
        return {reader.mapping.spec.name: reader.values(chunk, {}) for reader in self.readers
                if reader.mapping.spec.kind in NAMING} if chunk.lines else {}

    def read(self, chunk: Chunk, naming: Naming = NOTHING) -> Read:
        """The values of the chunk, before it is known whom its codes mean; some may be known."""
        reasons: dict[int, list[Problem]] = {}
        if not chunk.lines:
            return Read(chunk, reasons)
        ids, failures = external_ids(chunk, self.source)
        self.collect(reasons, chunk, "+".join(self.source.id_columns), failures)
        self.check_names(reasons, chunk)
        columns: dict[str, list[Any]] = {}
        for reader in self.readers:
            name = reader.mapping.spec.name
            columns[name], failures = naming[name] if name in naming else reader.values(chunk, columns)
            if failures:
                self.collect(reasons, chunk, reader.mapping.shown, failures)
        folds: Sequence[str | None] = [None] * len(ids)
        if self.fold:
            folds, failed = self.fold.keys(chunk)
            for name, failures in failed:
                self.collect(reasons, chunk, name, failures)
        return Read(chunk, reasons, ids, columns, folds)

    def resolve_by(self, codes: Codes) -> None:
        """Whom codes mean from now on."""
        self.people = Resolver(self.source.fields, codes)

    def forget(self) -> None:
        """Keep nothing of what was read: what is made of the source alone stays, for other files of it."""
        for reader in self.readers:
            reader.forget()
        self.unresolved_codes.clear()
        self._midnights.clear()
        self.clock.forget()

    def settled(self, read: Read) -> Validated:
        """Look the codes up, and divide the rows into those that land, those that do not and those passed over."""
        chunk, reasons, ids, columns, folds = read.chunk, read.reasons, read.ids, read.columns, read.folds
        result = Validated(len(chunk.lines) + len(chunk.bad))
        result.rejects = [Reject(bad.line, None, dict(bad.raw), (bad.problem,)) for bad in chunk.bad]
        if not chunk.lines:
            return result
        stored, unknown = self.people.resolved(columns, lambda: self.moments(columns, len(ids)))
        unresolved = {row: [self.unknown_code(chunk, row, each) for each in found] for row, found in unknown.items()}
        if self.source.strict:
            for row, problems in unresolved.items():
                reasons.setdefault(row, []).extend(problems)
        skipped = self.skipped(chunk)
        dropped = skipped | reasons.keys()
        marks = digests(self.names, [columns[name] for name in self.names], len(ids))
        open_rows = [row in unresolved for row in range(len(ids))] if unresolved else [False] * len(ids)
        result.numbers, result.ids, result.digests, result.folds = chunk.lines, ids, marks, folds
        result.open_rows, result.stored = open_rows, stored
        if dropped:
            result = result.only([row not in dropped for row in range(len(ids))])
        for row in sorted(reasons.keys() - skipped):
            result.rejects.append(Reject(chunk.lines[row], ids[row] or None, chunk.raw(row), tuple(reasons[row])))
        result.rejects.sort(key=lambda reject: reject.line)
        result.skipped = len(skipped)
        result.unresolved = {chunk.lines[row]: found for row, found in unresolved.items() if row not in dropped}
        self.count_codes(result)
        self.span(result, columns.get(self.source.record.at, []), dropped)
        return result

    def collect(self, reasons: dict[int, list[Problem]], chunk: Chunk, name: str, failures: Failures) -> None:
        """Failures as problems of their rows."""
        for row, (failure, raw) in failures.items():
            found = problem(failure.code, file=self.file, row=chunk.lines[row], field=name, value=raw, **failure.params)
            reasons.setdefault(row, []).append(found)

    def check_names(self, reasons: dict[int, list[Problem]], chunk: Chunk) -> None:
        """Refuse rows that name what the record type has not, where the source wants that."""
        if not self.source.only_known_columns or not isinstance(chunk, ObjectChunk):
            return
        known = self.known
        if chunk.names <= known:
            return
        for row in range(len(chunk.lines)):
            for name in sorted(chunk.given(row) - known):
                if not name.startswith("#"):
                    hint = unknown_field(self.source.record.key, name, sorted(known))
                    found = problem("E-ROW-FIELD", file=self.file, row=chunk.lines[row], field=name, hint=hint)
                    reasons.setdefault(row, []).append(found)

    def skipped(self, chunk: Chunk) -> set[int]:
        """The rows that the source passes over."""
        return {
            row
            for name, words in self.source.skip_when.items()
            for row, word in enumerate(column(chunk, name))
            if word in words
        }

    def moments(self, columns: dict[str, list[Any]], rows: int) -> list[datetime]:
        """When each row happened, for looking up its codes."""
        found: list[Any] = list(columns.get(self.source.record.at, [None] * rows))
        for spec in self.source.record.fields:
            if None not in found:
                break
            if spec.kind in (Kind.INSTANT, Kind.DAY) and spec.name in columns:
                others = columns[spec.name]
                found = [other if one is None else one for one, other in zip(found, others, strict=True)]
        return [self.instant(one) for one in found]

    def instant(self, moment: Any) -> datetime:
        """A moment as an instant: the beginning of a day, now where there is none."""
        if isinstance(moment, datetime):
            return moment
        if moment is None:
            return self.now
        if moment not in self._midnights:
            self._midnights[moment] = midnight(moment, self.zone)
        return self._midnights[moment]

    def unknown_code(self, chunk: Chunk, row: int, unknown: Unknown) -> Problem:
        """The problem of a code that nobody mapped; only a strict source refuses its row."""
        code = "E-ROW-CODE" if self.source.strict else "E-CODE-UNRESOLVED"
        return problem(
            code, file=self.file, row=chunk.lines[row], field=unknown.field, value=unknown.code, space=unknown.space
        )

    def count_codes(self, result: Validated) -> None:
        """How often each unknown code stood in a row that lands."""
        for found in result.unresolved.values():
            for each in found:
                key = (str(each.params["space"]), str(each.value))
                if len(self.unresolved_codes) < MOST_CODES or key in self.unresolved_codes:
                    self.unresolved_codes[key] += 1

    def span(self, result: Validated, moments: Sequence[Any], dropped: Any) -> None:
        """The first and the last local day of the rows that land."""
        seen = moments
        if dropped or None in moments:
            seen = [one for row, one in enumerate(moments) if one is not None and row not in dropped]
        if seen:
            result.first_day, result.last_day = (self.local_day(one) for one in (min(seen), max(seen)))

    def local_day(self, moment: Any) -> date:
        """The tenant's day of a moment."""
        return self.days.day(moment.astimezone(UTC)) if isinstance(moment, datetime) else moment

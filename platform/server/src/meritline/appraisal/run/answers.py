"""The answers of Python functions. Decides which are asked for, and that the same records are asked about once.

A function gets what its tally found for a subject, and nothing that says who that is. An answer is filed under what it
was asked: the definition, what the company set, the period and the records. So a run asks before its own unit of work
begins, and finds the answers again inside it; only what changed in between is asked there.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from meritline.appraisal.definitions import TenantIndicator
from meritline.appraisal.run.readings import Reader, SubjectId, records_of
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.snapshot import Snapshot
from meritline.db import Database
from meritline.measuring.taken import rows_digest
from meritline.plugins import Catalogue
from meritline.plugins.processes import Batch, Failure, Source, Workshop
from meritline.plugins.processes.asking import DEADLINE, DIED, DIFFERS, FLOOD, MEMORY, MISSING, PLUGIN_REASONS
from meritline.plugins.releases import mark_not_deterministic
from meritline_sdk.evaluate.answers import ANSWER_REASONS, period_of
from meritline_sdk.evaluate.readings import Reading, unfilled
from meritline_sdk.evaluate.results import NOT_ASKED
from meritline_sdk.evaluate.tallies import NOTHING, Taken
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.canonical import to_plain
from meritline_sdk.model.functions import PythonMeasure
from meritline_sdk.model.indicators import Indicator

ROWS_AT_ONCE: Final = 50_000
"""How many records one batch brings, save where a single subject has more."""

ENDED: Final = frozenset({DEADLINE, MEMORY, DIED, FLOOD})
MOST_ENDED: Final = 3
"""A function that ended its process for so many subjects is not asked for more of them: each of them takes its time."""
OF_FUNCTIONS: Final = frozenset({*PLUGIN_REASONS, *ANSWER_REASONS, NOT_ASKED})
"""Why a reading failed that a function should have given."""

type Answered = Reading | Failure
type Told = Callable[[int, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Question:
    """What one function is to be asked of one subject. ``of`` names the definition and what the company set, ``key``
    also the period and the records: all that an answer may depend on."""

    reader: Reader
    chosen: TenantIndicator
    target: SubjectId
    rows: tuple[Taken, ...]
    of: str
    key: str


class Answers:
    """What functions have answered, by what they were asked."""

    def __init__(self) -> None:
        self.known: dict[str, Answered] = {}
        self.differed: dict[Source, str] = {}


async def nobody(done: int, total: int) -> None:
    """Nobody is told how far it is."""


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions that the installed plugins bring, and where they are asked."""

    catalogue: Catalogue
    workshop: Workshop

    @property
    def any(self) -> bool:
        """Whether some installed set has one."""
        return any(one.python for one in self.catalogue.sets.values())

    async def answer(self, snapshot: Snapshot, answers: Answers, told: Told = nobody) -> None:
        """Give the readers of the snapshot what the functions say; what is known already is not asked again."""
        questions = await asyncio.to_thread(lambda: list(questions_of(snapshot.appraisals, snapshot.window)))
        unknown = {one.key: one for one in questions if one.key not in answers.known}
        ended: dict[str, list[Failure]] = {}
        done = 0
        for some in batches(unknown.values()):
            await told(done, len(unknown))
            before = ended.setdefault(some[0].of, [])
            if len(before) >= MOST_ENDED:
                found: dict[str, Answered] = {one.key: before[-1] for one in some}
            else:
                found = await self.asked(some, snapshot.window, answers)
                before += [each for each in found.values() if isinstance(each, Failure) and each.reason in ENDED]
            answers.known |= found
            done += len(some)
        for one in questions:
            one.reader.answers.setdefault(one.chosen.key, {})[one.target] = answers.known[one.key]

    async def asked(self, some: Sequence[Question], window: Window, answers: Answers) -> dict[str, Answered]:
        """What one function says of some subjects; their names are numbers to it."""
        chosen = some[0].chosen
        measure = function_of(chosen)
        assert measure is not None
        assert isinstance(chosen.indicator, Indicator)
        source = self.catalogue.source_of(measure.module, chosen.set_key, chosen.plugin)
        if source is None:
            failure = Failure(MISSING, self.why_missing(chosen))
            return {one.key: failure for one in some}
        batch = Batch(source, measure, chosen.indicator.unit, chosen.parameters, period_of(window),
                      tuple((str(number), one.rows) for number, one in enumerate(some)))
        found = await self.workshop.ask(batch)
        given: dict[str, Answered] = {one.key: found.get(str(number)) or Failure(DIED, "it did not answer")
                                      for number, one in enumerate(some)}
        for each in given.values():
            if isinstance(each, Failure) and each.reason == DIFFERS:
                answers.differed.setdefault(source, f"{measure.function}: {each.told}")
        return given

    def why_missing(self, chosen: TenantIndicator) -> str:
        """Why the package of a function cannot be asked: the code of the error that says more."""
        found = self.catalogue.why_absent(chosen.set_key or "", chosen.plugin or "", chosen.plugin_version or "")
        cause = found.params.get("cause")
        return f"{found.code}, {cause}" if cause else found.code

    async def keep_differed(self, database: Database, answers: Answers) -> None:
        """Mark the releases whose functions gave two answers to the same question."""
        differed, answers.differed = answers.differed, {}
        for source, told in differed.items():
            for one in self.catalogue.plugins:
                if one.source == source:
                    await mark_not_deterministic(database, one.distribution, one.version, one.content_hash or None,
                                                 told)


def function_of(chosen: TenantIndicator) -> PythonMeasure | None:
    """The function of an indicator that has one."""
    indicator = chosen.indicator
    return indicator.measure if isinstance(indicator, Indicator) and isinstance(indicator.measure, PythonMeasure) \
        else None


def questions_of(appraisals: Sequence[Appraisal], window: Window) -> Iterator[Question]:
    """What the readings that the schemes look at need, each subject of a reader once."""
    seen: set[tuple[int, str, SubjectId]] = set()
    for each in appraisals:
        functions = {key: (one, named(one)) for key, one in each.indicators.items() if asks(each.reader, one)}
        needs = [need for need in each.wanted if need[0] in functions]
        for who in each.people if needs else ():
            for key, read_from in needs:
                target = records_of(who, read_from, each.reader.company)
                if target is None or (id(each.reader), key, target) in seen:
                    continue
                seen.add((id(each.reader), key, target))
                chosen, of = functions[key]
                if (rows := rows_of(each.reader, chosen, target)):
                    filed = f"{of} {window.start.isoformat()} {window.end.isoformat()} {rows_digest(rows)}"
                    yield Question(each.reader, chosen, target, rows, of, filed)


def asks(reader: Reader, chosen: TenantIndicator) -> bool:
    """Whether the indicator is read by asking: not where its records could not be read, or a value is not filled in."""
    measure = function_of(chosen)
    return measure is not None and chosen.key not in reader.broken and unfilled(measure, chosen.parameters) is None


def named(chosen: TenantIndicator) -> str:
    """The definition and what the company set, as text."""
    parameters = {name: to_plain(value) for name, value in chosen.parameters.items()}
    return f"{chosen.definition_hash} {json.dumps(parameters, ensure_ascii=False, sort_keys=True)}"


def rows_of(reader: Reader, chosen: TenantIndicator, target: SubjectId) -> tuple[Taken, ...]:
    """What the function would be given of a subject."""
    measure = function_of(chosen)
    return next((subjects.get(target, NOTHING).rows for tally, subjects in reader.tallies_of(chosen.key)
                 if measure is not None and tally == measure.tally), ())


def batches(questions: Iterable[Question]) -> Iterator[list[Question]]:
    """Questions to one function together, so many that their records fit into memory."""
    held: dict[str, list[Question]] = {}
    for one in questions:
        held.setdefault(one.of, []).append(one)
    for some in held.values():
        batch: list[Question] = []
        size = 0
        for one in some:
            if batch and size + len(one.rows) > ROWS_AT_ONCE:
                yield batch
                batch, size = [], 0
            batch.append(one)
            size += len(one.rows)
        yield batch

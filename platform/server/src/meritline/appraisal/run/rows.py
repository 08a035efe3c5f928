"""Scorecards and score lines of some people, as COPY sends them: whatever repeats was written once, when it was scored.

Decides that a number too large to keep ends the run; what stands in which column, ``columns`` says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from meritline.appraisal.definitions import SchemeInForce
from meritline.appraisal.run.columns import SCORE_LINE, SCORECARD, exact, shown, spans_text
from meritline.appraisal.run.prepared import wire
from meritline.appraisal.run.prepared.cards import Result
from meritline.appraisal.run.prepared.lines import Line
from meritline.appraisal.run.scoring import Appraisal, Half
from meritline.appraisal.run.sizes import MOST_POINTS, MOST_SCORE, require_size
from meritline.appraisal.run.subjects import Appraised, Stay
from meritline.domain.digest import CardText, hashed, ranked
from meritline.domain.ranking import Place
from meritline_sdk.evaluate.tallies import Subject

__all__ = ["SCORECARD", "SCORE_LINE", "card_bytes", "exact", "line_bytes", "shown"]

CARD_FIELDS: Final = wire.COUNT.pack(1 + len(SCORECARD))
LINE_FIELDS: Final = wire.COUNT.pack(len(SCORE_LINE))
NO_STAY: Final = wire.NULL * 3


def line_bytes(appraisal: Appraisal, people: Sequence[Appraised], ids: Mapping[Subject, UUID]) -> bytes:
    """The score lines of some of a scheme's people, as rows of ``SCORE_LINE``; the cards have these ids."""
    found: list[bytes] = []
    for lines, card in sized(appraisal, people, ids):
        # Nothing comes first, so that the head stands before every line, and before none where there is none.
        found.append((LINE_FIELDS + card).join([b"", *[line.row for line in lines]]))
    return b"".join(found)


def sized(appraisal: Appraisal, people: Sequence[Appraised],
          ids: Mapping[Subject, UUID]) -> Iterator[tuple[Sequence[Line], bytes]]:
    """The lines of each of the people, all of which can be kept, and the id of the card."""
    for who in people:
        subject = who.subject
        lines = appraisal.lines[subject]
        for line in lines:
            if line.largest is not None:
                require_size(line.largest, MOST_POINTS, subject.key, line.plain().key)
        yield lines, wire.uuid(ids[subject])


def card_bytes(appraisal: Appraisal, people: Sequence[Appraised], ids: Mapping[Subject, UUID],
               period: str) -> tuple[bytes, list[str]]:
    """The scorecards of some of a scheme's people, as rows of their ids and ``SCORECARD``; their digests."""
    writer = Writer(appraisal.chosen, period)
    rows, digests = list[bytes](), list[str]()
    for who in people:
        subject = who.subject
        half = appraisal.halves.get(subject)
        if half is None:
            half = writer.half(who, ids[subject], appraisal.results[subject], appraisal.tallied[subject])
        row, digest = placed(half, appraisal.places[subject])
        rows.append(row)
        digests.append(digest)
    return b"".join(rows), digests


def placed(half: Half, place: Place) -> tuple[bytes, str]:
    """The card in its place, and its digest."""
    before, between, behind, content = half
    digest = ranked(content, place.rank)
    return b"".join((before, wire.whole(place.rank), wire.boolean(place.ranked), wire.whole(place.among), between,
                     wire.text(digest), behind)), digest


@dataclass(slots=True)
class Writer:
    """Writes the cards of one scheme; what many of them share is written once."""

    chosen: SchemeInForce
    period: str
    _head: bytes = field(init=False)
    _text: CardText = field(init=False)
    _departments: dict[UUID | None, bytes] = field(default_factory=dict, init=False)
    _grades: dict[str | None, bytes] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        scheme, grades = self.chosen.scheme, self.chosen.scheme.grades
        self._head = wire.text(scheme.key) + wire.uuid(self.chosen.version_id)
        self._text = CardText(self.period, scheme.key, self.chosen.hash)
        titles = grades.titles() if grades else {}
        self._grades = {key: wire.text(key) + wire.text(title.en) + wire.text(title.zh)
                        for key, title in titles.items()}

    def half(self, who: Appraised, card_id: UUID, result: Result, tallied: str) -> Half:
        """A card but for its place; ``tallied`` is the digest of what was found of its subject's records."""
        require_size(result.score, MOST_SCORE, who.subject.key, self.chosen.scheme.key)
        stay, end = who.stay, result.end
        part = None if stay is None or stay.days == stay.period_days else (stay.days, stay.period_days)
        exact_text, subject = result.exact_text, who.subject
        text = self._text.of(subject, who.department_code, (exact_text, end and end.exact, result.grade, result.passed),
                             result.state, [line.digest for line in result.made], part)
        content = hashed(text)
        return Half(b"".join((
            CARD_FIELDS, wire.uuid(card_id), self._head, wire.text(subject.kind.value), wire.uuid(who.id),
            wire.text(subject.key), wire.text(who.name), self._department(who),
            wire.NULL if end is None else end.column, wire.text(exact_text), self._grade(result.grade),
        )), wire.text(result.state) + wire.boolean(result.passed), b"".join((
            wire.text(content), wire.text(tallied), NO_STAY if stay is None else stayed(stay),
            wire.text(result.steps_text),
        )), content)  # fmt: skip

    def _department(self, who: Appraised) -> bytes:
        found = self._departments.get(who.department_id)
        if found is None:
            found = wire.uuid(who.department_id) + wire.text(who.department_code)
            self._departments[who.department_id] = found
        return found

    def _grade(self, grade: str | None) -> bytes:
        """The grade and its titles; one that has none stands alone."""
        found = self._grades.get(grade)
        if found is None:
            found = self._grades[grade] = wire.text(grade) + wire.NULL * 2
        return found


def stayed(stay: Stay) -> bytes:
    """The days of somebody's stay."""
    return wire.whole(stay.days) + wire.whole(stay.period_days) + wire.text(spans_text(stay))


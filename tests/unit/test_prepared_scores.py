"""A scheme made ready and the plain way are one meaning: compared on random schemes, readings and tallies.

What a run writes of a line is compared column by column, as Postgres would read it from the bytes of the COPY.
"""

import gc
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from struct import unpack_from
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meritline.appraisal.definitions import TenantIndicator
from meritline.appraisal.run.columns import SCORE_LINE, line_row
from meritline.appraisal.run.needs import scheme_needs, scores_asked
from meritline.appraisal.run.prepared import wire
from meritline.appraisal.run.prepared.cards import Result, Scorer
from meritline.appraisal.run.prepared.cells import Cell, cell_of
from meritline.appraisal.run.prepared.emptied import emptied
from meritline.appraisal.run.prepared.reading import Column, Rows
from meritline.appraisal.run.readings import Reader
from meritline.appraisal.run.subjects import Appraised
from meritline.domain.digest import CANONICAL, CardText, content_digest, line_plain
from meritline.domain.ranking import Card, sample_of
from meritline.measuring.requests import TallyRequest
from meritline_sdk import (
    COUNT,
    HIGHER,
    MINUTES,
    PERCENT,
    SECONDS,
    Attribution,
    Beside,
    Change,
    Count,
    Flag,
    Indicator,
    Instant,
    Largest,
    Mean,
    Number,
    Percentile,
    Person,
    Pooled,
    Ratio,
    RecordType,
    Smallest,
    Sum,
    Text,
    Total,
)  # fmt: skip
from meritline_sdk.evaluate.numbers import EXACT
from meritline_sdk.evaluate.quick import Remembered
from meritline_sdk.evaluate.readings import UNREAD
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.evaluate.tallies import Subject, Tallied
from meritline_sdk.evaluate.totals import Scored
from meritline_sdk.model.indicators import indicator_tallies
from meritline_sdk.model.measures import Tally
from meritline_sdk.model.schemes import Scheme, SubjectKind
from meritline_sdk.testing.strategies import Situation, situations

T = Text("Title", "标题")


class Visit(RecordType, key="prepared_visit", title=T):
    person = Person(optional=True)
    opened_at = Instant()
    closed_at = Instant(optional=True)
    cost = Number(optional=True)
    good = Flag(optional=True)
    defaults = Attribution(credit=person, at=closed_at)


v: Any = Visit
TOOK, GOOD = v.closed_at - v.opened_at, v.good == True  # noqa: E712
EVERY = (
    Indicator("count", T, Count(v, where=GOOD), COUNT, HIGHER),
    Indicator("good", T, Ratio(Count(v, where=GOOD), Count(v)), PERCENT, HIGHER, 5),
    Indicator("per_visit", T, Ratio(Sum(TOOK), Count(v)), MINUTES, HIGHER),
    Indicator("of_time", T, Ratio(Sum(TOOK, where=GOOD), Sum(TOOK)), PERCENT, HIGHER),
    Indicator("itself", T, Ratio(Count(v), Count(v)), PERCENT, HIGHER),
    Indicator("cost", T, Sum(v.cost), COUNT, HIGHER, 3),
    Indicator("took", T, Mean(TOOK), SECONDS, HIGHER, beside=(Beside(T, Largest(TOOK)),)),
    Indicator("mean", T, Mean(v.cost), COUNT, HIGHER, 2),
    Indicator("p90", T, Percentile(TOOK, 90), MINUTES, HIGHER, 4),
    Indicator("most", T, Largest(v.cost), COUNT, HIGHER),
    Indicator("least", T, Smallest(TOOK, nothing=0), MINUTES, HIGHER),
    Indicator("change", T, Change(Mean(TOOK)), MINUTES, HIGHER),
    Indicator("pooled", T, Pooled(Mean(TOOK), Mean(TOOK, where=GOOD)), MINUTES, HIGHER),
    Indicator("total", T, Total(Count(v), Count(v, where=GOOD)), COUNT, HIGHER),
)  # fmt: skip
SLOWLY: Any = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
WHO = Subject(SubjectKind.EMPLOYEE, "E1")
COLUMNS = [kind for name, kind in SCORE_LINE.items() if name != "scorecard_id"]


def read_back(data: bytes, kinds: Sequence[str]) -> list[str]:
    """The values of a row as Postgres reads them."""
    found, at = list[Any](), 0
    for kind in kinds:
        (size,) = unpack_from(">i", data, at)
        part, at = data[at + 4:at + 4 + max(size, 0)], at + 4 + max(size, 0)
        if size < 0:
            found.append(None)
        elif kind == "numeric":
            found.append(number(part))
        else:
            found.append(part.decode() if kind == "text" else int.from_bytes(part, signed=True))
    assert at == len(data)
    return [repr(each) for each in found]


def number(part: bytes) -> Decimal:
    """A numeric with its places."""
    count, weight, sign, places = unpack_from(">hhHH", part)
    groups = unpack_from(f">{count}H", part, 8)
    assert all(group < 10_000 for group in groups)
    digits = int("".join(f"{group:04}" for group in groups) or "0")
    whole = EXACT.scaleb(Decimal(digits), 4 * (weight - count + 1) if digits else 0)
    found = EXACT.quantize(whole, Decimal(1).scaleb(-places))
    assert found == whole
    return EXACT.minus(found) if sign and found else found


def plain_row(row: Sequence[Any]) -> list[str]:
    """The values of a row as Postgres keeps them; a number has no places before the point."""
    return [repr(each.quantize(1) if isinstance(each, Decimal) and each.as_tuple().exponent > 0 else
                 str(each) if isinstance(each, str) else each) for each in row]


@settings(max_examples=250, **SLOWLY)
@given(situations())
def test_a_scheme_made_ready_is_the_scheme(situation: Situation) -> None:
    scheme, known = situation.scheme, situation.indicators
    needs, asked = tuple(dict.fromkeys(scheme_needs(scheme))), scores_asked([scheme])
    scorer = Scorer(scheme, known, needs, {})
    # Beside the reading of each need, people of whom one was not read, and one of whom nothing was.
    people = [situation.readings, *({**situation.readings, need: UNREAD} for need in needs[:3]), {}]
    rows = [[cell_of(readings.get(need, UNREAD), asked.get(need[0]) or known[need[0]]) for need in needs]
            for readings in people]
    told = {shared: [Told.of(scheme, score(scheme, readings, known, carried)) for readings in people]
            for shared, carried in ((True, situation.carried), (False, None))}
    for shared in (True, False, True):  # the second time from what is remembered
        carried = situation.carried if shared else None
        together = scorer.score_all(list(zip(*rows, strict=True)), [carried or {}] * len(rows))
        for row, found, plain in zip(rows, together, told[shared], strict=True):
            require_same(scheme, found, plain)
            require_same(scheme, scorer.score(row, carried), plain)


@given(situations())
@settings(max_examples=5, **SLOWLY)
def test_what_is_remembered_goes_without_the_collector(situation: Situation) -> None:
    # The collector would look for it among all that a run has, before the commit.
    scheme, known = situation.scheme, situation.indicators
    needs, asked = tuple(dict.fromkeys(scheme_needs(scheme))), scores_asked([scheme])
    before = set(map(id, remembered()))
    scorer = Scorer(scheme, known, needs, {})
    rows = [[cell_of(situation.readings.get(need, UNREAD), asked.get(need[0]) or known[need[0]]) for need in needs]]
    gc.disable()
    try:
        scorer.score_all(list(zip(*rows, strict=True)), [{}])
        scorer.score(rows[0])
        left = weakref.ref(scorer)
        scorer.let_go()
        del scorer
        assert left() is None
        assert [one for one in remembered() if id(one) not in before] == []
    finally:
        gc.enable()


def remembered() -> list[Remembered[Any, Any]]:
    """Whatever remembers anything, of anybody."""
    return [one for one in gc.get_objects() if isinstance(one, Remembered) and one]


def test_what_was_read_goes_before_the_collector_comes() -> None:
    indicators = {one.key: TenantIndicator(one.key, one, {}, one.minimum_sample, 1, "hash", {}) for one in EVERY}
    reader = Reader(indicators, {}, {}, lambda _: True, UUID(int=99))
    rows = Rows(reader, "scheme", [(key, "own") for key in indicators], {one.key: one for one in EVERY})
    before = set(map(id, cells()))
    rows.of([Appraised(WHO, UUID(int=1), "One")])
    assert any(id(one) not in before for one in cells())
    rows.let_go()
    assert [one for one in cells() if id(one) not in before] == []


def cells() -> list[Cell]:
    """All cells that there are."""
    return [one for one in gc.get_objects() if isinstance(one, Cell)]


class Piece:
    """Notes how many others are left when it goes."""

    def __init__(self, others: dict[int, Any], left: list[int]) -> None:
        self.others, self.left = others, left

    def __del__(self) -> None:
        self.left.append(len(self.others))


def test_what_is_emptied_goes_piece_by_piece() -> None:
    # Whoever waits for the interpreter gets it between two of them, and never within one step.
    left: list[int] = []
    found: dict[int, Any] = {}
    found.update((place, Piece(found, left)) for place in range(4))
    other = {"one": 1}
    emptied(found, other)
    assert (found, other, left) == ({}, {}, [3, 2, 1, 0])


@dataclass(frozen=True)
class Told:
    """What the plain way says, and what becomes of it: rows, digests, texts."""

    plain: Scored
    steps: str
    rows: list[list[str]]
    lines: list[Any]
    digest: str

    @classmethod
    def of(cls, scheme: Scheme, plain: Scored) -> "Told":
        return cls(plain, msgspec.json.encode(plain.steps).decode(),
                   [plain_row(line_row(line, None, None)[1:]) for line in plain.lines],
                   [CANONICAL.encode(line_plain(line)) for line in plain.lines],
                   content_digest("2026-05", scheme.key, "hash", Card(WHO, plain), (3, 31)))


def require_same(scheme: Scheme, found: Result, told: Told) -> None:
    """Fail unless both ways say the same, down to the bytes of rows and digests."""
    plain = told.plain
    assert (found.exact, found.score, found.grade, found.passed, found.state, found.measured, found.sample) == (
        plain.exact, plain.score, plain.grade, plain.passed, plain.state, plain.measured,
        sample_of(Card(WHO, plain)))  # fmt: skip
    assert found.steps_text == told.steps
    assert found.lines == plain.lines
    assert found.plain == plain
    for line, row, digest in zip(found.made, told.rows, told.lines, strict=True):
        assert read_back(line.row, COLUMNS) == row
        assert line.digest == digest
    end = found.end
    text = CardText("2026-05", scheme.key, "hash").of(
        WHO, None, (found.exact_text, end and end.exact, found.grade, found.passed), found.state,
        [line.digest for line in found.made], (3, 31))  # fmt: skip
    assert sha256(text.encode()).hexdigest() == told.digest


@given(st.integers(-10**30, 10**30), st.integers(1, 10**12), st.integers(0, 6))
def test_numbers_on_the_wire(top: int, bottom: int, places: int) -> None:
    value = Fraction(top, bottom)
    shown = read_back(wire.shown(value.numerator, value.denominator), ["numeric"])
    ten = (abs(value) * 10**10 + Fraction(1, 2)).__floor__()
    assert shown == [repr(EXACT.scaleb(Decimal(ten if value >= 0 or not ten else -ten), -10))]
    assert read_back(wire.scaled(top % 10**20, places), ["numeric"]) == [repr(Decimal(top % 10**20).scaleb(-places))]


@st.composite
def tallied(draw: st.DrawFn, tally: Tally) -> Tallied:
    """What a tally may find; the same numbers come again and again."""
    numbers = st.sampled_from([0, 1, 2, 3, 60_000_000, 10**25]) | st.integers(-5, 90)
    if tally.how == "values":
        values = tuple(sorted(draw(st.lists(numbers, max_size=6))))
        return Tallied(records=len(values), values=tuple(map(Fraction, values)) if draw(st.booleans()) else values)
    records = draw(st.sampled_from([0, 0, 1, 2, 7]))
    return Tallied(Fraction(draw(numbers), draw(st.sampled_from([1, 1, 1, 2, 7]))) if records else Fraction(0), records)


@settings(max_examples=120, **SLOWLY)
@given(st.data(), st.booleans())
def test_what_is_read_quickly_is_what_is_read(data: st.DataObject, delivered: bool) -> None:
    people = [(SubjectKind.EMPLOYEE, UUID(int=number)) for number in range(4)]
    indicators = {one.key: TenantIndicator(one.key, one, {}, one.minimum_sample, 1, "hash", {}) for one in EVERY}
    requests = {TallyRequest.of(tally) for one in EVERY for tally in indicator_tallies(one)}
    found: Mapping[Any, Any] = {
        request: {who: data.draw(tallied(request.tally)) for who in people if data.draw(st.booleans())}
        for request in sorted(requests, key=repr)}  # fmt: skip
    quick, slow = (Reader(indicators, found, {}, lambda _: delivered, UUID(int=99)) for _ in range(2))
    for key, one in indicators.items():
        column = Column(quick, "scheme", (key, "own"), one.indicator)
        whom = [*people, *people] if data.draw(st.booleans()) else people
        cells, texts = column.of(whom, whom)
        (last,), (text,) = column.of([whom[-1]], [whom[-1]])  # by itself, and met before
        for who, cell, told in zip([*whom, whom[-1]], [*cells, last], [*texts, text], strict=True):
            plain = cell_of(slow.of("scheme", key, who, who), one.indicator)
            for name in ("reading", "value", "state", "sample", "step", "digest", "seen"):
                assert getattr(cell, name) == getattr(plain, name), key
            assert read_back(cell.columns, COLUMNS[13:19]) == read_back(plain.columns, COLUMNS[13:19])
            assert cell.ending == plain.ending
            assert told.count("\n") == sum(who in subjects and subjects[who].records > 0
                                           for _, subjects in slow.tallies_of(key))
    assert quick.failures == slow.failures

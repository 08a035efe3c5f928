"""A reading made ready: its number, its step, its columns and what of it goes into digests, for all who have the same.

Decides nothing: the columns are those of ``run.rows``, the text of the digest is that of ``domain.digest``, the step
that of ``evaluate.shown``; each cell can give the plain ``Reading`` that it stands for.
"""

from fractions import Fraction
from typing import Final

from meritline.appraisal.run.columns import entered_text
from meritline.appraisal.run.prepared import wire
from meritline.appraisal.run.prepared.pairs import Pair, pair, spelt
from meritline.appraisal.run.prepared.rules import as_json
from meritline.appraisal.run.seen import spelt as seen_text
from meritline.appraisal.run.sizes import MOST_POINTS
from meritline.domain.digest import CANONICAL, reading_plain
from meritline_sdk.evaluate.quick import Remembered, seen
from meritline_sdk.evaluate.readings import MEASURED, Reading
from meritline_sdk.evaluate.results import Asides
from meritline_sdk.evaluate.shown import asides_step, form, reading_step, score_step
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.items import ScoreOf
from meritline_sdk.model.measures import Percentile, PythonMeasure

type Of = AnyIndicator | ScoreOf
"""What a reading is of."""

NO_ENDING: Final = wire.NULL * 2
IS_MEASURED: Final = wire.text(MEASURED)
NO_QUOTIENT: Final = (wire.NULL * 2).decode("latin-1")


class Cell:
    """What a line looks at of a reading. ``value`` is in lowest terms; None: not measured, or on too few records.
    ``huge`` says whether no column can hold it."""

    __slots__ = ("_needed", "_of", "_plain", "_quotient", "columns", "digest", "ending", "huge", "sample", "seen",
                 "state", "step", "value")

    state: str
    value: Pair | None
    sample: int
    step: str
    digest: str
    columns: bytes
    ending: bytes
    huge: bool
    seen: str
    _plain: Reading | None
    _quotient: tuple[Pair, Pair] | None
    _needed: int | None
    _of: "Spelling | None"

    @property
    def reading(self) -> Reading:
        """The reading itself."""
        found = self._plain
        if found is None:
            assert self.value is not None and self._of is not None  # noqa: PT018
            above, below = (None, None) if self._quotient is None else (Fraction(*each) for each in self._quotient)
            found = self._plain = Reading(MEASURED, Fraction(*self.value), above, below, self.sample,
                                          needed=self._needed, asides=self._of.asides)
        return found


def cell_of(reading: Reading, of: Of) -> Cell:
    """The cell of any reading."""
    found = Cell()
    found._plain, found._quotient, found._needed, found._of = reading, None, reading.needed, None
    found.state, found.sample = reading.state, reading.sample
    found.value = pair(reading.value) if reading.state == MEASURED and reading.value is not None else None
    found.huge = found.value is not None and abs(found.value[0]) >= MOST_POINTS * found.value[1]
    found.step = as_json(score_step(reading, of) if isinstance(of, ScoreOf) else reading_step(reading, of))
    found.digest = CANONICAL.encode(reading_plain(reading))
    found.columns = b"".join((
        wire.text(reading.state), wire.NULL if reading.value is None else wire.shown(*pair(reading.value)),
        *(wire.NULL if each is None else wire.text(spelt(*pair(each)))
          for each in (reading.value, reading.numerator, reading.denominator)), wire.whole(reading.sample),
    ))  # fmt: skip
    entered = None if reading.entered is None else entered_text(reading.entered)
    found.ending = wire.text(reading.reason) + wire.text(entered)
    found.seen = seen_text(seen(reading))
    return found


class Spelling:
    """How the measured readings of one indicator are written that nobody entered and that are made of no others."""

    def __init__(self, indicator: Indicator, asides: Asides | None) -> None:
        self.asides = asides
        self._counts: Remembered[int, tuple[str, str]] = Remembered(counted)
        self._head = f'{{"step":"reading","state":"{MEASURED}","unit":{as_json(indicator.unit.key)},"sample":'
        self._form = f',"form":"{form(indicator)}","value":"'
        told = {"percent": indicator.measure.percent} if isinstance(indicator.measure, Percentile) else {}
        assert not isinstance(indicator.measure, PythonMeasure)
        told |= {} if asides is None else asides_step(asides)
        self._tail = f",{as_json(told)[1:]}" if told else "}"

    def measured(self, value: Pair, sample: int, quotient: tuple[Pair, Pair] | None, needed: int | None) -> Cell:
        """The cell of a number, all of it in lowest terms; ``quotient`` is what it is the quotient of."""
        found = Cell()
        found._plain, found._quotient, found._needed, found._of = None, quotient, needed, self
        found.state, found.value, found.sample = MEASURED, value, sample
        found.huge = abs(value[0]) >= MOST_POINTS and abs(value[0]) >= MOST_POINTS * value[1]
        exact, letters, (count, last) = spelt(*value), wire.LETTERS, self._counts[sample]
        if quotient is None:
            found.step = f'{self._head}{count}{self._form}{exact}"{self._tail}'
            found.digest = f'["measured","{exact}",null,null,"{count}"]'
            behind = NO_QUOTIENT
        else:
            above, below = spelt(*quotient[0]), spelt(*quotient[1])
            found.step = (f'{self._head}{count}{self._form}{exact}","numerator":"{above}",'
                          f'"denominator":"{below}"{self._tail}')
            found.digest = f'["measured","{exact}","{above}","{below}","{count}"]'
            behind = f"{letters[len(above)]}{above}{letters[len(below)]}{below}"
        # Digits are as long in bytes as in letters, and all of them become bytes at once.
        texts = f"{letters[len(exact)]}{exact}{behind}{last}".encode("latin-1")
        found.columns = b"".join((IS_MEASURED, wire.shown(*value), texts))
        found.ending = NO_ENDING
        found.seen = f"m{exact}|{count}"
        return found


def counted(sample: int) -> tuple[str, str]:
    """A sample as text, and as its column is written, a letter for each byte."""
    return str(sample), wire.whole(sample).decode("latin-1")

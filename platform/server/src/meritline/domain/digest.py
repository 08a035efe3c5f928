"""Digests of inputs and results. Decides what two runs must agree on: natural keys and exact numbers, nothing else.

SHA-256 over canonical JSON (sorted keys, no spaces, rationals as text). No surrogate id, clock, title or explanation
goes in; the order of people, lines and rewards does not matter.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from json.encoder import encode_basestring as quoted
from typing import Any, Final

from meritline.domain.ranking import Card, Place
from meritline.domain.rewarding import RewardLine
from meritline_sdk.evaluate.numbers import fraction, rational_text
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.evaluate.scoring import ScoredLine
from meritline_sdk.evaluate.tallies import Subject

NULL: Final = "null"
WORDS: Final = {None: NULL, True: "true", False: "false"}
SUM_BYTES: Final = 256
PIECE: Final = 2_047
MODULUS: Final = 1 << 8 * SUM_BYTES
CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain(value: Any) -> Any:
    """The value as canonical JSON holds it; a float is refused."""
    match value:
        case None | bool():
            return value
        case Enum():
            return plain(value.value)
        case str():
            return value
        case int() | Fraction():
            return rational_text(Fraction(value))
        case Decimal():
            return rational_text(Fraction(value))
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(part) for key, part in value.items()}
        case set() | frozenset():
            return sorted((plain(part) for part in value), key=json.dumps)
        case list() | tuple():
            return [plain(part) for part in value]
    raise TypeError(f"{value!r} cannot go into a digest")


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal; 1, Decimal("1.00") and Fraction(1) are the same number.

    >>> digest({"b": Decimal("1.00"), "a": None}) == digest({"a": None, "b": 1})
    True
    """
    return sealed(plain(value))


def sealed(value: Any) -> str:
    """The digest of what is canonical already. A run has millions of numbers: they are written once, not looked at."""
    return hashlib.sha256(CANONICAL.encode(value).encode()).hexdigest()


def hashed(text: str) -> str:
    """SHA-256 of a text, in hexadecimal, without letting go of the interpreter.

    Python does so for 2,048 bytes and more. Whoever does it for one short text after the other takes it back each time
    before anybody who waits for it is awake, and never for so long that he would be asked for it: in a run the next
    statement waited for 30 ms.
    """
    data = text.encode()
    found = hashlib.sha256(data[:PIECE])
    for first in range(PIECE, len(data), PIECE):
        found.update(data[first:first + PIECE])
    return found.hexdigest()


def combined(digests: Iterable[str]) -> str:
    """One digest of many, whatever their order."""
    return closed(summed(digests))


def summed(digests: Iterable[str]) -> int:
    """The sum of many digests, each stretched so far that nobody finds others with the same sum: whoever replaces one
    takes it from the sum and adds the new one, without looking at the rest.

    >>> summed(["a", "b"]) == (summed(["b"]) + summed(["a"])) % MODULUS
    True
    """
    return sum(int.from_bytes(hashlib.shake_256(each.encode()).digest(SUM_BYTES)) for each in digests) % MODULUS


def closed(total: int) -> str:
    """The digest of a sum."""
    return hashlib.sha256(kept(total)).hexdigest()


def kept(total: int) -> bytes:
    """A sum as it is kept."""
    return (total % MODULUS).to_bytes(SUM_BYTES)


def content_digest(period: str, scheme: str, scheme_hash: str, card: Card, days: tuple[int, int] | None = None) -> str:
    """The digest of a scorecard without its place, which others decide; ``days`` are those under the scheme of those of
    the period, where it is a part."""
    scored = card.scored
    part = {} if days is None else {"days": [exact(each) for each in days]}
    return sealed({
        "period": period, "scheme": scheme, "scheme_hash": scheme_hash, "kind": card.subject.kind.value,
        "subject": card.subject.key, "department": card.department, "exact": exact(scored.exact),
        "score": exact(scored.score), "grade": scored.grade, "passed": scored.passed, "state": scored.state,
        "lines": [line_plain(line) for line in scored.lines], **part,
    })  # fmt: skip


def ranked(content: str, rank: int | None) -> str:
    """The digest of a scorecard: its content and its rank. Who only moves up or down keeps the content."""
    return sealed({"content": content, "rank": None if rank is None else str(rank)})


def card_digest(period: str, scheme: str, scheme_hash: str, card: Card, place: Place | None,
                days: tuple[int, int] | None = None) -> str:
    """The digest of a scorecard in its place."""
    return ranked(content_digest(period, scheme, scheme_hash, card, days), place.rank if place else None)


@dataclass(slots=True)
class CardText:
    """What ``content_digest`` seals, as text made of finished pieces: a run has thousands of cards of one scheme."""

    period: str
    scheme: str
    scheme_hash: str
    _scheme: str = field(init=False)

    def __post_init__(self) -> None:
        self._scheme = (f',"period":{quoted(self.period)},"scheme":{quoted(self.scheme)},'
                        f'"scheme_hash":{quoted(self.scheme_hash)},"score":')

    def of(self, subject: Subject, department: str | None,
           ended: tuple[str | None, str | None, str | None, bool | None], state: str,
           lines: Sequence[str], days: tuple[int, int] | None) -> str:
        """The text of a card. ``ended``: the exact score and the rounded one as text, the grade, whether passed;
        ``lines``: the canonical JSON of each."""
        exact_score, score, grade, passed = ended
        part = "" if days is None else f'"days":["{days[0]}","{days[1]}"],'
        return (f'{{{part}"department":{maybe(department)},"exact":{maybe(exact_score)},"grade":{maybe(grade)},'
                f'"kind":"{subject.kind.value}","lines":[{",".join(lines)}],"passed":{WORDS[passed]}{self._scheme}'
                f'{maybe(score)},"state":"{state}","subject":{quoted(subject.key)}}}')


def maybe(text: str | None) -> str:
    """A text as canonical JSON has it, or null."""
    return NULL if text is None else quoted(text)


def line_plain(line: ScoredLine) -> dict[str, Any]:
    """What counts of a score line, as canonical JSON holds it."""
    return {
        "position": exact(line.position), "kind": line.kind, "key": line.key, "indicator": line.indicator,
        "target": exact(line.target), "reading": reading_plain(line.reading), "raw": exact(line.raw_points),
        "effective": exact(line.effective_weight), "weighted": exact(line.weighted_points), "policy": line.policy,
    }  # fmt: skip


def reading_plain(reading: Reading) -> list[Any]:
    """What counts of a reading, as canonical JSON holds it."""
    found: list[Any] = [reading.state, exact(reading.value), exact(reading.numerator), exact(reading.denominator),
                        exact(reading.sample)]
    if reading.entered is not None:  # that it was given by hand is part of the result; by whom and when is not
        found.append(["entered", reading.entered.source, reading.entered.note])
    return found


def exact(value: int | Decimal | Fraction | None) -> str | None:
    """The number as canonical JSON holds it."""
    if value is None:
        return None
    return rational_text(fraction(value) if type(value) is Decimal else value)  # type: ignore[arg-type]


def reward_digest(period: str, scheme: str, line: RewardLine) -> str:
    """The digest of a reward line; an act and its detail only where there is one."""
    return told_of(reward_told(period, scheme, line), line.subject)


def reward_told(period: str, scheme: str, line: RewardLine) -> str:
    """What it is made of, without whose it is: the same for all of a kind who are paid alike."""
    act = "" if line.act is None else f'"act":{quoted(line.act)},'
    words = "" if line.detail is None else CANONICAL.encode({"en": line.detail.en, "zh": line.detail.zh})
    detail = f'"detail":{words},' if words else ""
    return (f'{{{act}"amount":{maybe(exact(line.amount))},{detail}"kind":"{line.subject.kind.value}",'
            f'"period":{quoted(period)},"rule":{quoted(line.rule_key)},"scheme":{quoted(scheme)},"subject":')


def told_of(told: str, subject: Subject) -> str:
    """The digest of what is told of a subject."""
    return hashlib.sha256(f"{told}{quoted(subject.key)}}}".encode()).hexdigest()

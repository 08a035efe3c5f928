"""Findings: what is wrong with a declaration, where, and what to do. Decides which of them a host refuses.

The words of each stand in ``words.py``, in both languages. A finding is told whole: whoever mends it needs no other
page open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from meritline_sdk.acceptance.words import WORDS
from meritline_sdk.model.text import Text

LONGEST = 300
"""How much of a foreign text a finding repeats."""


class Severity(StrEnum):
    """``error``: a host refuses it. ``warning``: a host takes it, and should not have to. ``advice``: it could be
    better."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    ``code`` is the code with which a host refuses (``E-PLUGIN-DECLARES`` and others), or ``Q-`` and a word for what
    concerns quality alone; ``rule`` is the one check that found it; ``place`` names the declaration:
    ``elevator.arrival_time.measure.where``.

    >>> found("decimal", "elevator.pay.rules[0].amount", value="NaN").severity
    <Severity.ERROR: 'error'>
    """

    code: str
    severity: Severity
    rule: str
    place: str
    what: Text
    remedy: Text

    def text(self, language: str = "en") -> str:
        """The place, what is wrong and what to do, on one line."""
        return f"{self.reason(language)} {self.remedy.in_language(language)}"

    def reason(self, language: str = "en") -> str:
        """The place and what is wrong."""
        return f"{self.place}: {self.what.in_language(language)}" if self.place else self.what.in_language(language)

    def as_dict(self, language: str = "en") -> dict[str, str]:
        """For programs."""
        return {"code": self.code, "severity": self.severity.value, "rule": self.rule, "place": self.place,
                "what": self.what.in_language(language), "remedy": self.remedy.in_language(language)}


def found(rule: str, place: str, **values: object) -> Finding:
    """The finding of a rule, its words filled; foreign text in them is cut."""
    code, severity, what, remedy = WORDS[rule]
    told = {name: cut(str(value)) for name, value in values.items()}
    return Finding(code, Severity(severity), rule, short(place), filled(what, told), filled(remedy, told))


def filled(words: tuple[str, str], told: dict[str, str]) -> Text:
    """The words in both languages with the values in them."""
    return Text(words[0].format(**told), words[1].format(**told))


def cut(text: str) -> str:
    """The text on one line, not longer than a reader bears, without what no terminal shows."""
    line = "".join(sign if sign.isprintable() else " " for sign in text[: LONGEST + 1]).strip()
    return line if len(text) <= LONGEST else f"{line[:LONGEST]}…"


def short(place: str) -> str:
    """The place; of one that is absurdly deep, its beginning and its end."""
    return place if len(place) <= LONGEST else f"{place[: LONGEST // 2]}...{place[-LONGEST // 2 :]}"


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that a host refuses."""
    return tuple(one for one in findings if one.severity is Severity.ERROR)

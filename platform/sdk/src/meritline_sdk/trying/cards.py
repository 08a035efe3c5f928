"""The scorecards of a company that a file tells of. Decides which schemes can be scored on it, and says why of others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from meritline_sdk.acceptance.scoring import needed
from meritline_sdk.evaluate.readings import UNREAD, Reading
from meritline_sdk.evaluate.scoring import score
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.evaluate.totals import Scored
from meritline_sdk.evaluate.windows import parse
from meritline_sdk.model.blanks import open_blanks
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.items import OWN
from meritline_sdk.model.rewards import RewardTable
from meritline_sdk.model.schemes import Scheme, SubjectKind
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.model.settings import Settings
from meritline_sdk.model.templates import Starter
from meritline_sdk.trying.company import EVERYBODY, Company
from meritline_sdk.trying.readings import reading


@dataclass(frozen=True, slots=True)
class Offered:
    """A scheme of a set, under its full name, with its reward tables and what it sets of its indicators."""

    key: str
    scheme: Scheme
    rewards: tuple[RewardTable, ...]
    settings: Settings = ()
    own: bool = True


@dataclass(frozen=True, slots=True)
class Card:
    """What a subject came to under a scheme."""

    subject: Subject
    scored: Scored


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of a scheme; ``why`` says why there are none, as a rule of ``words`` with its values."""

    offered: Offered
    cards: tuple[Card, ...]
    why: tuple[str, tuple[tuple[str, str], ...]] | None = None


def offered_by(sets: Sequence[IndicatorSet]) -> dict[str, Offered]:
    """Every scheme by its full name; those that a company gets first."""
    found: dict[str, Offered] = {}
    for one in sets:
        for scheme in one.schemes:
            tables = tuple(table for table in one.rewards if table.scheme == scheme.key)
            found[f"{one.key}.{scheme.key}"] = Offered(f"{one.key}.{scheme.key}", scheme, tables)
    for one in sets:
        for each in one.offered():
            name = f"{one.key}.{each.scheme.key}"
            settings = each.settings if isinstance(each, Starter) else ()
            found.setdefault(name, Offered(name, each.scheme, each.rewards, settings, own=False))
    return found


def cards(company: Company, offered: Offered) -> Cards:
    """The cards of the scheme, or why there are none."""
    scheme = offered.scheme
    wanted = needed(scheme)
    if blanks := open_blanks(scheme):
        return Cards(offered, (), ("blanks", (("keys", ", ".join(one.key for one in blanks)),)))
    if parse(company.period)[0] is not scheme.period:
        return Cards(offered, (), ("period", (("kind", scheme.period.value),)))
    if absent := sorted({key for key, _ in wanted if key not in company.indicators and not key.startswith("score:")}):
        return Cards(offered, (), ("absent", (("keys", ", ".join(absent)),)))
    found = tuple(Card(subject, score(scheme, read_for(company, wanted, subject), company.indicators))
                  for subject in subjects(company, scheme, wanted))
    return Cards(offered, found, None if found else ("nobody", ()))


type Wanted = Mapping[tuple[str, str], object]


def subjects(company: Company, scheme: Scheme, wanted: Wanted) -> Iterator[Subject]:
    """Who is appraised: everybody of that kind who has a reading of their own, measured or not."""
    if scheme.subject is SubjectKind.COMPANY:
        yield EVERYBODY
        return
    named = {subject for key, whose in wanted if whose == OWN and key in company.indicators
             for subject in company.subjects_of(company.indicators[key])}
    yield from sorted(subject for subject in named if subject.kind is scheme.subject)


def read_for(company: Company, wanted: Wanted, subject: Subject) -> dict[tuple[str, str], Reading]:
    """What the scheme reads for a subject; whose department a person is in, a file does not say."""
    found: dict[tuple[str, str], Reading] = {}
    for key, whose in wanted:
        holder = subject if whose == OWN else EVERYBODY if whose == SubjectKind.COMPANY.value else None
        indicator: AnyIndicator | None = company.indicators.get(key)
        found[key, whose] = (reading(company, key, indicator, holder).reading if holder and indicator is not None
                             else UNREAD)
    return found

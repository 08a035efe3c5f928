"""The digest of what a run was computed from. Decides what counts as input: the same input must give the same result.

Definitions with their parameters, the calendar, the people with positions and departments, what was delivered, every
number that a line looked at, the ratings, what was entered by hand, and what other periods came to where something
rests on it; by natural keys, whatever their order in the database. What was tallied of a subject's own records is
sealed by itself, the rest together in a frame: so a corrected record changes one seal, and the whole is made of seals.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from json.encoder import encode_basestring as quoted
from typing import Final
from uuid import UUID

from meritline.appraisal.definitions import TenantIndicator
from meritline.appraisal.figures.readings import figure_facts
from meritline.appraisal.figures.values import Figure
from meritline.appraisal.rated import source_key, with_sources
from meritline.appraisal.run.earlier import Earlier
from meritline.appraisal.run.readings import Ratings, SubjectId, target_of
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.subjects import Stay
from meritline.appraisal.run.tallied import told_of
from meritline.domain.digest import closed, sealed, summed
from meritline_sdk.evaluate.quick import Remembered
from meritline_sdk.evaluate.ratings import Rating
from meritline_sdk.model.canonical import to_plain
from meritline_sdk.model.rewards import Coefficient, RewardTable
from meritline_sdk.model.schemes import OWN

WORDS: Final = {None: "null", True: "true", False: "false"}
type Names = Mapping[SubjectId, str]


def input_digest(period: str, appraisals: Sequence[Appraisal], ratings: Ratings, covered: Sequence[tuple[int, str]],
                 names: Names, company: UUID, calendar: str, earlier: Earlier) -> str:
    """The digest of everything: the frame, and what was tallied of each subject's own records."""
    frame = frame_digest(period, appraisals, ratings, covered, names, company, calendar, earlier)
    return whole_of(frame, (one for each in appraisals for one in each.tallied.values()))


def whole_of(frame: str, tallied: Iterable[str]) -> str:
    """The digest of a frame and of what was tallied for all scorecards, whatever their order."""
    return whole_of_sum(frame, summed(tallied))


def whole_of_sum(frame: str, tallied: int) -> str:
    """The same from the sum of what was tallied."""
    return sealed({"frame": frame, "tallied": closed(tallied)})


def frame_digest(period: str, appraisals: Sequence[Appraisal], ratings: Ratings, covered: Sequence[tuple[int, str]],
                 names: Names, company: UUID, calendar: str, earlier: Earlier) -> str:
    """SHA-256 over one line for each fact that is not of a subject's own records, in order of the lines."""
    facts = [f"period {period}", f"calendar {calendar}"]
    facts += [f"covered {earlier} {record}" for earlier, record in covered]
    editions: dict[int, list[Appraisal]] = {}
    for each in appraisals:
        facts += scheme_facts(each)
        facts += earlier_facts(each, earlier, company)
        editions.setdefault(id(each.reader), []).append(each)
    read: set[str] = set()
    for some in editions.values():
        read.update(reading_facts(some, ratings, names, company, earlier, several=len(editions) > 1))
    return hashlib.sha256("".join([f"{fact}\n" for fact in sorted([*facts, *read])]).encode()).hexdigest()


def reading_facts(appraisals: Sequence[Appraisal], ratings: Ratings, names: Names, company: UUID, earlier: Earlier, *,
                  several: bool) -> Iterator[str]:
    """What schemes that agree on their definitions looked at. Where there are ``several`` such groups, every number is
    told with the definition that it was read by, and every scheme with those that it pinned."""
    reader, indicators = appraisals[0].reader, appraisals[0].indicators
    looked: dict[str, list[Set[SubjectId]]] = {}

    def called(key: str) -> str:
        return f"{key}@{indicators[key].definition_hash}" if several else key

    for each in appraisals:
        targets = Remembered(partial(targets_of, each, company))
        for key, read_from in each.wanted:
            if key in earlier.scores.asked:
                continue
            looked.setdefault(key, []).append(targets[read_from])
            if read_from != OWN:
                for target in targets[read_from]:
                    told = told_of(called(key), reader.tallies_of(key), target)
                    yield from (f"tally {target[0]} {names[target]} {line}" for line in told.splitlines())
            if several:
                yield fact("pinned", each.chosen.scheme.key, key, indicators[key].definition_hash)
    yield from (definition_fact(key, indicators[key]) for key in with_sources(looked, indicators))
    yield from (entered_fact(key, (kind, one), figure, names) for (key, kind, one), figure in reader.entered.items()
                if among((kind, one), looked.get(key, ())))
    yield from (f"failed {called(key)} {reason}" for key, reason in reader.broken.items() if key in looked)
    heard: dict[str, list[Set[SubjectId]]] = {}
    for key, some in looked.items():
        heard.setdefault(source_key(key, indicators[key].indicator), []).extend(some)
    yield from (f"rating {scheme} {key} {names[target]} {' '.join(sorted(map(rating_text, given)))}"
                for (scheme, key, target), given in ratings.items() if among(target, heard.get(key, ())))


def among(target: SubjectId, some: Iterable[Set[SubjectId]]) -> bool:
    """Whether the target is in one of them."""
    return any(target in each for each in some)


def targets_of(each: Appraisal, company: UUID, read_from: str) -> set[SubjectId]:
    """Whose readings a scheme looks at."""
    targets = (target_of(who, read_from, company) for who in each.people)
    return {target for target in targets if target is not None}


def rating_text(one: Rating) -> str:
    """A rating, exactly."""
    return f"{one.role}:{one.value}:{one.scale_min}:{one.scale_max}"


def scheme_facts(each: Appraisal) -> Iterator[str]:
    """The scheme, its rewards and its people."""
    key = each.chosen.scheme.key
    yield f"scheme {key} {each.chosen.hash} {each.chosen.reward_hash}"
    for who in each.people:
        pay = () if who.base_pay is None or each.chosen.reward is None else (str(who.base_pay),)
        yield fact("subject", key, who.subject.kind, who.subject.key, who.department_code, who.position, *pay)
        if who.stay is not None and counts(who.stay, each.chosen.reward):
            yield fact("stay", key, who.subject.key, who.stay.days, who.stay.period_days, who.stay.to_the_end,
                       who.stay.employment)
        if who.performance_pay is not None and pays_base(each.chosen.reward):
            yield fact("performance_pay", key, who.subject.key, who.performance_pay)


def fact(*parts: object) -> str:
    """One line of what went in."""
    return f"[{', '.join([WORDS[each] if each is None or each is True or each is False else quoted(str(each))
                          for each in parts])}]"


def counts(stay: Stay, table: RewardTable | None) -> bool:
    """Whether it matters how long somebody was there: where it is less than the period, or rewards have terms."""
    return stay.days < stay.period_days or bool(table and table.terms)


def pays_base(table: RewardTable | None) -> bool:
    """Whether a rule pays by the personal base."""
    return any(isinstance(rule, Coefficient) for rule in (table.rules if table else ()))


def earlier_facts(each: Appraisal, earlier: Earlier, company: UUID) -> Iterator[str]:
    """What other periods came to for the scheme's people, as far as it was looked at."""
    key = each.chosen.scheme.key
    history, shares = earlier.history.get(key, {}), earlier.shares.get(key, {})
    asked = [need for need in each.wanted if need[0] in earlier.scores.asked]
    for who in each.people if history or shares or asked else ():
        own = who.subject.kind, who.id
        for one in history.get(own, ()):
            yield fact("earlier", key, who.subject.kind, who.subject.key, one.period, one.score, one.grade, one.passed,
                       one.rank, one.among)
        for item, carried in shares.get(own, {}).items():
            yield fact("share", key, who.subject.kind, who.subject.key, item, carried.period, carried.share)
        for need in asked:
            target = target_of(who, need[1], company)
            for found in () if target is None else earlier.scores.of(need[0], target):
                yield fact("score", key, *need, who.subject.kind, who.subject.key, found.period, found.score,
                           found.why)


def definition_fact(key: str, one: TenantIndicator) -> str:
    """The indicator as the tenant has it."""
    parameters = {name: to_plain(value) for name, value in one.parameters.items()}
    return (f"indicator {key} {one.definition_hash} {one.minimum_sample} "
            f"{json.dumps(parameters, ensure_ascii=False, sort_keys=True)}")


def entered_fact(key: str, target: SubjectId, figure: Figure, names: Names) -> str:
    """What somebody entered for one subject."""
    return json.dumps(["entered", key, target[0].value, names[target], *figure_facts(figure)], ensure_ascii=False)

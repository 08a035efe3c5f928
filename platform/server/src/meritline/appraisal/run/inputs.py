"""The digest of what a run was computed from. Decides what counts as input: the same input must give the same result.

Definitions with their parameters, the calendar, the people with positions and departments, what was delivered, every
number that a line looked at, the ratings, what was entered by hand, and what other periods came to where something
rests on it; by natural keys, whatever their order in the database.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from meritline.appraisal.definitions import TenantIndicator
from meritline.appraisal.figures.readings import figure_facts
from meritline.appraisal.rated import source_key, with_sources
from meritline.appraisal.run.earlier import Earlier
from meritline.appraisal.run.readings import Ratings, Reader, SubjectId, records_of, target_of
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.subjects import Stay
from meritline.measuring.taken import rows_digest
from meritline_sdk.evaluate.ratings import Rating
from meritline_sdk.evaluate.tallies import Tallied
from meritline_sdk.model.canonical import to_plain
from meritline_sdk.model.rewards import Coefficient, RewardTable

type Names = Mapping[SubjectId, str]


def input_digest(period: str, appraisals: Sequence[Appraisal], ratings: Ratings, covered: Sequence[tuple[int, str]],
                 names: Names, company: UUID, calendar: str, earlier: Earlier) -> str:
    """SHA-256 over one line for each fact, in order of the lines."""
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
    whole = hashlib.sha256()
    for fact in sorted([*facts, *read]):
        whole.update(fact.encode() + b"\n")
    return whole.hexdigest()


def reading_facts(appraisals: Sequence[Appraisal], ratings: Ratings, names: Names, company: UUID, earlier: Earlier, *,
                  several: bool) -> Iterator[str]:
    """What schemes that agree on their definitions looked at. Where there are ``several`` such groups, every number is
    told with the definition that it was read by, and every scheme with those that it pinned."""
    reader, indicators = appraisals[0].reader, appraisals[0].indicators
    used: set[str] = set()
    looked: set[tuple[str, SubjectId]] = set()
    tallied: set[tuple[str, SubjectId]] = set()
    for each in appraisals:
        for key, read_from in each.wanted:
            if key in earlier.scores.asked:
                continue
            used.add(key)
            targets = (target_of(who, read_from, company) for who in each.people)
            looked |= {(key, target) for target in targets if target is not None}
            records = (records_of(who, read_from, company) for who in each.people)
            tallied |= {(key, target) for target in records if target is not None}
            if several:
                yield fact("pinned", each.chosen.scheme.key, key, indicators[key].definition_hash)
    called = {key: f"{key}@{indicators[key].definition_hash}" if several else key for key in used}
    yield from (definition_fact(key, indicators[key]) for key in with_sources(used, indicators))
    yield from (fact for key, target in tallied for fact in tally_facts(key, target, reader, names, called[key]))
    yield from (fact for key, target in looked for fact in entered_facts(key, target, reader, names))
    yield from (f"failed {called[key]} {reason}" for key, reason in reader.broken.items() if key in used)
    heard = {(source_key(key, indicators[key].indicator), target) for key, target in looked}
    yield from (f"rating {scheme} {key} {names[target]} {' '.join(sorted(map(rating_text, given)))}"
                for (scheme, key, target), given in ratings.items() if (key, target) in heard)


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
    return json.dumps([None if each is None else each if isinstance(each, bool) else str(each) for each in parts],
                      ensure_ascii=False)


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
    for who in each.people:
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


def tally_facts(key: str, target: SubjectId, reader: Reader, names: Names, called: str) -> Iterator[str]:
    """What was tallied for one subject; the indicator is ``called`` so."""
    for place, (_, subjects) in enumerate(reader.tallies_of(key)):
        found = subjects.get(target)
        if found is not None:
            yield f"tally {called} {place} {target[0]} {names[target]} {tallied_text(found)}"


def entered_facts(key: str, target: SubjectId, reader: Reader, names: Names) -> Iterator[str]:
    """What somebody entered for one subject."""
    figure = reader.figure_of(key, target)
    if figure is not None:
        facts = ["entered", key, target[0].value, names[target], *figure_facts(figure)]
        yield json.dumps(facts, ensure_ascii=False)


def tallied_text(found: Tallied) -> str:
    """The tally, exactly."""
    told = f"{found.amount} {found.records} {','.join(map(str, found.values))}"
    return f"{told} {rows_digest(found.rows)}" if found.rows else told

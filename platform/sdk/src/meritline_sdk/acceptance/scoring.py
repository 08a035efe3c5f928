"""Whether schemes and reward tables can say themselves, and schemes score with everything measured and with nothing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from meritline_sdk.acceptance.findings import Finding, found
from meritline_sdk.acceptance.parts import REFUSED, told
from meritline_sdk.evaluate.numbers import fraction
from meritline_sdk.evaluate.readings import MEASURED, Reading
from meritline_sdk.evaluate.scoring import COMPLETE, Scored, score
from meritline_sdk.explain import line_text, score_text
from meritline_sdk.explain.declared_rewards import reward_sentences
from meritline_sdk.explain.declared_schemes import scheme_sentences
from meritline_sdk.model.blanks import open_blanks
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.items import OWN, SCORE, Item, Part, key_of, source_of
from meritline_sdk.model.rewards import RewardTable
from meritline_sdk.model.schemes import Scheme
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.model.settings import fitting
from meritline_sdk.model.text import Text

type Known = Mapping[str, AnyIndicator]
type Needed = Mapping[tuple[str, str], Fraction]
"""What a scheme reads (source and from whom), each with a value at which it can be tried: its target, or one."""

LANGUAGES = ("en", "zh")
SAMPLE = 1000
MONEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
"""A name of money: a key, with what some rules put before it."""


def schemes_of(one: IndicatorSet) -> tuple[tuple[Scheme, tuple[RewardTable, ...]], ...]:
    """Every scheme of a set, also those that are offered, each with its reward tables."""
    own = tuple((scheme, tuple(table for table in one.rewards if table.scheme == scheme.key)) for scheme in one.schemes)
    return (*own, *((each.scheme, each.rewards) for each in one.offered()))


def scheme_problems(one: IndicatorSet, known: Known) -> Iterator[Finding]:
    """What is wrong with the schemes of a set; one that names an indicator from elsewhere is said, and not scored."""
    yield from blank_problems(one)
    for scheme, tables in schemes_of(one):
        place = f"{one.key}.{scheme.key}"
        yield from unpaid(tables, f"{one.key}")
        wrong = list(unnamed(one, scheme, tables, known, place)) or list(unsaid(scheme, tables, known, place))
        yield from wrong
        if not wrong and not open_blanks(scheme) and not missing(scheme, known):
            yield from unscored(scheme, known, place)


def unnamed(one: IndicatorSet, scheme: Scheme, tables: Sequence[RewardTable], known: Known,
            place: str) -> Iterator[Finding]:
    """Names of indicators that nobody has: what is only offered may name those of a set that is not at hand."""
    named = [*(key for key, _ in needed(scheme)), *(key_of(indicator) for table in tables for rule in table.rules
                                                   if (indicator := getattr(rule, "indicator", None)) is not None)]
    here, sets = {one.key, *one.uses}, {key.partition(".")[0] for key in known}
    for key in dict.fromkeys(named):
        home = key.partition(".")[0]
        absent = key not in known and not key.startswith(SCORE) and (home == one.key or home in sets)
        if absent or (scheme in one.schemes and home not in here and not key.startswith(SCORE)):
            yield found("named", place, value=key)
    for starter in one.starters:
        if starter.scheme is scheme:
            try:
                for key, values in starter.settings:
                    if key in known:
                        fitting(known[key], values, place)
            except REFUSED as wrong:
                yield found("meaning", place, reason=told(wrong))


def blank_problems(one: IndicatorSet) -> Iterator[Finding]:
    """Numbers left open in what a company gets without being asked: a template says them, and is filled."""
    parts: tuple[Scheme | RewardTable, ...] = (*one.schemes, *one.rewards)
    for part in parts:
        for blank in open_blanks(part):
            yield found("open", f"{one.key}.{part.key}", value=blank.key)


def unpaid(tables: Sequence[RewardTable], place: str) -> Iterator[Finding]:
    """Money without a name that can be filed."""
    for table in tables:
        for rule in table.rules:
            for name in (rule.pays, getattr(rule, "reduces", rule.pays)):
                if not MONEY.fullmatch(name):
                    yield found("key", f"{place}.{table.key}.{rule.key}", value=name)
                    break


def unsaid(scheme: Scheme, tables: Sequence[RewardTable], known: Known, place: str) -> Iterator[Finding]:
    """Where no sentences can be made."""
    for language in LANGUAGES:
        try:
            scheme_sentences(scheme, known, language)
            for table in tables:
                reward_sentences(table, scheme, known, language)
        except REFUSED as wrong:
            yield found("sentence", place, reason=told(wrong))
            return


def missing(scheme: Scheme, known: Known) -> frozenset[str]:
    """The indicators that it names and that are not at hand."""
    return frozenset(key for key, _ in needed(scheme) if key not in known and not key.startswith(SCORE))


def unscored(scheme: Scheme, known: Known, place: str) -> Iterator[Finding]:
    """Where a scorecard cannot be computed, or is none though everything was measured."""
    wanted = needed(scheme)
    cases = {"everything at its target": wanted, "everything at zero": dict.fromkeys(wanted, Fraction(0)),
             "nothing measured": {}}
    for case, values in cases.items():
        readings = {key: Reading(MEASURED, value, sample=SAMPLE) for key, value in values.items()}
        try:
            result = score(scheme, readings, known)
            told_in_words(result)
        except REFUSED as wrong:
            yield found("scored", place, case=case, reason=told(wrong))
            return
        if bool(values) != (result.score is not None) or (values and result.state != COMPLETE):
            yield found("scored", place, case=case, reason=f"the score is {result.score}, the card {result.state}")


def told_in_words(result: Scored) -> None:
    """Every explanation of the card; raises where one cannot be made."""
    for language in LANGUAGES:
        score_text(result.steps, language)
        for line in result.lines:
            line_text(line.steps, line.title or Text(line.key, line.key), language)


def needed(scheme: Scheme) -> Needed:
    """What the scheme reads."""
    found: dict[tuple[str, str], Fraction] = {}
    for item in scheme.items:
        if item.parts:
            found |= dict(of_parts(item, item.parts))
        else:
            found[source_of(item), item.read_from] = aim(item.target)
    for event in scheme.events:
        found[key_of(event.indicator), event.read_from] = aim(event.target)
    for veto in scheme.vetoes:
        found.setdefault((key_of(veto.indicator), veto.read_from), Fraction(1))
    for granted in scheme.grades.granted if scheme.grades else ():
        found.setdefault((key_of(granted.indicator), OWN), Fraction(0))
    return found


def of_parts(item: Item, parts: Sequence[Part]) -> Iterator[tuple[tuple[str, str], Fraction]]:
    """What the parts of a composite read."""
    for part in parts:
        yield from of_parts(item, part.parts) if part.parts else [
            ((key_of(part.indicator), item.read_from), aim(part.target))]


def aim(target: object) -> Fraction:
    """The value at which a line is tried; a blank has none."""
    return Fraction(1) if target is None or open_blanks(target) else fraction(target)

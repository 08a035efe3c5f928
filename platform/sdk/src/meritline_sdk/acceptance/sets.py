"""Everything that is wrong with the sets of a plugin. Decides the order in which it is looked for and told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from meritline_sdk.acceptance.findings import Finding, found
from meritline_sdk.acceptance.measures import require_measurable
from meritline_sdk.acceptance.parts import REFUSED, part_problems, told
from meritline_sdk.acceptance.records import extension_problems, record_problems
from meritline_sdk.acceptance.scoring import scheme_problems
from meritline_sdk.acceptance.types import foreign, hints_of, shown, type_problems
from meritline_sdk.explain import sentence
from meritline_sdk.model.canonical import canonical, parse
from meritline_sdk.model.indicators import AnyIndicator, Indicator, RatedIndicator
from meritline_sdk.model.records import KEY, RecordDeclaration
from meritline_sdk.model.sets import IndicatorSet, require_consistent

KEPT = "own"
LANGUAGES = ("en", "zh")
MOST = {"records": 200, "indicators": 1000, "schemes": 200, "rewards": 200, "templates": 200, "starters": 200,
        "uses": 100, "extensions": 200}
MOST_CHARACTERS = 16_000_000
GROUPS = ("records", "extensions", "indicators", "schemes", "rewards", "templates", "starters")

type Sets = Sequence[IndicatorSet]


def problems_of(sets: Sequence[Any], others: Sets = ()) -> tuple[Finding, ...]:
    """Everything for which a host refuses these sets, in the order of the declarations.

    ``others`` are the sets that these use, where they are at hand; what cannot be told without them is not told. One of
    them that is broken itself is as good as absent: its own plugin is refused for it.
    """
    others = [one for one in others if is_readable(one)]
    wrong: list[Finding] = []
    good: list[IndicatorSet] = []
    for number, one in enumerate(sets):
        if type(one) is not IndicatorSet:
            wrong.append(foreign(one, (IndicatorSet,), f"[{number}]"))
            continue
        beside = [other for other in sets if other is not one and is_readable(other)]
        mine = list(head_problems(one)) or list(inside(one, [*beside, *others]))
        wrong += mine
        good += [] if mine else [one]
    wrong += together(good)
    return tuple(dict.fromkeys(wrong))


def is_readable(one: Any) -> bool:
    """Whether a set's records and indicators can at least be looked up by their keys."""
    try:
        parts = (*one.records, *one.indicators)
        return type(one) is IndicatorSet and not list(head_problems(one)) and all(
            type(part) in (RecordDeclaration, Indicator, RatedIndicator) and type(part.key) is str for part in parts)
    except REFUSED:
        return False


def head_problems(one: IndicatorSet) -> Iterator[Finding]:
    """The set's own key, title and groups, before anything in them is looked at."""
    hints, place = dict(hints_of(IndicatorSet)), shown_key(one)
    for name in ("key", "title", "uses"):
        yield from part_problems(getattr(one, name, None), hints[name], f"{place}.{name}")
    for name, most in MOST.items():
        group = getattr(one, name, None)
        if type(group) is not tuple:
            yield from type_problems(group, hints[name], f"{place}.{name}")
        elif len(group) > most:
            yield found("many", place, count=len(group), what=name, most=most)


def shown_key(one: Any) -> str:
    """The key by which places are named, whatever stands there."""
    key = getattr(one, "key", None)
    return key if type(key) is str and KEY.fullmatch(key) else shown(key)


def inside(one: IndicatorSet, sets: Sets) -> Iterator[Finding]:
    """What is wrong with the parts of a set, and with the whole where its parts are well."""
    if not KEY.fullmatch(one.key) or one.key == KEPT:
        yield found("kept" if one.key == KEPT else "key", shown_key(one), value=one.key)
        return  # every name inside begins with it
    wrong = [each for name in GROUPS for each in group_problems(one, name)]
    yield from wrong
    if wrong:
        return
    yield from among(one, sets)
    yield from written(one)


def among(one: IndicatorSet, sets: Sets) -> Iterator[Finding]:
    """What is wrong with a set, whose parts are well, beside these others: what it uses may have changed."""
    wrong: list[Finding] = []
    used = [other for other in sets if other.key in one.uses]
    known = {other.key for other in used} >= set(one.uses)
    records = {record.key: record for each in (*used, one) for record in each.records}
    records |= {each.record: each.widened(records[each.record]) for each in one.extensions if each.record in records}
    for indicator in one.indicators:
        wrong += indicator_problems(indicator, f"{one.key}.{indicator.key}", records if known else None)
    if known and not wrong:
        wrong += raised("meaning", one.key, lambda: require_consistent(one, tuple(used)))
    yield from wrong
    every = {f"{each.key}.{indicator.key}": indicator for each in (one, *others_of(one, sets))
             for indicator in each.indicators}
    yield from rated_problems(one, every)
    yield from scheme_problems(one, every)


def others_of(one: IndicatorSet, sets: Sets) -> list[IndicatorSet]:
    """The other sets at hand, whose indicators what is offered may name."""
    return [other for other in sets if other.key != one.key]


def group_problems(one: IndicatorSet, name: str) -> Iterator[Finding]:
    """The parts of one group: records, indicators, schemes."""
    hint = dict(hints_of(IndicatorSet))[name].__args__[0]
    for number, part in enumerate(getattr(one, name)):
        place = f"{one.key}.{part_name(part, name, number)}"
        wrong = part_problems(part, hint, place)
        yield from wrong
        if not wrong and name == "records":
            yield from record_problems(part, place)
        elif not wrong and name == "extensions":
            yield from extension_problems(part, place)


def part_name(part: Any, group: str, number: int) -> str:
    """What a part is called in a place."""
    key = getattr(getattr(part, "scheme", part) if group in ("templates", "starters") else part, "key",
                  getattr(part, "record", None))
    return key if type(key) is str and KEY.fullmatch(key) else f"{group}[{number}]"


def indicator_problems(indicator: AnyIndicator, place: str,
                       records: Mapping[str, RecordDeclaration] | None) -> Iterator[Finding]:
    """What an indicator means, and whether it can be said."""
    if isinstance(indicator, Indicator) and records is not None:
        wrong = list(raised("meaning", f"{place}.measure", lambda: require_measurable(indicator, records)))
        yield from wrong
        if wrong:
            return
    for language in LANGUAGES:
        yield from raised("sentence", place, lambda: sentence(indicator, language, records or {}))  # noqa: B023


def rated_problems(one: IndicatorSet, known: Mapping[str, AnyIndicator]) -> Iterator[Finding]:
    """Rated indicators that read the ratings of one that is none, or is itself read from another."""
    sets = {key.partition(".")[0] for key in known}
    for indicator in one.indicators:
        of = indicator.of if isinstance(indicator, RatedIndicator) else None
        if of is None:
            continue
        name = of if "." in of else f"{one.key}.{of}"
        source = known.get(name)
        absent = source is None and name.partition(".")[0] in sets
        if absent or (source is not None and (not isinstance(source, RatedIndicator) or source.of is not None)):
            yield found("named", f"{one.key}.{indicator.key}.of", value=name)


def written(one: IndicatorSet) -> Iterator[Finding]:
    """Whether the set can be written down, and read again as the same."""
    try:
        text = canonical(one)
        if len(text) > MOST_CHARACTERS:
            yield found("many", one.key, count=len(text), what="characters", most=MOST_CHARACTERS)
            return
        again = parse(text)
        text.encode()
    except REFUSED as wrong:
        yield found("canonical", one.key, reason=told(wrong))
        return
    if again != one or canonical(again) != text:
        yield found("canonical", one.key, reason="what is read again says something else")


def together(sets: Sets) -> Iterator[Finding]:
    """Where the sets of one plugin contradict each other."""
    keys = [one.key for one in sets]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield found("set_twice", key, value=key)
    first: dict[str, tuple[str, RecordDeclaration]] = {}
    for one in sets:
        for record in one.records:
            other, known = first.setdefault(record.key, (one.key, record))
            if known != record:
                yield found("record_twice", f"{one.key}.{record.key}", value=record.key, first=other, second=one.key)


def raised(rule: str, place: str, check: Callable[[], object]) -> Iterator[Finding]:
    """The finding of a check that raises."""
    try:
        check()
    except REFUSED as wrong:
        yield found(rule, place, reason=told(wrong))

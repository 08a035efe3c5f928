"""Which readings a scheme and its reward table look at. Decides what the one pass over the records is asked for."""

from collections.abc import Iterable, Iterator

from meritline_sdk.model.policies import WITHOUT, policy_for
from meritline_sdk.model.rewards import Pool, RewardTable
from meritline_sdk.model.schemes import CARRY, OWN, Item, Part, Scheme, ScoreOf, key_of, source_of

type Need = tuple[str, str]
"""An indicator's full key, or that of scores of shorter periods; and whose: ``own``, ``department``, ``company``."""


def needs(scheme: Scheme, table: RewardTable | None) -> tuple[Need, ...]:
    """Every reading, without repetition."""
    found = [*scheme_needs(scheme), *(table_needs(table) if table else ())]
    return tuple(dict.fromkeys(found))


def scheme_needs(scheme: Scheme) -> Iterator[Need]:
    """What the score lines, the vetoes and the granted grades read."""
    for item in scheme.items:
        yield from ((key, item.read_from) for key in named(item))
    yield from ((key_of(event.indicator), event.read_from) for event in scheme.events)
    yield from ((key_of(veto.indicator), veto.read_from) for veto in scheme.vetoes)
    yield from ((key_of(one.indicator), OWN) for one in (scheme.grades.granted if scheme.grades else ()))


def named(item: Item) -> Iterator[str]:
    """What an item reads: its own indicator, those of its parts, or scores of shorter periods."""
    if item.parts:
        yield from parts_named(item.parts)
    else:
        yield source_of(item)


def parts_named(parts: Iterable[Part]) -> Iterator[str]:
    """The indicators of parts, and of the parts that they have."""
    for part in parts:
        if part.parts:
            yield from parts_named(part.parts)
        else:
            yield key_of(part.indicator)


def table_needs(table: RewardTable) -> Iterator[Need]:
    """What the reward rules read."""
    for rule in table.rules:
        indicator = getattr(rule, "indicator", None)
        if indicator is not None:
            yield key_of(indicator), rule.read_from if isinstance(rule, Pool) else OWN


def scores_asked(schemes: Iterable[Scheme]) -> dict[str, ScoreOf]:
    """What is read from the scores of shorter periods, by the key under which it is filed."""
    return {item.score_of.key: item.score_of for scheme in schemes for item in scheme.items if item.score_of}


def rows_needed(table: RewardTable | None) -> int:
    """The most periods in a row that a rule of the table asks for; none where no rule does."""
    rows = (getattr(rule, "in_a_row", None) for rule in (table.rules if table else ()))
    return max((row.periods for row in rows if row is not None), default=0)


def carrying(scheme: Scheme) -> list[str]:
    """The items that take the share of an earlier period in some state, by name."""
    def may(item: Item) -> bool:
        return any(policy_for(state, item.policies, item.missing, scheme.policies, scheme.missing) == CARRY
                   for state in WITHOUT)
    return [item.name() for item in scheme.items if may(item)]

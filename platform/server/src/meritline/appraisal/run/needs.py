"""Which readings a scheme and its reward table look at. Decides what the one pass over the records is asked for."""

from collections.abc import Iterable, Iterator

from meritline_sdk.model.rewards import Pool, RewardTable
from meritline_sdk.model.schemes import OWN, Item, Scheme, key_of

type Need = tuple[str, str]
"""An indicator's full key, and whose reading it is: ``own``, ``department`` or ``company``."""


def needs(scheme: Scheme, table: RewardTable | None) -> tuple[Need, ...]:
    """Every reading, without repetition."""
    found = [*scheme_needs(scheme), *(table_needs(table) if table else ())]
    return tuple(dict.fromkeys(found))


def scheme_needs(scheme: Scheme) -> Iterator[Need]:
    """What the score lines read."""
    for item in scheme.items:
        yield from ((key, item.read_from) for key in named(item))
    yield from ((key_of(event.indicator), event.read_from) for event in scheme.events)


def named(item: Item) -> Iterable[str]:
    """The indicators of an item: its own, or those of its parts."""
    return [key_of(part.indicator) for part in item.parts] if item.parts else [key_of(item.indicator)]


def table_needs(table: RewardTable) -> Iterator[Need]:
    """What the reward rules read."""
    for rule in table.rules:
        indicator = getattr(rule, "indicator", None)
        if indicator is not None:
            yield key_of(indicator), rule.read_from if isinstance(rule, Pool) else OWN

"""By which fields other records are looked for. Decides which indexes record tables have besides that of the moment.

An indicator that looks at other records asks once for each record it measures; without an index each of these looks
would walk through all records of the company. Every index slows imports, so a look that is served by the index of
another, because that ties fewer of the same fields, has none of its own.
"""

from collections.abc import Iterable, Iterator, Mapping

from meritline_sdk.model import nodes
from meritline_sdk.model.indicators import AnyIndicator, Indicator, indicator_tallies
from meritline_sdk.model.kinds import TEXTUAL, Kind
from meritline_sdk.model.nodes import Field, Other, Related, walk
from meritline_sdk.model.related import conjuncts, ties

type Keys = tuple[str, ...]

TYING = frozenset({Kind.CODE, Kind.PERSON, Kind.TEAM, Kind.DAY, Kind.INT, Kind.INSTANT})
"""Kinds that tell records apart; a choice or a yes hardly does."""


def looked_up(indicators: Iterable[AnyIndicator]) -> Mapping[str, tuple[Keys, ...]]:
    """For each record type the fields by which its records are looked for, in an order that never changes."""
    looks = sorted({(node.record, tied_by(node)) for node in looks_of(indicators)}, key=lambda each: (
        each[0], len(each[1]), each[1]))  # fmt: skip
    found: dict[str, list[Keys]] = {}
    for record, keys in looks:
        known = found.setdefault(record, [])
        if keys and not any(set(other) <= set(keys) for other in known):
            known.append(keys)
    return {record: tuple(keys) for record, keys in found.items() if keys}


def looks_of(indicators: Iterable[AnyIndicator]) -> Iterator[Related]:
    """Every look at other records."""
    return (node for one in indicators if isinstance(one, Indicator) for tally in indicator_tallies(one)
            for part in tally.nodes() for node in walk(part) if isinstance(node, Related))  # fmt: skip


def tied_by(look: Related) -> Keys:
    """The other record's fields that must equal one of the record's own, in order of writing."""
    found = (sides(part) for part in conjuncts(look.where) if ties(part))
    return tuple(dict.fromkeys(other.name for other, own in found if other.kind in TYING and alike(other, own)))


def sides(part: nodes.Node) -> tuple[Field, Field]:
    """The other record's field and the record's own that must be equal."""
    left, right = nodes.children(part)
    return (left.field, right) if isinstance(left, Other) else (right.field, left)  # type: ignore[union-attr,return-value]


def alike(other: Field, own: Field) -> bool:
    """Whether the two are stored alike, so that an index can compare them."""
    return other.kind is own.kind or {other.kind, own.kind} <= TEXTUAL

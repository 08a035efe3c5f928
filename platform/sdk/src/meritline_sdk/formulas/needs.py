"""Which record types and fields a measure looks at: what a company must deliver before it measures anything."""

from meritline_sdk.model.credits import credits_of
from meritline_sdk.model.measures import Measure, Tally, tallies_of
from meritline_sdk.model.nodes import Field, Node, Other, walk

EVERY_RECORD_HAS = frozenset({"external_id", "source"})
"""What the server knows of a record by itself: its id outside, and who delivered it."""


def fields_needed(measure: Measure) -> tuple[tuple[str, str], ...]:
    """(record type, field), in order of name."""
    found = {(node.record, node.name) for tally in tallies_of(measure) for node in fields_in(tally)}
    return tuple(sorted(each for each in found if each[1] not in EVERY_RECORD_HAS))


def record_types(measure: Measure) -> tuple[str, ...]:
    """The record types, also those that are only looked at beside the measured ones."""
    own = {tally.record for tally in tallies_of(measure) if tally.record}
    return tuple(sorted(own | {record for record, _ in fields_needed(measure)}))


def fields_in(tally: Tally) -> list[Field]:
    """The fields of a tally, those of its credit among them."""
    holders = [one.field for one in credits_of(tally.credit) if one.field is not None]
    return [*holders, *(field for part in tally.nodes() for node in walk(part) if (field := field_of(node)))]


def field_of(node: Node) -> Field | None:
    """The field that a node looks at, of its own record or of another."""
    if isinstance(node, Other):
        return node.field
    return node if isinstance(node, Field) else None

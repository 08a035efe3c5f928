"""What is told of a GraphQL operation in logs and metrics. Decides that it is its kind and its root fields.

Root fields are names of the schema. The texts of a document (aliases, literals, variables) are never looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from meritline.logs.requests import MOST_FIELDS, Entry, safe_name

SEVERAL: Final = "several"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. ``label`` is its root field, where it has one alone."""

    kind: str
    name: str | None
    fields: tuple[str, ...]

    @property
    def label(self) -> str:
        """The root field as a label."""
        return self.fields[0] if len(self.fields) == 1 else SEVERAL if self.fields else "none"


NOTHING: Final = Operation("none", None, ())


def told_of(document: Any, name: str | None) -> Operation:
    """Of a document that passed all checks; of what did not there is nothing to tell."""
    return NOTHING if document is None else described(document, name)


def note(entry: Entry | None, told: Operation) -> None:
    """Put it into the line of the request."""
    if entry is not None:
        entry.kind, entry.operation, entry.fields = told.kind, told.name, told.fields


def described(document: Any, name: str | None) -> Operation:
    """The operation of a valid document."""
    fragments = {each.name.value: each for each in document.definitions if each.kind == "fragment_definition"}
    operations = [each for each in document.definitions if each.kind == "operation_definition"]
    chosen = next((each for each in operations if name is None or (each.name and each.name.value == name)), None)
    if chosen is None:
        return NOTHING
    fields = tuple(dict.fromkeys(root_fields(chosen.selection_set, fragments)))[:MOST_FIELDS]
    return Operation(chosen.operation.value, safe_name(chosen.name.value if chosen.name else None), fields)


def root_fields(selection: Any, fragments: dict[str, Any]) -> Iterator[str]:
    """The names of the fields at the root, through fragments (which a valid document does not nest in themselves)."""
    for each in selection.selections:
        if each.kind == "field":
            yield each.name.value
        elif each.kind == "inline_fragment":
            yield from root_fields(each.selection_set, fragments)
        else:
            yield from root_fields(fragments[each.name.value].selection_set, fragments)

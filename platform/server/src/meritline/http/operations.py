"""What is told of a GraphQL operation in logs and metrics. Decides that it is its kind and its root fields.

Root fields are names of the schema. The texts of a document (aliases, literals, variables) are never looked at.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from meritline.logs.requests import MOST_FIELDS, Entry, safe_name

MOST_KEPT, LONGEST_KEPT = 512, 32 * 1024
SEVERAL: Final = "several"
type Known = Callable[[str, str | None], Any]


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


class Operations:
    """What is told of the documents that were seen last, by their text."""

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[str, str | None], Operation] = OrderedDict()

    def told(self, query: str, name: str | None, document: Any, known: Known) -> Operation:
        """Of what was asked. ``document`` was executed now; without one it is ``known``, or nothing was executed."""
        if (kept := self.kept.get((query, name))) is not None:
            return kept
        document = document or known(query, name)
        if document is None:
            return NOTHING
        found = described(document, name)
        if len(query) <= LONGEST_KEPT:
            self.kept[query, name] = found
            if len(self.kept) > MOST_KEPT:
                self.kept.popitem(last=False)
        return found


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

"""The record types of all installed sets. Decides which fields of a record type a company has.

A record type has the fields of the set that declares it, and those that other sets add under their own names. The
database has them all; a company may fill and see those of the sets that it has enabled.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from meritline.errors import Problem
from meritline_sdk.model.records import RecordDeclaration, RecordExtension

type WhyAbsent = Callable[[str, str, str], Problem]
"""Of a set's key, and the distribution and version that brought it to a company: why it is not there."""
NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class RecordTypes(Mapping[str, RecordDeclaration]):
    """Key to record type, with every field that any set adds, sorted."""

    def __init__(self, declared: Mapping[str, RecordDeclaration], extensions: Iterable[RecordExtension] = (),
                 uses: Mapping[str, tuple[str, ...]] = NOTHING, why_absent: WhyAbsent | None = None) -> None:
        self.declared = dict(sorted(declared.items()))
        self.extensions = tuple(sorted(extensions, key=lambda one: (one.record, one.by)))
        self.uses = uses
        self.why_absent = why_absent
        self.whole = widened(self.declared, self.extensions)
        self.known: dict[frozenset[str], Mapping[str, RecordDeclaration]] = {}

    def __getitem__(self, key: str) -> RecordDeclaration:
        return self.whole[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole)

    def __len__(self) -> int:
        return len(self.whole)

    def for_sets(self, enabled: Collection[str]) -> Mapping[str, RecordDeclaration]:
        """Every record type as a company with these sets has it: what other sets add is not there."""
        has = frozenset(self.closure(enabled)) & {one.by for one in self.extensions}
        if has not in self.known:
            mine = [one for one in self.extensions if one.by in has]
            self.known[has] = widened(self.declared, mine)
        return self.known[has]

    def gone(self, key: str) -> bool:
        """Whether no installed plugin brings the set."""
        return key not in self.uses

    def added(self, record: str) -> frozenset[str]:
        """The fields of the record type that other sets add."""
        return frozenset(spec.name for one in self.extensions if one.record == record for spec in one.fields)

    def added_to(self, record: str) -> bool:
        """Whether any set adds fields to the record type."""
        return any(one.record == record for one in self.extensions)

    def closure(self, enabled: Iterable[str]) -> set[str]:
        """The sets and all that they use; one that is not installed uses nothing."""
        found: set[str] = set()
        waiting = [*enabled]
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting.extend(self.uses.get(key, ()))
        return found


def widened(declared: Mapping[str, RecordDeclaration],
            extensions: Iterable[RecordExtension]) -> Mapping[str, RecordDeclaration]:
    """The record types with the fields that these extensions add."""
    found = dict(declared)
    for one in extensions:
        base = found[one.record]
        found[one.record] = replace(base, fields=(*base.fields, *one.fields))
    return MappingProxyType(found)

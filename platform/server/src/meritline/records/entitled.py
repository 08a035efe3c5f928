"""The record types as a company has them. Decides which fields it may fill and see, and what keeps its records out.

Every company may deliver records of every installed type. A field that a set adds to the record type of another is
there for the companies that enabled the set; to the others it is unknown. Where a plugin is gone or quarantined, the
companies that need it are told so, and nobody else notices.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from meritline.db import Connection
from meritline.errors import MeritlineError, Problem
from meritline.plugins.catalogue import NeedsPlugin
from meritline.plugins.record_types import RecordTypes
from meritline.records import store
from meritline.records.store import Enabled
from meritline_sdk.model.canonical import parse
from meritline_sdk.model.records import RecordDeclaration

type Declarations = Mapping[str, RecordDeclaration]


@dataclass(frozen=True, slots=True)
class Entitled:
    """The record types of one company: ``fields`` as it may fill them, ``whole`` as the database has them."""

    whole: Declarations
    fields: Declarations
    sets: Sequence[Enabled] = ()

    def lacks(self) -> bool:
        """Whether a set that the company has is not there now."""
        whole = self.whole
        if not isinstance(whole, RecordTypes) or whole.why_absent is None:
            return False
        return any(whole.gone(one.set_key) for one in self.sets)

    def blocked(self, record: str, names: Collection[str] = ()) -> Problem | None:
        """Why the company cannot deliver this record type, or these fields of it: a set it needs is not there.

        A record type that nobody declares is that of any set which is not there, unless it is known to be another's.
        """
        whole = self.whole
        if not isinstance(whole, RecordTypes) or whole.why_absent is None:
            return None
        gone = [one for one in self.sets if whole.gone(one.set_key)]
        adding = [one for one in gone if any(name.startswith(f"{one.set_key}__") for name in names)]
        declaring = [one for one in gone if record in declared(one)] or [one for one in gone if not declared(one)]
        for one in adding or (declaring if record not in whole else ()):
            return whole.why_absent(one.set_key, one.plugin, one.plugin_version)
        return None

    def require(self, record: str, otherwise: Callable[[], MeritlineError]) -> RecordDeclaration:
        """The record type with the fields that the company may fill."""
        if record not in self.fields:
            blocked = self.blocked(record)
            raise NeedsPlugin(blocked) if blocked else otherwise()
        return self.fields[record]


def declared(enabled: Enabled) -> set[str]:
    """The record types that a set declared when the company enabled it."""
    records, _ = parse(enabled.records) if enabled.records else ((), ())
    return {one.key for one in records}


async def entitled(conn: Connection, tenant_id: UUID, declarations: Declarations) -> Entitled:
    """What the company has."""
    if not isinstance(declarations, RecordTypes):
        return Entitled(declarations, declarations)
    return entitled_by(await store.enabled_sets(conn, tenant_id), declarations)


def entitled_by(sets: Iterable[Iterable[Any]], declarations: Declarations) -> Entitled:
    """What a company with these rows of enabled sets has."""
    if not isinstance(declarations, RecordTypes):
        return Entitled(declarations, declarations)
    enabled = tuple(Enabled(*row) for row in sets)
    return Entitled(declarations, declarations.for_sets([one.set_key for one in enabled]), enabled)

"""Sources as this process parsed them last. Decides when one still holds: while all that it was made of is the same.

A program that sends single records names its source each time; to parse it takes longer than to write the record.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from meritline.plugins.record_types import RecordTypes
from meritline.records.entitled import Entitled
from meritline.records.sources import SourceMapping
from meritline.records.store import Way

MOST: Final = 256

type Pair = tuple[SourceMapping, SourceMapping]
type Key = tuple[Any, ...]


class Mappings:
    """The mappings of some sources: of rows that name the record's own fields, and of the source's own files."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        # The record types are known by identity and kept beside the mapping, so that no other ever has theirs.
        self._found: OrderedDict[Key, tuple[Entitled, Pair]] = OrderedDict()

    def of(self, way: Way, has: Entitled, make: Callable[[], Pair]) -> Pair:
        """The mappings of a source; ``make`` parses it. Record types that may change under it are never kept."""
        if not isinstance(has.whole, RecordTypes):
            return make()
        key = (id(has.whole), id(has.fields), way)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = Entitled(has.whole, has.fields), make()
        self._found.move_to_end(key)
        while len(self._found) > self._most:
            self._found.popitem(last=False)
        return found[1]

"""What every request of one source needs and none changes. Decides that it is made once for a mapping, not each time.

A request has a row or two; to make the readers of all fields, the columns and the statement takes longer than to read
it. A mapping is known by identity and kept beside what was made of it, so that no other ever has that.
"""

from collections import OrderedDict
from datetime import datetime
from typing import Final

from meritline.records.sources import SourceMapping
from meritline.records.together_statements import arrays_of, land_given, listed, merge_given
from meritline.records.validate.resolving import stored_columns
from meritline.records.validate.rows import Validator
from meritline.tenancy.codes import CodeBook
from meritline_sdk.model.kinds import Kind

MOST: Final = 256
MOST_ZONES: Final = 8
NOBODY_YET: Final = CodeBook([], {}, {})


class Ready:
    """The columns and the statements of a mapping, and a validator for each zone."""

    def __init__(self, source: SourceMapping, file: str) -> None:
        self.source, self.file = source, file
        self.stored = stored_columns(source.fields)
        #: The column of every array of the statements, and whether its values are lists.
        self.arrays = [(column.name, listed(column)) for column in arrays_of(source.record)]
        self.merge, self.land = merge_given(source.record), land_given(source.record)
        self.spaces = sorted({space for space in source.code_spaces().values() if space is not None})
        self.instants = [spec.name for spec in source.record.fields if spec.kind is Kind.INSTANT]
        self.days = [spec.name for spec in source.record.fields if spec.kind is Kind.DAY]
        self._validators: dict[str, Validator] = {}

    def validator(self, zone: str, now: datetime) -> Validator:
        """A validator. It is for whoever asked until he waits for anything: then another may have it."""
        found = self._validators.get(zone)
        if found is None:
            if len(self._validators) >= MOST_ZONES:
                self._validators.clear()
            found = self._validators[zone] = Validator(self.source, NOBODY_YET, zone=zone, now=now, file=self.file)
        found.now = now
        return found


class AllReady:
    """What was made of some mappings."""

    def __init__(self, file: str, most: int = MOST) -> None:
        self.file, self._most = file, most
        self._found: OrderedDict[int, Ready] = OrderedDict()

    def of(self, source: SourceMapping) -> Ready:
        """What was made of this one."""
        found = self._found.get(id(source))
        if found is None:
            found = self._found[id(source)] = Ready(source, self.file)
        self._found.move_to_end(id(source))
        while len(self._found) > self._most:
            self._found.popitem(last=False)
        return found

"""Which records count at all (conventions C08 and C09): decided once, for a record and for one that is looked at."""

from typing import Any

from meritline_sdk import Expr

EXCLUDED = ("cancelled_by_customer", "duplicate", "spam", "test")


def counts(record: Any) -> Expr:
    """True where the record counts: its status is none of the excluded ones, and it was not handled by a machine."""
    proper = record.status.missing() | ~record.status.one_of(*EXCLUDED)
    return proper & by_people(record) if hasattr(record, "automated") else proper


def by_people(record: Any) -> Expr:
    """True unless a bot or an automatic rule did it alone."""
    return record.automated.missing() | ~record.automated

"""Which records count at all (conventions C08 and C09): decided once, for a record and for one that is looked at."""

from typing import Any

from meritline_sdk import Expr, titled

EXCLUDED = ("cancelled_by_customer", "duplicate", "spam", "test")


def counts(record: Any) -> Expr:
    """True where the record counts: its status is none of the excluded ones, and it was not handled by a machine."""
    proper = record.status.missing() | ~record.status.one_of(*EXCLUDED)
    if hasattr(record, "automated"):
        return titled(
            proper & by_people(record),
            "it is neither cancelled, duplicate, spam, test nor automatic",
            "非取消、重复、垃圾、测试或自动处理",
        )
    return titled(proper, "it is neither cancelled, duplicate, spam nor test", "非取消、重复、垃圾或测试")


def by_people(record: Any) -> Expr:
    """True unless a bot or an automatic rule did it alone."""
    return titled(record.automated.missing() | ~record.automated, "a person did it", "由人工处理")

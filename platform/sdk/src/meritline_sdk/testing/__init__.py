"""The testkit of a plugin: golden cases that a person can check by hand, and the laws that every indicator keeps.

One line of a plugin's tests::

    TestElevator = laws_for(indicator_sets)

A test of one reading, with records made on the spot::

    def test_a_second_visit_is_no_first_time_fix(make_record, read_indicator):
        closed = datetime(2026, 5, 3, 9, 30, tzinfo=UTC)
        records = [make_record(Callout, mechanic="M1", closed_at=closed, visits=2)]
        assert read_indicator(FIRST_TIME_FIX, records, period="2026-05").value == 0

``make_record`` and ``read_indicator`` are here as functions too.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meritline_sdk.evaluate.results import Reading
    from meritline_sdk.testing.golden import GoldenCase, golden_cases, load_golden, read_case, run_golden
    from meritline_sdk.testing.law import LAWS, Law, LawBroken
    from meritline_sdk.testing.laws import laws_for
    from meritline_sdk.testing.making import Made, make_record, read_indicator
    from meritline_sdk.testing.reading_json import reading_from_json, reading_to_json
    from meritline_sdk.testing.values import CaseError
else:
    _HOMES = {
        "evaluate.results": "Reading", "testing.golden": "GoldenCase golden_cases load_golden read_case run_golden",
        "testing.law": "LAWS Law LawBroken", "testing.laws": "laws_for",
        "testing.making": "Made make_record read_indicator",
        "testing.reading_json": "reading_from_json reading_to_json", "testing.values": "CaseError",
    }  # fmt: skip
    _HOME = {name: home for home, names in _HOMES.items() for name in names.split()}

    def __getattr__(name):
        """The public name, loaded now and kept."""
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"meritline_sdk.{_HOME[name]}"), name)
        return found

    def __dir__():
        return [*globals(), *__all__]

__all__ = [
    "LAWS",
    "CaseError",
    "GoldenCase",
    "Law",
    "LawBroken",
    "Made",
    "Reading",
    "golden_cases",
    "laws_for",
    "load_golden",
    "make_record",
    "read_case",
    "read_indicator",
    "reading_from_json",
    "reading_to_json",
    "run_golden",
]

"""A moment put together from remembered pieces is the moment that reading its text gives."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meritline.records.clock import LocalClock
from meritline.records.sources.mapping import FieldMapping, Twice
from meritline.records.validate.converters import Failure, MomentConverter
from meritline_sdk import Instant

# Days around both changes of the clock, some of them more than once, so that pieces meet again.
DAYS = ("2026-03-28", "2026-03-29", "2026-03-30", "2026-10-24", "2026-10-25", "2026-10-26", "2026-02-30", "2026-05-01")
TIMES = ("00:00:00", "01:59:59", "02:00:00", "02:30:00", "03:00:00", "23:59:59", "7:05:09", "24:00:00", "10:00")
BLANKS = (" ", "  ", "T")
TEXTS = st.lists(st.builds("{}{}{}".format, st.sampled_from(DAYS), st.sampled_from(BLANKS), st.sampled_from(TIMES)))
FORMATS = (("%Y-%m-%d %H:%M:%S",), ("%Y-%m-%d %H:%M",), ("%Y-%d-%m %H:%M", "%Y-%m-%d %H:%M:%S"))


def converter(twice: Twice, formats: tuple[str, ...], missing: frozenset[str]) -> MomentConverter:
    mapping = FieldMapping(spec=Instant(), columns=("at",), formats=formats, missing=missing)
    return MomentConverter(mapping, LocalClock("Europe/Berlin", twice))


@pytest.mark.parametrize("formats", FORMATS)
@given(texts=TEXTS, twice=st.sampled_from(Twice))
def test_remembering_changes_nothing(formats: tuple[str, ...], texts: list[str], twice: Twice) -> None:
    missing = frozenset({"", "2026-05-01 00:00:00"})
    remembering = converter(twice, formats, missing)
    for text in texts:
        assert same(remembering[text], converter(twice, formats, missing)[text]), text


def same(one: Any, other: Any) -> bool:
    if isinstance(one, Failure) or isinstance(other, Failure):
        return type(one) is type(other) and one.code == other.code
    return one == other and (one is None or (isinstance(one, datetime) and one.utcoffset() == other.utcoffset()))


def test_pieces_are_put_together_at_all() -> None:
    found = converter(Twice.FIRST, ("%Y-%m-%d %H:%M:%S",), frozenset())
    for text in ("2026-05-01 10:11:12", "2026-05-02 13:14:15"):
        assert found[text] is not None
    assert found.memory is not None
    assert found.memory.instant("2026-05-02 10:14:12") is None  # 10:14 was never read
    assert found.memory.instant("2026-05-02 10:11:15") == datetime.fromisoformat("2026-05-02T08:11:15+00:00")


def test_what_a_source_calls_missing_stays_missing() -> None:
    found = converter(Twice.FIRST, ("%Y-%m-%d %H:%M:%S",), frozenset({"2026-05-01 00:00:00"}))
    assert [found[text] for text in ("2026-05-01 10:00:00", "2026-05-02 00:00:00")] != [None, None]
    assert found["2026-05-01 00:00:00"] is None

"""A column of moments that is read at once has the instants that reading its texts one by one gives."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meritline.records.clock import LocalClock
from meritline.records.sources.mapping import FieldMapping
from meritline.records.validate.converters import Failure, MomentConverter
from meritline_sdk import Instant

DAYS = st.sampled_from(["2026-03-28", "2026-03-29", "2026-10-25", "2026-07-01", "2026-02-30", "1899-12-31",
                        "2099-06-01", "2026-7-01"])  # fmt: skip
STEADY = st.sampled_from(["2026-06-30", "2026-07-01", "2026-07-31"])
TIMES = st.sampled_from(["00:00:00", "02:30:00", "23:59:59", "24:00:00", "10:00", "10:00:00.125", "10:00:00.1", ""])
ZONES = st.sampled_from(["", "Z", "+08:00", "-03:30", "+99:00"])
FORMATS = st.sampled_from([(), ("%Y-%m-%d %H:%M:%S",), ("%Y/%m/%d %H:%M",), ("%Y.%m.%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"),
                           ("%d/%m/%Y %H:%M",)])  # fmt: skip
MISSING = frozenset({"", "?", "2026-07-01 00:00:00"})


def converter(formats: tuple[str, ...], zone_required: bool) -> MomentConverter:
    mapping = FieldMapping(spec=Instant(), columns=("at",), formats=formats, missing=MISSING)
    return MomentConverter(mapping, LocalClock("Europe/Berlin"), zone_required)


def plain(value: Any) -> Any:
    """What can be compared: failures by their code, instants with their offset."""
    if isinstance(value, Failure):
        return value.code
    return None if value is None else (value, value.utcoffset())


@st.composite
def columns(draw: st.DrawFn) -> list[str]:
    """Mostly alike, as exports are, so that the short way is taken often; a few cells are something else."""
    day, mark = draw(st.sampled_from([STEADY, STEADY, DAYS])), draw(st.sampled_from("-/."))
    blank, time, zone = draw(st.sampled_from(" T")), draw(TIMES), draw(ZONES)
    usual = st.builds(lambda on: f"{on.replace('-', mark)}{blank}{time}{zone}".strip(), day)
    odd = st.sampled_from(["", "?", "2026-07-01 00:00:00", "2026-07-01 10:00:00\n", "never", " 2026-07-01 10:00:00"])
    return draw(st.lists(st.one_of(usual, usual, usual, odd), max_size=6))


@settings(deadline=None)
@given(cells=columns(), formats=FORMATS, zone_required=st.booleans())
def test_a_column_is_its_cells(cells: list[str], formats: tuple[str, ...], zone_required: bool) -> None:
    at_once = converter(formats, zone_required).column(cells)
    assert [plain(each) for each in at_once] == [plain(converter(formats, zone_required).value(cell)) for cell in cells]


@pytest.mark.parametrize(("formats", "text"), [
    ((), "2026-07-01T10:00:00+08:00"), ((), "2026-07-01 10:00:00"), (("%Y/%m/%d %H:%M",), "2026/07/01 10:00"),
    (("%Y-%m-%d %H:%M:%S",), "2026-07-01 10:00:00")])  # fmt: skip
def test_the_short_way_is_taken(formats: tuple[str, ...], text: str) -> None:
    columns = converter(formats, False).columns
    assert columns is not None
    assert columns.read([text, "", text]) is not None
    assert columns.read([text, text + "x"]) is None

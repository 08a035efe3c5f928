"""Which indexes the indicators of the plugins ask for: as few as serve every look and every moment."""

from typing import Any

from meritline.records.lookups import looked_up
from meritline.records.moments import moments_of, sources
from meritline_sdk import (
    COUNT,
    Attribution,
    Code,
    Count,
    Direction,
    Flag,
    If,
    Indicator,
    Instant,
    Parameter,
    Person,
    RecordType,
    Text,
    exists,
    first_present,
    hours,
    latest,
    least_of,
    titled,
)  # fmt: skip
from meritline_sdk.model.kinds import Kind


class Shift(RecordType, key="indexed_shift", title=Text("Shift", "班次")):
    agent = Person()
    case = Code()
    shop = Code()
    late = Flag()
    began = Instant()
    ended = Instant(optional=True)
    defaults = Attribution(credit=agent, at=began)


s: Any = Shift


def indicators(*measures: Any) -> list[Indicator]:
    """One indicator for each measure."""
    return [Indicator(f"one_{place}", Text("One", "一"), measure, COUNT, Direction.HIGHER)
            for place, measure in enumerate(measures)]  # fmt: skip


def test_a_look_that_another_index_serves_has_none_of_its_own() -> None:
    by_both = exists(Shift, lambda o: (o.shop == s.shop) & (o.case == s.case) & (o.late == s.late))
    by_case = titled(exists(Shift, lambda o: (o.case == s.case) & (o.began > s.began)), "again", "再次")
    by_shop = exists(Shift, lambda o: (o.shop == s.shop) & (o.agent == s.agent))
    assert looked_up(indicators(Count(Shift, by_both))) == {"indexed_shift": (("shop", "case"),)}
    assert looked_up(indicators(Count(Shift, by_both), Count(Shift, ~by_case))) == {"indexed_shift": (("case",),)}
    every = indicators(Count(Shift, by_both), Count(Shift, by_shop), Count(Shift, by_case))
    assert looked_up(every) == looked_up(every[::-1]) == {"indexed_shift": (("case",), ("shop", "agent"))}


def test_a_moment_comes_from_fields_and_fixed_times_or_cannot_be_told() -> None:
    grace = Parameter("grace", hours(2))
    sooner: Any = first_present(s.ended, s.began) - hours(1)
    moment: Any = titled(latest(If(s.late, s.ended, s.began + grace), sooner), "the end", "结束")
    found = sources(moment.node, {"grace": 3 * 3_600_000_000})
    assert {(one.field.name, one.later.total_seconds() / 3600) for one in found or ()} == {
        ("ended", 0), ("began", 3), ("ended", -1), ("began", -1)}  # fmt: skip
    assert sources((s.began + Parameter("wait", blank=Kind.DURATION)).node, {}) == ()
    other: Any = least_of(Shift, lambda o: o.began, lambda o: o.case == s.case)
    assert sources(other.node, {}) is None
    assert sources(first_present(s.ended, other).node, {}) is None
    assert sources((s.began + (s.ended - s.began)).node, {}) is None
    counted = indicators(Count(Shift, at=moment), Count(Shift, at=other), Count(Shift))
    assert moments_of(counted) == {"indexed_shift": ("began", "ended")}

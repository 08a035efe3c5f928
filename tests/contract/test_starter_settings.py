"""A starter runs on the day it is taken: what its indicators need and no record names, it sets itself, with reasons."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from meritline.plugins import load_catalogue
from meritline_sdk import (
    COUNT,
    HIGHER,
    Attribution,
    Count,
    DeclarationError,
    Indicator,
    IndicatorSet,
    Instant,
    Item,
    Parameter,
    Person,
    RatedIndicator,
    RecordType,
    SchemeTemplate,
    Starter,
    Template,
    Text,
    canonical,
    hours,
    rules,
)
from meritline_sdk.model.canonical import parse
from meritline_sdk.model.items import key_of
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.settings import open_parameters, spoken

CATALOGUE = load_catalogue()
STARTERS = {key: one for key, one in CATALOGUE.offered().items() if isinstance(one, Starter)}
INDICATORS = CATALOGUE.indicators()


def read_by(value: Any) -> Iterator[str]:
    """Every indicator that a scheme or table names, however deep."""
    if isinstance(value, tuple):
        for one in value:
            yield from read_by(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            part = getattr(value, one.name)
            yield from [key_of(part)] if one.name == "indicator" and part else read_by(part)


@pytest.mark.parametrize("key", STARTERS)
def test_every_indicator_of_a_starter_is_fully_set(key: str) -> None:
    starter = STARTERS[key]
    given = {name: [one for one, _ in values] for name, values in starter.settings}
    read = set(read_by((starter.scheme, starter.rewards)))
    assert {name: left for name in read if (left := open_parameters(INDICATORS[name], given.get(name, ())))} == {}
    assert set(given) <= read, "settings are of what the starter reads"
    assert not given or "settings" in dict(starter.reasons), "why these values"
    for name, values in starter.settings:
        known = {one.name: one for one in INDICATORS[name].parameters()}
        assert all(known[one].default is None or known[one].default != value for one, value in values)


def test_no_two_starters_set_the_same_differently() -> None:
    """Whoever takes two of them gets the same, whichever comes first."""
    found: dict[tuple[str, str], set[Any]] = {}
    for starter in STARTERS.values():
        for name, values in starter.settings:
            for one, value in values:
                found.setdefault((name, one), set()).add(value)
    assert {key: values for key, values in found.items() if len(values) > 1} == {}
    assert len(found) >= 10


class Kiln(RecordType, key="kiln", title=Text("Kiln", "窑炉单")):
    potter = Person()
    lit_at = Instant()
    fired_at = Instant()
    defaults = Attribution(credit=potter, at=fired_at)


LIMIT = Parameter("limit", blank=Kind.DURATION)
HOW = Parameter("how", "all", options=("all", "some"))
FIRED = Indicator("fired", Text("Fired", "烧制"), unit=COUNT, better=HIGHER,
                  measure=Count(Kiln, where=((Kiln.fired_at - Kiln.lit_at) <= LIMIT) & HOW.one_of("all")))
LOOKS = RatedIndicator("looks", Text("Looks", "外观"))
LINES = [Item(FIRED, 100, rules.PerUnit(10))]
PRINTED = Template(SchemeTemplate("s98", Text("Printed", "原文"), items=LINES), source=Text("S98", "S98"))


def taken(*settings: Any) -> Starter:
    """The one starter of a set with these settings."""
    starter = Starter(SchemeTemplate("s98_starter", Text("Ours", "起步"), items=LINES), "s98",
                      (("settings", Text("why", "理由")),), settings=settings)
    made = IndicatorSet("kilns", Text("Kilns", "窑炉"), records=[Kiln], indicators=[FIRED, LOOKS],
                        templates=[PRINTED], starters=[starter])
    return made.starters[0]


def test_settings_have_full_names_and_plain_values_and_nothing_said_keeps_the_hash() -> None:
    found = taken((FIRED, (("limit", hours(48)), ("how", "some"))))
    assert found.settings == (("kilns.fired", (("limit", 172_800_000_000), ("how", "some"))),)
    assert parse(canonical(found)) == found
    assert '"settings":' not in canonical(taken())
    assert [spoken(value, Kind.DURATION) for value in (20_000_000, 172_800_000_000, 259_200_000_000)] == [
        "20 s", "48 h", "3 d"]  # fmt: skip


@pytest.mark.parametrize(("settings", "told"), [
    ((FIRED, (("limits", hours(1)),)), "no parameter 'limits'"),
    ((FIRED, (("limit", "soon"),)), "'soon' is no duration"),
    ((FIRED, (("how", "most"),)), "none of all, some"),
    ((FIRED, (("limit", 1.5),)), "float"),
    ((FIRED, (("limit", LIMIT),)), "it is a constant"),
    ((LOOKS, (("weight_peer", 1),)), "is rated"),
    (("kilns.glazed", (("limit", hours(1)),)), "no indicator 'kilns.glazed'"),
])  # fmt: skip
def test_settings_that_mean_nothing_are_refused_when_the_set_is_made(settings: Any, told: str) -> None:
    with pytest.raises((DeclarationError, ValueError, TypeError), match=told):
        taken(settings)


def test_settings_of_one_indicator_stand_there_once() -> None:
    with pytest.raises(DeclarationError, match="twice"):
        taken((FIRED, (("limit", hours(1)),)), ("kilns.fired", (("how", "some"),)))

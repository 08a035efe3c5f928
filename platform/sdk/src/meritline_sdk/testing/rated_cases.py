"""Golden cases of rated indicators: ratings and the reading they must give. Decides what such a case may leave out.

- ``indicator``: the key, or ``set.key``.
- ``ratings``: a list of ``{ role, value }``, with ``rater`` (two by the same rater are one voice, the last) and, where
  it was given on another scale, ``scale_min`` and ``scale_max``.
- ``parameters``: what the company sets; ``minimum_sample``: the least number of ratings instead of the indicator's.
- ``expect``: any of ``value``, ``numerator``, ``denominator``, ``sample``, ``state``, and ``counting``: the roles that
  enter the value.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from meritline_sdk.evaluate.ratings import Rating, reading_of
from meritline_sdk.evaluate.readings import Reading
from meritline_sdk.model.rated import RatedIndicator, role_named
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.testing.values import CaseError

KEYS = frozenset({"indicator", "ratings", "parameters", "minimum_sample", "expect", "title"})
NUMBERS = ("value", "numerator", "denominator")
EXPECTED = frozenset({*NUMBERS, "sample", "state", "counting"})


@dataclass(frozen=True, slots=True)
class RatedCase:
    """A case with what it is about; ``source`` is the indicator whose ratings are read."""

    place: str
    indicator: RatedIndicator
    source: RatedIndicator
    body: Mapping[str, Any]


def load_rated(folder: Path | str, sets: Sequence[IndicatorSet]) -> list[RatedCase]:
    """The cases of a folder that have ratings, in order of file name."""
    found: list[RatedCase] = []
    for path in sorted(Path(folder).glob("*.toml")):
        document = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        bodies = document.get("case", [document])
        found.extend(parsed(body, path.name if len(bodies) == 1 else f"{path.name} case {number}", sets)
                     for number, body in enumerate(bodies, 1) if "ratings" in body)
    return found


def parsed(body: Mapping[str, Any], place: str, sets: Sequence[IndicatorSet]) -> RatedCase:
    """The checked case; what it misspells is named."""
    wrong = (body.keys() - KEYS) | (body.get("expect", {}).keys() - EXPECTED)
    if wrong:
        raise CaseError(f"{place}: a case of ratings has no {', '.join(sorted(wrong))}")
    indicator = named(body.get("indicator", ""), sets, place)
    return RatedCase(place, indicator, indicator if indicator.of is None else named(indicator.of, sets, place), body)


def named(name: str, sets: Sequence[IndicatorSet], place: str) -> RatedIndicator:
    """The rated indicator of this key."""
    found = [one for each in sets for one in each.indicators if name in (one.key, f"{each.key}.{one.key}")]
    if len(found) != 1 or not isinstance(found[0], RatedIndicator):
        raise CaseError(f"{place}: {name!r} is not one rated indicator of {', '.join(each.key for each in sets)}")
    return found[0]


def read_rated(case: RatedCase) -> Reading:
    """The reading that the case's ratings give."""
    known = {one.name for one in case.source.parameters()}
    parameters = case.body.get("parameters", {})
    if parameters.keys() - known:
        raise CaseError(f"{case.place}: the parameters are {', '.join(sorted(known))}")
    given = [Rating(role_named(one["role"]), Decimal(str(one["value"])), one.get("rater"), one.get("scale_min"),
                    one.get("scale_max")) for one in case.body["ratings"]]
    return reading_of(case.source.settled(parameters, case.body.get("minimum_sample")), given)


def run_rated(case: RatedCase) -> None:
    """Assert that the case's ratings give what it expects."""
    from meritline_sdk.testing.golden import agreeing

    reading = read_rated(case)
    for name, wanted in case.body["expect"].items():
        counting = [one.role for one in reading.groups if one.counts]
        found: Any = counting if name == "counting" else getattr(reading, name)
        agrees = agreeing(found, wanted) if name in NUMBERS else found == wanted
        assert agrees, f"{case.place}: {name} is {found}, expected {wanted}; the reading is {reading}"

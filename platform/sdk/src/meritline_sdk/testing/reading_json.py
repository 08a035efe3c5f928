"""A reading as JSON and back. Decides that no number becomes a float on the way: each is written as exact text."""

import json
from fractions import Fraction
from typing import Any

from meritline_sdk.evaluate.results import Reading, ReadingPart

NUMBERS = ("value", "numerator", "denominator", "earlier")
PLAIN = ("state", "sample", "needed", "reason")


def reading_to_json(reading: Reading) -> str:
    """The reading's state, numbers, sample, reason and parts as JSON; every number is a text such as ``"250/3"``.

    >>> from meritline_sdk.evaluate.readings import MEASURED
    >>> reading_to_json(Reading(MEASURED, Fraction(250, 3), sample=3))
    '{"reason": null, "sample": 3, "state": "measured", "needed": null, "value": "250/3"}'
    """
    return json.dumps(told(reading))


def reading_from_json(text: str) -> Reading:
    """The reading again, equal to the first. Raises ``ValueError`` or ``KeyError`` for what is no reading.

    >>> from meritline_sdk.evaluate.readings import MEASURED
    >>> reading_from_json(reading_to_json(Reading(MEASURED, Fraction(1, 3), sample=3))).value
    Fraction(1, 3)
    """
    return heard(json.loads(text))


def told(reading: Reading) -> dict[str, Any]:
    """The reading as JSON holds it."""
    found: dict[str, Any] = {name: getattr(reading, name) for name in ("reason", "sample", "state", "needed")}
    found |= {name: str(value) for name in NUMBERS if (value := getattr(reading, name)) is not None}
    if reading.parts:
        found["parts"] = [[told(one.reading), None if one.weight is None else str(one.weight), one.period]
                          for one in reading.parts]
    return found


def heard(found: dict[str, Any]) -> Reading:
    """The reading of what JSON held."""
    numbers: dict[str, Any] = {name: Fraction(found[name]) for name in NUMBERS if name in found}
    parts = tuple(ReadingPart(heard(one), None if weight is None else Fraction(weight), period)
                  for one, weight, period in found.get("parts", ()))
    return Reading(**{name: found[name] for name in PLAIN}, **numbers, parts=parts)

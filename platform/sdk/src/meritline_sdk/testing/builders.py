"""Records made up from a declaration: valid, varied, and the same for the same seed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from meritline_sdk.evaluate.expressions import Record
from meritline_sdk.model.fields import Choice, FieldSpec, Int, Number
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.records import RecordDeclaration

FIRST = datetime(2026, 4, 1, tzinfo=UTC)
HOURS = 24 * 61
PEOPLE = ("E1", "E2", "E3")
TEAMS = ("D1", "D2")
CODES = ("a", "b", "c")


def made_up(declaration: RecordDeclaration, count: int, seed: str) -> list[Record]:
    """So many records of the type, from April and May 2026; some have an outside id that others may name."""
    source = Random(f"{declaration.key} {seed}")
    return [{"external_id": CODES[number] if number < len(CODES) else str(number), "source": "made_up"}
            | {spec.name: value(spec, source) for spec in declaration.fields} for number in range(count)]


def value(spec: FieldSpec, source: Random) -> Any:
    """A value of the field; one in eight optional ones is missing."""
    if spec.optional and source.randrange(8) == 0:
        return None
    moment = FIRST + timedelta(hours=source.randrange(HOURS), seconds=source.randrange(3600))
    match spec.kind:
        case Kind.INSTANT:
            return moment
        case Kind.DAY:
            return moment.date()
        case Kind.FLAG:
            return source.randrange(2) == 1
        case Kind.PERSON:
            return source.choice(PEOPLE)
        case Kind.TEAM:
            return source.choice(TEAMS)
        case Kind.PEOPLE:
            return tuple((person, source.randint(1, 3)) for person in source.sample(PEOPLE, source.randint(1, 3)))
        case Kind.CHOICE:
            assert isinstance(spec, Choice)
            return source.choice(spec.options)
        case Kind.CODE:
            return source.choice(CODES)
    return number(spec, source)


def number(spec: FieldSpec, source: Random) -> int | Decimal:
    """A number within the field's limits, small ones most of all."""
    assert isinstance(spec, Int | Number)
    low = 0 if spec.minimum is None else int(spec.minimum)
    high = low + source.choice((2, 10, 1000)) if spec.maximum is None else int(spec.maximum)
    if isinstance(spec, Int):
        return source.randint(low, max(low, high))
    scale = 10**spec.places
    return Decimal(source.randint(low * scale, max(low, high) * scale)).scaleb(-spec.places)

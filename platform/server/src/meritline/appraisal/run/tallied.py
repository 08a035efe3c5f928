"""What was tallied of a subject, as text. Decides what of its records stands in the digest of the input."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from meritline.domain.digest import hashed
from meritline.measuring.taken import rows_digest
from meritline.measuring.written import Written
from meritline_sdk.evaluate.tallies import Subject, Tallied
from meritline_sdk.model.measures import Tally


def told_of(key: str, found: Sequence[tuple[Tally, Mapping[Any, Tallied]]], held: object) -> str:
    """A line for each tally of an indicator that found anything of the subject."""
    return "".join([f"{key} {place} {tallied_text(one)}\n" for place, (_, subjects) in enumerate(found)
                    if (one := subjects.get(held)) is not None and one.records])


def tallied_text(found: Tallied) -> str:
    """The tally, exactly."""
    amount = found.amount
    told = f"{amount.numerator if amount.denominator == 1 else amount} {found.records} {values_text(found.values)}"
    return f"{told} {rows_digest(found.rows)}" if found.rows else told


def values_text(values: Sequence[Any]) -> str:
    """The values; there may be hundreds, nearly always whole numbers."""
    if not values:
        return ""
    if isinstance(values, Written):
        return values.text
    try:
        return msgspec.json.encode(values)[1:-1].decode()
    except (TypeError, OverflowError):
        return ",".join(map(str, values))


def tallied_digest(scheme: str, subject: Subject, told: str) -> str:
    """What a scorecard rests on of its subject's own records, sealed; two schemes look at different indicators."""
    return hashed(f"{scheme} {subject.kind.value} {subject.key}\n{told}")
